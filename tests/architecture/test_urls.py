"""The addresses that people have bookmarked, printed and scripted. Removing one here is breaking a promise."""

import pytest
from flask import Flask

ADDRESSES = {
    "/": ("home", "GET"),
    "/healthz": ("healthz", "GET"),
    "/static/<build>/<path:filename>": ("static", "GET"),
    "/masuk": ("accounts.sign_in", "GET POST"),
    "/keluar": ("accounts.sign_out", "POST"),
    "/kata-sandi": ("accounts.change_password", "GET POST"),
    "/bahasa": ("accounts.change_language", "POST"),
    "/koperasi": ("cooperatives.index", "GET"),
    "/koperasi/<code>": ("cooperatives.detail", "GET"),
    "/koperasi/<code>/data": ("cooperatives.edit", "GET POST"),
    "/koperasi/<code>/pengurus/baru": ("cooperatives.add_officer", "GET POST"),
    "/koperasi/<code>/pengurus/<uuid:officer_id>/akhir": ("cooperatives.end_officer_term", "POST"),
    "/koperasi/<code>/kunjungan/baru": ("visits.new", "GET POST"),
    "/kunjungan/<uuid:visit_id>": ("visits.detail", "GET"),
    "/koperasi/<code>/rencana": ("plans.plan", "GET"),
    "/rencana": ("portal.plan", "GET"),
    "/kunjungan/<uuid:visit_id>/berita-acara.pdf": ("reports.visit_record", "GET"),
    "/koperasi/<code>/rencana.pdf": ("reports.plan_paper", "GET"),
    "/rencana.pdf": ("reports.own_plan_paper", "GET"),
    "/koperasi/<code>/skor/<instrument>": ("progress.score", "GET"),
    "/kunjungan/<uuid:visit_id>/skor/<instrument>": ("explained.visit_score", "GET"),
    "/koperasi/<code>/belum-terbukti": ("explained.unproven", "GET"),
    "/belum-terbukti": ("explained.all_unproven", "GET"),
    "/koperasi/<code>/butir/<item_id>": ("followed.item", "GET"),
    "/koperasi/<code>/grafik/skor-<digest>.svg": ("progress.score_chart", "GET"),
    "/koperasi/<code>/riwayat": ("cooperatives.history", "GET"),
    "/koperasi/<code>/dokumen": ("records.documents", "GET"),
    "/koperasi/<code>/dokumen/baru": ("records.add_document", "GET POST"),
    "/koperasi/<code>/dokumen/<uuid:document_id>/pengganti": ("records.replace_document", "GET POST"),
    "/koperasi/<code>/dokumen/<uuid:document_id>/tarik": ("records.withdraw_document", "POST"),
    "/koperasi/<code>/angka/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>": ("records.figures", "GET POST"),
    "/koperasi/<code>/kunjungan/draf/<uuid:draft_id>": ("drafts.save", "PUT"),
    "/koperasi/<code>/kunjungan/draf/<uuid:draft_id>/buang": ("drafts.discard", "POST"),
    "/kunjungan/<uuid:visit_id>/perbaiki": ("corrections.correct", "GET POST"),
    "/kunjungan/<uuid:visit_id>/tambahan": ("corrections.add", "GET POST"),
    "/koperasi/<code>/kunjungan/persiapan": ("visits.preparation", "GET"),
    "/koperasi/<code>/butir/<item_id>/permintaan": ("requests.ask", "GET POST"),
    "/koperasi/<code>/permintaan/<uuid:request_id>/tarik": ("requests.withdraw", "POST"),
    "/perlu-perhatian": ("attention.index", "GET"),
    "/perlu-perhatian/langkah": ("attention.act", "POST"),
    "/program": ("programme_view.index", "GET"),
    "/program/grafik/<chart>-<digest>.svg": ("programme_view.chart", "GET"),
    "/pendamping": ("programme_view.people", "GET"),
    "/sudah-dilihat": ("attention.see", "POST"),
    "/pertanyaan/<uuid:step_id>": ("attention.question", "GET POST"),
    "/api/v1/attachments/<uuid:attachment_id>": ("attachments.put", "PUT"),
    "/lampiran/<uuid:attachment_id>": ("attachments.show", "GET"),
    "/lampiran/<uuid:attachment_id>/asli": ("attachments.original", "GET"),
    "/pengguna": ("people.index", "GET"),
    "/pengguna/baru": ("people.create", "GET POST"),
    "/pengguna/<uuid:user_id>": ("people.detail", "GET"),
    "/pengguna/<uuid:user_id>/kata-sandi": ("people.reset_password", "POST"),
    "/pengguna/<uuid:user_id>/penutupan": ("people.deactivate", "POST"),
    "/pengguna/<uuid:user_id>/pembukaan": ("people.reactivate", "POST"),
    "/penugasan": ("assignments.index", "GET POST"),
    "/penugasan/<uuid:assignment_id>/serah-terima": ("assignments.hand_over", "GET POST"),
    "/penugasan/<code>/riwayat": ("assignments.history", "GET"),
    "/tahun-program": ("programme.years", "GET"),
    "/tahun-program/<int(max=9999):number>": ("programme.edit_year", "GET POST"),
    "/tahun-program/berikutnya": ("programme.next_year", "GET POST"),
    "/pengaturan": ("programme.office", "GET POST"),
    "/instrumen": ("instruments.index", "GET"),
    "/instrumen/<instrument>/versi/<version>": ("instruments.version", "GET"),
    "/instrumen/<instrument>/versi/<version>/berkas.<kind>": ("instruments.file", "GET"),
    "/instrumen/<instrument>/draf": ("drafting.draft", "GET"),
    "/instrumen/<instrument>/draf/baru": ("drafting.start", "POST"),
    "/instrumen/<instrument>/draf/berkas.<kind>": ("drafting.file", "GET"),
    "/instrumen/<instrument>/draf/unggah": ("drafting.upload", "GET POST"),
    "/instrumen/<instrument>/draf/fakta": ("drafting.facts", "GET POST"),
    "/instrumen/<instrument>/draf/pita": ("drafting.bands", "GET POST"),
    "/instrumen/<instrument>/draf/bagian/baru": ("drafting.add_section", "GET POST"),
    "/instrumen/<instrument>/draf/bagian/<section>": ("drafting.section", "GET POST"),
    "/instrumen/<instrument>/draf/bagian/<section>/hapus": ("drafting.remove_section", "POST"),
    "/instrumen/<instrument>/draf/butir/baru": ("drafting.add_item", "GET POST"),
    "/instrumen/<instrument>/draf/butir/<item>": ("drafting.item", "GET POST"),
    "/instrumen/<instrument>/draf/butir/<item>/hapus": ("drafting.remove_item", "POST"),
    "/instrumen/<instrument>/draf/uji": ("drafting.try_out", "GET"),
    "/instrumen/<instrument>/draf/terbit": ("drafting.publish", "GET POST"),
    "/instrumen/<instrument>/draf/buang": ("drafting.discard", "POST"),
    "/jadwal": ("schedule.index", "GET"),
    "/jadwal/baru": ("schedule.new", "GET POST"),
    "/jadwal/<uuid:plan_id>": ("schedule.detail", "GET"),
    "/jadwal/<uuid:plan_id>/agenda": ("schedule.change_agenda", "GET POST"),
    "/jadwal/<uuid:plan_id>/pindah": ("schedule.move", "GET POST"),
    "/jadwal/<uuid:plan_id>/batal": ("schedule.cancel", "GET POST"),
    "/koperasi/<code>/tahap": ("stages.detail", "GET POST"),
    "/penetapan": ("stages.designations", "GET POST"),
    "/sw.js": ("worker.script", "GET"),
    "/manifest.webmanifest": ("worker.manifest", "GET"),
    "/luring": ("worker.offline", "GET"),
    "/api/v1/session": ("field.session", "GET"),
    "/api/v1/records": ("field.records", "POST"),
    "/api/v1/field-pack": ("field.field_pack", "GET"),
    "/api/v1/openapi.json": ("field.openapi", "GET"),
    "/pengiriman": ("field.shipping", "GET"),
}


@pytest.fixture
def addresses(sqlite_app: tuple[Flask, object]) -> dict[str, tuple[str, str]]:
    app, _ = sqlite_app
    return {
        rule.rule: (rule.endpoint, " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})))
        for rule in app.url_map.iter_rules()
    }


def test_every_promised_address_is_there(addresses: dict[str, tuple[str, str]]) -> None:
    assert {rule: addresses.get(rule) for rule in ADDRESSES} == ADDRESSES


def test_every_address_is_promised(addresses: dict[str, tuple[str, str]]) -> None:
    assert set(addresses) - set(ADDRESSES) == set()

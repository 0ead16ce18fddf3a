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
    "/api/v1/attachments/<uuid:attachment_id>": ("attachments.put", "PUT"),
    "/lampiran/<uuid:attachment_id>": ("attachments.show", "GET"),
    "/lampiran/<uuid:attachment_id>/asli": ("attachments.original", "GET"),
    "/jadwal": ("schedule.index", "GET"),
    "/jadwal/baru": ("schedule.new", "GET POST"),
    "/jadwal/<uuid:plan_id>": ("schedule.detail", "GET"),
    "/jadwal/<uuid:plan_id>/agenda": ("schedule.change_agenda", "GET POST"),
    "/jadwal/<uuid:plan_id>/pindah": ("schedule.move", "GET POST"),
    "/jadwal/<uuid:plan_id>/batal": ("schedule.cancel", "GET POST"),
    "/api/v1/session": ("field.session", "GET"),
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

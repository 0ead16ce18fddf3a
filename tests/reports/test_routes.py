"""The papers as they are asked for: whose they are, what stands in them, and that opening one is on record."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from pendamping.accounts.models import User
from pendamping.cooperatives.programme.queries import OfficeView
from pendamping.cooperatives.programme.service import change_office
from pendamping.cooperatives.service import NewOfficer, add_officer
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.files import files
from pendamping.kernel.roles import Role
from pendamping.progress.service import refresh_standing
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.models import Visit, VisitMode
from pendamping.visits.service import IncomingVisit, PersonMet, PhotoOfVisit, record_visit
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser
from tests.pictures import PDF, photo, signature
from tests.reports.samples import Paper

ANSWERS = {
    "KL-01": ("yes", "dokumen_dilihat"),
    "KL-02": ("no", "klaim", "Masih diurus"),
    "KL-08": ("0", "diamati"),
    "TK-01": ("3", "diamati"),
}


class Story:
    """A cooperative with its people and one visit; a second cooperative with a visit of its own."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        with browser.make() as rows:
            self.facilitator = rows.facilitator(name="Ratna Wulandari")
            self.head = rows.user(Role.AGENCY_HEAD, name="Kepala Dinas", language="en")
            self.account = rows.cooperative_user()
            other = rows.facilitator(KARIANGAU)
            self.stranger = other
            self.visit_id = rows.visit(self.facilitator, ANSWERS, actions=(rows.action_draft("KL-02"),)).id
            self.foreign_id = rows.visit(other, code=KARIANGAU).id

    def record_of(self, visit_id: uuid.UUID | None = None) -> str:
        return f"/kunjungan/{visit_id or self.visit_id}/berita-acara.pdf"

    def get(self, person: User, url: str, **headers: str) -> TestResponse:
        self.browser.sign_in(person)
        return self.browser.client.get(url, headers=headers)

    def paper(self, person: User, url: str) -> Paper:
        response = self.get(person, url)
        assert response.status_code == 200
        assert response.mimetype == "application/pdf"
        return Paper(response.get_data())

    def record(self, **fields: Any) -> uuid.UUID:
        """One more visit, as it came in from a tablet."""
        with self.browser.make() as rows:
            facilitator = rows.session.get_one(User, self.facilitator.id)
            visit = stored(rows, facilitator, replace(rows.draft(ANSWERS), started=None, ended=None, **fields))
            return visit.id

    def correct(self, kind: CorrectionKind, number: int, reason: str) -> None:
        with self.browser.make() as rows:
            rows.session.add(
                Correction(
                    id=uuid.uuid4(),
                    visit_id=self.visit_id,
                    city_code="64.71",
                    number=number,
                    kind=kind,
                    reason=reason,
                    changes=[],
                    body_sha256="b" * 64,
                    author_id=self.facilitator.id,
                    made_at=NOW + dt.timedelta(days=number),
                )
            )


def stored(rows: Make, facilitator: User, incoming: IncomingVisit) -> Visit:
    cooperative = rows.cooperative()
    visit, _ = record_visit(
        rows.session,
        cooperative,
        incoming,
        facilitator_id=facilitator.id,
        actor=rows.actor,
        today=TODAY,
        now=NOW,
    )
    refresh_standing(rows.session, cooperative, incoming.instruments, today=TODAY, now=NOW)
    return visit


@pytest.fixture
def story(browser: Browser) -> Story:
    return Story(browser)


# Berita acara ---------------------------------------------------------------------------------------------------------


def test_the_record_of_a_visit_says_who_when_where_what_was_found_and_what_was_agreed(story: Story) -> None:
    paper = story.paper(story.facilitator, story.record_of())

    said = [
        "DINAS KOPERASI",
        "Nomor: 0001/BA-KKMP/IV/2026",
        "Selasa, 14 April 2026",
        "Ratna Wulandari",
        "09.30 sampai 11.00 WITA",
        "Tatap muka",
        "Kel. Graha Indah, Kec. Balikpapan Utara",
        "Siti Aminah",
        "Kesiapan kelembagaan",
        "Masih diurus",
        "Rapikan buku kas",
        "5 Mei 2026",
        "Balikpapan, 14 April 2026, pukul 11.00 WITA",
        "Bukti lemah: tanpa lokasi, tanpa tanda tangan, tanpa foto",
        "2 butir lain yang dinilai sudah baik.",
    ]
    assert [words for words in said if not paper.has(words)] == []
    assert len(paper.pages) == 1


def test_a_critical_answer_stands_before_the_others(story: Story) -> None:
    with story.browser.make() as rows:
        items = {item.id: item for each in rows.draft().instruments for item in each.instrument.items}
    assert (items["KL-02"].is_critical, items["KL-08"].is_critical) == (True, False)

    text = story.paper(story.facilitator, story.record_of()).text

    assert text.index(items["KL-02"].label_id) < text.index(items["KL-08"].label_id)


def test_the_second_visit_says_how_the_scores_moved(story: Story) -> None:
    again = story.record(visited_on=TODAY)

    paper = story.paper(story.facilitator, story.record_of(again))

    assert paper.has("Nomor: 0003/BA-KKMP/IV/2026")
    assert paper.has("sama dengan kunjungan sebelumnya")


def test_papers_are_indonesian_whatever_language_their_reader_has_chosen(story: Story) -> None:
    english = story.get(story.head, story.record_of()).get_data()

    assert english == story.get(story.facilitator, story.record_of()).get_data()


def test_a_signature_and_photos_stand_on_the_paper_and_what_has_not_arrived_is_to_follow(story: Story) -> None:
    with story.browser.make() as rows:
        facilitator = rows.session.get_one(User, story.facilitator.id)
        pen = rows.attachment(facilitator, None, signature()).id
        picture = rows.attachment(facilitator, None).id
    visit_id = story.record(
        signature_id=pen,
        signed_by="Siti Aminah",
        photos=(PhotoOfVisit(picture, "KL-02"), PhotoOfVisit(picture_to_come := uuid.uuid4())),
    )
    assert picture_to_come != picture

    paper = story.paper(story.facilitator, story.record_of(visit_id))

    (signed, shown) = paper.alternatives()
    assert signed == "Tanda tangan Siti Aminah"
    assert shown.startswith("Foto: ")
    assert paper.has("14 April 2026, pukul 09.41 WITA")
    assert paper.has("Foto menyusul")
    assert len(paper.pages) == 2


def test_a_file_that_is_no_picture_or_that_the_disk_has_lost_keeps_no_paper_from_being_made(story: Story) -> None:
    with story.browser.make() as rows:
        facilitator = rows.session.get_one(User, story.facilitator.id)
        document = rows.attachment(facilitator, None, PDF).id
        lost = rows.attachment(facilitator, None, photo(colour="#123456"))
        files().path(lost.sha256).unlink()
    visit_id = story.record(photos=(PhotoOfVisit(document), PhotoOfVisit(lost.id)))

    paper = story.paper(story.facilitator, story.record_of(visit_id))

    assert paper.text.count("Berkas ini tidak dapat ditampilkan di kertas") == 2


def test_a_signature_still_on_its_way_leaves_a_line_and_a_word(story: Story) -> None:
    visit_id = story.record(signature_id=uuid.uuid4(), signed_by="Siti Aminah")

    paper = story.paper(story.facilitator, story.record_of(visit_id))

    assert paper.has("Tanda tangan: menyusul, belum terkirim dari tablet")
    assert paper.alternatives() == []


def test_corrections_are_counted_and_addenda_are_quoted(story: Story) -> None:
    story.correct(CorrectionKind.CORRECTION, 1, "Salah nama")
    story.correct(CorrectionKind.CORRECTION, 2, "Salah jam")
    story.correct(CorrectionKind.ADDENDUM, 3, "Notulen diterima menyusul")

    paper = story.paper(story.facilitator, story.record_of())

    assert paper.has("Diperbaiki: 2 kali, terakhir 16 April 2026: Salah jam")
    assert paper.has("Tambahan 17 April 2026: Notulen diterima menyusul")


def test_a_call_without_people_hours_or_answers_is_a_whole_paper(story: Story) -> None:
    visit_id = story.record(mode=VisitMode.REMOTE, people_met=[], answers=[], purposes=["lainnya"])

    paper = story.paper(story.facilitator, story.record_of(visit_id))

    assert paper.has("mendampingi dari jauh")
    assert paper.has("jam tidak dicatat")
    assert paper.has("Pada kunjungan ini tidak ada butir yang dinilai.")


def test_the_office_writes_its_own_letterhead_and_number(story: Story) -> None:
    office = OfficeView("Pemerintah Kota Contoh", "Dinas Contoh", "Jalan Contoh 1", "contoh@contoh.go.id", "500.3.10")
    with story.browser.make() as rows:
        change_office(rows.session, "64.71", office, actor=rows.actor, now=NOW)

    response = story.get(story.facilitator, story.record_of())
    paper = Paper(response.get_data())

    assert paper.has("PEMERINTAH KOTA CONTOH DINAS CONTOH Jalan Contoh 1 contoh@contoh.go.id")
    assert paper.has("0001/500.3.10/IV/2026")
    assert "berita-acara-0001-500-3-10-IV-2026.pdf" in response.headers["Content-Disposition"]


def test_what_a_person_typed_is_text_on_the_paper(story: Story) -> None:
    visit_id = story.record(people_met=[PersonMet('#panic("x") *Budi* 😀', "Ketua")], notes='#read("x") _catatan_')

    paper = story.paper(story.facilitator, story.record_of(visit_id))

    assert paper.has('#panic("x") *Budi* □')
    assert paper.has('#read("x") _catatan_')


# Rencana perbaikan ----------------------------------------------------------------------------------------------------


def test_the_plan_names_its_actions_its_chair_and_its_facilitator(story: Story) -> None:
    with story.browser.make() as rows:
        chair = NewOfficer("H. Muhammad Yusuf", OwnerRole.CHAIR, None, dt.date(2025, 7, 1), None)
        add_officer(rows.session, rows.cooperative(), chair, actor=rows.actor, now=NOW)

    paper = story.paper(story.head, f"/koperasi/{GRAHA_INDAH}/rencana.pdf")

    said = ["KKMP Graha Indah", "Kelurahan Graha Indah, Kecamatan Balikpapan Utara", "Keadaan 14 April 2026"]
    said += ["Rapikan buku kas", "Bendahara", "5 Mei 2026", "H. Muhammad Yusuf", "Ratna Wulandari", "dari 100"]
    assert [words for words in said if not paper.has(words)] == []


def test_a_cooperative_nobody_has_visited_has_a_plan_to_hang_up_too(browser: Browser) -> None:
    with browser.make() as rows:
        account = rows.cooperative_user(KARIANGAU)

    browser.sign_in(account)
    paper = Paper(browser.client.get("/rencana.pdf").get_data())

    assert paper.has("Belum ada tindakan yang disepakati.")
    assert paper.has("belum dinilai")
    assert paper.has("KKMP Kariangau")


def test_the_cooperative_gets_the_same_plan_as_the_agency(story: Story) -> None:
    own = story.get(story.account, "/rencana.pdf")

    assert own.get_data() == story.get(story.head, f"/koperasi/{GRAHA_INDAH}/rencana.pdf").get_data()
    assert own.headers["Content-Disposition"] == 'inline; filename="rencana-perbaikan-KKMP-Graha-Indah-2026-04-14.pdf"'


# Whose papers, and what is on record ----------------------------------------------------------------------------------


def test_a_cooperative_opens_the_records_of_visits_to_itself_and_no_others(story: Story) -> None:
    assert story.get(story.account, story.record_of()).status_code == 200
    assert story.get(story.account, story.record_of(story.foreign_id)).status_code == 404
    assert story.get(story.account, f"/koperasi/{GRAHA_INDAH}/rencana.pdf").status_code == 403


def test_a_foreign_paper_is_not_there_and_leaves_no_record(story: Story) -> None:
    assert story.get(story.stranger, story.record_of()).status_code == 404
    assert story.get(story.stranger, f"/koperasi/{GRAHA_INDAH}/rencana.pdf").status_code == 404
    assert story.get(story.facilitator, story.record_of(uuid.uuid4())).status_code == 404
    assert read_papers(story) == []


def test_nobody_who_is_not_signed_in_gets_a_paper(story: Story) -> None:
    assert story.browser.client.get(story.record_of()).status_code == 302


def test_opening_a_paper_is_on_record(story: Story) -> None:
    story.get(story.head, story.record_of())
    story.get(story.account, "/rencana.pdf")

    read = [(each.actor_id, each.subject_type, each.after) for each in read_papers(story)]
    assert read == [
        (story.head.id, "visit", {"paper": "berita_acara"}),
        (story.account.id, "cooperative", {"paper": "rencana_perbaikan"}),
    ]


def read_papers(story: Story) -> list[AuditEvent]:
    with story.browser.app.app_context():
        query = select(AuditEvent).where(AuditEvent.verb == "read_paper").order_by(AuditEvent.subject_type.desc())
        return list(reading().scalars(query))


def test_an_unchanged_paper_is_not_sent_again_and_a_changed_one_is(story: Story) -> None:
    first = story.get(story.facilitator, story.record_of())
    tag = first.headers["ETag"]

    unchanged = story.get(story.facilitator, story.record_of(), **{"If-None-Match": tag})
    story.correct(CorrectionKind.CORRECTION, 1, "Salah nama")
    changed = story.get(story.facilitator, story.record_of(), **{"If-None-Match": tag})

    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
    assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)


def test_a_paper_opens_in_the_browser_under_a_name_that_says_what_it_is_and_no_proxy_keeps_it(story: Story) -> None:
    headers = story.get(story.facilitator, story.record_of()).headers

    assert headers["Content-Disposition"] == 'inline; filename="berita-acara-0001-BA-KKMP-IV-2026.pdf"'
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"

"""The way of a monthly report through its pages: written, sent, returned, sent again, approved, locked, added to."""

import datetime as dt
import io
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.plans import dialogue
from pendamping.plans.models import Action
from pendamping.reports.monthly import service
from pendamping.reports.monthly.content import PhotoFact
from pendamping.reports.monthly.errors import (
    ForeignPhoto,
    LogMovedOn,
    MonthIsNotOver,
    NothingToReport,
    ReportChanged,
    ReportIsClosed,
    WordsNeeded,
)
from pendamping.reports.monthly.models import MonthlyReport, MonthlyReportPhoto, ReportStatus
from pendamping.reports.monthly.queries import due_report, late_reports
from pendamping.visits.corrections.cli import lock
from pendamping.visits.models import Visit
from pendamping.visits.queries import is_month_locked
from pendamping.visits.service import PhotoOfVisit
from tests.conftest import ACTOR, NOW, TODAY
from tests.field import records
from tests.field.records import codes, hand_in, record
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser
from tests.pictures import photo
from tests.reports.samples import Paper

MARCH = Month(2026, 3)
IN_MARCH = dt.date(2026, 3, 10)
URL = "/laporan/2026-03"
BEFORE_MARCH = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


class Story:
    """A facilitator with one visit in March and one planned for April, the head, and a stranger."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        with browser.make() as rows:
            rows.short_instruments()
            self.facilitator = rows.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna Wulandari", created_at=BEFORE_MARCH)
            self.head = rows.user(Role.AGENCY_HEAD, name="Kepala Dinas")
            self.stranger = rows.user()
            self.visit_id = rows.visit(
                self.facilitator,
                {"KL-01": ("yes", "diamati"), "KL-02": ("no", "klaim")},
                visited_on=IN_MARCH,
                actions=(rows.action_draft("KL-02", due_on=dt.date(2026, 4, 20)),),
            ).id
            rows.planned_visit(self.facilitator, KARIANGAU, planned_on=dt.date(2026, 4, 20), agenda="Periksa kas")
            rows.figures(MARCH, members=120, turnover_idr=5_000_000)

    def open(self, person: User, url: str = URL) -> Any:
        self.browser.sign_in(person)
        return self.browser.open(url)

    def send(self, person: User, url: str, form: str = "main form[method=post]", **changed: Any) -> Any:
        fields = {**self.open(person, url).fields(form), **changed}
        return self.browser.send(url, {name: value for name, value in fields.items() if value is not None})

    @property
    def review_url(self) -> str:
        with self.browser.app.app_context():
            return f"/laporan/tinjau/{reading().scalars(select(MonthlyReport.id)).one()}"

    def read(self, what: Any) -> Any:
        with self.browser.app.app_context():
            return reading().scalars(what).all()


@pytest.fixture
def story(browser: Browser) -> Story:
    return Story(browser)


def test_a_visit_that_came_after_its_month_was_approved_does_not_count(story: Story) -> None:
    with story.browser.make() as rows:
        late = rows.visit(rows.session.get_one(User, story.facilitator.id), visited_on=dt.date(2026, 3, 24))
        late.is_addendum = True

    assert story.open(story.facilitator).has("1 dari 4 kunjungan")


def test_what_cooperatives_said_is_in_the_report_with_how_it_was_answered(story: Story) -> None:
    with story.browser.make() as rows:
        action = rows.session.scalars(select(Action)).one()
        speaker, facilitator = rows.cooperative_user(), rows.session.get_one(User, story.facilitator.id)
        terms: Any = {"actor": ACTOR, "seen_revision": None}
        said_at, answered_at = dt.datetime(2026, 3, 12, 3, tzinfo=dt.UTC), dt.datetime(2026, 4, 2, 3, tzinfo=dt.UTC)
        dialogue.respond(
            rows.session, action, agrees=False, reason="Bukunya sudah ada.", author_id=speaker.id, now=said_at, **terms
        )
        dialogue.settle_dispute(
            rows.session, action, text="Kita lihat bersama.", author_id=facilitator.id, now=answered_at, **terms
        )
        dialogue.ask(
            rows.session,
            None,
            rows.cooperative(),
            text="Kapan RAT?",
            author_id=speaker.id,
            actor=ACTOR,
            now=dt.datetime(2026, 3, 20, 3, tzinfo=dt.UTC),
        )

    page = story.open(story.facilitator)
    sent = story.send(story.facilitator, URL, aksi="kirim")

    for shown in (page, sent, story.open(story.head, story.review_url)):
        assert shown.has("Bukunya sudah ada.")
        assert shown.has("Kita lihat bersama.")
        assert shown.has("Kapan RAT?")
        assert shown.has("Belum dijawab")
    paper = Paper(story.browser.client.get(f"{story.review_url.replace('tinjau/', '')}/laporan.pdf").data)
    assert "Keberatan dan pertanyaan koperasi" in paper.text
    assert "Kita lihat bersama." in paper.text


def test_photos_of_the_months_visits_are_picked_and_not_copied(story: Story) -> None:
    with story.browser.make() as rows:
        facilitator = rows.session.get_one(User, story.facilitator.id)
        mine, theirs = rows.attachment(facilitator), rows.attachment(rows.session.get_one(User, story.stranger.id))
        for day, shown in ((dt.date(2026, 3, 17), mine), (dt.date(2026, 4, 2), rows.attachment(facilitator))):
            rows.visit_with(facilitator, visited_on=day, photos=(PhotoOfVisit(shown.id, None),))
        before = rows.session.scalars(select(func.count(Attachment.id))).one()

    offered = story.open(story.facilitator).soup.select("input[name=from_visits]")
    refused = story.send(story.facilitator, URL, aksi="simpan", from_visits=str(theirs.id), kendala="Banjir.")
    kept = story.send(story.facilitator, URL, aksi="simpan", from_visits=str(mine.id))
    story.send(story.facilitator, URL, aksi="kirim")

    assert [each["value"] for each in offered] == [str(mine.id)]
    assert refused.status == 400
    assert refused.has("Banjir.")
    assert [entry["value"] for entry in kept.soup.select("input[name$='-caption']")] == [
        "KKMP Graha Indah, 17 Maret 2026"
    ]
    assert not kept.soup.select("input[name=from_visits]")
    assert story.read(select(MonthlyReportPhoto.attachment_id)) == [mine.id]
    assert story.read(select(func.count(Attachment.id))) == [before]
    story.open(story.head, story.review_url)
    paper = Paper(story.browser.client.get(f"{story.review_url.replace('tinjau/', '')}/laporan.pdf").data)
    assert "KKMP Graha Indah, 17 Maret 2026" in paper.text


def test_the_way_of_a_report_from_the_log_to_the_lock(story: Story) -> None:
    written = story.open(story.facilitator)
    assert written.has("1 dari 4 kunjungan")
    assert written.has("Rp5.000.000")
    assert written.has("Periksa kas")

    sent = story.send(
        story.facilitator, URL, aksi="kirim", kendala="Banjir pekan kedua.", photo_files=(open_photo(), "gudang.jpg")
    )
    assert sent.has("Menunggu tinjauan")
    assert sent.has("Banjir pekan kedua.")
    assert sent.has("dikirim terlambat 9 hari")

    without_reason = story.send(story.head, story.review_url, verdict="kembalikan", text=" ")
    assert (without_reason.status, without_reason.has("Tulis alasan mengapa laporan dikembalikan.")) == (400, True)
    returned = story.send(story.head, story.review_url, verdict="kembalikan", text="Jelaskan kendalanya.")
    assert returned.has("dikembalikan dengan alasannya")

    assert story.open(story.facilitator, "/").has("Laporan Maret 2026 dikembalikan.")
    again = story.send(story.facilitator, URL, aksi="kirim", kendala="Banjir; dua kunjungan digeser ke April.")
    assert again.has("Menunggu tinjauan")

    assert story.open(story.head, "/laporan/tinjau").has("Berubah sejak dikembalikan: Kendala")
    assert story.open(story.head, story.review_url).has("Banjir; dua kunjungan digeser ke April.")
    approved = story.send(story.head, story.review_url, verdict="setujui", text="Perahu dikirim pekan depan.")
    assert approved.has("kunjungan bulan itu terkunci")

    read = story.open(story.facilitator)
    assert read.has("Perahu dikirim pekan depan.")
    assert story.send(story.facilitator, f"{URL}/tambahan", text="Perahu sudah tiba.").has("Perahu sudah tiba.")
    verbs = story.read(
        select(AuditEvent.verb).where(AuditEvent.subject_type == "monthly_report").order_by(AuditEvent.at)
    )
    assert sorted(set(verbs)) == [
        "add_to_monthly_report",
        "approve_monthly_report",
        "return_monthly_report",
        "send_monthly_report",
        "write_monthly_report",
    ]
    the_paper_says_it_all(story)
    an_approved_month_stays_as_it_is(story)


def open_photo() -> Any:
    return io.BytesIO(photo())


def the_paper_says_it_all(story: Story) -> None:
    report = story.read(select(MonthlyReport))[0]
    story.browser.sign_in(story.head)
    paper = Paper(story.browser.client.get(f"/laporan/{report.id}/laporan.pdf").data)

    for words in ("/LB-KKMP/III/2026", "Perahu dikirim pekan depan.", "Perahu sudah tiba.", "Periksa kas"):
        assert words in paper.text
    story.browser.sign_in(story.stranger)
    assert story.browser.client.get(f"/laporan/{report.id}/laporan.pdf").status_code == 404


def an_approved_month_stays_as_it_is(story: Story) -> None:
    """The same lock for the form, for a tablet's record and for the command: what comes late counts nowhere."""
    by_form = story.send(story.facilitator, f"/koperasi/{GRAHA_INDAH}/kunjungan/baru", visited_on="2026-03-20")
    assert by_form.has("Kunjungan tersimpan sebagai susulan, di luar angka bulan itu.")

    (by_record,) = hand_in(story.browser, record(records.body(visited_on="2026-03-24")))
    assert (by_record["outcome"], codes(by_record)) == ("created", ["addendum"])

    with story.browser.app.app_context():
        by_command = CliRunner().invoke(lock, ["2026-03", story.facilitator.username])
    assert "sudah terkunci" in by_command.output
    assert sorted(each.is_addendum for each in story.read(select(Visit))) == [False, True, True]
    assert story.open(story.facilitator).has("1 dari 4 kunjungan")


@pytest.fixture
def march(make: Make) -> User:
    """A facilitator with one visit in March."""
    make.short_instruments()
    facilitator = make.facilitator(created_at=BEFORE_MARCH)
    make.visit(facilitator, visited_on=IN_MARCH)
    return facilitator


def written(make: Make, facilitator: User, *, month: Month = MARCH, seen: int = 0, **words: str) -> MonthlyReport:
    return service.write_report(
        make.session,
        facilitator,
        month,
        service.Written(words, ()),
        seen_revision=seen,
        actor=ACTOR,
        today=TODAY,
        now=NOW,
    )


def sent(make: Make, facilitator: User, **words: str) -> MonthlyReport:
    return service.hand_in(
        make.session,
        facilitator,
        MARCH,
        service.Written(words, ()),
        note="",
        seen_revision=0,
        actor=ACTOR,
        today=TODAY,
        now=NOW,
    )


def by_head(make: Make, seen: int) -> dict[str, Any]:
    return {"seen_revision": seen, "author": make.user(Role.AGENCY_HEAD), "actor": ACTOR, "now": NOW}


def test_a_month_is_reported_once_and_an_old_page_overwrites_nothing(make: Make, march: User) -> None:
    first = written(make, march, kendala="Hujan.")
    again = written(make, march, kendala="Hujan.")  # a second tap

    assert again is first
    with pytest.raises(ReportChanged):
        written(make, march, kendala="Yang lain.")
    assert first.words == {"kendala": "Hujan."}


def test_what_cannot_be_reported_is_refused(make: Make, march: User) -> None:
    stranger_photo = PhotoFact(str(make.attachment(make.user()).id), "")

    with pytest.raises(NothingToReport):
        written(make, march, month=Month(2025, 12))
    with pytest.raises(NothingToReport):
        written(make, march, month=Month(2026, 5))
    with pytest.raises(MonthIsNotOver):
        service.send_report(
            make.session,
            written(make, march, month=Month(2026, 4)),
            note="",
            seen_revision=1,
            author=march,
            actor=ACTOR,
            today=TODAY,
            now=NOW,
        )
    with pytest.raises(ForeignPhoto):
        service.write_report(
            make.session,
            march,
            MARCH,
            service.Written({}, (stranger_photo,)),
            seen_revision=0,
            actor=ACTOR,
            today=TODAY,
            now=NOW,
        )


def test_who_approves_while_the_report_is_changed_is_asked_to_look_again(make: Make, march: User) -> None:
    report = sent(make, march, kendala="Hujan.")
    on_the_heads_page = report.revision
    service.take_back(make.session, report, seen_revision=report.revision, author=march, actor=ACTOR, now=NOW)
    written(make, march, seen=report.revision, kendala="Banjir.")

    with pytest.raises(ReportChanged):
        service.approve_report(make.session, report, answer="Baik.", today=TODAY, **by_head(make, on_the_heads_page))

    assert report.status is ReportStatus.DRAFT
    assert not is_month_locked(make.session, march.id, IN_MARCH)


def test_a_month_is_not_locked_over_visits_that_its_report_does_not_name(make: Make, march: User) -> None:
    report = sent(make, march)
    make.visit(march, visited_on=dt.date(2026, 3, 30))

    with pytest.raises(LogMovedOn):
        service.approve_report(make.session, report, answer="Baik.", today=TODAY, **by_head(make, report.revision))

    assert report.status is ReportStatus.SENT


def test_one_answer_counts_however_often_it_is_sent_and_none_is_empty(make: Make, march: User) -> None:
    report = sent(make, march)
    terms = by_head(make, report.revision)

    with pytest.raises(WordsNeeded):
        service.return_report(make.session, report, reason=" ", **terms)
    first = service.approve_report(make.session, report, answer="Baik.", today=TODAY, **terms)
    again = service.approve_report(make.session, report, answer="Baik.", today=TODAY, **terms)

    assert again is first
    assert is_month_locked(make.session, march.id, IN_MARCH)
    with pytest.raises(ReportChanged):
        service.return_report(make.session, report, reason="Terlambat.", **terms)
    with pytest.raises(ReportIsClosed):
        written(make, march, seen=report.revision, kendala="Banjir.")


def test_who_owes_a_report_and_who_does_not(make: Make, march: User) -> None:
    admin = make.user(Role.ADMIN)
    newcomer = make.facilitator(KARIANGAU)  # came after March's report was due
    own = visible_cooperative_ids(admin, today=TODAY)

    owed = [(line.facilitator_id, line.month, line.days_late) for line in late_reports(make.session, own, today=TODAY)]
    due = due_report(make.session, march, today=TODAY)
    sent(make, march)

    assert owed == [(march.id, Month(2026, 1), 68), (march.id, Month(2026, 2), 40), (march.id, MARCH, 9)]
    assert due is not None
    assert (due.month, due.days_late) == (MARCH, 9)
    assert due_report(make.session, march, today=TODAY) is None
    assert due_report(make.session, newcomer, today=TODAY) is None
    assert late_reports(make.session, own, today=dt.date(2026, 4, 14), months=1) == []

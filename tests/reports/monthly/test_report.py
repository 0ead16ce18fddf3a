"""The way of a monthly report through its pages: written, sent, returned, sent again, approved, locked, added to."""

import datetime as dt
import io
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.reports.monthly.models import MonthlyReport
from pendamping.visits.corrections.cli import lock
from pendamping.visits.models import Visit
from tests.field import records
from tests.field.records import codes, hand_in, record
from tests.make import GRAHA_INDAH, KARIANGAU
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
    nobody_writes_into_an_approved_month(story)


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


def nobody_writes_into_an_approved_month(story: Story) -> None:
    """The same lock for form, record and command: what comes late is kept beside the month."""
    story.send(story.facilitator, f"/koperasi/{GRAHA_INDAH}/kunjungan/baru", visited_on="2026-03-20")

    (by_record,) = hand_in(story.browser, record(records.body(visited_on="2026-03-20", started=None, ended=None)))
    assert (by_record["outcome"], codes(by_record)) == ("created", ["addendum"])

    with story.browser.app.app_context():
        by_command = CliRunner().invoke(lock, ["2026-03", story.facilitator.username])
    assert "sudah terkunci" in by_command.output
    assert sorted(visit.is_addendum for visit in story.read(select(Visit))) == [False, True, True]
    own = story.read(select(Visit).where(~Visit.is_addendum))[0]
    story.browser.sign_in(story.facilitator)
    assert story.browser.client.get(f"/kunjungan/{own.id}/perbaiki").status_code == 403

"""Evaluations as they are asked for: gathered from the log, as PDF and XLSX, issued by the head."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.partnerships.models import PartnershipStatus
from pendamping.cooperatives.partnerships.rules import Terms
from pendamping.cooperatives.partnerships.service import add_partnership
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.progress.stages.models import Verdict
from pendamping.reports.evaluation.city_paper import city_sheet
from pendamping.reports.evaluation.content import ActionCounts, SectionMove
from pendamping.reports.evaluation.gather import evaluated_cooperatives
from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.paper import evaluation_pdf
from pendamping.reports.evaluation.periods import Part, Period
from tests.architecture.test_query_counts import statements
from tests.conftest import ACTOR, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser

HALF = Period(2026, Part.HALF, dt.date(2026, 1, 1), dt.date(2026, 6, 30), visits_per_month=2)
OF_CITY = "/program/evaluasi/64.71/2026-semester-1"
OF_COOPERATIVE = f"/koperasi/{GRAHA_INDAH}/evaluasi/2026-semester-1"


class Story:
    """A cooperative with two visits of this half-year, figures of two months, a new stage; a second one with a visit;
    and a year gone by.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        with browser.make() as rows:
            self.facilitator = rows.facilitator(GRAHA_INDAH, name="Ratna Wulandari")
            self.head = rows.user(Role.AGENCY_HEAD, name="Kepala Dinas")
            self.account = rows.cooperative_user()
            self.rows_of(rows)
            rows.session.add(
                ProgrammeYear(
                    year=2025,
                    starts_on=dt.date(2025, 1, 1),
                    ends_on=dt.date(2025, 12, 31),
                    visits_per_month=2,
                    caseload_min=4,
                    caseload_max=5,
                )
            )

    def rows_of(self, rows: Make) -> None:
        late = rows.action_draft("KL-02", due_on=dt.date(2026, 3, 20))
        rows.visit(self.facilitator, {"KL-01": ("no", "diamati")}, visited_on=dt.date(2026, 2, 3), actions=(late,))
        rows.visit(self.facilitator, {"KL-01": ("yes", "dokumen_dilihat")}, visited_on=dt.date(2026, 4, 7))
        rows.visit(rows.facilitator(KARIANGAU), {"KL-01": ("yes", "diamati")}, code=KARIANGAU)
        rows.figures(Month(2026, 1), members=100, turnover_idr=5_000_000, cashless_percent=20)
        rows.figures(Month(2026, 3), members=124, turnover_idr=7_500_000, cashless_percent=35)
        rows.stage_decision(verdict=Verdict.SET, stage=Stage.PARTNERSHIP, head=self.head)
        rows.designation()
        self.partners_of(rows)

    def partners_of(self, rows: Make) -> None:
        """One that runs, recorded after the half-year it began in; one that begins after it."""
        cooperative, recorded_at = rows.cooperative(GRAHA_INDAH), dt.datetime(2026, 7, 9, tzinfo=dt.UTC)
        for partner, status, since in (
            ("Perum Bulog", PartnershipStatus.RUNNING, dt.date(2026, 3, 2)),
            ("PLN", PartnershipStatus.EXPLORING, dt.date(2026, 7, 5)),
        ):
            terms = Terms(partner, True, "Beras", status, since, None, 12_500_000, "")
            said: Any = {"author_id": self.facilitator.id, "actor": ACTOR, "now": recorded_at}
            add_partnership(rows.session, cooperative, uuid.uuid4(), terms, **said)

    def get(self, person: User, url: str) -> Any:
        self.browser.sign_in(person)
        return self.browser.client.get(url, buffered=True)


@pytest.fixture
def story(browser: Browser) -> Story:
    return Story(browser)


def text_of(response: Any) -> str:
    assert response.mimetype == "application/pdf", response.status
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages).split())


def test_what_the_log_says_of_a_half_year(story: Story) -> None:
    with story.browser.app.app_context():
        cooperatives = select(Cooperative).where(Cooperative.code == GRAHA_INDAH)
        (found,) = evaluated_cooperatives(reading(), cooperatives, HALF, today=TODAY)

    score = found.score("KL")
    assert score.begin
    assert score.end
    assert (score.begin.on, score.end.on) == (dt.date(2026, 2, 3), dt.date(2026, 4, 7))
    assert [(type(move), move.change > 0) for move in score.moves] == [(SectionMove, True)]
    assert score.change is not None
    assert score.change > 0
    assert (found.visits, found.target) == (2, 7)
    assert found.actions == ActionCounts(agreed=1, verified=0, late=1)
    assert found.figures_begin
    assert found.figures_end
    assert (found.figures_begin.figures.members, found.figures_end.figures.members) == (100, 124)
    assert found.stage_end is Stage.PARTNERSHIP
    assert found.stage_begin is not Stage.PARTNERSHIP
    assert [each.code for each in found.designations] == ["percontohan"]
    assert [(each.name, each.is_verified, each.value_idr) for each in found.partners] == [
        ("BUMN (nama belum diketahui)", False, None),
        ("Perum Bulog", True, 12_500_000),
    ]


def test_both_forms_open_and_say_the_same(story: Story) -> None:
    paper = text_of(story.get(story.facilitator, f"{OF_COOPERATIVE}.pdf"))
    assert "Konsep, belum diterbitkan" in paper
    assert "2 dari target 7 kunjungan" in paper
    assert "+Rp2.500.000" in paper
    assert "Perum Bulog (BUMN)" in paper
    assert "Rp12.500.000" in paper

    book = load_workbook(io.BytesIO(story.get(story.head, f"{OF_CITY}.xlsx").data))
    assert book.sheetnames == ["Evaluasi", "Kemitraan", "Tahap per bulan", "Keterangan"]
    sheet = book["Evaluasi"]
    heads = [cell.value for cell in sheet[1]]
    rows = {row[1].value: dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(2)}
    assert sheet.freeze_panes == "C2"
    assert (rows["Kota"]["Kunjungan"], rows["Kota"]["Anggota awal"], rows["Kota"]["Anggota akhir"]) == (3, 100, 124)
    assert len(rows) == 35
    partners = [[cell.value for cell in row] for row in book["Kemitraan"].iter_rows(2)]
    assert [row[1:6] for row in partners if row[-1] == "ya"] == [
        ["KKMP Graha Indah", "Perum Bulog", "ya", "Beras", "Berjalan"]
    ]
    assert "1 dari 34 koperasi (3%) bermitra dengan BUMN" in text_of(story.get(story.head, f"{OF_CITY}.pdf"))
    with story.browser.app.app_context():
        recorded = reading().scalars(select(AuditEvent.after).where(AuditEvent.verb == "read_paper")).all()
    assert len(recorded) == 3


def test_the_head_issues_what_is_over_and_the_cooperative_reads_it(story: Story) -> None:
    assert story.get(story.account, "/evaluasi/2025-tahun.pdf").status_code == 404
    story.browser.sign_in(story.head)
    page = story.browser.open("/program/evaluasi")
    forms = page.texts("main form button")
    assert len(forms) == 2
    url = "/program/evaluasi/64.71/2025-tahun/terbit"
    token = page.fields(f'main form[action="{url}"]')

    assert story.browser.send(url, token).has("35 evaluasi diterbitkan.")
    assert story.browser.send(url, token).has("Semua evaluasi masa ini sudah diterbitkan.")

    with story.browser.app.app_context():
        papers = reading().scalars(select(EvaluationPaper)).all()
    assert sorted(each.number for each in papers) == list(range(1, 36))
    assert "/EV-KKMP/XII/2025" in text_of(story.get(story.account, "/evaluasi/2025-tahun.pdf"))
    story.browser.sign_in(story.account)
    assert story.browser.open("/dokumen").has("Tahun program 2025")


def test_who_oversees_a_part_of_the_city_reads_no_evaluation_of_it(story: Story) -> None:
    with story.browser.make() as rows:
        part = rows.user(Role.ADMIN, scope_prefix=GRAHA_INDAH[:8])

    assert story.get(part, f"{OF_CITY}.pdf").status_code == 404
    assert story.get(part, f"{OF_COOPERATIVE}.xlsx").status_code == 200
    assert story.get(part, f"/koperasi/{GRAHA_INDAH}/evaluasi/2026-triwulan.pdf").status_code == 404
    assert story.get(part, "/program/evaluasi").status_code == 200


def test_a_city_costs_as_many_queries_as_a_cooperative(story: Story, app: Flask) -> None:
    with app.app_context():
        one = select(Cooperative).where(Cooperative.code == GRAHA_INDAH)
        evaluated_cooperatives(reading(), one, HALF, today=TODAY)  # a process reads the instruments' texts once
        for cooperatives in (one, select(Cooperative)):
            with statements(app) as asked:
                evaluated_cooperatives(reading(), cooperatives, HALF, today=TODAY)
            assert len(asked) == 10


def test_the_paper_of_a_city_is_tagged_and_says_what_its_chart_shows(story: Story) -> None:
    with story.browser.app.app_context():
        sheet = city_sheet(reading(), select(Cooperative), "64.71", HALF, None, today=TODAY)
    pdf = evaluation_pdf(sheet)

    assert pdf == evaluation_pdf(sheet)
    reader = PdfReader(io.BytesIO(pdf))
    assert "/MarkInfo" in reader.root_object
    assert "Koperasi menurut tahap" in sheet.picture_words
    assert "KKMP Kariangau" in reader.pages[-2].extract_text()

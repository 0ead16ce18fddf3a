"""Exports of stored rows: whose they are, what stands in them, that they are on record, by page and by command."""

import csv
import datetime as dt
import io
import os
import uuid
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.reports.exports import routes
from pendamping.reports.exports.cells import BOM
from pendamping.reports.exports.cli import export
from pendamping.reports.exports.columns import TABLES, Kind
from pendamping.visits.models import Answer
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser


class Story:
    """Two facilitators with a cooperative, a visit, answers, an action and figures each; the head sees both."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        with browser.make() as rows:
            rows.short_instruments()
            self.facilitator = rows.facilitator(name="=Ratna")
            self.other = rows.facilitator(KARIANGAU)
            self.head = rows.user(Role.AGENCY_HEAD)
            answers = {"KL-01": ("yes", "diamati"), "KL-02": ("no", "klaim", "@besok")}
            drafts = (rows.action_draft("KL-02"),)
            visit = rows.visit(self.facilitator, answers, visited_on=dt.date(2026, 3, 10), actions=drafts)
            put_right(rows, visit.id, "KL-01", note="Dilihat lagi.")
            rows.visit(self.other, answers, code=KARIANGAU, visited_on=dt.date(2026, 1, 20))
            rows.figures(Month(2026, 3), members=120)
            rows.figures(Month(2026, 3), members=121, seen_revision=1)

    def take(self, person: User, kind: Kind, form: str = "csv", **changed: str) -> Any:
        self.browser.sign_in(person)
        fields = {**self.browser.open("/ekspor").fields("main form[method=post]"), "kind": str(kind), "form": form}
        return self.browser.client.post("/ekspor", data={**fields, **changed}, buffered=True)


def put_right(rows: Make, visit_id: uuid.UUID, item_id: str, **changed: Any) -> None:
    """A second revision of an answer, as a correction of its visit leaves it in the log."""
    stored = rows.session.scalars(select(Answer).where(Answer.visit_id == visit_id, Answer.item_id == item_id)).one()
    columns = {column.key: getattr(stored, column.key) for column in Answer.__table__.columns}
    rows.session.add(Answer(**{**columns, "id": uuid.uuid4(), "revision": 2, **changed}))
    rows.session.flush()


def rows_of(text: str, separator: str = ",") -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=separator))


@pytest.fixture
def story(browser: Browser) -> Story:
    return Story(browser)


def test_everybody_takes_out_what_they_see_and_it_is_on_record(story: Story) -> None:
    own = rows_of(story.take(story.facilitator, Kind.ANSWERS).get_data(as_text=True))
    all_ = story.take(story.head, Kind.ANSWERS, "csv-titik-koma")
    of_year = rows_of(story.take(story.head, Kind.VISITS, year="2025").get_data(as_text=True))

    assert [(row["Kode wilayah"], row["Butir"], row["Jawaban"]) for row in own] == [
        (GRAHA_INDAH, "KL-01", "Ya"),
        (GRAHA_INDAH, "KL-02", "Belum"),
    ]
    assert own[0]["Catatan"] == "Dilihat lagi."
    assert (own[1]["Catatan"], own[1]["Pendamping"], own[1]["Kritis"]) == ("'@besok", "'=Ratna", "ya")
    assert all_.headers["Content-Disposition"] == 'attachment; filename="jawaban-2026-04-14.csv"'
    assert {row["Kode wilayah"] for row in rows_of(all_.get_data(as_text=True), ";")} == {GRAHA_INDAH, KARIANGAU}
    assert of_year == []
    with story.browser.app.app_context():
        events = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "export").order_by(AuditEvent.at)).all()
    assert sorted((event.subject_type, event.after["cooperatives"]) for event in events if event.after) == [
        ("answer", 1),
        ("answer", 34),
        ("visit", 34),
    ]


def test_every_kind_fills_each_of_its_columns_in_both_forms(story: Story) -> None:
    for kind in Kind:
        as_csv = rows_of(story.take(story.facilitator, kind).get_data(as_text=True))
        book = openpyxl.load_workbook(io.BytesIO(story.take(story.facilitator, kind, "xlsx").data))
        sheet = book[TABLES[kind].name.capitalize()]

        assert list(as_csv[0]) == [cell.value for cell in sheet[1]]
        assert sheet.max_row == len(as_csv) + 1
        assert None not in as_csv[0]  # as many cells as headings
    assert (as_csv[0]["Anggota"], as_csv[0]["Perbaikan"], as_csv[0]["Simpanan (Rp)"]) == ("121", "1", "")


def test_what_does_not_hold_is_said_at_its_place(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    bad_year = story.take(story.head, Kind.VISITS, year="19")
    monkeypatch.setattr(routes, "MOST_ROWS_OF_A_WORKBOOK", 1)
    too_long = story.take(story.head, Kind.ANSWERS, "xlsx")

    assert (bad_year.status_code, "Isi tahun antara 2020 dan 2100" in bad_year.get_data(as_text=True)) == (400, True)
    assert (too_long.status_code, "terlalu banyak untuk satu XLSX" in too_long.get_data(as_text=True)) == (400, True)


def command(story: Story, *arguments: str) -> Result:
    with story.browser.app.app_context():
        return CliRunner().invoke(export, list(arguments))


def test_the_command_writes_the_whole_file_and_counts_its_rows(story: Story, tmp_path: Path) -> None:
    file = tmp_path / "jawaban.csv"
    done = command(story, "answers", "--format", "csv", "--year", "2026", "-o", str(file))
    book = command(story, "figures", "--format", "xlsx", "-o", str(tmp_path / "angka.xlsx"))

    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "4 baris")
    assert (book.exit_code, book.output.splitlines()[-1]) == (0, "1 baris")
    assert len(rows_of(file.read_text(encoding="utf-8"))) == 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("answers", "--format", "pdf", "-o", "x.pdf"), "pdf"),
        (("semua", "--format", "csv", "-o", "x.csv"), "semua"),
        (("answers", "--format", "csv", "--year", "20", "-o", "x.csv"), "20"),
        (("answers", "--format", "csv", "-o", "tidak-ada/x.csv"), "tidak dapat ditulis"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_leaves_nothing(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(tmp_path)

    done = command(story, *arguments)

    assert done.exit_code != 0
    assert says in done.output
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_is_broken_off_leaves_the_file_of_before(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "jawaban.csv"
    file.write_text("yang lama")

    def broken_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pendamping.reports.exports.cli.csv_chunks", broken_off)
    done = command(story, "answers", "--format", "csv", "-o", str(file))

    assert done.exit_code != 0
    assert (file.read_text(), list(tmp_path.iterdir())) == ("yang lama", [file])


def test_a_link_is_followed_and_what_is_no_file_is_left_alone(story: Story, tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "jawaban.csv", tmp_path / "terbaru.csv", tmp_path / "pipa"
    target.write_text("yang lama")
    link.symlink_to(target)
    os.mkfifo(pipe)

    followed = command(story, "answers", "--format", "csv", "-o", str(link))
    refused = command(story, "answers", "--format", "csv", "-o", str(pipe))

    assert (followed.exit_code, link.is_symlink(), len(rows_of(target.read_text(encoding="utf-8")))) == (0, True, 4)
    assert (refused.exit_code, "bukan berkas biasa" in refused.output, pipe.is_fifo()) == (1, True, True)

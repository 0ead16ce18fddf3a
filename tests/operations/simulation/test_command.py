"""`pendamping simulate`: what it prints, whom it lets in, and every database that it leaves alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.accounts.service import check_password
from pendamping.kernel import audit
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.tables import Base
from pendamping.operations.backup.verbs import BACKED_UP
from pendamping.operations.first_sign_in import make_first_admin
from pendamping.operations.simulation.cli import simulate
from pendamping.reminders.models import JobRun, RunOutcome
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import Make

SMALL = ("--cooperatives", "5", "--months", "2", "--seed", "1")


def run(app: Flask, *words: str) -> Result:
    with app.app_context():
        return CliRunner().invoke(simulate, list(words))


def all_rows(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        tables = Base.metadata.sorted_tables
        return {table.name: sorted(repr(row) for row in reading().execute(select(table))) for table in tables}


def said(done: Result) -> str:
    """The one line of a refusal."""
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    (line,) = done.stderr.splitlines()
    return line


def test_it_prints_accounts_that_sign_in(app: Flask) -> None:
    done = run(app, *SMALL)

    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert f"Simulasi 5 koperasi, 2 bulan, sampai {TODAY}, benih 1." in lines
    (password,) = re.findall(r"Kata sandi semua akun demo: (\S+)", done.stdout)
    named = {line.split()[0] for line in lines if line.startswith("  ")}
    assert named == {"ratna", "bayu", "kepala", "admin.demo"} | {
        f"kkmp.{ward}" for ward in ("manggar", "lamaru", "teritip", "manggarbaru", "baruilir")
    }
    with app.app_context():
        people = [check_password(reading(), username=name, password=password) for name in sorted(named)]
        assert all(user is not None and user.name.endswith("(demo)") for user in people)


def test_the_same_again_changes_nothing_and_prints_the_accounts_again(app: Flask) -> None:
    first, before = run(app, *SMALL), all_rows(app)

    again = run(app, *SMALL)

    assert (again.exit_code, again.stdout.splitlines()[0]) == (
        0,
        "Tahun simulasi ini sudah ada; tidak ada yang diubah.",
    )
    assert again.stdout.splitlines()[1:] == first.stdout.splitlines()[1:]
    assert all_rows(app) == before


def test_another_year_is_not_made_over_the_first(app: Flask) -> None:
    run(app, *SMALL)
    before = all_rows(app)

    other = run(app, *SMALL[:-1], "2")

    assert "simulasi lain: 5 koperasi, 2 bulan, sampai 2026-04-14, benih 1" in said(other)
    assert all_rows(app) == before


def test_once_is_content_with_whatever_year_is_there(app: Flask) -> None:
    run(app, *SMALL)
    before = all_rows(app)

    other = run(app, *SMALL[:-1], "2", "--once")

    assert (other.exit_code, other.stderr) == (0, "")
    assert "benih 1." in other.stdout
    assert all_rows(app) == before


def with_a_person(make: Make) -> None:
    make.user(username="ratna")


def with_a_closed_assignment(make: Make) -> None:
    make.facilitator()


def with_a_fact(make: Make) -> None:
    make.officer()


def with_a_visit(make: Make) -> None:
    make.visit(make.facilitator())


@pytest.mark.parametrize("enter", [with_a_person, with_a_closed_assignment, with_a_fact, with_a_visit])
def test_a_database_that_people_work_with_is_left_alone(app: Flask, enter: Callable[[Make], None]) -> None:
    with app.app_context(), transaction() as session:
        enter(Make(session, now=NOW, today=TODAY, actor=ACTOR))
    before = all_rows(app)

    for words in (SMALL, (*SMALL, "--once")):
        assert said(run(app, *words)).startswith("Error: Basis data ini sudah berisi data (")

    assert all_rows(app) == before


def test_a_server_that_nobody_has_worked_with_may_have_run_its_jobs(app: Flask) -> None:
    run_of_tonight: dict[str, Any] = {
        "job": "cadangan",
        "slot": NOW,
        "started_at": NOW,
        "ended_at": NOW,
        "outcome": RunOutcome.DONE,
    }
    with app.app_context(), transaction() as session:
        tonight = JobRun(**run_of_tonight, node="kantor")
        session.add(tonight)
        session.flush()
        audit.record(session, ACTOR, BACKED_UP, tonight, at=NOW)

    done = run(app, *SMALL)

    assert (done.exit_code, done.stderr) == (0, "")


def test_the_first_admin_is_no_hindrance_and_stays(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        make_first_admin(session, actor=ACTOR, now=NOW)

    done = run(app, *SMALL)

    assert done.exit_code == 0
    with app.app_context():
        assert reading().scalar(select(User.must_change_password).where(User.username == "admin")) is True


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (("--cooperatives", "4", "--seed", "1"), "Error: --cooperatives: isi angka 5 sampai 100000."),
        (("--months", "0", "--seed", "1"), "Error: --months: isi angka 1 sampai 60."),
        (("--months", "61", "--seed", "1"), "Error: --months: isi angka 1 sampai 60."),
        (("--until", "1999", "--seed", "1"), "Error: --until: isi tanggal seperti 2026-12-31"),
        (("--seed", "satu"), "Error: --seed: isi angka 0 sampai "),
        ((), "Error: --seed: isi angka 0 sampai "),
    ],
)
def test_bad_arguments_get_one_line_and_change_nothing(app: Flask, words: tuple[str, ...], begins: str) -> None:
    before = all_rows(app)

    assert said(run(app, *words)).startswith(begins)
    assert all_rows(app) == before


def test_half_a_year_is_none(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise KeyboardInterrupt

    before = all_rows(app)
    monkeypatch.setattr("pendamping.operations.simulation.making._put_on_record", break_down)

    done = run(app, *SMALL)

    assert done.exit_code != 0
    assert all_rows(app) == before


def test_the_run_and_every_table_it_filled_are_on_record(app: Flask) -> None:
    loaded = {name: len(rows) for name, rows in all_rows(app).items()}
    run(app, *SMALL)

    there = {name: len(rows) - loaded[name] for name, rows in all_rows(app).items()}
    on_record_by_their_verbs = {
        "action": there["activity_action"],
        "action_update": there["activity_action"],
        "attachment": there["activity_photo"],
    }
    with app.app_context():
        events = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "simulate")).all()
        counts = {event.subject_type: event.after for event in events}
        arguments = counts.pop("simulation")
    assert arguments == {"cooperatives": 5, "months": 2, "until": str(TODAY), "seed": 1}
    assert {"visit", "answer", "visit_score", "action", "planned_visit", "document"} <= set(counts)
    assert counts == {name: {"rows": there[name] - on_record_by_their_verbs.get(name, 0)} for name in counts}

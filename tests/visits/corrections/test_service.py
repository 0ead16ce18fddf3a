"""A stored visit is put right without losing what stood there; what is closed is added to."""

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Stage
from pendamping.kernel.errors import DomainError
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.corrections.queries import Change, corrections_of
from pendamping.visits.corrections.service import NothingChanged, VisitChanged, WindowIsClosed, lock_month
from pendamping.visits.models import Answer, Attendance, Visit, VisitMode, VisitScore
from pendamping.visits.queries import answers_of_visit, current_answers, scores_before, scores_of_visit
from pendamping.visits.service import (
    MonthIsLocked,
    OutsideAssignment,
    PersonMet,
    VisitInFuture,
    VisitsOverlap,
    record_visit,
)
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.visits.corrections.correcting import LATER, correct

MARCH, APRIL = dt.date(2026, 3, 10), dt.date(2026, 4, 10)


def value_now(session: Session, make: Make, item_id: str) -> str:
    return current_answers(session, make.cooperative().id)[item_id].answer.value


def log(session: Session, visit: Visit) -> list[tuple[int, str, str, dt.date]]:
    rows = session.scalars(select(Answer).where(Answer.visit_id == visit.id).order_by(Answer.revision, Answer.item_id))
    return [(row.revision, row.item_id, row.value, row.answered_on) for row in rows]


def scores(session: Session, visit: Visit, code: str = "KL") -> dict[int, Decimal | None]:
    rows = session.scalars(
        select(VisitScore).where(VisitScore.visit_id == visit.id, VisitScore.instrument_code == code)
    )
    return {row.revision: row.score for row in rows}


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


# Put right ------------------------------------------------------------------------------------------------------------


def test_a_header_is_put_right_and_its_old_words_stay_on_record(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)
    changes = (Change("Catatan", "", "Rapat singkat."), Change("Mulai", "09:30", "08:30"))

    correction = correct(
        make,
        visit,
        reason="Jamnya tertukar.",
        changes=changes,
        notes="Rapat singkat.",
        started=dt.time(8, 30),
        mode=VisitMode.REMOTE,
        purposes=["rapat", "kemitraan"],
        people_met=[PersonMet("Budi", "Ketua"), PersonMet("Ani", "")],
    )

    session.expire_all()
    people = session.scalars(select(Attendance).order_by(Attendance.position)).all()
    assert (visit.revision, visit.notes, visit.started, visit.ended) == (
        2,
        "Rapat singkat.",
        dt.time(8, 30),
        dt.time(11),
    )
    assert (visit.mode, visit.purposes) == (VisitMode.REMOTE, ["rapat", "kemitraan"])
    assert [(person.name, person.role) for person in people] == [("Budi", "Ketua"), ("Ani", "")]
    assert (correction.number, correction.kind, correction.author_id) == (1, CorrectionKind.CORRECTION, facilitator.id)
    (view,) = corrections_of(session, visit.id)
    assert (view.reason, view.author_name, view.made_at) == ("Jamnya tertukar.", facilitator.name, LATER)
    assert tuple(view.changes) == changes


def test_a_header_alone_leaves_the_log_of_answers_as_it_is(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("yes", "diamati"), "KL-22": ("40", "klaim")})
    before, current = log(session, visit), current_answers(session, make.cooperative().id)

    correct(make, visit, notes="Lain")

    assert log(session, visit) == before
    assert current_answers(session, make.cooperative().id) == current
    assert scores(session, visit)[2] == scores(session, visit)[1]


def test_what_a_correction_does_not_touch_stays(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit_with(facilitator, signed_by="Siti Aminah")
    before = (visit.number, visit.number_year, visit.received_at, visit.written_at, visit.body_sha256, visit.signed_by)

    correct(make, visit, notes="Lain", visited_on=APRIL)

    session.expire_all()
    assert before == (
        visit.number,
        visit.number_year,
        visit.received_at,
        visit.written_at,
        visit.body_sha256,
        visit.signed_by,
    )


def test_an_answer_is_put_right_by_a_further_answer(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("no", "klaim"), "KL-06": ("yes", "diamati")})

    correct(make, visit, {"KL-01": ("yes", "dokumen_dilihat", "buku tamu")})

    assert log(session, visit) == [
        (1, "KL-01", "no", TODAY),
        (1, "KL-06", "yes", TODAY),
        (2, "KL-01", "yes", TODAY),
    ]
    own = {each.answer.item_id: each.answer for each in answers_of_visit(session, visit.id)}
    assert (own["KL-01"].value, own["KL-01"].note, own["KL-06"].value) == ("yes", "buku tamu", "yes")
    assert value_now(session, make, "KL-01") == "yes"
    assert scores(session, visit)[1] != scores(session, visit)[2]
    assert {row.revision for row in scores_of_visit(session, visit.id)} == {2}


def test_each_correction_counts_on_from_the_one_before(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("no", "klaim")})

    numbers = [correct(make, visit, {"KL-01": (value, "diamati")}).number for value in ("yes", "no", "yes")]

    assert (numbers, visit.revision) == ([1, 2, 3], 4)
    assert [value for _, _, value, _ in log(session, visit)] == ["no", "yes", "no", "yes"]
    assert value_now(session, make, "KL-01") == "yes"


def test_a_visit_that_moves_takes_its_answers_along_and_another_visits_become_current(
    session: Session, make: Make
) -> None:
    facilitator = make.facilitator()
    other = make.visit(facilitator, {"KL-01": ("no", "klaim")}, visited_on=dt.date(2026, 4, 8))
    visit = make.visit(facilitator, {"KL-01": ("yes", "diamati"), "KL-06": ("yes", "diamati")}, visited_on=APRIL)
    assert value_now(session, make, "KL-01") == "yes"

    correct(make, visit, visited_on=dt.date(2026, 4, 7))

    current = current_answers(session, make.cooperative().id)
    assert (current["KL-01"].visit_id, current["KL-01"].answer.value) == (other.id, "no")
    assert (current["KL-06"].visit_id, current["KL-06"].answered_on) == (visit.id, dt.date(2026, 4, 7))
    assert [entry for entry in log(session, visit) if entry[0] == 2] == [
        (2, "KL-01", "yes", dt.date(2026, 4, 7)),
        (2, "KL-06", "yes", dt.date(2026, 4, 7)),
    ]
    assert {row.measured_on for row in scores_of_visit(session, visit.id)} == {dt.date(2026, 4, 7)}

    correct(make, visit, visited_on=dt.date(2026, 4, 12))
    assert current_answers(session, make.cooperative().id)["KL-01"].visit_id == visit.id


def test_a_visit_that_moves_with_a_changed_answer_takes_the_changed_one(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("no", "klaim"), "KL-06": ("yes", "diamati")}, visited_on=APRIL)

    correct(make, visit, {"KL-01": ("yes", "diamati")}, visited_on=TODAY)

    assert [entry for entry in log(session, visit) if entry[0] == 2] == [
        (2, "KL-01", "yes", TODAY),
        (2, "KL-06", "yes", TODAY),
    ]


# Scores ---------------------------------------------------------------------------------------------------------------


def test_the_score_before_a_visit_is_the_corrected_one(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    first = make.visit(facilitator, {"KL-01": ("no", "klaim")}, visited_on=dt.date(2026, 4, 2))
    second = make.visit(facilitator, {"KL-06": ("yes", "diamati")}, visited_on=APRIL)

    correct(make, first, {"KL-01": ("yes", "diamati")})

    found = scores_before(session, second, ["KL"])["KL"]
    assert (found.visit_id, found.revision, found.score) == (first.id, 2, scores(session, first)[2])


def test_a_visit_is_still_scored_at_the_stage_that_it_was_written_at(session: Session, make: Make) -> None:
    cooperative = make.cooperative()
    visit = make.visit(make.facilitator(), {"KL-01": ("no", "klaim")}, visited_on=APRIL)
    cooperative.stage = Stage.PARTNERSHIP
    session.flush()

    correct(make, visit, {"KL-01": ("yes", "diamati")})

    rows = session.scalars(
        select(VisitScore).where(VisitScore.visit_id == visit.id, VisitScore.instrument_code == "UK")
    )
    assert {(row.revision, row.stage, row.applicable) for row in rows} == {
        (1, Stage.OPERATION, 20),
        (2, Stage.OPERATION, 20),
    }


def test_an_old_date_is_still_measured_by_the_decree_that_was_known_then(session: Session, make: Make) -> None:
    cooperative = make.cooperative()
    cooperative.decree_on = dt.date(2025, 7, 14)
    visit = make.visit(make.facilitator(), {"KL-09": ("2026-01-02", "dokumen_dilihat")}, visited_on=APRIL)
    cooperative.decree_on = dt.date(2019, 1, 1)
    session.flush()

    correct(make, visit, notes="Lain")

    (row,) = (row for row in scores_of_visit(session, visit.id) if row.instrument_code == "KL")
    assert (row.revision, row.facts["tanggal_sk_badan_hukum"]) == (2, "2025-07-14")
    assert row.score == 100


def test_a_decree_that_was_learnt_since_is_used(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-09": ("not_done", "klaim")}, visited_on=APRIL)
    make.cooperative().decree_on = dt.date(2025, 7, 14)
    session.flush()

    correct(make, visit, {"KL-09": ("2026-01-02", "dokumen_dilihat")})

    (row,) = (row for row in scores_of_visit(session, visit.id) if row.instrument_code == "KL")
    assert row.facts["tanggal_sk_badan_hukum"] == "2025-07-14"
    assert row.score == 100


# Refused --------------------------------------------------------------------------------------------------------------


def refused(make: Make, visit: Visit, refusal: type[DomainError], **correction: Any) -> None:
    before = {table: count(make.session, table) for table in (Answer, Correction, VisitScore, Attendance)}

    with pytest.raises(refusal), make.session.begin_nested():
        correct(make, visit, **correction)

    make.session.expire_all()
    assert {table: count(make.session, table) for table in before} == before
    assert (visit.revision, visit.notes) == (1, "")


def test_the_third_of_the_next_month_is_the_last_day(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), visited_on=MARCH)

    refused(make, visit, WindowIsClosed, notes="Lain", today=dt.date(2026, 4, 4))
    correct(make, visit, notes="Lain", today=dt.date(2026, 4, 3))

    assert visit.revision == 2


def test_an_approved_month_is_put_right_no_more(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)
    lock_month(session, facilitator, TODAY, actor=ACTOR, now=NOW)

    refused(make, visit, WindowIsClosed, notes="Lain")


def test_a_visit_does_not_move_into_an_approved_month(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)
    lock_month(session, facilitator, MARCH, actor=ACTOR, now=NOW)

    refused(make, visit, MonthIsLocked, visited_on=MARCH)


def test_nobody_else_puts_a_visit_right(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator())

    refused(make, visit, WindowIsClosed, notes="Lain", author=make.facilitator(KARIANGAU))


def test_what_was_put_right_elsewhere_meanwhile_is_not_overwritten(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator())

    refused(make, visit, VisitChanged, notes="Lain", base_revision=0)
    refused(make, visit, VisitChanged, notes="Lain", base_revision=2)


def test_nothing_to_put_right_is_no_correction(session: Session, make: Make) -> None:
    refused(make, make.visit(make.facilitator()), NothingChanged, changes=())


def test_a_day_that_does_not_hold_is_refused(session: Session, make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    visit = make.visit(facilitator)
    make.visit_with(facilitator, code=KARIANGAU, started=dt.time(13), ended=dt.time(14))

    refused(make, visit, VisitInFuture, visited_on=TODAY + dt.timedelta(days=1))
    refused(make, visit, OutsideAssignment, visited_on=dt.date(2025, 12, 31))
    refused(make, visit, VisitsOverlap, started=dt.time(13, 30), ended=dt.time(15))
    correct(make, visit, started=dt.time(9), ended=dt.time(13))


# Twice, and at once ---------------------------------------------------------------------------------------------------


def test_the_same_correction_sent_twice_is_one(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("no", "klaim")})
    sent: dict[str, Any] = {"answers": {"KL-01": ("yes", "diamati")}, "base_revision": 1, "body": "c" * 64}
    first = correct(make, visit, **sent)

    again = correct(make, visit, **sent)

    assert again is first
    assert (visit.revision, count(session, Correction), len(log(session, visit))) == (2, 1, 2)


def test_of_two_corrections_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    with make_rows() as make:
        visit_id = make.visit(make.facilitator(), {"KL-01": ("no", "klaim")}).id
    ready = threading.Barrier(4)
    outcomes: list[str] = []

    def put_right(thread: int) -> None:
        ready.wait()
        try:
            with make_rows() as make:
                visit = make.session.get_one(Visit, visit_id)
                correct(make, visit, {"KL-01": ("yes", "diamati", f"{thread}")}, notes=f"{thread}", base_revision=1)
                outcomes.append("stored")
        except DomainError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=put_right, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["stored", *["visit_changed"] * 3]
    with make_rows() as make:
        visit = make.session.get_one(Visit, visit_id)
        own = {each.answer.item_id: each.answer.note for each in answers_of_visit(make.session, visit.id)}
        assert (visit.revision, own["KL-01"]) == (2, visit.notes)


def test_a_corrected_visit_sent_again_by_the_tablet_stays_corrected(session: Session, make: Make) -> None:
    facilitator, draft = make.facilitator(), make.draft()
    sent: dict[str, Any] = {"facilitator_id": facilitator.id, "actor": ACTOR, "today": TODAY, "now": NOW}
    visit, _ = record_visit(session, make.cooperative(), draft, **sent)
    correct(make, visit, notes="Lain")

    again, is_new = record_visit(session, make.cooperative(), draft, **sent)

    assert (again.id, again.notes, again.revision, is_new) == (visit.id, "Lain", 2, False)

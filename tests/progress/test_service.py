import datetime as dt
import random
import threading
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.instruments.assessment import assessment
from pendamping.instruments.definition import Proof
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.database import db
from pendamping.plans.models import Action, ActionStatus
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.queries import ScoreCell, cooperative_rows, standing_cells
from pendamping.progress.service import refresh_standing
from pendamping.visits.log import facts_of
from pendamping.visits.models import VisitScore
from pendamping.visits.queries import current_answers
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.cases import INSTRUMENTS, best_of, values_of
from tests.make import GRAHA_INDAH, KARIANGAU, Make

MARCH, APRIL = dt.date(2026, 3, 10), dt.date(2026, 4, 10)
ONE_SECOND = dt.timedelta(seconds=1)


def refresh(make: Make, code: str = GRAHA_INDAH) -> Standing:
    cooperative = make.cooperative(code)
    refresh_standing(make.session, cooperative, instruments_on(make.session, TODAY), today=TODAY, now=NOW)
    return make.session.get_one(Standing, cooperative.id)


def cells(make: Make, code: str = GRAHA_INDAH) -> dict[str, ScoreCell]:
    found = standing_cells(make.session, make.cooperative(code), instruments_on(make.session, TODAY))
    return {cell.instrument.code: cell for cell in found}


def test_a_cooperative_nobody_has_visited_stands_nowhere(session: Session, make: Make) -> None:
    standing = refresh(make)

    assert (standing.last_visit_id, standing.last_visit_on, standing.next_due_on) == (None, None, None)
    assert (standing.open_actions, standing.refreshed_at) == (0, NOW)
    assert [(row.score, row.answered, row.measured_on) for row in session.scalars(select(StandingScore))] == [
        (None, 0, None)
    ] * 3


def test_a_standing_counts_open_actions_and_names_the_first_that_is_due(session: Session, make: Make) -> None:
    drafts = [make.action_draft(due_on=dt.date(2026, 5, day)) for day in (20, 10, 5)]
    make.visit(make.facilitator(), actions=tuple(drafts))
    session.get_one(Action, drafts[2].id).status = ActionStatus.VERIFIED
    session.flush()

    standing = refresh(make)

    assert (standing.open_actions, standing.next_due_on) == (2, dt.date(2026, 5, 10))


def test_when_the_last_action_is_finished_nothing_is_due(session: Session, make: Make) -> None:
    draft = make.action_draft()
    make.visit(make.facilitator(), actions=(draft,))
    session.get_one(Action, draft.id).status = ActionStatus.CANCELLED
    session.flush()

    standing = refresh(make)

    assert (standing.open_actions, standing.next_due_on) == (0, None)


def test_a_standing_is_one_row_however_often_it_is_refreshed(session: Session, make: Make) -> None:
    make.visit(make.facilitator())

    refresh(make)
    refresh(make)

    assert session.scalar(select(func.count()).select_from(Standing)) == 1
    assert session.scalar(select(func.count()).select_from(StandingScore)) == 3


def test_a_cell_shows_the_change_against_the_visit_before(make: Make) -> None:
    facilitator = make.facilitator()
    make.visit(facilitator, {"KL-01": ("no", "diamati"), "KL-06": ("yes", "diamati")}, visited_on=MARCH)
    first = cells(make)["KL"]
    make.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=APRIL)

    second = cells(make)["KL"]

    assert (first.score, first.change, first.measured_on) == (Decimal(40), None, MARCH)
    assert (second.score, second.change, second.measured_on) == (Decimal(100), Decimal(60), APRIL)
    assert (second.answered, second.applicable, second.is_provisional) == (2, 44, True)


def test_without_any_answer_to_an_instrument_its_cell_has_no_score_and_no_change(make: Make) -> None:
    make.visit(make.facilitator(), {"KL-01": ("yes", "diamati")})

    cell = cells(make)["TK"]

    assert (cell.score, cell.band, cell.band_rank, cell.change, cell.answered) == (None, None, None, None, 0)


def test_an_unmet_critical_item_holds_the_band_down_and_is_named(make: Make) -> None:
    make.visit(make.facilitator(), {"KL-01": ("yes", "diamati"), "KL-02": ("yes", "klaim")})

    cell = cells(make)["KL"]

    assert cell.critical_unmet == ("KL-02",)
    assert cell.band_rank == 2
    assert cell.score == Decimal(50)


def test_what_a_cooperative_at_the_first_stage_is_not_asked_is_hidden(make: Make) -> None:
    before = cells(make, KARIANGAU)
    make.visit(make.facilitator(KARIANGAU), code=KARIANGAU)

    after = cells(make, KARIANGAU)

    assert [before[code].is_hidden for code in ("KL", "TK", "UK")] == [False, False, True]
    assert [after[code].is_hidden for code in ("KL", "TK", "UK")] == [False, False, True]
    assert (after["UK"].score, after["UK"].applicable, after["UK"].is_provisional) == (None, 0, False)


def test_a_late_older_visit_leaves_the_last_visit_and_moves_the_score_it_is_compared_with(
    session: Session, make: Make
) -> None:
    facilitator = make.facilitator()
    newest = make.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=APRIL)
    make.visit(facilitator, {"KL-06": ("no", "klaim")}, visited_on=MARCH, now=NOW + ONE_SECOND)

    standing = session.get_one(Standing, make.cooperative().id)
    cell = cells(make)["KL"]

    assert (standing.last_visit_id, standing.last_visit_on) == (newest.id, APRIL)
    assert (cell.score, cell.change) == (Decimal(60), Decimal(60))
    assert cell.measured_on == APRIL


def test_of_two_visits_on_one_day_the_later_recorded_is_compared_with_the_earlier(make: Make) -> None:
    facilitator = make.facilitator()
    make.visit(facilitator, {"KL-01": ("no", "klaim")}, now=NOW)
    make.visit(facilitator, {"KL-01": ("yes", "diamati")}, now=NOW + ONE_SECOND)

    cell = cells(make)["KL"]

    assert (cell.score, cell.change) == (Decimal(100), Decimal(100))


def test_a_visit_that_comes_in_during_a_refresh_is_not_lost_from_the_standing(app: Flask) -> None:
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    with make_rows() as make:
        facilitator = make.facilitator()
        make.visit(facilitator, {"KL-01": ("no", "diamati")}, visited_on=MARCH)
    has_read_answers, visit_is_stored = threading.Event(), threading.Event()

    def linger(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        """Between the answers it has read and the standing it is about to write, the refresh takes its time."""
        if threading.current_thread() is refreshing and "FROM standing" in statement:
            has_read_answers.set()
            visit_is_stored.wait(timeout=0.5)

    def refresh_slowly() -> None:
        with make_rows() as make:
            refresh(make)

    def record_meanwhile() -> None:
        has_read_answers.wait()
        with make_rows() as make:
            make.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=APRIL)
        visit_is_stored.set()

    refreshing, recording = threading.Thread(target=refresh_slowly), threading.Thread(target=record_meanwhile)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", linger)
    for thread in (refreshing, recording):
        thread.start()
    for thread in (refreshing, recording):
        thread.join()
    event.remove(engine, "before_cursor_execute", linger)

    with make_rows() as make:
        assert make.session.get_one(Standing, make.cooperative().id).last_visit_on == APRIL
        assert cells(make)["KL"].score == Decimal(100)


def test_a_standing_belongs_to_one_cooperative(session: Session, make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.visit(facilitator, {"KL-01": ("yes", "diamati")}, actions=(make.action_draft(),))
    make.visit(facilitator, {"KL-01": ("no", "diamati")}, code=KARIANGAU)

    chosen = cooperative_rows(session, select(Cooperative), instruments_on(session, TODAY), today=TODAY)
    rows = {row.code: row for row in chosen}

    assert len(rows) == 34
    assert [rows[GRAHA_INDAH].scores[0].score, rows[KARIANGAU].scores[0].score] == [Decimal(100), Decimal(0)]
    assert [rows[GRAHA_INDAH].open_actions, rows[KARIANGAU].open_actions] == [1, 0]
    assert {row.last_visit_on for code, row in rows.items() if code not in (GRAHA_INDAH, KARIANGAU)} == {None}
    assert rows[GRAHA_INDAH].facilitator_name == facilitator.name


@pytest.mark.parametrize("seed", [3, 4])
def test_the_standing_is_the_score_of_the_current_answers_after_any_history(
    session: Session, make: Make, seed: int
) -> None:
    chance = random.Random(seed)
    facilitator, cooperative = make.facilitator(), make.cooperative()
    cooperative.decree_on = dt.date(2025, 7, 14)
    items = [item for instrument in INSTRUMENTS for item in instrument.items]

    for number in range(8):
        cooperative.stage = chance.choice([Stage.OPERATION, Stage.PARTNERSHIP])
        asked = [item for item in items if item.applies_from_stage <= cooperative.stage.order]
        answers = {
            item.id: (chance.choice([best_of(item), *values_of(item)]), str(chance.choice(list(Proof))), "alasan")
            for item in chance.sample(asked, 30)
        }
        day = TODAY - dt.timedelta(days=chance.randint(0, 30))
        make.visit(facilitator, answers, visited_on=day, now=NOW + number * ONE_SECOND)

        standing = session.get_one(Standing, cooperative.id)
        assert standing.last_visit_on is not None
        facts = facts_of(cooperative, standing.last_visit_on)
        current, stage, day = current_answers(session, cooperative.id), cooperative.stage.order, standing.last_visit_on
        for published in instruments_on(session, TODAY):
            expected = assessment(published.instrument, current, stage=stage, on=day, facts=facts).score()
            row = session.get_one(StandingScore, (cooperative.id, published.instrument.code))
            assert (row.score, row.answered, row.applicable) == (
                expected.rounded,
                expected.answered,
                expected.applicable,
            )
            assert tuple(row.critical_unmet) == expected.critical_unmet
    assert session.scalar(select(func.count()).select_from(VisitScore)) == 24

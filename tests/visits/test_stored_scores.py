"""A stored score comes to the same number again, whatever happened since."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Stage
from pendamping.instruments.definition import Proof
from pendamping.visits.models import Visit
from pendamping.visits.queries import scores_before, scores_of_visit
from pendamping.visits.stored_scores import came_later, past_scores
from tests.conftest import NOW, TODAY
from tests.instruments.cases import INSTRUMENTS, best_of, values_of
from tests.make import Make
from tests.visits.corrections.correcting import LATER, correct

CODES = [instrument.code for instrument in INSTRUMENTS]

MARCH = dt.date(2026, 3, 10)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_stored_score_comes_to_its_number_again_in_whatever_order_visits_came_in(
    session: Session, make: Make, seed: int
) -> None:
    """Other stages, another decree and visits that are sent together in between."""
    chance = random.Random(seed)
    cooperative, facilitator = make.cooperative(), make.facilitator()
    cooperative.decree_on = dt.date(2025, 7, 14)
    cooperative.stage = Stage.OPERATION
    days = [MARCH + dt.timedelta(days=number) for number in (0, 12, 3, 20, 3, 30)]
    asked = [item for each in INSTRUMENTS for item in each.items if item.applies_from_stage <= 2]
    at = NOW
    for day in days:
        answers = {
            item.id: (chance.choice([best_of(item), *values_of(item)]), str(chance.choice(list(Proof))), "alasan")
            for item in chance.sample(asked, 30)
        }
        make.visit(facilitator, answers, visited_on=day, now=at)
        at += chance.choice([dt.timedelta(), MINUTE])
    cooperative.stage = Stage.PARTNERSHIP
    cooperative.decree_on = dt.date(2024, 7, 14)
    session.flush()

    found = [
        past
        for visit in session.scalars(select(Visit))
        for past in past_scores(session, visit, scores_of_visit(session, visit.id))
    ]

    assert len(found) == 3 * len(days)
    assert [each.row for each in found if not each.is_exact] == []
    assert [each.score.rounded for each in found] == [each.row.score for each in found]


def test_a_visit_that_comes_in_late_changes_no_stored_score_and_is_named(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator, {"KL-01": ("yes", "diamati"), "TK-01": ("3", "diamati")}, now=NOW)
    late = make.visit(
        facilitator, {"KL-02": ("no", "diamati"), "TK-02": ("1", "diamati")}, visited_on=MARCH, now=NOW + MINUTE
    )

    (kl, *_others) = past_scores(session, visit, scores_of_visit(session, visit.id))

    assert (kl.published.instrument.code, kl.score.rounded, kl.is_exact) == ("KL", Decimal(100), True)
    assert {item_id: each.visit_id for item_id, each in came_later(session, kl).items()} == {"KL-02": late.id}


def test_before_a_visit_is_the_visit_of_the_day_before_and_of_the_same_day_the_one_received_before(
    session: Session, make: Make
) -> None:
    facilitator = make.facilitator()

    def visit(day: dt.date, minutes: int) -> Visit:
        return make.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=day, now=NOW + minutes * MINUTE)

    second, first = visit(MARCH, 1), visit(MARCH - dt.timedelta(days=3), 2)
    third, fourth = visit(TODAY, 3), visit(TODAY, 4)

    before = {
        each.id: {row.visit_id for row in scores_before(session, each, CODES).values()}
        for each in (first, second, third, fourth)
    }

    assert before == {first.id: set(), second.id: {first.id}, third.id: {second.id}, fourth.id: {third.id}}
    assert set(scores_before(session, fourth, CODES)) == set(CODES)


def test_a_corrected_visit_opens_with_the_numbers_of_its_last_correction(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator, {"KL-01": ("yes", "diamati"), "KL-10": ("yes", "diamati")}, now=NOW)
    correct(make, visit, {"KL-10": ("no", "diamati")})
    make.visit(facilitator, {"KL-10": ("yes", "diamati")}, now=LATER + MINUTE)

    (kl, *_others) = past_scores(session, visit, scores_of_visit(session, visit.id))

    assert (kl.row.revision, kl.score.rounded, kl.is_exact) == (2, Decimal(50), True)

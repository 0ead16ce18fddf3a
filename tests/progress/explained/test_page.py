"""What explains a score: the steps that moved it, what came in later, and what a cooperative is told to do."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Stage
from pendamping.instruments.definition import Proof
from pendamping.instruments.queries import instruments_on
from pendamping.plans.queries import open_actions
from pendamping.progress.explained.page import (
    AdviceLine,
    moves_of_visit,
    own_advice,
    past_score_page,
)
from pendamping.progress.explained.queries import unproven_of
from pendamping.progress.queries import standing_cells
from pendamping.visits.queries import scores_of_visit
from tests.conftest import NOW, TODAY
from tests.instruments.cases import INSTRUMENTS, best_of, values_of
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.progress.test_page import page_of

MARCH = dt.date(2026, 3, 10)
JANUARY = dt.date(2026, 1, 12)
MINUTE = dt.timedelta(minutes=1)
EXACT = Decimal("0.0001")


def advice(make: Make) -> list[AdviceLine]:
    actions = open_actions(make.session, make.cooperative().id, today=TODAY)
    return own_advice(make.session, make.cooperative(), actions, today=TODAY)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_change_that_cards_show_is_the_one_that_the_steps_add_up_to(
    session: Session, make: Make, seed: int
) -> None:
    """On the score's page and on that of the visit."""
    chance = random.Random(seed)
    cooperative, facilitator = make.cooperative(), make.facilitator()
    cooperative.decree_on = dt.date(2025, 7, 14)
    cooperative.stage = Stage.OPERATION
    asked = [item for each in INSTRUMENTS for item in each.items if item.applies_from_stage <= 2]
    for number in range(3):
        answers = {
            item.id: (chance.choice([best_of(item), *values_of(item)]), str(chance.choice(list(Proof))), "alasan")
            for item in chance.sample(asked, 60)
        }
        day = JANUARY + dt.timedelta(days=40 * number)
        visit = make.visit(facilitator, answers, visited_on=day, now=NOW + number * MINUTE)
    changes = {
        cell.instrument.code: cell.change
        for cell in standing_cells(session, cooperative, instruments_on(session, TODAY))
    }

    of_visit = {view.title.code: view for view in moves_of_visit(session, visit, scores_of_visit(session, visit.id))}

    for code, change in changes.items():
        view = page_of(make, code).moves
        assert view is not None
        assert change is not None
        assert abs(view.change - change) <= EXACT
        assert view.change == of_visit[code].change
        assert view.since == JANUARY + dt.timedelta(days=40)
        shown = sum((line.points for line in view.lines), Decimal())
        assert view.more or abs(shown - view.change) <= EXACT
        sizes = [abs(line.points) for line in of_visit[code].lines]
        assert sizes == sorted(sizes, reverse=True)
        assert len(sizes) <= 3


def test_at_the_first_visit_nothing_has_moved_yet(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("yes", "diamati")})

    assert page_of(make).moves is None
    assert moves_of_visit(session, visit, scores_of_visit(session, visit.id)) == []


def test_a_score_of_the_past_is_told_by_its_own_version_stage_and_answers(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    make.visit(facilitator, {"KL-01": ("no", "diamati")}, visited_on=JANUARY, now=NOW)
    visit = make.visit(facilitator, {"KL-10": ("yes", "diamati")}, visited_on=MARCH, now=NOW + MINUTE)
    stored = {row.instrument_code: row.score for row in scores_of_visit(session, visit.id)}
    make.short_instruments()
    make.visit(facilitator, {"KL-01": ("yes", "diamati")}, now=NOW + 2 * MINUTE)
    make.visit(facilitator, {"KL-01": ("yes", "klaim")}, visited_on=dt.date(2026, 2, 2), now=NOW + 3 * MINUTE)

    page = past_score_page(session, visit, make.cooperative(), "KL")

    assert page is not None
    assert page.cell.score == stored["KL"] == Decimal(50)
    assert (page.version, page.as_of, page.is_exact) == (INSTRUMENTS[0].version, MARCH, True)
    items = {each.item.id: each for section in page.sections for each in section.items}
    assert (items["KL-01"].words, items["KL-01"].answered_on, items["KL-01"].is_carried) == ("Belum", JANUARY, True)
    assert [(late.item.id, late.words) for late in page.late] == [("KL-01", "Ya")]
    assert page.lifts is None


def test_a_visit_has_no_score_of_an_instrument_that_nobody_asked(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator())

    assert past_score_page(session, visit, make.cooperative(), "XX") is None


# What is not proven ---------------------------------------------------------------------------------------------------


def test_claims_and_lapsed_proofs_are_listed_the_critical_apart(session: Session, make: Make) -> None:
    """KL-02 and KL-04 are critical; KL-04 was proven a year ago, KL-10 is poor."""
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.visit(
        facilitator,
        {
            "KL-01": ("yes", "klaim"),
            "KL-02": ("yes", "klaim"),
            "KL-03": ("yes", "diamati"),
            "KL-10": ("no", "klaim"),
            "TK-04": ("yes", "diamati"),
        },
        visited_on=JANUARY,
    )
    cooperatives = [make.cooperative(KARIANGAU), make.cooperative()]
    instruments = instruments_on(session, TODAY)

    neighbour, own = unproven_of(session, cooperatives, instruments, today=TODAY)
    (only,) = unproven_of(session, cooperatives[1:], instruments, today=TODAY, only_critical=True)

    assert (neighbour.count, own.count) == (0, 3)
    assert [(each.item.id, each.is_claim) for each in own.critical] == [("KL-02", True), ("TK-04", False)]
    assert [(each.item.id, each.lapsed_on) for each in own.others] == [("KL-01", None)]
    lapsed_on = own.critical[1].lapsed_on
    assert lapsed_on is not None
    assert JANUARY < lapsed_on <= TODAY
    assert ([each.item.id for each in only.critical], only.others) == (["KL-02", "TK-04"], [])


# In the cooperative's own words ---------------------------------------------------------------------------------------


def test_a_cooperative_is_told_what_lifts_it_most_and_never_what_nobody_asked(make: Make) -> None:
    facilitator = make.facilitator()
    make.visit(
        facilitator,
        {"KL-01": ("yes", "diamati"), "KL-02": ("no", "diamati"), "KL-04": ("yes", "klaim")},
        actions=(make.action_draft("KL-02", title="Susun anggaran dasar"),),
    )

    found = advice(make)

    assert {line.item.id for line in found} == {"KL-02", "KL-04"}
    told = {line.item.id: (line.is_proof, line.caps, line.action.title if line.action else "") for line in found}
    assert told == {"KL-02": (False, True, "Susun anggaran dasar"), "KL-04": (True, True, "")}


def test_before_the_first_visit_a_cooperative_is_told_nothing(make: Make) -> None:
    assert advice(make) == []

"""However visits are put right, what is current is what the log says from scratch, and scores are those of the fold."""

import datetime as dt
import random
import uuid
from collections.abc import Iterable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.instruments.answers import Answer as PlainAnswer
from pendamping.instruments.assessment import assessment
from pendamping.instruments.definition import Proof
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.scoring import Facts
from pendamping.progress.models import StandingScore
from pendamping.progress.service import refresh_standing
from pendamping.visits.log import facts_of
from pendamping.visits.models import Answer, CurrentAnswer, Visit, VisitScore
from pendamping.visits.queries import RecordedAnswer, answers_as_of, answers_of_visit, current_answers, scores_of_visit
from tests.conftest import NOW, TODAY
from tests.instruments.cases import INSTRUMENTS, best_of, values_of
from tests.make import Make, plain
from tests.visits.corrections.correcting import correct

ITEMS = [item for instrument in INSTRUMENTS for item in instrument.items if item.applies_from_stage <= 2][:14]
"""Few enough that visits answer the same ones again and again."""
STEPS = 40

Given = dict[str, tuple[str, str, str]]


def random_answers(chance: random.Random, among: Iterable[str] | None = None) -> Given:
    items = [item for item in ITEMS if among is None or item.id in set(among)]
    looked_at = chance.sample(items, chance.randint(0, len(items)))
    return {
        item.id: (chance.choice([best_of(item), *values_of(item)]), chance.choice(list(Proof)), "alasan")
        for item in looked_at
    }


def random_day(chance: random.Random) -> dt.date:
    return TODAY - dt.timedelta(days=chance.randint(0, 12))


def from_scratch(log: Iterable[Answer], until: dt.date) -> dict[str, Answer]:
    """The fold worked out the slow way: of each visit what its last correction says, of the visits the latest."""
    standing: dict[tuple[uuid.UUID, str], Answer] = {}
    for row in sorted(log, key=lambda each: each.revision):
        standing[row.visit_id, row.item_id] = row
    current: dict[str, Answer] = {}
    for row in sorted(standing.values(), key=lambda each: (each.answered_on, each.recorded_at, each.id)):
        if row.answered_on <= until:
            current[row.item_id] = row
    return current


def as_plain(rows: dict[str, Answer]) -> dict[str, PlainAnswer]:
    return {item_id: PlainAnswer(item_id, row.value, row.proof, row.note) for item_id, row in rows.items()}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_put_right_the_fold_is_that_of_the_log(session: Session, make: Make, seed: int) -> None:
    chance = random.Random(seed)
    facilitator, cooperative = make.facilitator(), make.cooperative()
    cooperative.decree_on = dt.date(2025, 7, 14)
    instruments = instruments_on(session, TODAY)
    visits: list[Visit] = []
    now = NOW

    for _ in range(STEPS):
        now += chance.choice([dt.timedelta(0), dt.timedelta(seconds=1)])
        if not visits or chance.random() < 0.35:
            day = random_day(chance)
            visit = make.visit(facilitator, random_answers(chance), visited_on=day, now=now)
            visits.append(visit)
        else:
            visit = chance.choice(visits)
            own = [each.answer.item_id for each in answers_of_visit(session, visit.id)]
            day = random_day(chance) if chance.random() < 0.5 else visit.visited_on
            answers = random_answers(chance, own)
            correct(make, visit, answers, visited_on=day, started=None, ended=None, now=now)
            refresh_standing(session, cooperative, instruments, today=TODAY, now=now)

        log = session.scalars(select(Answer).where(Answer.cooperative_id == cooperative.id)).all()
        expected = from_scratch(log, TODAY)
        folded = session.execute(select(CurrentAnswer.item_id, CurrentAnswer.answer_id, CurrentAnswer.answered_on))
        assert {row.item_id: (row.answer_id, row.answered_on) for row in folded} == {
            item_id: (row.id, row.answered_on) for item_id, row in expected.items()
        }
        as_of = answers_as_of(session, cooperative.id, day)
        assert plain(as_of) == as_plain(from_scratch(log, day))
        assert_scored(session, visit, as_of, facts_of(cooperative, day))
        last = session.scalars(select(StandingScore)).all()
        on = max(each.visited_on for each in visits)
        assert {row.measured_on for row in last} == {on}
        for row in last:
            (published,) = (each for each in instruments if each.instrument.code == row.instrument_code)
            current, facts = current_answers(session, cooperative.id), facts_of(cooperative, on)
            assert row.score == assessment(published.instrument, current, stage=2, on=on, facts=facts).score().rounded

    assert any(visit.revision > 1 for visit in visits)


def assert_scored(session: Session, visit: Visit, known_then: dict[str, RecordedAnswer], facts: Facts) -> None:
    """The scores of the visit's present revision are those of what was known on its day."""
    rows = {row.instrument_code: row for row in scores_of_visit(session, visit.id)}
    assert {row.revision for row in rows.values()} == {visit.revision}
    for published in instruments_on(session, TODAY):
        row = rows[published.instrument.code]
        expected = assessment(published.instrument, known_then, stage=2, on=visit.visited_on, facts=facts).score()
        assert (row.measured_on, row.score) == (visit.visited_on, expected.rounded)
        assert tuple(row.critical_unmet) == expected.critical_unmet


def test_earlier_revisions_stay_in_the_log_of_scores(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("no", "klaim")})
    before = session.get_one(VisitScore, (visit.id, "KL", 1)).score

    correct(make, visit, {"KL-01": ("yes", "diamati")})

    session.expire_all()
    assert session.get_one(VisitScore, (visit.id, "KL", 1)).score == before
    assert session.get_one(VisitScore, (visit.id, "KL", 2)).score != before

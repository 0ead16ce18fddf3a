import datetime as dt
import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.records.figures import Month
from pendamping.plans.moves import start
from pendamping.progress.programme import (
    StageStep,
    ages_of_open_actions,
    burn_up,
    city_figures,
    months_until,
    rhythms,
    stage_history_of,
    stages_over,
    visits_by_week,
)
from pendamping.progress.stages.models import Verdict
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make

FORMATION, OPERATION = Stage.FORMATION, Stage.OPERATION
CHOSEN = select(Cooperative)


def test_taking_steps_back_leads_to_where_everybody_began() -> None:
    dice = random.Random(7)
    stages = [dice.choice(list(Stage)) for _ in range(20)]
    began = {stage: stages.count(stage) for stage in Stage}
    steps = []
    for day in sorted(dt.date(2026, 1, 1) + dt.timedelta(days=dice.randrange(100)) for _ in range(30)):
        at = dice.randrange(20)
        to = dice.choice([stage for stage in Stage if stage is not stages[at]])
        steps.append(StageStep(day, stages[at], to))
        stages[at] = to
    now = {stage: stages.count(stage) for stage in Stage}

    found = stages_over(now, steps, [Month(2025, 12), Month(2026, 2), Month(2026, 4)])

    assert found[Month(2025, 12)] == began
    assert found[Month(2026, 4)] == now
    assert {sum(counts.values()) for counts in found.values()} == {20}


def test_a_year_is_counted_from_what_was_recorded(session: Session, make: Make) -> None:
    make.short_instruments()
    user = make.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna")
    make.stage_decision(KARIANGAU, verdict=Verdict.SET, stage=OPERATION, decided_on=dt.date(2026, 3, 2))
    late = make.action_draft(due_on=dt.date(2026, 4, 1))
    first = make.visit(user, visited_on=dt.date(2026, 2, 3), actions=(late, make.action_draft()))
    make.visit(user, code=KARIANGAU, visited_on=TODAY)
    make.visit(user, visited_on=dt.date(2026, 2, 10)).is_addendum = True
    session.flush()
    action = make.agree(first, user, make.action_draft())[0]
    start(session, action, author_id=user.id, actor=ACTOR, now=NOW)
    for month, members in ((Month(2026, 2), 100), (Month(2026, 3), 130)):
        make.figures(month, members=members, cashless_percent=20)
    make.figures(Month(2026, 3), seen_revision=1, members=120, cashless_percent=40)

    history = stage_history_of(session, CHOSEN, today=TODAY)
    burnt = burn_up(session, CHOSEN, today=TODAY)
    figures = city_figures(session, CHOSEN, today=TODAY)
    weeks = visits_by_week(session, CHOSEN, first=dt.date(2026, 1, 1), today=TODAY)

    assert list(history) == months_until(TODAY)
    assert history[Month(2026, 2)][FORMATION] - history[Month(2026, 4)][FORMATION] == 1
    assert (burnt.agreed[-1], burnt.reported[-1], burnt.verified[-1]) == (3, 0, 0)
    assert (figures.members_before, figures.members_now, figures.cashless_percent) == (100, 120, 40)
    assert [(day, count) for day, count in weeks if count] == [(dt.date(2026, 2, 2), 1), (dt.date(2026, 4, 13), 1)]
    assert len(weeks) == 16
    assert ages_of_open_actions(session, CHOSEN, today=TODAY) == [(0, 2), (14, 1), (30, 0), (90, 0), (None, 0)]
    (rhythm,) = rhythms(session, CHOSEN, today=TODAY, limit=5)
    assert (rhythm.name, rhythm.cooperatives, rhythm.visits[-3:]) == ("Ratna", 2, [1, 0, 1])

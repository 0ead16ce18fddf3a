"""Everything the gates and criteria say of one cooperative on a day. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pendamping.instruments.answers import Facts
from pendamping.instruments.due import Dated
from pendamping.instruments.stages import (
    FRESH_DAYS,
    Gate,
    GateResult,
    Lapse,
    Quarter,
    ScoreOf,
    Scores,
    StageModel,
    evaluate,
    evaluate_criteria,
    gate_of,
    holds_until,
    key_of,
    lapses,
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a cooperative on a day: all that a gate may ask.

    scores: from `answers`, at its stage.  history: the scores at the end of past quarters.
    """

    stage: int
    answers: Mapping[str, Dated]
    scores: Scores
    history: Mapping[Quarter, Scores]
    facts: Facts
    on: dt.date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the gates and criteria say. `holds_until` only counts where the gate is reached."""

    gate: GateResult
    holds_until: dt.date | None
    lapses: tuple[Lapse, ...]
    designations: Mapping[str, GateResult]

    @property
    def failures(self) -> list[Lapse]:
        """What a gate behind it asks for and the newest answers say no to."""
        return [each for each in self.lapses if each.is_failure]

    @property
    def to_look_at_again(self) -> list[Lapse]:
        return [each for each in self.lapses if not each.is_failure]


def outcome_of(model: StageModel, now: Situation) -> Outcome:
    gate = gate_of(model, now.stage)
    result = evaluate(gate, now.answers, now.scores, now.history, on=now.on, facts=now.facts)
    return Outcome(
        gate=result,
        holds_until=holds_until(gate, now.answers) if result.is_reached else None,
        lapses=lapses(model, now.stage, now.answers, on=now.on, facts=now.facts),
        designations={
            each.code: evaluate_criteria(
                each.criteria, now.answers, now.scores, now.history, stage=now.stage, on=now.on, facts=now.facts
            )
            for each in model.designations
            if each.criteria
        },
    )


def missing_keys(result: GateResult) -> list[str]:
    """What records keep of what was missing."""
    return [key_of(each.wanted) for each in result.unmet]


def has_next(model: StageModel, stage: int) -> bool:
    """Whether a stage follows; where none does a gate that is reached asks for no decision."""
    return stage < len(model.stages)


# Past quarters --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScoreMark:
    """An instrument's score after a visit, at the stage that the cooperative is still at."""

    instrument: str
    score: Decimal
    measured_on: dt.date


def quarters_asked(model: StageModel, stage: int) -> int:
    """How many past quarters the gate and the criteria look back on; mostly none."""
    gates: list[Gate] = [gate_of(model, stage), *(each.criteria.gate for each in model.designations if each.criteria)]
    return max((gate.sustained.quarters for gate in gates if gate.sustained), default=0)


def last_day_of(quarter: Quarter) -> dt.date:
    year, month = (quarter.year + 1, 1) if quarter.number == 4 else (quarter.year, quarter.number * 3 + 1)
    return dt.date(year, month, 1) - dt.timedelta(days=1)


def past_quarters(count: int, *, on: dt.date) -> list[Quarter]:
    """The last so many that are over, the newest first."""
    quarters, quarter = [], Quarter.of(on)
    for _ in range(count):
        quarter = quarter.before()
        quarters.append(quarter)
    return quarters


def history_since(quarters: Sequence[Quarter]) -> dt.date:
    """The first day of which a score may still count at the end of one of these quarters."""
    return last_day_of(quarters[-1]) - dt.timedelta(days=FRESH_DAYS)


def history_of(marks: Iterable[ScoreMark], quarters: Sequence[Quarter]) -> dict[Quarter, Scores]:
    """The scores that stood at the end of each quarter.

    A score older than a gate accepts of any assessment (120 days) stood no longer: our proposal. Only whole instruments
    are known, because visits store no sections.

    Args:
        marks: in the order in which they were measured.
    """
    ends = {quarter: last_day_of(quarter) for quarter in quarters}
    history: dict[Quarter, dict[ScoreOf, Fraction]] = {quarter: {} for quarter in quarters}
    for mark in marks:
        for quarter, end in ends.items():
            if 0 <= (end - mark.measured_on).days <= FRESH_DAYS:
                history[quarter][ScoreOf(mark.instrument)] = Fraction(mark.score)
    return dict(history)

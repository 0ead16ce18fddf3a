"""Stage gates: what must hold before a cooperative may be proposed for the next stage.

The gates stand in `files/tahapan.yaml`, which `reading.stages` reads; they are our draft, not the agency's. Reaching a
gate only proposes: the agency decides with a note and a date, and nothing here ever moves a cooperative back.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Self, TypeAlias

from pendamping.instruments.answers import Answer, Facts, MissingFact, answer_value
from pendamping.instruments.definition import FULL_VALUE, NOT_APPLICABLE, Item, Proof
from pendamping.instruments.due import Dated, comes_round_on, facts_when_given
from pendamping.instruments.scoring import Score

GRACE = dt.timedelta(days=30)
"""So long after the month in which an item is asked again its last answer still opens a gate (`validity`)."""

FRESH_DAYS = 120
"""An instrument that was last looked at longer ago opens no gate (`validity`)."""


class Operator(StrEnum):
    EQUALS = "equals"
    """The answer is this one."""
    AT_LEAST = "at_least"
    """The level of a scale, or the number itself."""
    VALUE_AT_LEAST = "value_at_least"
    """What the answer is worth, 0 to 1."""


class ScoreOf(NamedTuple):
    """Which score: an instrument's, or that of one of its sections."""

    instrument: str
    section: str | None = None


class Quarter(NamedTuple):
    year: int
    number: int
    """1 to 4."""

    @classmethod
    def of(cls, day: dt.date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


Scores: TypeAlias = Mapping[ScoreOf, Fraction]
"""Scores of 0 to 100; what has none is absent."""


def scores_by_name(scores: Iterable[tuple[str, Score]]) -> dict[ScoreOf, Fraction]:
    """The scores of instruments, by their codes, and of all their sections, for `evaluate`."""
    named: dict[ScoreOf, Fraction | None] = {}
    for code, score in scores:
        named[ScoreOf(code)] = score.value
        named |= {ScoreOf(code, each.section.code): each.value for each in score.sections}
    return {of: value for of, value in named.items() if value is not None}


# What a gate asks for -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    """An item's last answer must be like this."""

    item: Item
    operator: Operator
    wanted: str | Decimal
    """The answer itself for `equals`, else the least number."""
    na_counts_as_unmet: bool = False

    def holds(self, answer: Answer, facts: Facts) -> bool:
        """Whether an answer is as wanted, proven or not; N/A is unless the gate says otherwise (`na_rule`).

        A date that cannot be judged, because the one it counts from is not known, is not as wanted.
        """
        if answer.value == NOT_APPLICABLE:
            return not self.na_counts_as_unmet
        if isinstance(self.wanted, str):
            return answer.value == self.wanted
        if self.operator is Operator.AT_LEAST:
            return Decimal(answer.value) >= self.wanted
        try:
            value = answer_value(self.item, answer, facts)
        except MissingFact:
            return False
        return value is not None and value >= self.wanted * FULL_VALUE


@dataclass(frozen=True, slots=True)
class MinimumScore:
    """A score must be at least this."""

    of: ScoreOf
    wanted: Decimal

    def holds(self, scores: Scores) -> bool:
        found = scores.get(self.of)
        return found is not None and found >= Fraction(self.wanted)


@dataclass(frozen=True, slots=True)
class Sustained:
    """All minimum scores must have held at the end of each of the last so many quarters that are over."""

    quarters: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """An instrument must have been looked at lately, by however few items."""

    instrument: str
    within_days: int = FRESH_DAYS


@dataclass(frozen=True, slots=True)
class ReachedStage:
    """A cooperative must be at this stage or beyond it; only designations ask for that."""

    order: int


Requirement: TypeAlias = Condition | MinimumScore | Sustained | Assessed | ReachedStage


def key_of(requirement: Requirement) -> str:
    """A short name, the same in every version of the file, by which records keep what was missing."""
    match requirement:
        case Condition(item=item):
            return item.id
        case MinimumScore(of=of):
            return f"skor:{of.section or of.instrument}"
        case Sustained():
            return "triwulan"
        case Assessed(instrument=code):
            return f"penilaian:{code}"
        case ReachedStage():
            return "tahap"


@dataclass(frozen=True, slots=True)
class Gate:
    """What must hold on leaving a stage."""

    must_hold: tuple[Condition, ...]
    min_scores: tuple[MinimumScore, ...]
    sustained: Sustained | None
    assessed: tuple[Assessed, ...]
    """Each instrument that the gate asks anything of."""
    outcome_label_id: str | None
    outcome_label_en: str | None
    """How reaching it is called where no stage follows."""

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        sustained = (self.sustained,) if self.sustained else ()
        return (*self.must_hold, *self.min_scores, *sustained, *self.assessed)


@dataclass(frozen=True, slots=True)
class Stage:
    order: int
    """1 to 3; an instrument's `applies_from_stage` means this."""
    code: str
    name_id: str
    name_en: str
    description_id: str
    gate: Gate


@dataclass(frozen=True, slots=True)
class Criteria:
    """When a designation may be proposed: from a stage on, and where a gate of its own is reached."""

    stage: ReachedStage
    gate: Gate

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        return (self.stage, *self.gate.requirements)


@dataclass(frozen=True, slots=True)
class Designation:
    """A mark beside the stage."""

    code: str
    name_id: str
    name_en: str
    note_id: str
    criteria: Criteria | None = None
    """What it is proposed by; None for one that is nobody's to give, because it follows from the facts."""


class UnknownStage(Exception):
    """The model has no such stage."""


@dataclass(frozen=True, slots=True)
class StageModel:
    code: str
    version: str
    stages: tuple[Stage, ...]
    """In order, from 1."""
    designations: tuple[Designation, ...]
    source_text: str
    source_confidence: str


def gate_of(model: StageModel, stage: int) -> Gate:
    """What a cooperative at a stage must reach before the next one may be proposed.

    Raises:
        UnknownStage: the model has no stage of this order.
    """
    for each in model.stages:
        if each.order == stage:
            return each.gate
    raise UnknownStage(stage)


# Whether it is reached ------------------------------------------------------------------------------------------------


class UnmetReason(StrEnum):
    UNANSWERED = "unanswered"
    BELOW = "below"
    UNPROVEN = "unproven"
    """As wanted, but a claim: a critical item opens a gate only when somebody has seen proof of it."""
    EXPIRED = "expired"
    """As wanted and proven, but it should have been asked again since."""
    SCORE_BELOW = "score_below"
    NOT_SUSTAINED = "not_sustained"
    TOO_OLD = "too_old"
    STAGE_BELOW = "stage_below"


Found: TypeAlias = str | Fraction | int | dt.date | None
"""An answer, a score, for how many quarters on end it held, the day of the last look, or the order of the present
stage; None where none is.
"""


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing still missing."""

    wanted: Requirement
    reason: UnmetReason
    found: Found


@dataclass(frozen=True, slots=True)
class GateResult:
    unmet: tuple[Unmet, ...]
    """In the gate's order, each requirement once at most."""
    count: int
    """Of all requirements, met or not."""

    @property
    def is_reached(self) -> bool:
        return not self.unmet

    @property
    def met(self) -> int:
        return self.count - len(self.unmet)


def evaluate(
    gate: Gate,
    answers: Mapping[str, Dated],
    scores: Scores,
    history: Mapping[Quarter, Scores],
    *,
    on: dt.date,
    facts: Facts,
) -> GateResult:
    """Whether a cooperative reaches a gate on a day, and all that it lacks.

    Args:
        answers: its newest ones up to that day, by item.
        scores: from the same answers, at the cooperative's stage.
        history: the scores that stood at the end of past quarters; a quarter that is absent did not hold.
        facts: of the cooperative on that day.
    """
    found = (
        *(_unmet_condition(each, answers.get(each.item.id), on=on, facts=facts) for each in gate.must_hold),
        *(_unmet_score(each, scores) for each in gate.min_scores),
        _not_sustained(gate, history, on=on),
        *(_too_old(each, answers, on=on) for each in gate.assessed),
    )
    return GateResult(tuple(each for each in found if each is not None), len(gate.requirements))


def evaluate_criteria(
    criteria: Criteria,
    answers: Mapping[str, Dated],
    scores: Scores,
    history: Mapping[Quarter, Scores],
    *,
    stage: int,
    on: dt.date,
    facts: Facts,
) -> GateResult:
    """Whether a designation may be proposed for a cooperative at a stage; the rest as `evaluate`."""
    result = evaluate(criteria.gate, answers, scores, history, on=on, facts=facts)
    below = () if stage >= criteria.stage.order else (Unmet(criteria.stage, UnmetReason.STAGE_BELOW, stage),)
    return GateResult((*below, *result.unmet), result.count + 1)


@dataclass(frozen=True, slots=True)
class Lapse:
    """Something that a gate behind the cooperative asks for and that does not hold now."""

    stage: Stage
    """The stage whose gate it was."""
    unmet: Unmet

    @property
    def is_failure(self) -> bool:
        """Somebody has looked, and it is not as wanted. What is old, unproven or was never asked must only be looked at
        again: nobody knows that it does not hold.
        """
        return self.unmet.reason is UnmetReason.BELOW


def lapses(
    model: StageModel, stage: int, answers: Mapping[str, Dated], *, on: dt.date, facts: Facts
) -> tuple[Lapse, ...]:
    """What the gates behind a cooperative at a stage ask for and its newest answers do not give (`regression`).

    Only items: a score is worked out at the present stage, so it falls by itself on the day a cooperative moves on.
    """
    found = (
        (behind, _unmet_condition(condition, answers.get(condition.item.id), on=on, facts=facts))
        for behind in model.stages
        if behind.order < stage
        for condition in behind.gate.must_hold
    )
    return tuple(Lapse(behind, unmet) for behind, unmet in found if unmet is not None)


def holds_until(gate: Gate, answers: Mapping[str, Dated]) -> dt.date | None:
    """The last day on which a gate that is reached stays so if nobody answers anything; None if it always does."""
    ends = [
        valid_until(each.item, last.answered_on)
        for each in gate.must_hold
        if (last := answers.get(each.item.id)) is not None
    ]
    for each in gate.assessed:
        looked_on = _last_looked_on(each.instrument, answers)
        ends.append(looked_on + dt.timedelta(days=each.within_days) if looked_on else None)
    return min((end for end in ends if end is not None), default=None)


def valid_until(item: Item, answered_on: dt.date) -> dt.date | None:
    """The last day on which an answer opens a gate: a while after the month in which it comes round (`validity`).

    None for what is asked once: fulfilled, it stays so.
    """
    again_on = comes_round_on(item, answered_on)
    if again_on is None:
        return None
    last_of_month = (again_on.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return last_of_month + GRACE


def _unmet_condition(condition: Condition, last: Dated | None, *, on: dt.date, facts: Facts) -> Unmet | None:
    """What is not as wanted is named before what is only unproven or old: it is what somebody must change."""
    if last is None:
        return Unmet(condition, UnmetReason.UNANSWERED, None)
    answer, until = last.answer, valid_until(condition.item, last.answered_on)
    if not condition.holds(answer, facts_when_given(facts, last.answered_on)):
        return Unmet(condition, UnmetReason.BELOW, answer.value)
    if condition.item.is_critical and answer.proof == Proof.CLAIM and answer.value != NOT_APPLICABLE:
        return Unmet(condition, UnmetReason.UNPROVEN, answer.value)
    if until is not None and on > until:
        return Unmet(condition, UnmetReason.EXPIRED, answer.value)
    return None


def _unmet_score(minimum: MinimumScore, scores: Scores) -> Unmet | None:
    if minimum.holds(scores):
        return None
    return Unmet(minimum, UnmetReason.SCORE_BELOW, scores.get(minimum.of))


def _not_sustained(gate: Gate, history: Mapping[Quarter, Scores], *, on: dt.date) -> Unmet | None:
    """The quarter that still runs does not count: it could be one good day."""
    if gate.sustained is None:
        return None
    quarter, held = Quarter.of(on).before(), 0
    while held < gate.sustained.quarters and all(each.holds(history.get(quarter, {})) for each in gate.min_scores):
        quarter, held = quarter.before(), held + 1
    return Unmet(gate.sustained, UnmetReason.NOT_SUSTAINED, held) if held < gate.sustained.quarters else None


def _too_old(assessed: Assessed, answers: Mapping[str, Dated], *, on: dt.date) -> Unmet | None:
    """What was never looked at at all is too old as well."""
    last_on = _last_looked_on(assessed.instrument, answers)
    if last_on is not None and (on - last_on).days <= assessed.within_days:
        return None
    return Unmet(assessed, UnmetReason.TOO_OLD, last_on)


def _last_looked_on(instrument: str, answers: Mapping[str, Dated]) -> dt.date | None:
    days = (last.answered_on for item_id, last in answers.items() if item_id.startswith(f"{instrument}-"))
    return max(days, default=None)

"""A cooperative's gate, gathered for its page, for its own phone and for the page where the agency decides."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.instruments.definition import Instrument
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.stages import (
    Condition,
    Found,
    GateResult,
    Lapse,
    MinimumScore,
    Requirement,
    StageModel,
    Unmet,
    UnmetReason,
    gate_of,
    key_of,
)
from pendamping.kernel.i18n import word
from pendamping.plans.queries import ActionView
from pendamping.progress.queries import CooperativeRow
from pendamping.progress.stages.gates import Outcome, Situation, missing_keys, outcome_of
from pendamping.progress.stages.in_force import stages_in_force
from pendamping.progress.stages.mark import AttentionReason, attention
from pendamping.progress.stages.models import StandingDesignation
from pendamping.progress.stages.policy import next_stage
from pendamping.progress.stages.queries import situation_of
from pendamping.progress.stages.words import (
    attention_words,
    found_words,
    label_of,
    next_step,
    reason_word,
    wanted_in_full,
)
from pendamping.visits.log import scored_on
from pendamping.visits.queries import RecordedAnswer


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One requirement in words. `reason` is None where it is met.

    action: the open action on its item.
    suggestion: where there is none, the item's own.
    """

    item_id: str | None
    label: str
    is_critical: bool
    wanted: str
    found: str | None
    found_on: dt.date | None
    reason: str | None
    action: ActionView | None
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class LapseGroup:
    """What a gate behind the cooperative asks for and that does not hold, or is not known to hold."""

    stage: Stage
    lines: Sequence[RequirementLine]


@dataclass(frozen=True, slots=True)
class StageView:
    """Where a cooperative stands between two stages.

    outcome_label: how reaching the last gate is called.  rests: the agency has said "not yet" to these very answers.
    """

    stage: Stage
    is_confirmed: bool
    next: Stage | None
    outcome_label: str | None
    met: int
    count: int
    unmet: Sequence[RequirementLine]
    fulfilled: Sequence[RequirementLine]
    failures: Sequence[LapseGroup]
    to_look_at_again: Sequence[LapseGroup]
    rests: bool

    @property
    def is_reached(self) -> bool:
        return not self.unmet

    @property
    def is_proposed(self) -> bool:
        return self.is_reached and self.next is not None and not self.rests

    @property
    def failure_count(self) -> int:
        return sum(len(group.lines) for group in self.failures)


@dataclass(frozen=True, slots=True)
class Wording:
    """What turns requirements into lines: the instruments, the answers, and what is being done about them."""

    instruments: Mapping[str, Instrument]
    situation: Situation
    actions: Mapping[str, ActionView]
    """Open ones, by item."""

    def unmet(self, unmet: Unmet) -> RequirementLine:
        return self._line(unmet.wanted, unmet.found, unmet.reason)

    def met(self, requirement: Requirement) -> RequirementLine:
        return self._line(requirement, self._found(requirement), None)

    def _found(self, requirement: Requirement) -> Found:
        match requirement:
            case Condition(item=item):
                return self.situation.answers[item.id].answer.value
            case MinimumScore(of=of):
                return self.situation.scores.get(of)
            case _other:
                return None

    def _line(self, wanted: Requirement, found: Found, reason: UnmetReason | None) -> RequirementLine:
        item = wanted.item if isinstance(wanted, Condition) else None
        answered = self.situation.answers.get(item.id) if item else None
        action = self.actions.get(item.id) if item and reason else None
        return RequirementLine(
            item_id=item.id if item else None,
            label=label_of(wanted, self.instruments),
            is_critical=item is not None and item.is_critical,
            wanted=wanted_in_full(wanted),
            found=found_words(wanted, found),
            found_on=answered.answered_on if answered else None,
            reason=reason_word(reason) if reason else None,
            action=action,
            suggestion=next_step(item, reason) if item and reason and not action else None,
        )


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A cooperative's gates worked out for a page; `wording` says any part of them."""

    model: StageModel
    outcome: Outcome
    wording: Wording


def evaluated(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    *,
    answers: Mapping[str, RecordedAnswer],
    actions: Iterable[ActionView],
    measured_on: dt.date | None,
    today: dt.date,
) -> Evaluated | None:
    """What the gates say today, exactly; None where they do not fit the instruments in force.

    Args:
        answers: the current ones.
        actions: those that are open.
        measured_on: the day of the last visit.
    """
    model = stages_in_force(instruments)
    if model is None:
        return None
    scored = scored_on(session, cooperative, instruments, answers, on=measured_on or today)
    now = situation_of(session, cooperative, instruments, model, answers=answers, scored=scored, today=today)
    by_item = {each.item_id: each for each in actions if each.item_id}
    wording = Wording({each.instrument.code: each.instrument for each in instruments}, now, by_item)
    return Evaluated(model, outcome_of(model, now), wording)


def stage_view(cooperative: Cooperative, found: Evaluated, *, rests: bool) -> StageView:
    gate, wording = gate_of(found.model, cooperative.stage.order), found.wording
    missing = set(missing_keys(found.outcome.gate))
    return StageView(
        stage=cooperative.stage,
        is_confirmed=cooperative.stage_confirmed_on is not None,
        next=next_stage(cooperative.stage),
        outcome_label=word(gate, "outcome_label") if gate.outcome_label_id else None,
        met=found.outcome.gate.met,
        count=found.outcome.gate.count,
        unmet=[wording.unmet(each) for each in found.outcome.gate.unmet],
        fulfilled=[wording.met(each) for each in gate.requirements if key_of(each) not in missing],
        failures=_groups(found.outcome.failures, wording),
        to_look_at_again=_groups(found.outcome.to_look_at_again, wording),
        rests=rests and found.outcome.gate.is_reached,
    )


def _groups(lapses: Sequence[Lapse], wording: Wording) -> list[LapseGroup]:
    lines: dict[int, list[RequirementLine]] = {}
    for each in lapses:
        lines.setdefault(each.stage.order, []).append(wording.unmet(each.unmet))
    return [LapseGroup(list(Stage)[order - 1], own) for order, own in sorted(lines.items())]


# Designations and attention -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DesignationLine:
    """One designation of one cooperative: since when it has it, and what it lacks."""

    code: str
    name: str
    held_since: dt.date | None
    is_proposed: bool
    unmet: Sequence[RequirementLine]
    count: int


def designation_lines(found: Evaluated, stored: Sequence[StandingDesignation]) -> list[DesignationLine]:
    """Every designation that people decide about."""
    held = {row.designation_code: row.held_since for row in stored}
    lines = []
    for each in found.model.designations:
        result: GateResult | None = found.outcome.designations.get(each.code)
        if result is not None:
            since = held.get(each.code)
            unmet = [found.wording.unmet(one) for one in result.unmet]
            is_proposed = result.is_reached and since is None
            lines.append(DesignationLine(each.code, word(each, "name"), since, is_proposed, unmet, result.count))
    return lines


def attention_of(row: CooperativeRow, view: StageView | None, *, today: dt.date) -> list[str]:
    """Why a cooperative needs attention, in words, from what its standing says."""
    reasons: Sequence[AttentionReason] = attention(
        critical_unmet=sum(len(cell.critical_unmet) for cell in row.scores),
        last_visit_on=row.last_visit_on,
        next_due_on=row.next_due_on,
        lapsed=view.failure_count if view else 0,
        today=today,
    )
    return [attention_words(each) for each in reasons]

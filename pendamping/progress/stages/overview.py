"""The two pages of decisions: one cooperative's stage, and one designation across the region."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.queries import PublishedInstrument, instruments_on
from pendamping.instruments.reading.nodes import InstrumentFault
from pendamping.instruments.stages import Condition, Designation, key_of
from pendamping.kernel.roles import Role
from pendamping.plans.queries import open_actions
from pendamping.progress.models import Standing
from pendamping.progress.stages.in_force import stage_faults, stages_in_force
from pendamping.progress.stages.models import DesignationDecision, StageDecision, Verdict
from pendamping.progress.stages.page import DesignationLine, StageView, designation_lines, evaluated, stage_view
from pendamping.progress.stages.policy import (
    can_decide,
    offered,
    visible_designation_decisions,
    visible_stage_decisions,
)
from pendamping.progress.stages.queries import (
    DesignationDecisionView,
    DesignationRow,
    StageDecisionView,
    designation_history,
    designation_rows,
    designations_of,
    is_resting,
    last_decision,
    stage_history,
)
from pendamping.progress.stages.words import label_of, wanted_words
from pendamping.visits.queries import current_answers

ROWS_SHOWN = 200
HISTORY_SHOWN = 60


def faults_for(user: User, instruments: Sequence[PublishedInstrument]) -> Sequence[InstrumentFault]:
    """Why no gate can be shown, for those who can do something about it."""
    return stage_faults(instruments) if user.role is Role.ADMIN else ()


@dataclass(frozen=True, slots=True)
class StagePage:
    """`view` is None where the gates do not fit the instruments in force; `faults` then says why, to the admin."""

    cooperative: NameAndCode
    stage: Stage
    is_confirmed: bool
    view: StageView | None
    faults: Sequence[InstrumentFault]
    designations: Sequence[DesignationLine]
    designation_history: Sequence[DesignationDecisionView]
    history: Sequence[StageDecisionView]
    last_number: int
    offered: Sequence[Verdict]
    can_decide: bool


def stage_page(session: Session, cooperative: Cooperative, user: User, *, today: dt.date) -> StagePage:
    """Everything about one cooperative's stage, evaluated today."""
    instruments = instruments_on(session, today)
    standing = session.get(Standing, cooperative.id)
    found = evaluated(
        session,
        cooperative,
        instruments,
        answers=current_answers(session, cooperative.id),
        actions=open_actions(session, cooperative.id, today=today),
        measured_on=standing.last_visit_on if standing else None,
        today=today,
    )
    last = last_decision(session, cooperative.id)
    rests = is_resting(session, cooperative, last)
    is_confirmed = cooperative.stage_confirmed_on is not None
    gate = found.outcome.gate if found else None
    own = visible_stage_decisions(user, today=today).where(StageDecision.cooperative_id == cooperative.id)
    given = visible_designation_decisions(user, today=today)
    return StagePage(
        cooperative=name_and_code(cooperative),
        stage=cooperative.stage,
        is_confirmed=is_confirmed,
        view=stage_view(cooperative, found, rests=rests) if found else None,
        faults=faults_for(user, instruments),
        designations=designation_lines(found, designations_of(session, cooperative.id)) if found else (),
        designation_history=designation_history(
            session, given.where(DesignationDecision.cooperative_id == cooperative.id), limit=HISTORY_SHOWN
        ),
        history=stage_history(session, own),
        last_number=last.number if last else 0,
        offered=offered(cooperative.stage, is_confirmed=is_confirmed, gate=gate, is_resting=rests),
        can_decide=can_decide(user),
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cooperative beside a designation; `missing` in words, with the item's id where there is one."""

    code: str
    short_name: str
    stage: Stage
    held_since: dt.date | None
    note: str
    decided_by: str
    is_evaluated: bool
    missing: Sequence[str]

    @property
    def is_proposed(self) -> bool:
        return self.held_since is None and self.is_evaluated and not self.missing


@dataclass(frozen=True, slots=True)
class DesignationPage:
    """One designation; `chosen` is None where no file of criteria fits the instruments in force."""

    chosen: Designation | None
    designations: Sequence[Designation]
    criteria: Sequence[str]
    rows: Sequence[Candidate]
    has_more: bool
    history: Sequence[DesignationDecisionView]
    faults: Sequence[InstrumentFault]
    can_decide: bool

    @property
    def holders(self) -> list[Candidate]:
        return [row for row in self.rows if row.held_since]

    @property
    def proposed(self) -> list[Candidate]:
        return [row for row in self.rows if row.is_proposed]

    @property
    def others(self) -> list[Candidate]:
        """Those that lack something, the least first; then those nobody has evaluated."""
        return [row for row in self.rows if row.held_since is None and not row.is_proposed]


def designation_page(session: Session, user: User, asked: str | None, *, today: dt.date) -> DesignationPage:
    """The designation that was asked for, else the first; the same few queries for any number of cooperatives."""
    instruments = instruments_on(session, today)
    model = stages_in_force(instruments)
    designations = [each for each in model.designations if each.criteria] if model else []
    by_code = {each.code: each for each in designations}
    chosen = by_code.get(asked or "") or (designations[0] if designations else None)
    words = _criteria_words(chosen, instruments) if chosen else {}
    found = _rows(session, user, chosen, today) if chosen else []
    history = _history(session, user, chosen, today) if chosen else []
    latest = {each.code: each for each in reversed(history)}
    return DesignationPage(
        chosen=chosen,
        designations=designations,
        criteria=list(words.values()),
        rows=[_candidate(row, words, latest.get(row.code)) for row in found[:ROWS_SHOWN]],
        has_more=len(found) > ROWS_SHOWN,
        history=history[:HISTORY_SHOWN],
        faults=faults_for(user, instruments),
        can_decide=can_decide(user),
    )


def _criteria_words(designation: Designation, instruments: Sequence[PublishedInstrument]) -> dict[str, str]:
    """Each requirement in words, by its key."""
    by_code = {each.instrument.code: each.instrument for each in instruments}
    words = {}
    for each in designation.criteria.requirements if designation.criteria else ():
        label = f"{each.item.id} {label_of(each, by_code)}" if isinstance(each, Condition) else label_of(each, by_code)
        words[key_of(each)] = f"{label}: {wanted_words(each)}"
    return words


def _rows(session: Session, user: User, chosen: Designation, today: dt.date) -> list[DesignationRow]:
    visible = visible_cooperatives(user, today=today)
    return designation_rows(session, visible, chosen.code, limit=ROWS_SHOWN + 1)


def _history(session: Session, user: User, chosen: Designation, today: dt.date) -> list[DesignationDecisionView]:
    own = visible_designation_decisions(user, today=today).where(DesignationDecision.designation_code == chosen.code)
    return designation_history(session, own, limit=ROWS_SHOWN + HISTORY_SHOWN)


def _candidate(row: DesignationRow, words: dict[str, str], latest: DesignationDecisionView | None) -> Candidate:
    is_held = row.held_since is not None
    return Candidate(
        code=row.code,
        short_name=row.short_name,
        stage=row.stage,
        held_since=row.held_since,
        note=latest.note if latest and is_held else "",
        decided_by=latest.decided_by if latest and is_held else "",
        is_evaluated=row.criteria_count is not None,
        missing=[words.get(key, key) for key in row.missing],
    )

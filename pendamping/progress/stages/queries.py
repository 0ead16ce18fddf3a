"""What gates, verbs and pages read: the situation of a cooperative, and what was decided about it.

Selects that every visit runs when it comes in are made once (`@cache`): making one takes longer than running it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Score
from pendamping.instruments.stages import Quarter, Scores, StageModel, scores_by_name
from pendamping.kernel.bulk import read
from pendamping.progress.models import Standing
from pendamping.progress.stages.gates import (
    ScoreMark,
    Situation,
    history_of,
    history_since,
    last_day_of,
    past_quarters,
    quarters_asked,
)
from pendamping.progress.stages.models import DesignationDecision, StageDecision, StandingDesignation, Verdict
from pendamping.visits.assessments import held_against
from pendamping.visits.log import facts_of
from pendamping.visits.models import CurrentAnswer, Visit, VisitScore
from pendamping.visits.queries import RecordedAnswer


@dataclass(frozen=True, slots=True)
class StageDecisionView:
    number: int
    verdict: Verdict
    from_stage: Stage
    to_stage: Stage
    decided_on: dt.date
    note: str
    decided_by: str
    recorded_at: dt.datetime
    gate_met: int | None
    gate_count: int | None


@dataclass(frozen=True, slots=True)
class DesignationDecisionView:
    """`cooperative` is the short name."""

    code: str
    cooperative: str
    designation_code: str
    is_given: bool
    decided_on: dt.date
    note: str
    decided_by: str
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class DesignationRow:
    """One cooperative beside one designation; `missing` by `instruments.stages.key_of`, `criteria_count` None where
    nothing has been evaluated yet.
    """

    code: str
    short_name: str
    stage: Stage
    missing: Sequence[str]
    criteria_count: int | None
    held_since: dt.date | None


# What a gate asks -----------------------------------------------------------------------------------------------------


def situation_of(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    model: StageModel,
    *,
    answers: Mapping[str, RecordedAnswer],
    scored: Sequence[tuple[PublishedInstrument, Score]],
    today: dt.date,
) -> Situation:
    """All that a gate may ask of a cooperative today, by the answers that still answer what is asked (`held_against`).
    No query, but for one where it looks back on past quarters.

    Args:
        answers: the current ones.
        scored: what they score on the day of the last visit (`visits.log.scored_on`).
    """
    stage = cooperative.stage.order
    asked = (
        (published.instrument.code, score)
        for published, score in scored
        if stage >= published.instrument.applies_from_stage
    )
    return Situation(
        stage=stage,
        answers=held_against(session, instruments, answers).standing,
        scores=scores_by_name(asked),
        history=_history(session, cooperative, quarters_asked(model, stage), today),
        facts=facts_of(cooperative, today),
        on=today,
    )


def _history(session: Session, cooperative: Cooperative, count: int, today: dt.date) -> Mapping[Quarter, Scores]:
    """Only scores at the present stage: earlier ones were of fewer items (our proposal)."""
    quarters = past_quarters(count, on=today)
    if not quarters:
        return {}
    rows = session.execute(
        select(VisitScore.instrument_code, VisitScore.score, VisitScore.measured_on)
        .join(Visit, and_(Visit.id == VisitScore.visit_id, Visit.revision == VisitScore.revision))
        .where(
            VisitScore.cooperative_id == cooperative.id,
            VisitScore.stage == cooperative.stage,
            VisitScore.measured_on.between(history_since(quarters), last_day_of(quarters[0])),
            VisitScore.score.is_not(None),
        )
        .order_by(VisitScore.measured_on, Visit.received_at, Visit.id)
    )
    return history_of((ScoreMark(code, value, on) for code, value, on in rows if value is not None), quarters)


# Stages ---------------------------------------------------------------------------------------------------------------


def last_decision(session: Session, cooperative_id: uuid.UUID) -> StageDecision | None:
    return session.scalar(_last_decision(), {"cooperative_id": cooperative_id})


@cache
def _last_decision() -> Select[StageDecision]:
    return (
        select(StageDecision)
        .where(StageDecision.cooperative_id == bindparam("cooperative_id"))
        .order_by(StageDecision.number.desc())
        .limit(1)
    )


def is_resting(session: Session, cooperative: Cooperative, last: StageDecision | None) -> bool:
    """Whether the agency has said "not yet" to the answers as they are: nobody has answered anything since."""
    if last is None or last.verdict is not Verdict.DECLINE or last.from_stage is not cooperative.stage:
        return False
    newest = select(func.max(CurrentAnswer.recorded_at)).where(CurrentAnswer.cooperative_id == cooperative.id)
    answered_at = session.scalar(newest)
    return answered_at is None or answered_at <= last.recorded_at


def stage_history(session: Session, decisions: Select[StageDecision]) -> list[StageDecisionView]:
    """The last decision first."""
    rows = session.execute(
        decisions.join(User, User.id == StageDecision.decided_by_id)
        .add_columns(User.name)
        .order_by(StageDecision.number.desc())
    )
    return [
        StageDecisionView(
            number=row.number,
            verdict=row.verdict,
            from_stage=row.from_stage,
            to_stage=row.to_stage,
            decided_on=row.decided_on,
            note=row.note,
            decided_by=name,
            recorded_at=row.recorded_at,
            gate_met=row.gate_met,
            gate_count=row.gate_count,
        )
        for row, name in rows
    ]


def by_decision(cooperatives: Select[Cooperative], chosen: str, *, today: dt.date) -> Select[Cooperative]:
    """Narrow a select to those that a decision about stages concerns, by the word in the address of the list."""
    match chosen:
        case "menunggu":
            return awaiting(cooperatives, today=today)
        case "belum-dikonfirmasi":
            return cooperatives.where(Cooperative.stage_confirmed_on.is_(None))
        case "tidak-terpenuhi":
            own = aliased(Standing)  # the query around may join standings for its own ends
            return cooperatives.where(exists().where(own.cooperative_id == Cooperative.id, own.lapsed > 0))
        case _other:
            return cooperatives


def awaiting(cooperatives: Select[Cooperative], *, today: dt.date) -> Select[Cooperative]:
    """Those whose next stage waits for the agency; what has run out since their standing was refreshed left out."""
    own = aliased(Standing)
    holds = or_(own.gate_holds_until.is_(None), own.gate_holds_until >= today)
    waits = exists().where(own.cooperative_id == Cooperative.id, own.awaits_stage_decision, holds)
    return cooperatives.where(waits)


# Designations ---------------------------------------------------------------------------------------------------------


def last_designations(
    session: Session, cooperative_ids: Sequence[uuid.UUID], code: str | None = None
) -> list[DesignationDecision]:
    """The decision that counts for each cooperative and designation; of one designation only when `code` is given."""
    query = _last_designations()
    if code is not None:
        query = query.where(DesignationDecision.designation_code == code)
    return list(session.scalars(query, {"cooperative_ids": cooperative_ids}))


@cache
def _last_designations() -> Select[DesignationDecision]:
    later = aliased(DesignationDecision)
    is_replaced = exists().where(
        later.cooperative_id == DesignationDecision.cooperative_id,
        later.designation_code == DesignationDecision.designation_code,
        later.number > DesignationDecision.number,
    )
    chosen = DesignationDecision.cooperative_id.in_(bindparam("cooperative_ids", expanding=True))
    return select(DesignationDecision).where(chosen, ~is_replaced)


def held_since(session: Session, cooperative_id: uuid.UUID) -> dict[str, dt.date | None]:
    """Every designation that was ever decided about a cooperative: since when it has it, or None."""
    rows = read(session, _held_since(), {"cooperative_ids": [cooperative_id]})
    return {row.designation_code: row.decided_on if row.is_given else None for row in rows}


@cache
def _held_since() -> Select[str, dt.date, bool]:
    columns = (DesignationDecision.designation_code, DesignationDecision.decided_on, DesignationDecision.is_given)
    return _last_designations().with_only_columns(*columns)


def designation_rows(
    session: Session, cooperatives: Select[Cooperative], code: str, *, limit: int
) -> list[DesignationRow]:
    """The chosen cooperatives beside one designation: those that have it, then those that lack least."""
    own = and_(StandingDesignation.cooperative_id == Cooperative.id, StandingDesignation.designation_code == code)
    rows = session.execute(
        cooperatives.outerjoin(StandingDesignation, own)
        .add_columns(StandingDesignation)
        .order_by(
            StandingDesignation.held_since.is_(None),
            StandingDesignation.missing_count.is_(None),
            StandingDesignation.missing_count,
            Cooperative.short_name,
            Cooperative.code,
        )
        .limit(limit)
    )
    return [
        DesignationRow(
            code=cooperative.code,
            short_name=cooperative.short_name,
            stage=cooperative.stage,
            missing=row.missing if row else (),
            criteria_count=row.criteria_count if row else None,
            held_since=row.held_since if row else None,
        )
        for cooperative, row in rows
    ]


def designations_of(session: Session, cooperative_id: uuid.UUID) -> list[StandingDesignation]:
    """One cooperative beside every designation; one query."""
    return list(session.scalars(_designations(), {"cooperative_id": cooperative_id}))


@cache
def _designations() -> Select[StandingDesignation]:
    own = select(StandingDesignation).where(StandingDesignation.cooperative_id == bindparam("cooperative_id"))
    return own.order_by(StandingDesignation.designation_code)


def designation_history(
    session: Session, decisions: Select[DesignationDecision], *, limit: int
) -> list[DesignationDecisionView]:
    """The last decision first."""
    rows = session.execute(
        decisions.join(User, User.id == DesignationDecision.decided_by_id)
        .join(Cooperative, Cooperative.id == DesignationDecision.cooperative_id)
        .add_columns(User.name, Cooperative.code, Cooperative.short_name)
        .order_by(
            DesignationDecision.decided_on.desc(),
            DesignationDecision.recorded_at.desc(),
            Cooperative.short_name,
            DesignationDecision.id,
        )
        .limit(limit)
    )
    return [
        DesignationDecisionView(
            code=code,
            cooperative=short_name,
            designation_code=row.designation_code,
            is_given=row.is_given,
            decided_on=row.decided_on,
            note=row.note,
            decided_by=name,
            missing=row.missing,
        )
        for row, name, code, short_name in rows
    ]

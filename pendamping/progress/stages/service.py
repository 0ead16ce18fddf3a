"""Verbs of the agency: decide about a stage, give a designation, take it back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.stages import GateResult
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_
from pendamping.progress.models import Standing
from pendamping.progress.service import refresh_standing
from pendamping.progress.stages.gates import Outcome, missing_keys
from pendamping.progress.stages.in_force import stages_in_force
from pendamping.progress.stages.models import DesignationDecision, StageDecision, Verdict
from pendamping.progress.stages.policy import next_stage, offered
from pendamping.progress.stages.queries import is_resting, last_decision, last_designations
from pendamping.progress.stages.standing import current_outcome


class DecidedMeanwhile(DomainError):
    code = "decided_meanwhile"
    explanation = N_(
        "Tahap koperasi ini baru saja diputuskan oleh orang lain. Periksa riwayatnya, lalu putuskan lagi bila perlu."
    )


class NotOffered(DomainError):
    code = "not_offered"
    explanation = N_("Keadaan koperasi ini sudah berubah: keputusan itu tidak dapat diambil sekarang.")


class DecisionInFuture(DomainError):
    code = "decision_in_future"
    status = 400
    explanation = N_("Tanggal keputusan tidak boleh sesudah hari ini.")


class DecisionTooEarly(DomainError):
    code = "decision_too_early"
    status = 400
    explanation = N_(
        "Keputusan sebelumnya tentang %(cooperative)s bertanggal %(date)s. Pilih hari itu atau sesudahnya."
    )


class SameStage(DomainError):
    code = "same_stage"
    status = 400
    explanation = N_("Koperasi ini sudah pada tahap itu. Pilih tahap lain.")


class NoSuchDesignation(DomainError):
    code = "no_such_designation"
    status = 400
    explanation = N_("Penetapan ini tidak dikenal, atau tidak ditetapkan orang.")


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What the agency has decided. `stage` only counts for `Verdict.SET`."""

    verdict: Verdict
    decided_on: dt.date
    note: str
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class NewDesignation:
    """What the agency has decided about a designation, for one cooperative or many."""

    designation_code: str
    is_given: bool
    decided_on: dt.date
    note: str


def decide_stage(
    session: Session,
    cooperative: Cooperative,
    new: NewDecision,
    *,
    seen_number: int,
    instruments: Sequence[PublishedInstrument],
    decided_by: User,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> StageDecision:
    """Put a decision about a stage on record, once, and let it take effect; standing and history follow.

    Args:
        seen_number: of the last decision that whoever decides had before them; 0 when there was none.

    Raises:
        DecidedMeanwhile: somebody else has decided since.
        DecisionInFuture, DecisionTooEarly: the day does not hold.
        NotOffered: the gate is not, or no longer, reached; or there is nothing left to confirm or to decline.
        SameStage: `Verdict.SET` to the stage it is at.
    """
    locked(session, Cooperative, cooperative.id)
    last = last_decision(session, cooperative.id)
    if last is not None and _is_the_same(last, new, seen_number, decided_by):
        return last
    if (last.number if last else 0) != seen_number:
        raise DecidedMeanwhile
    _refuse_bad_day(cooperative, new.decided_on, last.decided_on if last else cooperative.stage_confirmed_on, today)
    outcome = _outcome(session, cooperative, instruments, today)
    _refuse_unoffered(session, cooperative, new, last, outcome)
    decision = _put_down(session, cooperative, new, seen_number + 1, outcome, decided_by, actor, now)
    refresh_standing(session, cooperative, instruments, today=today, now=now)
    return decision


def _is_the_same(last: StageDecision, new: NewDecision, seen_number: int, decided_by: User) -> bool:
    """A second tap has sent it again."""
    was = (last.number, last.decided_by_id, last.verdict, last.decided_on, last.note)
    return was == (seen_number + 1, decided_by.id, new.verdict, new.decided_on, new.note)


def _refuse_bad_day(cooperative: Cooperative, day: dt.date, earliest: dt.date | None, today: dt.date) -> None:
    if day > today:
        raise DecisionInFuture
    if earliest is not None and day < earliest:
        raise DecisionTooEarly(cooperative=cooperative.short_name, date=earliest.isoformat())


def _outcome(
    session: Session, cooperative: Cooperative, instruments: Sequence[PublishedInstrument], today: dt.date
) -> Outcome | None:
    standing = session.get(Standing, cooperative.id)
    measured_on = standing.last_visit_on if standing else None
    return current_outcome(session, cooperative, instruments, measured_on=measured_on, today=today)


def _refuse_unoffered(
    session: Session, cooperative: Cooperative, new: NewDecision, last: StageDecision | None, outcome: Outcome | None
) -> None:
    possible = offered(
        cooperative.stage,
        is_confirmed=cooperative.stage_confirmed_on is not None,
        gate=outcome.gate if outcome else None,
        is_resting=is_resting(session, cooperative, last),
    )
    if new.verdict not in possible:
        raise NotOffered
    if new.verdict is Verdict.SET and new.stage in (None, cooperative.stage):
        raise SameStage


def _target(cooperative: Cooperative, new: NewDecision) -> Stage:
    match new.verdict:
        case Verdict.PROMOTE:
            return next_stage(cooperative.stage) or cooperative.stage
        case Verdict.SET:
            return new.stage or cooperative.stage
        case Verdict.CONFIRM | Verdict.DECLINE:
            return cooperative.stage


def _put_down(
    session: Session,
    cooperative: Cooperative,
    new: NewDecision,
    number: int,
    outcome: Outcome | None,
    decided_by: User,
    actor: Actor,
    now: dt.datetime,
) -> StageDecision:
    gate = outcome.gate if outcome else None
    before, to_stage = cooperative.stage, _target(cooperative, new)
    decision = StageDecision(
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        number=number,
        verdict=new.verdict,
        from_stage=before,
        to_stage=to_stage,
        decided_on=new.decided_on,
        note=new.note,
        decided_by_id=decided_by.id,
        recorded_at=now,
        gate_met=gate.met if gate else None,
        gate_count=gate.count if gate else None,
        missing=missing_keys(gate) if gate else [],
    )
    session.add(decision)
    if new.verdict is not Verdict.DECLINE:
        cooperative.stage, cooperative.stage_confirmed_on = to_stage, new.decided_on
    session.flush()
    after = {"cooperative": cooperative.code, "verdict": new.verdict, "stage": to_stage, "on": new.decided_on}
    audit.record(session, actor, "decide_stage", decision, at=now, before={"stage": before}, after=after)
    return decision


def decide_designations(
    session: Session,
    cooperatives: Sequence[Cooperative],
    new: NewDesignation,
    *,
    instruments: Sequence[PublishedInstrument],
    decided_by: User,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> int:
    """Give a designation to cooperatives, or take it back, all or none; those that are so already are passed over.

    Returns:
        For how many it is new.

    Raises:
        NoSuchDesignation: the file knows none of this code that people decide.
        DecisionInFuture, DecisionTooEarly: the day does not hold; the latter names the first cooperative.
    """
    model = stages_in_force(instruments)
    if model is None or new.designation_code not in {each.code for each in model.designations if each.criteria}:
        raise NoSuchDesignation
    if new.decided_on > today:
        raise DecisionInFuture
    ordered = sorted(cooperatives, key=lambda each: each.code)  # one order of locks for everybody
    for each in ordered:
        locked(session, Cooperative, each.id)
    found = last_designations(session, [each.id for each in ordered], new.designation_code)
    last = {row.cooperative_id: row for row in found}
    changed = 0
    for each in ordered:
        before = last.get(each.id)
        if (before is not None and before.is_given) == new.is_given:
            continue
        _refuse_bad_day(each, new.decided_on, before.decided_on if before else None, today)
        outcome = _outcome(session, each, instruments, today)
        result = outcome.designations.get(new.designation_code) if outcome else None
        _designate(session, each, new, before, result, decided_by, actor, now)
        refresh_standing(session, each, instruments, today=today, now=now)
        changed += 1
    return changed


def _designate(
    session: Session,
    cooperative: Cooperative,
    new: NewDesignation,
    before: DesignationDecision | None,
    result: GateResult | None,
    decided_by: User,
    actor: Actor,
    now: dt.datetime,
) -> None:
    decision = DesignationDecision(
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        designation_code=new.designation_code,
        number=before.number + 1 if before else 1,
        is_given=new.is_given,
        decided_on=new.decided_on,
        note=new.note,
        decided_by_id=decided_by.id,
        recorded_at=now,
        criteria_met=result.met if result else None,
        criteria_count=result.count if result else None,
        missing=missing_keys(result) if result else [],
    )
    session.add(decision)
    session.flush()
    after = {
        "cooperative": cooperative.code,
        "designation": new.designation_code,
        "is_given": new.is_given,
        "on": new.decided_on,
    }
    audit.record(session, actor, "decide_designation", decision, at=now, after=after)

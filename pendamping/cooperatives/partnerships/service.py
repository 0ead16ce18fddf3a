"""Verbs of partnerships: add one, say how it has gone, choose businesses. All of them only add."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.partnerships.models import (
    Business,
    BusinessPlan,
    Partnership,
    PartnershipStatus,
    PartnershipStep,
)
from pendamping.cooperatives.partnerships.queries import business_plans_of, partnership_with_steps
from pendamping.cooperatives.partnerships.rules import Terms, runs_backward
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_


class PartnershipConflict(DomainError):
    code = "partnership_conflict"
    explanation = N_("Kemitraan ini sudah tercatat pada koperasi lain. Buka halaman ini lagi.")


class PartnershipChanged(DomainError):
    code = "partnership_changed"
    explanation = N_("Kemitraan ini baru saja diubah orang lain. Periksa riwayatnya di bawah, lalu simpan lagi.")


class StatusRunsBackward(DomainError):
    code = "status_runs_backward"
    explanation = N_("Status baru tidak dapat mulai sebelum status yang lama.")


class BusinessPlanChanged(DomainError):
    code = "business_plan_changed"
    explanation = N_("Pilihan usaha baru saja diubah orang lain. Periksa riwayatnya di bawah, lalu simpan lagi.")


def add_partnership(
    session: Session,
    cooperative: Cooperative,
    partnership_id: uuid.UUID,
    terms: Terms,
    *,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> Partnership:
    """Put a partnership on record, once, however often the form is sent.

    Raises:
        PartnershipConflict: the id belongs to another cooperative's.
    """
    stored = session.get(Partnership, partnership_id)
    if stored is not None:
        if stored.cooperative_id != cooperative.id:
            raise PartnershipConflict
        return stored
    return _begin(session, cooperative, partnership_id, terms, author_id, actor, "add_partnership", now)


def report_partnership(
    session: Session, cooperative: Cooperative, *, partner: str, note: str, actor: Actor, now: dt.datetime
) -> Partnership:
    """Take over what the news said before the first visit: a running partnership with a BUMN, to be verified."""
    terms = Terms(partner, True, "", PartnershipStatus.RUNNING, None, None, None, note)
    return _begin(session, cooperative, uuid.uuid4(), terms, None, actor, "report_partnership", now)


def record_step(
    session: Session,
    cooperative: Cooperative,
    partnership_id: uuid.UUID,
    terms: Terms,
    *,
    seen_number: int,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> PartnershipStep | None:
    """Say how a partnership stands from now on; what was said before stays.

    Args:
        seen_number: the step that the author had before their eyes.

    Returns:
        The new step, or None where nothing differs and the last one was verified.

    Raises:
        NotThere: it is not this cooperative's.
        PartnershipChanged: somebody else has added a step since.
        StatusRunsBackward: the status would have begun before the one it follows.
    """
    _hold(session, cooperative)
    held = partnership_with_steps(session, cooperative.id, partnership_id)
    if held is None:
        raise NotThere
    latest = held.latest
    if latest.is_verified and latest.terms == terms:
        return None
    if latest.number != seen_number:
        raise PartnershipChanged
    if runs_backward(latest.terms, terms, was_verified=latest.is_verified):
        raise StatusRunsBackward
    step = _add_step(session, cooperative, partnership_id, latest.number + 1, terms, author_id, now)
    after = {"cooperative": cooperative.code, "number": step.number, **asdict(terms)}
    audit.record(session, actor, "record_partnership_step", step, at=now, before=asdict(latest.terms), after=after)
    return step


def record_business_plan(
    session: Session,
    cooperative: Cooperative,
    businesses: Iterable[Business],
    potential: str,
    *,
    seen_revision: int,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> BusinessPlan | None:
    """Add a revision of what a cooperative has chosen.

    Args:
        seen_revision: the one that the author had before their eyes; 0 where there was none.

    Returns:
        The new revision, or None where nothing differs from the latest.

    Raises:
        BusinessPlanChanged: somebody else has changed it since.
    """
    _hold(session, cooperative)
    chosen = set(businesses)
    said = [each for each in Business if each in chosen]
    latest = next(iter(business_plans_of(session, cooperative.id, limit=1)), None)
    known = (list(latest.businesses), latest.potential) if latest else ([], "")
    if known == (said, potential):
        return None
    if (latest.revision if latest else 0) != seen_revision:
        raise BusinessPlanChanged
    row = BusinessPlan(
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        revision=seen_revision + 1,
        businesses=[str(each) for each in said],
        potential=potential,
        author_id=author_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    before = {"businesses": [str(each) for each in known[0]], "potential": known[1]}
    after = {"cooperative": cooperative.code, "businesses": row.businesses, "potential": potential}
    audit.record(session, actor, "record_business_plan", row, at=now, before=before if latest else None, after=after)
    return row


def _begin(
    session: Session,
    cooperative: Cooperative,
    partnership_id: uuid.UUID,
    terms: Terms,
    author_id: uuid.UUID | None,
    actor: Actor,
    verb: str,
    now: dt.datetime,
) -> Partnership:
    partnership = Partnership(
        id=partnership_id, cooperative_id=cooperative.id, city_code=cooperative.city_code, added_at=now
    )
    session.add(partnership)
    session.flush()
    _add_step(session, cooperative, partnership_id, 1, terms, author_id, now)
    audit.record(session, actor, verb, partnership, at=now, after={"cooperative": cooperative.code, **asdict(terms)})
    return partnership


def _add_step(
    session: Session,
    cooperative: Cooperative,
    partnership_id: uuid.UUID,
    number: int,
    terms: Terms,
    author_id: uuid.UUID | None,
    now: dt.datetime,
) -> PartnershipStep:
    """What a person says is verified; what comes without an author is not."""
    step = PartnershipStep(
        partnership_id=partnership_id,
        city_code=cooperative.city_code,
        number=number,
        is_verified=author_id is not None,
        author_id=author_id,
        recorded_at=now,
        **asdict(terms),
    )
    session.add(step)
    session.flush()
    return step


def _hold(session: Session, cooperative: Cooperative) -> None:
    """Two who write at once come one after the other."""
    locked(session, Cooperative, cooperative.id)

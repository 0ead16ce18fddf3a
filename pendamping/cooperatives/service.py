"""Verbs of the register: facts and people."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Officer
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.once import sent_before
from pendamping.kernel.words import N_

ONE_DAY = dt.timedelta(days=1)


class DatesRunBackward(DomainError):
    code = "dates_run_backward"
    status = 400
    explanation = N_("Tanggal selesai harus sama dengan atau sesudah tanggal mulai.")


class FactIsNeeded(DomainError):
    code = "fact_is_needed"
    status = 400
    explanation = N_("Tanggal SK boleh diperbaiki, tetapi tidak dapat dikosongkan lagi: skor memakainya.")


@dataclass(frozen=True, slots=True)
class CooperativeFacts:
    """What the register knows of a cooperative beyond its place and name; None where it is not known yet."""

    legal_name: str
    legal_name_is_verified: bool
    decree_number: str | None
    decree_on: dt.date | None
    registration_number: str | None
    npwp: str | None
    nib: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class NewOfficer:
    name: str
    role: OwnerRole
    phone: str | None
    term_starts_on: dt.date | None
    term_ends_on: dt.date | None


def change_facts(
    session: Session, cooperative: Cooperative, facts: CooperativeFacts, *, actor: Actor, now: dt.datetime
) -> None:
    """Store the facts that differ; the record keeps what they were.

    Raises:
        FactIsNeeded: the date of the decree was known and would be lost.
    """
    if cooperative.decree_on and not facts.decree_on:
        raise FactIsNeeded
    wanted = {name: getattr(facts, name) for name in CooperativeFacts.__dataclass_fields__}
    before = {name: getattr(cooperative, name) for name, value in wanted.items() if getattr(cooperative, name) != value}
    if not before:
        return
    for name in before:
        setattr(cooperative, name, wanted[name])
    session.flush()
    audit.record(
        session,
        actor,
        "change_facts",
        cooperative,
        at=now,
        before=before,
        after={name: wanted[name] for name in before},
    )


def add_officer(
    session: Session,
    cooperative: Cooperative,
    new: NewOfficer,
    *,
    actor: Actor,
    now: dt.datetime,
    officer_id: uuid.UUID | None = None,
) -> Officer:
    """Put a person on the cooperative's list for one term; once, however often it is sent.

    Raises:
        DatesRunBackward: the term ends before it starts.
        SentByAnother: the id stands for another person.
    """
    own = {"cooperative_id": cooperative.id, "name": new.name, "role": new.role}
    if stored := sent_before(session, Officer, officer_id, **own):
        return stored
    if new.term_starts_on and new.term_ends_on and new.term_ends_on < new.term_starts_on:
        raise DatesRunBackward
    fields = {name: getattr(new, name) for name in NewOfficer.__dataclass_fields__}
    officer = Officer(
        id=officer_id or uuid.uuid4(), cooperative_id=cooperative.id, city_code=cooperative.city_code, **fields
    )
    session.add(officer)
    session.flush()
    audit.record(
        session, actor, "add_officer", officer, at=now, after={"cooperative": cooperative.code, "role": new.role}
    )
    return officer


def end_officer_term(session: Session, officer: Officer, *, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    """A person leaves the board: the row stays, its term ends `on`, or on the day it began if that is later.

    A term that has ended by then stays as it is.
    """
    ends_on = max(on, officer.term_starts_on or on)
    before = officer.term_ends_on
    if before is not None and before <= ends_on:
        return
    officer.term_ends_on = ends_on
    session.flush()
    audit.record(
        session,
        actor,
        "end_officer_term",
        officer,
        at=now,
        before={"term_ends_on": before},
        after={"term_ends_on": ends_on},
    )


def last_book_year_end(on: dt.date) -> dt.date:
    """The end of the last book year before a day; articles of association usually close it on 31 December."""
    return dt.date(on.year - 1, 12, 31)

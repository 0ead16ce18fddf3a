"""Verbs of the calendar's obligations. Each adds a version: what was owed before its day stays as it was."""

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import asdict, replace

from sqlalchemy.orm import Session

from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.words import N_
from pendamping.reminders.models import ObligationVersion
from pendamping.reminders.obligations import Obligation, Terms
from pendamping.reminders.queries import obligation
from pendamping.reminders.rules import MAX_DAYS, MAX_STEPS

CODE_LENGTH = 32


class TooEarly(DomainError):
    code = "change_in_the_past"
    status = 400
    explanation = N_("Perubahan berlaku paling awal hari ini; yang sudah lewat tetap seperti semula.")


class ChangedMeanwhile(DomainError):
    code = "obligation_changed_meanwhile"
    explanation = N_("Kewajiban ini baru saja diubah orang lain. Periksa yang sekarang berlaku, lalu simpan lagi.")


class DatesAreFixed(DomainError):
    code = "dates_are_fixed"
    explanation = N_(
        "Halaman laporan menghitung keterlambatan dari tanggal ini; tidak dapat diubah atau diakhiri di sini."
    )


class BadObligation(DomainError):
    code = "bad_obligation"
    status = 400
    explanation = N_("Kewajiban ini tidak lengkap: nama, jatuh tempo, dan hari pengingat dengan penerimanya.")


def add_obligation(
    session: Session, terms: Terms, *, in_force_on: dt.date, author_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> str:
    """Something new is owed, from a day on. Returns its code, made of its name and unique.

    Raises:
        BadObligation: it says not when, or to whom it is to be reminded.
    """
    _check(terms)
    code = free_code(terms.name_id, taken=lambda each: obligation(session, each) is not None)
    row = _add(session, code, 1, terms, in_force_on, author_id, now)
    audit.record(session, actor, "add_obligation", row, at=now, after=_on_record(terms, in_force_on))
    return code


def change_obligation(
    session: Session,
    code: str,
    terms: Terms,
    *,
    seen: int,
    in_force_on: dt.date,
    today: dt.date,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> bool:
    """What holds from a day on. Said again, nothing is added; also ends an obligation, and brings it back.

    Args:
        seen: the number of the version that the change was made to.

    Returns:
        whether anything changed.

    Raises:
        NotThere, TooEarly, BadObligation, DatesAreFixed
        ChangedMeanwhile: somebody else has changed it since.
    """
    before = obligation(session, code)
    if before is None:
        raise NotThere
    newest = before.newest
    terms = replace(terms, rule=newest.terms.rule, only_if=newest.terms.only_if, confidence=newest.terms.confidence)
    if terms == newest.terms:
        return False
    _check(terms)
    _check_change(before, terms, seen=seen, in_force_on=in_force_on, today=today)
    row = _add(session, code, newest.number + 1, terms, in_force_on, author_id, now)
    verb = "end_obligation" if terms.is_ended else "change_obligation"
    was, is_now = _on_record(newest.terms, newest.in_force_on), _on_record(terms, in_force_on)
    changed = [name for name in is_now if was[name] != is_now[name]]
    old, new = ({name: record[name] for name in changed} for record in (was, is_now))
    audit.record(session, actor, verb, row, at=now, before=old, after=new)
    return True


def _check_change(before: Obligation, terms: Terms, *, seen: int, in_force_on: dt.date, today: dt.date) -> None:
    if before.is_fixed and (terms.is_ended or terms.dates != before.newest.terms.dates):
        raise DatesAreFixed
    if in_force_on < today:
        raise TooEarly
    if seen != before.newest.number:
        raise ChangedMeanwhile


def end_obligation(
    session: Session,
    code: str,
    *,
    seen: int,
    last_on: dt.date,
    today: dt.date,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> bool:
    """Nothing is owed any more after a day; what fell before stays. Raises as `change_obligation` does."""
    before = obligation(session, code)
    if before is None:
        raise NotThere
    return change_obligation(
        session,
        code,
        replace(before.newest.terms, is_ended=True),
        seen=seen,
        in_force_on=last_on + dt.timedelta(days=1),
        today=today,
        author_id=author_id,
        actor=actor,
        now=now,
    )


def _check(terms: Terms) -> None:
    dates = terms.dates
    is_dated = bool(dates.month_days or dates.day_of_month or dates.on_days)
    days_hold = len(terms.days) <= MAX_STEPS and all(0 <= day <= MAX_DAYS for day in terms.days)
    if not terms.name_id or is_dated == bool(terms.rule) or not days_hold or bool(terms.days) != bool(terms.hearers):
        raise BadObligation


def _add(
    session: Session,
    code: str,
    number: int,
    terms: Terms,
    in_force_on: dt.date,
    author_id: uuid.UUID,
    now: dt.datetime,
) -> ObligationVersion:
    row = ObligationVersion(
        code=code,
        number=number,
        in_force_on=in_force_on,
        name_id=terms.name_id,
        name_en=terms.name_en or terms.name_id,
        month_days=list(terms.dates.month_days),
        day_of_month=terms.dates.day_of_month,
        on_days=[day.isoformat() for day in terms.dates.on_days],
        rule=terms.rule,
        only_if=terms.only_if,
        source=terms.source,
        confidence=terms.confidence,
        doer=terms.doer,
        days=list(terms.days),
        hearers=[each.value for each in terms.hearers],
        is_ended=terms.is_ended,
        author_id=author_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _on_record(terms: Terms, in_force_on: dt.date) -> dict[str, object]:
    said = asdict(terms)
    dates = said.pop("dates")
    return {**said, **dates, "in_force_on": in_force_on}


def free_code(name: str, *, taken: Callable[[str], bool]) -> str:
    """A short name for addresses and records out of what people call it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    code = re.sub(r"[^A-Z0-9]+", "_", plain).strip("_")[:CODE_LENGTH].strip("_") or "KEWAJIBAN"
    number, free = 1, code
    while taken(free):
        number += 1
        free = f"{code}_{number}"
    return free

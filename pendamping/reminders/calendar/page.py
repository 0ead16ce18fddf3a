"""What the admin's pages about obligations show."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.reminders.calendar.reading import Fault, Taken, rows_in, taken
from pendamping.reminders.models import ObligationVersion
from pendamping.reminders.obligations import Obligation, Version
from pendamping.reminders.queries import obligation, obligations, rules_in_force
from pendamping.reminders.rules import Rule, RuleCode

AHEAD = dt.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """One obligation as it holds today or will; its next date, where it has one."""

    obligation: Obligation
    now: Version
    """What holds today; the first version where none does yet, the last one after the end."""
    next_on: dt.date | None
    is_ended: bool
    coming: Version | None
    """A change that has not begun."""
    is_reminded: bool
    """By its own days, or by a rule that is on."""


@dataclass(frozen=True, slots=True)
class ObligationPage:
    line: ObligationLine
    authors: Sequence[str | None]
    """Of the versions, in their order; None for what the product shipped."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file would make of the calendar."""

    taken: Sequence[Taken]
    faults: Sequence[Fault]

    @property
    def changes(self) -> Sequence[Taken]:
        return [each for each in self.taken if not each.is_same]


def obligation_lines(session: Session, *, today: dt.date) -> list[ObligationLine]:
    """The nearest date first, what has ended last."""
    rules = rules_in_force(session)
    lines = [_line(each, today, rules) for each in obligations(session)]
    return sorted(lines, key=lambda line: (line.is_ended, line.next_on or dt.date.max, line.obligation.code))


def _line(each: Obligation, today: dt.date, rules: Mapping[RuleCode, Rule]) -> ObligationLine:
    ahead = each.dates_within(today, today + AHEAD)
    holding = each.in_force_on(today)
    newest = each.newest
    return ObligationLine(
        obligation=each,
        now=holding or (each.versions[0] if newest.in_force_on > today else newest),
        next_on=ahead[0][0] if ahead else None,
        is_ended=newest.terms.is_ended and newest.in_force_on <= today,
        coming=newest if newest.in_force_on > today else None,
        is_reminded=_is_reminded(each, rules),
    )


def _is_reminded(each: Obligation, rules: Mapping[RuleCode, Rule]) -> bool:
    terms = each.newest.terms
    return not terms.only_if and (bool(terms.days) or rules[each.own_rule or RuleCode.OTHER_OBLIGATION].is_on)


def obligation_page(session: Session, code: str, *, today: dt.date) -> ObligationPage | None:
    found = obligation(session, code)
    if found is None:
        return None
    names = (
        select(User.name)
        .select_from(ObligationVersion)
        .outerjoin(User, User.id == ObligationVersion.author_id)
        .where(ObligationVersion.code == code)
        .order_by(ObligationVersion.number)
    )
    return ObligationPage(_line(found, today, rules_in_force(session)), session.scalars(names).all())


def read_file(session: Session, text: str) -> Reading:
    rows, faults = rows_in(text)
    found, more = taken(rows, obligations(session))
    return Reading(found, sorted([*faults, *more], key=lambda fault: fault.line))

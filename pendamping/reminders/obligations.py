"""What is owed by a date, and on which dates it falls: the same each year or month, once, or counted from the general
meeting (RAT).

An obligation is a row of versions. Each holds for the dates from its own day on, until a later one does: what was owed
before a change stays owed as it was.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pendamping.reminders.rules import OF_OBLIGATION, Doer, Hearer, OwnTerms, RuleCode
from pendamping.reminders.working_days import ONE_DAY

NOTICE_DAYS = 14
"""Juklak Menkop 1/2025, Lampiran 7 Pasal 11."""
MONTHLY_REPORT = "LAPORAN_PENDAMPING"
FROM_THE_BEGINNING = dt.date(1945, 1, 1)
"""From when on what the product ships holds."""


@dataclass(frozen=True, slots=True)
class Dates:
    """When something is due; of one kind only, and of none where it is counted from the general meeting."""

    month_days: tuple[str, ...] = ()
    """Every year, as MM-DD."""
    day_of_month: int | None = None
    on_days: tuple[dt.date, ...] = ()
    """Once each."""

    def within(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The legal dates from one day to another, whether or not the office works on them."""
        found = [day for year in range(first.year, last.year + 1) for day in self._in_year(year)]
        return sorted(day for day in {*found, *self.on_days} if first <= day <= last)

    def _in_year(self, year: int) -> Iterable[dt.date]:
        if self.day_of_month is not None:
            return [dt.date(year, month, self.day_of_month) for month in range(1, 13)]
        return [dt.date(year, *_month_and_day(each)) for each in self.month_days]


def _month_and_day(text: str) -> tuple[int, int]:
    """Of MM-DD; what is due on 29 February is due on the 28th, every year."""
    month, day = (int(part) for part in text.split("-"))
    return (2, 28) if (month, day) == (2, 29) else (month, day)


@dataclass(frozen=True, slots=True)
class Terms:
    """What one version says."""

    name_id: str
    name_en: str
    dates: Dates = Dates()
    rule: str = ""
    """In words, where the date hangs on the general meeting's."""
    only_if: str = ""
    source: str = ""
    confidence: str = ""
    doer: Doer = Doer.COOPERATIVE
    days: tuple[int, ...] = ()
    """On which days before it is reminded of; empty: as its rule says."""
    hearers: tuple[Hearer, ...] = ()
    is_ended: bool = False

    @property
    def own(self) -> OwnTerms | None:
        return OwnTerms(self.days, self.hearers) if self.days else None


@dataclass(frozen=True, slots=True)
class Version:
    code: str
    number: int
    in_force_on: dt.date
    terms: Terms
    recorded_at: dt.datetime | None = None
    """None for what the product shipped."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something a cooperative or its facilitator owes, with everything it ever was."""

    code: str
    versions: Sequence[Version] = field(default=())
    """By number, the first one first."""

    @property
    def newest(self) -> Version:
        return self.versions[-1]

    def in_force_on(self, day: dt.date) -> Version | None:
        """What holds for a date: the latest version that has begun; None before the first and after the end."""
        begun = (each for each in reversed(self.versions) if each.in_force_on <= day)
        version = next(begun, None)
        return version if version and not version.terms.is_ended else None

    def dates_within(self, first: dt.date, last: dt.date) -> list[tuple[dt.date, Version]]:
        """The legal dates from one day to another, each with the version that holds for it; none for what is counted
        from the general meeting.
        """
        days = {day for each in self.versions for day in each.terms.dates.within(first, last)}
        holding = ((day, self.in_force_on(day)) for day in sorted(days))
        return [(day, version) for day, version in holding if version and day in version.terms.dates.within(day, day)]

    @property
    def is_fixed(self) -> bool:
        """Whether others count by its dates: the monthly report's, from which lateness is reckoned wherever reports are
        shown (`reports.monthly.due`).
        """
        return self.code == MONTHLY_REPORT

    @property
    def own_rule(self) -> RuleCode | None:
        """The rule that is about this one alone."""
        return RuleCode.MONTHLY_REPORT if self.code == MONTHLY_REPORT else OF_OBLIGATION.get(self.code)


def thing_of(code: str, cooperative_id: uuid.UUID) -> uuid.UUID:
    """What a reminder of an obligation is about: this obligation of this cooperative. Of what it gives, called again,
    it gives the cooperative.
    """
    if code in OF_OBLIGATION:
        return cooperative_id
    mask = int.from_bytes(hashlib.sha256(code.encode()).digest()[:16], "big")
    return uuid.UUID(int=cooperative_id.int ^ mask)


# What hangs on the general meeting -----------------------------------------------------------------------------------


def annual_report_on(meeting_on: dt.date) -> dt.date:
    """A month before the general meeting (UU 25/1992 Pasal 35)."""
    last_of_month_before = meeting_on.replace(day=1) - ONE_DAY
    return last_of_month_before.replace(day=min(meeting_on.day, last_of_month_before.day))


def meeting_on_of_annual_report(report_on: dt.date) -> tuple[dt.date, ...]:
    """The meetings a month before which `report_on` lies: several at the end of a short month."""
    days = (report_on + number * ONE_DAY for number in range(28, 32))
    return tuple(day for day in days if annual_report_on(day) == report_on)


def notice_on(meeting_on: dt.date) -> dt.date:
    """The last day to send the notice of a general meeting."""
    return meeting_on - NOTICE_DAYS * ONE_DAY

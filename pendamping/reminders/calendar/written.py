"""Dates of obligations as people write them: "31 Maret, 30 September", "10" for every month, "30 September 2026"."""

import datetime as dt
import re
from collections.abc import Sequence

from babel.dates import get_month_names

from pendamping.kernel.words import N_
from pendamping.reminders.obligations import Dates

MONTHS = {language: tuple(get_month_names("wide", locale=language).values()) for language in ("id", "en")}
MOST_DATES = 12
SHORTEST_NAME = 3
"""Letters by which a month is known."""
LAST_DAY = 28
"""Of every month."""
SOME_LEAP_YEAR = 2024
PARTS = re.compile(r"\s*[,;]\s*|\s+dan\s+|\s+and\s+", re.IGNORECASE)
MONTHLY = re.compile(
    r"(?:(?:setiap|tiap|every)\s+)?(?:tanggal\s+|tgl\.?\s+)?([0-9]{1,2})(?:\s+(?:setiap|tiap)\s+bulan)?"
)
DAY_AND_MONTH = re.compile(r"([0-9]{1,2})[\s./-]+([a-z]+|[0-9]{1,2})(?:[\s./-]+([0-9]{4}))?")
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class NotDates(Exception):
    """What is wrong, in words for whoever wrote it; `text` is the part that cannot be read."""

    def __init__(self, explanation: str, text: str = "") -> None:
        super().__init__(explanation)
        self.explanation = explanation
        self.text = text[:30]


def dates_in(text: str) -> Dates:
    """What a person wrote, day before month as here; months by number or by name in either language.

    Raises:
        NotDates: it cannot be read, is out of reach, or is of two kinds.
    """
    parts = [part for part in PARTS.split(text.strip()) if part]
    if not parts:
        raise NotDates(N_("Isi kapan jatuh temponya."))
    if len(parts) > MOST_DATES:
        raise NotDates(N_("Paling banyak dua belas tanggal."))
    found = [_date_in(part) for part in parts]
    kinds = {tuple(part is None for part in each) for each in found}
    if len(kinds) > 1 or (found[0][1] is None and len(found) > 1):
        raise NotDates(N_("Tulis satu macam saja: setiap tahun, setiap bulan, atau sekali."))
    year, month, day = found[0]
    if month is None:
        return Dates(day_of_month=day)
    if year is None:
        return Dates(month_days=tuple(sorted({f"{each[1]:02}-{each[2]:02}" for each in found})))
    return Dates(on_days=tuple(sorted({dt.date(each[0] or 0, each[1] or 0, each[2]) for each in found})))


def _date_in(part: str) -> tuple[int | None, int | None, int]:
    """Year, month and day; None for every year and every month."""
    lower = part.lower()
    if match := MONTHLY.fullmatch(lower):
        day = int(match[1])
        if not 1 <= day <= LAST_DAY:
            raise NotDates(N_("“%(part)s”: setiap bulan hanya tanggal 1 sampai 28."), part)
        return None, None, day
    if match := ISO.fullmatch(lower):
        return _sound(part, int(match[1]), int(match[2]), int(match[3]))
    match = DAY_AND_MONTH.fullmatch(lower)
    month = _month_in(match[2]) if match else None
    if match is None or month is None:
        raise NotDates(N_("“%(part)s” bukan tanggal; tulis seperti 31 Maret, 10, atau 30 September 2026."), part)
    return _sound(part, int(match[3]) if match[3] else None, month, int(match[1]))


def _month_in(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if len(text) < SHORTEST_NAME:
        return None
    names = ((number, name.lower()) for months in MONTHS.values() for number, name in enumerate(months, 1))
    return next((number for number, name in names if name.startswith(text)), None)


def _sound(part: str, year: int | None, month: int, day: int) -> tuple[int | None, int | None, int]:
    try:
        on = dt.date(SOME_LEAP_YEAR if year is None else year, month, day)
    except ValueError:
        raise NotDates(N_("“%(part)s”: tanggal itu tidak ada."), part) from None
    if not 1945 <= on.year <= 2100:
        raise NotDates(N_("“%(part)s”: periksa tahunnya."), part)
    return year, month, day


def written(dates: Dates, language: str = "id") -> str:
    """As a person would write it; read again, it gives the same dates."""
    months: Sequence[str] = MONTHS[language]
    if dates.day_of_month is not None:
        return str(dates.day_of_month)
    if dates.on_days:
        return ", ".join(f"{day.day} {months[day.month - 1]} {day.year}" for day in dates.on_days)
    each = (text.split("-") for text in dates.month_days)
    return ", ".join(f"{int(day)} {months[int(month) - 1]}" for month, day in each)

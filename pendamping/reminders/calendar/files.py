"""What a file says before anybody asks what it means: its text, the lines of a table, the events of a calendar."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from icalendar import Calendar, Component


class Unreadable(ValueError):
    """It is not what it says to be; the words are the kind of file that it is not."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a calendar: all of its days, and how it says to be repeated. `first` is None where it has no day."""

    name: str
    first: dt.date | None
    last: dt.date | None
    again: str | None


Line = tuple[int, list[str]]


def text_in(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("UTF-8") from None
    if "\0" in text:
        raise Unreadable("UTF-8")
    return text.replace("\r\n", "\n")


def is_calendar(text: str) -> bool:
    return text.lstrip().startswith("BEGIN:VCALENDAR")


def lines_in(text: str, delimiters: str) -> list[Line]:
    """The lines of a table that say something, with their numbers; its first line shows by what it is parted."""
    delimiter = next((each for each in delimiters if each in text.partition("\n")[0]), ",")
    try:
        lines = [_seen(cells) for cells in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error:
        raise Unreadable("CSV") from None
    return [(number, cells) for number, cells in enumerate(lines, 1) if any(cells)]


def events_in(text: str) -> list[Event]:
    try:
        return [_event(each) for each in Calendar.from_ical(text).walk("VEVENT")]
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):  # whatever it was made to say
        raise Unreadable("ICS") from None


def _event(event: Component) -> Event:
    first, end, again = (_once(event, name) for name in ("DTSTART", "DTEND", "RRULE"))
    (name,) = _seen([str(_once(event, "SUMMARY") or "")])
    if first is None:
        return Event(name, None, None, None)
    first = _day(first.dt)
    last = max(first, _day(end.dt) - dt.timedelta(days=1)) if end else first
    return Event(name, first, last, again.to_ical().decode() if again else None)


def _once(event: Component, name: str) -> Any:
    """Nothing of these may be said twice (RFC 5545, 3.6.1)."""
    value = event.get(name)
    if isinstance(value, list):
        raise ValueError(name)
    return value


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    raise ValueError(value)


def _seen(cells: Sequence[str]) -> list[str]:
    """Without what nobody sees, on one line each."""
    return [" ".join("".join(each for each in cell if each.isspace() or each.isprintable()).split()) for cell in cells]

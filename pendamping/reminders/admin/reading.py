"""Days off out of a file: a calendar (ICS) as offices publish it, or a table (CSV) with a date and a name."""

import datetime as dt
from collections.abc import Iterator

from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_
from pendamping.reminders.admin.service import NewDayOff
from pendamping.reminders.calendar.files import Unreadable, events_in, is_calendar, lines_in, text_in
from pendamping.reminders.models import DayOffKind

MOST_DAYS = 400
NAME_LENGTH = 120
LEAVE = "cuti bersama"


class UnreadableCalendar(DomainError):
    code = "unreadable_calendar"
    status = 400
    explanation = N_("Berkas tidak terbaca: %(reason)s")


def days_off_in(data: bytes) -> list[NewDayOff]:
    """Every day that the file names, once.

    Raises:
        UnreadableCalendar: saying what is wrong, and in which line where it is a table.
    """
    try:
        text = text_in(data)
        found = list(_of_calendar(text) if is_calendar(text) else _of_table(text))
    except Unreadable as kind:
        raise UnreadableCalendar(reason=str(kind)) from None
    if not found or len(found) > MOST_DAYS:
        raise UnreadableCalendar(reason=f"{len(found)} hari; 1 sampai {MOST_DAYS} yang diterima")
    return list({each.on: each for each in found}.values())


def _of_calendar(text: str) -> Iterator[NewDayOff]:
    for event in events_in(text):
        if event.first is None or event.last is None:
            continue
        for number in range(min((event.last - event.first).days + 1, MOST_DAYS + 1)):
            yield _day_off(event.first + dt.timedelta(days=number), event.name, "ICS")


def _of_table(text: str) -> Iterator[NewDayOff]:
    for number, cells in lines_in(text, ";"):
        if number == 1 and not cells[0][:1].isdigit():
            continue
        try:
            on = dt.date.fromisoformat(cells[0])
        except ValueError:
            raise UnreadableCalendar(reason=f"baris {number}: {cells[0][:20]!r} bukan tanggal") from None
        yield _day_off(on, cells[1] if len(cells) > 1 else "", f"baris {number}")


def _day_off(on: dt.date, name: str, where: str) -> NewDayOff:
    """What is called collective leave is that; everything else is a holiday."""
    name = name[:NAME_LENGTH]
    if not name or not 1945 <= on.year <= 2100:
        raise UnreadableCalendar(reason=f"{where}: tanggal {on.isoformat()} tanpa nama atau di luar jangkauan")
    kind = DayOffKind.COLLECTIVE_LEAVE if name.lower().startswith(LEAVE) else DayOffKind.HOLIDAY
    return NewDayOff(on, name, kind)

"""Days off out of a file: a calendar (ICS) as offices publish it, or a table (CSV) with a date and a name."""

import csv
import datetime as dt
import io
from collections.abc import Iterator

from icalendar import Calendar

from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_
from pendamping.reminders.admin.service import NewDayOff
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
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableCalendar(reason="UTF-8") from None
    found = list(_of_calendar(text) if text.lstrip().startswith("BEGIN:VCALENDAR") else _of_table(text))
    if not found or len(found) > MOST_DAYS:
        raise UnreadableCalendar(reason=f"{len(found)} hari; 1 sampai {MOST_DAYS} yang diterima")
    return list({each.on: each for each in found}.values())


def _of_calendar(text: str) -> Iterator[NewDayOff]:
    try:
        events = Calendar.from_ical(text).walk("VEVENT")
    except ValueError:
        raise UnreadableCalendar(reason="ICS") from None
    for event in events:
        start, end = event.get("DTSTART"), event.get("DTEND")
        if start is None:
            continue
        first = _date(start.dt)
        last = max(first, _date(end.dt) - dt.timedelta(days=1)) if end else first
        for number in range(min((last - first).days + 1, MOST_DAYS + 1)):
            yield _day_off(first + dt.timedelta(days=number), str(event.get("SUMMARY", "")), "ICS")


def _date(value: dt.date | dt.datetime) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _of_table(text: str) -> Iterator[NewDayOff]:
    delimiter = ";" if text.partition("\n")[0].count(";") else ","
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and not cells[0][:1].isdigit()):
            continue
        try:
            on = dt.date.fromisoformat(cells[0])
        except ValueError:
            raise UnreadableCalendar(reason=f"baris {number}: {cells[0][:20]!r} bukan tanggal") from None
        yield _day_off(on, cells[1] if len(cells) > 1 else "", f"baris {number}")


def _day_off(on: dt.date, name: str, where: str) -> NewDayOff:
    """What is called collective leave is that; everything else is a holiday."""
    name = " ".join(name.split())[:NAME_LENGTH]
    if not name or not 1945 <= on.year <= 2100:
        raise UnreadableCalendar(reason=f"{where}: tanggal {on.isoformat()} tanpa nama atau di luar jangkauan")
    kind = DayOffKind.COLLECTIVE_LEAVE if name.lower().startswith(LEAVE) else DayOffKind.HOLIDAY
    return NewDayOff(on, name, kind)

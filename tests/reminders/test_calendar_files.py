"""Files of the calendar that say what no calendar can mean: refused, never half-read, never an error."""

import pytest

from pendamping.reminders.admin.reading import UnreadableCalendar, days_off_in
from pendamping.reminders.calendar.reading import rows_in, table_of

DAY = "DTSTART;VALUE=DATE:20270101"


def calendar(*lines: str) -> bytes:
    event = ["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:uji", *event, "END:VCALENDAR", ""]).encode()


NO_CALENDARS = [
    calendar(DAY, DAY, "SUMMARY:Libur"),
    calendar(DAY, "DTEND;VALUE=DATE:20270102", "DTEND;VALUE=DATE:20270103", "SUMMARY:Libur"),
    calendar(DAY, "SUMMARY:Libur", "SUMMARY:Lain"),
    calendar(DAY, "RRULE:FREQ=YEARLY", "RRULE:FREQ=MONTHLY", "SUMMARY:Libur"),
    calendar("DTSTART:entah", "SUMMARY:Libur"),
    calendar("DTSTART;VALUE=PERIOD:20270101T000000Z/PT1H", "SUMMARY:Libur"),
    calendar("DTSTART;VALUE=TIME:000000", "SUMMARY:Libur"),
    calendar("DTSTART;VALUE=DURATION:P1D", "SUMMARY:Libur"),
    calendar("DTSTART;VALUE=TEXT:20270101", "SUMMARY:Libur"),
    calendar(DAY, "DTEND;VALUE=TIME:000000", "SUMMARY:Libur"),
    calendar("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:00010101", "SUMMARY:Libur"),
    calendar(DAY, "SUMMARY:Lib\0ur"),
    b"2027-01-01,Lib\0ur",
    "2027-01-01,Libur".encode("utf-16"),
]
OUT_OF_REACH = [
    calendar("DTSTART;VALUE=DATE:00010101", "SUMMARY:Libur"),
    calendar("DTSTART;VALUE=DATE:99991231", "DTEND;VALUE=DATE:99991231", "SUMMARY:Libur"),
    calendar(DAY, "DTEND;VALUE=DATE:99990101", "SUMMARY:Libur"),
    calendar(DAY, "SUMMARY:\u200b"),
    calendar(DAY),
    b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
    b"2027-01-01," + b"x" * 140_000,
    "2027-01-01,\u200b\u2060".encode(),
    b'2027-01-01,"',
    b"2027-01-01\r,Libur",
]


@pytest.mark.parametrize("data", NO_CALENDARS + OUT_OF_REACH)
def test_what_no_calendar_can_mean_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableCalendar):
        days_off_in(data)


@pytest.mark.parametrize("data", NO_CALENDARS)
def test_no_table_is_made_of_what_is_no_calendar(data: bytes) -> None:
    assert table_of(data) is None


@pytest.mark.parametrize("data", OUT_OF_REACH)
def test_each_line_that_cannot_be_taken_is_told(data: bytes) -> None:
    table = table_of(data)

    assert table is not None
    rows, faults = rows_in(table)
    assert bool(faults) or all(each.name.isprintable() for each in rows)

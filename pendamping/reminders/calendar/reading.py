"""Obligations out of a file: a table (CSV) with a name and a date in each line, or a calendar (ICS) as offices publish
it. What cannot be read is said line by line, and nothing is taken before all of it can.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pendamping.kernel.words import N_
from pendamping.reminders.calendar.files import Event, Line, Unreadable, events_in, is_calendar, lines_in, text_in
from pendamping.reminders.calendar.written import NotDates, dates_in, written
from pendamping.reminders.models import NAME_LENGTH, SOURCE_LENGTH
from pendamping.reminders.obligations import Dates, Obligation, Terms
from pendamping.reminders.rules import MAX_DAYS, MAX_STEPS, Doer, Hearer

MOST_LINES = 200
HEAD = ("nama", "jatuh tempo", "oleh", "hari", "dasar")
"""What a table without a head is taken for."""
NAMES = {
    "nama": "name",
    "kewajiban": "name",
    "name": "name",
    "jatuh tempo": "dates",
    "tempo": "dates",
    "tanggal": "dates",
    "due": "dates",
    "oleh": "doer",
    "by": "doer",
    "hari": "days",
    "days": "days",
    "dasar": "source",
    "sumber": "source",
    "source": "source",
    "nama inggris": "name_en",
    "name_en": "name_en",
    "kode": "code",
    "code": "code",
}
DOERS = {
    "koperasi": Doer.COOPERATIVE,
    "cooperative": Doer.COOPERATIVE,
    "pendamping": Doer.FACILITATOR,
    "facilitator": Doer.FACILITATOR,
}
NUMBERS = re.compile(r"[0-9]{1,3}(\s*[, ]\s*[0-9]{1,3})*")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line; line 0 is the whole file."""

    line: int
    explanation: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """What one line says; None where it says nothing of it."""

    line: int
    name: str
    code: str | None = None
    name_en: str | None = None
    dates: Dates | None = None
    doer: Doer | None = None
    days: tuple[int, ...] | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a line makes of the calendar: something new, a change, or nothing where it is so already."""

    row: Row
    before: Obligation | None
    terms: Terms

    @property
    def is_same(self) -> bool:
        return self.before is not None and self.before.newest.terms == self.terms


def table_of(data: bytes) -> str | None:
    """The text of a file as a table that can be put right by hand; None where it is neither a table nor a calendar."""
    try:
        text = text_in(data)
        return _as_table(events_in(text)) if is_calendar(text) else text
    except Unreadable:
        return None


def _as_table(events: Iterable[Event]) -> str:
    found: dict[str, list[str]] = {}
    for event in events:
        found.setdefault(event.name.replace(";", ","), []).append(_when(event))
    lines = [";".join(HEAD[:2]), *(f"{name};{', '.join(dict.fromkeys(days))}" for name, days in found.items())]
    return "\n".join(lines) + "\n"


def _when(event: Event) -> str:
    """As the table has it; a repetition that the calendar does not know stands there as it came, to be put right."""
    day, said = event.first, event.again
    if day is None:
        return ""
    if said is None:
        return written(Dates(on_days=(day,)))
    match {"FREQ": "", **dict(part.split("=", 1) for part in said.split(";") if "=" in part)}:
        case {"FREQ": "YEARLY", **more} if not set(more) - {"BYMONTH", "BYMONTHDAY", "WKST"}:
            return written(Dates(month_days=(f"{day.month:02}-{day.day:02}",)))
        case {"FREQ": "MONTHLY", **more} if not set(more) - {"BYMONTHDAY", "WKST"}:
            return str(day.day)
    return said.replace(";", " ")


def rows_in(text: str) -> tuple[list[Row], list[Fault]]:
    """Every line that can be read, and what is wrong with the others."""
    try:
        lines = lines_in(text, ";\t")
    except Unreadable:
        return [], [Fault(0, N_("Berkas ini bukan CSV atau ICS, atau bukan UTF-8."), {})]
    head, lines = _without_head(lines)
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, cells in lines:
        try:
            rows.append(_row(number, head, cells))
        except NotDates as wrong:
            faults.append(Fault(number, wrong.explanation, {"part": wrong.text}))
    if not rows and not faults:
        faults.append(Fault(0, N_("Tidak ada satu baris pun di dalamnya."), {}))
    if len(rows) > MOST_LINES:
        faults.append(Fault(0, N_("Paling banyak %(most)s baris sekaligus."), {"most": str(MOST_LINES)}))
    return rows, [*faults, *_twice(rows)]


def _without_head(lines: list[Line]) -> tuple[list[str], list[Line]]:
    """What the columns are, by the first line or, where it names none, in the usual order."""
    named = [NAMES.get(cell.lower(), "") for cell in lines[0][1]] if lines else []
    if "name" in named and "dates" in named:
        return named, lines[1:]
    return [NAMES[name] for name in HEAD], lines


def _row(number: int, head: Sequence[str], line: Sequence[str]) -> Row:
    if any(line[len(head) :]):
        raise NotDates(N_("Lebih banyak kolom daripada baris pertamanya."))
    cells = dict(zip(head, line, strict=False))
    name, source = cells.get("name", ""), cells.get("source")
    if not name:
        raise NotDates(N_("Namanya kosong."))
    if max(len(name), len(cells.get("name_en", ""))) > NAME_LENGTH or len(source or "") > SOURCE_LENGTH:
        raise NotDates(N_("Terlalu panjang."))
    return Row(
        line=number,
        name=name,
        code=(cells.get("code") or "").upper() or None,
        name_en=cells.get("name_en") or None,
        dates=dates_in(cells["dates"]) if cells.get("dates") else None,
        doer=_doer(cells.get("doer", "")),
        days=_days(cells.get("days", "")),
        source=source or None,
    )


def _doer(text: str) -> Doer | None:
    if text and text.lower() not in DOERS:
        raise NotDates(N_("“%(part)s”: tulis koperasi atau pendamping."), text)
    return DOERS.get(text.lower())


def _days(text: str) -> tuple[int, ...] | None:
    return days_in(text) if text else None


def days_in(text: str) -> tuple[int, ...]:
    """Days before something, the farthest first.

    Raises:
        NotDates: they are no numbers, too many, or out of reach.
    """
    numbers = {int(each) for each in re.findall(r"[0-9]+", text)} if NUMBERS.fullmatch(text.strip()) else set()
    if not numbers or len(numbers) > MAX_STEPS or max(numbers) > MAX_DAYS:
        raise NotDates(N_("Tulis satu sampai enam bilangan berbeda, 0 sampai 365, misalnya 7, 1."), text)
    return tuple(sorted(numbers, reverse=True))


def _twice(rows: Iterable[Row]) -> list[Fault]:
    seen: set[str] = set()
    found = []
    for row in rows:
        key = row.code or row.name.casefold()
        if key in seen:
            found.append(Fault(row.line, N_("“%(part)s” sudah ada di baris lain."), {"part": row.name}))
        seen.add(key)
    return found


def taken(rows: Iterable[Row], known: Sequence[Obligation]) -> tuple[list[Taken], list[Fault]]:
    """What these lines would make of the calendar as it is: by its code or its name each is something new or a change;
    what a line says nothing of stays.
    """
    by_code = {each.code: each for each in known}
    by_name = {each.newest.terms.name_id.casefold(): each for each in known}
    found: list[Taken] = []
    faults: list[Fault] = []
    for row in rows:
        before = by_code.get(row.code) if row.code else by_name.get(row.name.casefold())
        if row.code and before is None:
            faults.append(
                Fault(row.line, N_("Kode “%(part)s” tidak dikenal; kosongkan untuk yang baru."), {"part": row.code})
            )
            continue
        old = before.newest.terms if before else None
        if reason := _unfit(row, before):
            faults.append(Fault(row.line, reason, {}))
            continue
        found.append(Taken(row, before, _applied(row, old, has_own_rule=bool(before and before.own_rule))))
    return found, faults


def _unfit(row: Row, before: Obligation | None) -> str | None:
    """Why the dates of a line cannot be those of what it names."""
    old = before.newest.terms if before else None
    if row.dates is None:
        return N_("Isi kapan jatuh temponya.") if old is None else None
    if old is not None and old.rule:
        return N_("Tanggalnya dihitung dari RAT; kosongkan.")
    if before is not None and before.is_fixed and row.dates != before.newest.terms.dates:
        return N_("Halaman laporan menghitung keterlambatan dari tanggal ini; kosongkan.")
    return None


def _applied(row: Row, before: Terms | None, *, has_own_rule: bool) -> Terms:
    old = before or Terms(row.name, row.name_en or row.name)
    days = old.days if row.days is None or has_own_rule else row.days
    return replace(
        old,
        name_id=row.name,
        name_en=row.name_en or (old.name_en if old.name_id == row.name else row.name),
        dates=row.dates or old.dates,
        doer=row.doer or old.doer,
        days=days,
        hearers=(old.hearers or (Hearer.DOER,)) if days else (),
        source=old.source if row.source is None else row.source,
        is_ended=False,
    )

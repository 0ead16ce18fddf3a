"""One city's year, cooperative by cooperative: what is made of one is stored before the next begins."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, Region, RegionKind
from pendamping.cooperatives.programme.models import Office
from pendamping.instruments.queries import PublishedInstrument
from pendamping.kernel.filestore import FileStore
from pendamping.operations.simulation.agenda import Agenda, agenda
from pendamping.operations.simulation.aiming import aiming
from pendamping.operations.simulation.asking import ask_about
from pendamping.operations.simulation.cast import (
    PROVINCES,
    City,
    Duty,
    Facilitator,
    Subject,
    Year,
    duties,
    on_duty,
)
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.character import character
from pendamping.operations.simulation.days import OfficeCalendar, at, month_end, months
from pendamping.operations.simulation.deciding import Deciding
from pendamping.operations.simulation.gathering import Gatherings, gather
from pendamping.operations.simulation.history import History
from pendamping.operations.simulation.late import late_hands
from pendamping.operations.simulation.lives import Lives
from pendamping.operations.simulation.own_pages import own_pages
from pendamping.operations.simulation.partnering import partnering
from pendamping.operations.simulation.people import People
from pendamping.operations.simulation.photos import Darkroom
from pendamping.operations.simulation.register import documents, facts, monthly_figures, officers
from pendamping.operations.simulation.reporting import Desk, is_closed, write_reports
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.operations.simulation.schedule import planned_visits
from pendamping.operations.simulation.talk import Talk
from pendamping.operations.simulation.visiting import ADDED_EVERY, CORRECTED_EVERY, Visiting
from pendamping.operations.simulation.wanted import Wanted
from pendamping.visits.models import MonthLock, PaperCounter

OPEN_DAYS = 60
"""A month that ended longer ago than this has been approved and is locked."""


@dataclass(slots=True)
class Workshop:
    """What every city's year is made with."""

    session: Session
    wanted: Wanted
    instruments: Sequence[PublishedInstrument]
    calendar: OfficeCalendar
    years: Sequence[Year]
    store: FileStore
    people: People
    head_id: uuid.UUID
    """Of the head, who decides about stages and designations."""
    rows: Rows
    chance: Chance
    advance: Callable[[], None]
    """Called after each cooperative."""


def live_through(workshop: Workshop, city: City, staff: Sequence[Facilitator], *, has_office: bool) -> None:
    """Everything that happened in one city."""
    rows, chance, wanted = workshop.rows, workshop.chance, workshop.wanted
    if city.is_new:
        _add_regions(city, rows)
    if not has_office:
        _add_office(city, rows)
    for person in staff:
        workshop.people.facilitator(person)
    on_record = duties(city, staff, workshop.years, wanted)
    planned = agenda(city, on_record, workshop.calendar, wanted, chance)
    for place, subject in enumerate(city.subjects):
        _live_through(workshop, subject, place, on_record[subject.id], planned)
        rows.store(workshop.session)
        workshop.advance()
    if city.is_new:
        _lock_months(staff, wanted, rows, chance)
    for year, last_number in sorted(planned.last_numbers.items()):
        rows.add(PaperCounter, city_code=city.code, year=year, last_number=last_number)
    rows.store(workshop.session)
    if not city.is_new:
        _bring_to_the_office(workshop, staff)


def _bring_to_the_office(workshop: Workshop, staff: Sequence[Facilitator]) -> None:
    """What lies before the head of the office that people are shown; others need none of it."""
    session, wanted, chance = workshop.session, workshop.wanted, workshop.chance
    late_hands(session, staff, wanted, workshop.rows, chance)
    workshop.rows.store(session)
    head = session.get_one(User, workshop.head_id)
    made_with = Gatherings(
        session,
        wanted,
        workshop.instruments,
        workshop.calendar,
        workshop.store,
        Chance(f"{wanted.seed}:kegiatan"),
    )
    gather(made_with, head, staff)
    write_reports(Desk(session, head, wanted, chance), staff)


def _live_through(workshop: Workshop, subject: Subject, place: int, own: Sequence[Duty], planned: Agenda) -> None:
    wanted, rows, chance = workshop.wanted, workshop.rows, workshop.chance
    about = character(subject, wanted, chance)
    known = facts(subject, about, wanted, chance)
    _register(workshop, subject, known)
    account_id = workshop.people.cooperative(subject)
    for duty in own:
        _assign(subject, duty, rows, chance)
    board = officers(subject, about, wanted, rows, chance)
    trips = planned.trips[subject.id]
    links = planned_visits(subject, trips, workshop.calendar, wanted, rows, chance)
    location = (known["latitude"], known["longitude"]) if known["latitude"] is not None else None
    history = History(subject, about, location, workshop.instruments, rows)
    darkroom = Darkroom(subject, workshop.store, rows, chance)
    lives = Lives(subject, about, account_id, rows, chance, darkroom, wanted.now)
    visiting = Visiting(
        history=history,
        lives=lives,
        talk=Talk(subject, about, account_id, rows, chance),
        board=board,
        darkroom=darkroom,
        chance=chance,
        now=wanted.now,
        locked_before=locked_before(wanted),
        wants_correction=place % CORRECTED_EVERY == 1,
        wants_addendum=place % ADDED_EVERY == 2,
        rounds=chance.choice((2, 3)),
        links=links,
    )
    visiting.live(trips)
    decided = Deciding(history, known["stage_confirmed_on"], workshop.head_id, place, chance)
    decisions = decided.live(until=wanted.until)
    standing = history.close(lives.open_due, held=decisions, until=wanted.until, now=wanted.now)
    ask_about(
        subject,
        standing,
        on_duty(own, wanted.until),
        place=place,
        head_id=workshop.head_id,
        wanted=wanted,
        rows=rows,
        chance=Chance(f"{wanted.seed}:{subject.code}"),
    )
    adder = _writer(own, wanted)
    documents(subject, about, wanted, (adder, account_id), darkroom, chance)
    monthly_figures(subject, about, wanted, adder, rows, chance)
    own_pages(subject, board, wanted, adder, rows, chance)
    aiming(subject, wanted, adder, rows, Chance(f"{wanted.seed}:{subject.code}:sasaran"))
    partnering(subject, about, wanted, adder, rows, Chance(f"{wanted.seed}:{subject.code}:mitra"))


def _writer(own: Sequence[Duty], wanted: Wanted) -> uuid.UUID:
    """Whoever enters what is entered about a cooperative."""
    return (on_duty(own, wanted.until) or own[0].facilitator).id


def _register(workshop: Workshop, subject: Subject, known: Row) -> None:
    """The facts of a real cooperative are filled in; a simulated one comes into being with them."""
    if not subject.is_new:
        workshop.session.connection().execute(update(Cooperative).where(Cooperative.id == subject.id).values(**known))
        return
    workshop.rows.add(
        Cooperative,
        id=subject.id,
        city_code=subject.city_code,
        code=subject.code,
        short_name=subject.short_name,
        legal_name=f"Koperasi Kelurahan Merah Putih {subject.ward_name}",
        **known,
    )


def _assign(subject: Subject, duty: Duty, rows: Rows, chance: Chance) -> None:
    rows.add(
        Assignment,
        id=chance.id(),
        city_code=subject.city_code,
        cooperative_id=subject.id,
        facilitator_id=duty.facilitator.id,
        starts_on=duty.starts_on,
        ends_on=duty.ends_on,
    )


def _add_regions(city: City, rows: Rows) -> None:
    """The nodes above and of a simulated city; a province comes with its first city."""
    province = city.code[:2]
    if city.code.endswith(".01"):
        name = "Provinsi Simulasi" + (" Kedua" if province == PROVINCES[0] else "")
        _add_region(province, name, RegionKind.PROVINCE, None, rows)
    _add_region(city.code, f"Kota Simulasi {city.code[3:]}", RegionKind.CITY, province, rows)
    districts: dict[str, None] = dict.fromkeys(subject.code[:8] for subject in city.subjects)
    for code in districts:
        _add_region(code, f"Kecamatan Simulasi {code[6:]}", RegionKind.DISTRICT, city.code, rows)
    for subject in city.subjects:
        _add_region(subject.code, f"Kelurahan {subject.ward_name}", RegionKind.WARD, subject.code[:8], rows)


def _add_region(code: str, name: str, kind: RegionKind, parent_code: str | None, rows: Rows) -> None:
    rows.add(Region, code=code, name=name, display_name=name, kind=kind, parent_code=parent_code, is_simulated=True)


def _add_office(city: City, rows: Rows) -> None:
    government = f"Pemerintah Kota Simulasi {city.code[3:]}" if city.is_new else "Pemerintah Kota Balikpapan"
    rows.add(
        Office,
        city_code=city.code,
        government=government,
        name="Dinas Koperasi, Usaha Mikro, Kecil, Menengah dan Perindustrian",
        address="",
        contact="",
        number_code="BA-KKMP",
    )


def locked_before(wanted: Wanted) -> dt.date:
    """The first day of the first month that is not locked."""
    return (wanted.until - dt.timedelta(days=OPEN_DAYS)).replace(day=1)


def _lock_months(staff: Sequence[Facilitator], wanted: Wanted, rows: Rows, chance: Chance) -> None:
    """A simulated city wrote its reports on paper: its months are locked, and none is owed."""
    for month in months(wanted.first, wanted.until):
        if not is_closed(month, wanted):
            continue
        for person in staff:
            rows.add(
                MonthLock,
                facilitator_id=person.id,
                year=month.year,
                month=month.month,
                locked_at=at(month_end(month) + chance.days(9, 13), dt.time(9)) + chance.minutes(0, 400),
            )

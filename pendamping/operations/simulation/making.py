"""The one verb: fill a freshly loaded database with a simulated year, whole or not at all."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from pendamping.accounts.passwords import hash_password
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.filestore import FileStore
from pendamping.operations.load import CASELOAD, VISITS_PER_MONTH
from pendamping.operations.simulation.cast import cities, duties, facilitators
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.city import Workshop, live_through
from pendamping.operations.simulation.draft import unfinished_visit
from pendamping.operations.simulation.ground import (
    SUBJECT,
    VERB,
    has_office,
    instruments_of,
    office_calendar,
    programme_years,
    real_subjects,
    refuse_unless_fresh,
)
from pendamping.operations.simulation.names import password
from pendamping.operations.simulation.people import People
from pendamping.operations.simulation.reminding import calendar_kept, reached_by_mail
from pendamping.operations.simulation.rows import Rows
from pendamping.operations.simulation.wanted import Wanted

ACTOR_NAME = "perintah: simulate"


def simulate(session: Session, wanted: Wanted, *, store: FileStore, advance: Callable[[], None]) -> None:
    """Make everything that the arguments ask for, in the transaction of the session.

    Args:
        advance: called after each cooperative.

    Raises:
        NotAFreshCity, NoCity: the database holds more, or less, than a freshly loaded city; nothing is changed.
    """
    refuse_unless_fresh(session)
    chance, rows = Chance(wanted.seed), Rows()
    secret = hash_password(password(chance))
    people = People(secret, wanted.now - dt.timedelta(days=(wanted.until - wanted.first).days + 3), rows, chance)
    years, missing = programme_years(session, wanted)
    for number in missing:
        _add_programme_year(number, rows)
    admin_id = people.admin()
    head_id = people.head()
    workshop = Workshop(
        session=session,
        wanted=wanted,
        instruments=instruments_of(session, wanted),
        calendar=office_calendar(session),
        years=years,
        store=store,
        people=people,
        head_id=head_id,
        rows=rows,
        chance=chance,
        advance=advance,
    )
    _live_through_all(workshop)
    calendar_kept(admin_id, wanted, rows)
    reached_by_mail(session, wanted, rows, chance)
    _put_on_record(workshop)
    rows.store(session)


def _live_through_all(workshop: Workshop) -> None:
    session, wanted, chance = workshop.session, workshop.wanted, workshop.chance
    count = 0
    for city in cities(real_subjects(session), wanted, chance):
        staff = facilitators(city, count, chance)
        live_through(workshop, city, staff, has_office=has_office(session, city.code))
        if not count:
            # The last of the list: its facilitator is the one with time to write in the evening.
            subject = city.subjects[-1]
            author = duties(city, staff, workshop.years, wanted)[subject.id][-1].facilitator
            unfinished_visit(subject, author.id, workshop.instruments, wanted, workshop.rows, chance)
        count += len(staff)


def _add_programme_year(number: int, rows: Rows) -> None:
    rows.add(
        ProgrammeYear,
        year=number,
        starts_on=dt.date(number, 1, 1),
        ends_on=dt.date(number, 12, 31),
        visits_per_month=VISITS_PER_MONTH,
        caseload_min=CASELOAD[0],
        caseload_max=CASELOAD[1],
    )


def _put_on_record(workshop: Workshop) -> None:
    """One event for the run and one for each table that it filled, not one for each row."""
    workshop.rows.store(workshop.session)
    _record(workshop, SUBJECT, str(workshop.wanted.seed), workshop.wanted.as_record())
    for table, count in sorted(workshop.rows.stored.items()):
        _record(workshop, table, "*", {"rows": count})


def _record(workshop: Workshop, subject_type: str, subject_id: str, after: dict[str, object]) -> None:
    workshop.rows.add(
        AuditEvent,
        id=workshop.chance.id(),
        at=workshop.wanted.now,
        actor_id=None,
        actor_name=ACTOR_NAME,
        request_id=None,
        verb=VERB,
        subject_type=subject_type,
        subject_id=subject_id,
        before=None,
        after=after,
    )

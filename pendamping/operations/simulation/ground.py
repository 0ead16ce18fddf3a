"""The ground a simulation stands on: is the database free for it, and what of the real city is there."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Baseline as BaselineRow
from pendamping.cooperatives.models import Cooperative, Region
from pendamping.cooperatives.partnerships.models import Partnership, PartnershipStep
from pendamping.cooperatives.programme.models import Office, ProgrammeYear
from pendamping.field.models import ServerEpoch
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.queries import PublishedInstrument, instruments_on
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.errors import DomainError
from pendamping.kernel.tables import Base
from pendamping.kernel.words import N_
from pendamping.operations.backup.verbs import BACKED_UP
from pendamping.operations.first_sign_in import USERNAME as FIRST_ADMIN
from pendamping.operations.simulation.cast import Baseline, Subject, Year
from pendamping.operations.simulation.days import OfficeCalendar
from pendamping.operations.simulation.wanted import Wanted
from pendamping.reminders.models import DayOff, ObligationVersion

VERB = "simulate"
SUBJECT = "simulation"
LOADED = (
    Region,
    Cooperative,
    BaselineRow,
    Partnership,
    PartnershipStep,
    ProgrammeYear,
    InstrumentVersion,
    DayOff,
    ObligationVersion,
    Office,
    ServerEpoch,
)
"""What loading the city fills; beside it there may be the first admin, and the record of both."""
LOADING_VERBS = frozenset({"load_cooperative", "report_partnership", "publish", "publish_instrument", "add_user"})
WRITTEN_BY_ITSELF = frozenset({"job_run", "notification", "delivery"})
"""Tables that a server fills before anybody has worked with it."""
VERBS_OF_JOBS = frozenset({BACKED_UP})


class NotAFreshCity(DomainError):
    code = "not_a_fresh_city"
    explanation = N_(
        "Basis data ini sudah berisi data (%(found)s). Simulasi hanya untuk basis data yang baru dimuat, "
        "misalnya dengan PENDAMPING_INSTANCE pada folder baru."
    )


class NoCity(DomainError):
    code = "no_city"
    explanation = N_("Kota belum dimuat; jalankan dahulu: pendamping init")


def earlier(session: Session) -> dict[str, object] | None:
    """The arguments of the simulation that this database holds already, if it holds one."""
    found = session.scalar(
        select(AuditEvent.after).where(AuditEvent.verb == VERB, AuditEvent.subject_type == SUBJECT).limit(1)
    )
    return dict(found) if found else None


def refuse_unless_fresh(session: Session) -> None:
    """Never a simulated row among real ones.

    Raises:
        NotAFreshCity: something has been entered since the city was loaded.
        NoCity: nothing has been loaded yet.
    """
    if session.scalar(select(Cooperative.id).limit(1)) is None:
        raise NoCity
    if (found := _entered(session)) is not None:
        raise NotAFreshCity(found=found)


def _entered(session: Session) -> str | None:
    """The first sign that people work with this database."""
    if (arguments := earlier(session)) is not None:
        return "simulasi lain: {cooperatives} koperasi, {months} bulan, sampai {until}, benih {seed}".format(
            **arguments
        )
    loaded = {model.__tablename__ for model in LOADED} | {User.__tablename__, AuditEvent.__tablename__}
    loaded |= WRITTEN_BY_ITSELF
    for table in Base.metadata.sorted_tables:
        if table.name not in loaded and session.execute(select(table).limit(1)).first() is not None:
            return table.name
    strangers = select(User.username).where(User.username != FIRST_ADMIN).limit(1)
    if (username := session.scalar(strangers)) is not None:
        return f"akun {username}"
    verb = select(AuditEvent.verb).where(AuditEvent.verb.not_in(LOADING_VERBS | VERBS_OF_JOBS)).limit(1)
    return session.scalar(verb)


def real_subjects(session: Session) -> list[Subject]:
    """The loaded city's cooperatives in the order of their codes."""
    rows = session.execute(
        select(Cooperative, Region.display_name, BaselineRow)
        .join(Region, Region.code == Cooperative.code)
        .outerjoin(BaselineRow, BaselineRow.cooperative_id == Cooperative.id)
        .order_by(Cooperative.code)
    )
    return [
        Subject(
            id=cooperative.id,
            code=cooperative.code,
            ward_name=ward_name,
            short_name=cooperative.short_name,
            stage=cooperative.stage,
            baseline=_baseline(row),
        )
        for cooperative, ward_name, row in rows
    ]


def _baseline(row: BaselineRow | None) -> Baseline:
    if row is None:
        return Baseline(members=25, savings_idr=0, turnover_idr=0, has_npwp=False, has_nib=False)
    return Baseline(
        members=max(row.principal_savings_members, row.mandatory_savings_members),
        savings_idr=row.savings_total_idr,
        turnover_idr=row.transaction_value_idr,
        has_npwp=row.has_npwp,
        has_nib=row.has_nib,
    )


def office_calendar(session: Session) -> OfficeCalendar:
    return OfficeCalendar(frozenset(session.scalars(select(DayOff.on))))


def instruments_of(session: Session, wanted: Wanted) -> list[PublishedInstrument]:
    """Those in force on the last day; for a year before their time, the first that there are."""
    return instruments_on(session, wanted.until) or instruments_on(
        session, session.scalar(select(func.min(InstrumentVersion.effective_on))) or wanted.until
    )


def programme_years(session: Session, wanted: Wanted) -> tuple[list[Year], list[int]]:
    """The programme years that the simulation touches, and those among them that are still to be made."""
    numbers = range(wanted.first.year, wanted.days_ahead_end.year + 1)
    there = {row.year: row for row in session.scalars(select(ProgrammeYear).where(ProgrammeYear.year.in_(numbers)))}
    years = [
        Year(there[number].starts_on, there[number].ends_on)
        if number in there
        else Year(dt.date(number, 1, 1), dt.date(number, 12, 31))
        for number in numbers
    ]
    return years, [number for number in numbers if number not in there]


def has_office(session: Session, city_code: str) -> bool:
    return session.get(Office, city_code) is not None


def demo_accounts(session: Session, mark: str) -> Sequence[User]:
    """The simulated accounts that have a password; those of cooperatives in the order of their codes."""
    marked = select(User).where(User.name.endswith(mark, autoescape=True), User.officer_id.is_(None))
    in_order = marked.outerjoin(Cooperative, Cooperative.id == User.cooperative_id).order_by(Cooperative.code)
    return session.scalars(in_order.order_by(User.username)).all()

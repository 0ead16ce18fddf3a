"""What pages and papers read of the programme's years and of the office."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Region, RegionKind
from pendamping.cooperatives.policy import runs_on
from pendamping.cooperatives.programme.models import Office, ProgrammeYear


@dataclass(frozen=True, slots=True)
class OfficeView:
    """The letterhead of a city's agency, and what stands in the numbers of its papers."""

    government: str
    name: str
    address: str
    contact: str
    number_code: str


DEFAULT_OFFICE = OfficeView(
    government="Pemerintah Kota Balikpapan",
    name="Dinas Koperasi, Usaha Mikro, Kecil, Menengah dan Perindustrian",
    address="",
    contact="",
    number_code="BA-KKMP",
)
"""Until the agency says otherwise."""


@dataclass(frozen=True, slots=True)
class YearLine:
    """A programme year with its targets, and how many assignments run on at least one of its days."""

    year: int
    starts_on: dt.date
    ends_on: dt.date
    visits_per_month: int
    caseload_min: int
    caseload_max: int
    assignments: int


def office_of(session: Session, city_code: str) -> OfficeView:
    """The office of a city, with defaults where it has said nothing of itself yet."""
    office = session.get(Office, city_code)
    if office is None:
        return DEFAULT_OFFICE
    return OfficeView(**{name: getattr(office, name) for name in OfficeView.__dataclass_fields__})


def cities_within(session: Session, scope_prefix: str) -> Sequence[tuple[str, str]]:
    """(code, name) of the cities that lie whole within a region."""
    query = select(Region.code, Region.display_name).where(Region.kind == RegionKind.CITY).order_by(Region.code)
    within = f"{scope_prefix}."
    return [(code, name) for code, name in session.execute(query) if not scope_prefix or f"{code}.".startswith(within)]


def year_lines(session: Session) -> list[YearLine]:
    """Every programme year, the latest first."""
    count = (
        select(func.count(Assignment.id))
        .where(Assignment.starts_on <= ProgrammeYear.ends_on, Assignment.ends_on >= ProgrammeYear.starts_on)
        .scalar_subquery()
    )
    query = select(ProgrammeYear, count).order_by(ProgrammeYear.year.desc())
    return [_line(year, count) for year, count in session.execute(query)]


def _line(year: ProgrammeYear, assignments: int) -> YearLine:
    fields = ("year", "starts_on", "ends_on", "visits_per_month", "caseload_min", "caseload_max")
    return YearLine(**{name: getattr(year, name) for name in fields}, assignments=assignments)


def running_to_the_end(assignments: Select[Assignment], year: ProgrammeYear) -> Select[Assignment]:
    """Those of a select that have not ended before the year does: what a next year can carry on."""
    return assignments.where(runs_on(year.ends_on))

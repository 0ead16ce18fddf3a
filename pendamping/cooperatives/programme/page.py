"""What opening the next programme year would do, gathered for its page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.assignments.page import open_action_count, years_of
from pendamping.cooperatives.assignments.policy import visible_assignments
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.cooperatives.programme.queries import running_to_the_end
from pendamping.cooperatives.programme.service import YearFrame, frame_of, next_frame
from pendamping.kernel.errors import NotThere
from pendamping.plans.policy import visible_actions


@dataclass(frozen=True, slots=True)
class NextYearPage:
    """The year that ends, the one after it, and what goes from one to the other within the admin's region."""

    ending: int
    number: int
    frame: YearFrame
    is_open: bool
    assignments: int
    carried: int
    open_actions: int


def next_year_page(session: Session, admin: User, *, today: dt.date) -> NextYearPage:
    """The year to open; or, while the last one lies ahead still, that one, which can be filled yet.

    Raises:
        NotThere: there is no programme year at all.
    """
    years = years_of(session)
    if not years:
        raise NotThere
    ending, following = _pair(years, today)
    seen = visible_assignments(admin, today=today)
    return NextYearPage(
        ending=ending.year,
        number=following.year if following else ending.year + 1,
        frame=frame_of(following) if following else next_frame(ending),
        is_open=following is not None,
        assignments=_count(session, running_to_the_end(seen, ending)),
        carried=_count(session, seen.where(Assignment.starts_on == following.starts_on)) if following else 0,
        open_actions=open_action_count(session, visible_actions(admin, today=today)),
    )


def _count(session: Session, assignments: Select[Assignment]) -> int:
    return session.scalar(assignments.with_only_columns(func.count(Assignment.id))) or 0


def _pair(years: Sequence[ProgrammeYear], today: dt.date) -> tuple[ProgrammeYear, ProgrammeYear | None]:
    """The year that ends, and the one after it where that is open and has not begun."""
    last = years[0]
    if last.starts_on > today and len(years) > 1:
        return years[1], last
    return last, None


def ending_year(session: Session, number: int) -> ProgrammeYear | None:
    """The year before the one with this number."""
    return next((each for each in years_of(session) if each.year < number), None)

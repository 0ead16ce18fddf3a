"""What the admin's pages about accounts show: each account with the region, the cooperative or the caseload it has."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from pendamping.accounts import policy
from pendamping.accounts.models import User
from pendamping.accounts.people.words import account_word
from pendamping.accounts.queries import PeopleFilter, Person, people, person
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.assignments.policy import manageable_people
from pendamping.cooperatives.assignments.queries import AssignmentLine, assignment_lines, counts_from
from pendamping.cooperatives.models import Cooperative, Region, RegionKind
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.kernel.database import reading
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_
from pendamping.reminders.mail_confirmation import mail_confirmed
from pendamping.visits.models import Visit
from pendamping.visits.schedule.models import PlannedVisit

COOPERATIVES_OFFERED = 100


class UnknownCooperative(DomainError):
    code = "unknown_cooperative"
    status = 400
    explanation = N_("Tidak ada koperasi dengan kode ini di wilayah Anda.")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An account and what it is about: a region's or a cooperative's name, or how many cooperatives it accompanies."""

    person: Person
    role_word: str
    region_name: str | None = None
    cooperative_name: str | None = None
    cooperative_code: str | None = None
    caseload: int = 0
    is_mail_confirmed: bool | None = None
    """None without an address for reminders."""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One account with what hangs on it, and what the admin may do with it."""

    row: PersonRow
    assignments: Sequence[AssignmentLine]
    """Those that run today or later."""
    planned_visits: int
    is_own: bool

    @property
    def has_ties(self) -> bool:
        return bool(self.assignments or self.planned_visits)


def person_or_404(admin: User, user_id: uuid.UUID, *, today: dt.date) -> User:
    user = reading().scalar(manageable_people(admin, today=today).where(User.id == user_id))
    if user is None:
        raise NotThere
    return user


def people_rows(
    session: Session, admin: User, chosen: PeopleFilter, *, after: str | None, size: int, today: dt.date
) -> list[PersonRow]:
    """One page of the list, and one row more if another page follows; five queries however long it is."""
    page = people(session, manageable_people(admin, today=today), chosen, after=after, size=size)
    regions = _region_names(session, {each.scope_prefix for each in page})
    cooperatives = _cooperative_names(session, {each.cooperative_id for each in page})
    facilitators = [each.id for each in page if each.role is Role.FACILITATOR]
    caseloads = counts_from(session, facilitators, on=today)
    confirmed = mail_confirmed(session, [each.id for each in page])
    rows = []
    for each in page:
        code, name = cooperatives.get(each.cooperative_id, (None, None))
        region, caseload = regions.get(each.scope_prefix), caseloads.get(each.id, 0)
        mail = confirmed.get(each.id)
        rows.append(PersonRow(each, account_word(each.role), region, name, code, caseload, mail))
    return rows


def person_page(session: Session, admin: User, user: User, *, today: dt.date) -> PersonPage:
    """One account, with the assignments and planned visits that its closing would leave without anybody."""
    region = _region_names(session, {user.scope_prefix}).get(user.scope_prefix)
    code, name = _cooperative_names(session, {user.cooperative_id}).get(user.cooperative_id, (None, None))
    ahead = select(Assignment).where(Assignment.facilitator_id == user.id, Assignment.ends_on >= today)
    lines = assignment_lines(session, ahead)
    caseload = len({line.cooperative_id for line in lines})
    mail = mail_confirmed(session, [user.id]).get(user.id)
    return PersonPage(
        row=PersonRow(person(user), account_word(user.role), region, name, code, caseload, mail),
        assignments=lines,
        planned_visits=planned_visits_of(session, user.id, after=today - dt.timedelta(days=1)),
        is_own=user.id == admin.id,
    )


def planned_visits_of(
    session: Session, facilitator_id: uuid.UUID, *, after: dt.date, cooperative_id: uuid.UUID | None = None
) -> int:
    """Visits planned after a day that are neither made nor called off."""
    is_made = exists().where(Visit.planned_visit_id == PlannedVisit.id)
    query = select(func.count()).select_from(PlannedVisit)
    query = query.where(
        PlannedVisit.facilitator_id == facilitator_id,
        PlannedVisit.planned_on > after,
        PlannedVisit.cancelled_at.is_(None),
        ~is_made,
    )
    if cooperative_id:
        query = query.where(PlannedVisit.cooperative_id == cooperative_id)
    return session.scalar(query) or 0


def regions_to_give(session: Session, admin: User) -> list[tuple[str, str]]:
    """(code, name) of the regions an admin may let somebody see, down to the kecamatan."""
    kinds = (RegionKind.PROVINCE, RegionKind.CITY, RegionKind.DISTRICT)
    regions = session.execute(
        select(Region.code, Region.display_name).where(Region.kind.in_(kinds)).order_by(Region.code)
    )
    return [(code, name) for code, name in regions if policy.may_give_scope(admin, code)]


def cooperatives_to_name(session: Session, admin: User, *, today: dt.date) -> list[tuple[str, str]]:
    """(code, name) of the first cooperatives an admin sees, to complete a code while it is typed."""
    first = visible_cooperatives(admin, today=today).order_by(Cooperative.short_name).limit(COOPERATIVES_OFFERED)
    named = first.with_only_columns(Cooperative.code, Cooperative.short_name)
    return [(code, name) for code, name in session.execute(named)]


def cooperative_id_of(session: Session, admin: User, code: str, *, today: dt.date) -> uuid.UUID | None:
    """The cooperative behind a code; None where no code is given.

    Raises:
        UnknownCooperative: the admin sees none with this code.
    """
    if not code:
        return None
    cooperative = session.scalar(visible_cooperatives(admin, today=today).where(Cooperative.code == code))
    if cooperative is None:
        raise UnknownCooperative
    return cooperative.id


def _region_names(session: Session, codes: set[str]) -> dict[str, str]:
    query = select(Region.code, Region.display_name).where(Region.code.in_(sorted(codes)))
    return dict(session.execute(query).all())


def _cooperative_names(
    session: Session, ids: set[uuid.UUID | None]
) -> dict[uuid.UUID | None, tuple[str | None, str | None]]:
    query = select(Cooperative.id, Cooperative.code, Cooperative.short_name)
    named = session.execute(query.where(Cooperative.id.in_([each for each in ids if each])))
    return {id_: (code, name) for id_, code, name in named}

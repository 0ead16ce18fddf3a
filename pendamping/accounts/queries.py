"""What pages read of accounts."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role


@dataclass(frozen=True, slots=True)
class Person:
    """An account as lists and pages show it; nothing of its password."""

    id: uuid.UUID
    username: str
    name: str
    role: Role
    scope_prefix: str
    cooperative_id: uuid.UUID | None
    is_active: bool
    must_change_password: bool
    created_at: dt.datetime
    deactivated_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list is narrowed to; empty and None where it is not."""

    text: str = ""
    role: Role | None = None
    is_active: bool | None = None

    @property
    def is_empty(self) -> bool:
        return self == PeopleFilter()


def person(user: User) -> Person:
    return Person(**{name: getattr(user, name) for name in Person.__dataclass_fields__})


def people(
    session: Session, visible: Select[User], chosen: PeopleFilter, *, after: str | None, size: int
) -> list[Person]:
    """One page in the order of names, beginning after the account called `after`; one more than `size`, which says
    whether another page follows. A name nobody has is before everybody.
    """
    query = _narrowed(visible, chosen).order_by(User.name, User.username).limit(size + 1)
    if after:
        last = aliased(User)
        key = select(last.name).where(last.username == after).scalar_subquery()
        query = query.where(tuple_(User.name, User.username) > tuple_(func.coalesce(key, ""), after))
    return [person(user) for user in session.scalars(query)]


def _narrowed(query: Select[User], chosen: PeopleFilter) -> Select[User]:
    if chosen.text:
        text = chosen.text
        query = query.where(
            or_(User.name.icontains(text, autoescape=True), User.username.icontains(text, autoescape=True))
        )
    if chosen.role:
        query = query.where(User.role == chosen.role)
    if chosen.is_active is not None:
        query = query.where(User.deactivated_at.is_(None) if chosen.is_active else User.deactivated_at.is_not(None))
    return query

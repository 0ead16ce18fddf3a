"""Who did what, when, and what it was before: one row for each change, which the database will not let anyone alter."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from pendamping.kernel.bulk import append
from pendamping.kernel.tables import Base, IdMixin


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person, or a command on the server (`user_id` is None then)."""

    user_id: uuid.UUID | None
    name: str
    request_id: str | None = None


class AuditEvent(IdMixin, Base):
    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "subject_type", "subject_id", "at"), Index(None, "at"))

    at: Mapped[dt.datetime]
    actor_id: Mapped[uuid.UUID | None]
    """No foreign key: the record of what a person did outlives the person's row."""
    actor_name: Mapped[str] = mapped_column(String(200))
    request_id: Mapped[str | None] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(64))
    subject_type: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


def record(
    session: Session,
    actor: Actor,
    verb: str,
    subject: Base,
    *,
    at: dt.datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Put a change on record, in the transaction that makes it.

    Args:
        subject: the row that changed; must have been flushed, so that it has its key.
        before, after: only the fields that changed; never a password or its hash.
    """
    key = getattr(subject, "id", None) or getattr(subject, "code")  # noqa: B009
    record_by_key(session, actor, verb, type(subject), key, at=at, before=before, after=after)


def record_by_key(
    session: Session,
    actor: Actor,
    verb: str,
    subject: type[Base],
    key: object,
    *,
    at: dt.datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The same of a row that was stored without being loaded."""
    event = {
        "at": at,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "request_id": actor.request_id,
        "verb": verb,
        "subject_type": subject.__tablename__,
        "subject_id": str(key),
        "before": _as_json(before),
        "after": _as_json(after),
    }
    append(session, AuditEvent, event)


def _as_json(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case _:
            return str(value)

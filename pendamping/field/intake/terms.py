"""The terms that the kinds of records share: who sends, what came, what became of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.field.flatten import NotFlat, flatten
from pendamping.field.models import Kept, Receipt
from pendamping.field.service import Place, Received
from pendamping.field.wire import Fault, Outcome
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import translated
from pendamping.visits.service import OutsideAssignment


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose queue it is, and when it is taken in."""

    user: User
    actor: Actor
    today: dt.date
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record that can be read: its envelope, its body, and what is kept under its id already."""

    received: Received
    body: dict[str, Any]
    receipts: Sequence[Receipt]

    @property
    def accepted(self) -> list[Receipt]:
        return [each for each in self.receipts if each.outcome is not Kept.CONFLICT]

    def fields(self, body: dict[str, Any] | None = None) -> MultiDict[str, str]:
        """The body, or what was made of it, as a form would have sent it.

        Raises:
            Refused: no form looks like this.
        """
        try:
            return MultiDict(flatten(self.body if body is None else body))
        except NotFlat:
            raise unreadable() from None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a record that is stored."""

    outcome: Kept
    place: Place
    revision: int
    content_sha256: str | None = None


class Refused(Exception):
    """A record is not stored: for good as it is, or for now."""

    def __init__(self, outcome: Outcome, faults: Sequence[Fault]) -> None:
        super().__init__(outcome, faults)
        self.outcome = outcome
        self.faults = list(faults)


class Conflict(Exception):
    """Something else stands under the id of a record; what the record says is kept beside it."""

    def __init__(self, place: Place, revision: int) -> None:
        super().__init__(place, revision)
        self.place = place
        self.revision = revision


def rejected(code: str, message: str, path: str = "") -> Refused:
    return Refused(Outcome.REJECTED, [Fault(path, code, message)])


def later(code: str, message: str, path: str = "") -> Refused:
    return Refused(Outcome.LATER, [Fault(path, code, message)])


def refused_by_rule(error: DomainError, path: str = "") -> Refused:
    """What a verb refuses, at the field that it is about."""
    return rejected(error.code, translated(error.explanation, **error.params), path)


def unreadable() -> Refused:
    return rejected("bad_body", _("Isi kiriman ini tidak terbaca."))


def not_yours() -> Refused:
    return rejected("not_yours", _("Kiriman ini milik orang lain. Ia hanya dapat dikirim oleh penulisnya."))


def parent_missing(path: str) -> Refused:
    return later("parent_missing", _("Menunggu: yang dirujuk kiriman ini belum sampai di kantor."), path)


def base_missing() -> Refused:
    return later("base_missing", _("Menunggu: versi yang diperbaiki kiriman ini belum sampai di kantor."))


def place_of(row: Any) -> Place:
    """Of anything that belongs to a cooperative."""
    return Place(row.cooperative_id, row.city_code)


def own_cooperative(session: Session, incoming: Incoming, sender: Sender) -> Cooperative:
    """The cooperative that a record names.

    Raises:
        Refused: it is not this person's today, or nobody's.
    """
    code = incoming.body.get("cooperative")
    wanted = code if isinstance(code, str) and code.isprintable() else ""
    visible = visible_cooperatives(sender.user, today=sender.today)
    found = session.scalar(visible.where(Cooperative.code == wanted))
    if found is None:
        raise refused_by_rule(OutsideAssignment(), "cooperative")
    return found

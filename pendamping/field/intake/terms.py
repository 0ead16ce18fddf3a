"""The terms that the kinds of records share: who sends, what came, what became of it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.field.batch_context import BatchContext
from pendamping.field.flatten import NotFlat, flatten
from pendamping.field.models import Kept, Receipt
from pendamping.field.quarantine.models import WhyHeld
from pendamping.field.service import Place, Received
from pendamping.field.wire import Fault, Outcome
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import explained
from pendamping.kernel.ids import uuid_or_none
from pendamping.visits.service import OutsideAssignment


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose queue it is, who brings it, and when it is taken in.

    user: the author of every record in it.
    actor: whoever hands it in: the author; an admin with a file; the head who has accepted it.
    held_for: why nothing of it is stored before somebody has looked at it.
    device_id: the tablet it was written on, which counts what was taken in.
    is_vouched_for: the head has accepted it, which stands for an assignment that its author did not have.
    """

    user: User
    actor: Actor
    today: dt.date
    now: dt.datetime
    held_for: WhyHeld | None = None
    device_id: uuid.UUID | None = None
    is_vouched_for: bool = False
    batch: BatchContext | None = None

    @property
    def together(self) -> BatchContext:
        """What its records share; of one that comes by itself, nothing."""
        return self.batch or BatchContext(self.today, self.now)


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
    """What became of a record that is stored; `notes` say what its author should know all the same."""

    outcome: Kept
    place: Place
    revision: int
    content_sha256: str | None = None
    notes: Sequence[Fault] = ()


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


class Hold(Exception):
    """A record waits for the head: it is neither stored nor refused."""

    def __init__(self, why: WhyHeld, place: Place | None, path: str = "") -> None:
        super().__init__(why, place, path)
        self.why = why
        self.place = place
        self.path = path


def rejected(code: str, message: str, path: str = "") -> Refused:
    return Refused(Outcome.REJECTED, [Fault(path, code, message)])


def later(code: str, message: str, path: str = "") -> Refused:
    return Refused(Outcome.LATER, [Fault(path, code, message)])


def refused_by_rule(error: DomainError, path: str = "") -> Refused:
    """What a verb refuses, at the field that it is about."""
    return rejected(error.code, explained(error), path)


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
    """The cooperative that a record names, if it is this person's today.

    Raises:
        Hold: it is not, or not any more.
        Refused: there is no such cooperative.
    """
    found = named_cooperative(session, incoming.body, sender)
    visible = visible_cooperatives(sender.user, today=sender.today).where(Cooperative.id == found.id)
    if not sender.is_vouched_for and session.scalar(visible) is None:
        raise Hold(why_not_own(session, found, sender), place_in(found), "cooperative")
    return found


def named_cooperative(session: Session, body: dict[str, Any], sender: Sender) -> Cooperative:
    """Raises Refused: there is no such cooperative."""
    code = body.get("cooperative")
    wanted = code if isinstance(code, str) and code.isprintable() else ""
    found = sender.together.cooperative(session, wanted)
    if found is None:
        raise refused_by_rule(OutsideAssignment(), "cooperative")
    return found


def named_beside(body: dict[str, Any]) -> uuid.UUID | None:
    """Beside which stored record of the same person a tablet keeps this one ("Simpan keduanya"); whether it may stand
    at the same hours is for the verb to say.

    Raises:
        Refused: it is no id.
    """
    named = body.get("beside")
    if named is None:
        return None
    found = uuid_or_none(named) if isinstance(named, str) else None
    if found is None:
        raise unreadable()
    return found


def place_in(cooperative: Cooperative) -> Place:
    return Place(cooperative.id, cooperative.city_code)


def why_not_own(session: Session, cooperative: Cooperative, sender: Sender) -> WhyHeld:
    """Whether a cooperative was once this person's, or never."""
    was_ever = sender.together.asked.accompanied(session, sender.user.id, cooperative.id)
    return WhyHeld.OUTSIDE_ASSIGNMENT if was_ever else WhyHeld.FOREIGN

"""The demo accounts: facilitators, the head, an admin, one for each cooperative; all with one password."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.operations.simulation.cast import Facilitator, Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.names import ADMIN, DEMO, HEAD, cooperative_username, facilitator
from pendamping.operations.simulation.rows import Rows


@dataclass(slots=True)
class People:
    """Makes accounts; hashing is slow, so it is done once, by whoever calls."""

    password_hash: str
    created_at: dt.datetime
    rows: Rows
    chance: Chance
    taken: set[str] = field(default_factory=set)
    """Usernames that are given out."""

    def admin(self) -> uuid.UUID:
        return self._add(*ADMIN_ACCOUNT, Role.ADMIN)

    def head(self) -> uuid.UUID:
        return self._add(*HEAD_ACCOUNT, Role.AGENCY_HEAD)

    def facilitator(self, person: Facilitator) -> None:
        username, name = facilitator(person.number)
        self._add(username, name, Role.FACILITATOR, id_=person.id)

    def cooperative(self, subject: Subject) -> uuid.UUID:
        """Two kelurahan may share a name; the second account carries its code's last digits."""
        username = cooperative_username(subject.ward_name)
        if username in self.taken:
            username += f".{subject.code[-4:]}"
        name = f"Pengurus {subject.short_name} {DEMO}"
        return self._add(username, name, Role.COOPERATIVE, cooperative_id=subject.id)

    def _add(
        self,
        username: str,
        name: str,
        role: Role,
        *,
        id_: uuid.UUID | None = None,
        cooperative_id: uuid.UUID | None = None,
    ) -> uuid.UUID:
        self.taken.add(username)
        id_ = id_ or self.chance.id()
        self.rows.add(
            User,
            id=id_,
            username=username,
            name=name,
            role=role,
            scope_prefix="",
            cooperative_id=cooperative_id,
            officer_id=None,
            password_hash=self.password_hash,
            must_change_password=False,
            session_version=1,
            language="id",
            created_at=self.created_at,
            deactivated_at=None,
        )
        return id_


ADMIN_ACCOUNT = (ADMIN[0], f"{ADMIN[1]} {DEMO}")
HEAD_ACCOUNT = (HEAD[0], f"{HEAD[1]} {DEMO}")

"""What the records of one batch share, so that it is asked for and written down once and not with each of them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import PublishedInstrument, instruments_on
from pendamping.progress.service import refresh_standing
from pendamping.visits.batch_cache import BatchCache


class StandingFailed(Exception):
    """A cooperative that a batch was about cannot be counted; it does not say by which record's fault."""


@dataclass(slots=True)
class BatchContext:
    """Of one transaction.

    waits: standings are brought up to date at the end, by `bring_up_to_date`, each once; else as soon as something
        changes them, so that it is seen with which record it cannot be done.
    """

    today: dt.date
    now: dt.datetime
    waits: bool = False
    asked: BatchCache = field(default_factory=BatchCache)
    _changed: dict[uuid.UUID, Cooperative] = field(default_factory=dict)
    _cooperatives: dict[str, Cooperative] = field(default_factory=dict)
    _in_force: Sequence[PublishedInstrument] | None = None

    def in_force(self, session: Session) -> Sequence[PublishedInstrument]:
        """The instruments of today."""
        if self._in_force is None:
            self._in_force = instruments_on(session, self.today)
        return self._in_force

    def cooperative(self, session: Session, code: str) -> Cooperative | None:
        """By its code, whoever it belongs to."""
        if code not in self._cooperatives:
            found = session.scalar(_by_code(), {"code": code})
            if found is None:
                return None
            self._cooperatives[code] = found
        return self._cooperatives[code]

    def standing_changed(self, session: Session, cooperative: Cooperative) -> None:
        """Something was stored that a cooperative's standing depends on."""
        if self.waits:
            self._changed[cooperative.id] = cooperative
        else:
            self._refresh(session, cooperative)

    def bring_up_to_date(self, session: Session) -> None:
        """Call it after the last record, in the same transaction.

        Raises:
            StandingFailed: begin the transaction anew, without waiting.
        """
        for id_ in sorted(self._changed):
            try:
                self._refresh(session, self._changed[id_])
            except OperationalError:
                raise
            except Exception as error:
                raise StandingFailed(str(id_)) from error

    def _refresh(self, session: Session, cooperative: Cooperative) -> None:
        asked, in_force = self.asked, self.in_force(session)
        refresh_standing(session, cooperative, in_force, today=self.today, now=self.now, asked=asked)


@cache
def _by_code() -> Select[Cooperative]:
    return select(Cooperative).where(Cooperative.code == bindparam("code"))

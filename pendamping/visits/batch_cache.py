"""What one transaction has asked of the database, so that each visit of a batch need not ask it again."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from pendamping.cooperatives.queries import Span, accompanied
from pendamping.visits.folds import Fold
from pendamping.visits.queries import current_answers, is_month_locked


@dataclass(slots=True)
class BatchCache:
    """BatchCache under the lock of the facilitator whose visits they are, and of each cooperative before its answers.

    new_visits: ids that no visit had when the transaction began; whoever comes in between makes the insert fail.
    """

    new_visits: set[uuid.UUID] = field(default_factory=set)
    _accompanied: dict[tuple[uuid.UUID, uuid.UUID], Sequence[Span]] = field(default_factory=dict)
    _months: dict[tuple[uuid.UUID, int, int], bool] = field(default_factory=dict)
    _folds: dict[uuid.UUID, Fold] = field(default_factory=dict)

    def accompanied(self, session: Session, facilitator_id: uuid.UUID, cooperative_id: uuid.UUID) -> Sequence[Span]:
        """From when to when a cooperative is or was a facilitator's."""
        key = facilitator_id, cooperative_id
        if key not in self._accompanied:
            self._accompanied[key] = accompanied(session, facilitator_id, cooperative_id)
        return self._accompanied[key]

    def is_month_locked(self, session: Session, facilitator_id: uuid.UUID, day: dt.date) -> bool:
        key = facilitator_id, day.year, day.month
        if key not in self._months:
            self._months[key] = is_month_locked(session, facilitator_id, day)
        return self._months[key]

    def fold(self, session: Session, cooperative_id: uuid.UUID) -> Fold:
        """Of a cooperative whose lock is held."""
        if cooperative_id not in self._folds:
            self._folds[cooperative_id] = Fold(current_answers(session, cooperative_id))
        return self._folds[cooperative_id]

    def was_answered(self, session: Session, cooperative_id: uuid.UUID, item_ids: Collection[str]) -> None:
        """Call it once the log has answers to these items that were not there before."""
        if item_ids and (fold := self._folds.get(cooperative_id)):
            fold.take(current_answers(session, cooperative_id, items=item_ids))

    def forget(self, visit_id: uuid.UUID | None = None) -> None:
        """A savepoint was rolled back: what was read inside it may not be so, and a visit may have come in between."""
        self._folds.clear()
        self.new_visits.discard(visit_id)

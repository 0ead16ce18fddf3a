"""What has happened since somebody last looked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.statement_cache import built_once
from pendamping.kernel.tables import UtcDateTime
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from pendamping.plans.policy import visible_actions
from pendamping.progress.asking.models import Reply, Step
from pendamping.progress.asking.policy import visible_steps
from pendamping.visits.models import Visit
from pendamping.visits.policy import visible_visits

FIRST_LOOK = dt.timedelta(days=3)
"""So far back somebody sees who has never looked."""


@dataclass(frozen=True, slots=True)
class News:
    """Counts since an instant. `is_first` for somebody who has never said that they looked."""

    since: dt.datetime
    is_first: bool
    visits: int
    verified: int
    reported: int
    replies: int

    @property
    def counts(self) -> Sequence[int]:
        return self.visits, self.verified, self.reported, self.replies


def news_since(session: Session, user: User, *, seen_at: dt.datetime | None, today: dt.date, now: dt.datetime) -> News:
    """One query."""
    since = seen_at or now - FIRST_LOOK
    row = session.execute(_news(user, today), {"since": since}).one()
    return News(since, seen_at is None, *row)


@built_once
def _news(user: User, today: dt.date) -> Select[int, int, int, int]:
    since = bindparam("since", type_=UtcDateTime())
    visits = visible_visits(user, today=today).where(Visit.received_at > since)
    steps = visible_steps(user, today=today).join(Reply, Reply.step_id == Step.id).where(Reply.made_at > since)
    return select(
        visits.with_only_columns(func.count()).scalar_subquery(),
        _reached(user, ActionStatus.VERIFIED, since, today),
        _reached(user, ActionStatus.REPORTED_DONE, since, today),
        steps.with_only_columns(func.count()).scalar_subquery(),
    )


def _reached(user: User, status: ActionStatus, since: BindParameter[dt.datetime], today: dt.date) -> ScalarSelect[int]:
    steps = visible_actions(user, today=today).join(ActionUpdate, ActionUpdate.action_id == Action.id)
    reached = steps.where(ActionUpdate.status == status, ActionUpdate.made_at > since)
    return reached.with_only_columns(func.count()).scalar_subquery()

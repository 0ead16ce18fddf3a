"""What is on record of one item at one cooperative; a handful of queries, however long the history."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import literal, or_, select, tuple_
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.instruments import answers as instrument_answers
from pendamping.plans.models import Action, ActionItem, ActionStatus, ActionUpdate, UpdateKind
from pendamping.plans.queries import ActionView, action_view
from pendamping.visits.models import Answer, Visit, VisitPhoto, VisitScore

PHOTOS_SHOWN = 24
ACTIONS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """One answer of the log; of a visit that was corrected there are several, and the highest revision counts."""

    answer: instrument_answers.Answer
    revision: int
    version_id: uuid.UUID
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ItemAtVisit:
    """What was answered at one visit: what counts, and what stood there before it was put right, the newest first."""

    visit_id: uuid.UUID
    visited_on: dt.date
    facilitator_name: str
    answer: LoggedAnswer
    earlier: Sequence[LoggedAnswer]
    score: VisitScore | None
    """Of the instrument after that visit: against its dates the answer was measured."""


def visits_with_item(
    session: Session,
    cooperative_id: uuid.UUID,
    item_id: str,
    instrument_code: str,
    *,
    after: uuid.UUID | None,
    limit: int,
) -> list[ItemAtVisit]:
    """The visits at which an item was answered, the newest first; one query, or two after the first page.

    Args:
        after: the visit that the page before ended with; one of another cooperative begins nowhere.
    """
    order = (Visit.visited_on, Visit.received_at, Visit.id)
    answered = select(Answer.visit_id).where(Answer.cooperative_id == cooperative_id, Answer.item_id == item_id)
    chosen = select(Visit.id).where(Visit.id.in_(answered)).order_by(*(each.desc() for each in order)).limit(limit)
    last = select(*order).where(Visit.id == after, Visit.cooperative_id == cooperative_id)
    if after is not None and (key := session.execute(last).first()) is not None:
        older = tuple_(*(literal(value, column.type) for value, column in zip(key, order, strict=True)))
        chosen = chosen.where(tuple_(*order) < older)
    page = chosen.subquery()
    rows = session.execute(
        select(Answer, Visit, User.name, VisitScore)
        .join(Visit, Visit.id == Answer.visit_id)
        .join(User, User.id == Visit.facilitator_id)
        .outerjoin(
            VisitScore,
            (VisitScore.visit_id == Visit.id)
            & (VisitScore.revision == Visit.revision)
            & (VisitScore.instrument_code == instrument_code),
        )
        .where(Answer.visit_id.in_(select(page.c.id)), Answer.item_id == item_id)
        .order_by(*(each.desc() for each in order), Answer.revision.desc())
    ).all()
    found: dict[uuid.UUID, ItemAtVisit] = {}
    for answer, visit, name, score in rows:
        logged = _logged(answer)
        if visit.id in found:
            at = found[visit.id]
            found[visit.id] = ItemAtVisit(
                at.visit_id, at.visited_on, at.facilitator_name, at.answer, [*at.earlier, logged], at.score
            )
        else:
            found[visit.id] = ItemAtVisit(visit.id, visit.visited_on, name, logged, [], score)
    return list(found.values())


def _logged(row: Answer) -> LoggedAnswer:
    answer = instrument_answers.Answer(item_id=row.item_id, value=row.value, proof=row.proof, note=row.note)
    return LoggedAnswer(answer, row.revision, row.version_id, row.recorded_at)


@dataclass(frozen=True, slots=True)
class ItemPhoto:
    """A photo of the item; it may be named by its visit before it has arrived."""

    id: uuid.UUID
    visited_on: dt.date
    visit_id: uuid.UUID
    has_arrived: bool


def photos_of_item(session: Session, cooperative_id: uuid.UUID, item_id: str) -> list[ItemPhoto]:
    """The newest photos of an item. A file that somebody else sent under the same id is none of them."""
    rows = session.execute(
        select(VisitPhoto.attachment_id, Visit.visited_on, Visit.id, Attachment.id)
        .join(Visit, Visit.id == VisitPhoto.visit_id)
        .outerjoin(
            Attachment,
            (Attachment.id == VisitPhoto.attachment_id) & (Attachment.cooperative_id == Visit.cooperative_id),
        )
        .where(Visit.cooperative_id == cooperative_id, VisitPhoto.item_id == item_id)
        .order_by(Visit.visited_on.desc(), Visit.id, VisitPhoto.position)
        .limit(PHOTOS_SHOWN)
    )
    return [ItemPhoto(id_, day, visit_id, arrived is not None) for id_, day, visit_id, arrived in rows]


@dataclass(frozen=True, slots=True)
class ActionStep:
    kind: UpdateKind
    status: ActionStatus
    note: str
    author_name: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ActionStory:
    """An action on the item with all that became of it, the newest step first."""

    action: ActionView
    steps: Sequence[ActionStep]


def actions_on_item(session: Session, cooperative_id: uuid.UUID, item_id: str, *, today: dt.date) -> list[ActionStory]:
    """What was agreed about an item, the newest first; two queries."""
    feeding = select(ActionItem.action_id).where(ActionItem.item_id == item_id)
    rows = session.execute(
        select(Action, Visit.visited_on)
        .outerjoin(Visit, Visit.id == Action.visit_id)
        .where(Action.cooperative_id == cooperative_id, or_(Action.item_id == item_id, Action.id.in_(feeding)))
        .order_by(Action.agreed_on.desc(), Action.created_at.desc(), Action.id)
        .limit(ACTIONS_SHOWN)
    ).all()
    steps: dict[uuid.UUID, list[ActionStep]] = {}
    updates = session.execute(
        select(ActionUpdate, User.name)
        .join(User, User.id == ActionUpdate.author_id)
        .where(ActionUpdate.action_id.in_([action.id for action, _day in rows]))
        .order_by(ActionUpdate.number.desc())
    )
    for update, name in updates:
        steps.setdefault(update.action_id, []).append(
            ActionStep(update.kind, update.status, update.note, name, update.made_at)
        )
    return [ActionStory(action_view(action, day, today=today), steps.get(action.id, [])) for action, day in rows]

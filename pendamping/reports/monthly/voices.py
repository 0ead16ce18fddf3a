"""What cooperatives did not agree with and what they asked within a month, and how each was answered."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.clock import office_date, start_of_day
from pendamping.plans.models import Action, ActionStatus, ActionUpdate, PlanQuestion, UpdateKind

ENDING = {UpdateKind.SETTLED: "dijawab", UpdateKind.ACCEPTED: "disetujui"}
"""Steps that end a dispute; so does an action that is given up."""
GIVEN_UP = "dibatalkan"


@dataclass(frozen=True, slots=True)
class Voice:
    """One dispute, or one question: what was said, and what became of it.

    about: the action's title; empty for a question about the whole plan.  outcome: `dijawab`, `disetujui` (by the
    cooperative, after all), `dibatalkan` (the action); empty while nobody has answered.
    """

    cooperative_id: uuid.UUID
    about: str
    is_question: bool
    on: dt.date
    said: str
    outcome: str = ""
    answered_on: dt.date | None = None
    answer: str = ""

    def belongs_to(self, month: Month) -> bool:
        """Said within the month, or answered within it."""
        return Month.of(self.on) == month or (self.answered_on is not None and Month.of(self.answered_on) == month)


@dataclass(frozen=True, slots=True)
class Step:
    """What a dispute is told from: one step of an action, in its order."""

    kind: UpdateKind
    status: ActionStatus
    on: dt.date
    note: str


def disputes_in(cooperative_id: uuid.UUID, title: str, steps: Iterable[Step]) -> list[Voice]:
    """The disputes of one action, each with the first step after it that ends it; one said again is one of its own."""
    found: list[Voice] = []
    open_: Voice | None = None
    for step in steps:
        if step.kind is UpdateKind.DISPUTED:
            found += [open_] if open_ else []
            open_ = Voice(cooperative_id, title, False, step.on, step.note)
            continue
        outcome = GIVEN_UP if step.status is ActionStatus.CANCELLED else ENDING.get(step.kind, "")
        if open_ and outcome:
            found.append(
                Voice(
                    cooperative_id, title, False, open_.on, open_.said, outcome, answered_on=step.on, answer=step.note
                )
            )
            open_ = None
    return [*found, open_] if open_ else found


def voices_of(session: Session, cooperative_ids: Collection[uuid.UUID], month: Month) -> list[Voice]:
    """Everything that was said or answered within a month, by day; two queries."""
    ids = list(cooperative_ids)
    found = [*_disputes(session, ids, month), *_questions(session, ids, month)]
    return sorted((each for each in found if each.belongs_to(month)), key=lambda each: (each.on, each.about, each.said))


def _bounds(month: Month) -> tuple[dt.datetime, dt.datetime]:
    return start_of_day(month.first_day), start_of_day(month.minus(-1).first_day)


def _disputes(session: Session, ids: Sequence[uuid.UUID], month: Month) -> list[Voice]:
    begins, ends = _bounds(month)
    is_said = ActionUpdate.kind == UpdateKind.DISPUTED
    is_ending = or_(ActionUpdate.kind.in_(list(ENDING)), ActionUpdate.status == ActionStatus.CANCELLED)
    concerned = (
        select(ActionUpdate.action_id)
        .join(Action, Action.id == ActionUpdate.action_id)
        .where(
            Action.cooperative_id.in_(ids),
            or_(is_said, is_ending),
            ActionUpdate.made_at >= begins,
            ActionUpdate.made_at < ends,
        )
    )
    rows = session.execute(
        select(Action.id, Action.cooperative_id, Action.title, ActionUpdate)
        .join(ActionUpdate, ActionUpdate.action_id == Action.id)
        .where(Action.id.in_(concerned), or_(is_said, is_ending))
        .order_by(Action.id, ActionUpdate.number)
    ).all()
    found: list[Voice] = []
    for _id, steps in groupby(rows, key=lambda row: row[0]):
        of_action = list(steps)
        told = [Step(row.kind, row.status, office_date(row.made_at), row.note) for *_, row in of_action]
        found += disputes_in(of_action[0][1], of_action[0][2], told)
    return found


def _questions(session: Session, ids: Sequence[uuid.UUID], month: Month) -> list[Voice]:
    begins, ends = _bounds(month)
    rows = session.execute(
        select(PlanQuestion, Action.title)
        .outerjoin(Action, Action.id == PlanQuestion.action_id)
        .where(
            PlanQuestion.cooperative_id.in_(ids),
            or_(
                and_(PlanQuestion.asked_at >= begins, PlanQuestion.asked_at < ends),
                and_(PlanQuestion.answered_at >= begins, PlanQuestion.answered_at < ends),
            ),
        )
        .order_by(PlanQuestion.asked_at, PlanQuestion.id)
    )
    return [
        Voice(
            row.cooperative_id,
            title or "",
            True,
            office_date(row.asked_at),
            row.text,
            "dijawab" if row.answered_at else "",
            office_date(row.answered_at) if row.answered_at else None,
            row.answer or "",
        )
        for row, title in rows
    ]

"""What the page of one's own action shows, and which of its forms have a use now."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.errors import NotThere
from pendamping.kernel.roles import Role
from pendamping.plans.life import moves_of
from pendamping.plans.models import OPEN_STATUSES, Action, ActionStatus
from pendamping.plans.policy import visible_actions
from pendamping.plans.queries import ActionView
from pendamping.plans.story import ActionStep, QuestionView, action_detail
from pendamping.portal.actions.forms import DoneForm, ProgressForm, QuestionForm, ResponseForm, StepForm


@dataclass(frozen=True, slots=True)
class OwnActionPage:
    """One action with everything that became of it, and the forms that have a use now."""

    action: ActionView
    steps: Sequence[ActionStep]
    questions: Sequence[QuestionView]
    may_note: bool
    may_report: bool
    may_respond: bool
    progress: ProgressForm
    done: DoneForm
    response: ResponseForm
    question: QuestionForm
    new_id: uuid.UUID
    opened: str
    """The form to show open: the one that has just been refused, or that a link asked for."""


def own_action(session: Session, user: User, action_id: uuid.UUID, *, today: dt.date) -> Action:
    """An action of the cooperative's own; another's is not there."""
    action = session.scalar(visible_actions(user, today=today).where(Action.id == action_id))
    if action is None:
        raise NotThere
    return action


def own_action_page(
    session: Session, action: Action, *, today: dt.date, refused: StepForm | None = None, opened: str = ""
) -> OwnActionPage:
    """The page, with the form that was just refused in its place, or with fresh ones."""
    detail = action_detail(session, action, today=today)
    moves = moves_of(Role.COOPERATIVE, action.status)
    return OwnActionPage(
        action=detail.action,
        steps=detail.steps,
        questions=detail.questions,
        may_note=ActionStatus.RUNNING in moves,
        may_report=ActionStatus.REPORTED_DONE in moves,
        may_respond=action.status in OPEN_STATUSES and action.status is not ActionStatus.REPORTED_DONE,
        progress=refused if isinstance(refused, ProgressForm) else ProgressForm(formdata=None),
        done=refused if isinstance(refused, DoneForm) else DoneForm(formdata=None),
        response=refused if isinstance(refused, ResponseForm) else ResponseForm(formdata=None),
        question=refused if isinstance(refused, QuestionForm) else QuestionForm(formdata=None),
        new_id=refused.new_id.as_uuid if refused else uuid.uuid4(),
        opened=_name_of(refused) if refused else opened,
    )


def _name_of(form: StepForm) -> str:
    names = {ProgressForm: "kabar", DoneForm: "selesai", ResponseForm: "pendapat", QuestionForm: "tanya"}
    return names[type(form)]

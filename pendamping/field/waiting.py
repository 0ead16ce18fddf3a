"""What waits for a facilitator beside visits and due dates, with one query: proofs, objections and questions of
cooperatives, figures that they proposed, and cooperatives that are to become theirs.
"""

import datetime as dt
import enum
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, null, union_all
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Handover
from pendamping.cooperatives.assignments.policy import proposed_to
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.cooperatives.proposals.models import FiguresProposal
from pendamping.cooperatives.proposals.queries import proposals_waiting
from pendamping.plans.models import Action, ActionStatus, PlanQuestion
from pendamping.plans.policy import visible_actions, visible_questions

NO_TEXT = cast(null(), String())


class Waits(enum.StrEnum):
    HANDOVER = "serah-terima"
    PROOF = "bukti"
    DISPUTE = "keberatan"
    QUESTION = "pertanyaan"
    FIGURES = "angka"


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One line of the home.

    code, name: of the cooperative, where a line is about one.  id: the hand-over's.
    """

    kind: Waits
    count: int
    code: str | None
    name: str | None
    id: uuid.UUID | None


def waiting_lines(session: Session, user: User, *, today: dt.date) -> list[WaitingLine]:
    """Hand-overs and figures one line for each cooperative, of everything else one line with its number."""
    actions, questions = visible_actions(user, today=today), visible_questions(user, today=today)
    handovers = proposed_to(user).join(Cooperative, Cooperative.id == Handover.cooperative_id)
    figures = proposals_waiting(visible_cooperative_ids(user, today=today)).order_by(None)
    of_place = figures.join(Cooperative, Cooperative.id == FiguresProposal.cooperative_id)
    place = (Cooperative.code, Cooperative.short_name)
    rows = session.execute(
        union_all(
            _line(Waits.HANDOVER, handovers, literal(1), *place, cast(Handover.id, String())),
            _line(Waits.PROOF, actions.where(Action.status == ActionStatus.REPORTED_DONE), func.count()),
            _line(Waits.DISPUTE, actions.where(Action.is_disputed), func.count()),
            _line(Waits.QUESTION, questions.where(PlanQuestion.answered_at.is_(None)), func.count()),
            _line(Waits.FIGURES, of_place, func.count(), *place).group_by(*place),
        )
    )
    lines = [
        WaitingLine(Waits(row.kind), row.count_, row.code, row.name, uuid.UUID(row.id) if row.id else None)
        for row in rows
        if row.count_
    ]
    return sorted(lines, key=lambda line: (list(Waits).index(line.kind), line.name or "", line.code or ""))


def _line(
    kind: Waits,
    query: Select[Any],
    count: ColumnElement[int],
    code: Any = NO_TEXT,
    name: Any = NO_TEXT,
    id_: Any = NO_TEXT,
) -> Select[*tuple[Any, ...]]:
    return query.with_only_columns(
        literal(str(kind)).label("kind"),
        count.label("count_"),
        code.label("code"),
        name.label("name"),
        id_.label("id"),
    )

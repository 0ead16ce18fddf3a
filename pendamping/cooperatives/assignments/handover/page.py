"""What the pages of a hand-over show: its summary, made of what the log knows at that moment."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pendamping.accounts.devices.models import Device
from pendamping.accounts.devices.queries import DeviceLine, device_lines
from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Handover, HandoverState, LeaveCover
from pendamping.cooperatives.assignments.policy import summarised_handovers, visible_covers, visible_handovers
from pendamping.cooperatives.assignments.queries import HandoverLine, handover_lines
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import OfficerView, officers_on
from pendamping.cooperatives.records.queries import DocumentView, documents_of
from pendamping.instruments.answers import is_poor
from pendamping.instruments.definition import Item
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.plans.queries import ActionView, open_actions
from pendamping.progress.history import PlannedLine, planned_ahead
from pendamping.visits.log import facts_of
from pendamping.visits.models import Visit
from pendamping.visits.queries import current_answers, last_visit_of
from pendamping.visits.words import answer_words

FINDINGS_SHOWN = 20
EXPIRY_AHEAD_DAYS = 90


@dataclass(frozen=True, slots=True)
class Finding:
    """An item whose newest answer was poor."""

    item: Item
    words: str
    note: str
    answered_on: dt.date


@dataclass(frozen=True, slots=True)
class Summary:
    """What whoever goes on needs to know on the first day."""

    last_visit: Visit | None
    actions: Sequence[ActionView]
    findings: Sequence[Finding]
    planned: Sequence[PlannedLine]
    expiring: Sequence[DocumentView]
    officers: Sequence[OfficerView]


@dataclass(frozen=True, slots=True)
class HandoverPage:
    line: HandoverLine
    summary: Summary | None
    """None for whom the cooperative is not any more, or never came to be."""
    devices: Sequence[DeviceLine]
    """The former facilitator's tablets in use; none without the summary."""
    can_answer: bool

    @property
    def waiting_records(self) -> int:
        return sum(each.waiting_records for each in self.devices)


def handover_or_404(user: User, handover_id: uuid.UUID, *, today: dt.date) -> Handover:
    handover = reading().scalar(visible_handovers(user, today=today).where(Handover.id == handover_id))
    if handover is None:
        raise NotThere
    return handover


def of_assignment(covers: Select[LeaveCover], assignment_id: uuid.UUID) -> Select[LeaveCover]:
    return covers.where(LeaveCover.assignment_id == assignment_id)


def cover_or_404(user: User, cover_id: uuid.UUID, *, today: dt.date) -> LeaveCover:
    row = reading().scalar(visible_covers(user, today=today).where(LeaveCover.id == cover_id))
    if row is None:
        raise NotThere
    return row


def handover_page(session: Session, handover: Handover, user: User, *, today: dt.date) -> HandoverPage:
    (line,) = handover_lines(session, select(Handover).where(Handover.id == handover.id))
    can_answer = handover.state is HandoverState.PROPOSED and handover.successor_id == user.id
    in_full = summarised_handovers(user, today=today).where(Handover.id == handover.id).with_only_columns(Handover.id)
    if session.scalar(in_full) is None:
        return HandoverPage(line, None, [], can_answer)
    devices = select(Device).where(Device.user_id == handover.former_id, Device.revoked_at.is_(None))
    summary = summary_of(session, session.get_one(Cooperative, handover.cooperative_id), today=today)
    return HandoverPage(line, summary, device_lines(session, devices), can_answer)


def summary_of(session: Session, cooperative: Cooperative, *, today: dt.date) -> Summary:
    """Open actions, last findings, next dates and people of a cooperative, as they are now."""
    return Summary(
        last_visit=last_visit_of(session, cooperative.id),
        actions=open_actions(session, cooperative.id, today=today),
        findings=_findings(session, cooperative, today),
        planned=planned_ahead(session, cooperative.id, today=today),
        expiring=_expiring(session, cooperative, today),
        officers=officers_on(session, cooperative.id, on=today),
    )


def _expiring(session: Session, cooperative: Cooperative, today: dt.date) -> list[DocumentView]:
    soon = today + dt.timedelta(days=EXPIRY_AHEAD_DAYS)
    documents = documents_of(session, cooperative.id, today=today)
    return [each for each in documents if each.expires_on and each.expires_on <= soon]


def _findings(session: Session, cooperative: Cooperative, today: dt.date) -> list[Finding]:
    items = {item.id: item for each in instruments_on(session, today) for item in each.instrument.items}
    facts = facts_of(cooperative, today)
    found = [
        Finding(item, answer_words(item, each.answer), each.answer.note, each.answered_on)
        for item_id, each in current_answers(session, cooperative.id).items()
        if (item := items.get(item_id)) is not None and is_poor(item, each.answer, facts)
    ]
    return sorted(found, key=lambda each: (not each.item.is_critical, each.item.id))[:FINDINGS_SHOWN]

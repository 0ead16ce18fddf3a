"""Lets accepted hand-overs take effect once nothing waits on the former facilitator's tablets."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.devices.queries import waiting_on_devices_of
from pendamping.cooperatives.assignments.handing_over import take_effect
from pendamping.cooperatives.assignments.models import Assignment, Handover, HandoverState
from pendamping.cooperatives.assignments.page import last_visit_of
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError


def settle(session: Session, former_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> int:
    """Let every accepted hand-over of somebody whose tablets are empty take effect; returns how many did. One that
    cannot (what is left of its time is over) keeps waiting for the admin.
    """
    waiting = select(Handover).where(
        Handover.former_id == former_id, Handover.state == HandoverState.ACCEPTED, Handover.effective_at.is_(None)
    )
    found = session.scalars(waiting.order_by(Handover.proposed_at, Handover.id)).all()
    if not found or waiting_on_devices_of(session, former_id):
        return 0
    return sum(_settle_one(session, handover, actor, now) for handover in found)


def _settle_one(session: Session, handover: Handover, actor: Actor, now: dt.datetime) -> bool:
    last_visit_on = last_visit_of(session, session.get_one(Assignment, handover.assignment_id))
    try:
        with session.begin_nested():
            take_effect(session, handover, last_visit_on=last_visit_on, actor=actor, now=now)
    except DomainError:
        return False
    return True

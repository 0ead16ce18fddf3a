"""Who sees what the agency asked, who asks, and who answers."""

import datetime as dt

from sqlalchemy import Select, or_, select

from pendamping.accounts.models import User
from pendamping.cooperatives.policy import belongs_to_region, is_of_visible
from pendamping.kernel.roles import AGENCY, Role
from pendamping.kernel.statement_cache import built_once
from pendamping.progress.asking.models import Step, Verb


@built_once
def visible_steps(user: User, *, today: dt.date) -> Select[Step]:
    """What was done about the cooperatives that a person sees today. Facilitators see what was asked of them, or of
    whoever accompanied their cooperatives before; never what the agency only watches. What was asked about a person
    belongs to where they accompanied by that day, and to who asked.
    """
    here = is_of_visible(user, Step.cooperative_id, today=today)
    match user.role:
        case Role.FACILITATOR:
            return select(Step).where(Step.verb != Verb.WATCH, or_(here, Step.facilitator_id == user.id))
        case Role.AGENCY_HEAD | Role.ADMIN:
            theirs = belongs_to_region(user, Step.facilitator_id, on=Step.made_on, today=today)
            about_a_person = Step.cooperative_id.is_(None) & or_(theirs, Step.author_id == user.id)
            return select(Step).where(or_(here, about_a_person))
        case Role.COOPERATIVE:
            return select(Step).where(Step.id.is_(None))


def can_ask(user: User) -> bool:
    return user.role in AGENCY


def can_answer(user: User) -> bool:
    """Any facilitator who sees it: after a hand-over the next one answers for the cooperative."""
    return user.role is Role.FACILITATOR

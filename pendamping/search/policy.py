"""Within which rows somebody searches: of each kind those that their other pages show them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.policy import manageable_people
from pendamping.cooperatives.models import Assignment, Officer
from pendamping.cooperatives.policy import visible_cooperative_ids, visible_cooperatives
from pendamping.kernel.roles import Role
from pendamping.plans.policy import visible_actions
from pendamping.search.index import Source
from pendamping.visits.policy import visible_visits


def searched_by(user: User, *, today: dt.date) -> Mapping[Source, Select[Any]]:
    """The rows of each kind that a person may see. Accounts: an admin's are those that they manage, the head's are the
    facilitators of the cooperatives they see; facilitators search none.
    """
    return {
        Source.COOPERATIVE: visible_cooperatives(user, today=today),
        Source.OFFICER: select(Officer).where(Officer.cooperative_id.in_(visible_cooperative_ids(user, today=today))),
        **_accounts(user, today),
        Source.VISIT: visible_visits(user, today=today),
        Source.ACTION: visible_actions(user, today=today),
    }


def _accounts(user: User, today: dt.date) -> Mapping[Source, Select[Any]]:
    match user.role:
        case Role.ADMIN:
            return {Source.ACCOUNT: manageable_people(user, today=today)}
        case Role.AGENCY_HEAD:
            accompanying = select(Assignment.facilitator_id).where(
                Assignment.cooperative_id.in_(visible_cooperative_ids(user, today=today)),
                Assignment.starts_on <= today,
                Assignment.ends_on >= today,
            )
            return {Source.ACCOUNT: select(User).where(User.id.in_(accompanying))}
        case Role.FACILITATOR | Role.COOPERATIVE:
            return {}

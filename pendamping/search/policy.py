"""Within which rows somebody searches: of each kind those that their other pages show them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.assignments.policy import manageable_people
from pendamping.cooperatives.models import Cooperative, Officer, Region, RegionKind
from pendamping.cooperatives.policy import runs_on, visible_cooperative_ids, visible_cooperatives
from pendamping.kernel.roles import Role
from pendamping.plans.policy import visible_actions
from pendamping.reports.monthly.models import MonthlyReport, MonthlyReportStep, StepKind
from pendamping.reports.monthly.policy import visible_reports
from pendamping.search.index import Source
from pendamping.visits.models import Answer, Visit
from pendamping.visits.policy import visible_visits


def searched_by(user: User, *, today: dt.date) -> Mapping[Source, Select[Any]]:
    """The rows of each kind that a person may see, in the order in which they are shown. Accounts: an admin's are those
    that they manage, the head's are the facilitators of the cooperatives they see; facilitators search none.
    """
    return {
        Source.COOPERATIVE: visible_cooperatives(user, today=today),
        Source.OFFICER: select(Officer).where(Officer.cooperative_id.in_(visible_cooperative_ids(user, today=today))),
        **_accounts(user, today),
        Source.VISIT: visible_visits(user, today=today),
        Source.NOTE: _answers_that_stand(user, today),
        Source.ACTION: visible_actions(user, today=today),
        Source.ADDENDUM: _addenda(user),
        Source.DISTRICT: _districts(user, today),
    }


def _answers_that_stand(user: User, today: dt.date) -> Select[Answer]:
    """Of each item of a visible visit the last revision: what was put right is no longer found."""
    later = aliased(Answer)
    is_replaced = select(later.id).where(
        later.visit_id == Answer.visit_id, later.item_id == Answer.item_id, later.revision > Answer.revision
    )
    seen = visible_visits(user, today=today).with_only_columns(Visit.id)
    return select(Answer).where(Answer.visit_id.in_(seen), ~is_replaced.exists())


def _addenda(user: User) -> Select[MonthlyReportStep]:
    seen = visible_reports(user).with_only_columns(MonthlyReport.id)
    return select(MonthlyReportStep).where(
        MonthlyReportStep.kind == StepKind.ADDENDUM, MonthlyReportStep.report_id.in_(seen)
    )


def _districts(user: User, today: dt.date) -> Select[Region]:
    """Those in which somebody sees a cooperative: a range of codes, which the index of codes answers."""
    within = visible_cooperatives(user, today=today).where(
        Cooperative.code > Region.code + ".", Cooperative.code < Region.code + "/"
    )
    return select(Region).where(
        Region.kind == RegionKind.DISTRICT, within.with_only_columns(Cooperative.id).correlate(Region).exists()
    )


def _accounts(user: User, today: dt.date) -> Mapping[Source, Select[Any]]:
    match user.role:
        case Role.ADMIN:
            return {Source.ACCOUNT: manageable_people(user, today=today)}
        case Role.AGENCY_HEAD:
            accompanying = select(Assignment.facilitator_id).where(
                Assignment.cooperative_id.in_(visible_cooperative_ids(user, today=today)),
                runs_on(today),
            )
            return {Source.ACCOUNT: select(User).where(User.id.in_(accompanying))}
        case Role.FACILITATOR | Role.COOPERATIVE:
            return {}

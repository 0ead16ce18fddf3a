"""What the chain itself leaves to be done, found by the dates that rules ask about: visits, actions, proofs, papers,
terms, items. One query for each kind, however long the history.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, Document, Officer
from pendamping.cooperatives.policy import on_duty
from pendamping.instruments.definition import Item, OwnerRole
from pendamping.instruments.due import comes_round_on
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.clock import office_date, start_of_day
from pendamping.plans.models import OPEN_STATUSES, Action, ActionStatus, ActionUpdate
from pendamping.progress.models import Standing
from pendamping.reminders.fact_query import FactQuery, fact_of, with_cooperative
from pendamping.reminders.rules import Doer, Fact, RuleCode
from pendamping.reminders.working_days import ONE_DAY
from pendamping.visits.models import CurrentAnswer, Visit
from pendamping.visits.schedule.models import PlannedVisit

STILL_TO_DO = tuple(status for status in OPEN_STATUSES if status is not ActionStatus.REPORTED_DONE)
"""What is reported done waits for the facilitator, and no longer for its owner."""
LONGEST_INTERVAL = 460
"""Days after which every answer that comes round has done so: a year and the wait for its month."""
DOERS = {OwnerRole.FACILITATOR: Doer.FACILITATOR, OwnerRole.AGENCY: Doer.AGENCY}


def planned_visits(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """Whoever means to make the visit hears of it, though the cooperative may have been handed over."""
    made = exists().where(Visit.planned_visit_id == PlannedVisit.id)
    query = select(PlannedVisit.id, PlannedVisit.planned_on, PlannedVisit.agenda, PlannedVisit.facilitator_id)
    query = query.where(PlannedVisit.planned_on.in_(asked.dates), PlannedVisit.cancelled_at.is_(None), ~made)
    query = query.where(*asked.among(PlannedVisit.id))
    for row in session.execute(with_cooperative(query, PlannedVisit.cooperative_id, asked.day)):
        yield fact_of(
            code,
            row,
            row.planned_on,
            subject_id=row.id,
            title=row.agenda,
            facilitator_id=row.facilitator_id,
            doer=Doer.FACILITATOR,
        )


def unvisited(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """Counted from the last visit, or from the day on which the present assignment began."""
    now = aliased(Assignment)
    last = func.coalesce(Standing.last_visit_on, now.starts_on)
    query = (
        select(
            Cooperative.id.label("cooperative_id"),
            Cooperative.code.label("code"),
            now.facilitator_id.label("by"),
            last.label("last_on"),
        )
        .join(now, on_duty(asked.day, now))
        .outerjoin(Standing, Standing.cooperative_id == Cooperative.id)
        .where(
            or_(
                Standing.last_visit_on.in_(asked.dates),
                and_(Standing.last_visit_on.is_(None), now.starts_on.in_(asked.dates)),
            ),
            *asked.among(Cooperative.id),
        )
    )
    for row in session.execute(query):
        yield fact_of(code, row, row.last_on, doer=Doer.FACILITATOR)


def actions(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    query = select(Action.id, Action.title, Action.due_on, Action.owner_role)
    query = query.where(Action.due_on.in_(asked.dates), Action.status.in_(STILL_TO_DO), *asked.among(Action.id))
    for row in session.execute(with_cooperative(query, Action.cooperative_id, asked.day)):
        doer = DOERS.get(row.owner_role, Doer.COOPERATIVE)
        yield fact_of(code, row, row.due_on, subject_id=row.id, title=row.title, doer=doer)


def proofs(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """Counted from the day on which the newest step was made: the report that it is done."""
    since, until = _span(asked)
    newest = func.max(ActionUpdate.made_at)
    query = (
        select(Action.id, Action.title, newest.label("reported_at"))
        .join(ActionUpdate, ActionUpdate.action_id == Action.id)
        .where(Action.status == ActionStatus.REPORTED_DONE, *asked.among(Action.id))
    )
    query = with_cooperative(query, Action.cooperative_id, asked.day)
    grouped = query.group_by(*(each for each in query.selected_columns if each.name != "reported_at"))
    for row in session.execute(grouped.having(newest >= since, newest < until)):
        on = office_date(row.reported_at)
        if on in asked.dates:
            yield fact_of(code, row, on, subject_id=row.id, title=row.title, doer=Doer.FACILITATOR)


def _span(asked: FactQuery) -> tuple[dt.datetime, dt.datetime]:
    """From the beginning of the first date until after the last."""
    first, last = min(asked.dates), max(asked.dates)
    return start_of_day(first), start_of_day(last + ONE_DAY)


def tablets(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """Tablets in use on which something waits, counted from the day on which they were last heard of. The head who
    hears of one is found by the city of its owner's cooperatives.
    """
    since, until = _span(asked)
    city = select(func.min(Assignment.city_code)).where(Assignment.facilitator_id == Device.user_id)
    query = (
        select(Device.id, Device.name, Device.last_seen_at, Device.user_id, city.scalar_subquery().label("city"))
        .join(User, User.id == Device.user_id)
        .where(
            Device.waiting_records > 0,
            Device.revoked_at.is_(None),
            User.deactivated_at.is_(None),
            Device.last_seen_at >= since,
            Device.last_seen_at < until,
            *asked.among(Device.id),
        )
    )
    for row in session.execute(query):
        on = office_date(row.last_seen_at)
        if on in asked.dates:
            yield Fact(
                code, row.id, on, row.name, code=row.city or "", facilitator_id=row.user_id, doer=Doer.FACILITATOR
            )


def documents(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    query = select(Document.id, Document.title, Document.expires_on).where(
        Document.expires_on.in_(asked.dates),
        Document.replaced_by_id.is_(None),
        Document.withdrawn_at.is_(None),
        *asked.among(Document.id),
    )
    for row in session.execute(with_cooperative(query, Document.cooperative_id, asked.day)):
        yield fact_of(code, row, row.expires_on, subject_id=row.id, title=row.title)


def terms(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """A post whose next term is entered is settled. Supervisors share a post: each needs a next term of their own."""
    follows = aliased(Officer)
    same_post = and_(
        follows.cooperative_id == Officer.cooperative_id,
        follows.role == Officer.role,
        or_(Officer.role != OwnerRole.SUPERVISOR, follows.name == Officer.name),
        follows.id != Officer.id,
        or_(follows.term_ends_on.is_(None), follows.term_ends_on > Officer.term_ends_on),
    )
    query = select(Officer.id, Officer.name, Officer.term_ends_on).where(
        Officer.term_ends_on.in_(asked.dates), ~exists().where(same_post), *asked.among(Officer.id)
    )
    for row in session.execute(with_cooperative(query, Officer.cooperative_id, asked.day)):
        yield fact_of(code, row, row.term_ends_on, subject_id=row.id, title=row.name)


def items(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """Cooperatives with answers whose turn comes round on these days; what was answered since is not found."""
    for on in sorted(asked.dates):
        turns = [
            and_(CurrentAnswer.item_id.in_(items), CurrentAnswer.answered_on.in_(days))
            for days, items in _turns(session, on).items()
        ]
        if not turns:
            continue
        query = select(func.count().label("items")).where(or_(*turns), *asked.among(CurrentAnswer.cooperative_id))
        query = with_cooperative(query.select_from(CurrentAnswer), CurrentAnswer.cooperative_id, asked.day)
        grouped = query.group_by(*(each for each in query.selected_columns if each.name != "items"))
        for row in session.execute(grouped):
            yield fact_of(code, row, on, title=str(row.items), doer=Doer.FACILITATOR)


def _turns(session: Session, on: dt.date) -> dict[tuple[dt.date, ...], list[str]]:
    """The items that come round on a day, by the days of the answers with which they do. Most share few schedules."""
    answered = [on - number * ONE_DAY for number in range(1, LONGEST_INTERVAL)]
    by_schedule: defaultdict[tuple[object, ...], list[Item]] = defaultdict(list)
    for published in instruments_on(session, on):
        for item in published.instrument.items:
            by_schedule[item.review_frequency, item.review_months, item.date_rule].append(item)
    found: defaultdict[tuple[dt.date, ...], list[str]] = defaultdict(list)
    for items in by_schedule.values():
        days = tuple(day for day in answered if comes_round_on(items[0], day) == on)
        if days:
            found[days] += [item.id for item in items]
    return dict(found)

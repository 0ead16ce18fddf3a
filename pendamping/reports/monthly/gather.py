"""What the log says of a facilitator's month: a dozen set-based queries, whatever the caseload and its history."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, MonthlyFigures
from pendamping.cooperatives.policy import runs_between
from pendamping.cooperatives.queries import programme_year_on
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.queries import is_latest_revision, month_index
from pendamping.kernel.clock import office_date, start_of_day
from pendamping.plans.models import OPEN_STATUSES, Action, ActionStatus, ActionUpdate
from pendamping.reports.monthly.content import (
    ActionFact,
    CooperativeMonth,
    FiguresFact,
    PhotoFact,
    PlanFact,
    ReportContent,
    ScoreChange,
    VisitFact,
    VoiceFact,
)
from pendamping.reports.monthly.due import target_share
from pendamping.reports.monthly.models import MonthlyReport, MonthlyReportPhoto
from pendamping.reports.monthly.voices import voices_of
from pendamping.visits.models import Visit, VisitMode, VisitScore
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.schedule.queries import VISITS_PER_MONTH

Names = Mapping[uuid.UUID, CooperativeMonth]


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a month on which a cooperative was accompanied."""

    cooperative_id: uuid.UUID
    city_code: str
    code: str
    name: str
    first_on: dt.date
    last_on: dt.date


def spans_of(session: Session, facilitator_id: uuid.UUID, month: Month) -> list[Span]:
    """Which cooperatives a facilitator accompanied on at least one day of a month, by name."""
    first, last = month.first_day, month.last_day
    rows = session.execute(
        select(Cooperative, func.min(Assignment.starts_on), func.max(Assignment.ends_on))
        .join(Assignment, Assignment.cooperative_id == Cooperative.id)
        .where(Assignment.facilitator_id == facilitator_id, runs_between(first, last))
        .group_by(Cooperative.id)
        .order_by(Cooperative.short_name, Cooperative.code)
    )
    return [
        Span(row.id, row.city_code, row.code, row.short_name, max(starts_on, first), min(ends_on, last))
        for row, starts_on, ends_on in rows
    ]


def gathered(
    session: Session,
    facilitator_id: uuid.UUID,
    month: Month,
    spans: Sequence[Span],
    *,
    report: MonthlyReport | None,
    today: dt.date,
) -> ReportContent:
    """The report as the log writes it now, with the words and photos that its author has added.

    Args:
        spans: of `spans_of`.
        today: actions count as late on the month's last day, or today if that comes first.
    """
    first, last = month.first_day, month.last_day
    visits = _visits(session, facilitator_id, first, last)
    cooperatives = _cooperatives(session, month, spans, visits)
    names = {span.cooperative_id: each for span, each in zip(spans, cooperatives, strict=True)}
    steps = _steps(session, names, first, last)
    late, due_next = _open(session, names, month, today)
    called_off, planned = _plans(session, facilitator_id, names, month)
    return ReportContent(
        cooperatives=tuple(cooperatives),
        scores=tuple(_scores(session, names, first, last)),
        agreed=tuple(_agreed(session, names, first, last)),
        verified=tuple(steps[ActionStatus.VERIFIED]),
        returned=tuple(steps[ActionStatus.RETURNED]),
        late=tuple(late),
        figures=tuple(_figures(session, names, month)),
        called_off=tuple(called_off),
        planned=tuple(planned),
        due_next=tuple(due_next),
        words=dict(report.words) if report else {},
        photos=tuple(_photos(session, report)) if report else (),
        voices=tuple(_voices(session, names, month)),
    )


def _visits(
    session: Session, facilitator_id: uuid.UUID, first: dt.date, last: dt.date
) -> dict[uuid.UUID, list[VisitFact]]:
    """Without addenda: what comes after a month was approved changes nothing that was approved."""
    rows = session.execute(
        select(
            Visit.cooperative_id, Visit.id, Visit.visited_on, Visit.number, Visit.mode, Visit.purposes, Visit.revision
        )
        .where(Visit.facilitator_id == facilitator_id, Visit.visited_on.between(first, last), ~Visit.is_addendum)
        .order_by(Visit.visited_on, Visit.number)
    )
    found: dict[uuid.UUID, list[VisitFact]] = {}
    for row in rows:
        fact = VisitFact(
            id=str(row.id),
            on=row.visited_on,
            number=row.number,
            is_remote=row.mode is VisitMode.REMOTE,
            purposes=tuple(row.purposes),
            revision=row.revision,
        )
        found.setdefault(row.cooperative_id, []).append(fact)
    return found


def _cooperatives(
    session: Session, month: Month, spans: Sequence[Span], visits: Mapping[uuid.UUID, Sequence[VisitFact]]
) -> list[CooperativeMonth]:
    year = programme_year_on(session, month.last_day)
    per_month = year.visits_per_month if year else VISITS_PER_MONTH
    return [
        CooperativeMonth(
            code=span.code,
            name=span.name,
            first_on=span.first_on,
            last_on=span.last_on,
            target=target_share(per_month, days=(span.last_on - span.first_on).days + 1, month=month),
            visits=tuple(visits.get(span.cooperative_id, ())),
        )
        for span in spans
    ]


def _scores(session: Session, names: Names, first: dt.date, last: dt.date) -> list[ScoreChange]:
    """What was scored within the month, beside the last score from before it."""
    before = _newest_scores(session, names, until=first - dt.timedelta(days=1))
    found = []
    for key, row in _newest_scores(session, names, since=first, until=last).items():
        earlier, place = before.get(key), names[row.cooperative_id]
        if row.score is None or not place.covers(row.measured_on):
            continue
        found.append(
            ScoreChange(
                code=place.code,
                name=place.name,
                instrument=row.instrument_code,
                before=_one_decimal(earlier.score) if earlier and earlier.score is not None else None,
                after=_one_decimal(row.score),
                is_provisional=row.is_provisional,
                is_other_version=bool(earlier and earlier.version_id != row.version_id),
            )
        )
    return sorted(found, key=lambda each: (each.name, each.code, each.instrument))


def _one_decimal(score: Decimal) -> Decimal:
    """As the database keeps scores; a frozen report says the same number for ever."""
    return score.quantize(Decimal("0.0001"))


def _newest_scores(
    session: Session, names: Names, *, until: dt.date, since: dt.date | None = None
) -> dict[tuple[uuid.UUID, str], VisitScore]:
    """The last score of each cooperative by each instrument up to a day, as it stands after corrections."""
    newest_first = (VisitScore.measured_on.desc(), Visit.received_at.desc(), Visit.number.desc())
    ranked = (
        select(
            VisitScore,
            func.row_number()
            .over(partition_by=(VisitScore.cooperative_id, VisitScore.instrument_code), order_by=newest_first)
            .label("age"),
        )
        .join(Visit, and_(Visit.id == VisitScore.visit_id, Visit.revision == VisitScore.revision))
        .where(VisitScore.cooperative_id.in_(list(names)), VisitScore.measured_on <= until)
    )
    if since is not None:
        ranked = ranked.where(VisitScore.measured_on >= since)
    inner = ranked.subquery()
    newest = aliased(VisitScore, inner)
    rows = session.scalars(select(newest).where(inner.c.age == 1))
    return {(row.cooperative_id, row.instrument_code): row for row in rows}


def _agreed(session: Session, names: Names, first: dt.date, last: dt.date) -> list[ActionFact]:
    rows = session.scalars(
        select(Action)
        .where(
            Action.cooperative_id.in_(list(names)),
            Action.agreed_on.between(first, last),
            Action.status != ActionStatus.PROPOSED,
        )
        .order_by(Action.agreed_on, Action.title, Action.id)
    )
    return [_fact(names, row, row.agreed_on) for row in rows if names[row.cooperative_id].covers(row.agreed_on)]


def _fact(names: Names, action: Action, on: dt.date, note: str = "") -> ActionFact:
    place = names[action.cooperative_id]
    return ActionFact(place.code, place.name, action.title, on, action.is_critical, note)


def _steps(session: Session, names: Names, first: dt.date, last: dt.date) -> dict[ActionStatus, list[ActionFact]]:
    """What was verified and what was given back within the month."""
    found: dict[ActionStatus, list[ActionFact]] = {ActionStatus.VERIFIED: [], ActionStatus.RETURNED: []}
    rows = session.execute(
        select(Action, ActionUpdate.status, ActionUpdate.note, ActionUpdate.made_at)
        .join(ActionUpdate, ActionUpdate.action_id == Action.id)
        .where(
            Action.cooperative_id.in_(list(names)),
            ActionUpdate.status.in_(list(found)),
            ActionUpdate.made_at >= start_of_day(first),
            ActionUpdate.made_at < start_of_day(last + dt.timedelta(days=1)),
        )
        .order_by(ActionUpdate.made_at, ActionUpdate.id)
    )
    for action, status, note, made_at in rows:
        day = office_date(made_at)
        if names[action.cooperative_id].covers(day):
            found[status].append(_fact(names, action, day, note))
    return found


def _open(session: Session, names: Names, month: Month, today: dt.date) -> tuple[list[ActionFact], list[ActionFact]]:
    """What is open still: late at the end of the month, and due within the next one."""
    end = min(month.last_day, today)
    rows = session.scalars(
        select(Action)
        .where(
            Action.cooperative_id.in_(list(names)),
            Action.status.in_(OPEN_STATUSES),
            Action.agreed_on <= end,
            Action.due_on <= month.minus(-1).last_day,
        )
        .order_by(Action.due_on, Action.title, Action.id)
    ).all()
    facts = [_fact(names, row, row.due_on) for row in rows]
    return [each for each in facts if each.on < end], [each for each in facts if each.on > month.last_day]


def _figures(session: Session, names: Names, month: Month) -> list[FiguresFact]:
    """The last revision of the month's figures and of the month before; cooperatives without any are left out."""
    before = month.minus(1)
    rows = session.scalars(
        select(MonthlyFigures).where(
            MonthlyFigures.cooperative_id.in_(list(names)),
            month_index().in_((before.index, month.index)),
            is_latest_revision(),
        )
    )
    found = {(row.cooperative_id, Month(row.year, row.month)): row for row in rows}
    return [
        _figures_fact(place, row, found.get((id_, before)))
        for id_, place in names.items()
        if (row := found.get((id_, month))) is not None
    ]


def _figures_fact(place: CooperativeMonth, row: MonthlyFigures, before: MonthlyFigures | None) -> FiguresFact:
    return FiguresFact(
        code=place.code,
        name=place.name,
        members=row.members,
        savings_idr=row.savings_idr,
        turnover_idr=row.turnover_idr,
        cashless_percent=row.cashless_percent,
        members_before=before.members if before else None,
        turnover_before_idr=before.turnover_idr if before else None,
    )


def _plans(
    session: Session, facilitator_id: uuid.UUID, names: Names, month: Month
) -> tuple[list[PlanFact], list[PlanFact]]:
    """What was called off in the month, and what the schedule has for the next one."""
    rows = session.scalars(
        select(PlannedVisit)
        .where(
            PlannedVisit.facilitator_id == facilitator_id,
            PlannedVisit.cooperative_id.in_(list(names)),
            PlannedVisit.planned_on.between(month.first_day, month.minus(-1).last_day),
        )
        .order_by(PlannedVisit.planned_on, PlannedVisit.starts, PlannedVisit.id)
    ).all()
    end = month.last_day
    called_off = [row for row in rows if row.planned_on <= end and row.cancelled_at is not None]
    planned = [row for row in rows if row.planned_on > end and row.cancelled_at is None]
    return (
        [_plan(names, row, row.cancelled_because) for row in called_off],
        [_plan(names, row, row.agenda) for row in planned],
    )


def _plan(names: Names, row: PlannedVisit, words: str) -> PlanFact:
    place = names[row.cooperative_id]
    return PlanFact(place.code, place.name, row.planned_on, words)


def _voices(session: Session, names: Names, month: Month) -> list[VoiceFact]:
    """What was said, or answered, while the facilitator accompanied the cooperative."""
    found = []
    for each in voices_of(session, names, month):
        place = names[each.cooperative_id]
        days = [each.on, each.answered_on or each.on]
        if any(place.covers(day) for day in days):
            said = (each.about, each.is_question, each.on, each.said, each.outcome, each.answered_on, each.answer)
            found.append(VoiceFact(place.code, place.name, *said))
    return found


def _photos(session: Session, report: MonthlyReport) -> list[PhotoFact]:
    rows = session.scalars(
        select(MonthlyReportPhoto)
        .where(MonthlyReportPhoto.report_id == report.id)
        .order_by(MonthlyReportPhoto.position)
    )
    return [PhotoFact(str(row.attachment_id), row.caption) for row in rows]

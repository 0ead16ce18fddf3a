"""What the log says of a period: a dozen set-based queries, whatever the number of cooperatives and their history."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from pendamping.cooperatives.models import Cooperative, MonthlyFigures, Region, Stage
from pendamping.cooperatives.partnerships.models import PartnershipStatus
from pendamping.cooperatives.partnerships.queries import StepView, partnerships_on
from pendamping.cooperatives.partnerships.rules import Terms, is_running
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.queries import figures_of, is_latest_revision, month_index
from pendamping.instruments.assessment import assessment, still_answers
from pendamping.instruments.queries import PublishedInstrument, instruments_on, published_by_id
from pendamping.kernel.clock import start_of_day
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from pendamping.progress.profile import sections_of
from pendamping.progress.programme import StageStep, stages_over
from pendamping.progress.queries import DISTRICT_CODE_LENGTH
from pendamping.progress.stages.models import DesignationDecision, StageDecision
from pendamping.reports.evaluation.content import (
    ActionCounts,
    CooperativeEvaluation,
    Designation,
    FiguresSide,
    InstrumentEvaluation,
    Partner,
    ScoreSide,
    SectionMove,
    designations_at_end,
    ends_of,
    figures_at_ends,
    most_moved,
    stages_at_ends,
)
from pendamping.reports.evaluation.periods import Period, YearSpan
from pendamping.visits.log import facts_then
from pendamping.visits.models import Visit, VisitScore
from pendamping.visits.queries import RecordedAnswer, answers_of_visits_until

FIGURES_BEFORE = 12
"""Months before the period in which a figure still says where it began."""
CLOSED = (ActionStatus.VERIFIED, ActionStatus.CANCELLED)

Versions = Mapping[uuid.UUID, PublishedInstrument]
Answers = Mapping[uuid.UUID, Sequence[RecordedAnswer]]


def programme_years(session: Session) -> list[YearSpan]:
    rows = session.scalars(select(ProgrammeYear).order_by(ProgrammeYear.year))
    return [YearSpan(row.year, row.starts_on, row.ends_on, row.visits_per_month) for row in rows]


@dataclass(frozen=True, slots=True)
class _Span:
    """What all queries narrow by: these cooperatives, from the first day to the last that can be on record."""

    ids: Select[uuid.UUID]
    first: dt.date
    until: dt.date


def evaluated_cooperatives(
    session: Session, cooperatives: Select[Cooperative], period: Period, *, today: dt.date
) -> list[CooperativeEvaluation]:
    """The evaluation of each of the chosen cooperatives, by name, as it is on record today."""
    ids = cooperatives.with_only_columns(Cooperative.id).order_by(None).correlate(None)
    span = _Span(ids, period.first, period.until(today))
    scores, visits, actions = _scores(session, span), _visits(session, span), _actions(session, span)
    figures, stages, designations = _figures(session, span), _stages(session, span), _designations(session, span)
    target, partners = period.target(today), _partners(session, span)
    found = []
    for row, ward, district in session.execute(_places(cooperatives)):
        begin, end = stages_at_ends(row.stage, stages[row.id], first=span.first, until=span.until)
        figures_begin, figures_end = figures_at_ends(figures[row.id], first=span.first)
        found.append(
            CooperativeEvaluation(
                id=row.id,
                code=row.code,
                name=row.short_name,
                legal_name=row.legal_name,
                ward=ward,
                district=district,
                stage_begin=begin,
                stage_end=end,
                scores=scores[row.id],
                visits=visits.get(row.id, 0),
                target=target,
                actions=actions.get(row.id, ActionCounts()),
                figures_begin=figures_begin,
                figures_end=figures_end,
                designations=designations[row.id],
                partners=partners.get(row.id, ()),
            )
        )
    return found


def _places(cooperatives: Select[Cooperative]) -> Select[Cooperative, str, str]:
    ward, district = aliased(Region), aliased(Region)
    return (
        cooperatives.join(ward, ward.code == Cooperative.code)
        .join(district, district.code == func.substr(Cooperative.code, 1, DISTRICT_CODE_LENGTH))
        .add_columns(ward.display_name, district.display_name)
        .order_by(Cooperative.short_name, Cooperative.code)
    )


def stages_by_month(
    session: Session, cooperatives: Select[Cooperative], period: Period, *, today: dt.date
) -> dict[Month, dict[Stage, int]]:
    """How many cooperatives stood in each stage at the end of each month of a period; two queries."""
    now = cooperatives.with_only_columns(Cooperative.stage, func.count()).group_by(Cooperative.stage)
    moved = (
        cooperatives.join(StageDecision, StageDecision.cooperative_id == Cooperative.id)
        .where(StageDecision.from_stage != StageDecision.to_stage, StageDecision.decided_on >= period.first)
        .with_only_columns(StageDecision.decided_on, StageDecision.from_stage, StageDecision.to_stage)
    )
    steps = [StageStep(*row) for row in session.execute(moved)]
    return stages_over(dict(session.execute(now).all()), steps, period.months(today))


# Scores ---------------------------------------------------------------------------------------------------------------


def _scores(session: Session, span: _Span) -> Mapping[uuid.UUID, list[InstrumentEvaluation]]:
    """Each instrument in force at the end, at both ends, with the sections that moved it."""
    rows: dict[tuple[uuid.UUID, str], list[tuple[dt.date, VisitScore]]] = defaultdict(list)
    for row in session.scalars(_scores_that_matter(span)):
        rows[row.cooperative_id, row.instrument_code].append((row.measured_on, row))
    answers = answers_of_visits_until(session, span.ids, until=span.until)
    in_force = instruments_on(session, span.until)
    versions = _versions(session, in_force, [row for each in rows.values() for _, row in each], answers)
    found: dict[uuid.UUID, list[InstrumentEvaluation]] = defaultdict(list)
    for id_ in {id_ for id_, _ in rows}:
        for published in in_force:
            code = published.instrument.code
            begin, end = ends_of(rows.get((id_, code), []), first=span.first)
            moves = _moves(begin, end, versions, answers.get(id_, ())) if begin and end else []
            found[id_].append(InstrumentEvaluation(code, _side(begin, versions), _side(end, versions), moves))
    return found


def _scores_that_matter(span: _Span) -> Select[VisitScore]:
    """As they stand after corrections: the last one before the period, the first and the last one within it."""
    is_before = case((VisitScore.measured_on < span.first, 1), else_=0)
    part = (VisitScore.cooperative_id, VisitScore.instrument_code, is_before)
    order = (VisitScore.measured_on, Visit.received_at, Visit.number)
    ranked = (
        select(
            VisitScore,
            is_before.label("is_before"),
            func.row_number().over(partition_by=part, order_by=order).label("first"),
            func.row_number().over(partition_by=part, order_by=[each.desc() for each in order]).label("last"),
        )
        .join(Visit, and_(Visit.id == VisitScore.visit_id, Visit.revision == VisitScore.revision))
        .where(
            VisitScore.cooperative_id.in_(span.ids),
            VisitScore.measured_on <= span.until,
            VisitScore.score.is_not(None),
        )
        .subquery()
    )
    kept = aliased(VisitScore, ranked)
    is_an_end = or_(ranked.c.last == 1, and_(ranked.c.first == 1, ranked.c.is_before == 0))
    return select(kept).where(is_an_end).order_by(ranked.c.is_before.desc(), ranked.c.first)


def _versions(
    session: Session, in_force: Sequence[PublishedInstrument], rows: Sequence[VisitScore], answers: Answers
) -> Versions:
    known = {each.version_id: each for each in in_force}
    named = {row.version_id for row in rows} | {each.version_id for given in answers.values() for each in given}
    older = published_by_id(session, sorted(named - known.keys())) if named - known.keys() else []
    return known | {each.version_id: each for each in older}


def _side(row: VisitScore | None, versions: Versions) -> ScoreSide | None:
    if row is None or row.score is None:
        return None
    bands = {band.code: band.name_id for band in versions[row.version_id].instrument.bands}
    return ScoreSide(row.score, bands.get(row.band_code or "", ""), row.is_provisional, row.measured_on)


def _moves(
    begin: VisitScore, end: VisitScore, versions: Versions, given: Sequence[RecordedAnswer]
) -> Sequence[SectionMove]:
    if begin.visit_id == end.visit_id:
        return ()
    return most_moved(_sections(begin, versions, given), _sections(end, versions, given))


def _sections(row: VisitScore, versions: Versions, given: Sequence[RecordedAnswer]) -> Mapping[str, Any]:
    """The value of each section on the day of a score, by name, from the answers up to that day."""
    instrument = versions[row.version_id].instrument
    newest = {each.answer.item_id: each for each in given if each.answered_on <= row.measured_on}
    items = {
        (id_, item.id): item
        for id_ in {each.version_id for each in newest.values()}
        for item in versions[id_].instrument.items
    }
    standing = {
        item.id: last
        for item in instrument.items
        if (last := newest.get(item.id)) and still_answers(last.answer, items[last.version_id, item.id], item)
    }
    then = assessment(instrument, standing, stage=row.stage.order, on=row.measured_on, facts=facts_then(row))
    return {section.name_id: section.now for section in sections_of(then, None)}


# Everything else ------------------------------------------------------------------------------------------------------


def _visits(session: Session, span: _Span) -> Mapping[uuid.UUID, int]:
    """What came in after its month had been approved counts in none."""
    rows = session.execute(
        select(Visit.cooperative_id, func.count())
        .where(Visit.cooperative_id.in_(span.ids), Visit.visited_on.between(span.first, span.until), ~Visit.is_addendum)
        .group_by(Visit.cooperative_id)
    )
    return dict(rows.all())


def _actions(session: Session, span: _Span) -> Mapping[uuid.UUID, ActionCounts]:
    """Late by the due date as it is now: who was granted a later day is not late."""
    steps = (
        select(ActionUpdate.action_id, ActionUpdate.status, func.max(ActionUpdate.made_at).label("made_at"))
        .where(ActionUpdate.status.in_(CLOSED))
        .group_by(ActionUpdate.action_id, ActionUpdate.status)
        .subquery()
    )
    starts, ends = start_of_day(span.first), start_of_day(span.until + dt.timedelta(days=1))
    agreed = Action.agreed_on.between(span.first, span.until)
    verified = and_(steps.c.status == ActionStatus.VERIFIED, steps.c.made_at >= starts, steps.c.made_at < ends)
    still_open = or_(steps.c.made_at.is_(None), steps.c.made_at >= ends)
    late = and_(Action.agreed_on <= span.until, Action.due_on < span.until, still_open)
    counts = [func.sum(case((each, 1), else_=0)) for each in (agreed, verified, late)]
    rows = session.execute(
        select(Action.cooperative_id, *counts)
        .outerjoin(steps, and_(steps.c.action_id == Action.id, steps.c.status == Action.status))
        .where(Action.cooperative_id.in_(span.ids), Action.status != ActionStatus.PROPOSED)
        .group_by(Action.cooperative_id)
    )
    return {id_: ActionCounts(*(int(each) for each in counted)) for id_, *counted in rows}


def _figures(session: Session, span: _Span) -> Mapping[uuid.UUID, list[FiguresSide]]:
    """Of each month its last revision, oldest first, from a year before the period."""
    since, end = Month.of(span.first).minus(FIGURES_BEFORE), Month.of(span.until)
    rows = session.scalars(
        select(MonthlyFigures)
        .where(
            MonthlyFigures.cooperative_id.in_(span.ids),
            month_index().between(since.index, end.index),
            is_latest_revision(),
        )
        .order_by(MonthlyFigures.year, MonthlyFigures.month)
    )
    found: dict[uuid.UUID, list[FiguresSide]] = defaultdict(list)
    for row in rows:
        found[row.cooperative_id].append(FiguresSide(Month(row.year, row.month), figures_of(row)))
    return found


def _stages(session: Session, span: _Span) -> Mapping[uuid.UUID, list[tuple[dt.date, Stage]]]:
    rows = session.execute(
        select(StageDecision.cooperative_id, StageDecision.decided_on, StageDecision.from_stage)
        .where(
            StageDecision.cooperative_id.in_(span.ids),
            StageDecision.from_stage != StageDecision.to_stage,
            StageDecision.decided_on >= span.first,
        )
        .order_by(StageDecision.decided_on, StageDecision.number)
    )
    found: dict[uuid.UUID, list[tuple[dt.date, Stage]]] = defaultdict(list)
    for id_, day, stage in rows:
        found[id_].append((day, stage))
    return found


def _designations(session: Session, span: _Span) -> Mapping[uuid.UUID, list[Designation]]:
    rows = session.execute(
        select(
            DesignationDecision.cooperative_id,
            DesignationDecision.designation_code,
            DesignationDecision.decided_on,
            DesignationDecision.is_given,
        )
        .where(DesignationDecision.cooperative_id.in_(span.ids), DesignationDecision.decided_on <= span.until)
        .order_by(DesignationDecision.designation_code, DesignationDecision.number)
    )
    decisions: dict[uuid.UUID, list[tuple[str, dt.date, bool]]] = defaultdict(list)
    for id_, code, day, is_given in rows:
        decisions[id_].append((code, day, is_given))
    found: dict[uuid.UUID, list[Designation]] = defaultdict(list)
    found.update({id_: designations_at_end(each, first=span.first) for id_, each in decisions.items()})
    return found


def _partners(session: Session, span: _Span) -> Mapping[uuid.UUID, Sequence[Partner]]:
    """Where they stood at the end of the last day; what had ended before the first day is left out."""
    before = start_of_day(span.until + dt.timedelta(days=1))
    known = partnerships_on(session, span.ids, day=span.until, before=before)
    return {
        id_: [_partner(each, span.until) for each in steps if not _was_over(each.terms, span.first)]
        for id_, steps in known.items()
    }


def _was_over(terms: Terms, first: dt.date) -> bool:
    return terms.status is PartnershipStatus.STOPPED and terms.since_on is not None and terms.since_on < first


def _partner(step: StepView, until: dt.date) -> Partner:
    terms = step.terms
    return Partner(
        name=terms.partner,
        is_bumn=terms.is_bumn,
        goods=terms.goods,
        status=terms.status,
        since=terms.since_on,
        until=terms.ends_on,
        value_idr=terms.monthly_value_idr,
        is_verified=step.is_verified,
        is_running=is_running(terms, today=until),
    )

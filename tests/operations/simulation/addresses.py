"""Every address of the product with real rows of a simulated year in it, for the walks over all pages.

Made from the url map: an endpoint whose arguments nobody knows how to fill fails the walk until a way is added here.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from pendamping.accounts.models import User
from pendamping.activities.models import Activity
from pendamping.activities.queries import activity_with_steps, photo_ids
from pendamping.attachments.models import Attachment
from pendamping.cooperatives.assignments.models import Assignment, Handover
from pendamping.cooperatives.models import Cooperative, Document, MonthlyFigures, Officer
from pendamping.cooperatives.partnerships.models import Partnership
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.field.quarantine.models import HeldRecord
from pendamping.instruments.drafting.models import InstrumentDraft
from pendamping.instruments.models import InstrumentVersion
from pendamping.plans.goals.models import PlanGoal
from pendamping.plans.models import Action, ActionStatus, PlanQuestion
from pendamping.progress.asking.models import Step, Verb
from pendamping.progress.drawn import DIGEST_LENGTH
from pendamping.progress.models import Standing
from pendamping.reminders.models import ObligationVersion
from pendamping.reminders.obligations import MONTHLY_REPORT
from pendamping.reminders.rules import RuleCode
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.drafts.models import Draft
from pendamping.visits.models import Visit, VisitMode
from pendamping.visits.schedule.models import PlannedVisit

DIGEST = "0" * DIGEST_LENGTH


@dataclass(frozen=True)
class Filled:
    """Values for the arguments of an address; whose cooperative they belong to, None for nobody's."""

    values: Mapping[str, Any]
    cooperative_id: uuid.UUID | None
    facilitator_id: uuid.UUID | None = None
    """Whose own visit it is: it stays theirs when the cooperative is handed over."""
    others: frozenset[uuid.UUID] = frozenset()
    """Further cooperatives that it belongs to as much."""


@dataclass(frozen=True)
class Address:
    endpoint: str
    url: str
    is_visible: bool
    """Whether the person the walk is made for may see the row in it."""


Way = Callable[[Session], Iterator[Filled]]


def _nothing(_: Session) -> Iterator[Filled]:
    yield Filled({}, None)


def _codes(session: Session) -> Iterator[Filled]:
    """Every cooperative that has a year, and one that has none."""
    lived = select(Cooperative).where(Cooperative.id.in_(select(Standing.cooperative_id))).order_by(Cooperative.code)
    other = select(Cooperative).where(Cooperative.id.not_in(select(Standing.cooperative_id))).order_by(Cooperative.code)
    for each in [*session.scalars(lived), *session.scalars(other.limit(1))]:
        yield Filled({"code": each.code}, each.id)


def _few_codes(session: Session) -> Iterator[Filled]:
    """For pages that take long to draw."""
    yield from [*_codes(session)][::3]


def _with(way: Way, **values: Any) -> Way:
    return lambda session: (
        Filled({**each.values, **values}, each.cooperative_id, each.facilitator_id) for each in way(session)
    )


def _scores(session: Session) -> Iterator[Filled]:
    for code in session.scalars(select(InstrumentVersion.code).distinct()):
        yield from _with(_few_codes, instrument=code)(session)


def _followed_items(session: Session) -> Iterator[Filled]:
    """One item of each type, a critical one among them."""
    for item_id in ("KL-02", "KL-05", "KL-22", "KL-29", "KL-31", "TK-19", "UK-14"):
        yield from _with(_few_codes, item_id=item_id)(session)


VISITS: Mapping[str, ColumnElement[bool]] = {
    "corrected": Visit.revision > 1,
    "added to": Visit.id.in_(select(Correction.visit_id).where(Correction.kind == CorrectionKind.ADDENDUM)),
    "remote": Visit.mode == VisitMode.REMOTE,
    "unsigned": Visit.signature_id.is_(None) & (Visit.mode == VisitMode.FACE_TO_FACE),
    "signed": Visit.signature_id.is_not(None),
    "without place": Visit.latitude.is_(None) & (Visit.mode == VisitMode.FACE_TO_FACE),
    "far away": Visit.distance_m > 1000,
    "without notes": Visit.notes == "",
    "unplanned": Visit.planned_visit_id.is_(None),
}


def sampled_visits(session: Session) -> dict[str, Visit]:
    """One visit of each kind, and the newest of each cooperative."""
    found: dict[str, Visit] = {}
    for kind, which in VISITS.items():
        visit = session.scalar(select(Visit).where(which).order_by(Visit.visited_on, Visit.number).limit(1))
        if visit is not None:
            found[kind] = visit
    for visit in session.scalars(select(Visit).join(Standing, Standing.last_visit_id == Visit.id)):
        found[f"newest of {visit.cooperative_id}"] = visit
    return found


def _visits(session: Session) -> Iterator[Filled]:
    for visit in {visit.id: visit for visit in sampled_visits(session).values()}.values():
        yield Filled({"visit_id": visit.id}, visit.cooperative_id, visit.facilitator_id)


def _scores_of_visits(session: Session) -> Iterator[Filled]:
    for code in session.scalars(select(InstrumentVersion.code).distinct()):
        yield from _with(_visits, instrument=code)(session)


def _plans(session: Session) -> Iterator[Filled]:
    made = PlannedVisit.id.in_(select(Visit.planned_visit_id).where(Visit.planned_visit_id.is_not(None)))
    kinds: list[ColumnElement[bool]] = [made, ~made, PlannedVisit.moves > 0, PlannedVisit.cancelled_at.is_not(None)]
    for kind in kinds:
        for order in (PlannedVisit.planned_on, PlannedVisit.planned_on.desc()):
            query = select(PlannedVisit).where(kind).order_by(order, PlannedVisit.id).limit(2)
            for plan in session.scalars(query):
                yield Filled({"plan_id": plan.id}, plan.cooperative_id, plan.facilitator_id)


def _of_cooperatives(query: Callable[[], Select[Any]], **names: str) -> Way:
    """Rows that stand under their cooperative's code: argument=attribute."""

    def way(session: Session) -> Iterator[Filled]:
        for row in session.scalars(query()):
            cooperative = session.get_one(Cooperative, row.cooperative_id)
            values = {argument: getattr(row, attribute) for argument, attribute in names.items()}
            yield Filled({"code": cooperative.code, **values}, cooperative.id)

    return way


def _figures(session: Session) -> Iterator[Filled]:
    way = _of_cooperatives(
        lambda: select(MonthlyFigures).order_by(MonthlyFigures.revision.desc(), MonthlyFigures.id).limit(6),
        year="year",
        month="month",
    )
    yield from way(session)
    yield from _with(_few_codes, year=2026, month=3)(session)


def _attachments(session: Session) -> Iterator[Filled]:
    for media_type in session.scalars(select(Attachment.media_type).distinct()).all():
        query = select(Attachment).where(Attachment.media_type == media_type).order_by(Attachment.id).limit(3)
        for row in session.scalars(query):
            yield Filled({"attachment_id": row.id}, row.cooperative_id, row.uploader_id)


def _of_nobody(query: Callable[[], Select[Any]], **names: str) -> Way:
    return lambda session: (
        Filled({argument: getattr(row, attribute) for argument, attribute in names.items()}, None)
        for row in session.scalars(query())
    )


def _documents() -> Select[Any]:
    return select(Document).order_by(Document.expires_on, Document.id).limit(8)


def _partnerships() -> Select[Any]:
    return select(Partnership).order_by(Partnership.added_at, Partnership.id).limit(8)


def _obligations() -> Select[Any]:
    """Three as they were shipped, and every one that was changed since."""
    few = [MONTHLY_REPORT, "UNDANGAN_RAT", "HARKOPNAS"]
    return select(ObligationVersion).where(
        or_(ObligationVersion.code.in_(few), ObligationVersion.author_id.is_not(None))
    )


_drafts = _of_nobody(lambda: select(InstrumentDraft), instrument="code")
_versions = _of_nobody(lambda: select(InstrumentVersion), instrument="code", version="version")


def _each_kind(way: Way) -> Way:
    """Every file as a workbook and as YAML."""
    return lambda session: (each for kind in ("xlsx", "yaml") for each in _with(way, kind=kind)(session))


def _draft_items(session: Session) -> Iterator[Filled]:
    """One item for each type of answer."""
    for draft in session.scalars(select(InstrumentDraft)):
        by_type = {item["type"]: item["id"] for item in draft.document["items"]}
        for item_id in by_type.values():
            yield Filled({"instrument": draft.code, "item": item_id}, None)


def _city_charts(_: Session) -> Iterator[Filled]:
    for name in ("tahap", "pekan", "tindakan", "pendamping"):
        yield Filled({"chart": name, "digest": DIGEST}, None)


def _steps(session: Session) -> Iterator[Filled]:
    for step in session.scalars(select(Step).where(Step.verb != Verb.WATCH).order_by(Step.made_at).limit(4)):
        yield Filled({"step_id": step.id}, step.cooperative_id, step.facilitator_id)


def _reports(session: Session) -> Iterator[Filled]:
    """Two reports of each state that were ever sent: of the facilitators who accompany somebody today, its author alone
    sees one, and it goes by a cooperative of theirs.
    """
    last = select(Assignment).order_by(Assignment.ends_on, Assignment.starts_on)
    own = {row.facilitator_id: row.cooperative_id for row in session.scalars(last)}
    sent = select(MonthlyReport).where(MonthlyReport.first_sent_at.is_not(None))
    for status in ReportStatus:
        query = sent.where(MonthlyReport.status == status).order_by(MonthlyReport.number).limit(2)
        for report in session.scalars(query):
            yield Filled({"report_id": report.id}, own[report.facilitator_id], report.facilitator_id)


def _months(session: Session) -> Iterator[Filled]:
    for month in session.execute(select(MonthlyReport.year, MonthlyReport.month).distinct().limit(4)):
        yield Filled({"year": month.year, "month": month.month}, None)


def _actions(session: Session) -> Iterator[Filled]:
    """One action in each status, one that is disputed, one thought of between two visits, one of each cooperative."""
    kinds = [Action.status == status for status in ActionStatus]
    kinds += [Action.cooperative_id == each for each in session.scalars(select(Standing.cooperative_id))]
    for kind in (*kinds, Action.is_disputed.is_(True), Action.visit_id.is_(None)):
        for action in session.scalars(select(Action).where(kind).order_by(Action.id).limit(1)):
            yield Filled({"action_id": action.id}, action.cooperative_id)


def _questions(session: Session) -> Iterator[Filled]:
    for kind in (PlanQuestion.answered_at.is_(None), PlanQuestion.answered_at.is_not(None)):
        for question in session.scalars(select(PlanQuestion).where(kind).order_by(PlanQuestion.id).limit(1)):
            yield Filled({"question_id": question.id}, question.cooperative_id)


def _activities(session: Session) -> Iterator[Filled]:
    for activity in session.scalars(select(Activity).order_by(Activity.id)):
        view = activity_with_steps(session, activity.id)
        first, *others = view.latest.terms.cooperative_ids
        yield Filled({"activity_id": activity.id}, first, activity.author_id, frozenset(others))


def _activity_photos(session: Session) -> Iterator[Filled]:
    for each in _activities(session):
        for attachment_id in photo_ids(session, each.values["activity_id"]):
            yield replace(each, values={**each.values, "attachment_id": attachment_id})


def _goals(session: Session) -> Iterator[Filled]:
    for goal in session.scalars(select(PlanGoal).order_by(PlanGoal.id).limit(8)):
        yield Filled({"goal_id": goal.id}, goal.cooperative_id)


def _accounts() -> Select[Any]:
    """Those with a password, which an admin sees to."""
    return select(User).where(User.officer_id.is_(None)).order_by(User.username)


def _handovers(session: Session) -> Iterator[Filled]:
    for handover in session.scalars(select(Handover)):
        yield Filled({"handover_id": handover.id}, handover.cooperative_id, handover.successor_id)


def _held(session: Session) -> Iterator[Filled]:
    for held in session.scalars(select(HeldRecord)):
        yield Filled({"held_id": held.id}, held.cooperative_id)


def _evaluations(session: Session) -> Iterator[Filled]:
    for form in ("pdf", "xlsx"):
        yield Filled(
            {"year": session.scalar(select(func.max(ProgrammeYear.year))), "part": "semester-1", "form": form}, None
        )


WAYS: Mapping[frozenset[str], Way] = {
    frozenset(): _nothing,
    frozenset({"code"}): _codes,
    frozenset({"code", "instrument"}): _scores,
    frozenset({"code", "item_id"}): _followed_items,
    frozenset({"visit_id", "instrument"}): _scores_of_visits,
    frozenset({"code", "digest"}): _with(_few_codes, digest=DIGEST),
    frozenset({"chart", "digest"}): _city_charts,
    frozenset({"code", "officer_id"}): _of_cooperatives(lambda: select(Officer).limit(4), officer_id="id"),
    frozenset({"code", "partnership_id"}): _of_cooperatives(_partnerships, partnership_id="id"),
    frozenset({"code", "document_id"}): _of_cooperatives(_documents, document_id="id"),
    frozenset({"code", "draft_id"}): _of_cooperatives(lambda: select(Draft), draft_id="id"),
    frozenset({"code", "year", "month"}): _figures,
    frozenset({"token"}): _with(_nothing, token="palsu"),
    frozenset({"visit_id"}): _visits,
    frozenset({"plan_id"}): _plans,
    frozenset({"action_id"}): _actions,
    frozenset({"question_id"}): _questions,
    frozenset({"activity_id"}): _activities,
    frozenset({"goal_id"}): _goals,
    frozenset({"activity_id", "attachment_id"}): _activity_photos,
    frozenset({"year", "part", "form"}): _evaluations,
    frozenset({"city", "year", "part", "form"}): _with(_evaluations, city="64.71"),
    frozenset({"code", "year", "part", "form"}): lambda session: (
        Filled({**one.values, **each.values}, each.cooperative_id)
        for one in _evaluations(session)
        for each in _few_codes(session)
    ),
    frozenset({"handover_id"}): _handovers,
    frozenset({"held_id"}): _held,
    frozenset({"rule_name"}): _with(_nothing, rule_name=RuleCode.ACTION_DUE),
    frozenset({"obligation"}): _of_nobody(_obligations, obligation="code"),
    frozenset({"attachment_id"}): _attachments,
    frozenset({"user_id"}): _of_nobody(_accounts, user_id="id"),
    frozenset({"assignment_id"}): _of_nobody(lambda: select(Assignment).limit(6), assignment_id="id"),
    frozenset({"instrument"}): _drafts,
    frozenset({"instrument", "kind"}): _each_kind(_drafts),
    frozenset({"instrument", "section"}): _with(_drafts, section="KL-A"),
    frozenset({"instrument", "item"}): _draft_items,
    frozenset({"instrument", "version"}): _versions,
    frozenset({"instrument", "version", "kind"}): _each_kind(_versions),
    frozenset({"step_id"}): _steps,
    frozenset({"report_id"}): _reports,
    frozenset({"year", "month"}): _months,
    frozenset({"number"}): _of_nobody(lambda: select(ProgrammeYear), number="year"),
}
NO_PAGES = {"static", "monthly.photo", "reminders.feed", "field.compare"}
"""Their arguments are no rows, rows that the year has none of, or secrets of which only a digest is kept."""
SLOW: Mapping[str, Way] = {"reports.plan_paper": _few_codes, "visits.new": _few_codes}
"""Endpoints that are walked over fewer rows than their arguments would give."""


def get_rules(app: Flask) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return [rule for rule in rules if rule.endpoint not in NO_PAGES]


def addresses_for(app: Flask, session: Session, user: User, *, today: dt.date) -> list[Address]:
    """Every address there is, filled with rows, as somebody would see or not see it."""
    adapter = app.url_map.bind("localhost")
    seen = set(session.scalars(visible_cooperative_ids(user, today=today)))
    found = []
    for rule in get_rules(app):
        for filled in SLOW.get(rule.endpoint, WAYS[frozenset(rule.arguments)])(session):
            url = adapter.build(rule.endpoint, dict(filled.values), "GET")
            is_visible = (
                filled.cooperative_id in (None, *seen)
                or filled.facilitator_id == user.id
                or not seen.isdisjoint(filled.others)
            )
            found.append(Address(rule.endpoint, url, is_visible))
    return list(dict.fromkeys(found))

"""A cooperative's page, gathered for its template: standing, trend, plan, records, people, and what happened."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Baseline, Cooperative
from pendamping.cooperatives.policy import can_edit, can_record_visit
from pendamping.cooperatives.queries import AssignmentView, OfficerView, assignment_on, baseline_of, officers_on
from pendamping.cooperatives.records.expiry import Validity
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.queries import (
    DocumentView,
    FiguresRevision,
    documents_of,
    figures_between,
)
from pendamping.cooperatives.records.words import document_word, expiry_words
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.i18n import clock_time
from pendamping.plans.queries import ActionView, open_actions
from pendamping.progress.history import Event, EventKey, EventKind, PlannedLine, events, planned_ahead
from pendamping.progress.page import ProfileView, TrendView, section_profile, trend_view
from pendamping.progress.queries import CooperativeRow, cooperative_rows, year_of_scores
from pendamping.progress.series import YEAR_DAYS
from pendamping.progress.stages.page import (
    DesignationLine,
    StageView,
    attention_of,
    designation_lines,
    evaluated,
    stage_view,
)
from pendamping.progress.stages.queries import designations_of
from pendamping.progress.words import ACTION_EVENTS, EVENT_WORDS, event_detail, event_title
from pendamping.visits.queries import current_answers
from pendamping.visits.words import mode_word

EVENTS_SHOWN = 12
MONTHS_SHOWN = 12
TERM_ENDS_SOON_DAYS = 90
"""So long before its end a term asks for a successor to be looked for; our proposal."""


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of the timeline, in words and with its address; `label` is the word of its kind."""

    on: dt.date
    icon: str
    label: str
    title: str
    detail: str
    url: str | None


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """A person in office; `days_left` only where the term ends soon."""

    officer: OfficerView
    days_left: int | None


@dataclass(frozen=True, slots=True)
class PlaceView:
    latitude: float
    longitude: float
    url: str
    """Opens the map that the device has."""


@dataclass(frozen=True, slots=True)
class FiguresView:
    """A year of monthly figures: those there are, the newest first; the months without any; the largest amounts, for
    the bars.
    """

    this_month: Month
    recorded: Sequence[FiguresRevision]
    missing: Sequence[Month]
    most_savings: int
    most_turnover: int


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where the buttons lead; None where the reader may not."""

    record_visit: str | None
    plan_visit: str | None
    preparation: str
    plan: str
    plan_paper: str
    history: str
    stage: str


@dataclass(frozen=True, slots=True)
class CooperativePage:
    row: CooperativeRow
    legal_name: str
    legal_name_is_verified: bool
    decree_number: str | None
    decree_on: dt.date | None
    registration_number: str | None
    npwp: str | None
    nib: str | None
    place: PlaceView | None
    assignment: AssignmentView | None
    baseline: Baseline | None
    officers: Sequence[OfficerLine]
    open_actions: Sequence[ActionView]
    gate: StageView | None
    designations: Sequence[DesignationLine]
    attention: Sequence[str]
    trend: TrendView | None
    profile: Sequence[ProfileView]
    ahead: Sequence[TimelineLine]
    timeline: Sequence[TimelineLine]
    has_more_events: bool
    documents: Sequence[DocumentView]
    figures: FiguresView
    links: PageLinks
    can_edit: bool


def cooperative_page(session: Session, cooperative: Cooperative, user: User, *, today: dt.date) -> CooperativePage:
    """Everything the page shows, in a number of queries that does not depend on the history's length."""
    instruments = instruments_on(session, today)
    alone = select(Cooperative).where(Cooperative.id == cooperative.id)
    (row,) = cooperative_rows(session, alone, instruments, today=today)
    year = year_of_scores(session, cooperative.id, instruments, today=today)
    documents = documents_of(session, cooperative.id, today=today)
    since = today - dt.timedelta(days=YEAR_DAYS)
    happened = events(session, cooperative.id, today=today, since=since, limit=EVENTS_SHOWN + 1)
    answers, actions = current_answers(session, cooperative.id), open_actions(session, cooperative.id, today=today)
    found = evaluated(
        session,
        cooperative,
        instruments,
        answers=answers,
        actions=actions,
        measured_on=row.last_visit_on,
        today=today,
    )
    gate = stage_view(cooperative, found, rests=row.gate is not None and row.gate.is_resting) if found else None
    return CooperativePage(
        row=row,
        legal_name=cooperative.legal_name,
        legal_name_is_verified=cooperative.legal_name_is_verified,
        decree_number=cooperative.decree_number,
        decree_on=cooperative.decree_on,
        registration_number=cooperative.registration_number,
        npwp=cooperative.npwp,
        nib=cooperative.nib,
        place=_place(cooperative),
        assignment=assignment_on(session, cooperative.id, on=today),
        baseline=baseline_of(session, cooperative.id),
        officers=[_officer(each, today) for each in officers_on(session, cooperative.id, on=today)],
        open_actions=actions,
        gate=gate,
        designations=designation_lines(found, designations_of(session, cooperative.id)) if found else (),
        attention=attention_of(row, gate, today=today),
        trend=trend_view(cooperative.code, cooperative.short_name, year.series, today=today),
        profile=section_profile(session, cooperative, instruments, year, current=answers, today=today),
        ahead=_ahead(planned_ahead(session, cooperative.id, today=today), documents),
        timeline=[_line(each, cooperative.code) for each in happened[:EVENTS_SHOWN]],
        has_more_events=len(happened) > EVENTS_SHOWN,
        documents=documents,
        figures=_figures(session, cooperative, today),
        links=_links(cooperative, user),
        can_edit=can_edit(user),
    )


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A stretch of everything that happened; `next_key` begins the stretch after it."""

    lines: Sequence[TimelineLine]
    next_key: EventKey | None


def history_page(
    session: Session,
    cooperative: Cooperative,
    *,
    kinds: Sequence[EventKind],
    after: EventKey | None,
    today: dt.date,
    size: int,
) -> HistoryPage:
    found = events(session, cooperative.id, today=today, kinds=kinds, after=after, limit=size + 1)
    shown = found[:size]
    return HistoryPage(
        lines=[_line(each, cooperative.code) for each in shown],
        next_key=shown[-1].key if len(found) > size else None,
    )


def _links(cooperative: Cooperative, user: User) -> PageLinks:
    code, records_visits = cooperative.code, can_record_visit(user)
    return PageLinks(
        record_visit=url_for("visits.new", code=code) if records_visits else None,
        plan_visit=url_for("schedule.new", koperasi=code) if records_visits else None,
        preparation=url_for("visits.preparation", code=code),
        plan=url_for("plans.plan", code=code),
        plan_paper=url_for("reports.plan_paper", code=code),
        history=url_for("cooperatives.history", code=code),
        stage=url_for("stages.detail", code=code),
    )


def _figures(session: Session, cooperative: Cooperative, today: dt.date) -> FiguresView:
    months = [Month.of(today).minus(back) for back in range(MONTHS_SHOWN)]
    recorded = figures_between(session, cooperative.id, months[-1], months[0])
    known = {each.month for each in recorded}
    return FiguresView(
        this_month=months[0],
        recorded=recorded,
        missing=[month for month in months if month not in known],
        most_savings=max((each.figures.savings_idr or 0 for each in recorded), default=0),
        most_turnover=max((each.figures.turnover_idr or 0 for each in recorded), default=0),
    )


def _place(cooperative: Cooperative) -> PlaceView | None:
    """RFC 5870: `geo:` is what every phone opens in its own map."""
    if cooperative.latitude is None or cooperative.longitude is None:
        return None
    position = f"{cooperative.latitude:.6f},{cooperative.longitude:.6f}"
    url = f"geo:{position}?q={position}({quote(cooperative.short_name)})"
    return PlaceView(cooperative.latitude, cooperative.longitude, url)


def _officer(officer: OfficerView, today: dt.date) -> OfficerLine:
    days_left = (officer.term_ends_on - today).days if officer.term_ends_on else None
    return OfficerLine(officer, days_left if days_left is not None and days_left <= TERM_ENDS_SOON_DAYS else None)


def _line(event: Event, code: str) -> TimelineLine:
    label, icon = EVENT_WORDS[event.kind]
    return TimelineLine(event.on, icon, str(label), event_title(event), event_detail(event), _url_of(event, code))


def _url_of(event: Event, code: str) -> str | None:
    match event.kind:
        case EventKind.VISIT | EventKind.CORRECTION:
            return url_for("visits.detail", visit_id=event.subject_id)
        case EventKind.ACTIVITY:
            return url_for("activities.detail", activity_id=event.subject_id)
        case _of_an_action if event.kind in ACTION_EVENTS:
            return url_for("actions.detail", action_id=event.subject_id)
        case EventKind.CANCELLED:
            return url_for("schedule.detail", plan_id=event.subject_id)
        case EventKind.STAGE | EventKind.DESIGNATION:
            return url_for("stages.detail", code=code, _anchor="riwayat")
        case EventKind.DOCUMENT | EventKind.EXPIRED:
            return url_for("records.documents", code=code, _anchor=f"dokumen-{event.subject_id}")
        case _other:
            return None


def _ahead(planned: Sequence[PlannedLine], documents: Sequence[DocumentView]) -> list[TimelineLine]:
    """What comes next, the nearest first: planned visits, and documents about to run out."""
    lines = [_planned(each) for each in planned]
    lines += [_running_out(each) for each in documents if each.expiry.validity is Validity.ENDS_SOON]
    return sorted(lines, key=lambda line: line.on)


def _planned(planned: PlannedLine) -> TimelineLine:
    at = clock_time(planned.starts) if planned.starts else ""
    detail = " · ".join(filter(None, (at, mode_word(planned.mode), planned.agenda)))
    title = _("Kunjungan oleh %(name)s", name=planned.facilitator_name)
    url = url_for("schedule.detail", plan_id=planned.id)
    return TimelineLine(planned.on, "calendar-event", _("Direncanakan"), title, detail, url)


def _running_out(document: DocumentView) -> TimelineLine:
    assert document.expires_on is not None
    return TimelineLine(
        document.expires_on,
        "hourglass-split",
        _("Dokumen habis berlaku"),
        document.title,
        f"{document_word(document.kind)} · {expiry_words(document.expiry)}",
        None,
    )

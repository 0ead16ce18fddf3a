"""A cooperative's page, gathered for its template: standing, facts, people, plan, and what happened within a year."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Baseline, Cooperative
from pendamping.cooperatives.policy import can_edit, can_record_visit
from pendamping.cooperatives.queries import AssignmentView, OfficerView, assignment_on, baseline_of, officers_on
from pendamping.cooperatives.words import role_word
from pendamping.instruments.queries import instruments_on
from pendamping.plans.queries import ActionView, open_actions
from pendamping.progress.queries import CooperativeRow, TimelineEntry, cooperative_rows, timeline
from pendamping.visits.words import mode_word


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of the year's timeline, in words and with its address."""

    on: dt.date
    kind: str
    title: str
    detail: str
    url: str | None


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
    assignment: AssignmentView | None
    baseline: Baseline | None
    officers: Sequence[OfficerView]
    open_actions: Sequence[ActionView]
    timeline: Sequence[TimelineLine]
    can_record_visit: bool
    can_edit: bool


def cooperative_page(session: Session, cooperative: Cooperative, user: User, *, today: dt.date) -> CooperativePage:
    """Everything the page shows, in a number of queries that does not depend on the history's length."""
    alone = select(Cooperative).where(Cooperative.id == cooperative.id)
    (row,) = cooperative_rows(session, alone, instruments_on(session, today), today=today)
    return CooperativePage(
        row=row,
        legal_name=cooperative.legal_name,
        legal_name_is_verified=cooperative.legal_name_is_verified,
        decree_number=cooperative.decree_number,
        decree_on=cooperative.decree_on,
        registration_number=cooperative.registration_number,
        npwp=cooperative.npwp,
        nib=cooperative.nib,
        assignment=assignment_on(session, cooperative.id, on=today),
        baseline=baseline_of(session, cooperative.id),
        officers=officers_on(session, cooperative.id, on=today),
        open_actions=open_actions(session, cooperative.id, today=today),
        timeline=[_line(entry) for entry in timeline(session, cooperative.id, today=today)],
        can_record_visit=can_record_visit(user),
        can_edit=can_edit(user),
    )


def _line(entry: TimelineEntry) -> TimelineLine:
    url = url_for("visits.detail", visit_id=entry.subject_id)
    if entry.kind == "visit":
        title = _("Kunjungan oleh %(name)s", name=entry.title)
        return TimelineLine(entry.on, entry.kind, title, mode_word(entry.detail), url)
    return TimelineLine(
        entry.on, entry.kind, _("Disepakati: %(title)s", title=entry.title), role_word(entry.detail), url
    )

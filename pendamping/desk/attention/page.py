"""What the pages of attention show: each finding with its sentence, its one tap, and the answer to what was asked."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.desk.attention.findings import Finding, Group
from pendamping.desk.attention.words import appeared_on, sentence
from pendamping.kernel.clock import office_date
from pendamping.kernel.roles import Role
from pendamping.progress.asking.models import Kind, Verb
from pendamping.progress.asking.policy import visible_steps
from pendamping.progress.asking.queries import StepView, step_views
from pendamping.reports.monthly.policy import can_review

STEPS_READ = 200
FIRST_TAP: Mapping[Kind, Verb] = {
    Kind.SILENT: Verb.ASK_VISIT,
    Kind.WEAK: Verb.ASK_VISIT,
    Kind.UNASSIGNED: Verb.WATCH,
    Kind.STAGE: Verb.WATCH,
    Kind.HAND_OVER: Verb.WATCH,
}
"""What is most likely wanted; of all other kinds a question."""


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words. `answered` is the last question about it that was answered and has not settled it.

    decide_url: the page on which the agency decides, where one tap here is not enough.
    """

    finding: Finding
    words: str
    first_tap: Verb
    is_new: bool
    answered: StepView | None
    decide_url: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class ShownGroup:
    kind: Kind
    total: int
    findings: Sequence[ShownFinding]


def shown_groups(
    session: Session, user: User, found: Sequence[Group], *, seen_at: dt.datetime | None, today: dt.date
) -> list[ShownGroup]:
    """The same in words; one query for what was asked about them before."""
    all_found = [finding for group in found for finding in group.findings]
    shown = shown_findings(session, user, all_found, seen_at=seen_at, today=today)
    by_key = {each.finding.key: each for each in shown}
    return [ShownGroup(each.kind, each.total, [by_key[one.key] for one in each.findings]) for each in found]


def shown_findings(
    session: Session, user: User, found: Sequence[Finding], *, seen_at: dt.datetime | None, today: dt.date
) -> list[ShownFinding]:
    answered = _answered(session, user, found, today)
    seen_on = office_date(seen_at) if seen_at else None
    return [_shown(finding, user, answered.get(finding.key), seen_on, today) for finding in found]


def _answered(session: Session, user: User, found: Sequence[Finding], today: dt.date) -> dict[str, StepView]:
    if not found:
        return {}
    steps = step_views(session, visible_steps(user, today=today), limit=STEPS_READ, matters=found)
    newest: dict[tuple[Kind, str | None], StepView] = {}
    for step in reversed(steps):
        newest[step.kind, step.cooperative.code if step.cooperative else step.facilitator_name] = step
    about = {each.key: newest.get((each.kind, each.code or each.facilitator_name)) for each in found}
    return {key: step for key, step in about.items() if step is not None and step.reply is not None}


def _shown(
    finding: Finding, user: User, answered: StepView | None, seen_on: dt.date | None, today: dt.date
) -> ShownFinding:
    since = appeared_on(finding)
    return ShownFinding(
        finding=finding,
        words=sentence(finding, today=today),
        first_tap=FIRST_TAP.get(finding.kind, Verb.ASK),
        is_new=seen_on is not None and since is not None and since > seen_on,
        answered=answered,
        decide_url=_decide_url(finding, user),
        url=_url(finding, user),
    )


def _decide_url(finding: Finding, user: User) -> str | None:
    match finding.kind:
        case Kind.STAGE if finding.code:
            return url_for("stages.detail", code=finding.code)
        case Kind.UNASSIGNED if user.role is Role.ADMIN:
            return url_for("assignments.index")
        case Kind.REPORT_WAITING if can_review(user):
            return _report_url(finding)
        case Kind.QUARANTINE:
            is_one = finding.amount == 1
            return url_for("quarantine.detail", held_id=finding.subject_id) if is_one else url_for("quarantine.index")
        case Kind.HAND_OVER if user.role is Role.ADMIN:
            return url_for("handover.detail", handover_id=finding.subject_id)
        case _other:
            return None


def _url(finding: Finding, user: User) -> str | None:
    """What the name leads to: the very thing, or the cooperative."""
    match finding.kind:
        case Kind.DISPUTE if finding.amount == 1:
            return url_for("actions.detail", action_id=finding.subject_id)
        case Kind.DISPUTE:
            return url_for("board.listed", koperasi=finding.code, keberatan="y")
        case Kind.HAND_OVER:
            return url_for("handover.detail", handover_id=finding.subject_id)
        case Kind.REPORT_LATE:
            return url_for("monthly.queue")
        case Kind.REPORT_WAITING:
            return _report_url(finding)
        case Kind.UNSENT:
            return url_for("devices.index" if user.role is Role.ADMIN else "programme_view.people")
        case _other:
            return url_for("cooperatives.detail", code=finding.code) if finding.code else None


def _report_url(finding: Finding) -> str:
    is_one = finding.amount == 1
    return url_for("monthly.review", report_id=finding.subject_id) if is_one else url_for("monthly.queue")

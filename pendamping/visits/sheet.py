"""The page on which a visit is written: instruments, previous answers and what was typed, together for its template."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.queries import NameAndCode, OfficerView, name_and_code, officers_on
from pendamping.instruments.definition import DateReference, Item, Proof
from pendamping.instruments.due import DueReason, expires_on
from pendamping.instruments.opening import Opening
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.sheet import scoring_sheet
from pendamping.plans.forms import ActionForm
from pendamping.plans.queries import ActionView
from pendamping.progress.queries import ScoreCell, standing_cells
from pendamping.visits.assessments import assessments
from pendamping.visits.forms import VisitForm, fault_words
from pendamping.visits.models import VisitMode
from pendamping.visits.opened import Opened, VersionNews, opened_on, version_news
from pendamping.visits.requests.queries import RequestView
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.words import answer_words


@dataclass(frozen=True, slots=True)
class PreviousAnswer:
    """What was answered last time, in words, and what it still proves."""

    words: str
    value: str
    proof: Proof
    answered_on: dt.date
    note: str
    proven_until: dt.date | None
    """The last day on which its proof counts; None where there is none, or for good."""
    is_lapsed: bool
    is_outdated: bool
    """Given when the item was asked or judged otherwise: it counts nothing any more."""


@dataclass(frozen=True, slots=True)
class EnteredAnswer:
    """What was typed so far; empty strings where nothing was."""

    value: str = ""
    proof: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemSheet:
    item: Item
    previous: PreviousAnswer | None
    entered: EnteredAnswer
    errors: Mapping[str, str]
    proposal: ActionForm
    needs_decree: bool
    photos: Sequence[uuid.UUID]
    reasons: Sequence[DueReason]
    """Why it is opened; none where it is not due."""
    action: ActionView | None
    """The first open action on it."""
    request: RequestView | None
    """What the agency asks."""

    @property
    def is_open(self) -> bool:
        """Shown at once: due, or something stands in it already. Every proof is sent along, so it says nothing."""
        return bool(self.reasons or self.errors or self.photos or self.entered.value or self.entered.note)


@dataclass(frozen=True, slots=True)
class SectionSheet:
    code: str
    name_id: str
    name_en: str
    items: Sequence[ItemSheet]

    @property
    def open_items(self) -> Sequence[ItemSheet]:
        return [each for each in self.items if each.is_open]

    @property
    def other_items(self) -> Sequence[ItemSheet]:
        """One tap away."""
        return [each for each in self.items if not each.is_open]


@dataclass(frozen=True, slots=True)
class InstrumentSheet:
    code: str
    sha256: str
    title_id: str
    title_en: str
    score_before: ScoreCell
    sections: Sequence[SectionSheet]


@dataclass(frozen=True, slots=True)
class PlanToStart:
    """The planned visit that this one makes good."""

    id: uuid.UUID
    planned_on: dt.date
    starts: dt.time | None
    mode: VisitMode
    agenda: str


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """Everything the visit's form shows beside its own fields."""

    cooperative: NameAndCode
    stage: Stage
    today: dt.date
    instruments: Sequence[InstrumentSheet]
    officers: Sequence[OfficerView]
    scoring: Mapping[str, object]
    opening: Opening
    news: Sequence[VersionNews]
    plan: PlanToStart | None
    takes_items: Sequence[ActionView]
    """Actions under way that a poor answer may be brought to."""
    draft_revision: int


def plan_to_start(
    session: Session, plan_id: uuid.UUID | None, cooperative: Cooperative, facilitator_id: uuid.UUID
) -> PlanToStart | None:
    """One's own plan for this cooperative, or None; a visit is never refused over its plan."""
    plan = session.get(PlannedVisit, plan_id) if plan_id else None
    if plan is None or (plan.cooperative_id, plan.facilitator_id) != (cooperative.id, facilitator_id):
        return None
    return PlanToStart(plan.id, plan.planned_on, plan.starts, plan.mode, plan.agenda)


def visit_sheet(
    session: Session,
    cooperative: Cooperative,
    form: VisitForm,
    *,
    today: dt.date,
    plan: PlanToStart | None = None,
    revision: int = 0,
) -> VisitSheet:
    """Gather instruments, what is due, previous answers and what was typed; nothing of a later stage.

    Args:
        revision: of the draft that the form was filled from; 0 for none.
    """
    published = form.instruments
    opened = opened_on(session, cooperative, published, on=today)
    cells = {cell.instrument.code: cell for cell in standing_cells(session, cooperative, published)}
    assessment = assessments(session, published, opened.current, stage=cooperative.stage, on=today, facts=opened.facts)
    sheets = [_instrument_sheet(each, cells[each.instrument.code], opened, form) for each in published]
    return VisitSheet(
        cooperative=name_and_code(cooperative),
        stage=cooperative.stage,
        today=today,
        instruments=[sheet for sheet in sheets if sheet.sections],
        officers=officers_on(session, cooperative.id, on=today),
        scoring=scoring_sheet([each for _, each in assessment]),
        opening=opened.opening,
        news=version_news(session, published, opened),
        plan=plan,
        takes_items=opened.takes_items,
        draft_revision=revision,
    )


def _instrument_sheet(
    published: PublishedInstrument, cell: ScoreCell, opened: Opened, form: VisitForm
) -> InstrumentSheet:
    instrument = published.instrument
    errors = _errors_by_item(form)
    sections = []
    for section in instrument.sections:
        items = [_item_sheet(item, opened, form, errors) for item in section.items if item.id in form.asked]
        if items:
            sections.append(SectionSheet(section.code, section.name_id, section.name_en, items))
    return InstrumentSheet(instrument.code, published.sha256, instrument.title_id, instrument.title_en, cell, sections)


def _first_by_decree(form: VisitForm) -> str | None:
    """The first item whose date counts from the decree: the page asks for the decree's own date there, once."""
    by_decree = (
        item.id
        for item in form.asked.values()
        if item.date_rule is not None and item.date_rule.reference is DateReference.DECREE
    )
    return next(by_decree, None)


def _item_sheet(item: Item, opened: Opened, form: VisitForm, errors: Mapping[str, Mapping[str, str]]) -> ItemSheet:
    due = opened.opening.due.get(item.id)
    return ItemSheet(
        item=item,
        previous=_previous(item, opened),
        entered=EnteredAnswer(**form.answers.raw.get(item.id, {})),
        errors=errors.get(item.id, {}),
        proposal=form.actions.proposals[item.id],
        needs_decree=opened.facts.decree_on is None and item.id == _first_by_decree(form),
        photos=form.photos.of(item.id),
        reasons=due.reasons if due else (),
        action=opened.actions.get(item.id),
        request=opened.requests.get(item.id),
    )


def _errors_by_item(form: VisitForm) -> dict[str, dict[str, str]]:
    errors: dict[str, dict[str, str]] = {}
    for fault in form.answers.faults:
        if fault.item_id in form.asked:
            errors.setdefault(fault.item_id, {}).setdefault(fault.field, fault_words(fault))
    return errors


def _previous(item: Item, opened: Opened) -> PreviousAnswer | None:
    """In the words of the item as it was asked then."""
    then, recorded = opened.held.outdated.get(item.id) or (item, opened.held.standing.get(item.id))
    if recorded is None:
        return None
    answer = recorded.answer
    proven_until = expires_on(item, recorded.answered_on) if answer.proof is not Proof.CLAIM else None
    return PreviousAnswer(
        words=answer_words(then, answer),
        value=answer.value,
        proof=answer.proof,
        answered_on=recorded.answered_on,
        note=answer.note,
        proven_until=proven_until,
        is_lapsed=proven_until is not None and opened.on > proven_until,
        is_outdated=item.id in opened.held.outdated,
    )

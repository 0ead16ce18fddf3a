"""The page on which a visit is written: instruments, previous answers and what was typed, together for its template."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.queries import NameAndCode, OfficerView, name_and_code, officers_on
from pendamping.instruments.definition import DateReference, Item, Proof
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.sheet import scoring_sheet
from pendamping.plans.forms import ActionForm
from pendamping.progress.queries import ScoreCell, standing_cells
from pendamping.visits.forms import VisitForm, fault_words
from pendamping.visits.log import facts_of
from pendamping.visits.models import VisitMode
from pendamping.visits.queries import RecordedAnswer, current_answers
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.sittings import sittings
from pendamping.visits.words import answer_words


@dataclass(frozen=True, slots=True)
class PreviousAnswer:
    """What was answered last time, in words."""

    words: str
    value: str
    proof: Proof
    answered_on: dt.date
    note: str


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


@dataclass(frozen=True, slots=True)
class SectionSheet:
    code: str
    name_id: str
    name_en: str
    items: Sequence[ItemSheet]


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
    plan: PlanToStart | None
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
    """Gather instruments, previous answers and what was typed; nothing of a later stage.

    Args:
        revision: of the draft that the form was filled from; 0 for none.
    """
    published = form.instruments
    current = current_answers(session, cooperative.id)
    cells = {cell.instrument.code: cell for cell in standing_cells(session, cooperative, published)}
    facts = facts_of(cooperative, today)
    sheets = [
        _instrument_sheet(each, cells[each.instrument.code], current, form, facts.decree_on) for each in published
    ]
    sitting = sittings(session, published, current, stage=cooperative.stage, on=today, facts=facts)
    scoring = scoring_sheet([each for _, each in sitting])
    return VisitSheet(
        cooperative=name_and_code(cooperative),
        stage=cooperative.stage,
        today=today,
        instruments=[sheet for sheet in sheets if sheet.sections],
        officers=officers_on(session, cooperative.id, on=today),
        scoring=scoring,
        plan=plan,
        draft_revision=revision,
    )


def _instrument_sheet(
    published: PublishedInstrument,
    cell: ScoreCell,
    current: Mapping[str, RecordedAnswer],
    form: VisitForm,
    decree_on: dt.date | None,
) -> InstrumentSheet:
    instrument = published.instrument
    errors = _errors_by_item(form)
    sections = []
    for section in instrument.sections:
        items = [
            ItemSheet(
                item=item,
                previous=_previous(item, current.get(item.id)),
                entered=EnteredAnswer(**form.answers.raw.get(item.id, {})),
                errors=errors.get(item.id, {}),
                proposal=form.actions.proposals[item.id],
                needs_decree=bool(
                    item.date_rule and item.date_rule.reference is DateReference.DECREE and decree_on is None
                ),
                photos=form.photos.of(item.id),
            )
            for item in section.items
            if item.id in form.asked
        ]
        if items:
            sections.append(SectionSheet(section.code, section.name_id, section.name_en, items))
    return InstrumentSheet(instrument.code, published.sha256, instrument.title_id, instrument.title_en, cell, sections)


def _errors_by_item(form: VisitForm) -> dict[str, dict[str, str]]:
    errors: dict[str, dict[str, str]] = {}
    for fault in form.answers.faults:
        if fault.item_id in form.asked:
            errors.setdefault(fault.item_id, {}).setdefault(fault.field, fault_words(fault))
    return errors


def _previous(item: Item, recorded: RecordedAnswer | None) -> PreviousAnswer | None:
    if recorded is None:
        return None
    answer = recorded.answer
    return PreviousAnswer(answer_words(item, answer), answer.value, answer.proof, recorded.answered_on, answer.note)

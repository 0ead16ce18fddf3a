"""A stored visit as its page shows it, in the words of the instrument versions it was answered on."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.attachments.queries import attachments_by_id
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.answers import is_poor
from pendamping.instruments.definition import Item, Proof
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.instruments.scoring import Facts
from pendamping.plans.queries import ActionView, actions_of_visit
from pendamping.progress.explained.page import MovesView, moves_of_visit
from pendamping.progress.queries import ScoreCell, score_cell
from pendamping.visits.corrections.models import CorrectionKind
from pendamping.visits.corrections.policy import Remedy, remedy_for
from pendamping.visits.corrections.queries import CorrectionView, corrections_of
from pendamping.visits.evidence import EvidenceGrade
from pendamping.visits.log import facts_then
from pendamping.visits.models import Attendance, Visit
from pendamping.visits.queries import (
    RecordedAnswer,
    answers_of_visit,
    at_the_same_hours,
    evidence_of,
    is_month_locked,
    photos_of_visit,
    scores_of_visit,
)
from pendamping.visits.words import answer_words


@dataclass(frozen=True, slots=True)
class AnsweredItem:
    item: Item
    words: str
    proof: Proof
    note: str
    is_poor: bool


@dataclass(frozen=True, slots=True)
class AnsweredSection:
    name_id: str
    name_en: str
    answers: Sequence[AnsweredItem]


@dataclass(frozen=True, slots=True)
class AnsweredInstrument:
    title_id: str
    title_en: str
    sections: Sequence[AnsweredSection]


@dataclass(frozen=True, slots=True)
class PlaceView:
    lat: float
    lon: float
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class FileView:
    """A photo or the signature; it may be named by the visit before it has arrived."""

    id: uuid.UUID
    has_arrived: bool
    item_label: str


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A stored visit, whole."""

    id: uuid.UUID
    cooperative: NameAndCode
    facilitator_name: str
    visited_on: dt.date
    started: dt.time | None
    ended: dt.time | None
    mode: str
    purposes: Sequence[str]
    people_met: Sequence[tuple[str, str]]
    notes: str
    place: PlaceView | None
    written_at: dt.datetime
    received_at: dt.datetime
    is_addendum: bool
    scores: Sequence[ScoreCell]
    moves: Sequence[MovesView]
    instruments: Sequence[AnsweredInstrument]
    actions: Sequence[ActionView]
    evidence: EvidenceGrade
    photos: Sequence[FileView]
    signature: FileView | None
    signed_by: str
    corrections: Sequence[CorrectionView]
    remedy: Remedy | None
    twins: Sequence[uuid.UUID]
    """What was kept beside it: the same visit, told otherwise."""
    leads_to_cooperative: bool
    """False after a hand-over: one's own visit stays readable, the cooperative's page is somebody else's."""

    @property
    def correction_count(self) -> int:
        return sum(each.kind is CorrectionKind.CORRECTION for each in self.corrections)


def visit_page(session: Session, visit: Visit, user: User, *, today: dt.date) -> VisitPage:
    """Put a stored visit together: its answers in the words of the version they were given on."""
    cooperative = session.get_one(Cooperative, visit.cooperative_id)
    scores = {row.instrument_code: row for row in scores_of_visit(session, visit.id)}
    published = published_by_id(session, [row.version_id for row in scores.values()])
    cells = [
        score_cell(each, row, previous=None, stage=row.stage)
        for each in published
        if (row := scores.get(each.instrument.code)) is not None
    ]
    answers = {each.answer.item_id: each for each in answers_of_visit(session, visit.id)}
    instruments = [_answered(each, answers, facts_then(scores[each.instrument.code])) for each in published]
    photos = photos_of_visit(session, visit.id)
    wanted = [attachment_id for attachment_id, _item in photos] + ([visit.signature_id] if visit.signature_id else [])
    arrived = _arrived(session, visit, wanted)
    labels = {item.id: item.label_id for each in published for item in each.instrument.items}
    is_locked = is_month_locked(session, visit.facilitator_id, visit.visited_on)
    place = None
    if visit.latitude is not None and visit.longitude is not None:
        place = PlaceView(visit.latitude, visit.longitude, visit.accuracy_m)
    return VisitPage(
        id=visit.id,
        cooperative=name_and_code(cooperative),
        facilitator_name=session.get_one(User, visit.facilitator_id).name,
        visited_on=visit.visited_on,
        started=visit.started,
        ended=visit.ended,
        mode=visit.mode,
        purposes=visit.purposes,
        people_met=[(person.name, person.role) for person in _people_met(session, visit.id)],
        notes=visit.notes,
        place=place,
        written_at=visit.written_at,
        received_at=visit.received_at,
        is_addendum=visit.is_addendum,
        scores=[cell for cell in cells if not cell.is_hidden],
        moves=moves_of_visit(session, visit, list(scores.values())),
        instruments=[each for each in instruments if each.sections],
        actions=actions_of_visit(session, visit.id, today=today),
        evidence=evidence_of(visit, [arrived[id_].taken_at for id_, _item in photos if id_ in arrived]),
        photos=[FileView(id_, id_ in arrived, labels.get(item_id or "", "")) for id_, item_id in photos],
        signature=FileView(visit.signature_id, visit.signature_id in arrived, "") if visit.signature_id else None,
        signed_by=visit.signed_by,
        corrections=corrections_of(session, visit.id),
        remedy=remedy_for(visit, user, today=today, is_locked=is_locked),
        twins=at_the_same_hours(session, visit),
        leads_to_cooperative=_is_visible(session, cooperative, user, today),
    )


def _is_visible(session: Session, cooperative: Cooperative, user: User, today: dt.date) -> bool:
    found = visible_cooperative_ids(user, today=today).where(Cooperative.id == cooperative.id)
    return session.scalar(found) is not None


def _arrived(session: Session, visit: Visit, wanted: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Attachment]:
    """The files of a visit that are there; one that somebody else sent under the same id is none of them."""
    found = attachments_by_id(session, wanted)
    return {id_: each for id_, each in found.items() if each.cooperative_id == visit.cooperative_id}


def _people_met(session: Session, visit_id: uuid.UUID) -> Sequence[Attendance]:
    return session.scalars(
        select(Attendance).where(Attendance.visit_id == visit_id).order_by(Attendance.position)
    ).all()


def _answered(
    published: PublishedInstrument, answers: Mapping[str, RecordedAnswer], facts: Facts
) -> AnsweredInstrument:
    instrument = published.instrument
    sections = []
    for section in instrument.sections:
        rows = [_answered_item(item, answers[item.id], facts) for item in section.items if item.id in answers]
        if rows:
            sections.append(AnsweredSection(section.name_id, section.name_en, rows))
    return AnsweredInstrument(instrument.title_id, instrument.title_en, sections)


def _answered_item(item: Item, recorded: RecordedAnswer, facts: Facts) -> AnsweredItem:
    answer = recorded.answer
    return AnsweredItem(item, answer_words(item, answer), answer.proof, answer.note, is_poor(item, answer, facts))

"""What the papers say, gathered from the database and put into words; always Indonesian, whoever asks for them."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.activities.queries import Origin, origins_of
from pendamping.activities.words import activity_word
from pendamping.attachments.models import Attachment
from pendamping.attachments.pictures import shown_copy
from pendamping.attachments.queries import attachments_by_id
from pendamping.cooperatives.models import Cooperative, Region
from pendamping.cooperatives.programme.queries import OfficeView, office_of
from pendamping.cooperatives.queries import assignment_on, officers_on
from pendamping.cooperatives.words import role_word
from pendamping.instruments.answers import is_poor
from pendamping.instruments.definition import Item, OwnerRole
from pendamping.instruments.queries import PublishedInstrument, instruments_on, published_by_id
from pendamping.kernel.clock import office_date
from pendamping.kernel.filestore import FileStore
from pendamping.kernel.i18n import DEFAULT_LANGUAGE, clock_time, decimal, long_date, signed, weekday_date, whole
from pendamping.plans.models import ActionStatus
from pendamping.plans.queries import (
    ActionView,
    actions_of_visit,
    due_as_agreed,
    joined_at_visit,
    moved_by_visit,
    open_actions,
    updated_at,
)
from pendamping.plans.words import status_word
from pendamping.progress.queries import ScoreCell, score_cell, standing_cells
from pendamping.reports.papers import (
    ActionLine,
    FindingLine,
    ImprovementPlanPaper,
    Letterhead,
    Line,
    Photo,
    ScoreLine,
    Signature,
    VisitRecord,
    paper_number,
)
from pendamping.visits.corrections.models import CorrectionKind
from pendamping.visits.corrections.queries import corrections_of
from pendamping.visits.log import facts_then
from pendamping.visits.models import Attendance, Visit, VisitMode, VisitScore
from pendamping.visits.queries import answers_of_visit, evidence_of, photos_of_visit, scores_before, scores_of_visit
from pendamping.visits.words import answer_words, evidence_sentence, mode_word, proof_word, purpose_word

PICTURE_SIDE = 1000
"""Pixels; sharp enough at half the width of a page."""
NO_SCORE = "–"
WHERE_THE_OTHERS_ARE = "pada halaman Rencana perbaikan di aplikasi Pendamping"


@dataclass(frozen=True, slots=True)
class Places:
    """The names of a cooperative's kelurahan, kecamatan and city."""

    ward: str
    district: str
    city: str

    @property
    def in_full(self) -> str:
        return f"Kelurahan {self.ward}, Kecamatan {self.district}"

    @property
    def in_short(self) -> str:
        return f"Kel. {self.ward}, Kec. {self.district}"

    @property
    def signing_place(self) -> str:
        return self.city.removeprefix("Kota ").removeprefix("Kabupaten ")


def visit_record_of(session: Session, visit: Visit, store: FileStore) -> VisitRecord:
    """The berita acara of a visit as it stands after its corrections."""
    with force_locale(DEFAULT_LANGUAGE):
        return _visit_record(session, visit, store)


def improvement_plan_of(session: Session, cooperative: Cooperative, *, today: dt.date) -> ImprovementPlanPaper:
    """What a cooperative has to do now; dated on the day on which something last changed, so that it stays the same."""
    with force_locale(DEFAULT_LANGUAGE):
        return _improvement_plan(session, cooperative, today)


# Berita acara ---------------------------------------------------------------------------------------------------------


def _visit_record(session: Session, visit: Visit, store: FileStore) -> VisitRecord:
    cooperative = session.get_one(Cooperative, visit.cooperative_id)
    facilitator = session.get_one(User, visit.facilitator_id)
    places = _places(session, cooperative)
    office = office_of(session, visit.city_code)
    people = _people_met(session, visit.id)
    scores = {row.instrument_code: row for row in scores_of_visit(session, visit.id)}
    published = published_by_id(session, [row.version_id for row in scores.values()])
    items = {item.id: item for each in published for item in each.instrument.items}
    photos = photos_of_visit(session, visit.id)
    signature_ids = [visit.signature_id] if visit.signature_id else []
    arrived = attachments_by_id(session, [id_ for id_, _ in photos] + signature_ids)
    answered, findings = _findings(session, visit, published, scores)
    return VisitRecord(
        letterhead=letterhead_of(office),
        number=number_of(visit, office),
        cooperative=cooperative.short_name,
        opening=_opening(visit, cooperative, facilitator),
        dated=visit.visited_on,
        facts=list(_facts(visit, cooperative, facilitator, places)),
        people_met=[Line(person.name, person.role) for person in people],
        scores=list(_scores_after(session, visit, published, scores)),
        answered=answered,
        findings=findings,
        actions=_as_agreed(session, visit),
        notes=visit.notes,
        signed_at=_signed_at(visit, places),
        facilitator=Signature(facilitator.name),
        officer=_officer_signature(visit, people, arrived, store),
        remarks=list(_remarks(session, visit, photos, arrived)),
        photos=[_photo(items.get(item_id or ""), arrived.get(id_), store) for id_, item_id in photos],
    )


def number_of(visit: Visit, office: OfficeView) -> str:
    return paper_number(visit.number, office.number_code, month=visit.visited_on.month, year=visit.number_year)


def _opening(visit: Visit, cooperative: Cooperative, facilitator: User) -> str:
    done = "berkunjung ke" if visit.mode is VisitMode.FACE_TO_FACE else "mendampingi dari jauh"
    return (
        f"Pada hari {weekday_date(visit.visited_on)}, pendamping {facilitator.name} {done} "
        f"{cooperative.legal_name} dan mencatat yang berikut."
    )


def _facts(visit: Visit, cooperative: Cooperative, facilitator: User, places: Places) -> Iterator[Line]:
    yield Line("Koperasi", cooperative.short_name)
    yield Line("Pendamping", facilitator.name)
    yield Line("Waktu", f"{long_date(visit.visited_on)}, {_hours(visit)}")
    yield Line("Cara", mode_word(visit.mode) + _distance(visit))
    yield Line("Tempat", places.in_short)
    yield Line("Tujuan", ", ".join(purpose_word(each) for each in visit.purposes))


def _hours(visit: Visit) -> str:
    if visit.started is None:
        return "jam tidak dicatat"
    if visit.ended is None:
        return f"mulai {clock_time(visit.started)} WITA"
    return f"{clock_time(visit.started)} sampai {clock_time(visit.ended)} WITA"


def _distance(visit: Visit) -> str:
    if visit.distance_m is None:
        return ""
    return f", {whole(round(visit.distance_m))} m dari koperasi"


def _people_met(session: Session, visit_id: uuid.UUID) -> Sequence[Attendance]:
    return session.scalars(
        select(Attendance).where(Attendance.visit_id == visit_id).order_by(Attendance.position)
    ).all()


def _scores_after(
    session: Session, visit: Visit, published: Sequence[PublishedInstrument], scores: Mapping[str, VisitScore]
) -> Iterator[ScoreLine]:
    before = scores_before(session, visit, [each.instrument.code for each in published])
    for each in published:
        row, earlier = scores[each.instrument.code], before.get(each.instrument.code)
        cell = score_cell(each, row, previous=earlier.score if earlier else None, stage=row.stage)
        if not cell.is_hidden:
            yield _score_line(cell)


def _score_line(cell: ScoreCell) -> ScoreLine:
    if cell.score is None or cell.band is None:
        return ScoreLine(cell.instrument.title_id, NO_SCORE, "belum dinilai", "")
    provisional = " · sementara" if cell.is_provisional else ""
    return ScoreLine(
        cell.instrument.title_id, decimal(cell.score), cell.band.name_id + provisional, _change(cell.change)
    )


def _change(change: Decimal | None) -> str:
    if change is None:
        return ""
    words = signed(change)
    return f"{words} sejak kunjungan sebelumnya" if words != decimal(0) else "sama dengan kunjungan sebelumnya"


def _findings(
    session: Session, visit: Visit, published: Sequence[PublishedInstrument], scores: Mapping[str, VisitScore]
) -> tuple[int, list[FindingLine]]:
    """How many items were answered, and those that are poor or critical and unmet: the critical first."""
    answers = {each.answer.item_id: each.answer for each in answers_of_visit(session, visit.id)}
    found = []
    for each in published:
        row = scores[each.instrument.code]
        facts = facts_then(row)
        for item in each.instrument.items:
            answer = answers.get(item.id)
            if answer and (is_poor(item, answer, facts) or item.id in row.critical_unmet):
                words = answer_words(item, answer)
                found.append(FindingLine(item.label_id, words, proof_word(answer.proof), answer.note, item.is_critical))
    return len(answers), sorted(found, key=lambda line: not line.is_critical)


def _as_agreed(session: Session, visit: Visit) -> list[ActionLine]:
    """What was signed: whatever was moved or done since, the paper says what was agreed on the day."""
    actions = actions_of_visit(session, visit.id, today=visit.visited_on)
    due = due_as_agreed(session, actions)
    return [replace(_action_line(each), due=long_date(due[each.id]), state="") for each in actions]


STATES = {
    ActionStatus.PROPOSED: "Usulan: menunggu persetujuan pengurus",
    ActionStatus.REPORTED_DONE: "Dilaporkan selesai: menunggu diperiksa pendamping",
    ActionStatus.RETURNED: "Dikembalikan: masih perlu dilengkapi",
}


def _action_line(action: ActionView) -> ActionLine:
    owner = role_word(action.owner_role)
    return ActionLine(
        title=action.title,
        owner=f"{owner} ({action.owner_name})" if action.owner_name else owner,
        due=long_date(action.due_on),
        done_when=action.done_when,
        is_critical=action.is_critical,
        state=STATES.get(action.status, ""),
    )


def _signed_at(visit: Visit, places: Places) -> str:
    """Where and when it was signed: at the end of the visit, or else when it was written, if that was the same day."""
    words = f"{places.signing_place}, {long_date(visit.visited_on)}"
    if visit.ended is not None:
        return f"{words}, pukul {clock_time(visit.ended)} WITA"
    if office_date(visit.written_at) == visit.visited_on:
        return f"{words}, pukul {clock_time(visit.written_at)} WITA"
    return words


def _officer_signature(
    visit: Visit, people: Sequence[Attendance], arrived: Mapping[uuid.UUID, Attachment], store: FileStore
) -> Signature:
    roles = {person.name.casefold(): person.role for person in people}
    signature = arrived.get(visit.signature_id) if visit.signature_id else None
    picture = picture_of(signature, store) if signature else None
    return Signature(visit.signed_by, roles.get(visit.signed_by.casefold(), ""), picture)


def _remarks(
    session: Session,
    visit: Visit,
    photos: Sequence[tuple[uuid.UUID, str | None]],
    arrived: Mapping[uuid.UUID, Attachment],
) -> Iterator[Line]:
    """What is to be known of the record itself."""
    taken_at = [arrived[id_].taken_at for id_, _ in photos if id_ in arrived]
    yield Line("Keterangan", evidence_sentence(evidence_of(visit, taken_at)))
    if visit.signature_id and visit.signature_id not in arrived:
        yield Line("Tanda tangan", "menyusul, belum terkirim dari tablet")
    made = corrections_of(session, visit.id)
    corrections = [each for each in made if each.kind is CorrectionKind.CORRECTION]
    if corrections:
        last = corrections[-1]
        yield Line("Diperbaiki", f"{len(corrections)} kali, terakhir {long_date(last.made_at)}: {last.reason}")
    looked_at = moved_by_visit(session, visit.id)
    if looked_at:
        told = "; ".join(f"{title} ({status_word(status).lower()})" for title, status in looked_at)
        yield Line("Tindakan yang diperiksa", told)
    for title, note in joined_at_visit(session, visit.id):
        yield Line("Ditambahkan ke tindakan", f"{title}. {note}")
    for each in made:
        if each.kind is CorrectionKind.ADDENDUM:
            yield Line(f"Tambahan {long_date(each.made_at)}", each.reason)


def _photo(item: Item | None, attachment: Attachment | None, store: FileStore) -> Photo:
    shows = item.label_id if item else "Foto kunjungan"
    if attachment is None:
        return Photo(shows, "belum terkirim dari tablet", None, "Foto menyusul")
    taken_at = attachment.taken_at
    taken = f"{long_date(taken_at)}, pukul {clock_time(taken_at)} WITA" if taken_at else "waktu tidak tercatat di foto"
    picture = picture_of(attachment, store)
    return Photo(shows, taken, picture, "" if picture else "Berkas ini tidak dapat ditampilkan di kertas")


def picture_of(attachment: Attachment, store: FileStore) -> bytes | None:
    """The picture as papers show it; None for a PDF, and for a file that the store has lost: the paper is made."""
    if not attachment.media_type.is_image:
        return None
    try:
        return store.derived(attachment.sha256, f"{PICTURE_SIDE}.jpg", lambda data: shown_copy(data, PICTURE_SIDE))
    except FileNotFoundError:
        return None


# Rencana perbaikan ----------------------------------------------------------------------------------------------------


def _improvement_plan(session: Session, cooperative: Cooperative, today: dt.date) -> ImprovementPlanPaper:
    places = _places(session, cooperative)
    cells = standing_cells(session, cooperative, instruments_on(session, today))
    changed_at = updated_at(session, cooperative.id)
    days = [cell.measured_on for cell in cells if cell.measured_on] + ([office_date(changed_at)] if changed_at else [])
    as_of = max(days, default=today)
    officers = officers_on(session, cooperative.id, on=today)
    chair = next((each.name for each in officers if each.role is OwnerRole.CHAIR), "")
    assignment = assignment_on(session, cooperative.id, on=today)
    origins = origins_of(session, cooperative.id)
    actions = open_actions(session, cooperative.id, today=today)
    return ImprovementPlanPaper(
        letterhead=letterhead_of(office_of(session, cooperative.city_code)),
        cooperative=cooperative.short_name,
        place=places.in_full,
        dated=as_of,
        as_of=f"Keadaan {long_date(as_of)}",
        scores=[_score_line(cell) for cell in cells if not cell.is_hidden],
        actions=[replace(_action_line(each), origin=_origin(each, origins.get(each.id))) for each in actions],
        elsewhere=WHERE_THE_OTHERS_ARE,
        signed_at=f"{places.signing_place}, .............................",
        chair=Signature(chair, cooperative.short_name),
        facilitator=Signature(assignment.facilitator_name if assignment else ""),
    )


def _origin(action: ActionView, activity: Origin | None) -> str:
    """Where an action comes from, in one line: the meeting, and the finding that caused it."""
    if activity:
        met = f"{activity_word(activity.kind).lower()} {long_date(activity.held_on)}"
    elif action.visited_on:
        met = f"kunjungan {long_date(action.visited_on)}"
    else:
        met = f"di antara dua kunjungan, {long_date(action.agreed_on)}"
    if not action.item_id:
        return f"Asal: {met}"
    others = len(action.item_ids) - 1
    return f"Asal: {met} · {action.item_id} {action.item_label_id}" + (f" dan {others} butir lain" if others else "")


# Both -----------------------------------------------------------------------------------------------------------------


def _places(session: Session, cooperative: Cooperative) -> Places:
    codes = (cooperative.code, cooperative.code[:8], cooperative.city_code)
    names = dict(session.execute(select(Region.code, Region.display_name).where(Region.code.in_(codes))).all())
    return Places(*(names.get(code, "") for code in codes))


def letterhead_of(office: OfficeView) -> Letterhead:
    """Whose paper it is."""
    return Letterhead(office.government, office.name, office.address, office.contact)

"""A stored visit as its own form shows it, and what somebody changed in it, in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import Item
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.instruments.scoring import Facts
from pendamping.kernel.i18n import DEFAULT_LANGUAGE, force_locale, long_date
from pendamping.visits.corrections.forms import CorrectionForm
from pendamping.visits.corrections.queries import Change
from pendamping.visits.corrections.service import Corrected
from pendamping.visits.log import facts_when_put_right
from pendamping.visits.models import Attendance, Visit, VisitMode, VisitScore
from pendamping.visits.queries import answers_of_visit, scores_of_visit
from pendamping.visits.service import PersonMet
from pendamping.visits.words import answer_words, mode_word, proof_word, purpose_word

PEOPLE = "people_met-"


@dataclass(frozen=True, slots=True)
class CorrectionSheet:
    """A stored visit and the form that it is put right with."""

    form: CorrectionForm
    on_record: Mapping[str, Answer]
    first_score: VisitScore
    """What the visit scored before it was ever put right: the stage and the dates of then still count."""

    def facts(self, cooperative: Cooperative) -> Facts:
        """The dates against which the form's answers are measured on its own day."""
        form = self.form
        day = min(form.visited_on.data or form.today, form.today)
        return facts_when_put_right(self.first_score, cooperative, day, decree_on=form.decree_on.data)


def correction_sheet(
    session: Session, visit: Visit, *, today: dt.date, sent: MultiDict[str, str] | None = None
) -> CorrectionSheet:
    """The visit in its own form.

    Args:
        sent: fields of a record that came over the wire; what it does not name stays as it is stored.
    """
    on_record = answers_on_record(session, visit)
    scores = scores_of_visit(session, visit.id)
    stored = as_typed(session, visit, on_record)
    terms: dict[str, Any] = {
        "instruments": instruments_of(session, visit),
        "answered": on_record,
        "stored": stored,
        "stage": max(row.stage.order for row in scores),
        "today": today,
    }
    form = CorrectionForm(**terms) if sent is None else CorrectionForm.on_record(laid_over(stored, sent), **terms)
    return CorrectionSheet(form, on_record, scores[0])


def laid_over(stored: MultiDict[str, str], sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """What is stored, but for the fields that were sent; people are sent all or not at all."""
    people = PEOPLE if any(name.startswith(PEOPLE) for name in sent) else ()
    kept = [
        (name, value)
        for name, value in stored.items(multi=True)
        if name not in sent and not (people and name.startswith(people))
    ]
    return MultiDict([*kept, *sent.items(multi=True)])


def instruments_of(session: Session, visit: Visit) -> list[PublishedInstrument]:
    """The versions that a visit was answered on; it is put right on the same."""
    return published_by_id(session, [row.version_id for row in scores_of_visit(session, visit.id)])


def answers_on_record(session: Session, visit: Visit) -> dict[str, Answer]:
    return {each.answer.item_id: each.answer for each in answers_of_visit(session, visit.id)}


def as_typed(session: Session, visit: Visit, answers: Mapping[str, Answer]) -> MultiDict[str, str]:
    """What the form would have sent for the visit as it is stored."""
    fields: MultiDict[str, str] = MultiDict()
    fields["visited_on"] = visit.visited_on.isoformat()
    fields["started"], fields["ended"] = _clock(visit.started), _clock(visit.ended)
    fields["mode"], fields["notes"] = str(visit.mode), visit.notes
    fields.setlist("purposes", list(visit.purposes))
    for number, (name, role) in enumerate(people_of(session, visit)):
        fields[f"people_met-{number}-name"], fields[f"people_met-{number}-role"] = name, role
    for item_id, answer in answers.items():
        fields[f"answers-{item_id}-value"] = answer.value
        fields[f"answers-{item_id}-proof"] = str(answer.proof)
        fields[f"answers-{item_id}-note"] = answer.note
    fields["base_revision"] = str(visit.revision)
    return fields


def people_of(session: Session, visit: Visit) -> list[tuple[str, str]]:
    rows = session.scalars(select(Attendance).where(Attendance.visit_id == visit.id).order_by(Attendance.position))
    return [(person.name, person.role) for person in rows]


def corrected_from(form: CorrectionForm, on_record: Mapping[str, Answer]) -> Corrected:
    """What a validated form says; of the answers only those that differ. An answer taken back is not taken back: the
    log keeps it until a later visit answers anew.
    """
    assert form.visited_on.data is not None
    return Corrected(
        visited_on=form.visited_on.data,
        started=form.started.data,
        ended=form.ended.data,
        mode=VisitMode(form.mode.data),
        purposes=list(dict.fromkeys(form.purposes.data or [])),
        people_met=[PersonMet(name, role) for name, role in form.people],
        notes=form.notes.data or "",
        answers=[answer for answer in form.answers.data if answer != on_record.get(answer.item_id)],
    )


@dataclass(frozen=True, slots=True)
class Differences:
    """What a form says, and how that differs from what is stored."""

    corrected: Corrected
    changes: Sequence[Change]


def differences(session: Session, visit: Visit, sheet: CorrectionSheet) -> Differences:
    """Of a validated form; in the language of the record, whoever reads it later."""
    corrected = corrected_from(sheet.form, sheet.on_record)
    with force_locale(DEFAULT_LANGUAGE):
        changes = changes_between(session, visit, corrected, sheet.on_record, sheet.form.asked)
    return Differences(corrected, changes)


def changes_between(
    session: Session, visit: Visit, corrected: Corrected, on_record: Mapping[str, Answer], items: Mapping[str, Item]
) -> list[Change]:
    """Everything that differs, each with the words before and after, in the language of the record."""
    return [change for _name, change in named_changes(session, visit, corrected, on_record, items)]


def named_changes(
    session: Session, visit: Visit, corrected: Corrected, on_record: Mapping[str, Answer], items: Mapping[str, Item]
) -> list[tuple[str, Change]]:
    """The same with the name of each field; of an answer the name is that of its item."""
    pairs = [
        ("visited_on", _("Tanggal"), long_date(visit.visited_on), long_date(corrected.visited_on)),
        ("started", _("Mulai"), _clock(visit.started), _clock(corrected.started)),
        ("ended", _("Selesai"), _clock(visit.ended), _clock(corrected.ended)),
        ("mode", _("Cara"), mode_word(visit.mode), mode_word(corrected.mode)),
        ("purposes", _("Tujuan"), _purposes(visit.purposes), _purposes(corrected.purposes)),
        (
            "people_met",
            _("Yang ditemui"),
            _people(people_of(session, visit)),
            _people([(person.name, person.role) for person in corrected.people_met]),
        ),
        ("notes", _("Catatan"), visit.notes, corrected.notes),
    ]
    for answer in corrected.answers:
        item = items[answer.item_id]
        before = on_record[item.id]
        pairs.append(
            (item.id, f"{item.id} · {item.label_id}", answer_in_words(item, before), answer_in_words(item, answer))
        )
    return [(name, Change(str(field), before, after)) for name, field, before, after in pairs if before != after]


def answer_in_words(item: Item, answer: Answer) -> str:
    words = f"{answer_words(item, answer)} ({proof_word(answer.proof)})"
    return f"{words}: {answer.note}" if answer.note else words


def _purposes(purposes: Sequence[str]) -> str:
    return ", ".join(purpose_word(each) for each in purposes)


def _people(people: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{name} ({role})" if role else name for name, role in people)


def _clock(time: dt.time | None) -> str:
    return f"{time:%H:%M}" if time else ""

"""A held record as a person reads it; read leniently, for nobody has checked yet what the tablet wrote."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.attachments.queries import attachments_by_id
from pendamping.cooperatives.words import role_word
from pendamping.field.quarantine.models import HeldRecord
from pendamping.field.quarantine.queries import HeldLine, waiting
from pendamping.field.wire import read_body
from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import Item, OwnerRole, Proof
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.clock import date_in, instant_in
from pendamping.kernel.i18n import clock_time, long_date, word
from pendamping.kernel.ids import uuid_or_none
from pendamping.visits.models import Purpose, VisitMode
from pendamping.visits.words import answer_words, mode_word, proof_word, purpose_word

LINES_SHOWN = 200
MEMBERS = {str(each): each for each in OwnerRole}


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer beside its question; of an item that is not known, its number stands for the question."""

    item_id: str
    question: str
    words: str
    proof: str
    note: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    title: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A record that waits, whole."""

    line: HeldLine
    is_readable: bool
    facts: Sequence[Fact]
    notes: str
    answers: Sequence[AnswerLine]
    actions: Sequence[ActionLine]
    files_named: int
    files_arrived: int


def held_page(session: Session, held: HeldRecord, line: HeldLine, *, today: dt.date) -> HeldPage:
    """Everything that a held record says, in words."""
    try:
        body = read_body(held.body)
    except ValueError:
        return HeldPage(line, False, [], "", [], [], 0, 0)
    items = {item.id: item for each in instruments_on(session, today) for item in each.instrument.items}
    files = [id_ for id_ in map(uuid_or_none, _files(body)) if id_]
    return HeldPage(
        line=line,
        is_readable=True,
        facts=list(_facts(body)),
        notes=_text(body.get("notes") or body.get("note") or body.get("reason")),
        answers=list(_answers(body, items)),
        actions=list(_actions(body)),
        files_named=len(files),
        files_arrived=len(attachments_by_id(session, files)),
    )


def line_or_none(session: Session, held: HeldRecord, visible: Any) -> HeldLine | None:
    """A held record as its list shows it, while it waits."""
    lines = waiting(session, visible.where(HeldRecord.id == held.id), limit=1)
    return lines[0] if lines else None


def summary(line: HeldLine) -> str:
    """One sentence about a record: when it was, and how much it holds."""
    try:
        body = read_body(line.body)
    except ValueError:
        return str(_("Isinya tidak terbaca"))
    day = date_in(_text(body.get("visited_on") or body.get("planned_on") or body.get("due_on")))
    said = [long_date(day) if day else "", _text(body.get("title"))[:120]]
    return " · ".join(each for each in said if each) or str(_("Tanpa tanggal"))


def _facts(body: Mapping[str, Any]) -> Iterator[Fact]:
    day = date_in(_text(body.get("visited_on") or body.get("planned_on")))
    if day:
        yield Fact(str(_("Tanggal")), long_date(day))
    hours = "–".join(filter(None, (_text(body.get(name)) for name in ("started", "ended", "starts"))))
    if hours:
        yield Fact(str(_("Jam")), hours)
    yield from _how(body)
    for name, label in (("agenda", _("Agenda")), ("title", _("Tindakan")), ("signed_by", _("Ditandatangani oleh"))):
        if said := _text(body.get(name)):
            yield Fact(str(label), said)
    if written := instant_in(_text(body.get("written_at"))):
        yield Fact(str(_("Ditulis")), f"{long_date(written)}, {clock_time(written)} WITA")


def _how(body: Mapping[str, Any]) -> Iterator[Fact]:
    if (mode := _text(body.get("mode"))) in set(VisitMode):
        yield Fact(str(_("Cara")), mode_word(mode))
    purposes = [purpose_word(each) for each in map(_text, _list(body.get("purposes"))) if each in set(Purpose)]
    if purposes:
        yield Fact(str(_("Tujuan")), ", ".join(purposes))
    people = [_person(each) for each in _list(body.get("people_met")) if isinstance(each, dict)]
    if any(people):
        yield Fact(str(_("Yang ditemui")), ", ".join(each for each in people if each))


def _answers(body: Mapping[str, Any], items: Mapping[str, Item]) -> Iterator[AnswerLine]:
    answers = body.get("answers")
    for item_id, said in list(answers.items() if isinstance(answers, dict) else ())[:LINES_SHOWN]:
        if not isinstance(said, dict) or not said.get("value"):
            continue
        item = items.get(item_id)
        proof = _text(said.get("proof"))
        note = _text(said.get("note"))
        yield AnswerLine(
            item_id=str(item_id)[:20],
            question=word(item, "question") if item else "",
            words=_words(item, item_id, _text(said["value"]), note),
            proof=proof_word(proof) if proof in set(Proof) else "",
            note=note,
        )


def _words(item: Item | None, item_id: str, value: str, note: str) -> str:
    if item is None:
        return value
    try:
        return answer_words(item, Answer(item_id=item_id, value=value, proof=Proof.CLAIM, note=note))
    except (ValueError, KeyError, ArithmeticError, LookupError):  # no answer to this item at all
        return value


def _actions(body: Mapping[str, Any]) -> Iterator[ActionLine]:
    for each in _list(body.get("actions")):
        if not isinstance(each, dict):
            continue
        owner, due = _text(each.get("owner_role")), date_in(_text(each.get("due_on")))
        title = _text(each.get("title"))
        yield ActionLine(title, role_word(MEMBERS[owner]) if owner in MEMBERS else owner, long_date(due) if due else "")


def _files(body: Mapping[str, Any]) -> Iterator[str]:
    yield from (_text(each) for each in _list(body.get("photos")))
    yield _text(body.get("signature"))


def _person(each: Mapping[str, Any]) -> str:
    name, role = _text(each.get("name")), _text(each.get("role"))
    return f"{name} ({role})" if name and role else name


def _list(value: Any) -> list[Any]:
    return value[:LINES_SHOWN] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.strip()[:10_000] if isinstance(value, str) else ""


def ids_in(sent: Sequence[str]) -> list[uuid.UUID]:
    """The ids among what a request names."""
    return [id_ for id_ in map(uuid_or_none, sent) if id_]

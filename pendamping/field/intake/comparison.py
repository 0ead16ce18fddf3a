"""Two versions of one thing beside each other, in words: what a tablet handed in, and what stands at the office."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.field.flatten import NotFlat, flatten
from pendamping.field.intake.visit import CORRECTABLE, as_form
from pendamping.field.models import Kept, Receipt, RecordKind
from pendamping.field.wire import read_body, sha256_of
from pendamping.kernel.i18n import long_date
from pendamping.kernel.ids import uuid_or_none
from pendamping.plans.models import Action, ActionUpdate
from pendamping.visits.corrections.page import corrected_from, correction_sheet, named_changes
from pendamping.visits.corrections.policy import Remedy, remedy_for
from pendamping.visits.corrections.queries import version_sha256
from pendamping.visits.models import Visit, VisitPhoto
from pendamping.visits.queries import is_month_locked
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.schedule.page import version_of
from pendamping.visits.schedule.queries import is_done
from pendamping.visits.schedule.words import when

NOT_COMPARED = frozenset({"reason", "written_at"})


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that differs. `names` are its parts in the body; `can_win`: whether the tablet's may still take the
    office's place.
    """

    names: Sequence[str]
    label: str
    mine: str
    office: str
    can_win: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, and what a version of the tablet's would have to name to be stored over the office's."""

    kind: str
    about: str
    base_sha256: str | None
    written_over: str | None
    rows: Sequence[Row]
    can_keep_both: bool
    is_closed: bool = False
    """Nothing here can be changed any more, but by adding to it."""
    actions: Sequence[Mapping[str, Any]] = field(default_factory=list)
    """Actions that only the tablet's version has: they can follow by themselves."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def comparison(
    session: Session, record_id: uuid.UUID, user: User, *, today: dt.date, sha256: str = ""
) -> Comparison | None:
    """Of a record that could not be stored beside what stood there; None if this person has none.

    Args:
        sha256: which of several, where each of a person's tablets wrote another one; the newest without it.
    """
    kept = select(Receipt).where(
        Receipt.record_id == record_id, Receipt.user_id == user.id, Receipt.outcome == Kept.CONFLICT
    )
    if sha256:
        kept = kept.where(Receipt.sha256 == sha256)
    receipt = session.scalar(kept.order_by(Receipt.received_at.desc()).limit(1))
    if receipt is None:
        return None
    mine = read_body(receipt.body)
    match receipt.kind:
        case RecordKind.VISIT | RecordKind.CORRECTION:
            return _of_visit(session, receipt, mine, user, today=today)
        case RecordKind.SCHEDULE:
            return _of_plan(session, receipt, mine, user)
        case RecordKind.ACTION:
            return _of_action(session, receipt, mine)
        case _:
            return _of_step(session, receipt, mine)


def _of_visit(
    session: Session, receipt: Receipt, mine: dict[str, Any], user: User, *, today: dt.date
) -> Comparison | None:
    is_visit = receipt.kind is RecordKind.VISIT
    visit = session.get(Visit, receipt.record_id if is_visit else uuid_or_none(str(mine.get("visit", ""))))
    if visit is None or visit.facilitator_id != user.id:
        return None
    is_locked = is_month_locked(session, visit.facilitator_id, visit.visited_on)
    missing = _actions_missing(session, mine)
    return Comparison(
        kind=str(receipt.kind),
        about=str(visit.id),
        base_sha256=version_sha256(session, visit),
        written_over=None,
        rows=[*_rows_of_visit(session, visit, mine, today=today), *_rows_beside(session, visit, mine, missing)]
        if is_visit
        else _rows_of_visit(session, visit, mine, today=today),
        can_keep_both=is_visit,
        is_closed=remedy_for(visit, user, today=today, is_locked=is_locked) is not Remedy.CORRECTION,
        actions=missing if is_visit else [],
    )


def _rows_of_visit(session: Session, visit: Visit, mine: dict[str, Any], *, today: dt.date) -> list[Row]:
    """Header and answers, read by the form of corrections; what it does not take is left as it stands."""
    named = (CORRECTABLE - NOT_COMPARED) & set(mine)
    said = as_form({name: "" if mine[name] is None else mine[name] for name in named})
    try:
        fields = MultiDict(flatten(said))
    except NotFlat:
        return []
    stored = correction_sheet(session, visit, today=today, sent=MultiDict())
    answered = said.get("answers") if isinstance(said.get("answers"), dict) else {}
    strays = [item_id for item_id in answered or {} if item_id not in stored.on_record]
    for name in list(fields):
        if name.startswith("answers-") and name[len("answers-") :].rpartition("-")[0] in strays:
            fields.poplist(name)
    fields.setlist("reason", ["-"])
    fields.setlist("base_revision", [str(visit.revision)])
    sheet = correction_sheet(session, visit, today=today, sent=fields)
    rows = [Row(["answers." + each], each, _stray(answered, each), "", can_win=False) for each in strays]
    if not sheet.form.validate_against(sheet.facts(session.get_one(Cooperative, visit.cooperative_id))):
        return rows
    found = named_changes(
        session, visit, corrected_from(sheet.form, sheet.on_record), sheet.on_record, sheet.form.asked
    )
    return [
        *(
            Row([f"answers.{name}" if name in sheet.form.asked else name], each.field, each.after, each.before)
            for name, each in found
        ),
        *rows,
    ]


def _stray(answered: Any, item_id: str) -> str:
    answer = answered.get(item_id) if isinstance(answered, dict) else None
    return str(answer.get("value", "")) if isinstance(answer, dict) else ""


def _actions_missing(session: Session, mine: dict[str, Any]) -> list[Mapping[str, Any]]:
    """Actions of the tablet's version that no visit has brought."""
    sent = [each for each in _list(mine, "actions") if isinstance(each, dict)]
    ids = [id_ for each in sent if (id_ := uuid_or_none(str(each.get("id", ""))))]
    rows = (Action, ActionUpdate)  # a finding that came to an action under way is a step of that action
    there = {id_ for row in rows for id_ in session.scalars(select(row.id).where(row.id.in_(ids)))}
    missing = [each for each in sent if uuid_or_none(str(each.get("id", ""))) not in there]
    arrived = {str(each["item"]) for each in sent if each.get("item") and each not in missing}
    return [each for each in missing if str(each.get("joins", "")) not in arrived]


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    """What a record says there, if it is a list at all: it was kept without being looked through."""
    value = said.get(name)
    return value if isinstance(value, list) else []


def _rows_beside(
    session: Session, visit: Visit, mine: dict[str, Any], missing: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """What no correction changes: actions follow by themselves, photos and signature only with a visit of their own."""
    rows = []
    titles = session.scalars(select(Action.title).where(Action.visit_id == visit.id).order_by(Action.id)).all()
    if missing:
        own = "; ".join(str(each.get("title", "")) for each in missing)
        rows.append(Row(["actions"], _("Tindakan"), _("juga: %(titles)s", titles=own), "; ".join(titles)))
    photos = session.scalars(select(VisitPhoto.attachment_id).where(VisitPhoto.visit_id == visit.id)).all()
    sent = [each for each in _list(mine, "photos") if isinstance(each, str)]
    if set(sent) - {str(each) for each in photos}:
        rows.append(Row([], _("Foto"), _photos(len(sent)), _photos(len(photos)), can_win=False))
    return rows


def _photos(count: int) -> str:
    return str(ngettext("%(num)s foto", "%(num)s foto", count))


def _of_plan(session: Session, receipt: Receipt, mine: dict[str, Any], user: User) -> Comparison | None:
    plan = session.get(PlannedVisit, receipt.record_id)
    if plan is None or plan.facilitator_id != user.id:
        return None
    cooperative = session.get_one(Cooperative, receipt.cooperative_id)
    stands = version_of(plan, cooperative.code)
    is_over = plan.cancelled_at is not None or is_done(session, plan.id)
    pairs = [
        (["planned_on", "starts", "moved_because"], _("Waktu"), _when(mine), when(plan.planned_on, plan.starts)),
        (["agenda"], _("Agenda"), str(mine.get("agenda") or ""), plan.agenda),
        (["cancelled_because"], _("Pembatalan"), str(mine.get("cancelled_because") or ""), plan.cancelled_because),
    ]
    return Comparison(
        kind=str(receipt.kind),
        about=str(plan.id),
        base_sha256=sha256_of(stands),
        written_over=stands,
        rows=[Row(names, str(label), own, office) for names, label, own, office in pairs if own != office],
        can_keep_both=not mine.get("cancelled_because"),
        is_closed=is_over,
    )


def _when(mine: Mapping[str, Any]) -> str:
    try:
        on = dt.date.fromisoformat(str(mine.get("planned_on")))
        starts = str(mine.get("starts") or "").replace(".", ":")
        return when(on, dt.time.fromisoformat(starts) if starts else None)
    except ValueError:
        return str(mine.get("planned_on") or "")


def _of_action(session: Session, receipt: Receipt, mine: dict[str, Any]) -> Comparison | None:
    action = session.get(Action, receipt.record_id)
    if action is None:
        return None
    stands = f"{action.title} · {long_date(action.due_on)}"
    own = f"{mine.get('title', '')} · {mine.get('due_on', '')}"
    rows = [Row([], _("Tindakan"), own, stands, can_win=False)]
    return Comparison(str(receipt.kind), str(action.id), None, None, rows, can_keep_both=True, is_closed=True)


def _of_step(session: Session, receipt: Receipt, mine: dict[str, Any]) -> Comparison | None:
    step = session.get(ActionUpdate, receipt.record_id)
    if step is None:
        return None
    rows = [Row([], _("Kabar tindakan"), str(mine.get("note", "")), step.note, can_win=False)]
    return Comparison(str(receipt.kind), str(step.id), None, None, rows, can_keep_both=True, is_closed=True)

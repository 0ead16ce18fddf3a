"""Group activities: the list, one with its past, a new one, and putting one right."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.session import signed_in_user
from pendamping.activities import service
from pendamping.activities.forms import ActivityFilterForm, ActivityForm, AgreementEntries, PresenceEntries
from pendamping.activities.models import Activity
from pendamping.activities.page import activity_page, names_of, offered_to, sees_all_of
from pendamping.activities.policy import can_correct, visible_activities
from pendamping.activities.queries import (
    ActivityLine,
    ActivityView,
    activity_lines,
    activity_with_steps,
    photo_of,
)
from pendamping.activities.rules import Agreement, Terms
from pendamping.attachments import service as attachments
from pendamping.attachments.routes import small_or_large
from pendamping.attachments.sent import keep_all
from pendamping.attachments.service import KeptFile
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, reading_anew, retry_on_conflict
from pendamping.kernel.errors import DomainError, NotAllowed, NotThere
from pendamping.kernel.paging import PAGE_SIZE, DayKey
from pendamping.kernel.roles import EVERYONE, STAFF
from pendamping.progress.service import refresh_standing

bp = Blueprint("activities", __name__, url_prefix="/kegiatan")

BODY_MEGABYTES = 64
"""Ten photos as phones make them."""


class Entry:
    """A form with its rows, as it was sent or as a fresh page shows it."""

    def __init__(self, user: User, known: ActivityView | None = None) -> None:
        told = known.latest.terms if known else None
        said = {"seen_number": str(known.latest.number)} if known else {}
        seen = offered_to(reading(), user, today=today())
        before = told.cooperative_ids if told else ()
        self.cooperatives = offered_to(reading(), user, today=today(), named_before=before) if before else seen
        self.form = ActivityForm(obj=told, **said)
        sent = request.form if self.form.is_submitted() else None
        self.presences = PresenceEntries(sent, names_of(self.cooperatives), told.presences if told else ())
        self.agreements = AgreementEntries(sent, names_of(seen))

    def holds(self) -> bool:
        """Each part says its faults; whoever came is asked for once the rows themselves hold."""
        verdicts = [self.form.is_submitted_and_valid(), self.presences.hold()]
        came = self.presences.presences() if verdicts[1] else []
        if verdicts[1] and not came:
            self.say(service.NobodyCame())
            verdicts.append(False)
        verdicts.append(self.agreements.hold_for(self.form.held_on.data, came))
        return all(verdicts)

    def say(self, error: DomainError) -> int:
        return self.form.refuse(error)

    def terms(self) -> Terms:
        return self.form.terms(self.presences.presences())

    def agreed(self) -> list[Agreement]:
        return self.agreements.agreements(self.presences.presences())


@bp.get("")
@access(STAFF)
def index() -> ResponseReturnValue:
    form = ActivityFilterForm.from_address()
    after = DayKey.parsed(request.args.get("setelah", ""))
    visible = visible_activities(signed_in_user(), today=today())
    found = activity_lines(reading(), visible, kind=form.wanted, after=after, limit=PAGE_SIZE + 1)
    shown: list[ActivityLine] = found[:PAGE_SIZE]
    jenis = str(form.wanted) if form.wanted else None
    return render_template(
        "activities/index.html",
        lines=shown,
        form=form,
        next_url=url_for(".index", jenis=jenis, setelah=str(shown[-1].key)) if len(found) > PAGE_SIZE else None,
        first_url=url_for(".index", jenis=jenis) if after else None,
    )


@bp.get("/<uuid:activity_id>")
@access(STAFF)
def detail(activity_id: uuid.UUID) -> ResponseReturnValue:
    shown = activity_page(reading(), activity_or_404(activity_id), signed_in_user(), today=today())
    return render_template("activities/detail.html", page=shown)


@bp.route("/baru", methods=["GET", "POST"])
@access(STAFF, keeps_typed=True, body_megabytes=BODY_MEGABYTES)
def add() -> ResponseReturnValue:
    entry = Entry(signed_in_user())
    status = 400 if entry.form.is_submitted() else 200
    kept = keep_all(entry.form.files, photos_only=True) if entry.form.is_submitted() and entry.holds() else None
    if kept is not None:
        terms, agreements, who = entry.terms(), entry.agreed(), _who()

        def store(session: Session) -> Activity:
            photos = _taken_in(session, entry.form, kept, who)
            activity = service.record_activity(
                session,
                entry.form.new_id.as_uuid,
                terms,
                cooperatives=entry.cooperatives,
                agreements=agreements,
                photos=photos,
                **who,
            )
            _refresh(session, entry, agreements)
            return activity

        try:
            activity_id = retry_on_conflict(lambda session: store(session).id)
        except DomainError as error:
            status = entry.say(error)
        else:
            flash(_("Kegiatan disimpan."), "success")
            return redirect(url_for(".detail", activity_id=activity_id))
    return render_template("activities/form.html", entry=entry, known=None, heading=_("Catat kegiatan")), status


@bp.route("/<uuid:activity_id>/perbaikan", methods=["GET", "POST"])
@access(STAFF, keeps_typed=True, body_megabytes=BODY_MEGABYTES)
def correct(activity_id: uuid.UUID) -> ResponseReturnValue:
    """Put the record right; what it said before stays in its past."""
    user, activity = signed_in_user(), activity_or_404(activity_id)
    known = activity_with_steps(reading(), activity_id)
    named = known.latest.terms.cooperative_ids
    if not can_correct(user, activity, sees_all=sees_all_of(reading(), user, named, today=today())):
        raise NotAllowed
    entry = Entry(user, known)
    status = 400 if entry.form.is_submitted() else 200
    kept = keep_all(entry.form.files, photos_only=True) if entry.form.is_submitted() and entry.holds() else None
    if kept is not None:
        try:
            is_changed = retry_on_conflict(lambda session: _correct(session, activity, entry, kept))
        except service.ActivityChanged as error:
            status = entry.say(error)
            known = activity_with_steps(reading_anew(), activity_id)
            entry.form.seen_number.show(known.latest.number)
        except service.CorrectionWithoutReason as error:
            entry.form.refuse(error, entry.form.reason)
        except DomainError as error:
            status = entry.say(error)
        else:
            flash(_("Perbaikan disimpan.") if is_changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".detail", activity_id=activity_id))
    return render_template("activities/form.html", entry=entry, known=known, heading=_("Perbaiki catatan")), status


def _correct(session: Session, activity: Activity, entry: Entry, kept: list[KeptFile]) -> bool:
    who, agreements = _who(), entry.agreed()
    step = service.correct_activity(
        session,
        activity,
        entry.terms(),
        reason=entry.form.reason.data or "",
        seen_number=entry.form.seen_number.number,
        step_id=entry.form.new_id.as_uuid,
        cooperatives=entry.cooperatives,
        agreements=agreements,
        photos=_taken_in(session, entry.form, kept, who),
        **who,
    )
    _refresh(session, entry, agreements)
    return step is not None


@bp.get("/<uuid:activity_id>/foto/<uuid:attachment_id>")
@access(EVERYONE)
def photo(activity_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
    """The copy that pages show; whoever may see the activity may see its photos."""
    attachment = photo_of(reading(), activity_or_404(activity_id).id, attachment_id)
    if attachment is None:
        raise NotThere
    return small_or_large(attachment)


def activity_or_404(activity_id: uuid.UUID) -> Activity:
    visible = visible_activities(signed_in_user(), today=today())
    activity = reading().scalar(visible.where(Activity.id == activity_id))
    if activity is None:
        raise NotThere
    return activity


def _who() -> dict[str, Any]:
    return {"author_id": signed_in_user().id, "actor": request_actor(), "now": now()}


def _taken_in(session: Session, form: ActivityForm, kept: list[KeptFile], who: Mapping[str, Any]) -> list[uuid.UUID]:
    ids = [uuid.uuid5(form.new_id.as_uuid, f"foto {position}") for position in range(len(kept))]
    for id_, file in zip(ids, kept, strict=True):
        attachments.receive(session, id_, file, uploader_id=who["author_id"], actor=who["actor"], now=who["now"])
    return ids


def _refresh(session: Session, entry: Entry, agreements: list[Agreement]) -> None:
    """Only where plans have changed."""
    if not agreements:
        return
    instruments = instruments_on(session, today())
    for cooperative_id in sorted(each.cooperative_id for each in entry.presences.presences()):
        cooperative = session.get_one(Cooperative, cooperative_id)
        refresh_standing(session, cooperative, instruments, today=today(), now=now())

"""What a cooperative does about one action of its plan; each form goes to an address of its own and comes back here."""

import uuid
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.accounts.session import signed_in_user
from pendamping.attachments import service as attachments
from pendamping.attachments.sent import keep_all
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import DomainError
from pendamping.kernel.roles import Role
from pendamping.plans import dialogue, moves
from pendamping.plans.models import Action
from pendamping.plans.moves import Step
from pendamping.portal.actions.forms import (
    AGREES,
    DoneForm,
    ProgressForm,
    QuestionForm,
    ResponseForm,
    StepForm,
)
from pendamping.portal.actions.page import own_action, own_action_page
from pendamping.progress.service import refresh_standing

bp = Blueprint("own_actions", __name__, url_prefix="/rencana/<uuid:action_id>")

BODY_MEGABYTES = 64
"""Ten photos as phones make them; whoever sends more is told so before it is read."""

Verb = Callable[[Session], object]


@bp.get("")
@access(Role.COOPERATIVE)
def detail(action_id: uuid.UUID) -> ResponseReturnValue:
    action = own_action(reading(), signed_in_user(), action_id, today=today())
    return _page(action, opened=request.args.get("buka", "")), 200


def _page(action: Action, *, refused: StepForm | None = None, opened: str = "") -> str:
    page = own_action_page(reading(), action, today=today(), refused=refused, opened=opened)
    name = reading().get_one(Cooperative, action.cooperative_id).short_name
    return render_template("portal/action.html", page=page, name=name)


@bp.post("/kabar")
@access(Role.COOPERATIVE, keeps_typed=True)
def note_progress(action_id: uuid.UUID) -> ResponseReturnValue:
    action, form = own_action(reading(), signed_in_user(), action_id, today=today()), ProgressForm()
    return _done(
        action,
        form,
        lambda session: moves.start(session, action, note=form.progress.data or "", **_step(form)),
        _("Kabar terkirim kepada pendamping."),
    )


@bp.post("/pendapat")
@access(Role.COOPERATIVE, keeps_typed=True)
def respond(action_id: uuid.UUID) -> ResponseReturnValue:
    action, form = own_action(reading(), signed_in_user(), action_id, today=today()), ResponseForm()

    def verb(session: Session) -> object:
        agrees, reason = form.agrees.data == AGREES, form.reason.data or ""
        return dialogue.respond(session, action, agrees=agrees, reason=reason, **_step(form))

    said = _("Pendapat Anda terkirim. Pendamping akan menjawab.") if form.agrees.data != AGREES else _("Terima kasih.")
    return _done(action, form, verb, said)


@bp.post("/pertanyaan")
@access(Role.COOPERATIVE, keeps_typed=True)
def ask(action_id: uuid.UUID) -> ResponseReturnValue:
    action, form = own_action(reading(), signed_in_user(), action_id, today=today()), QuestionForm()
    user, actor, instant = signed_in_user(), request_actor(), now()

    def verb(session: Session) -> object:
        return dialogue.ask(
            session,
            action,
            session.get_one(Cooperative, action.cooperative_id),
            text=form.question.data or "",
            author_id=user.id,
            actor=actor,
            now=instant,
            question_id=form.new_id.as_uuid,
        )

    return _done(action, form, verb, _("Pertanyaan terkirim. Jawabannya muncul di halaman ini."))


@bp.post("/selesai")
@access(Role.COOPERATIVE, keeps_typed=True, body_megabytes=BODY_MEGABYTES)
def report_done(action_id: uuid.UUID) -> ResponseReturnValue:
    """That it is done, with files that show it: all of them with the report, or nothing."""
    action, form = own_action(reading(), signed_in_user(), action_id, today=today()), DoneForm()
    kept = keep_all(form.files) if form.is_submitted_and_valid() else None
    if kept is None:
        return _page(action, refused=form), 400
    ids = [uuid.uuid5(form.new_id.as_uuid, str(position)) for position in range(len(kept))]
    step = _step(form)

    def verb(session: Session) -> object:
        for id_, file in zip(ids, kept, strict=True):
            attachments.receive(session, id_, file, uploader_id=step["author_id"], actor=step["actor"], now=step["now"])
        return moves.report_done(session, action, note=form.done.data or "", attachments=ids, **step)

    return _stored(action, form, verb, _("Terkirim. Pendamping akan memeriksa buktinya."))


def _step(form: StepForm) -> Step:
    return {
        "author_id": signed_in_user().id,
        "actor": request_actor(),
        "now": now(),
        "update_id": form.new_id.as_uuid,
        "seen_revision": form.revision.number or None,  # what names no step is held to none
    }


def _done(action: Action, form: StepForm, verb: Verb, said: str) -> ResponseReturnValue:
    if not form.is_submitted_and_valid():
        return _page(action, refused=form), 400
    return _stored(action, form, verb, said)


def _stored(action: Action, form: StepForm, verb: Verb, said: str) -> ResponseReturnValue:
    """One verb and the standing it changes, in one transaction; a refusal is said at the form, which keeps it all."""
    today_, instant = today(), now()
    mine = visible_cooperatives(signed_in_user(), today=today_)

    def store(session: Session) -> None:
        verb(session)
        cooperative = session.scalars(mine).one()
        refresh_standing(session, cooperative, instruments_on(session, today_), today=today_, now=instant)

    try:
        retry_on_conflict(store)
    except DomainError as error:
        form.refuse(error)
        return _page(action, refused=form), error.status
    flash(said, "success")
    return redirect(url_for(".detail", action_id=action.id), 303)

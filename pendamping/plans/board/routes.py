"""All actions of a caseload: board, list, what waits for the facilitator, one due date for several."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.paging import DayKey
from pendamping.kernel.roles import STAFF, Role
from pendamping.plans import moves
from pendamping.plans.board.forms import BulkDueForm, ListFilterForm
from pendamping.plans.board.page import board_page, cooperative_choices, list_page, waiting_page
from pendamping.plans.models import Action
from pendamping.plans.policy import visible_actions
from pendamping.progress.service import refresh_standing

bp = Blueprint("board", __name__, url_prefix="/rencana-aksi")

FILTERS = ("status", "koperasi", "oleh", "terlambat", "keberatan")


@bp.get("")
@access(STAFF)
def index() -> ResponseReturnValue:
    return render_template("board/index.html", page=board_page(reading(), signed_in_user(), today=today()))


@bp.get("/menunggu")
@access(STAFF)
def waiting() -> ResponseReturnValue:
    """Proofs beside what their items ask for, disputes, questions."""
    return render_template("board/waiting.html", page=waiting_page(reading(), signed_in_user(), today=today()))


@bp.get("/daftar")
@access(STAFF)
def listed() -> ResponseReturnValue:
    return _list(BulkDueForm(formdata=None), 200)


@bp.post("/daftar/tenggat")
@access(Role.FACILITATOR, keeps_typed=True)
def change_due_of_several() -> ResponseReturnValue:
    """All of the chosen ones, or none: one that was changed meanwhile is named."""
    form = BulkDueForm()
    visible = visible_actions(signed_in_user(), today=today())
    form.actions.choices = [(each, each) for each in request.form.getlist("actions")]
    if not form.is_submitted_and_valid():
        return _list(form, 400)
    try:
        with transaction() as session:
            found = {each.id: each for each in session.scalars(visible.where(Action.id.in_(form.ids)))}
            if len(found) != len(form.ids):
                raise NotThere
            for id_, revision in form.chosen:
                _move_one(session, form, found[id_], revision)
            _refresh_all(session, list(found.values()))
    except NotThere:
        raise
    except DomainError as error:
        is_about_the_day = isinstance(error, moves.DueUnchanged | moves.DueInThePast)
        return _list(form, form.refuse(error, form.due_on if is_about_the_day else None))
    said = ngettext("Tenggat %(num)s tindakan dipindah.", "Tenggat %(num)s tindakan dipindah.", len(form.chosen))
    flash(said, "success")
    return redirect(_here())


def _move_one(session: Session, form: BulkDueForm, action: Action, revision: int) -> None:
    assert form.due_on.data is not None
    moves.change_due(
        session,
        action,
        due_on=form.due_on.data,
        reason=form.reason.data or "",
        author_id=signed_in_user().id,
        actor=request_actor(),
        now=now(),
        seen_revision=revision,
    )


def _refresh_all(session: Session, actions: list[Action]) -> None:
    instruments = instruments_on(session, today())
    for cooperative_id in sorted({each.cooperative_id for each in actions}):
        cooperative = session.get_one(Cooperative, cooperative_id)
        refresh_standing(session, cooperative, instruments, today=today(), now=now())


def _list(bulk: BulkDueForm, status: int) -> ResponseReturnValue:
    user = signed_in_user()
    form = ListFilterForm.from_address()
    form.koperasi.choices = [("", _("Semua koperasi")), *cooperative_choices(reading(), user, today=today())]
    after = DayKey.parsed(request.args.get("setelah", ""))
    page = list_page(reading(), user, form.wanted(), after=after, today=today())
    shown = render_template(
        "board/list.html",
        page=page,
        form=form,
        bulk=bulk,
        chosen=set(bulk.actions.data or []),
        send_url=_here(".change_due_of_several", setelah=str(after or "")),
        next_url=_here(setelah=str(page.next_after)) if page.next_after else None,
        first_url=_here() if after else None,
    )
    return shown, status


def _here(endpoint: str = ".listed", **more: str) -> str:
    """The list as it is filtered now, or what is sent from it."""
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    kept.update((name, value) for name, value in more.items() if value)
    return url_for(endpoint, **kept)

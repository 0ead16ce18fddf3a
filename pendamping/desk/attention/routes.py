"""What needs the agency: the list, what is done about it, and the facilitators' answers."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperative_ids, visible_cooperatives
from pendamping.desk.attention.findings import all_of_kind, groups
from pendamping.desk.attention.forms import ActForm, AnswerForm, SeenForm
from pendamping.desk.attention.page import ShownGroup, shown_findings, shown_groups
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import instant_in
from pendamping.kernel.database import db, reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotAllowed
from pendamping.kernel.ids import uuid_or_none
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import AGENCY, STAFF
from pendamping.progress.asking import service
from pendamping.progress.asking.models import Kind, Reply, Step, Verb
from pendamping.progress.asking.policy import can_answer, visible_steps
from pendamping.progress.asking.queries import accompanying, looked_at, step_views, waiting_for
from pendamping.progress.filters import Narrowing, narrowing

bp = Blueprint("attention", __name__)

EACH_SHOWN = 5
WAITING_SHOWN = 20


@bp.get("/perlu-perhatian")
@access(AGENCY)
def index() -> ResponseReturnValue:
    """Every kind with its first findings; one kind page by page with `jenis` in the address."""
    return _page(ActForm())


def _page(form: ActForm, status: int = 200) -> ResponseReturnValue:
    session, user = reading(), signed_in_user()
    narrow = narrowing(session, user, today=today())
    kind = next((kind for kind in Kind if kind == request.args.get("jenis")), None)
    shown, next_after = _shown(narrow, user, kind)
    here: dict[str, Any] = {**narrow.kept, "jenis": kind}
    return render_template(
        "attention/index.html",
        form=form,
        narrow=narrow,
        kind=kind,
        groups=shown,
        here=here,
        ticked=set(request.form.getlist("pilih")),
        waiting=waiting_for(session, visible_steps(user, today=today()), limit=WAITING_SHOWN, today=today()),
        next_url=url_for(".index", **here, setelah=next_after) if next_after else None,
        first_url=url_for(".index", **here) if request.args.get("setelah") else None,
    ), status


def _shown(narrow: Narrowing, user: User, kind: Kind | None) -> tuple[Sequence[ShownGroup], str | None]:
    session, seen_at = reading(), looked_at(reading(), user.id)
    if kind is None:
        found = groups(session, user, narrow.cooperatives, each=EACH_SHOWN, today=today())
        return shown_groups(session, user, found, seen_at=seen_at, today=today()), None
    after = request.args.get("setelah")
    page = all_of_kind(session, user, narrow.cooperatives, kind, after=after, size=PAGE_SIZE, today=today())
    shown = shown_findings(session, user, page[:PAGE_SIZE], seen_at=seen_at, today=today())
    has_more = len(page) > PAGE_SIZE
    return [ShownGroup(kind, len(shown), shown)] if shown else [], page[PAGE_SIZE - 1].code if has_more else None


@bp.post("/perlu-perhatian/langkah")
@access(AGENCY, keeps_typed=True)
def act() -> ResponseReturnValue:
    """One tap beside a matter, or one button for all that are ticked."""
    form = ActForm()
    sound = form.read(
        ticked=request.form.getlist("pilih"), button=request.form.get("putusan"), single=request.form.get("satu")
    )
    if not sound or form.verb is None:
        return _page(form, 400)
    user, verb = signed_in_user(), form.verb
    with transaction() as session:
        matters = _matters(form, user)
        done = service.act_on(
            session,
            matters,
            verb=verb,
            texts=form.texts(),
            author_id=user.id,
            actor=request_actor(),
            today=today(),
            now=now(),
        )
    _say(done, verb)
    return redirect(url_for("home") if request.form.get("kembali") == "ringkasan" else url_for(".index"))


def _matters(form: ActForm, user: User) -> list[service.Matter]:
    """Only what the person sees; what nobody knows and what is not theirs is not there."""
    session = reading()
    codes = [about for _kind, about in form.chosen]
    people = [id_ for about in codes if (id_ := uuid_or_none(about)) is not None]
    own = visible_cooperatives(user, today=today()).where(Cooperative.code.in_(codes))
    known = {row.code: row.id for row in session.scalars(own)}
    seen = accompanying(session, visible_cooperative_ids(user, today=today()), among=people)
    matters = []
    for kind, about in form.chosen:
        if about in known:
            matters.append(service.Matter(kind, cooperative_id=known[about]))
        elif (id_ := uuid_or_none(about)) in seen:
            matters.append(service.Matter(kind, facilitator_id=id_))
    return matters


def _say(done: service.Done, verb: Verb) -> None:
    if done.made:
        match verb:
            case Verb.ASK_VISIT:
                said = ngettext("%(num)s kunjungan diminta.", "%(num)s kunjungan diminta.", done.made)
            case Verb.ASK:
                said = ngettext("%(num)s pertanyaan dikirim.", "%(num)s pertanyaan dikirim.", done.made)
            case Verb.WATCH:
                said = ngettext(
                    "%(num)s hal dipantau selama 14 hari.", "%(num)s hal dipantau selama 14 hari.", done.made
                )
        hint = "" if verb is Verb.WATCH else _("Pendamping melihatnya di beranda.")
        flash(f"{said} {hint}".strip(), "success")
    if done.repeated:
        flash(ngettext("%(num)s sudah diminta sebelumnya.", "%(num)s sudah diminta sebelumnya.", done.repeated), "info")
    if done.unanswerable:
        flash(
            ngettext(
                "%(num)s tidak mempunyai pendamping yang dapat ditanya.",
                "%(num)s tidak mempunyai pendamping yang dapat ditanya.",
                done.unanswerable,
            ),
            "warning",
        )
    if not (done.made or done.repeated or done.unanswerable):
        flash(_("Tidak ada yang dapat ditindak: mungkin sudah berubah sementara itu."), "warning")


@bp.post("/sudah-dilihat")
@access(AGENCY)
def see() -> ResponseReturnValue:
    """Everything up to the moment at which the page was made, or up to now where it does not say, has been seen."""
    with transaction() as session:
        service.mark_seen(
            session,
            signed_in_user(),
            seen_at=instant_in(SeenForm().sampai.data or "") or now(),
            actor=request_actor(),
            now=now(),
        )
    flash(_("Ditandai sudah dilihat. Yang datang sesudah ini ditandai baru."), "success")
    return redirect(url_for("home"))


@bp.route("/perlu-perhatian/<uuid:step_id>", methods=["GET", "POST"])
@access(STAFF, keeps_typed=True)
def question(step_id: uuid.UUID) -> ResponseReturnValue:
    """What was asked of a facilitator, and the answer: once, by whoever accompanies the cooperative."""
    user = signed_in_user()
    own = visible_steps(user, today=today()).where(Step.id == step_id)
    db.first_or_404(own)
    form, status = AnswerForm(), 200
    if form.is_submitted():
        status = 400
        if not can_answer(user):
            raise NotAllowed
        if form.is_submitted_and_valid():
            try:
                retry_on_conflict(partial(_answer, own=own, text=form.text.data or ""))
            except DomainError as error:
                status = form.refuse(error)
            else:
                flash(_("Jawaban terkirim kepada dinas."), "success")
                return redirect(url_for(".question", step_id=step_id))
    (step,) = step_views(reading(), own, limit=1)
    return render_template(
        "attention/question.html", form=form, step=step, may_answer=can_answer(user) and step.reply is None
    ), status


def _answer(session: Session, *, own: Select[Step], text: str) -> Reply:
    step = session.scalars(own).one()
    return service.answer(session, step, text=text, author_id=signed_in_user().id, actor=request_actor(), now=now())

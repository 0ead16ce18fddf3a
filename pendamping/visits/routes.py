"""Writing a visit and reading one."""

import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from pendamping.accounts.session import signed_in_user
from pendamping.attachments.sent import take_photos
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import can_record_visit
from pendamping.field.records import facts_for, instruments_pinned, place_of_fault, refuse_a_mere_dot, store_visit
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import date_in
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.ids import uuid_or_none
from pendamping.kernel.pack import new_id
from pendamping.kernel.roles import STAFF, Role
from pendamping.visits.drafts.models import Draft
from pendamping.visits.drafts.queries import draft_of
from pendamping.visits.drafts.service import DraftChanged, save_draft
from pendamping.visits.forms import VisitForm
from pendamping.visits.models import Visit
from pendamping.visits.page import visit_page
from pendamping.visits.policy import visible_visits
from pendamping.visits.preparation import preparation_page
from pendamping.visits.sheet import PlanToStart, plan_to_start, visit_sheet

bp = Blueprint("visits", __name__)

BODY_MEGABYTES = 64
"""Without script a form carries its photos along; each of them may have 15 MB."""


@bp.route("/koperasi/<code>/kunjungan/baru", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True, body_megabytes=BODY_MEGABYTES)
def new(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    draft = _draft(cooperative)
    if isinstance(draft, Visit):
        return redirect(url_for(".detail", visit_id=draft.id))
    plan = plan_to_start(reading(), _plan_id(draft), cooperative, signed_in_user().id)
    form = _form(cooperative, draft, plan)
    status = 200
    if form.is_submitted():
        status = _keep(form, cooperative)
        if form.stored_id is not None:
            return redirect(url_for(".detail", visit_id=form.stored_id))
        if form.kept_as is not None:
            return redirect(url_for(".new", code=code, draf=form.kept_as))
    revision = draft.revision if draft else request.form.get("draft_revision", 0, int)
    sheet = visit_sheet(reading(), cooperative, form, today=today(), plan=plan, revision=revision)
    return render_template("visits/form.html", form=form, sheet=sheet), status


def _draft(cooperative: Cooperative) -> Draft | Visit | None:
    """The draft that the address names; the visit that it has become, if somebody comes back to its old address."""
    draft_id = uuid_or_none(request.args.get("draf"))
    if draft_id is None or request.method == "POST":
        return None
    user = signed_in_user()
    draft = draft_of(reading(), draft_id, author_id=user.id, cooperative_id=cooperative.id)
    if draft is not None:
        return draft
    visit = reading().scalar(visible_visits(user, today=today()).where(Visit.id == draft_id))
    if visit is None:
        raise NotThere
    return visit


def _plan_id(draft: Draft | None) -> uuid.UUID | None:
    kept = dict(draft.fields).get("planned_visit") if draft else None
    return uuid_or_none(request.args.get("rencana") or request.form.get("planned_visit") or kept)


def _form(cooperative: Cooperative, draft: Draft | None, plan: PlanToStart | None) -> VisitForm:
    kept = MultiDict([*_without_id(draft.fields), ("id", str(draft.id))]) if draft else None
    planned: dict[str, Any] = {}
    if plan is not None and kept is None:
        planned = {"planned_visit": str(plan.id), "mode": str(plan.mode), "visited_on": min(plan.planned_on, today())}
    return VisitForm(
        instruments=instruments_pinned(
            reading(), request.form if request.method == "POST" else kept or {}, instruments_on(reading(), today())
        ),
        stage=cooperative.stage.order,
        today=today(),
        draft=kept,
        id=new_id(),
        **planned,
    )


def _without_id(fields: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name != "id"]


def _keep(form: VisitForm, cooperative: Cooperative) -> int:
    """Keep what was sent: its photos, and the rest as a draft or as a visit. The status says how it went."""
    if not form.csrf_token.validate(form):  # even photos wait for a page that is ours
        return _store(form, cooperative)
    _take_photo_files(form)
    is_draft = request.form.get("aksi") == "draf" and not form.photo_files.refused
    return _keep_for_later(form, cooperative) if is_draft else _store(form, cooperative)


def _take_photo_files(form: VisitForm) -> None:
    """A second tap sends the same photo for the same visit: it is one, under one id."""
    visit_id = form.visit_id or uuid.uuid4()
    for id_ in take_photos(form.photo_files, lambda photo: uuid.uuid5(visit_id, photo.sha256)):
        form.photos.add(id_)


def _keep_for_later(form: VisitForm, cooperative: Cooperative) -> int:
    """For pages without script: the button "Simpan sebagai draf". The status says how it went."""
    fields = [
        (name, value)
        for name, value in _without_id(list(request.form.items(multi=True)))
        if value and name not in ("csrf_token", "aksi", "draft_revision", "photos")
    ]
    fields += [("photos", str(attachment_id)) for attachment_id in form.photos.of(None)]
    draft_id, known = form.visit_id or uuid.uuid4(), request.form.get("draft_revision", 0, int)
    save = partial(save_draft, cooperative=cooperative, fields=fields, author_id=signed_in_user().id, now=now())
    try:
        try:
            retry_on_conflict(partial(save, draft_id=draft_id, known_revision=known))
        except (DraftChanged, NotThere):  # nothing is lost: what this page holds becomes a draft of its own
            draft_id = uuid.uuid4()
            retry_on_conflict(partial(save, draft_id=draft_id, known_revision=0))
    except DomainError as error:
        return form.refuse(error, place_of_fault(form, error))
    flash(_("Draf disimpan. Lanjutkan kapan saja dari Beranda."), "success")
    form.kept_as = draft_id
    return 201


def _store(form: VisitForm, cooperative: Cooperative) -> int:
    """Store the visit if everything holds; the status says how it went, the form where it did not."""
    if not form.validate_against(facts_for(form, cooperative)):
        return 400
    user, actor, day, instant = signed_in_user(), request_actor(), today(), now()
    try:
        refuse_a_mere_dot(reading(), form, user)
        visit = retry_on_conflict(
            lambda session: store_visit(
                session, cooperative, form, facilitator=user, actor=actor, today=day, now=instant
            )
        )
    except DomainError as error:
        return form.refuse(error, place_of_fault(form, error))
    flash(_("Kunjungan tersimpan. Rencana perbaikan koperasi sudah diperbarui."), "success")
    if visit.is_addendum:
        flash(
            _("Laporan bulan ini sudah disetujui. Kunjungan tersimpan sebagai susulan, di luar angka bulan itu."),
            "info",
        )
    form.stored_id = visit.id
    return 201


@bp.get("/koperasi/<code>/kunjungan/persiapan")
@access(STAFF)
def preparation(code: str) -> ResponseReturnValue:
    """What the next visit opens and what the cooperative should have ready; `?tanggal=` looks ahead to another day."""
    cooperative = cooperative_or_404(signed_in_user(), code)
    day = max(date_in(request.args.get("tanggal", "")) or today(), today())
    page = preparation_page(reading(), cooperative, instruments_on(reading(), day), on=day)
    can_record = can_record_visit(signed_in_user())
    return render_template("visits/preparation.html", page=page, can_record=can_record)


@bp.get("/kunjungan/<uuid:visit_id>")
@access(STAFF)
def detail(visit_id: uuid.UUID) -> ResponseReturnValue:
    visit = reading().scalar(visible_visits(signed_in_user(), today=today()).where(Visit.id == visit_id))
    if visit is None:
        raise NotThere
    return render_template("visits/detail.html", page=visit_page(reading(), visit, signed_in_user(), today=today()))

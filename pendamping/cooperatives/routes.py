"""The register: list, page, facts, people."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives import service
from pendamping.cooperatives.forms import FactsForm, OfficerForm
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Officer
from pendamping.cooperatives.page import cooperative_page, history_page
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import NotThere
from pendamping.kernel.once import SentByAnother
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import STAFF, Role
from pendamping.progress.filters import narrowing
from pendamping.progress.history import EventKey, EventKind
from pendamping.progress.narrowing import page_of
from pendamping.progress.queries import cooperative_rows
from pendamping.progress.service import refresh_standing
from pendamping.progress.words import EVENT_GROUPS

bp = Blueprint("cooperatives", __name__, url_prefix="/koperasi")


@bp.get("")
@access(STAFF)
def index() -> ResponseReturnValue:
    session = reading()
    narrow = narrowing(session, signed_in_user(), today=today())
    page = page_of(narrow.cooperatives, narrow.chosen.order, after=request.args.get("setelah"), size=PAGE_SIZE)
    rows = cooperative_rows(session, page, instruments_on(session, today()), today=today())
    has_more = len(rows) > PAGE_SIZE
    return render_template(
        "cooperatives/index.html",
        form=narrow.form,
        rows=rows[:PAGE_SIZE],
        next_url=url_for(".index", **narrow.kept, setelah=rows[PAGE_SIZE - 1].code) if has_more else None,
        first_url=url_for(".index", **narrow.kept) if request.args.get("setelah") else None,
        is_filtered=narrow.is_filtered,
    )


@bp.get("/<code>")
@access(STAFF)
def detail(code: str) -> ResponseReturnValue:
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    return render_template(
        "cooperatives/detail.html",
        page=cooperative_page(reading(), cooperative, user, today=today()),
        groups={name: word for name, (word, _kinds) in EVENT_GROUPS.items()},
    )


@bp.get("/<code>/riwayat")
@access(STAFF)
def history(code: str) -> ResponseReturnValue:
    """Everything that happened, page by page; `jenis` in the address narrows it."""
    cooperative = cooperative_or_404(signed_in_user(), code)
    chosen = request.args.get("jenis", "")
    chosen = chosen if chosen in EVENT_GROUPS else ""
    kinds = EVENT_GROUPS[chosen][1] if chosen else tuple(EventKind)
    after = EventKey.parsed(request.args.get("setelah", ""))
    page = history_page(reading(), cooperative, kinds=kinds, after=after, today=today(), size=PAGE_SIZE)
    here: dict[str, Any] = {"code": code, "jenis": chosen or None}
    return render_template(
        "cooperatives/history.html",
        cooperative=cooperative,
        page=page,
        groups={name: word for name, (word, _kinds) in EVENT_GROUPS.items()},
        chosen=chosen,
        next_url=url_for(".history", **here, setelah=str(page.next_key)) if page.next_key else None,
        first_url=url_for(".history", **here) if after else None,
    )


@bp.route("/<code>/data", methods=["GET", "POST"])
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def edit(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    form = FactsForm(obj=cooperative)
    if form.is_submitted_and_valid():
        try:
            with transaction() as session:
                service.change_facts(session, cooperative, form.facts(), actor=request_actor(), now=now())
                refresh_standing(session, cooperative, instruments_on(session, today()), today=today(), now=now())
        except service.FactIsNeeded as error:
            form.refuse(error, form.decree_on)
        else:
            flash(_("Data koperasi disimpan."), "success")
            return redirect(url_for(".detail", code=code))
    return render_template(
        "cooperatives/edit.html", form=form, cooperative=cooperative
    ), 400 if form.is_submitted() else 200


@bp.route("/<code>/pengurus/baru", methods=["GET", "POST"])
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def add_officer(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    form = OfficerForm()
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid():
        terms: dict[str, Any] = {"officer_id": form.new_id.as_uuid, "actor": request_actor(), "now": now()}
        try:
            retry_on_conflict(lambda session: service.add_officer(session, cooperative, form.officer(), **terms))
        except SentByAnother as error:
            status = form.refuse(error)
        else:
            flash(_("%(name)s masuk daftar pengurus dan pengawas.", name=form.name.data), "success")
            return redirect(url_for(".detail", code=code))
    return render_template("cooperatives/officer.html", form=form, cooperative=cooperative), status


@bp.post("/<code>/pengurus/<uuid:officer_id>/akhir")
@access(Role.FACILITATOR, Role.ADMIN)
def end_officer_term(code: str, officer_id: uuid.UUID) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    officer = reading().get(Officer, officer_id)
    if officer is None or officer.cooperative_id != cooperative.id:
        raise NotThere
    with transaction() as session:
        # The last day in office is yesterday: from today on the list is without this person.
        service.end_officer_term(session, officer, on=today() - service.ONE_DAY, actor=request_actor(), now=now())
    flash(_("Masa jabatan %(name)s diakhiri.", name=officer.name), "success")
    return redirect(url_for(".detail", code=code))

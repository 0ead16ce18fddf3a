"""Asking for an item, and taking it back."""

import uuid
from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.instruments.definition import Item
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import Role
from pendamping.visits.requests.forms import RequestForm
from pendamping.visits.requests.queries import open_requests, request_of
from pendamping.visits.requests.service import ask_for_item, take_back

bp = Blueprint("requests", __name__)


@bp.route("/koperasi/<code>/butir/<item_id>/permintaan", methods=["GET", "POST"])
@access(Role.AGENCY_HEAD, Role.ADMIN, keeps_typed=True)
def ask(code: str, item_id: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    item = _asked_item(item_id, cooperative.stage.order)
    form = RequestForm()
    status = 200
    if form.is_submitted():
        status = 400
        if form.is_submitted_and_valid():
            ask_for_it = partial(
                ask_for_item,
                cooperative=cooperative,
                item_id=item_id,
                note=form.note.data or "",
                author_id=signed_in_user().id,
                actor=request_actor(),
                now=now(),
            )
            try:
                retry_on_conflict(ask_for_it)
            except DomainError as error:
                status = form.refuse(error)
            else:
                flash(_("%(item)s diminta: terbuka pada kunjungan berikutnya.", item=item_id), "success")
                return redirect(url_for(".ask", code=code, item_id=item_id))
    waiting = open_requests(reading(), cooperative.id).get(item_id)
    return render_template("requests/ask.html", form=form, cooperative=cooperative, item=item, waiting=waiting), status


@bp.post("/koperasi/<code>/permintaan/<uuid:request_id>/tarik")
@access(Role.AGENCY_HEAD, Role.ADMIN)
def withdraw(code: str, request_id: uuid.UUID) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    with transaction() as session:
        request = request_of(session, cooperative.id, request_id)
        if request is None:
            raise NotThere
        take_back(session, request, actor=request_actor(), now=now())
        item_id = request.item_id
    flash(_("Permintaan ditarik."), "success")
    return redirect(url_for(".ask", code=code, item_id=item_id))


def _asked_item(item_id: str, stage: int) -> Item:
    """An item that a visit to this cooperative can open; any other is not there."""
    for published in instruments_on(reading(), today()):
        for item in published.instrument.items:
            if item.id == item_id and published.instrument.asks(item, stage):
                return item
    raise NotThere

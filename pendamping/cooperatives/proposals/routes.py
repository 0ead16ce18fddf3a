"""Figures that a cooperative has sent, and what its facilitator makes of them."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import can_edit
from pendamping.cooperatives.proposals import service
from pendamping.cooperatives.proposals.forms import ConfirmForm, ReturnForm
from pendamping.cooperatives.proposals.page import proposal_or_404, proposals_page
from pendamping.kernel.access import access, now, request_actor
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError
from pendamping.kernel.forms import BaseForm
from pendamping.kernel.roles import STAFF, Role

bp = Blueprint("proposals", __name__, url_prefix="/koperasi/<code>/usulan-angka")


@bp.get("")
@access(STAFF)
def index(code: str) -> ResponseReturnValue:
    return _page(cooperative_or_404(signed_in_user(), code)), 200


def _page(cooperative: Cooperative, *, refused: BaseForm | None = None, at: uuid.UUID | None = None) -> str:
    return render_template(
        "records/proposals.html",
        page=proposals_page(reading(), cooperative),
        can_edit=can_edit(signed_in_user()),
        form=ReturnForm(formdata=None),
        refused=refused,
        at=at,
    )


@bp.post("/<uuid:proposal_id>/terima")
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def confirm(code: str, proposal_id: uuid.UUID) -> ResponseReturnValue:
    user = signed_in_user()
    cooperative, form = cooperative_or_404(user, code), ConfirmForm()
    proposal, status = proposal_or_404(reading(), cooperative, proposal_id), 400
    if form.is_submitted_and_valid():
        try:
            with transaction() as session:
                service.confirm_figures(
                    session,
                    cooperative,
                    proposal,
                    seen_revision=form.seen_revision.number,
                    decided_by_id=user.id,
                    actor=request_actor(),
                    now=now(),
                )
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Angka dari koperasi disimpan."), "success")
            return redirect(url_for(".index", code=code))
    return _page(cooperative, refused=form, at=proposal_id), status


@bp.post("/<uuid:proposal_id>/kembalikan")
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def send_back(code: str, proposal_id: uuid.UUID) -> ResponseReturnValue:
    user = signed_in_user()
    cooperative, form = cooperative_or_404(user, code), ReturnForm()
    proposal, status = proposal_or_404(reading(), cooperative, proposal_id), 400
    if form.is_submitted_and_valid():
        try:
            with transaction() as session:
                service.return_figures(
                    session,
                    cooperative,
                    proposal,
                    reason=form.reason.data or "",
                    decided_by_id=user.id,
                    actor=request_actor(),
                    now=now(),
                )
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Angka dikembalikan kepada koperasi dengan alasannya."), "success")
            return redirect(url_for(".index", code=code))
    return _page(cooperative, refused=form, at=proposal_id), status

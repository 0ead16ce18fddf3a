"""Where the agency decides about a cooperative's stage, and about designations."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pendamping.accounts.models import User
from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError, NotAllowed
from pendamping.kernel.roles import AGENCY, STAFF
from pendamping.progress.stages.forms import GIVE, DesignationForm, StageForm
from pendamping.progress.stages.models import Verdict
from pendamping.progress.stages.overview import DesignationPage, designation_page, stage_page
from pendamping.progress.stages.policy import can_decide
from pendamping.progress.stages.service import (
    DecisionInFuture,
    DecisionTooEarly,
    SameStage,
    decide_designations,
    decide_stage,
)
from pendamping.progress.stages.words import verdict_word

bp = Blueprint("stages", __name__)


@bp.route("/koperasi/<code>/tahap", methods=["GET", "POST"])
@access(STAFF, keeps_typed=True)
def detail(code: str) -> ResponseReturnValue:
    """Gate, what is missing, history; the agency's head decides here."""
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    if request.method == "POST" and not can_decide(user):
        raise NotAllowed
    form, status = StageForm(decided_on=today()), 200
    if form.is_submitted():
        status = _decide(form, cooperative, user) if form.is_submitted_and_valid() else 400
        if status == 201:
            flash(_("Keputusan tahap disimpan: %(verdict)s.", verdict=verdict_word(form.verdict.data)), "success")
            return redirect(url_for(".detail", code=code))
    page = stage_page(reading(), cooperative, user, today=today())
    form.offer(page.offered, cooperative.stage)
    if not form.is_submitted() or status == 409:  # who has read what came in between may decide on top of it
        form.has_seen(page.last_number)
    return render_template("stages/detail.html", page=page, form=form, sets=str(Verdict.SET)), status


def _decide(form: StageForm, cooperative: Cooperative, user: User) -> int:
    try:
        with transaction() as session:
            decide_stage(
                session,
                cooperative,
                form.decision(),
                seen_number=form.seen_number.data or 0,
                instruments=instruments_on(session, today()),
                decided_by=user,
                actor=request_actor(),
                today=today(),
                now=now(),
            )
    except DomainError as error:
        return _tell(form, error)
    return 201


def _tell(form: StageForm | DesignationForm, error: DomainError) -> int:
    """Put what the rules refused at its place; returns the status of the answer."""
    if isinstance(error, DecisionInFuture | DecisionTooEarly):
        return form.refuse(error, form.decided_on)
    if isinstance(error, SameStage) and isinstance(form, StageForm):
        return form.refuse(error, form.stage)
    return form.refuse(error)


@bp.route("/penetapan", methods=["GET", "POST"])
@access(AGENCY, keeps_typed=True)
def designations() -> ResponseReturnValue:
    """Who has a designation, who is proposed, who lacks what; `untuk` in the address says which."""
    user = signed_in_user()
    if request.method == "POST" and not can_decide(user):
        raise NotAllowed
    page = designation_page(reading(), user, request.args.get("untuk"), today=today())
    form, status = DesignationForm(decided_on=today()), 200
    form.offer(row.code for row in page.rows)
    if form.is_submitted():
        status = 400
        if form.is_submitted_and_valid() and (status := _designate(form, page, user)) == 201:
            return redirect(url_for(".designations", untuk=page.chosen.code if page.chosen else None))
    return render_template("stages/designations.html", page=page, form=form), status


def _designate(form: DesignationForm, page: DesignationPage, user: User) -> int:
    chosen = visible_cooperatives(user, today=today()).where(Cooperative.code.in_(form.cooperatives.data or []))
    new = form.decision(page.chosen.code if page.chosen else "")
    given: dict[str, Any] = {"actor": request_actor(), "decided_by": user, "today": today(), "now": now()}
    try:
        with transaction() as session:
            cooperatives = list(session.scalars(chosen))
            changed = decide_designations(
                session, cooperatives, new, instruments=instruments_on(session, today()), **given
            )
    except DomainError as error:
        return _tell(form, error)
    if form.verdict.data == GIVE:
        words = ngettext("Ditetapkan untuk %(num)d koperasi.", "Ditetapkan untuk %(num)d koperasi.", changed)
    else:
        words = ngettext("Dicabut dari %(num)d koperasi.", "Dicabut dari %(num)d koperasi.", changed)
    flash(words if changed else _("Tidak ada yang berubah: keputusan itu sudah berlaku."), "success")
    return 201

"""A cooperative's partnerships and chosen businesses: everybody of the staff reads, the facilitator writes."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.partnerships import service
from pendamping.cooperatives.partnerships.forms import BusinessPlanForm, PartnershipForm
from pendamping.cooperatives.partnerships.page import partnerships_page
from pendamping.cooperatives.partnerships.queries import PartnershipView, business_plans_of, partnership_with_steps
from pendamping.cooperatives.partnerships.words import SUGGESTED_PARTNERS, business_words, status_looks
from pendamping.cooperatives.policy import can_edit
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, reading_anew, retry_on_conflict
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.forms import BaseForm
from pendamping.kernel.roles import STAFF, Role

bp = Blueprint("partnerships", __name__, url_prefix="/koperasi/<code>/kemitraan")
for word in (business_words, status_looks):
    bp.add_app_template_global(word)

T = TypeVar("T")


@bp.get("")
@access(STAFF)
def index(code: str) -> ResponseReturnValue:
    user = signed_in_user()
    shown = partnerships_page(reading(), cooperative_or_404(user, code), today=today())
    return render_template("partnerships/index.html", page=shown, can_edit=can_edit(user))


@bp.route("/baru", methods=["GET", "POST"])
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def add(code: str) -> ResponseReturnValue:
    cooperative, form = cooperative_or_404(signed_in_user(), code), PartnershipForm()
    if not form.is_submitted_and_valid():
        return _partnership_form(cooperative, form, None, 400 if form.is_submitted() else 200)
    author_id, actor, instant = signed_in_user().id, request_actor(), now()
    try:
        retry_on_conflict(
            lambda session: service.add_partnership(
                session,
                cooperative,
                form.new_id.as_uuid,
                form.terms(),
                author_id=author_id,
                actor=actor,
                now=instant,
            )
        )
    except DomainError as error:
        form.refuse(error)
        return _partnership_form(cooperative, form, None, error.status)
    flash(_("Kemitraan dengan %(partner)s disimpan.", partner=form.partner.data), "success")
    return redirect(url_for(".index", code=code))


@bp.route("/<uuid:partnership_id>", methods=["GET", "POST"])
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def change(code: str, partnership_id: uuid.UUID) -> ResponseReturnValue:
    """The next step of a partnership, to begin with as it stands; what stood before is kept and shown."""
    cooperative = cooperative_or_404(signed_in_user(), code)
    known = _partnership(reading(), cooperative, partnership_id)
    form = PartnershipForm(obj=known.latest.terms, seen_number=known.latest.number)
    if not form.is_submitted_and_valid():
        return _partnership_form(cooperative, form, known, 400 if form.is_submitted() else 200)
    try:
        step = _stored(
            lambda session, **who: service.record_step(
                session, cooperative, partnership_id, form.terms(), seen_number=form.seen_number.number, **who
            )
        )
    except service.StatusRunsBackward as error:
        form.refuse(error, form.since_on)
        return _partnership_form(cooperative, form, known, error.status)
    except service.PartnershipChanged as error:
        form.refuse(error)
        known = _partnership(reading_anew(), cooperative, partnership_id)
        form.seen_number.show(known.latest.number)
        return _partnership_form(cooperative, form, known, error.status)
    _say(step is not None, _("Kemitraan dengan %(partner)s disimpan.", partner=form.partner.data))
    return redirect(url_for(".index", code=code))


@bp.route("/usaha", methods=["GET", "POST"])
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def businesses(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    plans = business_plans_of(reading(), cooperative.id)
    latest, status = plans[0] if plans else None, 200
    form = BusinessPlanForm(obj=latest, seen_revision=latest.revision if latest else 0)
    if form.is_submitted():
        status = 400
        if form.is_submitted_and_valid():
            try:
                row = _stored(
                    lambda session, **who: service.record_business_plan(
                        session,
                        cooperative,
                        form.chosen(),
                        form.potential.data or "",
                        seen_revision=form.seen_revision.number,
                        **who,
                    )
                )
            except service.BusinessPlanChanged as error:
                status = form.refuse(error)
                plans = business_plans_of(reading_anew(), cooperative.id)
                form.seen_revision.show(plans[0].revision)
            else:
                _say(row is not None, _("Pilihan usaha disimpan."))
                return redirect(url_for(".index", code=code, _anchor="usaha"))
    return render_template("partnerships/businesses.html", form=form, cooperative=cooperative, plans=plans), status


def _stored(verb: Callable[..., T]) -> T:
    """Do it in one transaction, as the person who is signed in."""
    who = {"author_id": signed_in_user().id, "actor": request_actor(), "now": now()}
    return retry_on_conflict(lambda session: verb(session, **who))


def _say(is_changed: bool, sentence: str) -> None:
    if is_changed:
        flash(sentence, "success")
    else:
        flash(_("Tidak ada yang berubah."), "plain")


def _partnership(session: Session, cooperative: Cooperative, partnership_id: uuid.UUID) -> PartnershipView:
    found = partnership_with_steps(session, cooperative.id, partnership_id)
    if found is None:
        raise NotThere
    return found


def _partnership_form(
    cooperative: Cooperative, form: BaseForm, known: PartnershipView | None, status: int
) -> ResponseReturnValue:
    return render_template(
        "partnerships/form.html", form=form, cooperative=cooperative, known=known, suggested=SUGGESTED_PARTNERS
    ), status

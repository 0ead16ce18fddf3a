"""The cooperative's own monthly figures: what is recorded, what it has sent, and a form for a month."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.proposals.service import propose_figures
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.queries import figures_before
from pendamping.cooperatives.records.words import month_words
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import Role
from pendamping.portal.figures.forms import OwnFiguresForm
from pendamping.portal.figures.page import begun_with, own_figures
from pendamping.portal.routes import own_cooperative

bp = Blueprint("own_figures", __name__, url_prefix="/angka")

MONTHS_BACK = 12
MONTH = "<int(fixed_digits=4):year>-<int(fixed_digits=2):month>"


@bp.get("")
@access(Role.COOPERATIVE)
def index() -> ResponseReturnValue:
    cooperative = own_cooperative()
    shown = own_figures(reading(), cooperative, today=today())
    return render_template("portal/figures.html", page=shown, name=cooperative.short_name)


@bp.route(f"/{MONTH}", methods=["GET", "POST"])
@access(Role.COOPERATIVE, keeps_typed=True)
def propose(year: int, month: int) -> ResponseReturnValue:
    """A month's figures, to begin with as they are known; sent to the facilitator, who confirms them."""
    cooperative, chosen = own_cooperative(), _month(year, month)
    form = OwnFiguresForm(obj=begun_with(reading(), cooperative, chosen))
    before = figures_before(reading(), cooperative.id, chosen)
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid() and not form.asks_about(before.figures if before else Figures()):
        try:
            return _sent(cooperative, chosen, form)
        except DomainError as error:
            status = form.refuse(error)
    name = cooperative.short_name
    return render_template("portal/month.html", form=form, month=chosen, before=before, name=name), status


def _sent(cooperative: Cooperative, month: Month, form: OwnFiguresForm) -> ResponseReturnValue:
    figures, author_id, actor, today_, instant = form.figures(), signed_in_user().id, request_actor(), today(), now()
    retry_on_conflict(
        lambda session: propose_figures(
            session,
            cooperative,
            month,
            figures,
            proposal_id=form.new_id.as_uuid,
            author_id=author_id,
            actor=actor,
            today=today_,
            now=instant,
        )
    )
    flash(_("Angka %(month)s terkirim. Pendamping akan memeriksanya.", month=month_words(month)), "success")
    return redirect(url_for(".index"), 303)


def _month(year: int, month: int) -> Month:
    """One of the last twelve months and this one; others are not there."""
    this_month = Month.of(today())
    if not 1 <= month <= 12 or not this_month.minus(MONTHS_BACK) <= Month(year, month) <= this_month:
        raise NotThere
    return Month(year, month)

"""Personal links: made, listed and taken back by whoever accompanies a cooperative; opened by its officers."""

import secrets
import uuid
from dataclasses import replace

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.accounts.links import page, service
from pendamping.accounts.links.forms import EnterForm, LinkForm
from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.links.policy import visible_links
from pendamping.accounts.links.tokens import TOKEN_BYTES, written
from pendamping.accounts.models import User
from pendamping.accounts.session import begin_session, signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.cooperatives.queries import OfficerView, in_office
from pendamping.kernel.access import access, now, public, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.i18n import DEFAULT_LANGUAGE
from pendamping.kernel.roles import Role
from pendamping.reports.gather import improvement_plan_of
from pendamping.reports.papers import file_name, improvement_plan_pdf
from pendamping.settings import Settings

bp = Blueprint("links", __name__)


@bp.after_request
def tell_nobody(response: Response) -> Response:
    """A page whose address is a secret: no other page learns it, no cache keeps it, no search engine lists it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/koperasi/<code>/akses")
@access(Role.FACILITATOR, Role.ADMIN)
def index(code: str) -> ResponseReturnValue:
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    return _list(cooperative, user, LinkForm()), 200


def _list(cooperative: Cooperative, user: User, form: LinkForm) -> str:
    shown = page.access_page(reading(), cooperative, user, today=today(), now=now())
    return render_template("links/index.html", page=shown, form=form)


@bp.post("/koperasi/<code>/akses/<uuid:officer_id>")
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def make(code: str, officer_id: uuid.UUID) -> ResponseReturnValue:
    """Make a link, and show it on this answer and nowhere else: on the screen, or on the printed plan."""
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    officer = page.officer_or_404(reading(), cooperative, officer_id, today=today())
    form = LinkForm()
    status = 400
    if form.is_submitted_and_valid():
        try:
            return _made(cooperative, officer, form)
        except DomainError as error:
            status = form.refuse(error)
    return _list(cooperative, user, form), status


def _made(cooperative: Cooperative, officer: OfficerView, form: LinkForm) -> ResponseReturnValue:
    token, made_by_id, actor, instant = (
        written(secrets.token_bytes(TOKEN_BYTES)),
        signed_in_user().id,
        request_actor(),
        now(),
    )
    holder, link_id = page.office_holder(cooperative, officer), form.new_id.as_uuid

    def make_it(session: Session) -> PersonalLink:
        return service.make_link(
            session,
            holder,
            link_id=link_id,
            token=token,
            days=form.days.data,
            made_by_id=made_by_id,
            actor=actor,
            now=instant,
        )

    link = retry_on_conflict(make_it)
    url = _address_of(token)
    if request.form.get("cetak"):
        return _printed(cooperative, officer, url, link)
    made = page.made_link(cooperative, officer, url, link.expires_at)
    return render_template("links/made.html", cooperative=cooperative, made=made)


def _address_of(token: str) -> str:
    """Where the office is reached, as in mails; one that has not said where gets the address it was asked under."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.has_public_url:
        return url_for(".open_link", token=token, _external=True)
    return settings.public_url + url_for(".open_link", token=token)


def _printed(cooperative: Cooperative, officer: OfficerView, url: str, link: PersonalLink) -> Response:
    """The plan with the link on it, made to be kept by its officer rather than hung up."""
    plan = improvement_plan_of(reading(), cooperative, today=today())
    with force_locale(DEFAULT_LANGUAGE):
        on_paper = page.link_on_paper(officer, url, link.expires_at)
    response = Response(improvement_plan_pdf(replace(plan, link=on_paper)), mimetype="application/pdf")
    name = file_name("rencana perbaikan", plan.cooperative, officer.name)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/koperasi/<code>/akses/<uuid:link_id>/cabut")
@access(Role.FACILITATOR, Role.ADMIN)
def revoke(code: str, link_id: uuid.UUID) -> ResponseReturnValue:
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    visible = visible_links(cooperative_ids=visible_cooperative_ids(user, today=today()))
    link = reading().scalar(visible.where(PersonalLink.id == link_id, PersonalLink.cooperative_id == cooperative.id))
    if link is None:
        raise NotThere
    with transaction() as session:
        service.revoke_link(session, link, revoked_by_id=user.id, actor=request_actor(), now=now())
    flash(_("Tautan dicabut. Siapa pun yang masuk dengannya sudah keluar."), "success")
    return redirect(url_for(".index", code=code))


@bp.get("/tautan/<token>")
@public()
def open_link(token: str) -> ResponseReturnValue:
    """A button and nothing else: programs that fetch links to preview them learn nothing and change nothing.

    It looks nothing up: the page is the same for every link, forged ones included.
    """
    return render_template("links/open.html", form=EnterForm(token=token[:200]))


@bp.post("/tautan")
@public(keeps_typed=True)
def enter() -> ResponseReturnValue:
    """Exchange the link for a session. From here on no address and no header holds the token."""
    form = EnterForm()
    status = 400
    if form.is_submitted_and_valid():
        try:
            user, link = _entered(form.token.data or "")
        except DomainError as error:
            status = form.refuse(error)
        else:
            begin_session(user, link)
            return redirect(url_for("home"), 303)
    return render_template("links/open.html", form=form), status


def _entered(token: str) -> tuple[User, PersonalLink]:
    instant, address = now(), request.remote_addr or ""
    service.refuse_when_locked(reading(), address=address, now=instant)
    in_office_today, request_id = in_office(today()), g.request_id
    try:
        return retry_on_conflict(
            lambda session: service.enter(session, token, in_office=in_office_today, request_id=request_id, now=instant)
        )
    except service.LinkRefused:
        retry_on_conflict(lambda session: service.note_refusal(session, address=address, now=instant))
        raise

"""Signing in and out, one's own password, one's own language."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from pendamping.accounts import service
from pendamping.accounts.forms import PasswordForm, SignInForm
from pendamping.accounts.models import User
from pendamping.accounts.session import begin_session, end_session, session_browser, session_id, signed_in_user
from pendamping.kernel.access import access, now, public, request_actor
from pendamping.kernel.audit import Actor
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.i18n import LANGUAGES, force_locale
from pendamping.kernel.roles import EVERYONE
from pendamping.reminders import personal

bp = Blueprint("accounts", __name__)


@bp.route("/masuk", methods=["GET", "POST"])
@public(keeps_typed=True)
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("home"))
    form = SignInForm(next=request.args.get("next", ""))
    status = 200
    if form.is_submitted_and_valid():
        try:
            user = _checked(form)
        except DomainError as error:
            status = form.refuse(error)
        else:
            begin_session(user)
            return redirect(_local(form.next.data) or url_for("home"))
    elif form.is_submitted():
        status = 400
    return render_template("accounts/sign_in.html", form=form), status


def _checked(form: SignInForm) -> User:
    instant, address = now(), request.remote_addr or ""
    username = form.username.data or ""
    service.refuse_when_locked(reading(), username=username, address=address, now=instant)
    user = service.check_password(reading(), username=username, password=form.password.data or "")
    if user is None:
        _count_failure(username)
        raise service.SignInRefused
    with transaction() as store:
        service.note_sign_in(store, user, actor=Actor(user.id, user.name, g.request_id), now=instant)
    return user


def _count_failure(username: str) -> None:
    # Two failures of one name at once both find nothing to count on; the second try finds the other's row.
    retry_on_conflict(
        lambda store: service.note_failed_sign_in(
            store, username=username, address=request.remote_addr or "", now=now()
        )
    )


def _local(address: str | None) -> str | None:
    """The page that was asked for before signing in, if it is one of ours."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc or any(ord(each) < 32 for each in address) else address


@bp.post("/keluar")
@access(EVERYONE, before_password_change=True)
def sign_out() -> ResponseReturnValue:
    retry_on_conflict(_signed_out)
    end_session()
    flash(_("Anda sudah keluar."), "success")
    return redirect(url_for(".sign_in"))


def _signed_out(store: Session) -> None:
    user, browser_id = signed_in_user(), session_browser()
    service.sign_out(store, user, session_id=session_id(), actor=request_actor(), now=now())
    if browser_id is not None:
        personal.forget_browser(store, user.id, browser_id, actor=request_actor(), now=now())


@bp.route("/kata-sandi", methods=["GET", "POST"])
@access(EVERYONE, keeps_typed=True, before_password_change=True)
def change_password() -> ResponseReturnValue:
    user = signed_in_user()
    if user.officer_id is not None:
        raise NotThere
    is_forced = user.must_change_password
    form = PasswordForm()
    if form.is_submitted_and_valid():
        try:
            # Guessing here is counted like guessing at the door.
            service.refuse_when_locked(reading(), username=user.username, address=request.remote_addr or "", now=now())
            with transaction() as store:
                service.change_own_password(
                    store,
                    user,
                    current=form.current.data or "",
                    new=form.new.data or "",
                    actor=request_actor(),
                    now=now(),
                )
                had_more = personal.end_what_needs_no_sign_in(store, user.id, actor=request_actor(), now=now())
        except service.SignInLocked as error:
            form.refuse(error)
        except service.WrongPassword as error:
            _count_failure(user.username)
            form.refuse(error, form.current)
        except service.BadAccount as error:
            form.refuse(error, form.new)
        else:
            begin_session(user)
            flash(_("Kata sandi sudah diganti. Perangkat lain perlu masuk lagi."), "success")
            if had_more:
                flash(
                    _("Alamat kalender dan notifikasi perangkat berakhir; nyalakan lagi di pengaturan pengingat."),
                    "info",
                )
            return redirect(url_for("home"))
    status = 400 if form.is_submitted() else 200
    return render_template("accounts/password.html", form=form, is_forced=is_forced), status


@bp.post("/bahasa")
@public()
def change_language() -> ResponseReturnValue:
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    session["language"] = language
    if current_user.is_authenticated and signed_in_user().language != language:
        user = signed_in_user()
        with transaction() as store:
            service.choose_language(store, user, language, actor=request_actor(), now=now())
    with force_locale(language):
        flash(_("Bahasa diganti."), "success")
    return redirect(_local(request.form.get("next")) or url_for("home"))

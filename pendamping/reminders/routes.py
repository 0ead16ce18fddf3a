"""What a person is reminded of, and that they have seen it."""

import uuid

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pendamping.accounts.session import remember_browser, session_browser, signed_in_user
from pendamping.kernel.access import access, now, public, request_actor, today
from pendamping.kernel.audit import Actor
from pendamping.kernel.database import db, reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.i18n import explained
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import EVERYONE
from pendamping.reminders import mail_confirmation, page, personal, service
from pendamping.reminders.confirmation_mail import confirmation_of
from pendamping.reminders.digest import unsubscribed_person
from pendamping.reminders.feed import calendar_of
from pendamping.reminders.forms import ChoiceForm
from pendamping.reminders.models import ChannelKind, Notification
from pendamping.reminders.policy import visible_notifications
from pendamping.reminders.sending import ways_of
from pendamping.reminders.words import (
    channel_word,
    days_word,
    delivery_word,
    reminder_icon,
    reminder_words,
    rule_word,
)

bp = Blueprint("reminders", __name__)
for word in (channel_word, days_word, delivery_word, reminder_icon, reminder_words, rule_word):
    bp.add_app_template_global(word)


@bp.get("/pemberitahuan")
@access(EVERYONE)
def index() -> ResponseReturnValue:
    ways, after = ways_of(current_app.config["SETTINGS"]), request.args.get("setelah")
    shown = page.reminders_page(reading(), signed_in_user(), after=after, size=PAGE_SIZE, ways=ways)
    return render_template("reminders/index.html", page=shown, is_first="setelah" not in request.args)


@bp.post("/pemberitahuan/dibaca")
@access(EVERYONE)
def read_all() -> ResponseReturnValue:
    unread = visible_notifications(signed_in_user()).where(Notification.read_at.is_(None))
    with transaction() as session:
        count = service.mark_read(session, session.scalars(unread), now=now())
    flash(ngettext("%(num)s ditandai sudah dibaca.", "%(num)s ditandai sudah dibaca.", count), "success")
    return redirect(url_for(".index"))


@bp.post("/pemberitahuan/<uuid:notification_id>/dibaca")
@access(EVERYONE)
def read(notification_id: uuid.UUID) -> ResponseReturnValue:
    with transaction() as session:
        row = db.first_or_404(visible_notifications(signed_in_user()).where(Notification.id == notification_id))
        service.mark_read(session, [row], now=now())
    return redirect(url_for(".index"))


# How a person is reached ----------------------------------------------------------------------------------------------


@bp.route("/pemberitahuan/pengaturan", methods=["GET", "POST"])
@access(EVERYONE, keeps_typed=True)
def choose() -> ResponseReturnValue:
    user, ways = signed_in_user(), ways_of(current_app.config["SETTINGS"])
    form = ChoiceForm.about(personal.choice_of(reading(), user.id), ways)
    if form.is_submitted_and_valid():
        wanted, actor, instant = form.choice(), request_actor(), now()
        retry_on_conflict(lambda session: personal.choose(session, user.id, wanted, actor=actor, now=instant))
        flash(_("Pengaturan pengingat disimpan."), "success")
        return redirect(url_for(".choose"))
    shown = page.choice_page(reading(), user, ways, session_browser())
    return render_template("reminders/choose.html", form=form, page=shown), 400 if form.is_submitted() else 200


@bp.route("/pemberitahuan/berhenti/<token>", methods=["GET", "POST"])
@public(keeps_typed=True)
def unsubscribe(token: str) -> ResponseReturnValue:
    """From a mail, with nobody signed in; mail programs send the POST themselves, without our token (RFC 8058)."""
    person_id = unsubscribed_person(token)
    if person_id is None:
        raise NotThere
    if request.method == "POST":
        instant, actor = now(), Actor(person_id, "tautan surel")
        retry_on_conflict(lambda session: personal.leave_mail(session, person_id, actor=actor, now=instant))
    return render_template("reminders/unsubscribe.html", is_done=request.method == "POST")


@bp.post("/pemberitahuan/surel/kirim-lagi")
@access(EVERYONE)
def ask_again() -> ResponseReturnValue:
    """One more mail to an address that is not confirmed yet."""
    user, actor, instant = signed_in_user(), request_actor(), now()
    if ChannelKind.EMAIL not in ways_of(current_app.config["SETTINGS"]):
        flash(_("Kantor ini belum dapat mengirim surel."), "error")
        return redirect(url_for(".choose"))
    try:
        retry_on_conflict(lambda session: mail_confirmation.ask_again(session, user.id, actor=actor, now=instant))
    except DomainError as refused:
        flash(explained(refused), "error")
    else:
        flash(_("Surel dengan tautannya dikirim dalam semenit."), "success")
    return redirect(url_for(".choose"))


@bp.route("/pemberitahuan/pastikan/<token>", methods=["GET", "POST"])
@public(keeps_typed=True)
def confirm_mail(token: str) -> ResponseReturnValue:
    """From a mail, with nobody signed in. Looking changes nothing: programs that open links for their readers confirm
    no address. The signature in the address stands for the token of a form.
    """
    id_, instant = confirmation_of(token), now()
    if id_ is None:
        raise NotThere
    try:
        asked = mail_confirmation.confirmable(reading(), id_, now=instant)
        actor = Actor(asked.person_id, "tautan surel")
        if request.method == "POST":
            retry_on_conflict(lambda session: mail_confirmation.confirm(session, id_, actor=actor, now=instant))
    except mail_confirmation.LinkIsOver as over:
        return _untold(render_template("reminders/confirm.html", state="over"), over.status)
    return _untold(render_template("reminders/confirm.html", state="done" if request.method == "POST" else "ask"))


def _untold(page: str, status: int = 200) -> Response:
    """A page whose address opens something: no other page learns it, no cache keeps it."""
    answer = Response(page, status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/pemberitahuan/kalender")
@access(EVERYONE)
def make_feed() -> ResponseReturnValue:
    """The address is shown now and never again: only its digest is kept."""
    user, actor, instant = signed_in_user(), request_actor(), now()
    secret = retry_on_conflict(lambda session: personal.make_feed(session, user.id, actor=actor, now=instant))
    base = current_app.config["SETTINGS"].public_url
    return render_template("reminders/feed.html", address=base + url_for(".feed", secret=secret))


@bp.post("/pemberitahuan/kalender/cabut")
@access(EVERYONE)
def revoke_feed() -> ResponseReturnValue:
    with transaction() as session:
        personal.revoke_feed(session, signed_in_user().id, actor=request_actor(), now=now())
    flash(_("Alamat kalender dicabut; yang lama tidak berlaku lagi."), "success")
    return redirect(url_for(".choose"))


@bp.get("/kalender/<secret>.ics")
@public()
def feed(secret: str) -> ResponseReturnValue:
    """A person's calendar for the program that asks for it; whoever has the address may read it."""
    user = personal.owner_of_feed(reading(), secret, today=today(), now=now())
    if user is None:
        raise NotThere
    answer = Response(calendar_of(reading(), user, today=today(), now=now()), mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, max-age=900"
    return answer


@bp.post("/pemberitahuan/perangkat")
@access(EVERYONE)
def subscribe() -> ResponseReturnValue:
    """A browser's own words about where it takes Web Push."""
    found = page.subscription_of(request.get_data(cache=False))
    if found is None:
        return jsonify(error=_("Peramban ini tidak dapat menerima notifikasi.")), 400
    endpoint, p256dh, auth = found
    user, actor, instant = signed_in_user(), request_actor(), now()
    browser_id = retry_on_conflict(
        lambda session: personal.subscribe(
            session, user.id, endpoint=endpoint, p256dh=p256dh, auth=auth, actor=actor, now=instant
        )
    )
    remember_browser(browser_id)
    return jsonify(ok=True), 201


@bp.post("/pemberitahuan/perangkat/lepas")
@access(EVERYONE)
def unsubscribe_browser() -> ResponseReturnValue:
    if endpoint := page.endpoint_of(request.get_data(cache=False)):
        with transaction() as session:
            personal.unsubscribe(session, signed_in_user().id, endpoint=endpoint, actor=request_actor(), now=now())
    return jsonify(ok=True)

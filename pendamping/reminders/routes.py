"""What a person is reminded of, and that they have seen it."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from pendamping.accounts.session import signed_in_user
from pendamping.kernel.access import access, now
from pendamping.kernel.database import db, reading, transaction
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import EVERYONE
from pendamping.reminders import page, service
from pendamping.reminders.models import Notification
from pendamping.reminders.policy import visible_notifications
from pendamping.reminders.words import days_word, reminder_icon, reminder_words, rule_word

bp = Blueprint("reminders", __name__)
for word in (days_word, reminder_icon, reminder_words, rule_word):
    bp.add_app_template_global(word)


@bp.get("/pemberitahuan")
@access(EVERYONE)
def index() -> ResponseReturnValue:
    shown = page.reminders_page(reading(), signed_in_user(), after=request.args.get("setelah"), size=PAGE_SIZE)
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

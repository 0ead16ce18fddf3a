"""The head's page of records that wait: read, accept, give back; several at once."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pendamping.accounts.models import User
from pendamping.accounts.session import signed_in_user
from pendamping.field.intake.acceptance import accept, give_back
from pendamping.field.intake.terms import Sender
from pendamping.field.quarantine import page
from pendamping.field.quarantine.forms import DecisionForm
from pendamping.field.quarantine.models import HeldRecord, Verdict
from pendamping.field.quarantine.policy import visible_held
from pendamping.field.quarantine.queries import held_by_id, last_decided, waiting, waiting_count
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import NotThere
from pendamping.kernel.roles import AGENCY
from pendamping.visits.policy import visible_visits
from pendamping.visits.queries import addenda

bp = Blueprint("quarantine", __name__, url_prefix="/karantina")


@bp.route("", methods=["GET", "POST"])
@access(AGENCY, keeps_typed=True)
def index() -> ResponseReturnValue:
    """What waits, and the decision about those that are ticked."""
    head = signed_in_user()
    visible = visible_held(head, today=today())
    form = DecisionForm()
    if form.is_submitted():
        form.offer(page.ids_in(request.form.getlist("records")))
        if form.is_submitted_and_valid() and _decide(form, head):
            return redirect(url_for(".index"))
    lines = waiting(reading(), visible)
    return render_template(
        "quarantine/index.html",
        form=form,
        lines=[(line, page.summary(line)) for line in lines],
        count=waiting_count(reading(), visible),
        decided=last_decided(reading(), visible),
        addenda=addenda(reading(), visible_visits(head, today=today())),
    ), 400 if form.is_submitted() else 200


@bp.get("/<uuid:held_id>")
@access(AGENCY)
def detail(held_id: uuid.UUID) -> ResponseReturnValue:
    """One record, whole, with the same form."""
    visible = visible_held(signed_in_user(), today=today())
    held = reading().scalar(visible.where(HeldRecord.id == held_id))
    if held is None:
        raise NotThere
    line = page.line_or_none(reading(), held, visible)
    if line is None:
        flash(_("Catatan ini sudah diputuskan."), "info")
        return redirect(url_for(".index"))
    shown = page.held_page(reading(), held, line, today=today())
    return render_template("quarantine/detail.html", page=shown, form=DecisionForm(formdata=None))


def _decide(form: DecisionForm, head: User) -> bool:
    """Store the decision; what the rules refuse is said and keeps waiting. False when nothing could be stored."""
    sender = Sender(head, request_actor(), today(), now())
    with transaction() as session:
        held = held_by_id(session, visible_held(head, today=today()), form.chosen)
        if not held:
            raise NotThere
        if form.verdict.data == Verdict.RETURNED:
            returned = give_back(session, held, reason=form.reason.data or "", head=head, sender=sender)
            _say(returned, ngettext("%(num)s catatan dikembalikan.", "%(num)s catatan dikembalikan.", returned))
            _say_decided_before(len(held) - returned)
            return True
        results = accept(session, held, head=head, sender=sender)
    refused = [each for each in results if each.refusals]
    decided_before = sum(each.is_decided_before for each in results)
    stored = len(results) - len(refused) - decided_before
    _say(stored, ngettext("%(num)s catatan diterima.", "%(num)s catatan diterima.", stored))
    _say_decided_before(decided_before)
    form.form_errors = [
        *form.form_errors,
        *(_("Belum dapat diterima: %(why)s", why=" ".join(each.refusals)) for each in refused),
    ]
    return not refused


def _say(count: int, words: str, tone: str = "success") -> None:
    if count:
        flash(words, tone)


def _say_decided_before(count: int) -> None:
    words = ngettext("%(num)s catatan sudah diputuskan.", "%(num)s catatan sudah diputuskan.", count)
    _say(count, words, "info")

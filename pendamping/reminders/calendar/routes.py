"""The admin's pages about obligations: the list, one of them with its history, a file of many."""

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from pendamping.accounts.session import signed_in_user
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.forms import fail
from pendamping.kernel.roles import Role
from pendamping.reminders.calendar import page, service
from pendamping.reminders.calendar.forms import EndForm, ObligationForm, ObligationsFileForm
from pendamping.reminders.calendar.page import ObligationPage, Reading
from pendamping.reminders.calendar.reading import table_of
from pendamping.reminders.obligations import Terms

bp = Blueprint("obligations", __name__, url_prefix="/kalender/kewajiban")


@bp.get("")
@access(Role.ADMIN)
def index() -> ResponseReturnValue:
    return render_template("obligations/index.html", lines=page.obligation_lines(reading(), today=today()))


@bp.route("/baru", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def create() -> ResponseReturnValue:
    form = ObligationForm.about(None, today=today())
    if form.is_submitted_and_valid():
        code = retry_on_conflict(lambda session: _add(session, form.terms(), form.in_force_on.data or today()))
        flash(_("Kewajiban disimpan."), "success")
        return redirect(url_for(".detail", obligation=code))
    return render_template("obligations/new.html", form=form), 400 if form.is_submitted() else 200


def _add(session: Session, terms: Terms, in_force_on: dt.date) -> str:
    return service.add_obligation(
        session, terms, in_force_on=in_force_on, author_id=signed_in_user().id, actor=request_actor(), now=now()
    )


@bp.route("/<obligation>", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def detail(obligation: str) -> ResponseReturnValue:
    """One obligation to change from a day on, what it was before, and its end."""
    shown = _page_or_404(obligation)
    form = ObligationForm.about(shown.line.obligation, today=today())
    status = 200
    if form.is_submitted_and_valid():
        try:
            has_changed = retry_on_conflict(lambda session: _change(session, obligation, form))
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Kewajiban disimpan.") if has_changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".detail", obligation=obligation))
    elif form.is_submitted():
        status = 400
    return _detail(shown, form, _end_form(shown)), status


def _change(session: Session, code: str, form: ObligationForm) -> bool:
    return service.change_obligation(
        session,
        code,
        form.terms(),
        seen=form.seen.number,
        in_force_on=form.in_force_on.data or today(),
        today=today(),
        author_id=signed_in_user().id,
        actor=request_actor(),
        now=now(),
    )


def _page_or_404(code: str) -> ObligationPage:
    shown = page.obligation_page(reading(), code, today=today())
    if shown is None:
        raise NotThere
    return shown


def _end_form(shown: ObligationPage) -> EndForm:
    return EndForm(formdata=None, today=today(), last_on=today(), seen_last=str(shown.line.obligation.newest.number))


def _detail(shown: ObligationPage, form: ObligationForm, end_form: EndForm) -> str:
    return render_template("obligations/detail.html", page=shown, form=form, end_form=end_form)


@bp.post("/<obligation>/akhir")
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def end(obligation: str) -> ResponseReturnValue:
    shown = _page_or_404(obligation)
    form = EndForm(today=today())
    status = 400
    if form.is_submitted_and_valid():
        try:
            retry_on_conflict(lambda session: _end(session, obligation, form))
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Kewajiban diakhiri; yang sudah tercatat tetap ada."), "success")
            return redirect(url_for(".detail", obligation=obligation))
    return _detail(shown, _unsent(shown), form), status


def _unsent(shown: ObligationPage) -> ObligationForm:
    return ObligationForm.about(shown.line.obligation, today=today(), is_sent=False)


def _end(session: Session, code: str, form: EndForm) -> bool:
    return service.end_obligation(
        session,
        code,
        seen=form.seen_last.number,
        last_on=form.last_on.data or today(),
        today=today(),
        author_id=signed_in_user().id,
        actor=request_actor(),
        now=now(),
    )


@bp.route("/berkas", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def read_file() -> ResponseReturnValue:
    """A file is shown first, line by line, and can be put right; sent with `simpan` it is taken whole."""
    form = ObligationsFileForm(today=today())
    read: Reading | None = None
    if form.is_submitted_and_valid():
        read = _read(form)
        if read and not read.faults and "simpan" in request.form:
            count = retry_on_conflict(lambda session: _take(session, form))
            flash(ngettext("%(num)s kewajiban disimpan.", "%(num)s kewajiban disimpan.", count), "success")
            return redirect(url_for(".index"))
    is_wrong = form.is_submitted() and (read is None or bool(read.faults))
    return render_template("obligations/file.html", form=form, read=read), 400 if is_wrong else 200


def _read(form: ObligationsFileForm) -> Reading | None:
    """What the file or the lines say; None, with a message, where there is nothing to read."""
    if form.file.data:
        form.lines.data = table_of(form.file.data.read())
        if form.lines.data is None:
            fail(form.file, _("Berkas ini bukan CSV atau ICS, atau bukan UTF-8."))
            return None
    if not (form.lines.data or "").strip():
        fail(form.file, _("Pilih berkasnya."))
        return None
    return page.read_file(reading(), form.lines.data or "")


def _take(session: Session, form: ObligationsFileForm) -> int:
    """Every change in one transaction, read anew in it."""
    in_force_on = form.in_force_on.data or today()
    changes = page.read_file(session, form.lines.data or "").changes
    for each in changes:
        if each.before is None:
            _add(session, each.terms, in_force_on)
            continue
        service.change_obligation(
            session,
            each.before.code,
            each.terms,
            seen=each.before.newest.number,
            in_force_on=in_force_on,
            today=today(),
            author_id=signed_in_user().id,
            actor=request_actor(),
            now=now(),
        )
    return len(changes)

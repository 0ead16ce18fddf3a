"""A cooperative's documents and its figures of a month."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.accounts.session import signed_in_user
from pendamping.attachments import service as attachments
from pendamping.attachments.service import KeptFile
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative, Document
from pendamping.cooperatives.policy import can_edit
from pendamping.cooperatives.records import service
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.forms import DocumentForm, FiguresForm
from pendamping.cooperatives.records.queries import all_documents_of, document_of, figures_before, revisions_of
from pendamping.cooperatives.records.words import month_words
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.files import files
from pendamping.kernel.i18n import explained
from pendamping.kernel.roles import STAFF, Role

bp = Blueprint("records", __name__, url_prefix="/koperasi/<code>")

BODY_MEGABYTES = 32
"""More than a file may have, so that one that is too large is answered at its field."""
EARLIEST_YEAR = 2000
MONTH = "<int(fixed_digits=4):year>-<int(fixed_digits=2):month>"


@bp.get("/dokumen")
@access(STAFF)
def documents(code: str) -> ResponseReturnValue:
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    found = all_documents_of(reading(), cooperative.id, today=today())
    return render_template("records/documents.html", cooperative=cooperative, documents=found, can_edit=can_edit(user))


@bp.route("/dokumen/baru", methods=["GET", "POST"])
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True, body_megabytes=BODY_MEGABYTES)
def add_document(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    return _document_form(cooperative, DocumentForm(), None)


@bp.route("/dokumen/<uuid:document_id>/pengganti", methods=["GET", "POST"])
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True, body_megabytes=BODY_MEGABYTES)
def replace_document(code: str, document_id: uuid.UUID) -> ResponseReturnValue:
    """A renewal: the new paper begins with what stays the same."""
    cooperative = cooperative_or_404(signed_in_user(), code)
    old = _document(cooperative, document_id)
    form = DocumentForm(kind=str(old.kind), title=old.title, number=old.number)
    return _document_form(cooperative, form, old)


@bp.post("/dokumen/<uuid:document_id>/tarik")
@access(Role.FACILITATOR, Role.ADMIN)
def withdraw_document(code: str, document_id: uuid.UUID) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    document = _document(cooperative, document_id)
    try:
        with transaction() as session:
            service.withdraw_document(session, document, actor=request_actor(), now=now())
    except service.DocumentIsClosed as error:
        flash(explained(error), "error")
    else:
        flash(_("%(title)s ditarik dari daftar.", title=document.title), "success")
    return redirect(_documents_of(code))


@bp.route(f"/angka/{MONTH}", methods=["GET", "POST"])
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def figures(code: str, year: int, month: int) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    chosen = _month(year, month)
    known = revisions_of(reading(), cooperative.id, chosen)
    latest = known[0].figures if known else Figures()
    form = FiguresForm(obj=latest, seen_revision=known[0].revision if known else 0)
    before = figures_before(reading(), cooperative.id, chosen)
    if form.is_submitted_and_valid() and not form.asks_about(before.figures if before else Figures()):
        try:
            return _figures_stored(cooperative, chosen, form)
        except service.FiguresChanged as error:
            form.refuse(error)
            known = revisions_of(reading(), cooperative.id, chosen)
            form.seen_revision.show(known[0].revision)
    return render_template(
        "records/figures.html", form=form, cooperative=cooperative, month=chosen, revisions=known, before=before
    ), 400 if form.is_submitted() else 200


def _figures_stored(cooperative: Cooperative, month: Month, form: FiguresForm) -> ResponseReturnValue:
    code = cooperative.code
    with transaction() as session:
        row = service.record_figures(
            session,
            cooperative,
            month,
            form.figures(),
            seen_revision=form.seen_revision.number,
            author_id=signed_in_user().id,
            actor=request_actor(),
            today=today(),
            now=now(),
        )
    if row is None:
        flash(_("Tidak ada yang berubah pada angka %(month)s.", month=month_words(month)), "plain")
    else:
        flash(_("Angka %(month)s disimpan.", month=month_words(month)), "success")
    return redirect(url_for("cooperatives.detail", code=code, _anchor="angka"))


def _month(year: int, month: int) -> Month:
    """The month an address names; one that has not begun is refused before anybody fills in its form."""
    if not 1 <= month <= 12 or year < EARLIEST_YEAR:
        raise NotThere
    chosen = Month(year, month)
    if chosen > Month.of(today()):
        raise service.MonthHasNotBegun
    return chosen


def _document(cooperative: Cooperative, document_id: uuid.UUID) -> Document:
    document = document_of(reading(), cooperative.id, document_id)
    if document is None:
        raise NotThere
    return document


def _documents_of(code: str) -> str:
    return url_for("cooperatives.detail", code=code, _anchor="dokumen")


def _document_form(cooperative: Cooperative, form: DocumentForm, old: Document | None) -> ResponseReturnValue:
    """A new paper, or one in the place of `old`: the same form, the same way to store it."""
    if form.is_submitted_and_valid() and _is_stored(cooperative, form, old):
        flash(_("%(title)s disimpan.", title=form.title.data), "success")
        return redirect(_documents_of(cooperative.code))
    return render_template(
        "records/document.html", form=form, cooperative=cooperative, old=old
    ), 400 if form.is_submitted() else 200


def _is_stored(cooperative: Cooperative, form: DocumentForm, old: Document | None) -> bool:
    """Store what the form holds; what stands against it is said at the file or above the form."""
    try:
        file = attachments.keep(files(), form.file.data.read()) if form.file.data else None
    except DomainError as error:
        form.refuse(error, form.file)
        return False
    try:
        _store_document(cooperative, form, file, old)
    except DomainError as error:
        form.refuse(error)
        return False
    return True


def _store_document(cooperative: Cooperative, form: DocumentForm, file: KeptFile | None, old: Document | None) -> None:
    """The file, the paper, and the end of the one before it: all of it or nothing."""
    id_, author_id, actor, instant = form.new_id.as_uuid, signed_in_user().id, request_actor(), now()
    new = form.document()

    def store(session: Session) -> None:
        if file:
            attachments.receive(session, id_, file, uploader_id=author_id, actor=actor, now=instant)
            attachments.claim(session, [id_], cooperative=cooperative, uploader_id=author_id)
        attachment_id = id_ if file else None
        document, _is_new = service.add_document(
            session, cooperative, id_, new, attachment_id=attachment_id, author_id=author_id, actor=actor, now=instant
        )
        if old is not None:
            service.replace_document(session, old, document, actor=actor, now=instant)

    retry_on_conflict(store)

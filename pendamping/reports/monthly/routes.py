"""Pages of monthly reports: the facilitator's months and each of them; the agency's queue and each report in it."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.attachments.models import Attachment
from pendamping.attachments.routes import small_or_large
from pendamping.attachments.sent import take_photos
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.words import month_words
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import date_in
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotAllowed, NotThere
from pendamping.kernel.files import files
from pendamping.kernel.roles import AGENCY, STAFF, Role
from pendamping.reports.answers import paper_response, put_on_record
from pendamping.reports.monthly import service
from pendamping.reports.monthly.forms import APPROVE, SEND, ReportAddendumForm, ReportForm, ReviewForm, RevisionForm
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus, Section
from pendamping.reports.monthly.page import ReportPage, month_in, review_page, writing_page
from pendamping.reports.monthly.paper import monthly_report_paper, monthly_report_pdf
from pendamping.reports.monthly.policy import can_review, visible_reports
from pendamping.reports.monthly.queries import (
    answered,
    late_reports,
    own_months,
    shows_photo,
    waiting_for_review,
)
from pendamping.reports.monthly.visit_photos import photos_of_visits
from pendamping.reports.monthly.words import photo_words
from pendamping.reports.papers import file_name

bp = Blueprint("monthly", __name__)

BODY_MEGABYTES = 64


@bp.get("/laporan")
@access(Role.FACILITATOR)
def index() -> ResponseReturnValue:
    """The facilitator's months, each with where its report stands."""
    user = signed_in_user()
    lines = own_months(reading(), visible_reports(user), user, today=today())
    return render_template("monthly/index.html", lines=lines, this_month=Month.of(today()))


@bp.route("/laporan/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True, body_megabytes=BODY_MEGABYTES)
def write(year: int, month: int) -> ResponseReturnValue:
    """One month of the facilitator's own: written while it can be, read afterwards."""
    chosen = month_in(year, month, today=today())
    report, form, status = _own(chosen), ReportForm(), 200
    offered = photos_of_visits(reading(), signed_in_user().id, chosen)
    form.offer({each.attachment_id: photo_words(each) for each in offered})
    if form.is_submitted():
        status = _store(form, chosen)
        if status == 201:
            return redirect(url_for(".write", year=chosen.year, month=chosen.number))
        report = _own(chosen)
    page = writing_page(reading(), signed_in_user(), report, chosen, today=today())
    if not form.is_submitted():
        _fill(form, page)
    elif status == 409:  # who has read what came in between may write over it
        form.seen_revision.show(page.revision)
    in_report = {entry.form.id.data for entry in form.photos}
    still = [each for each in offered if str(each.attachment_id) not in in_report]
    return render_template("monthly/report.html", page=page, form=form, sections=list(Section), offered=still), status


def _own(month: Month) -> MonthlyReport | None:
    own = visible_reports(signed_in_user())
    return reading().scalar(own.where(MonthlyReport.year == month.year, MonthlyReport.month == month.number))


def _fill(form: ReportForm, page: ReportPage) -> None:
    form.seen_revision.show(page.revision)
    for section in Section:
        form[str(section)].data = page.content.words_of(section)
    for photo in page.content.photos:
        form.photos.append_entry({"id": photo.attachment_id, "caption": photo.caption})


def _store(form: ReportForm, month: Month) -> int:
    """Keep or send what stands on the page; the status says how it went, the form where it did not."""
    user, actor, day, instant = signed_in_user(), request_actor(), today(), now()
    if form.csrf_token.validate(form):
        form.add_photos(take_photos(form.photo_files, lambda photo: uuid.uuid5(user.id, f"laporan:{photo.sha256}")))
    if not form.is_submitted_and_valid():
        return 400
    written = form.written()
    terms: dict[str, Any] = {"seen_revision": form.seen_revision.number, "actor": actor, "today": day, "now": instant}
    sends = request.form.get("aksi") == SEND
    try:
        if sends:
            note = form.note.data or ""
            retry_on_conflict(lambda session: service.hand_in(session, user, month, written, note=note, **terms))
        else:
            retry_on_conflict(lambda session: service.write_report(session, user, month, written, **terms))
    except DomainError as error:
        return form.refuse(error)
    words = _("Laporan %(month)s dikirim ke dinas.") if sends else _("Laporan %(month)s disimpan sebagai draf.")
    flash(words % {"month": month_words(month)}, "success")
    return 201


@bp.post("/laporan/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>/tarik")
@access(Role.FACILITATOR)
def take_back(year: int, month: int) -> ResponseReturnValue:
    """Take a report back that nobody has answered yet."""
    chosen = month_in(year, month, today=today())
    report, form = _own(chosen), RevisionForm()
    if report is None:
        raise NotThere
    with transaction() as session:
        service.take_back(
            session,
            report,
            seen_revision=form.seen_revision.number,
            author=signed_in_user(),
            actor=request_actor(),
            now=now(),
        )
    flash(_("Laporan ditarik kembali. Ubah, lalu kirim lagi."), "success")
    return redirect(url_for(".write", year=chosen.year, month=chosen.number))


@bp.route("/laporan/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>/tambahan", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def add(year: int, month: int) -> ResponseReturnValue:
    """Add words to an approved report."""
    chosen = month_in(year, month, today=today())
    report = _own(chosen)
    if report is None:
        raise NotThere
    form, status = ReportAddendumForm(), 200
    if not form.is_submitted() and report.status is not ReportStatus.APPROVED:
        return redirect(url_for(".write", year=chosen.year, month=chosen.number))
    if form.is_submitted():
        status = _add(form, report) if form.is_submitted_and_valid() else 400
        if status == 201:
            flash(_("Tambahan disimpan."), "success")
            return redirect(url_for(".write", year=chosen.year, month=chosen.number))
    if status in (200, 409):
        form.seen_revision.show(report.revision)
    return render_template("monthly/addendum.html", form=form, month=chosen), status


def _add(form: ReportAddendumForm, report: MonthlyReport) -> int:
    try:
        with transaction() as session:
            service.add_to_report(
                session,
                report,
                form.text.data or "",
                seen_revision=form.seen_revision.number,
                author=signed_in_user(),
                actor=request_actor(),
                now=now(),
            )
    except DomainError as error:
        return form.refuse(error)
    return 201


@bp.get("/laporan/tinjau")
@access(AGENCY)
def queue() -> ResponseReturnValue:
    """What waits for the head, what never came, what was answered; `?bulan=2026-03` looks back at another month."""
    user = signed_in_user()
    month = Month.of(date_in(f"{request.args.get('bulan', '')}-01") or Month.of(today()).minus(1).first_day)
    reports = visible_reports(user)
    late = late_reports(reading(), visible_cooperative_ids(user, today=today()), today=today())
    return render_template(
        "monthly/queue.html",
        waiting=waiting_for_review(reading(), reports, today=today()),
        late=late,
        answered=answered(reading(), reports, month, today=today()),
        month=month,
        has_next=month < Month.of(today()).minus(1),
    )


@bp.route("/laporan/tinjau/<uuid:report_id>", methods=["GET", "POST"])
@access(AGENCY, keeps_typed=True)
def review(report_id: uuid.UUID) -> ResponseReturnValue:
    """One report as it was sent; the head answers it here."""
    user, report = signed_in_user(), _visible(report_id)
    if request.method == "POST" and not can_review(user):
        raise NotAllowed
    form, status = ReviewForm(), 200
    if form.is_submitted():
        status = _decide(form, report) if form.is_submitted_and_valid() else 400
        if status == 201:
            return redirect(url_for(".queue"))
        report = _visible(report_id)
    page = review_page(reading(), report, today=today())
    if status in (200, 409):  # who has read what came in between may decide on top of it
        form.seen_revision.show(page.revision)
    return render_template(
        "monthly/review.html", page=page, form=form, sections=list(Section), can_review=can_review(user)
    ), status


def _visible(report_id: uuid.UUID) -> MonthlyReport:
    report = reading().scalar(visible_reports(signed_in_user()).where(MonthlyReport.id == report_id))
    if report is None:
        raise NotThere
    return report


def _decide(form: ReviewForm, report: MonthlyReport) -> int:
    text, approves = form.text.data or "", form.verdict.data == APPROVE
    terms: dict[str, Any] = {
        "seen_revision": form.seen_revision.number,
        "author": signed_in_user(),
        "actor": request_actor(),
        "now": now(),
    }
    try:
        with transaction() as session:
            if approves:
                service.approve_report(session, report, answer=text, today=today(), **terms)
            else:
                service.return_report(session, report, reason=text, **terms)
    except DomainError as error:
        return form.refuse(error)
    month = month_words(service.month_of(report))
    if approves:
        flash(_("Laporan %(month)s disetujui; kunjungan bulan itu terkunci.", month=month), "success")
    else:
        flash(_("Laporan %(month)s dikembalikan dengan alasannya.", month=month), "success")
    return 201


@bp.get("/laporan/<uuid:report_id>/foto/<uuid:attachment_id>")
@access(STAFF)
def photo(report_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
    """A photo that a report shows or showed when it was sent, for whoever may see the report."""
    if not shows_photo(reading(), _visible(report_id).id, attachment_id):
        raise NotThere
    return small_or_large(reading().get_one(Attachment, attachment_id))


@bp.get("/laporan/<uuid:report_id>/laporan.pdf")
@access(STAFF)
def paper(report_id: uuid.UUID) -> ResponseReturnValue:
    """The report as a paper with its annexes; one that was never sent is none yet."""
    report = _visible(report_id)
    if report.first_sent_at is None:
        raise NotThere
    put_on_record(report, "laporan_bulanan")
    made = monthly_report_paper(reading(), report, files())
    return paper_response(monthly_report_pdf(made), file_name("laporan bulanan", made.number))

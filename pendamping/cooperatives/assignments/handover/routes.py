"""Hand-overs: read and answered by the successor, forced by the admin; cover during leave."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.assignments import page as assignments_page
from pendamping.cooperatives.assignments.covering import cover_leave, end_cover
from pendamping.cooperatives.assignments.handing_over import accept, decline, force
from pendamping.cooperatives.assignments.handover import page
from pendamping.cooperatives.assignments.handover.forms import ACCEPT, AnswerForm, CoverForm, ForceForm
from pendamping.cooperatives.assignments.handover.settling import settle
from pendamping.cooperatives.assignments.models import Assignment, Handover
from pendamping.cooperatives.assignments.policy import visible_covers, visible_handovers
from pendamping.cooperatives.assignments.queries import cover_lines, handover_lines
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.i18n import long_date
from pendamping.kernel.roles import STAFF, Role

bp = Blueprint("handover", __name__)


@bp.get("/serah-terima")
@access(STAFF)
def index() -> ResponseReturnValue:
    """A facilitator's own hand-overs; the agency's of its region."""
    lines = handover_lines(reading(), visible_handovers(signed_in_user(), today=today()))
    return render_template("handover/index.html", lines=lines)


@bp.route("/serah-terima/<uuid:handover_id>", methods=["GET", "POST"])
@access(STAFF, keeps_typed=True)
def detail(handover_id: uuid.UUID) -> ResponseReturnValue:
    """The summary, and the form of whoever is to decide: the successor's answer, or the admin's force."""
    user = signed_in_user()
    handover = page.handover_or_404(user, handover_id, today=today())
    form = ForceForm() if user.role is Role.ADMIN else AnswerForm()
    status = 200
    if form.is_submitted():
        status = 400
        if form.is_submitted_and_valid():
            try:
                flash(_force(form, handover) if isinstance(form, ForceForm) else _answer(form, handover), "success")
                return redirect(url_for(".index"))
            except DomainError as error:
                status = form.refuse(error)
    shown = page.handover_page(reading(), handover, user, today=today())
    return render_template("handover/detail.html", page=shown, form=form, is_admin=user.role is Role.ADMIN), status


def _answer(form: AnswerForm, handover: Handover) -> str:
    actor = request_actor()
    if handover.successor_id != actor.user_id:
        raise NotThere
    with transaction() as session:
        if form.answer.data != ACCEPT:
            decline(session, handover, reason=form.reason.data or "", actor=actor, now=now())
            return str(_("Serah terima ditolak; dinas membaca alasan Anda."))
        accept(session, handover, actor=actor, now=now())
        settle(session, handover.former_id, actor=actor, now=now())
    if handover.effective_at is None:
        return str(_("Serah terima diterima. Berlaku begitu tablet pendamping lama kosong."))
    return str(
        _(
            "Serah terima diterima. Koperasi ini menjadi dampingan Anda setelah %(date)s.",
            date=long_date(handover.ends_on),
        )
    )


def _force(form: ForceForm, handover: Handover) -> str:
    with transaction() as session:
        assignment = session.get_one(Assignment, handover.assignment_id)
        last_visit_on = assignments_page.last_visit_of(session, assignment)
        force(
            session,
            handover,
            reason=form.reason.data or "",
            last_visit_on=last_visit_on,
            actor=request_actor(),
            now=now(),
        )
    return str(_("Serah terima berlaku tanpa menunggu."))


@bp.route("/penugasan/<uuid:assignment_id>/pengganti", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def cover(assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Who stands in while the facilitator is on leave."""
    admin = signed_in_user()
    assignment = assignments_page.assignment_or_404(admin, assignment_id, today=today())
    shown = assignments_page.hand_over_page(reading(), admin, assignment, today=today())
    form = CoverForm(starts_on=max(assignment.starts_on, today()))
    form.offer(shown.people)
    status = 200
    if form.is_submitted():
        status = 400
        if form.is_submitted_and_valid():
            try:
                flash(_cover(form, assignment), "success")
                return redirect(url_for(".cover", assignment_id=assignment_id))
            except DomainError as error:
                status = form.refuse(error)
    covers = cover_lines(reading(), page.of_assignment(visible_covers(admin, today=today()), assignment_id))
    return render_template("handover/cover.html", page=shown, form=form, covers=covers, today=today()), status


def _cover(form: CoverForm, assignment: Assignment) -> str:
    first, last = form.starts_on.data, form.ends_on.data
    assert first is not None
    assert last is not None
    with transaction() as session:
        people = assignments_page.people_to_choose(session, signed_in_user(), also=[], today=today())
        person = people[form.facilitator_id]
        cover_leave(
            session,
            assignment,
            person,
            starts_on=first,
            ends_on=last,
            reason=form.reason.data or "",
            actor=request_actor(),
            now=now(),
        )
    return str(_("%(name)s menggantikan sampai %(date)s.", name=person.name, date=long_date(last)))


@bp.post("/penugasan/pengganti/<uuid:cover_id>/akhir")
@access(Role.ADMIN)
def end(cover_id: uuid.UUID) -> ResponseReturnValue:
    """Whoever was away is back."""
    row = page.cover_or_404(signed_in_user(), cover_id, today=today())
    with transaction() as session:
        end_cover(session, row, today=today(), actor=request_actor(), now=now())
    flash(_("Masa penggantian diakhiri."), "success")
    return redirect(url_for(".cover", assignment_id=row.assignment_id))

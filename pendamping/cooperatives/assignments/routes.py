"""The admin's pages about assignments: a programme year at once, hand-over, history."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pendamping.accounts.models import User
from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.assignments import page, service
from pendamping.cooperatives.assignments.forms import FIELD, PROPOSE, HandOverForm, YearForm, year_form
from pendamping.cooperatives.assignments.handing_over import force, propose
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import long_date
from pendamping.kernel.roles import Role

bp = Blueprint("assignments", __name__, url_prefix="/penugasan")


@bp.route("", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def index() -> ResponseReturnValue:
    admin, after = signed_in_user(), request.args.get("setelah")
    year = page.year_shown(reading(), request.args.get("tahun"), today=today())
    if year is None:
        return render_template("assignments/no_year.html")
    shown = page.year_page(reading(), admin, year, after=after, today=today())
    people = page.people_to_choose(reading(), admin, also=_sent().values(), today=today())
    form = _form_of(shown, people)
    if form.is_submitted_and_valid():
        try:
            made = _store(form, shown, people)
        except service.AssignmentsRefused as refused:
            for code, fault in refused.faults.items():
                form.refuse(fault, form.select_of(code))
        else:
            _say(made)
            return redirect(url_for(".index", tahun=year.year, setelah=after))
    years = page.years_of(reading())
    return render_template(
        "assignments/index.html", page=shown, form=form, years=years, after=after, today=today()
    ), 400 if form.is_submitted() else 200


def _sent() -> dict[str, str]:
    """What was chosen, by code; also for rows that somebody else has filled meanwhile."""
    return {name.removeprefix(FIELD): id_ for name, id_ in request.form.items() if name.startswith(FIELD) and id_}


def _form_of(shown: page.YearPage, people: Mapping[uuid.UUID, User]) -> YearForm:
    sent, year = _sent(), shown.year
    rows = {row.cooperative.code: row.cooperative.short_name for row in shown.rows}
    choosable = {code: name for code, name in rows.items() if code in sent or code in shown.open_codes}
    starts_on = min(max(year.starts_on, today()), year.ends_on)
    named = [(id_, user.name) for id_, user in people.items()]
    return year_form(choosable, named, first=year.starts_on, last=year.ends_on, starts_on=starts_on)


def _store(form: YearForm, shown: page.YearPage, people: Mapping[uuid.UUID, User]) -> int:
    day, until = form.starts_on.data, shown.year.ends_on
    assert day is not None
    rows = {row.cooperative.code: row for row in shown.rows}
    chosen = [(rows[code], people[id_]) for code, id_ in form.chosen().items()]
    # Where somebody accompanies it until later, the next one begins then.
    wanted = [
        service.NewAssignment(row.cooperative, facilitator, max(day, row.open_from or day), until)
        for row, facilitator in chosen
    ]
    with transaction() as session:
        return service.assign_all(session, wanted, actor=request_actor(), now=now())


def _say(made: int) -> None:
    if made:
        flash(ngettext("%(num)s penugasan disimpan.", "%(num)s penugasan disimpan.", made), "success")
    else:
        flash(_("Tidak ada yang baru untuk disimpan."), "info")


@bp.route("/<uuid:assignment_id>/serah-terima", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def hand_over(assignment_id: uuid.UUID) -> ResponseReturnValue:
    admin = signed_in_user()
    assignment = page.assignment_or_404(admin, assignment_id, today=today())
    if assignment.ends_on < today():
        raise service.AssignmentIsOver(date=assignment.ends_on.isoformat())
    shown = page.hand_over_page(reading(), admin, assignment, today=today())
    form = HandOverForm(ends_on=min(max(assignment.starts_on, today()), assignment.ends_on))
    form.offer(shown.people)
    if form.is_submitted_and_valid():
        try:
            said = _handed_over(form, assignment, admin)
        except (service.LastDayOutside, service.VisitsAfterLastDay) as error:
            form.refuse(error, form.ends_on)
        except DomainError as error:
            form.refuse(error, form.successor)
        else:
            flash(said, "success")
            return redirect(url_for(".history", code=shown.line.cooperative_code))
    return render_template("assignments/hand_over.html", page=shown, form=form), 400 if form.is_submitted() else 200


def _handed_over(form: HandOverForm, assignment: Assignment, admin: User) -> str:
    """Store it, and say what was stored."""
    day, chosen, actor = form.ends_on.data, form.successor_id, request_actor()
    assert day is not None
    with transaction() as session:
        last_visit_on = page.last_visit_of(session, assignment)
        if chosen is None:
            service.end_assignment(
                session, assignment, ends_on=day, last_visit_on=last_visit_on, actor=actor, now=now()
            )
            return str(_("Penugasan berakhir pada %(date)s.", date=long_date(day)))
        successor = page.people_to_choose(session, admin, also=[str(chosen)], today=today())[chosen]
        handover = propose(
            session,
            assignment,
            successor,
            ends_on=day,
            note=form.note.data or "",
            last_visit_on=last_visit_on,
            actor=actor,
            now=now(),
        )
        if form.way.data == PROPOSE:
            return str(_("Serah terima kepada %(name)s diusulkan. Menunggu jawabannya.", name=successor.name))
        force(session, handover, reason=form.note.data or "", last_visit_on=last_visit_on, actor=actor, now=now())
        return str(_("Serah terima kepada %(name)s disimpan.", name=successor.name))


@bp.get("/<code>/riwayat")
@access(Role.ADMIN)
def history(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    lines = page.history(reading(), cooperative)
    return render_template("assignments/history.html", cooperative=cooperative, lines=lines, today=today())

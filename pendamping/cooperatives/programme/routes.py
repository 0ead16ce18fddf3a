"""The admin's pages about the programme's frame: years, the next one, the office's letterhead."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.assignments.policy import visible_assignments
from pendamping.cooperatives.programme import page, queries, service
from pendamping.cooperatives.programme.forms import NextYearForm, OfficeForm, YearFrameForm
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import Role
from pendamping.reports.papers import MONTHS

bp = Blueprint("programme", __name__)


@bp.get("/tahun-program")
@access(Role.ADMIN)
def years() -> ResponseReturnValue:
    return render_template("programme/years.html", years=queries.year_lines(reading()), today=today())


@bp.route("/tahun-program/<int(max=9999):number>", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def edit_year(number: int) -> ResponseReturnValue:
    year = reading().get(ProgrammeYear, number)
    if year is None:
        raise NotThere
    form = YearFrameForm(obj=year)
    if form.is_submitted_and_valid():
        try:
            with transaction() as session:
                service.change_year(session, year, form.frame(), actor=request_actor(), now=now())
        except DomainError as error:
            form.refuse(error, form.ends_on if _is_about_the_end(form, error, year) else form.starts_on)
        else:
            flash(_("Tahun program %(year)s disimpan.", year=str(number)), "success")
            return redirect(url_for(".years"))
    return render_template("programme/year.html", form=form, number=number), 400 if form.is_submitted() else 200


def _is_about_the_end(form: YearFrameForm, error: DomainError, year: ProgrammeYear) -> bool:
    """Which of the two dates to mark: the last day, unless the first alone was moved."""
    return isinstance(error, service.YearRunsBackward) or form.starts_on.data == year.starts_on


@bp.route("/tahun-program/berikutnya", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def next_year() -> ResponseReturnValue:
    shown = page.next_year_page(reading(), signed_in_user(), today=today())
    form = NextYearForm(year=str(shown.number), carries_over=True)
    if form.is_submitted_and_valid():
        try:
            # Two presses at once: the second finds the year that the first has made.
            said = retry_on_conflict(lambda session: _opened(session, form))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(said, "success")
            return redirect(url_for(".years"))
    return render_template("programme/next_year.html", page=shown, form=form), 400 if form.is_submitted() else 200


def _opened(session: Session, form: NextYearForm) -> str:
    """Open the year and carry over what was asked for; says what came of it."""
    admin, number = signed_in_user(), form.number
    year, is_new = service.open_year(session, number, today=today(), actor=request_actor(), now=now())
    said = [
        _("Tahun program %(year)s dibuka.", year=str(number))
        if is_new
        else _("Tahun program %(year)s sudah dibuka sebelumnya.", year=str(number))
    ]
    ending = page.ending_year(session, number)
    if form.carries_over.data and ending and year.ends_on >= today():
        running = queries.running_to_the_end(visible_assignments(admin, today=today()), ending)
        carried = service.carry_over(session, session.scalars(running).all(), year, actor=request_actor(), now=now())
        said += _said_of(carried)
    return " ".join(said)


def _said_of(carried: service.CarriedOver) -> list[str]:
    said = []
    if carried.made:
        said.append(ngettext("%(num)s penugasan terbawa.", "%(num)s penugasan terbawa.", carried.made))
    if carried.closed:
        said.append(_("%(num)s tidak terbawa karena akun pendampingnya ditutup.", num=carried.closed))
    return said


@bp.route("/pengaturan", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def office() -> ResponseReturnValue:
    cities = queries.cities_within(reading(), signed_in_user().scope_prefix)
    code = request.args.get("kota") or next((code for code, _name in cities), "")
    if cities and code not in dict(cities):
        raise NotThere
    form = OfficeForm(obj=queries.office_of(reading(), code))
    if cities and form.is_submitted_and_valid():
        with transaction() as session:
            service.change_office(session, code, form.office(), actor=request_actor(), now=now())
        flash(_("Kop surat disimpan."), "success")
        return redirect(url_for(".office", kota=code))
    return render_template(
        "programme/office.html",
        form=form,
        cities=cities,
        code=code,
        today=today(),
        month=MONTHS[today().month - 1],
    ), 400 if form.is_submitted() else 200

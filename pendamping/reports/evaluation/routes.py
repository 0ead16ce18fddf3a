"""Evaluations: the list of a city and of a cooperative, issuing, and the files as PDF and XLSX."""

import tempfile
from contextlib import ExitStack

from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.programme.queries import cities_within, office_of
from pendamping.cooperatives.queries import name_and_code
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import NotThere
from pendamping.kernel.roles import AGENCY, STAFF, Role
from pendamping.reports.answers import paper_response, put_on_record
from pendamping.reports.evaluation import service
from pendamping.reports.evaluation.city_paper import city_sheet
from pendamping.reports.evaluation.cooperative_paper import cooperative_sheet
from pendamping.reports.evaluation.gather import programme_years
from pendamping.reports.evaluation.page import evaluations_of_cities, evaluations_of_cooperative
from pendamping.reports.evaluation.paper import evaluation_number, evaluation_pdf
from pendamping.reports.evaluation.periods import Period, period_named, periods_of
from pendamping.reports.evaluation.queries import issued_paper
from pendamping.reports.evaluation.words import period_words
from pendamping.reports.evaluation.workbook import write_evaluation
from pendamping.reports.exports.routes import WORKBOOK_TYPE
from pendamping.reports.papers import file_name

bp = Blueprint("evaluations", __name__)

NAMED = "<int(fixed_digits=4):year>-<part>"
FILE = f"{NAMED}.<any(pdf, xlsx):form>"


@bp.get("/program/evaluasi")
@access(AGENCY)
def index() -> ResponseReturnValue:
    """Every period that has begun, for each city that lies whole within the reader's region."""
    cities = cities_within(reading(), signed_in_user().scope_prefix)
    found = evaluations_of_cities(reading(), cities, today=today())
    return render_template("evaluation/index.html", cities=found)


@bp.post(f"/program/evaluasi/<city>/{NAMED}/terbit")
@access(Role.AGENCY_HEAD)
def issue(city: str, year: int, part: str) -> ResponseReturnValue:
    """Number the evaluation of a city and of each of its cooperatives, once the period is over."""
    period, (code, name) = _period(year, part), _city(city)
    given = retry_on_conflict(
        lambda session: service.issue(
            session,
            code,
            _cooperatives_of(code),
            period,
            user_id=signed_in_user().id,
            actor=request_actor(),
            today=today(),
            now=now(),
        )
    )
    if given:
        words = ngettext("%(num)s evaluasi diterbitkan.", "%(num)s evaluasi diterbitkan.", given)
        flash(f"{name}, {period_words(period)}: {words}", "success")
    else:
        flash(_("Semua evaluasi masa ini sudah diterbitkan."), "info")
    return redirect(url_for(".index"), 303)


@bp.get(f"/program/evaluasi/<city>/{FILE}")
@access(AGENCY)
def city(city: str, year: int, part: str, form: str) -> ResponseReturnValue:
    """The evaluation of a city, as it is on record now."""
    period, (code, name) = _period(year, part), _city(city)
    session, paper = reading(), issued_paper(reading(), code, period)
    put_on_record(signed_in_user(), "evaluasi_kota", city=code, period=period.name, form=form)
    if form == "xlsx":
        return _workbook(_cooperatives_of(code), period, name, code, code, is_city=True)
    sheet = city_sheet(session, _cooperatives_of(code), code, period, paper, today=today())
    return paper_response(evaluation_pdf(sheet), file_name("evaluasi", name, period.name))


@bp.get("/koperasi/<code>/evaluasi")
@access(STAFF)
def list_of_cooperative(code: str) -> ResponseReturnValue:
    """Every evaluation of one of the reader's cooperatives."""
    cooperative = cooperative_or_404(signed_in_user(), code)
    lines = evaluations_of_cooperative(reading(), cooperative, today=today())
    return render_template("evaluation/cooperative.html", cooperative=name_and_code(cooperative), lines=lines)


@bp.get(f"/koperasi/<code>/evaluasi/{FILE}")
@access(STAFF)
def cooperative(code: str, year: int, part: str, form: str) -> ResponseReturnValue:
    """The evaluation of one of the reader's cooperatives, as it is on record now."""
    return _of(cooperative_or_404(signed_in_user(), code), _period(year, part), form)


@bp.get(f"/evaluasi/{FILE}")
@access(Role.COOPERATIVE)
def own(year: int, part: str, form: str) -> ResponseReturnValue:
    """A cooperative's own evaluation, once it was issued."""
    found = reading().scalars(visible_cooperatives(signed_in_user(), today=today())).one()
    period = _period(year, part)
    if issued_paper(reading(), found.code, period) is None:
        raise NotThere
    return _of(found, period, form)


def _of(found: Cooperative, period: Period, form: str) -> Response:
    code, city_code, name = found.code, found.city_code, found.short_name
    put_on_record(found, f"evaluasi {period.name} {form}")
    own = visible_cooperatives(signed_in_user(), today=today()).where(Cooperative.code == code)
    if form == "xlsx":
        return _workbook(own, period, name, code, city_code, is_city=False)
    paper = issued_paper(reading(), code, period)
    sheet = cooperative_sheet(reading(), own, city_code, period, paper, today=today())
    return paper_response(evaluation_pdf(sheet), file_name("evaluasi", name, period.name))


def _workbook(
    cooperatives: Select[Cooperative], period: Period, name: str, code: str, city_code: str, *, is_city: bool
) -> Response:
    paper = issued_paper(reading(), code, period)
    number = evaluation_number(paper, period, office_of(reading(), city_code)) if paper else ""
    with ExitStack() as unless_sent:
        file = unless_sent.enter_context(tempfile.TemporaryFile(prefix="pendamping-"))
        write_evaluation(
            file,
            reading(),
            cooperatives,
            period,
            subject=name,
            number=number,
            is_city=is_city,
            today=today(),
            made_at=now().astimezone(OFFICE_TZ),
        )
        unless_sent.pop_all()  # the answer that sends it closes it
    file.seek(0)
    title = file_name("evaluasi", name, period.name).removesuffix(".pdf")
    return send_file(file, mimetype=WORKBOOK_TYPE, as_attachment=True, download_name=f"{title}.xlsx")


def _period(year: int, part: str) -> Period:
    found = period_named(periods_of(programme_years(reading()), today=today()), year, part)
    if found is None:
        raise NotThere
    return found


def _city(code: str) -> tuple[str, str]:
    """Of the cities that lie whole within the reader's region: who oversees a part of one reads none."""
    found = dict(cities_within(reading(), signed_in_user().scope_prefix))
    if code not in found:
        raise NotThere
    return code, found[code]


def _cooperatives_of(city_code: str) -> Select[Cooperative]:
    return visible_cooperatives(signed_in_user(), today=today()).where(Cooperative.city_code == city_code)

"""The programme view, its drawings, and the page about the facilitators."""

import re
import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.partnerships.queries import partnership_share
from pendamping.cooperatives.queries import programme_year_on
from pendamping.desk.page import facilitator_row
from pendamping.desk.programme.page import TELLERS, ShownChart, shown_chart
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.i18n import language
from pendamping.kernel.ids import uuid_or_none
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import AGENCY
from pendamping.progress import pictures
from pendamping.progress.city import counts, facilitator_months
from pendamping.progress.city_charts import NARROW, WIDE, draw, figure_of
from pendamping.progress.drawn import DIGEST_LENGTH, DrawnCharts, digest_of, digest_of_picture
from pendamping.progress.filters import narrowing
from pendamping.progress.programme import ages_of_open_actions, city_figures
from pendamping.progress.routes import drawing_response, drawn_charts
from pendamping.visits.schedule.queries import VISITS_PER_MONTH

bp = Blueprint("programme_view", __name__)

DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_LENGTH}}}")
ON_PROGRAMME = ("tahap", "pekan", "tindakan")


@bp.get("/program")
@access(AGENCY)
def index() -> ResponseReturnValue:
    session = reading()
    narrow = narrowing(session, signed_in_user(), today=today())
    year = programme_year_on(session, today())
    counted = counts(session, narrow.cooperatives, month=narrow.chosen.month, today=today())
    charts = [shown_chart(name, session, narrow, today=today()) for name in ON_PROGRAMME]
    return render_template(
        "programme_view/index.html",
        narrow=narrow,
        counted=counted,
        year=year,
        charts=[chart for chart in charts if chart is not None],
        ages=ages_of_open_actions(session, narrow.cooperatives, today=today()),
        figures=city_figures(session, narrow.cooperatives, today=today()),
        partnerships=partnership_share(session, narrow.cooperatives, today=today()),
    )


@bp.get("/program/grafik/<chart>-<digest>.svg")
@access(AGENCY)
def chart(chart: str, digest: str) -> ResponseReturnValue:
    """The drawing that a page has named by its digest; for an older digest the one of today, not to be kept."""
    _refuse_unknown(chart, digest)
    size, width = (NARROW, "sempit") if request.args.get("lebar") == "sempit" else (WIDE, "lebar")
    drawn, name, now_digest = _drawn("svg"), f"{chart}-{width}-{language()}", digest
    svg = drawn.read(name, digest)
    if svg is None:
        told = _shown(chart).told.chart
        now_digest = digest_of(told, size)
        svg = drawn.read_or_draw(name, now_digest, lambda: draw(told, size))
    return drawing_response(svg, "image/svg+xml", asked=digest, is_now=now_digest)


@bp.get("/program/grafik/<chart>-<digest>.png")
@access(AGENCY)
def picture(chart: str, digest: str) -> ResponseReturnValue:
    """The same as a picture to share, with its sentence."""
    _refuse_unknown(chart, digest)
    drawn, name, now_digest = _drawn("png"), f"{chart}-{language()}", digest
    png = drawn.read(name, digest)
    if png is None:
        shown = _shown(chart)
        told, words = shown.told.chart, shown.picture_words
        now_digest = digest_of_picture(told, WIDE, words)
        png = drawn.read_or_draw(name, now_digest, lambda: pictures.picture(lambda: figure_of(told, WIDE), words))
    return drawing_response(png, "image/png", asked=digest, is_now=now_digest)


def _refuse_unknown(chart: str, digest: str) -> None:
    if chart not in TELLERS or not DIGEST.fullmatch(digest):
        raise NotThere


def _shown(chart: str) -> ShownChart:
    narrow = narrowing(reading(), signed_in_user(), today=today())
    shown = shown_chart(chart, reading(), narrow, today=today())
    if shown is None:
        raise NotThere
    return shown


def _drawn(form: str) -> DrawnCharts:
    return drawn_charts("program", signed_in_user().scope_prefix or "semua", form=form)


@bp.get("/pendamping")
@access(AGENCY)
def people() -> ResponseReturnValue:
    """For talking with each of them, not for ranking: by name, each beside their own caseload."""
    session = reading()
    narrow = narrowing(session, signed_in_user(), today=today())
    year = programme_year_on(session, today())
    target = year.visits_per_month if year else VISITS_PER_MONTH
    month, after = narrow.chosen.month, _after(request.args.get("setelah"))
    found = facilitator_months(
        session, narrow.cooperatives, month=month, today=today(), limit=PAGE_SIZE + 1, after=after
    )
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    here: dict[str, Any] = dict(narrow.kept)
    return render_template(
        "programme_view/people.html",
        narrow=narrow,
        rows=[facilitator_row(person, narrow, target) for person in found[:PAGE_SIZE]],
        rhythm=shown_chart("pendamping", session, narrow, today=today()) if after is None else None,
        next_url=url_for(".people", **here, setelah=f"{last.id}:{last.name}") if last else None,
        first_url=url_for(".people", **here) if after else None,
    )


def _after(text: str | None) -> tuple[str, uuid.UUID] | None:
    """Where the page before ended; nonsense begins at the beginning."""
    written, _colon, name = (text or "").partition(":")
    return (name, id_) if (id_ := uuid_or_none(written)) else None

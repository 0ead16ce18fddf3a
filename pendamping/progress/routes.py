"""Where a number comes from, and how it moved."""

import os
import re
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.i18n import language
from pendamping.kernel.roles import STAFF, Role
from pendamping.progress.charts import NARROW, WIDE, score_trend, trend_figure
from pendamping.progress.drawn import DIGEST_LENGTH, DrawnCharts, digest_of, digest_of_picture
from pendamping.progress.explained.page import score_page
from pendamping.progress.page import picture_words, year_chart
from pendamping.progress.pictures import picture
from pendamping.progress.queries import year_of_scores
from pendamping.progress.series import ScoreSeries

bp = Blueprint("progress", __name__)

KEPT_FOR_A_YEAR = "private, max-age=31536000, immutable"
DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_LENGTH}}}")


@bp.get("/koperasi/<code>/skor/<instrument>")
@access(STAFF)
def score(code: str, instrument: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    published = {each.instrument.code: each for each in instruments_on(reading(), today())}.get(instrument)
    if published is None:
        raise NotThere
    page = score_page(reading(), cooperative, published, today=today())
    return render_template("progress/score.html", page=page, links_items=True)


@bp.get("/koperasi/<code>/grafik/skor-<digest>.svg")
@access(STAFF, Role.COOPERATIVE)
def score_chart(code: str, digest: str) -> ResponseReturnValue:
    """The drawing that a page has named by its digest; for an older digest the one of today, not to be kept."""
    cooperative = _named(code, digest)
    is_narrow = request.args.get("lebar") == "sempit"
    drawn, name = drawn_charts(cooperative.code), f"skor-{'sempit' if is_narrow else 'lebar'}-{language()}"
    svg, now_digest = drawn.read(name, digest), digest
    if svg is None:
        chart = year_chart(_series(cooperative), today=today(), is_narrow=is_narrow)
        if chart is None:
            raise NotThere
        measure = NARROW if is_narrow else WIDE
        now_digest = digest_of(chart, measure)
        svg = drawn.read_or_draw(name, now_digest, lambda: score_trend(chart, measure))
    return drawing_response(svg, "image/svg+xml", asked=digest, is_now=now_digest)


@bp.get("/koperasi/<code>/grafik/skor-<digest>.png")
@access(STAFF, Role.COOPERATIVE)
def score_picture(code: str, digest: str) -> ResponseReturnValue:
    """The same as a picture to share, with its sentence."""
    cooperative = _named(code, digest)
    drawn, name = drawn_charts(cooperative.code, form="png"), f"skor-{language()}"
    png, now_digest = drawn.read(name, digest), digest
    if png is None:
        series = _series(cooperative)
        chart = year_chart(series, today=today(), is_narrow=False)
        if chart is None:
            raise NotThere
        words = picture_words(cooperative.short_name, series, today=today())
        now_digest = digest_of_picture(chart, WIDE, words)
        png = drawn.read_or_draw(name, now_digest, lambda: picture(lambda: trend_figure(chart, WIDE), words))
    return drawing_response(png, "image/png", asked=digest, is_now=now_digest)


def _named(code: str, digest: str) -> Cooperative:
    """The cooperative of an address that could be one of ours."""
    if not DIGEST.fullmatch(digest):
        raise NotThere
    return cooperative_or_404(signed_in_user(), code)


def _series(cooperative: Cooperative) -> tuple[ScoreSeries, ...]:
    return year_of_scores(reading(), cooperative.id, instruments_on(reading(), today()), today=today()).series


def drawing_response(drawn: bytes, mimetype: str, *, asked: str, is_now: str) -> ResponseReturnValue:
    """A drawing under its digest, to be kept for good if it is the one that was asked for."""
    response = Response(drawn, mimetype=mimetype)
    response.headers["Cache-Control"] = KEPT_FOR_A_YEAR if is_now == asked else "private, no-cache"
    response.set_etag(is_now)
    return response.make_conditional(request)


def drawn_charts(*place: str, form: str = "svg") -> DrawnCharts:
    """The drawings of one cooperative, or of one region of the programme."""
    instance = Path(current_app.instance_path)
    # The drawing library keeps a list of fonts; it belongs with our own things, not into somebody's home.
    os.environ.setdefault("MPLCONFIGDIR", str(instance / "grafik"))
    return DrawnCharts(instance.joinpath("grafik", *place), form)

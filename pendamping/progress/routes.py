"""Where a number comes from, and how it moved."""

import os
import re
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.i18n import language
from pendamping.kernel.roles import STAFF, Role
from pendamping.progress.charts import NARROW, WIDE, score_trend
from pendamping.progress.drawn import DIGEST_LENGTH, DrawnCharts, digest_of
from pendamping.progress.explained.page import score_page
from pendamping.progress.page import year_chart
from pendamping.progress.queries import year_of_scores

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
    if not DIGEST.fullmatch(digest):
        raise NotThere
    cooperative = cooperative_or_404(signed_in_user(), code)
    is_narrow = request.args.get("lebar") == "sempit"
    drawn, name = _drawn(cooperative.code), f"skor-{'sempit' if is_narrow else 'lebar'}-{language()}"
    svg, now_digest = drawn.read(name, digest), digest
    if svg is None:
        year = year_of_scores(reading(), cooperative.id, instruments_on(reading(), today()), today=today())
        chart = year_chart(year.series, today=today(), is_narrow=is_narrow)
        if chart is None:
            raise NotThere
        measure = NARROW if is_narrow else WIDE
        now_digest = digest_of(chart, measure)
        svg = drawn.read_or_draw(name, now_digest, lambda: score_trend(chart, measure))
    response = Response(svg, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = KEPT_FOR_A_YEAR if now_digest == digest else "private, no-cache"
    response.set_etag(now_digest)
    return response.make_conditional(request)


def _drawn(code: str) -> DrawnCharts:
    instance = Path(current_app.instance_path)
    # The drawing library keeps a list of fonts; it belongs with our own things, not into somebody's home.
    os.environ.setdefault("MPLCONFIGDIR", str(instance / "grafik"))
    return DrawnCharts(instance / "grafik" / code)

"""Where a number comes from."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.roles import STAFF
from pendamping.progress.page import score_page

bp = Blueprint("progress", __name__)


@bp.get("/koperasi/<code>/skor/<instrument>")
@access(STAFF)
def score(code: str, instrument: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    published = {each.instrument.code: each for each in instruments_on(reading(), today())}.get(instrument)
    if published is None:
        raise NotThere
    page = score_page(reading(), cooperative, published, today=today())
    return render_template("progress/score.html", page=page)

"""Scores of visits gone by, and what is still unproven."""

import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperative_ids, visible_cooperatives
from pendamping.cooperatives.queries import by_name, name_and_code
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.roles import STAFF
from pendamping.progress.explained.page import past_score_page
from pendamping.progress.explained.queries import unproven_of
from pendamping.visits.models import Visit
from pendamping.visits.policy import visible_visits

bp = Blueprint("explained", __name__)

COOPERATIVES_SHOWN = 15
"""On one page of the whole caseload: each may have up to a hundred answers to look at."""


@bp.get("/kunjungan/<uuid:visit_id>/skor/<instrument>")
@access(STAFF)
def visit_score(visit_id: uuid.UUID, instrument: str) -> ResponseReturnValue:
    """The score that a visit left behind, on its own version, stage and dates."""
    user, session = signed_in_user(), reading()
    visit = session.scalar(visible_visits(user, today=today()).where(Visit.id == visit_id))
    if visit is None:
        raise NotThere
    cooperative = session.get_one(Cooperative, visit.cooperative_id)
    page = past_score_page(session, visit, cooperative, instrument)
    if page is None:
        raise NotThere
    seen = visible_cooperative_ids(user, today=today()).where(Cooperative.id == cooperative.id)
    return render_template("progress/score.html", page=page, links_items=session.scalar(seen) is not None)


@bp.get("/koperasi/<code>/belum-terbukti")
@access(STAFF)
def unproven(code: str) -> ResponseReturnValue:
    """Every good answer of one cooperative that is only a claim, or whose proof has lapsed."""
    cooperative = cooperative_or_404(signed_in_user(), code)
    (found,) = unproven_of(
        reading(), [cooperative], instruments_on(reading(), today()), today=today(), only_critical=_only_critical()
    )
    return render_template(
        "progress/unproven.html",
        cooperative=name_and_code(cooperative),
        found=[found],
        only_critical=_only_critical(),
        all_url=url_for(".unproven", code=code),
        critical_url=url_for(".unproven", code=code, hanya="kritis"),
    )


@bp.get("/belum-terbukti")
@access(STAFF)
def all_unproven() -> ResponseReturnValue:
    """The same over all cooperatives that a person sees, page by page."""
    after = request.args.get("setelah")
    chosen = by_name(visible_cooperatives(signed_in_user(), today=today()), after=after, size=COOPERATIVES_SHOWN)
    cooperatives = reading().scalars(chosen).all()
    shown = cooperatives[:COOPERATIVES_SHOWN]
    only: dict[str, Any] = {"hanya": "kritis"} if _only_critical() else {}
    has_more = len(cooperatives) > COOPERATIVES_SHOWN
    return render_template(
        "progress/unproven.html",
        cooperative=None,
        found=unproven_of(
            reading(), shown, instruments_on(reading(), today()), today=today(), only_critical=_only_critical()
        ),
        only_critical=_only_critical(),
        all_url=url_for(".all_unproven"),
        critical_url=url_for(".all_unproven", hanya="kritis"),
        next_url=url_for(".all_unproven", **only, setelah=shown[-1].code) if has_more else None,
        first_url=url_for(".all_unproven", **only) if after else None,
    )


def _only_critical() -> bool:
    return request.args.get("hanya") == "kritis"

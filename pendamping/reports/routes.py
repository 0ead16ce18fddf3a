"""The papers, made anew each time they are opened; a browser that has the same one already is told so."""

import uuid

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.files import files
from pendamping.kernel.roles import STAFF, Role
from pendamping.reports.answers import paper_response, put_on_record
from pendamping.reports.gather import improvement_plan_of, visit_record_of
from pendamping.reports.papers import file_name, improvement_plan_pdf, visit_record_pdf
from pendamping.visits.models import Visit
from pendamping.visits.policy import visible_visits

bp = Blueprint("reports", __name__)


@bp.get("/kunjungan/<uuid:visit_id>/berita-acara.pdf")
@access(STAFF, Role.COOPERATIVE)
def visit_record(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Berita acara kunjungan; a cooperative finds those of the visits to itself."""
    visit = reading().scalar(visible_visits(signed_in_user(), today=today()).where(Visit.id == visit_id))
    if visit is None:
        raise NotThere
    put_on_record(visit, "berita_acara")
    record = visit_record_of(reading(), visit, files())
    return paper_response(visit_record_pdf(record), file_name("berita acara", record.number))


@bp.get("/koperasi/<code>/rencana.pdf")
@access(STAFF)
def plan_paper(code: str) -> ResponseReturnValue:
    """Rencana perbaikan of one of the reader's cooperatives."""
    return _plan(cooperative_or_404(signed_in_user(), code))


@bp.get("/rencana.pdf")
@access(Role.COOPERATIVE)
def own_plan_paper() -> ResponseReturnValue:
    """A cooperative's own rencana perbaikan."""
    return _plan(reading().scalars(visible_cooperatives(signed_in_user(), today=today())).one())


def _plan(cooperative: Cooperative) -> Response:
    put_on_record(cooperative, "rencana_perbaikan")
    plan = improvement_plan_of(reading(), cooperative, today=today())
    return paper_response(improvement_plan_pdf(plan), file_name("rencana perbaikan", plan.cooperative, str(plan.dated)))

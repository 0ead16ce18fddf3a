"""How a paper goes out: put on record before, and named by its bytes so that a browser that has it is told so."""

import hashlib

from flask import Response, request

from pendamping.kernel import audit
from pendamping.kernel.access import now, request_actor
from pendamping.kernel.database import transaction
from pendamping.kernel.tables import Base

ASKED_FOR_EACH_TIME = "private, no-cache"


def put_on_record(subject: Base, paper: str, **which: str) -> None:
    """Who opened which paper when, and which of its kind; stored before the answer goes out."""
    with transaction() as session:
        audit.record(session, request_actor(), "read_paper", subject, at=now(), after={"paper": paper, **which})


def paper_response(pdf: bytes, name: str) -> Response:
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = ASKED_FOR_EACH_TIME
    response.set_etag(hashlib.sha256(pdf).hexdigest())
    response.make_conditional(request)
    return response

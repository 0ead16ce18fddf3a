"""The tablet's door: who is signed in, what it may carry along, and what it hands in."""

import uuid

import msgspec
from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from pendamping.accounts.session import signed_in_user
from pendamping.field import pack
from pendamping.field.intake.batch import take_in
from pendamping.field.intake.comparison import comparison
from pendamping.field.intake.terms import Sender
from pendamping.field.openapi import document
from pendamping.field.queries import epoch, last_received, receipt_count
from pendamping.field.wire import BODY_MEGABYTES, Answer, BadEnvelope, read_batch
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import EVERYONE, Role
from pendamping.kernel.words import N_
from pendamping.visits.drafts.queries import drafts_of

bp = Blueprint("field", __name__)


class BadRecords(DomainError):
    code = "bad_records"
    status = 422
    explanation = N_("Kiriman ini bukan kumpulan catatan: %(reason)s")


@bp.get("/api/v1/session")
@access(EVERYONE, before_password_change=True)
def session() -> ResponseReturnValue:
    user = signed_in_user()
    return jsonify(
        user=str(user.id),
        name=user.name,
        role=user.role,
        csrf_token=generate_csrf(),
        server_time=now().isoformat().replace("+00:00", "Z"),
        epoch=epoch(reading()),
        receipts=receipt_count(reading(), user.id),
    )


@bp.post("/api/v1/records")
@access(Role.FACILITATOR, body_megabytes=BODY_MEGABYTES)
def records() -> ResponseReturnValue:
    """Take in what was written on a tablet; every record has its answer, whatever becomes of the others."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        batch = read_batch(request.get_data(cache=False))
    except BadEnvelope as error:
        raise BadRecords(reason=str(error)) from error
    except ValueError as error:
        raise BadRequest from error
    user = signed_in_user()
    results = take_in(batch, Sender(user, request_actor(), today(), now()))
    answer = Answer(results, epoch(reading()), receipt_count(reading(), user.id))
    return Response(msgspec.json.encode(answer), mimetype="application/json")


@bp.get("/api/v1/records/<uuid:record_id>/comparison")
@access(Role.FACILITATOR)
def compare(record_id: uuid.UUID) -> ResponseReturnValue:
    """A record that met another version, and that version, side by side for whoever decides."""
    found = comparison(reading(), record_id, signed_in_user(), today=today())
    if found is None:
        raise NotThere
    return jsonify(found.as_json())


@bp.get("/api/v1/field-pack")
@access(Role.FACILITATOR)
def field_pack() -> ResponseReturnValue:
    """What a tablet carries along: its person's pages as they are now, and the files that they need."""
    packed = pack.pack_for(signed_in_user().id, today=today(), now=now())
    answer = jsonify({**packed.as_json(), "made_at": now().isoformat().replace("+00:00", "Z")})
    answer.set_etag(packed.revision)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Cookie")
    return answer.make_conditional(request)


@bp.get("/api/v1/openapi.json")
@access(EVERYONE)
def openapi() -> ResponseReturnValue:
    return jsonify(document())


@bp.get("/pengiriman")
@access(Role.FACILITATOR)
def shipping() -> ResponseReturnValue:
    """What was written and what the office has of it; the tablet's script adds what it still holds."""
    user = signed_in_user()
    return render_template(
        "field/shipping.html", drafts=drafts_of(reading(), user.id), received=last_received(reading(), user.id)
    )

"""The tablet's door: who is signed in, what it may carry along, and what it hands in."""

import datetime as dt
import uuid

import msgspec
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from pendamping.accounts.devices.models import Device
from pendamping.accounts.devices.service import has_news, note_contact
from pendamping.accounts.models import User
from pendamping.accounts.session import is_leaving, session_device, signed_in_user
from pendamping.cooperatives.assignments.handover.settling import settle
from pendamping.field import pack
from pendamping.field.intake.batch import take_in
from pendamping.field.intake.comparison import comparison
from pendamping.field.intake.terms import Sender
from pendamping.field.openapi import document
from pendamping.field.page import facilitator_home
from pendamping.field.quarantine.models import WhyHeld
from pendamping.field.queries import epoch, last_received, memory
from pendamping.field.wire import BODY_MEGABYTES, Answer, BadEnvelope, read_batch
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import EVERYONE, Role
from pendamping.kernel.words import N_
from pendamping.visits.drafts.queries import drafts_of

bp = Blueprint("field", __name__)

WAITING_HEADER = "X-Pendamping-Waiting"


class BadRecords(DomainError):
    code = "bad_records"
    status = 422
    explanation = N_("Kiriman ini bukan kumpulan catatan: %(reason)s")


def home() -> ResponseReturnValue:
    """The facilitator's, at the address of everybody's first page, by `app.py`."""
    page = facilitator_home(reading(), signed_in_user(), today=today(), now=now())
    return render_template("field/home.html", page=page, today=today())


@bp.get("/api/v1/session")
@access(EVERYONE, before_password_change=True, for_leavers=True)
def session() -> ResponseReturnValue:
    """Who is signed in, on which tablet, what the server remembers; and whether its person has left."""
    user, left, device = signed_in_user(), is_leaving(), _own_device()
    note_waiting(device, _waiting())
    name, receipts = _memory(user, device)
    return jsonify(
        user=str(user.id),
        name=user.name,
        role=user.role,
        csrf_token=generate_csrf(),
        server_time=_instant(now()),
        epoch=name,
        receipts=receipts,
        device=str(device.id) if device else None,
        leaving={"why": left.why, "until": _instant(left.until), "then": "wipe"} if left else None,
    )


def _instant(instant: dt.datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _waiting() -> int | None:
    """How many records wait on the tablet beside those of this call, as it says with each."""
    said = request.headers.get(WAITING_HEADER, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else None


def _own_device() -> Device | None:
    """The tablet that this session is on, while it is its person's."""
    id_ = session_device()
    device = reading().get(Device, id_) if id_ else None
    return device if device is not None and device.user_id == signed_in_user().id else None


def note_waiting(device: Device | None, waiting: int | None) -> None:
    """Note when a tablet was heard of, and how much waits on it; only where that is news."""
    if device is None or waiting is None or not has_news(device, waiting_records=waiting, now=now()):
        return
    with transaction() as store:
        note_contact(store, device.id, waiting_records=waiting, now=now())
        if waiting == 0:  # a hand-over may have waited for just this
            settle(store, device.user_id, actor=request_actor(), now=now())


def _memory(user: User, device: Device | None) -> tuple[str, int]:
    """The epoch, and the count of receipts: of this tablet where it is known; else of its person."""
    return (epoch(reading()), device.receipts) if device else memory(reading(), user.id)


@bp.get("/serahkan")
@access(Role.FACILITATOR, for_leavers=True)
def leaving() -> ResponseReturnValue:
    """For whoever has left: the tablet hands in what waits on it, and is then emptied."""
    left = is_leaving()
    return render_template("field/leaving.html", left=left) if left else redirect(url_for("field.shipping"))


@bp.post("/api/v1/records")
@access(Role.FACILITATOR, body_megabytes=BODY_MEGABYTES, for_leavers=True)
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
    user, device = signed_in_user(), _own_device()
    held_for = WhyHeld.LEFT if is_leaving() else None
    sender = Sender(user, request_actor(), today(), now(), held_for=held_for, device_id=device.id if device else None)
    results = take_in(batch, sender)
    if (waiting := _waiting()) is not None:  # the tablet counts without those it has just handed in
        note_waiting(device, waiting + sum(not (each.outcome.is_stored or each.is_held) for each in results))
    answer = Answer(results, *_memory(user, device))
    return Response(msgspec.json.encode(answer), mimetype="application/json")


@bp.get("/api/v1/records/<uuid:record_id>/comparison")
@access(Role.FACILITATOR)
def compare(record_id: uuid.UUID) -> ResponseReturnValue:
    """A record that met another version, and that version, side by side for whoever decides."""
    sha256 = request.args.get("sha256", "")[:64]
    found = comparison(reading(), record_id, signed_in_user(), today=today(), sha256=sha256)
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

"""Files that come in and go out: sent apart from the records that name them, shown as copies without metadata."""

import base64
import hashlib
import uuid

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pendamping.accounts.session import signed_in_user
from pendamping.attachments import service
from pendamping.attachments.models import Attachment, MediaType
from pendamping.attachments.pictures import LARGE_SIDE, SMALL_SIDE, shown_copy
from pendamping.attachments.policy import visible_attachments
from pendamping.kernel import audit
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.files import files
from pendamping.kernel.roles import EVERYONE, Role
from pendamping.kernel.words import N_
from pendamping.visits.queries import cooperative_waiting_for
from pendamping.visits.service import keep_days_still

bp = Blueprint("attachments", __name__)

BODY_MEGABYTES = 16
SIZES = {"kecil": SMALL_SIDE, "besar": LARGE_SIDE}
KEPT_FOR_A_YEAR = "private, max-age=31536000, immutable"
EXTENSIONS = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.HEIC: "heic",
    MediaType.PDF: "pdf",
}


class WrongDigest(DomainError):
    code = "wrong_digest"
    status = 400
    explanation = N_("Berkas rusak di jalan: isinya tidak cocok dengan sidik jarinya. Kirim sekali lagi.")


@bp.put("/api/v1/attachments/<uuid:attachment_id>")
@access(Role.FACILITATOR, body_megabytes=BODY_MEGABYTES, for_leavers=True)
def put(attachment_id: uuid.UUID) -> ResponseReturnValue:
    """Take one file in: 201 for the first time, 200 for the same bytes again, 409 for others under the same id."""
    data = request.get_data(cache=False)
    _refuse_wrong_digest(data)
    kept = service.keep(files(), data)
    user, actor, instant = signed_in_user(), request_actor(), now()

    def take_in(session: Session) -> tuple[Attachment, bool]:
        keep_days_still(session, user.id)  # the visit that names it may come in beside it: one of both sees the other
        taken = service.receive(session, attachment_id, kept, uploader_id=user.id, actor=actor, now=instant)
        waiting = cooperative_waiting_for(session, attachment_id, facilitator_id=user.id)
        if waiting is not None:  # the visit came first; otherwise only who sent the photo could see it
            service.claim(session, [attachment_id], cooperative=waiting, uploader_id=user.id)
        return taken

    attachment, is_new = retry_on_conflict(take_in)
    return jsonify(_as_json(attachment)), 201 if is_new else 200


def _refuse_wrong_digest(data: bytes) -> None:
    """RFC 9530: `Content-Digest: sha-256=:<base64>:`. Pages without https cannot make one, so it may be missing."""
    said = request.headers.get("Content-Digest", "")
    own = base64.b64encode(hashlib.sha256(data).digest()).decode()
    if said and said.strip() != f"sha-256=:{own}:":
        raise WrongDigest


def _as_json(attachment: Attachment) -> dict[str, object]:
    return {
        "id": str(attachment.id),
        "sha256": attachment.sha256,
        "media_type": attachment.media_type,
        "byte_size": attachment.byte_size,
        "width": attachment.width,
        "height": attachment.height,
        "received_at": attachment.received_at.isoformat().replace("+00:00", "Z"),
    }


@bp.get("/lampiran/<uuid:attachment_id>")
@access(EVERYONE)
def show(attachment_id: uuid.UUID) -> ResponseReturnValue:
    """The copy that pages show, small or large; a document that is no picture is sent as it is."""
    attachment = _visible(attachment_id)
    return small_or_large(attachment) if attachment.media_type.is_image else _original(attachment)


def small_or_large(attachment: Attachment) -> Response:
    """The copy of a picture that pages show, for whoever has found that its reader may see it."""
    size = request.args.get("ukuran", "")
    side = SIZES.get(size, LARGE_SIDE)
    copy = files().derived(attachment.sha256, f"{side}.jpg", lambda data: shown_copy(data, side))
    response = Response(copy, mimetype="image/jpeg")
    response.headers["Cache-Control"] = KEPT_FOR_A_YEAR
    return response


@bp.get("/lampiran/<uuid:attachment_id>/asli")
@access(EVERYONE)
def original(attachment_id: uuid.UUID) -> ResponseReturnValue:
    """The file as it was received, metadata and all; that somebody fetched it is put on record."""
    return _original(_visible(attachment_id))


def _original(attachment: Attachment) -> Response:
    with transaction() as session:
        audit.record(session, request_actor(), "read_attachment", attachment, at=now())
    response = Response(files().read(attachment.sha256), mimetype=attachment.media_type)
    name = f"{attachment.id}.{EXTENSIONS[attachment.media_type]}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _visible(attachment_id: uuid.UUID) -> Attachment:
    visible = visible_attachments(signed_in_user(), today=today())
    attachment = reading().scalar(visible.where(Attachment.id == attachment_id))
    if attachment is None:
        raise NotThere
    return attachment

"""Keeping a visit that is still being written, and throwing it away."""

import uuid
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.kernel.access import access, now
from pendamping.kernel.database import retry_on_conflict, transaction
from pendamping.kernel.roles import Role
from pendamping.visits.drafts import service

bp = Blueprint("drafts", __name__)


@bp.put("/koperasi/<code>/kunjungan/draf/<uuid:draft_id>")
@access(Role.FACILITATOR)
def save(code: str, draft_id: uuid.UUID) -> ResponseReturnValue:
    """`{"revision": 3, "fields": [[name, value], ...]}` -> `{"revision": 4, "saved_at": ...}`; 409 when it changed."""
    cooperative, user, instant = cooperative_or_404(signed_in_user(), code), signed_in_user(), now()
    revision, fields = _read(_json())
    draft = retry_on_conflict(
        lambda session: service.save_draft(
            session, cooperative, draft_id, fields, known_revision=revision, author_id=user.id, now=instant
        )
    )
    return jsonify(revision=draft.revision, saved_at=draft.updated_at.isoformat().replace("+00:00", "Z"))


def _json() -> Any:
    try:
        return request.get_json()
    except RecursionError as error:  # brackets within brackets without end
        raise BadRequest from error


def _read(body: Any) -> tuple[int, list[tuple[str, str]]]:
    match body:
        case {"revision": int(revision), "fields": list(pairs)}:
            fields = [(pair[0], pair[1]) for pair in pairs if _is_field(pair)]
            if len(fields) == len(pairs):
                return revision, fields
    raise BadRequest


def _is_field(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) and _is_text(each) for each in pair)


def _is_text(text: str) -> bool:
    """JSON can name halves of characters and NULs; neither can be stored or shown again."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


@bp.post("/koperasi/<code>/kunjungan/draf/<uuid:draft_id>/buang")
@access(Role.FACILITATOR)
def discard(code: str, draft_id: uuid.UUID) -> ResponseReturnValue:
    cooperative_or_404(signed_in_user(), code)
    with transaction() as session:
        was_there = service.drop_draft(session, draft_id, author_id=signed_in_user().id)
    flash(_("Draf dibuang.") if was_there else _("Draf ini sudah tidak ada."), "success")
    return redirect(url_for("home"))

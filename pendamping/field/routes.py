"""The tablet's door: who is signed in, and the token its next record needs."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from pendamping.accounts.session import signed_in_user
from pendamping.kernel.access import access, now
from pendamping.kernel.roles import EVERYONE

bp = Blueprint("field", __name__, url_prefix="/api/v1")


@bp.get("/session")
@access(EVERYONE, before_password_change=True)
def session() -> ResponseReturnValue:
    user = signed_in_user()
    return jsonify(
        user={"id": str(user.id), "name": user.name, "role": user.role},
        csrf_token=generate_csrf(),
        server_time=now().isoformat().replace("+00:00", "Z"),
    )

"""Pages as a tablet keeps them: what differs at each request is left out, so that equal content is equal bytes.

A page asked for with `X-Field-Pack: 1` carries no token, no message of the moment and no freshly made id, and names
days instead of counting them. Without that header it stays exactly as it is.
"""

import uuid
from typing import Any

from flask import Flask, get_flashed_messages, has_request_context, request
from flask_wtf.csrf import generate_csrf

HEADER = "X-Field-Pack"


def is_for_pack() -> bool:
    """Whether the page that is being made will be kept by a tablet."""
    return has_request_context() and request.method == "GET" and request.headers.get(HEADER) == "1"


def new_id() -> str:
    """The id of what a form will make; in a page that is kept the tablet makes it when the form is filled."""
    return "" if is_for_pack() else str(uuid.uuid4())


def init_pack(app: Flask) -> None:
    """Give templates tokens and messages that keep away from pages of the pack, and the question itself."""
    app.add_template_global(_token, "csrf_token")
    app.context_processor(lambda: {"csrf_token": _token})  # Flask-WTF's own goes by this way as well
    app.add_template_global(_messages, "get_flashed_messages")
    app.add_template_global(is_for_pack)


def _token() -> str:
    return "" if is_for_pack() else str(generate_csrf())


def _messages(**terms: Any) -> list[Any]:
    """Messages wait for a page that somebody looks at now."""
    return [] if is_for_pack() else list(get_flashed_messages(**terms))

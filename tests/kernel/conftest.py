"""An app in which things go wrong on demand."""

from collections.abc import Callable, Iterator

import pytest
from flask import Blueprint, Flask, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

import pendamping.app
from pendamping.accounts.models import User
from pendamping.app import create_app
from pendamping.kernel.access import public
from pendamping.kernel.database import db, transaction
from pendamping.kernel.errors import DomainError, NotAllowed, NotThere
from pendamping.kernel.roles import Role
from pendamping.reminders.models import DayOff
from tests.conftest import NOW

SECRET = "hanya-untuk-mata-saya"


class Contradiction(DomainError):
    code = "contradiction"
    explanation = "Sudah ada <b>%(name)s</b>."


def _busy() -> None:
    with transaction() as session:
        session.execute(select(DayOff).with_for_update(nowait=True))


def _rejected_row() -> None:
    with transaction() as session:
        session.add(
            User(username="SITI", name=SECRET, role=Role.ADMIN, password_hash=SECRET, scope_prefix="", created_at=NOW)
        )


FAULTS: dict[str, Callable[[], object]] = {
    "400": lambda: abort(400),
    "403": lambda: _raise(NotAllowed()),
    "404": lambda: _raise(NotThere()),
    "409": lambda: _raise(Contradiction(name="Siti")),
    "413": lambda: abort(413),
    "429": lambda: _raise(TooManyRequests(retry_after=60)),
    "500": lambda: _raise(RuntimeError(SECRET)),
    "503": _busy,
    "row": _rejected_row,
}


def _raise(error: Exception) -> None:
    raise error


@public()
def _fail(fault: str) -> ResponseReturnValue:
    FAULTS[fault]()
    return "nothing went wrong"


@pytest.fixture
def faulty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app with `/uji/<fault>` and `/api/uji/<fault>` in it: each of FAULTS, through the real handlers."""
    faults = Blueprint("faults", __name__)
    faults.add_url_rule("/uji/<fault>", endpoint="page", view_func=_fail, methods=["GET", "POST"])
    faults.add_url_rule("/api/uji/<fault>", endpoint="api", view_func=_fail, methods=["GET", "POST"])
    monkeypatch.setattr(pendamping.app, "FEATURES", (*pendamping.app.FEATURES, faults))
    made = create_app(app.config["SETTINGS"], clock=lambda: NOW)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()

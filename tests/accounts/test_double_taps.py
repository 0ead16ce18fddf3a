"""A wrong password that is sent several times at once: impatient fingers must not meet an error page."""

import hashlib
import threading
from collections.abc import Callable

import pytest
from flask import Flask

from pendamping.accounts.models import SignInFailure, User
from pendamping.kernel.database import reading
from tests.make import PASSWORD
from tests.pages import Browser

TAPS = 6
WRONG = {"username": "siti", "password": "salah-sekali", "current": "salah-sekali"}
NEW = {"new": PASSWORD + "-baru", "repeat": PASSWORD + "-baru"}


@pytest.fixture
def siti(browser: Browser) -> User:
    with browser.make() as make:
        user = make.facilitator(username="siti")
    assert isinstance(user, User)
    return user


@pytest.mark.parametrize(("path", "refused"), [("/masuk", {401, 429}), ("/kata-sandi", {400})])
def test_failures_at_once_are_all_counted_and_none_breaks(
    app: Flask, browser: Browser, siti: User, path: str, refused: set[int]
) -> None:
    taps = [tap(app, browser, siti if path == "/kata-sandi" else None, path) for _ in range(TAPS)]

    statuses = all_at_once(taps)

    assert len(statuses) == TAPS
    assert set(statuses) <= refused
    with app.app_context():
        assert reading().get_one(SignInFailure, hashlib.sha256(b"name:siti").hexdigest()).locked_until is not None


def tap(app: Flask, browser: Browser, user: User | None, path: str) -> Callable[[], int]:
    """One device with its page open, ready to send."""
    device = Browser(app, browser.make)
    if user:
        device.sign_in(user)
    fields = {**device.open(path).fields(), **WRONG, **NEW}
    return lambda: device.client.post(path, data=fields).status_code


def all_at_once(taps: list[Callable[[], int]]) -> list[int]:
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda tap=tap: statuses.append(tap())) for tap in taps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses

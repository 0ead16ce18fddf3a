"""Whoever hands in."""

import pytest

from pendamping.accounts.models import User
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser


@pytest.fixture
def ratna(browser: Browser) -> User:
    """Somebody who is signed in and accompanies KKMP Graha Indah and KKMP Kariangau."""
    with browser.make() as rows:
        user: User = rows.facilitator(GRAHA_INDAH, KARIANGAU)
    browser.sign_in(user)
    return user

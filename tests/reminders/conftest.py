"""An office whose mail server keeps what it is sent."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.reminders.postbox import Postbox, mail_server


@pytest.fixture
def post(app: Flask) -> Iterator[Postbox]:
    with mail_server() as (box, smtp):
        was = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(was, smtp=smtp, public_url="http://localhost")
        yield box
        app.config["SETTINGS"] = was

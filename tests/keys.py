"""Every token of a personal link that a test run makes, and the watch that no answer carries one in its head."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

MADE: set[str] = set()


def remembered(token: str) -> str:
    MADE.add(token)
    return token


class WatchedClient(FlaskClient):
    """A client for which no header of any answer may hold a token: addresses, cookies and names of files included."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        answer = super().open(*args, **options)
        for response in (*answer.history, answer):
            head = str(response.headers)
            assert not [token for token in MADE if token in head], "a header holds a personal link's token"
        return answer

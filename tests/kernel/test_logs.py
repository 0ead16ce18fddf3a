import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import ACTOR, NOW, TODAY
from tests.make import PASSWORD, Make
from tests.pages import Page

Logged = Callable[[], list[dict[str, Any]]]


def test_each_request_is_one_line_of_json(client: FlaskClient, logged: Logged) -> None:
    answer = client.get("/masuk?next=/koperasi")

    (line,) = logged()
    assert line.pop("timestamp")
    assert line.pop("took_ms") > 0
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "endpoint": "accounts.sign_in",
        "path": "/masuk",
        "status": 200,
        "user": None,
        "request_id": answer.headers["X-Request-Id"],
    }


def test_nothing_secret_reaches_the_log(app: Flask, client: FlaskClient, logged: Logged) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        user = make.facilitator()
    fields = Page(client.get("/masuk")).fields()

    client.post("/masuk?token=rahasia-alamat", data={**fields, "username": user.username, "password": "salah-sekali"})
    client.post("/masuk?token=rahasia-alamat", data={**fields, "username": user.username, "password": PASSWORD})
    client.get("/koperasi?q=rahasia-pencarian", headers={"Authorization": "Bearer rahasia-kepala"})

    cookie = client.get_cookie("pendamping")
    assert cookie is not None
    written = json.dumps(logged(), ensure_ascii=False)
    for secret in ("rahasia", "salah-sekali", PASSWORD, fields["csrf_token"], cookie.value, user.name):
        assert secret not in written
    assert logged()[-1]["user"] == str(user.id)


def test_static_files_are_not_logged(client: FlaskClient, logged: Logged) -> None:
    client.get("/static/x/css/app.css", buffered=True)

    assert logged() == []


def test_a_request_says_nothing_of_the_one_before(faulty: Flask, logged: Logged) -> None:
    client = faulty.test_client()

    first, second = client.get("/uji/500"), client.get("/healthz")

    numbers = [line["request_id"] for line in logged()]
    assert numbers == [first.headers["X-Request-Id"]] * 2 + [second.headers["X-Request-Id"]]

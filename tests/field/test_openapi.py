"""The wire as it is documented: every answer is one that the document names, whatever is asked."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pendamping.field.wire import MAX_RECORDS
from tests.only import on_sqlite
from tests.pages import Browser

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
"""Not among them: that input which fits the shapes is taken in. The office's rules say more than shapes can."""


@pytest.fixture
def document(browser: Browser) -> dict[str, Any]:
    with browser.make() as rows:
        ratna = rows.facilitator()
    browser.sign_in(ratna)
    found: dict[str, Any] = browser.client.get("/api/v1/openapi.json").get_json()
    return found


def test_the_document_says_what_the_wire_knows(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {
        "/api/v1/session",
        "/api/v1/field-pack",
        "/api/v1/records",
        "/api/v1/records/{record_id}/comparison",
        "/api/v1/attachments/{attachment_id}",
        "/api/v1/devices/{device_id}",
        "/api/v1/openapi.json",
    }
    schemas = document["components"]["schemas"]
    assert schemas["Batch"]["properties"]["records"]["maxItems"] == MAX_RECORDS
    assert set(schemas["Record"]["properties"]) == {"v", "kind", "id", "body", "base_sha256"}
    assert schemas["Record"]["additionalProperties"] is False
    assert set(schemas["Outcome"]["enum"]) == {"created", "merged", "duplicate", "conflict", "rejected", "later"}


def test_every_endpoint_of_the_wire_is_documented(sqlite_app: tuple[Flask, object], document: dict[str, Any]) -> None:
    app, _ = sqlite_app
    rules = {rule.rule.replace("<uuid:", "{").replace(">", "}") for rule in app.url_map.iter_rules()}

    assert {rule for rule in rules if rule.startswith("/api/")} == set(document["paths"])


def signed_in(browser: Browser) -> Callable[[dict[str, Any], Any], Any]:
    """The app, always asked by the same person: the test client of the tool keeps cookies of its own."""
    cookie = browser.client.get_cookie("pendamping")
    assert cookie is not None
    mine = {"HTTP_COOKIE": f"pendamping={cookie.value}", "HTTP_ACCEPT_ENCODING": "identity"}

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        return browser.app.wsgi_app({**environ, **mine}, start_response)

    return app


@on_sqlite
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/session", "GET"),
        ("/api/v1/field-pack", "GET"),
        ("/api/v1/records", "POST"),
        ("/api/v1/records/{record_id}/comparison", "GET"),
        ("/api/v1/attachments/{attachment_id}", "PUT"),
        ("/api/v1/openapi.json", "GET"),
    ],
)
def test_every_answer_is_one_that_is_documented(
    browser: Browser, document: dict[str, Any], path: str, method: str, mode: GenerationMode
) -> None:
    headers = {"X-CSRF-Token": browser.token}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", signed_in(browser))
    operation = schema[path][method]

    @settings(
        max_examples=15 if method == "GET" else 60,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()

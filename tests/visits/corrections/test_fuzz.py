"""Whatever is thrown at the form of a correction, it is stored whole or refused without a trace."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from pendamping.kernel.database import reading
from pendamping.visits.corrections.models import Correction
from pendamping.visits.models import Answer, Attendance, Visit, VisitScore
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import Make
from tests.pages import Browser
from tests.visits.test_fuzz import FIELDS, FORM, body_of

ANSWERS = {
    "KL-01": ("yes", "klaim"),
    "KL-05": ("na", "klaim", "alasan"),
    "KL-09": ("not_done", "klaim"),
    "KL-22": ("40", "klaim"),
    "TK-02": ("1", "klaim"),
}
OWN = st.lists(
    st.tuples(st.sampled_from(["reason", "base_revision"]), st.sampled_from(["1", "2", "7", "-1", "", "x", "9" * 50])),
    max_size=2,
)


@pytest.fixture(scope="module")
def stored_visit(sqlite_app: tuple[Flask, Any]) -> tuple[FlaskClient, str]:
    """A client of the visit's writer, and the address at which it is put right."""
    app, database = sqlite_app
    database.reset(app)
    browser = Browser(app, Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR))
    with browser.make() as make:
        make.short_instruments()
        facilitator = make.facilitator()
        visit = make.visit(facilitator, ANSWERS)
        browser.sign_in(facilitator)
    return browser.client, f"/kunjungan/{visit.id}/perbaiki"


def stored(client: FlaskClient) -> list[Any]:
    with client.application.app_context():
        tables = (Correction, Attendance, Answer, VisitScore)
        counts = [reading().scalar(select(func.count()).select_from(table)) for table in tables]
        visit = reading().scalars(select(Visit)).one()
        return [*counts, visit.revision, visit.notes, visit.visited_on, visit.started]


def page_of(client: FlaskClient) -> Mapping[str, str]:
    with client.application.app_context():
        revision = reading().scalar(select(Visit.revision))
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    header = {"visited_on": "2026-04-14", "mode": "tatap_muka", "reason": "Salah", "base_revision": str(revision)}
    return {"csrf_token": token, **header}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fields=FIELDS, own=OWN, keeps_header=st.booleans())
def test_any_correction_is_stored_whole_or_refused_without_a_trace(
    stored_visit: tuple[FlaskClient, str],
    fields: list[tuple[str, str | bytes]],
    own: list[tuple[str, str | bytes]],
    keeps_header: bool,
) -> None:
    client, url = stored_visit
    before = stored(client)
    page = page_of(client)
    header = [(name, value) for name, value in page.items() if keeps_header or name == "csrf_token"]

    response = client.post(url, data=body_of([*header, *fields, *own]), content_type=FORM)

    assert response.status_code in (302, 400, 409), response.status_code
    if response.status_code == 302:
        assert client.get(response.headers["Location"]).status_code == 200
        assert client.get(url).status_code == 200
    else:
        assert stored(client) == before

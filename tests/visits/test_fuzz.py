"""Whatever is thrown at the visit's form, it is stored or refused; the house never falls over."""

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from pendamping.kernel.database import reading
from pendamping.plans.models import Action
from pendamping.visits.models import Answer, Attendance, Visit, VisitScore
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, Make
from tests.pages import Browser

URL = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"
TABLES = (Visit, Attendance, Answer, VisitScore, Action)
FORM = "application/x-www-form-urlencoded"

ITEMS = st.sampled_from(["KL-01", "KL-02", "KL-05", "KL-09", "KL-22", "KL-29", "KL-31", "TK-02", "UK-09", "X"])
NUMBERS = st.sampled_from(["0", "1", "2", "7", "007", "299", "9999", "10000", "²", "-1", ""])
PARTS_OF_ACTIONS = st.sampled_from(["id", "item", "title", "owner_role", "due_on", "agreed"])
HEADER = """
    id visited_on started ended mode purposes notes written_at decree_on place-lat place-lon place-accuracy_m photos
    signature signed_by planned_visit draft_revision aksi photo_files
"""
STRAY = "instruments-KL place people_met answers actions csrf_token_"
NAMES = st.one_of(
    st.sampled_from([*HEADER.split(), *STRAY.split(), ""]),
    st.builds("answers-{}-{}".format, ITEMS, st.sampled_from(["value", "proof", "note", "photo", "other"])),
    st.builds("people_met-{}-{}".format, NUMBERS, st.sampled_from(["name", "role", ""])),
    st.builds("actions-{}-{}".format, NUMBERS, PARTS_OF_ACTIONS),
    st.text(max_size=30),
)
WORDS = """
    yes no na 0 3 12,5 40 -1.25 116.85 nan 1e999 2026-01-02 2026-04-14 2026-04-15 not_done accepted klaim foto 09:30
    11.00 draf tatap_muka rapat ketua KL-02 UK-09 y Siti 2026-04-14T01:30:00Z 0001-01-01T00:00:00+14:00
"""
IDS = [str(uuid.UUID(int=number)) for number in range(3)]
SENSIBLE = st.sampled_from([*WORDS.split(), *IDS, "", " ", "a" * 200, "9" * 50])
VALUES = st.one_of(SENSIBLE, SENSIBLE, st.text(max_size=200).map(str.encode), st.binary(max_size=30))
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=25)


@pytest.fixture(scope="module")
def visit_page(sqlite_app: tuple[Flask, Any]) -> tuple[FlaskClient, Mapping[str, Any]]:
    """A client whose page is open, and what the page would send by itself."""
    app, database = sqlite_app
    database.reset(app)
    browser = Browser(app, Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR))
    with browser.make() as make:
        make.short_instruments()
        browser.sign_in(make.facilitator())
    fields = browser.open(URL).fields()
    return browser.client, {name: fields[name] for name in ("csrf_token", "visited_on", "mode")}


def body_of(fields: list[tuple[str, str | bytes]]) -> bytes:
    pairs = [(name.encode("utf-8", "replace"), v if isinstance(v, bytes) else v.encode()) for name, v in fields]
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs).encode()


def stored(client: FlaskClient) -> list[int]:
    with client.application.app_context():
        return [reading().scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fields=FIELDS, keeps_header=st.booleans())
def test_any_form_is_stored_whole_or_refused_without_a_trace(
    visit_page: tuple[FlaskClient, Mapping[str, Any]], fields: list[tuple[str, str | bytes]], keeps_header: bool
) -> None:
    client, page = visit_page
    before = stored(client)
    header = [(name, value) for name, value in page.items() if keeps_header or name == "csrf_token"]

    response = client.post(URL, data=body_of([*header, *fields]), content_type=FORM)

    assert response.status_code in (302, 400, 409), response.status_code
    if response.status_code == 302:
        assert client.get(response.headers["Location"]).status_code == 200
    else:
        assert stored(client) == before

"""An unchanged pack costs nothing, and a pack is never older than what its pages would say."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from pendamping.accounts.models import User
from pendamping.visits.drafts.models import Draft
from pendamping.visits.schedule.service import change_agenda
from tests.conftest import ACTOR, NOW, TODAY
from tests.field import records
from tests.field.records import hand_in, record
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.only import on_sqlite
from tests.pages import Browser

ADDRESS = "/api/v1/field-pack"


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as rows:
        rows.short_instruments()
        user: User = rows.facilitator(GRAHA_INDAH)
        rows.visit(user, {"KL-02": ("no", "diamati")}, visited_on=dt.date(2026, 4, 1))
        rows.planned_visit(user, planned_on=TODAY + dt.timedelta(days=2))
    browser.sign_in(user)
    return user


def revisions(browser: Browser) -> dict[str, str]:
    return {page["url"]: page["revision"] for page in browser.client.get(ADDRESS).get_json()["pages"]}


def made_anew(browser: Browser) -> dict[str, str]:
    browser.app.extensions["field_packs"].clear()
    return revisions(browser)


def requests_behind(browser: Browser) -> int:
    """How many pages were made to answer one asking."""
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        browser.client.get(ADDRESS)
    return len([line for line in logged if line.get("event") == "request"]) - 1


def test_an_unchanged_pack_makes_no_page(browser: Browser, ratna: User) -> None:
    before = revisions(browser)

    assert requests_behind(browser) == 0
    browser.client.get("/api/v1/session")
    assert requests_behind(browser) == 0
    assert revisions(browser) == before
    assert made_anew(browser) == before


Change = Callable[[Make, User], Any]
CHANGES: dict[str, Change] = {
    "a cooperative's name": lambda rows, _: setattr(rows.cooperative(), "short_name", "KKMP Lain"),
    "an action": lambda rows, user: rows.agree(rows.visit(user, {}), user, rows.action_draft("KL-02")),
    "another agenda": lambda rows, user: change_agenda(
        rows.session, rows.planned_visit(user, planned_on=TODAY), agenda="RAT", actor=ACTOR, now=NOW
    ),
    "one more cooperative": lambda rows, user: rows.assignment(user, KARIANGAU),
    "a draft": lambda rows, user: rows.session.add(
        Draft(
            id=uuid.uuid4(),
            cooperative_id=rows.cooperative().id,
            city_code="64.71",
            author_id=user.id,
            fields=[],
            revision=1,
            created_at=NOW,
            updated_at=NOW,
        )
    ),
    "a checklist": lambda rows, _: rows.short_instruments(version="0.9.0", effective_on=dt.date(2026, 1, 3)),
    "one's own name": lambda rows, user: setattr(rows.session.get_one(User, user.id), "name", "Ratna Lain"),
}


@on_sqlite
def test_a_pack_is_never_older_than_its_pages(browser: Browser, ratna: User) -> None:
    before = revisions(browser)
    for name, change in CHANGES.items():
        with browser.make() as rows:
            change(rows, ratna)
        after = revisions(browser)
        assert after != before, name
        assert after == made_anew(browser), name
        before = after


def test_what_a_tablet_hands_in_changes_its_pack(browser: Browser, ratna: User) -> None:
    before = revisions(browser)
    hand_in(browser, sent := record(records.body(visited_on="2026-04-13", actions=[])))
    after = revisions(browser)
    hand_in(browser, {**sent, "body": records.body(notes="Lain.")})  # a conflict: only a receipt
    last = revisions(browser)

    assert before != after == {**after, **{url: after[url] for url in last if url != "/pengiriman"}}
    assert last["/pengiriman"] != after["/pengiriman"]
    assert last == made_anew(browser)


def test_another_process_another_language_and_another_day_are_noticed(browser: Browser, ratna: User) -> None:
    before = revisions(browser)
    elsewhere = create_engine(browser.app.config["SQLALCHEMY_DATABASE_URI"])
    with elsewhere.begin() as connection:
        connection.execute(
            text("UPDATE cooperative SET short_name = 'KKMP Dari Luar' WHERE code = :code"), {"code": GRAHA_INDAH}
        )
        connection.execute(
            text(
                "INSERT INTO audit_event (id, at, actor_name, verb, subject_type, subject_id)"
                " VALUES (:id, :at, 'perintah', 'rename', 'cooperative', 'x')"
            ),
            {"id": uuid.uuid4().hex, "at": NOW - dt.timedelta(hours=3)},
        )
    elsewhere.dispose()
    after = revisions(browser)
    browser.app.extensions["clock"], clock = (lambda: NOW + dt.timedelta(days=1)), browser.app.extensions["clock"]
    try:
        tomorrow = revisions(browser)
    finally:
        browser.app.extensions["clock"] = clock

    assert before["/"] != after["/"] != tomorrow["/"]
    browser.app.extensions["clock"] = lambda: NOW + dt.timedelta(minutes=61)
    assert requests_behind(browser) > 0  # whatever is known, after an hour it is made anew
    browser.app.extensions["clock"] = clock

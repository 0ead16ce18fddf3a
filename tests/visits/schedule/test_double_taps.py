"""Plans that are sent at the same moment, as impatient fingers and two open tabs do."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.visits.schedule.models import PlannedVisit, PlannedVisitMove
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH
from tests.pages import Browser

TAPS = 5
NEW = "/jadwal/baru"
PLAN = {"cooperative": GRAHA_INDAH, "planned_on": "2026-04-16", "starts": "09:30", "mode": "tatap_muka"}


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as rows:
        user: User = rows.facilitator()
    return user


def form(browser: Browser, user: User, url: str, **changed: str) -> Callable[[], int]:
    """One tab with its page open, ready to send."""
    tab = Browser(browser.app, browser.make)
    tab.sign_in(user)
    fields: dict[str, Any] = {**tab.open(url).fields(), **changed}
    return lambda: tab.client.post(url, data=fields).status_code


def all_at_once(taps: Sequence[Callable[[], int]]) -> list[int]:
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda tap=tap: statuses.append(tap())) for tap in taps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def how_many(app: Flask, table: type[PlannedVisit] | type[PlannedVisitMove]) -> int:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(table)) or 0


def test_one_plan_sent_several_times_at_once_is_stored_once(app: Flask, browser: Browser, ratna: User) -> None:
    one_id = "5a3a6b0e-6d5c-4a39-9b9e-0d2f6b3f7c11"
    taps = [form(browser, ratna, NEW, **PLAN, id=one_id) for _ in range(TAPS)]

    assert all_at_once(taps) == [302] * TAPS
    assert how_many(app, PlannedVisit) == 1


def test_of_several_plans_for_one_hour_sent_at_once_only_one_is_stored(
    app: Flask, browser: Browser, ratna: User
) -> None:
    taps = [form(browser, ratna, NEW, **PLAN) for _ in range(TAPS)]

    assert all_at_once(taps) == [302] + [409] * (TAPS - 1)
    assert how_many(app, PlannedVisit) == 1


def test_one_move_sent_several_times_at_once_is_one_move(app: Flask, browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        plan = rows.planned_visit(ratna, planned_on=TODAY)
    taps = [form(browser, ratna, f"/jadwal/{plan.id}/pindah", to_on="2026-04-16") for _ in range(TAPS)]

    assert all_at_once(taps) == [302] * TAPS
    assert how_many(app, PlannedVisitMove) == 1

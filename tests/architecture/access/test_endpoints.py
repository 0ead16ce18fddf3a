"""Everybody gets at each endpoint what the table says, and what is not theirs is not there."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import select

import pendamping.app
from pendamping.app import create_app
from pendamping.kernel.database import reading
from pendamping.kernel.tables import Base
from tests.architecture.access.requests import BODIES, SENT
from tests.architecture.access.table import PEOPLE, SIGNED_IN_THE_ADDRESS, STATED
from tests.architecture.access.world import World
from tests.make import KARIANGAU

ON_RECORD = {"audit_event"}
"""That somebody fetched a paper or a file is written down; beside that a GET changes nothing."""


def test_the_table_names_every_endpoint_and_nothing_else(sqlite_app: tuple[Flask, object]) -> None:
    app, _ = sqlite_app
    there = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert there == set(STATED), "its rows stand in tests/architecture/access/table.py"
    assert {*SENT, *BODIES} <= {endpoint for endpoint, method in STATED if method != "GET"}


def test_everybody_gets_what_the_table_states(world: World, person: str) -> None:
    walked = {row: world.outcome(world.call(person, *row)) for row in STATED}

    assert walked == {row: stated[person] for row, stated in STATED.items()}


def test_a_get_changes_no_row(world: World) -> None:
    before = all_rows(world.app)

    for (endpoint, method), stated in STATED.items():
        for person in PEOPLE:
            if (method, stated[person]) == ("GET", "200"):
                world.call(person, endpoint, method)

    assert all_rows(world.app) == before


def all_rows(app: Flask) -> dict[str, set[str]]:
    with app.app_context():
        return {
            table.name: {repr(row) for row in reading().execute(select(table))}
            for table in Base.metadata.sorted_tables
            if table.name not in ON_RECORD
        }


def test_nothing_is_changed_without_a_token(world: World, person: str) -> None:
    changing = [
        endpoint
        for (endpoint, method), stated in STATED.items()
        if method == "POST" and stated[person] not in ("401", "403", ">accounts.sign_in")
        if endpoint not in SIGNED_IN_THE_ADDRESS
    ]
    before = all_rows(world.app)

    walked = {
        endpoint: world.outcome(world.client_of(person).post(world.address(endpoint, "POST"), data=SENT.get(endpoint)))
        for endpoint in changing
    }

    assert walked == dict.fromkeys(changing, "400")
    assert all_rows(world.app) == before


def rows_in_addresses(world: World) -> Iterator[tuple[str, str]]:
    for rule in world.app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            is_made_on_the_tablet = method == "PUT"  # its id is new to us, or it is a conflict
            if rule.arguments & set(world.foreign) and not is_made_on_the_tablet:
                yield rule.endpoint, method


def test_what_belongs_to_another_facilitator_is_not_there(world: World) -> None:
    walked = {
        row: world.outcome(world.call("facilitator", *row, **world.foreign))
        for row in rows_in_addresses(world)
        if STATED[row]["facilitator"] != "403"
    }

    assert walked
    assert set(walked.values()) == {"404"}, walked


def test_another_cooperatives_officer_is_not_there_under_ones_own(world: World) -> None:
    response = world.call(
        "facilitator", "cooperatives.end_officer_term", "POST", officer_id=world.foreign["officer_id"]
    )

    assert response.status_code == 404


def test_what_nobody_ever_made_is_not_there(world: World, somebody: str) -> None:
    nowhere: dict[str, Any] = {**{name: uuid.uuid4() for name in world.foreign}, "code": "64.71.03.9999"}
    allowed = [row for row in rows_in_addresses(world) if STATED[row][somebody] != "403"]

    walked = {row: world.outcome(world.call(somebody, *row, **nowhere)) for row in allowed}

    assert walked == dict.fromkeys(allowed, "404")


@pytest.mark.parametrize("role", ["agency_head", "admin"])
def test_the_agency_of_another_region_finds_nothing(world: World, role: str) -> None:
    world.change(role, scope_prefix=KARIANGAU[:8])
    allowed = [row for row in rows_in_addresses(world) if STATED[row][role] != "403"]

    walked = {row: world.outcome(world.call(role, *row)) for row in allowed}

    assert walked == dict.fromkeys(allowed, "404")
    assert world.call(role, "cooperatives.detail", "GET", code=KARIANGAU).status_code == 200


def test_a_cooperative_sees_its_own_plan_and_no_other(world: World) -> None:
    shown = world.call("cooperative", "portal.plan", "GET").get_data(as_text=True)

    assert "Rapikan buku kas" in shown
    assert "Rahasia" not in shown


def test_an_endpoint_that_does_not_say_who_may_call_it_keeps_the_app_from_starting(
    sqlite_app: tuple[Flask, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = Blueprint("forgetful", __name__)
    forgetful.add_url_rule("/terbuka", endpoint="page", view_func=lambda: "anybody")
    monkeypatch.setattr(pendamping.app, "FEATURES", (*pendamping.app.FEATURES, forgetful))

    with pytest.raises(RuntimeError, match=r"endpoint forgetful\.page does not say who may call it"):
        create_app(sqlite_app[0].config["SETTINGS"])

"""Whose session is over, and who has to change their password first, gets nowhere else."""

import uuid

import pytest
from flask.testing import FlaskClient

from pendamping.accounts.models import User
from pendamping.accounts.service import deactivate_user
from pendamping.kernel.access import access_of
from pendamping.kernel.database import transaction
from tests.architecture.access.table import ASKED_BY_PROGRAMS, BEFORE_THE_PASSWORD_IS_CHANGED, STATED
from tests.architecture.access.world import World
from tests.conftest import ACTOR, NOW


def test_whoever_must_change_the_password_is_led_there_from_everywhere(world: World, somebody: str) -> None:
    world.change(somebody, must_change_password=True)
    closed = [
        row
        for row, stated in STATED.items()
        if row[0] not in BEFORE_THE_PASSWORD_IS_CHANGED and stated[somebody] != "403"
    ]

    walked = {row: world.outcome(world.call(somebody, *row)) for row in closed}

    assert walked == {row: "403" if row[0] in ASKED_BY_PROGRAMS else ">accounts.change_password" for row in closed}


def test_before_the_password_is_changed_only_the_way_there_and_out_is_open(world: World) -> None:
    world.change("admin", must_change_password=True)
    open_pages = [row for row in STATED if row[0] in BEFORE_THE_PASSWORD_IS_CHANGED and row[1] == "GET"]

    walked = {row: world.outcome(world.call("admin", *row)) for row in open_pages}

    assert walked == {row: STATED[row]["admin"] for row in open_pages}
    assert {
        endpoint for endpoint in world.app.view_functions if access_of(world.app, endpoint).before_password_change
    } == (BEFORE_THE_PASSWORD_IS_CHANGED)


def test_a_closed_account_is_signed_out_everywhere(world: World, somebody: str) -> None:
    client = world.client_of(somebody)
    with world.app.app_context(), transaction() as session:
        deactivate_user(session, session.get_one(User, world.people[somebody]), actor=ACTOR, now=NOW)

    hands_in = {"field.session": "200", "field.leaving": "200"}
    led = {
        endpoint: ">field.leaving" if outcome == ">accounts.sign_in" else outcome
        for endpoint, outcome in stated_gets("nobody").items()
    }
    expected = {**led, **hands_in} if somebody == "facilitator" else stated_gets("nobody")
    assert walk_all_gets(world, client) == expected


def test_a_session_from_before_the_last_change_of_password_is_over(world: World, somebody: str) -> None:
    client = world.client_of(somebody)
    world.change(somebody, session_version=2)

    assert walk_all_gets(world, client) == stated_gets("nobody")


@pytest.mark.parametrize("forged", ["", "x", ":", "x:1", f"{uuid.UUID(int=0)}:1", f"{uuid.UUID(int=0)}"])
def test_a_session_of_nobody_we_know_is_nobodys(world: World, forged: str) -> None:
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = forged

    assert world.outcome(client.get("/")) == ">accounts.sign_in"


def walk_all_gets(world: World, client: FlaskClient) -> dict[str, str]:
    gets = [endpoint for endpoint, method in STATED if method == "GET"]
    return {endpoint: world.outcome(world.call("nobody", endpoint, "GET", client=client)) for endpoint in gets}


def stated_gets(person: str) -> dict[str, str]:
    return {endpoint: stated[person] for (endpoint, method), stated in STATED.items() if method == "GET"}


def test_whoever_is_not_signed_in_is_brought_back_to_what_they_asked_for(client: FlaskClient) -> None:
    answer = client.get("/koperasi?q=graha&tahap=operasional")

    assert answer.headers["Location"] == "/masuk?next=/koperasi?q%3Dgraha%26tahap%3Doperasional"


@pytest.mark.parametrize(("path", "status"), [("/api/v1/session", 401), ("/api/v1/nowhere", 404), ("/api/", 404)])
def test_the_api_refuses_in_its_own_words(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.get_json(force=True)["status"] == status

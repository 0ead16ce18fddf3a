"""Every page, over a simulated year, for everybody: no error, the right refusals, and each page sound."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from pendamping.accounts.models import User
from pendamping.instruments.drafting.service import start_draft
from pendamping.kernel.access import access_of
from pendamping.kernel.database import db, reading, transaction
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW, TODAY
from tests.operations.simulation.addresses import WAYS, Address, addresses_for, get_rules, sampled_visits
from tests.pages import Page

PEOPLE = ("ratna", "bayu", "kepala", "admin.demo", "kkmp.manggar")
"""Two facilitators, because the first cooperative was handed over from one to the other."""
LEADS_ON = {"accounts.sign_in", "corrections.correct", "corrections.add", "monthly.add", "field.leaving"}
"""Pages that send a person elsewhere when there is nothing to do on them."""
BEGINS = {"application/pdf": b"%PDF-", "image/svg+xml": b"<", "image/jpeg": b"\xff\xd8", "image/png": b"\x89PNG"}
NOT_ALWAYS: Mapping[str, set[int]] = {
    "corrections.correct": {403},
    "corrections.add": {403},
    "activities.correct": {403},
    "schedule.move": {403, 409},
    "schedule.cancel": {403, 409},
    "schedule.change_agenda": {403, 409},
    "assignments.hand_over": {409},
    "progress.score_chart": {404},
    "progress.score_picture": {404},
    "reminders.unsubscribe": {404},
    "reminders.confirm_mail": {404},
    "evaluations.own": {404},
}
"""What else a row that is visible may answer with: another's visit or activity is read and not put right; a plan that
is done, called off, past or another's has no form; an assignment that has ended is not handed over; a cooperative
without visits has no chart; nobody knows the secret of a mail; a cooperative reads an evaluation once it is issued.
"""


def test_every_address_is_walked(sqlite_app: tuple[Flask, object]) -> None:
    unknown = {rule.endpoint: sorted(rule.arguments) for rule in get_rules(sqlite_app[0])}

    assert {name: told for name, told in unknown.items() if frozenset(told) not in WAYS} == {}


def test_the_sample_holds_every_kind_of_visit(year: Flask) -> None:
    with year.app_context():
        kinds = set(sampled_visits(reading()))

    assert {"corrected", "added to", "remote", "unsigned", "signed", "without place", "unplanned"} <= kinds


def test_every_page_answers_as_it_should(year: Flask) -> None:
    with year.app_context(), transaction() as session:
        admin = session.scalars(select(User).where(User.role == Role.ADMIN).limit(1)).one()
        start_draft(session, "KL", author_id=admin.id, actor=ACTOR, now=NOW)
    answered: dict[str, Counter[int]] = defaultdict(Counter)
    faults: dict[tuple[str, str], str] = {}

    for username in PEOPLE:
        with year.app_context():
            user = reading().scalars(select(User).where(User.username == username)).one()
            addresses = addresses_for(year, reading(), user, today=TODAY)
            walked = addresses if db.engine.dialect.name == "sqlite" else _a_few_of_each(addresses)
        client = _signed_in(year, user)
        for address in walked:
            response = client.get(address.url, buffered=True)
            answered[address.endpoint][response.status_code] += 1
            if (fault := _fault(response, _expected(year, user, address))) is not None:
                faults[username, address.url] = fault

    assert faults == {}
    never_shown = {name for name, statuses in answered.items() if not statuses[200]}
    from_mails = {"reminders.unsubscribe", "reminders.confirm_mail"}
    assert never_shown == {"accounts.sign_in", "field.leaving", "evaluations.own"} | from_mails


def _a_few_of_each(addresses: Iterable[Address]) -> list[Address]:
    """Of each endpoint two that this person may see and two that they may not, and all that answer now so, now so: the
    rows are those of the other database, which walks all.
    """
    alike: dict[tuple[str, bool], list[Address]] = defaultdict(list)
    for address in addresses:
        alike[address.endpoint, address.is_visible].append(address)
    return [each for (endpoint, _), same in alike.items() for each in (same if endpoint in NOT_ALWAYS else same[:2])]


def _signed_in(app: Flask, user: User) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = user.get_id()
        session["_fresh"] = True
    return client


def _fault(response: TestResponse, expected: set[int]) -> str | None:
    """What is wrong with an answer; None for one that is as it should be."""
    if response.status_code not in expected:
        return f"{response.status_code}, not one of {sorted(expected)}"
    if response.status_code == 200:
        try:
            _read(response)
        except AssertionError as unsound:
            return str(unsound)
    return None


def _expected(app: Flask, user: User, address: Address) -> set[int]:
    rule = access_of(app, address.endpoint)
    if not rule.is_public and user.role not in rule.roles:
        return {403}
    if not address.is_visible:
        return {404}
    return {200} | ({302} if address.endpoint in LEADS_ON else set()) | NOT_ALWAYS.get(address.endpoint, set())


def _read(response: TestResponse) -> None:
    """A page is sound; anything else is what it says it is."""
    data = response.get_data()
    if response.mimetype == "text/html":
        Page(response)
    else:
        assert data.startswith(BEGINS.get(str(response.mimetype), b"")), f"no {response.mimetype}"
        assert data, "nothing at all"

"""A simulated year in a real browser: one page for each endpoint and role, in which axe finds nothing."""

import re
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.app import create_app
from pendamping.kernel.access import today
from pendamping.kernel.database import db, reading
from pendamping.settings import Settings
from tests.e2e.conftest import LAPTOP, PHONE, Device, DeviceMaker, Server, _served
from tests.e2e.sound import faults_of
from tests.operations.simulation.addresses import addresses_for

PEOPLE = ("ratna", "kepala", "admin.demo", "kkmp.manggar")
SEES_WHAT = {"admin.demo": "kepala"}
"""Whoever sees the same pages as somebody before; only what is theirs alone is opened for them."""
YEAR = ("--cooperatives", "6", "--months", "4", "--seed", "1")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product with a small simulated year, as `./dev demo` serves it."""
    yield from _served(tmp_path_factory.mktemp("e2e-year"), None, prepare=_simulate)


def _simulate(server: Server) -> None:
    said = server.command("simulate", *YEAR)
    server.people["password"] = re.findall(r"Kata sandi semua akun demo: (\S+)", said)[0]


Sizes = Sequence[dict[str, int]]


@pytest.fixture(scope="module")
def pages(server: Server) -> dict[str, dict[str, Sizes]]:
    """The first address of each endpoint that is a page for each person, and how wide to open it.

    Everybody's is opened narrow, where a page breaks first; wide only that of the first person who has it.
    """
    app = create_app(Settings.from_environment(server.environment))
    found: dict[str, dict[str, Sizes]] = {}
    wide: set[str] = set()
    endpoints: dict[str, set[str]] = {}
    with app.app_context():
        people = {user.username: user for user in reading().scalars(select(User))}
        walks = {name: addresses_for(app, reading(), people[name], today=today()) for name in PEOPLE}
    for name, addresses in walks.items():
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = people[name].get_id()
        first: dict[str, str] = {}
        seen = endpoints.get(SEES_WHAT.get(name, ""), set())
        for address in addresses:
            if address.endpoint not in first and address.endpoint not in seen and address.is_visible:
                answer = client.get(address.url, buffered=True)
                if (answer.status_code, answer.mimetype) == (200, "text/html"):
                    first[address.endpoint] = address.url
        found[name] = {url: (PHONE,) if endpoint in wide else (LAPTOP, PHONE) for endpoint, url in first.items()}
        endpoints[name] = set(first)
        wide |= first.keys()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.mark.parametrize("username", PEOPLE)
def test_every_kind_of_page_is_clean(
    server: Server, pages: dict[str, dict[str, Sizes]], device: DeviceMaker, username: str
) -> None:
    screen = device(LAPTOP)
    _sign_in(screen, username, server.people["password"])

    faults = [
        fault
        for path, sizes in pages[username].items()
        for fault in faults_of(screen, path, sizes, looks_at_colours=LAPTOP in sizes)
    ]

    assert not faults, "\n".join(faults)
    assert len(pages[username]) >= 3


def _sign_in(screen: Device, username: str, password: str) -> None:
    screen.open("/masuk")
    screen.page.get_by_label("Nama pengguna").fill(username)
    screen.page.get_by_label("Kata sandi").fill(password)
    screen.page.get_by_role("button", name="Masuk").click()
    expect(screen.page).not_to_have_url(re.compile("/masuk"))

"""A real server and a real browser: the product as a newcomer starts it, its people made by its own commands."""

import datetime as dt
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from pendamping.accounts.cli import user_cli
from pendamping.app import create_app
from pendamping.cooperatives.cli import assign
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.database import db
from pendamping.settings import Settings
from tests.chromium import ARGUMENTS, chromium
from tests.databases import KINDS, postgresql_server

PASSWORD = "sandi-untuk-uji"
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1440, "height": 900}
PENDAMPING = str(Path(sys.executable).parent / "pendamping")


@dataclass
class Server:
    """A running server, and its command line."""

    url: str
    environment: dict[str, str]
    log: Path
    people: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str, entered: str | None = None) -> str:
        done = subprocess.run(
            [PENDAMPING, *arguments], env=self.environment, input=entered, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @cached_property
    def app(self) -> Flask:
        """The same program on the same database, for commands that need no process of their own."""
        return create_app(Settings.from_environment(self.environment))

    def _run(self, command: click.Command, *arguments: str, entered: str | None = None) -> None:
        with self.app.app_context():
            done = CliRunner().invoke(command, arguments, input=entered)
            db.session.remove()
            db.engine.dispose()
        assert done.exit_code == 0, done.output

    def add_user(self, role: str, username: str, name: str, *more: str) -> None:
        given = ("--role", role, "--username", username, "--name", name, *more, "--password-stdin")
        self._run(user_cli, "add", *given, entered=PASSWORD + "\n")

    def add_facilitator(self, username: str, name: str, *codes: str) -> None:
        """Somebody who accompanies these cooperatives all year, whichever year it is."""
        self.add_user("facilitator", username, name)
        year = dt.datetime.now(OFFICE_TZ).year
        for code in codes:
            self._run(assign, code, username, "--from", f"{year}-01-01", "--until", f"{year}-12-31")


@pytest.fixture(scope="session")
def server_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _served(tmp_path_factory.mktemp("e2e-sqlite"), None)


@pytest.fixture(scope="session")
def server_on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with postgresql_server() as url:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        yield from _served(tmp_path_factory.mktemp("e2e-postgresql"), address)


@pytest.fixture(scope="module", params=KINDS)
def server(request: pytest.FixtureRequest) -> Server:
    """The product on each database, set up and served by its own commands."""
    server: Server = request.getfixturevalue(f"server_on_{request.param}")
    return server


def _served(
    folder: Path, database_url: str | None, *, prepare: Callable[[Server], None] | None = None
) -> Iterator[Server]:
    """A server on a loaded city.

    Args:
        prepare: what is done before it serves: a year is simulated only where no scheduler has run yet.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PENDAMPING_INSTANCE": str(folder / "instance"), "PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    if database_url:
        environment["DATABASE_URL"] = database_url
    log = folder / "server.log"
    server = Server(f"http://127.0.0.1:{port}", environment, log)
    server.command("init")
    if prepare:
        prepare(server)
    with log.open("w") as file:
        process = subprocess.Popen([PENDAMPING, "serve"], env=environment, stdout=file, stderr=file)
        try:
            _wait_for(server.url, process, log)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)
    said = log.read_text(encoding="utf-8")
    assert '"level": "error"' not in said, said[-5000:]
    assert not re.search(r"/tautan/[a-z2-7]{20}", said), "the log holds a personal link's token"


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{url}/healthz") as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"the server does not answer: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chrome(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@dataclass
class Device:
    """One person's device: a page that remembers everything the browser complained about."""

    server: Server
    context: BrowserContext
    page: Page
    complaints: list[str]

    def sign_in(self, username: str) -> None:
        self.open("/masuk")
        self.page.get_by_label("Nama pengguna").fill(username)
        self.page.get_by_label("Kata sandi").fill(PASSWORD)
        self.page.get_by_role("button", name="Masuk").click()
        expect(self.page).not_to_have_url(re.compile("/masuk"))

    def open(self, path: str) -> None:
        self.page.goto(self.server.url + path)

    def scrolls_sideways(self) -> bool:
        script = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(script))


@pytest.fixture
def device(chrome: Browser, server: Server) -> Iterator["DeviceMaker"]:
    maker = DeviceMaker(chrome, server)
    yield maker
    maker.close()


class DeviceMaker:
    """`device(TABLET)` is a fresh device of that size; at the end no browser may have complained."""

    def __init__(self, chrome: Browser, server: Server) -> None:
        self.chrome = chrome
        self.server = server
        self.made: list[Device] = []

    def __call__(self, size: dict[str, int], *, javascript: bool = True) -> Device:
        context = self.chrome.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            has_touch=size is not LAPTOP,
            locale="id-ID",
            timezone_id="Asia/Makassar",
            java_script_enabled=javascript,
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        device = Device(self.server, context, page, complaints)
        self.made.append(device)
        return device

    def close(self) -> None:
        for device in self.made:
            device.context.close()
        complaints = [complaint for device in self.made for complaint in device.complaints]
        assert not complaints, complaints

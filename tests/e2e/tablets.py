"""A tablet that is carried around: a browser with a folder of its own that loses the network and is killed."""

import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import create_engine, select

from pendamping.cooperatives.models import Cooperative
from pendamping.field.models import Receipt
from pendamping.settings import Settings
from pendamping.visits.models import Visit
from tests.chromium import ARGUMENTS, chromium
from tests.e2e.cable import Cable
from tests.e2e.conftest import PASSWORD, TABLET, Server

CARRIED_PATIENCE_MS = 40_000
OUTBOX = """
async () => {
  const open = indexedDB.open("pendamping");
  const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const all = database.transaction("outbox").objectStore("outbox").getAll();
  const rows = await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); });
  database.close();
  return rows;
}
"""
DRAFTS = OUTBOX.replace('"outbox"', '"drafts"')
IS_OFFLINE = """
async (address) => {
  try { await fetch(address, { cache: "no-store" }); return false; } catch { return true; }
}
"""


@dataclass
class Tablet:
    """One device with a memory. Starting it again after `kill` finds what had reached its disk."""

    playwright: Playwright
    server: Server
    folder: Path
    cable: Cable
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    is_offline: bool = False

    def start(self, path: str = "") -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=chromium(),
            args=ARGUMENTS,
            viewport={"width": TABLET["width"], "height": TABLET["height"]},
            has_touch=True,
            locale="id-ID",
            timezone_id="Asia/Makassar",
        )
        self.page = self.context.pages[0]
        self.page.set_default_timeout(15_000)
        if self.is_offline:
            self.context.set_offline(True)
        if path:
            self.open(path)

    def open(self, path: str) -> None:
        self.page.goto(self.cable.url + path)

    def sign_in(self, username: str) -> None:
        self.open("/masuk")
        self.page.get_by_label("Nama pengguna").fill(username)
        self.page.get_by_label("Kata sandi").fill(PASSWORD)
        self.page.get_by_role("button", name="Masuk").click()
        expect(self.page.locator("[data-field-user]")).to_be_attached()

    def pack(self) -> None:
        """Wait until the tablet says that it may be carried away."""
        self.open("/pengiriman")
        expect(self.page.locator("[data-check=pages]")).to_be_visible(timeout=CARRIED_PATIENCE_MS)

    def go_offline(self) -> None:
        """Out of reach; proven by a request that fails."""
        self.is_offline = True
        self.cable.pull()
        self.context.set_offline(True)
        assert self.page.evaluate(IS_OFFLINE, "/healthz"), "this test means nothing while the network answers"

    def go_online(self) -> None:
        self.is_offline = False
        self.cable.plug()
        self.context.set_offline(False)

    def kill(self) -> None:
        """As a flat battery does it: no page is told, nothing is written any more."""
        for process in _processes_of(self.folder):
            os.kill(process, signal.SIGKILL)
        self.context.close()

    def outbox(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.page.evaluate(OUTBOX)
        return rows

    def drafts(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.page.evaluate(DRAFTS)
        return rows

    def close(self) -> None:
        self.context.close()


def _processes_of(folder: Path) -> list[int]:
    """The browser of this folder and nobody else's."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if f"--user-data-dir={folder}" in line]


def tablets(playwright: Playwright, server: Server, folder: Path) -> Iterator[Tablet]:
    """One tablet, signed in to by nobody yet; closed at the end."""
    cable = Cable(int(server.environment["PORT"]))
    tablet = Tablet(playwright, server, folder, cable)
    tablet.start()
    yield tablet
    tablet.close()
    cable.close()


def stored_bodies(server: Server, record_id: str) -> list[str]:
    """What the server holds under an id, word for word."""
    engine = create_engine(Settings.from_environment(server.environment).database_url)
    with engine.connect() as connection:
        rows = connection.execute(select(Receipt.body).where(Receipt.record_id == uuid.UUID(record_id)))
        bodies = list(rows.scalars())
    engine.dispose()
    return bodies


def visits_at(server: Server, code: str) -> list[uuid.UUID]:
    """Every visit to a cooperative that the server has."""
    engine = create_engine(Settings.from_environment(server.environment).database_url)
    with engine.connect() as connection:
        rows = connection.execute(select(Visit.id).join(Cooperative).where(Cooperative.code == code))
        found = list(rows.scalars())
    engine.dispose()
    return found

"""What changes at the office while a tablet is out of reach, up to a server that was put back to yesterday."""

import datetime as dt
import re
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import create_engine, insert, select, update

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.settings import Settings
from pendamping.visits.models import MonthLock
from tests.e2e.conftest import PENDAMPING, Server, _wait_for
from tests.e2e.tablets import Tablet, stored_bodies, tablets, visits_at

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)

APPROVED, GIVEN_AWAY = "64.71.06.1001", "64.71.06.1002"
PASSPHRASE = "pasir di tepi teluk"


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    server.add_facilitator("tiga", "Dewi Ketiga", APPROVED, GIVEN_AWAY)
    yield from tablets(playwright, server, tmp_path / "tablet")


def test_a_month_approved_a_cooperative_given_away_and_a_server_put_back_to_yesterday(
    tablet: Tablet, tmp_path: Path
) -> None:
    page, copy = tablet.page, tmp_path / "kemarin.cadangan"
    tablet.sign_in("tiga")
    tablet.pack()
    tablet.server.command("backup", str(copy), "--passphrase-stdin", entered=PASSPHRASE)
    tablet.go_offline()
    first = _write(tablet, APPROVED, "Sebelum diubah")
    _change_what_waits(tablet, first, "Sesudah diubah")
    second = _write(tablet, GIVEN_AWAY, "Kunjungan perpisahan")
    _approve_and_give_away(tablet.server)

    tablet.open("/pengiriman")
    tablet.go_online()

    expect(page.locator(f"#terkirim [data-record='{first}']")).to_contain_text("Terkirim", timeout=30_000)
    expect(page.locator(f"#menunggu [data-record='{second}']")).to_contain_text("menunggu keputusan dinas")
    [entry] = [each for each in tablet.outbox() if each["id"] == first]
    assert stored_bodies(tablet.server, first) == [entry["body"]]
    assert "Sesudah diubah" in entry["body"]
    tablet.open(f"/kunjungan/{first}")
    expect(page.locator("main")).to_contain_text("Susulan: kunjungan ini sampai")

    with _put_back(tablet.server, copy, tmp_path) as yesterday:
        assert visits_at(yesterday, APPROVED) == []
        tablet.cable.lead_to(int(yesterday.environment["PORT"]))
        tablet.open("/pengiriman")
        page.locator("[data-send-now]").click()
        for record in (first, second):
            expect(page.locator(f"#terkirim [data-record='{record}']")).to_contain_text("Terkirim", timeout=30_000)

        assert stored_bodies(yesterday, first) == [entry["body"]]
        assert [visits_at(yesterday, code) for code in (APPROVED, GIVEN_AWAY)] == [
            [uuid.UUID(first)],
            [uuid.UUID(second)],
        ]


def _write(tablet: Tablet, code: str, notes: str) -> str:
    page = tablet.page
    tablet.open(f"/koperasi/{code}/kunjungan/baru#temuan")
    page.locator("[name=notes]").fill(notes)
    expect(page).to_have_url(re.compile("draf="))
    visit_id = page.locator("#visit-id").input_value()
    _save(tablet)
    return visit_id


def _save(tablet: Tablet) -> None:
    tablet.page.evaluate("location.hash = 'periksa'")
    tablet.page.get_by_role("button", name="Simpan kunjungan").click()
    expect(tablet.page.locator("[data-on-tablet]")).to_be_visible()


def _change_what_waits(tablet: Tablet, visit_id: str, notes: str) -> None:
    page = tablet.page
    tablet.open("/pengiriman")
    page.locator(f"#menunggu [data-record='{visit_id}']").get_by_role("button", name="Ubah sebelum terkirim").click()
    expect(page.locator("#visit-id")).to_have_value(visit_id)
    page.evaluate("location.hash = 'temuan'")
    page.locator("[name=notes]").fill(notes)
    _save(tablet)
    assert [each["id"] for each in tablet.outbox()] == [visit_id]


def _approve_and_give_away(server: Server) -> None:
    today = dt.datetime.now(OFFICE_TZ).date()
    engine = create_engine(Settings.from_environment(server.environment).database_url)
    with engine.begin() as connection:
        facilitator = connection.scalars(select(User.id).where(User.username == "tiga")).one()
        cooperative = connection.scalars(select(Cooperative.id).where(Cooperative.code == GIVEN_AWAY)).one()
        lock = {
            "facilitator_id": facilitator,
            "year": today.year,
            "month": today.month,
            "locked_at": dt.datetime.now(dt.UTC),
        }
        connection.execute(insert(MonthLock), lock)
        own = (Assignment.facilitator_id == facilitator, Assignment.cooperative_id == cooperative)
        connection.execute(update(Assignment).where(*own).values(ends_on=today - dt.timedelta(days=1)))
    engine.dispose()


@contextmanager
def _put_back(server: Server, copy: Path, folder: Path) -> Iterator[Server]:
    """The office as the copy knows it, with its keys, at another port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "kemarin.log"
    environment = {**server.environment, "PENDAMPING_INSTANCE": str(folder / "kemarin"), "PORT": str(port)}
    yesterday = replace(server, url=f"http://127.0.0.1:{port}", environment=environment, log=log)
    yesterday.command("restore", str(copy), "--passphrase-stdin", entered=PASSPHRASE)
    with log.open("w") as file:
        process = subprocess.Popen([PENDAMPING, "serve"], env=environment, stdout=file, stderr=file)
        try:
            _wait_for(yesterday.url, process, log)
            yield yesterday
        finally:
            process.terminate()
            process.wait(timeout=20)

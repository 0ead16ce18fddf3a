"""Whoever has left hands in what was written in the field, into the quarantine; then the tablet is empty."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import create_engine, select

from pendamping.field.quarantine.models import HeldRecord
from pendamping.settings import Settings
from tests.e2e.conftest import Server
from tests.e2e.tablets import OUTBOX, Tablet, tablets

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)

CODE = "64.71.03.1005"


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    server.add_facilitator("pergi", "Citra Pergi", CODE)
    yield from tablets(playwright, server, tmp_path / "tablet")


def test_a_visit_of_somebody_who_left_reaches_the_office_and_nothing_stays_behind(tablet: Tablet) -> None:
    page = tablet.page
    tablet.sign_in("pergi")
    tablet.pack()
    tablet.go_offline()
    tablet.open(f"/koperasi/{CODE}/kunjungan/baru#temuan")
    page.locator("[name=notes]").fill("Kunjungan terakhir")
    expect(page).to_have_url(re.compile("draf="))
    page.evaluate("location.hash = 'periksa'")
    page.get_by_role("button", name="Simpan kunjungan").click()
    expect(page.locator("[data-on-tablet]")).to_be_visible()
    tablet.server.command("user", "deactivate", "pergi")

    tablet.go_online()
    tablet.open("/")

    expect(page).to_have_url(re.compile("/serahkan"))
    expect(page.locator("[data-leaving-done]")).to_be_visible(timeout=30_000)
    assert page.evaluate(OUTBOX) == []
    assert [name for name in page.evaluate("caches.keys()") if not name.startswith("static-")] == []
    settings = Settings.from_environment(tablet.server.environment)
    engine = create_engine(settings.database_url)
    with engine.connect() as connection:
        (body, why) = connection.execute(select(HeldRecord.body, HeldRecord.why)).one()
    engine.dispose()
    assert "Kunjungan terakhir" in body
    assert why == "left"

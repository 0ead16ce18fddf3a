"""A person's calendar: what it holds, that it moves what was moved, and that its address can be taken back."""

import datetime as dt
import re
from typing import Any

from flask import Flask
from icalendar import Calendar

from pendamping.plans.models import ActionStatus
from pendamping.visits.schedule.service import move_visit
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser


def address_of(browser: Browser) -> str:
    fields = browser.open("/pemberitahuan/pengaturan").fields("form[action$='/pemberitahuan/kalender']")
    shown = browser.send("/pemberitahuan/kalender", fields).text("code")
    return re.sub(r"^https?://[^/]+", "", shown)


def events(app: Flask, address: str) -> dict[str, Any]:
    """As a calendar program reads them: nobody is signed in."""
    answer = app.test_client().get(address)
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.get_data())
    assert calendar.errors == []
    found = list(calendar.walk("VEVENT"))
    assert len({str(each["UID"]) for each in found}) == len(found)
    return {str(each["UID"]).partition("@")[0]: each for each in found}


def test_a_calendar_holds_visits_deadlines_and_obligations_and_moves_what_was_moved(
    app: Flask, browser: Browser
) -> None:
    with browser.make() as make:
        ratna = make.facilitator()
        make.facilitator(KARIANGAU)
        plan = make.planned_visit(ratna, planned_on=dt.date(2026, 4, 16), starts=dt.time(9, 30), agenda="Buku kas")
        visit = make.visit(ratna)
        first, second = make.agree(visit, ratna, make.action_draft(), make.action_draft(title="Lengkapi daftar"))
    browser.sign_in(ratna)
    address = address_of(browser)

    before = events(app, address)
    with browser.make() as make:
        row = make.session.get_one(type(plan), plan.id)
        move_visit(
            make.session,
            row,
            to_on=dt.date(2026, 4, 17),
            to_starts=None,
            reason="",
            author_id=ratna.id,
            actor=ACTOR,
            today=TODAY,
            now=NOW,
        )
        make.session.get_one(type(first), first.id).status = ActionStatus.VERIFIED
    after = events(app, address)

    key = f"kunjungan-{plan.id}"
    assert before[key].start == dt.datetime(2026, 4, 16, 1, 30, tzinfo=dt.UTC)
    assert (before[key]["SEQUENCE"], after[key]["SEQUENCE"]) == (0, 1)
    assert after[key].start == dt.date(2026, 4, 17)
    assert f"tindakan-{first.id}" in before
    assert f"tindakan-{first.id}" not in after
    assert after[f"tindakan-{second.id}"].start == second.due_on
    assert after["kewajiban-TRIWULAN-2026-07-10"]["SUMMARY"] == "Laporan perkembangan triwulanan ke dinas"
    assert [uid for uid in before if uid.startswith("kewajiban-LAPORAN_PENDAMPING")]


def test_a_calendars_address_is_replaced_and_taken_back_and_ends_with_the_account(app: Flask, browser: Browser) -> None:
    with browser.make() as make:
        account = make.cooperative_user()
    browser.sign_in(account)
    first = address_of(browser)
    second = address_of(browser)
    stranger = app.test_client()

    replaced = [stranger.get(each).status_code for each in (first, second)]
    with browser.make() as make:
        make.session.get_one(type(account), account.id).deactivated_at = NOW
    closed = stranger.get(second).status_code
    with browser.make() as make:
        make.session.get_one(type(account), account.id).deactivated_at = None
    fields = browser.open("/pemberitahuan/pengaturan").fields("form[action$='/cabut']")
    browser.send("/pemberitahuan/kalender/cabut", fields)

    assert (replaced, closed) == ([404, 200], 404)
    assert stranger.get(second).status_code == 404


def test_a_cooperatives_obligations_are_met_by_a_tap_and_its_meeting_has_a_day(app: Flask, browser: Browser) -> None:
    with browser.make() as make:
        ratna, account = make.facilitator(), make.cooperative_user()
    url = f"/koperasi/{GRAHA_INDAH}/kewajiban"
    browser.sign_in(ratna)
    page = browser.open(url)

    refused = browser.send(f"{url}/rat", {**page.fields(), "planned_on": "kapan-kapan"})
    planned = browser.send(f"{url}/rat", {**page.fields(), "planned_on": "2026-06-20"})
    notice = planned.text("#kewajiban-UNDANGAN_RAT-2026-06-06")
    tap = str(planned.soup.select("#kewajiban-UNDANGAN_RAT-2026-06-06 form")[0]["action"])
    met = browser.send(tap, planned.fields("#kewajiban-UNDANGAN_RAT-2026-06-06 form"))
    unknown = browser.client.post(f"{url}/UNDANGAN_RAT/2026-06-07", data=planned.fields())
    browser.sign_in(account)
    own = browser.open(url)

    assert (refused.status, unknown.status_code) == (400, 404)
    assert "Sabtu, 6 Juni 2026" in notice
    assert "Terpenuhi" in met.texts("#kewajiban-UNDANGAN_RAT-2026-06-06 .pill")
    assert own.has("RAT direncanakan Sabtu, 20 Juni 2026.")
    assert own.soup.select("main form[method=post]") == []

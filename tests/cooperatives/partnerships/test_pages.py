"""Partnerships and businesses as they are written down, read, kept and counted."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.partnerships.models import BusinessPlan, PartnershipStatus, PartnershipStep
from pendamping.cooperatives.partnerships.page import requirements_of
from pendamping.cooperatives.partnerships.queries import PartnershipShare, partnership_share, partnerships_of
from pendamping.cooperatives.partnerships.rules import Terms, is_running
from pendamping.cooperatives.partnerships.service import (
    PartnershipConflict,
    add_partnership,
    record_step,
)
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page

HERE = f"/koperasi/{GRAHA_INDAH}/kemitraan"
MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
AGREED = Terms("Bulog", True, "Beras", PartnershipStatus.AGREED, MARCH, None, None, "")
RUNNING = dataclasses.replace(AGREED, status=PartnershipStatus.RUNNING, since_on=APRIL, monthly_value_idr=12_500_000)
TYPED = {
    "partner": "Bulog",
    "is_bumn": "y",
    "goods": "Beras",
    "status": "kesepakatan",
    "since_on": "2026-03-01",
    "monthly_value_idr": "",
    "note": "",
}


@pytest.fixture
def facilitator(browser: Browser) -> User:
    """Asked by whole instruments: some partners look at items that the short ones leave out."""
    with browser.make() as make:
        user: User = make.facilitator(GRAHA_INDAH, KARIANGAU)
    browser.sign_in(user)
    return user


def send(browser: Browser, url: str, fields: Mapping[str, Any]) -> Page:
    return browser.send(url, {**browser.open(url).fields(), **fields})


def steps(browser: Browser) -> list[tuple[str, int | None, bool]]:
    """Of partnerships that somebody has entered."""
    with browser.app.app_context():
        found = select(PartnershipStep).where(PartnershipStep.author_id.is_not(None)).order_by(PartnershipStep.number)
        return [(str(row.status), row.monthly_value_idr, row.is_verified) for row in reading().scalars(found)]


def verbs(session: Session) -> list[str]:
    found = session.scalars(select(AuditEvent.verb).where(AuditEvent.verb.contains("partnership")).distinct())
    return sorted(found)


def added(make: Make, terms: Terms, code: str = GRAHA_INDAH) -> uuid.UUID:
    who: dict[str, Any] = {"author_id": make.user().id, "actor": ACTOR, "now": NOW}
    return add_partnership(make.session, make.cooperative(code), uuid.uuid4(), terms, **who).id


def test_a_partnership_goes_on_and_nothing_of_it_is_lost(browser: Browser, facilitator: User) -> None:
    assert send(browser, f"{HERE}/baru", TYPED).status == 200
    link = next(str(each["href"]) for each in browser.open(HERE).soup.select("main section a") if "Bulog" in each.text)
    opened = browser.open(link).fields()
    running = {**opened, "status": "berjalan", "since_on": "2026-04-01", "monthly_value_idr": "12.500.000"}
    page = browser.send(link, running)

    assert page.has("12.500.000")
    assert page.has("1 April 2026")
    assert page.has("1 Maret 2026")
    assert steps(browser) == [("kesepakatan", None, True), ("berjalan", 12_500_000, True)]
    stale = browser.send(link, {**opened, "goods": "Gula"})
    assert (stale.status, stale.has("diubah orang lain"), stale.fields()["goods"]) == (409, True, "Gula")
    assert stale.fields()["seen_number"] == "2"
    same = send(browser, link, {})
    assert same.has("Bulog")
    assert len(steps(browser)) == 2


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"partner": "  "}, "partner", "Isi nama mitra."),
        ({"since_on": "2026-04-15"}, "since_on", "Tanggal ini belum tiba."),
        ({"since_on": "kemarin"}, "since_on", "Tulis tanggal seperti 2026-04-14."),
        ({"ends_on": "2026-02-01"}, "ends_on", "berakhir sebelum"),
        ({"monthly_value_idr": "-5"}, "monthly_value_idr", "Isi antara 0"),
        ({"monthly_value_idr": "dua juta"}, "monthly_value_idr", "Tulis rupiah seperti"),
        ({"status": "berhenti"}, "note", "Tulis mengapa"),
    ],
    ids=["no name", "future", "no date", "ends first", "negative", "no number", "no reason"],
)
@on_sqlite
def test_bad_input_is_told_at_its_place_and_stores_nothing(
    browser: Browser, facilitator: User, typed: dict[str, str], field: str, said: str
) -> None:
    page = send(browser, f"{HERE}/baru", {**TYPED, **typed})

    assert page.status == 400
    assert said in page.text(f"#{field}-error")
    assert page.fields()["goods"] == "Beras"
    assert steps(browser) == []


@on_sqlite
def test_a_status_that_begins_before_the_last_one_is_told_at_its_date(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        id_ = added(make, AGREED)

    page = send(browser, f"{HERE}/{id_}", {"status": "berjalan", "since_on": "2026-02-01"})

    assert page.status == 409
    assert page.text("#since_on-error") == "Status baru tidak dapat mulai sebelum status yang lama."
    assert len(steps(browser)) == 1


def test_what_the_news_said_is_verified_by_whoever_asked(browser: Browser, facilitator: User) -> None:
    page = browser.open(HERE)
    assert page.texts("main h2")[0] == "BUMN (nama belum diketahui)"
    assert page.has("data awal, perlu verifikasi")
    link = str(page.soup.select("main section a")[0]["href"])

    send(browser, link, {**TYPED, "status": "berjalan"})

    page = browser.open(HERE)
    assert page.texts("main h2")[0] == "Bulog"
    assert page.has("dari data awal")
    with browser.app.app_context():
        share = partnership_share(reading(), select(Cooperative), today=TODAY)
        assert share == PartnershipShare(34, running=1, unverified=2)
        assert verbs(reading()) == ["record_partnership_step", "report_partnership"]


def test_businesses_are_chosen_and_every_choice_is_kept(browser: Browser, facilitator: User) -> None:
    url = f"{HERE}/usaha"
    opened = browser.open(url).fields()
    page = browser.send(url, {**opened, "businesses": ["apotek", "sembako"], "potential": "Dekat pasar."})

    assert page.has("Sembako")
    assert page.has("Dekat pasar.")
    assert browser.send(url, {**opened, "businesses": ["ternak"]}).status == 409
    assert browser.send(url, {**opened, "businesses": ["kasino"]}).status == 400
    assert send(browser, url, {}).has("Dekat pasar.")
    with browser.app.app_context():
        (row,) = reading().scalars(select(BusinessPlan))
        assert (row.revision, row.businesses) == (1, ["sembako", "apotek"])


def test_partners_ask_for_what_is_poor_or_unanswered_in_their_section(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        cooperative = make.cooperative()
        before = requirements_of(make.session, cooperative, today=TODAY)
        answers = {"UK-07": ("3", "diamati"), "UK-08": ("no", "klaim"), "UK-01": ("0", "klaim")}
        make.visit(facilitator, answers, visited_on=TODAY)
        after = requirements_of(make.session, cooperative, today=TODAY)
        make.figures(Month(2026, 3), cashless_percent=36)

    assert all(each.is_unknown for each in before.missing)
    assert before.asked == len(before.missing) == after.asked
    told = {each.item.id: each.is_unknown for each in after.missing}
    assert ("UK-07" in told, told["UK-08"], "UK-01" in told) == (False, False, False)
    page = browser.open(HERE)
    assert page.has("masih kurang")
    assert page.has("36 %")
    assert page.has("menurut angka Maret 2026")


@on_sqlite
def test_the_cooperative_and_the_agency_read_and_do_not_write(browser: Browser) -> None:
    with browser.make() as make:
        added(make, RUNNING)
        people = [(make.cooperative_user(), "/kemitraan"), (make.user(Role.AGENCY_HEAD), HERE)]

    for person, address in people:
        browser.sign_in(person)
        page = browser.open(address)
        assert page.has("Bulog")
        assert page.has("12.500.000")
        assert not page.soup.select("main form, main a.btn")
    assert (
        browser.open("/program").texts(".figure")[1]
        == "Bermitra BUMN, berjalan 3 % 1 dari 34 koperasi; 2 lagi perlu verifikasi"
    )


def test_only_what_runs_today_with_a_bumn_is_in_the_share(make: Make) -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    counted = [
        (RUNNING, MANGGAR),
        (AGREED, "64.71.01.1002"),
        (dataclasses.replace(RUNNING, is_bumn=False), "64.71.01.1003"),
        (dataclasses.replace(RUNNING, ends_on=yesterday), "64.71.01.1004"),
        (dataclasses.replace(RUNNING, ends_on=TODAY, partner="PLN"), MANGGAR),
    ]
    for terms, code in counted:
        added(make, terms, code)
    east = select(Cooperative).where(Cooperative.code.startswith("64.71.01"))
    expected = {code for terms, code in counted if terms.is_bumn and is_running(terms, today=TODAY)}

    assert partnership_share(make.session, east, today=TODAY) == PartnershipShare(4, len(expected), 0)
    nobody = east.where(Cooperative.code == "tidak ada")
    assert partnership_share(make.session, nobody, today=TODAY).percent is None


def test_a_partnership_is_added_once_and_stays_with_its_cooperative(make: Make) -> None:
    who: dict[str, Any] = {"author_id": make.user().id, "actor": ACTOR, "now": NOW}
    first, other = make.cooperative(MANGGAR), make.cooperative(KARIANGAU)
    id_ = uuid.uuid4()
    for _twice in range(2):
        add_partnership(make.session, first, id_, AGREED, **who)

    assert [each.id for each in partnerships_of(make.session, first.id)] == [id_]
    with pytest.raises(PartnershipConflict):
        add_partnership(make.session, other, id_, AGREED, **who)
    record_step(make.session, first, id_, RUNNING, seen_number=1, **who)
    (held,) = partnerships_of(make.session, first.id)
    assert [each.terms for each in held.steps] == [RUNNING, AGREED]

"""What a tablet carries along: the person's own pages, the same bytes for the same content."""

import datetime as dt
import hashlib
import json
import re
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from pendamping.accounts.models import User
from pendamping.cooperatives.models import DocumentKind
from pendamping.field.pack import OWN_PAGES, PAGES_OF_A_COOPERATIVE, PAGES_OF_A_VISIT
from pendamping.kernel.roles import Role
from tests.conftest import TODAY
from tests.field import records
from tests.field.records import hand_in, record
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser, Page

FOR_PACK = {"X-Field-Pack": "1"}
ADDRESS = "/api/v1/field-pack"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as rows:
        rows.short_instruments()
        user: User = rows.facilitator(GRAHA_INDAH, KARIANGAU)
        ahead = [TODAY + dt.timedelta(days=days) for days in (-3, 0, 5)]
        drafts = [rows.action_draft("KL-02", due_on=day) for day in ahead]
        rows.visit(user, {"KL-02": ("no", "diamati")}, visited_on=dt.date(2026, 4, 1), actions=tuple(drafts))
        officer = rows.officer()
        officer.term_ends_on = TODAY + dt.timedelta(days=20)
        rows.document(kind=DocumentKind.LICENCE, expires_on=TODAY + dt.timedelta(days=12))
    browser.sign_in(user)
    return user


def pack(browser: Browser) -> dict[str, Any]:
    found: dict[str, Any] = browser.client.get(ADDRESS).get_json()
    return found


def revisions(found: dict[str, Any]) -> dict[str, str]:
    return {page["url"]: page["revision"] for page in found["pages"]}


def kept(browser: Browser, url: str) -> bytes:
    """A page as the worker fetches it."""
    answer = browser.client.get(url, headers=FOR_PACK)
    assert answer.status_code == 200
    return bytes(answer.data)


def test_the_pack_names_the_persons_pages_and_what_they_say(browser: Browser, ratna: User) -> None:
    found = pack(browser)

    own = {f"/koperasi/{code}{page}" for code in (GRAHA_INDAH, KARIANGAU) for page in PAGES_OF_A_COOPERATIVE}
    visits = {url for url in revisions(found) if url.startswith("/kunjungan/")}
    assert len(visits) == len(PAGES_OF_A_VISIT)
    assert set(revisions(found)) == {*OWN_PAGES, *own, *visits}
    assert (found["user"], found["made_at"]) == (str(ratna.id), "2026-04-14T01:30:00Z")
    for url, revision in revisions(found).items():
        digest = hashlib.sha256(kept(browser, url)).hexdigest()[:20]
        assert revision == f"{found['build']}-{digest}", url
    titles = {page["url"]: page["title"] for page in found["pages"]}
    assert titles[f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"] == "Kunjungan KKMP Graha Indah · Pendamping"


def test_every_file_of_the_pack_is_there(browser: Browser, ratna: User) -> None:
    urls = [each["url"] for each in pack(browser)["assets"]]

    assert any(url.endswith("/css/app.css") for url in urls)
    assert any(url.endswith("/js/visit/form.js") for url in urls)
    assert [url for url in urls if browser.client.get(url, buffered=True).status_code != 200] == []


def test_a_kept_page_carries_nothing_of_the_moment(browser: Browser, ratna: User) -> None:
    for url in revisions(pack(browser)):
        page = Page(browser.client.get(url, headers=FOR_PACK))
        text = page.response.get_data(as_text=True)
        assert {str(each.get("value", "")) for each in page.soup.select("[name=csrf_token]")} <= {""}, url
        assert not re.search(r"\d+ hari (lagi|lalu|yang)|Terlambat \d|hari ini\b(?!</h2>)", _counted(page)), url
        assert "nonce" not in text
    form = Page(browser.client.get(f"/koperasi/{GRAHA_INDAH}/kunjungan/baru", headers=FOR_PACK))
    assert form.fields("#visit-form")["id"] == ""
    assert Page(browser.client.get("/jadwal/baru", headers=FOR_PACK)).fields()["id"] == ""


def _counted(page: Page) -> str:
    """The words in which a page would count days."""
    return " ".join(page.texts(".pill"))


def test_days_are_named_for_the_script_to_count(browser: Browser, ratna: User) -> None:
    home = Page(browser.client.get("/", headers=FOR_PACK))
    cooperative = Page(browser.client.get(f"/koperasi/{GRAHA_INDAH}", headers=FOR_PACK))

    dates = [str(each["datetime"]) for each in home.soup.select(".pill time[data-relative]")]
    assert dates == ["2026-04-11", "2026-04-14", "2026-04-19"]
    assert {"2026-05-04", "2026-04-26"} <= {
        str(each["datetime"]) for each in cooperative.soup.select(".pill time[data-relative]")
    }


def test_the_same_page_is_the_same_bytes_at_any_time_of_day(browser: Browser, ratna: User) -> None:
    morning = {url: kept(browser, url) for url in revisions(pack(browser))}
    browser.app.extensions["clock"], before = (
        lambda: dt.datetime(2026, 4, 14, 11, tzinfo=dt.UTC),
        browser.app.extensions["clock"],
    )
    try:
        evening = {url: kept(browser, url) for url in morning}
    finally:
        browser.app.extensions["clock"] = before

    assert {url for url in morning if morning[url] != evening[url]} == set()


def test_a_message_waits_for_a_page_that_is_looked_at(browser: Browser, ratna: User) -> None:
    with browser.client.session_transaction() as session:
        session["_flashes"] = [("success", "Kunjungan tersimpan.")]

    pack(browser)
    quiet = kept(browser, "/")
    page = browser.open("/")

    assert b"Kunjungan tersimpan." not in quiet
    assert page.has("Kunjungan tersimpan.")


def test_without_the_header_pages_are_as_they_were(browser: Browser, ratna: User) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}/kunjungan/baru")

    fields = page.fields("#visit-form")
    assert UUID.fullmatch(fields["id"])
    assert fields["csrf_token"]
    assert str(page.soup.select("#visit-form")[0]["data-draft-url"]).endswith(fields["id"])
    assert browser.open("/").texts(".pill")[:3] == ["Terlambat 3 hari", "Jatuh tempo hari ini", "5 hari lagi"]


def test_every_page_says_whose_it_is(browser: Browser, ratna: User) -> None:
    for headers in ({}, FOR_PACK):
        answer = browser.client.get("/", headers=headers)
        assert answer.headers["X-Pendamping-User"] == str(ratna.id)
        assert {"x-field-pack", "cookie"} <= {each.lower() for each in answer.vary}
    signed_out = browser.app.test_client().get("/masuk")
    assert "X-Pendamping-User" not in signed_out.headers


def test_the_pack_changes_with_what_its_pages_say_and_only_then(browser: Browser, ratna: User) -> None:
    first = browser.client.get(ADDRESS)
    etag = first.headers["ETag"]

    same = browser.client.get(ADDRESS, headers={"If-None-Match": etag})
    hand_in(browser, record(records.body(actions=[])))
    changed = browser.client.get(ADDRESS, headers={"If-None-Match": etag})

    assert (first.status_code, same.status_code, same.data, changed.status_code) == (200, 304, b"", 200)
    before, after = revisions(first.get_json()), revisions(changed.get_json())
    differing = {url for url in before if before[url] != after[url]}
    assert f"/koperasi/{GRAHA_INDAH}" in differing
    assert not any(KARIANGAU in url for url in differing)


def test_a_compressed_pack_is_known_again(browser: Browser, ratna: User) -> None:
    first = browser.client.get(ADDRESS, headers={"Accept-Encoding": "br"})

    same = browser.client.get(ADDRESS, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})

    assert (first.headers["Content-Encoding"], same.status_code) == ("br", 304)


def test_making_the_pack_leaves_the_request_as_it_was(browser: Browser, ratna: User) -> None:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        answer = browser.client.get(ADDRESS)

    (own,) = [line for line in logged if line.get("endpoint") == "field.field_pack"]
    assert own["request_id"] == answer.headers["X-Request-Id"]
    assert {line["request_id"] for line in logged if line is not own} & {own["request_id"]} == set()
    assert len(logged) == len(revisions(answer.get_json())) + 1


def test_only_facilitators_carry_a_pack(browser: Browser) -> None:
    with browser.make() as rows:
        head = rows.user(Role.AGENCY_HEAD)
    browser.sign_in(head)

    answer = browser.client.get(ADDRESS)

    assert (answer.status_code, json.loads(answer.data)["code"]) == (403, "not_allowed")


def test_what_was_sent_is_shown_without_script(browser: Browser, ratna: User) -> None:
    hand_in(browser, sent := record())
    hand_in(browser, {**sent, "body": records.body(notes="Lain.")})

    page = browser.open("/pengiriman")

    assert page.heading == "Pengiriman"
    for id_ in ("draf", "menunggu", "terkirim", "perlu-diperbaiki", "siap-dibawa"):
        assert page.soup.select(f"#{id_}")
    rows = page.texts("#terkirim li")
    assert len(rows) == 2
    assert all("Kunjungan · KKMP Graha Indah" in row and "diterima 14 Apr pukul 09.30" in row for row in rows)
    assert sum("keduanya disimpan" in row for row in rows) == 1

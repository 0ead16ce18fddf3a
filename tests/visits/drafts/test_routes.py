"""The page saves what is typed while it is typed; who comes back finds it again."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.visits.drafts.models import Draft
from pendamping.visits.models import Visit
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser

HERE = f"/koperasi/{GRAHA_INDAH}/kunjungan"
TYPED = [["visited_on", "2026-04-14"], ["mode", "tatap_muka"], ["notes", "Rapat"], ["answers-KL-01-value", "yes"]]


def save(
    browser: Browser, draft_id: uuid.UUID, revision: Any = 0, fields: Any = TYPED, *, code: str = GRAHA_INDAH
) -> TestResponse:
    return put(browser, draft_id, code=code, json={"revision": revision, "fields": fields})


def put(browser: Browser, draft_id: object, *, code: str = GRAHA_INDAH, **body: Any) -> TestResponse:
    response: TestResponse = browser.client.put(
        f"/koperasi/{code}/kunjungan/draf/{draft_id}", headers={"X-CSRFToken": browser.token}, **body
    )
    return response


def discard(browser: Browser, draft_id: uuid.UUID, *, code: str = GRAHA_INDAH) -> TestResponse:
    return browser.client.post(f"/koperasi/{code}/kunjungan/draf/{draft_id}/buang", data={"csrf_token": browser.token})


def drafts(browser: Browser) -> dict[uuid.UUID, tuple[int, list[list[str]]]]:
    with browser.app.app_context():
        return {each.id: (each.revision, each.fields) for each in reading().scalars(select(Draft))}


# Saved ----------------------------------------------------------------------------------------------------------------


def test_each_saving_is_answered_with_its_revision(browser: Browser, facilitator: User) -> None:
    draft_id = uuid.uuid4()

    answers = [save(browser, draft_id, revision, [["notes", str(revision)]]) for revision in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [answer.get_json() for answer in answers] == [
        {"revision": revision, "saved_at": "2026-04-14T01:30:00Z"} for revision in (1, 2, 3)
    ]
    assert drafts(browser) == {draft_id: (3, [["notes", "2"]])}


def test_a_draft_that_changed_elsewhere_is_a_conflict_and_stays_as_it_is(browser: Browser, facilitator: User) -> None:
    draft_id, forked_id = uuid.uuid4(), uuid.uuid4()
    save(browser, draft_id)
    save(browser, draft_id, 1, [["notes", "Tab lain"]])

    refused = save(browser, draft_id, 1, [["notes", "Tab ini"]])
    forked = save(browser, forked_id, 0, [["notes", "Tab ini"]])

    assert refused.status_code == 409
    assert forked.get_json()["revision"] == 1
    assert drafts(browser) == {draft_id: (2, [["notes", "Tab lain"]]), forked_id: (1, [["notes", "Tab ini"]])}


def test_the_page_learns_from_a_refusal_what_is_wrong(browser: Browser, facilitator: User) -> None:
    """It forks at `draft_changed`, and stops at `draft_is_stored`."""
    with browser.make() as make:
        visit = make.visit(facilitator)
    draft_id = uuid.uuid4()
    save(browser, draft_id)

    changed = save(browser, draft_id, 7, [["notes", "Tab ini"]])
    is_stored = save(browser, visit.id)

    assert (changed.status_code, changed.get_json(force=True)["code"]) == (409, "draft_changed")
    assert (is_stored.status_code, is_stored.get_json(force=True)["code"]) == (409, "draft_is_stored")


BODIES: dict[str, tuple[dict[str, Any], int]] = {
    "no JSON": ({"data": b"{", "content_type": "application/json"}, 400),
    "nothing": ({"data": b"", "content_type": "application/json"}, 400),
    "no text": ({"data": b"\xff\xfe", "content_type": "application/json"}, 400),
    "a form": ({"data": {"revision": "0"}}, 415),
    "a list": ({"json": [0, TYPED]}, 400),
    "null": ({"data": b"null", "content_type": "application/json"}, 400),
    "no revision": ({"json": {"fields": TYPED}}, 400),
    "no fields": ({"json": {"revision": 0}}, 400),
    "revision in words": ({"json": {"revision": "0", "fields": TYPED}}, 400),
    "half a revision": ({"json": {"revision": 0.5, "fields": TYPED}}, 400),
    "fields as an object": ({"json": {"revision": 0, "fields": {"notes": "Rapat"}}}, 400),
    "a field that is no pair": ({"json": {"revision": 0, "fields": [["notes"]]}}, 400),
    "three halves": ({"json": {"revision": 0, "fields": [["notes", "a", "b"]]}}, 400),
    "a text for a pair": ({"json": {"revision": 0, "fields": ["ab"]}}, 400),
    "a number for a text": ({"json": {"revision": 0, "fields": [["notes", 7]]}}, 400),
    "a NUL in a value": ({"json": {"revision": 0, "fields": [["notes", "a\0b"]]}}, 400),
    "a NUL in a name": ({"json": {"revision": 0, "fields": [["no\0tes", "b"]]}}, 400),
    "half a character": (
        {"data": b'{"revision": 0, "fields": [["notes", "\\ud800"]]}', "content_type": "application/json"},
        400,
    ),
    "brackets without end": ({"data": b"[" * 100_000, "content_type": "application/json"}, 400),
    "too many fields": ({"json": {"revision": 0, "fields": [["notes", ""]] * 4001}}, 413),
    "too many characters": ({"json": {"revision": 0, "fields": [["notes", "a" * 400_000]]}}, 413),
    "too many bytes": ({"json": {"revision": 0, "fields": [["notes", "a" * 3_000_000]]}}, 413),
}


@on_sqlite
@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_draft_is_refused_and_not_kept(browser: Browser, facilitator: User, name: str) -> None:
    body, status = BODIES[name]

    assert put(browser, uuid.uuid4(), **body).status_code == status
    assert drafts(browser) == {}


def test_odd_characters_are_kept_and_shown_again(browser: Browser, facilitator: User) -> None:
    draft_id, notes = uuid.uuid4(), "a\u202eb \U0001f33e \uffff </script><b> \x01 \u2028"

    assert save(browser, draft_id, 0, [["notes", notes], ["tanpa_arti", "x" * 500]]).status_code == 200

    page = browser.open(f"{HERE}/baru?draf={draft_id}")
    assert page.status == 200
    assert "</script><b>" in page.fields()["notes"]


def test_drafts_are_not_there_for_cooperatives_that_are_not_theirs(browser: Browser, facilitator: User) -> None:
    foreign = MANGGAR
    with browser.make() as make:
        other = make.facilitator(foreign)
    draft_id = uuid.uuid4()
    assert save(browser, draft_id).status_code == 200

    assert save(browser, uuid.uuid4(), code=foreign).status_code == 404
    assert save(browser, draft_id, 1, code=KARIANGAU).status_code == 404
    assert put(browser, "bukan-nomor", json={"revision": 0, "fields": TYPED}).status_code == 404
    browser.sign_in(other)
    assert save(browser, draft_id, 1, code=foreign).status_code == 404
    assert drafts(browser) == {draft_id: (1, TYPED)}


@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.ADMIN, Role.COOPERATIVE])
def test_only_facilitators_keep_drafts(browser: Browser, role: Role) -> None:
    with browser.make() as make:
        browser.sign_in(make.cooperative_user() if role is Role.COOPERATIVE else make.user(role))

    assert save(browser, uuid.uuid4()).status_code == 403
    assert drafts(browser) == {}


def test_without_a_token_nothing_is_kept_and_nothing_thrown_away(browser: Browser, facilitator: User) -> None:
    draft_id = uuid.uuid4()
    save(browser, draft_id)
    address = f"{HERE}/draf/{draft_id}"

    statuses = [
        browser.client.put(address, json={"revision": 1, "fields": []}).status_code,
        browser.client.put(address, json={"revision": 1, "fields": []}, headers={"X-CSRFToken": "lain"}).status_code,
        browser.client.post(f"{address}/buang").status_code,
    ]

    assert statuses == [400] * 3
    assert drafts(browser) == {draft_id: (1, TYPED)}


# Found again ----------------------------------------------------------------------------------------------------------


def test_the_home_page_leads_back_to_what_was_typed(browser: Browser, facilitator: User) -> None:
    draft_id = uuid.uuid4()
    save(browser, draft_id, 0, [*TYPED, ["people_met-0-name", "Siti"], ["id", str(uuid.uuid4())]])

    home = browser.open("/")
    (link,) = home.soup.select("[aria-labelledby=lanjutkan] a")
    page = browser.open(str(link["href"]))

    fields = page.fields()
    assert (fields["id"], fields["draft_revision"]) == (str(draft_id), "1")
    assert (fields["notes"], fields["answers-KL-01-value"]) == ("Rapat", "yes")
    assert fields["people_met-0-name"] == "Siti"


def test_somebody_elses_draft_is_not_there(browser: Browser, facilitator: User) -> None:
    draft_id = uuid.uuid4()
    save(browser, draft_id)

    assert browser.open(f"/koperasi/{KARIANGAU}/kunjungan/baru?draf={draft_id}").status == 404
    assert browser.open(f"{HERE}/baru?draf={uuid.uuid4()}").status == 404
    with browser.make() as make:
        successor = make.facilitator(MANGGAR)
    browser.sign_in(successor)
    assert browser.open(f"/koperasi/64.71.01.1001/kunjungan/baru?draf={draft_id}").status == 404
    assert not browser.open("/").has("Lanjutkan kunjungan")


def test_an_address_with_an_odd_draft_opens_an_empty_page(browser: Browser, facilitator: User) -> None:
    page = browser.open(f"{HERE}/baru?draf=bukan-nomor")

    assert page.status == 200
    assert page.fields()["notes"] == ""


# Gone -----------------------------------------------------------------------------------------------------------------


def test_a_draft_is_thrown_away_by_its_author_alone(browser: Browser, facilitator: User) -> None:
    draft_id = uuid.uuid4()
    save(browser, draft_id)
    with browser.make() as make:
        other = make.facilitator(MANGGAR)

    browser.sign_in(other)
    assert discard(browser, draft_id).status_code == 404
    assert discard(browser, draft_id, code=MANGGAR).status_code == 302
    assert len(drafts(browser)) == 1
    browser.sign_in(facilitator)
    assert discard(browser, draft_id).headers["Location"] == "/"
    assert drafts(browser) == {}
    assert discard(browser, draft_id).status_code == 302
    assert browser.open("/").has("Draf ini sudah tidak ada.")


def test_the_draft_goes_when_its_visit_is_stored_and_its_address_leads_there(
    browser: Browser, facilitator: User
) -> None:
    draft_id, other_id = uuid.uuid4(), uuid.uuid4()
    save(browser, draft_id)
    save(browser, other_id)
    address = f"{HERE}/baru?draf={draft_id}"

    response = browser.client.post(address, data=browser.open(address).fields())

    assert response.headers["Location"] == f"/kunjungan/{draft_id}"
    assert set(drafts(browser)) == {other_id}
    assert browser.client.get(address).headers["Location"] == f"/kunjungan/{draft_id}"
    late = save(browser, draft_id, 1, [["notes", "Terlambat"]])
    assert late.status_code == 409
    assert set(drafts(browser)) == {other_id}


def test_a_visit_that_is_refused_keeps_its_draft(browser: Browser, facilitator: User) -> None:
    """By the form, by a rule, and by the database after the visit was written."""
    with browser.make() as make:
        stored = make.visit(facilitator, code=KARIANGAU, actions=(make.action_draft(),))
        (action,) = make.agree(stored, facilitator, make.action_draft(title="Milik kunjungan lain"))
    draft_id = uuid.uuid4()
    save(browser, draft_id)
    address = f"{HERE}/baru?draf={draft_id}"
    fields = browser.open(address).fields()
    taken = {"item": "", "title": "Undang dinas", "owner_role": "ketua", "due_on": "2026-04-20", "id": str(action.id)}
    refused: list[dict[str, str]] = [
        {"visited_on": "kemarin"},
        {"visited_on": "2025-12-31"},
        {"started": "09:00", "ended": "10:00"},
        {f"actions-900-{name}": value for name, value in taken.items()},
    ]

    statuses = [browser.client.post(address, data={**fields, **wrong}).status_code for wrong in refused]

    assert statuses == [400, 400, 409, 409]
    assert drafts(browser) == {draft_id: (1, TYPED)}
    with browser.app.app_context():
        assert reading().scalars(select(Visit.id)).all() == [stored.id]

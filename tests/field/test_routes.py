import uuid

import pytest

from pendamping.kernel.roles import Role
from tests.pages import Browser

ADDRESS = "/api/v1/session"


@pytest.mark.parametrize("role", list(Role))
def test_a_tablet_learns_who_is_signed_in_and_the_token_of_its_next_record(browser: Browser, role: Role) -> None:
    with browser.make() as rows:
        person = rows.cooperative_user(name="Ratna") if role is Role.COOPERATIVE else rows.user(role, name="Ratna")
    browser.sign_in(person)

    answer = browser.client.get(ADDRESS)

    said = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert said == {
        "user": str(person.id),
        "name": "Ratna",
        "role": str(role),
        "epoch": said["epoch"],
        "receipts": 0,
        "csrf_token": said["csrf_token"],
        "server_time": "2026-04-14T01:30:00Z",
        "device": None,
        "leaving": None,
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_token_is_good_for_the_next_record(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator()
    browser.sign_in(ratna)
    token = browser.client.get(ADDRESS).get_json()["csrf_token"]

    refused = browser.client.post("/keluar", data={"csrf_token": "x" + token})
    signed_out = browser.client.post("/keluar", data={"csrf_token": token})

    assert (refused.status_code, signed_out.status_code) == (400, 302)


def test_a_one_time_password_does_not_keep_a_tablet_from_asking(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.user(must_change_password=True)
    browser.sign_in(ratna)

    assert browser.client.get(ADDRESS).status_code == 200


def test_nobody_gets_a_problem_that_a_machine_can_read(browser: Browser) -> None:
    answers = [browser.client.get(ADDRESS)]
    browser.sign_in((uuid.uuid4(), 1))
    answers.append(browser.client.get(ADDRESS))

    for answer in answers:
        said = answer.get_json(force=True)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert said == {
            "type": "urn:pendamping:problem:not_signed_in",
            "title": "Anda belum masuk",
            "status": 401,
            "code": "not_signed_in",
            "detail": "Masuk dahulu untuk melanjutkan.",
            "request_id": answer.headers["X-Request-Id"],
        }
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_that_is_no_endpoint_is_a_problem_too(browser: Browser) -> None:
    answer = browser.client.get("/api/v1/entah")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.get_json(force=True)["code"] == "not_found"

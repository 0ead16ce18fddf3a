"""PostgreSQL takes no NUL in a text: what holds one is refused at the door, on every database alike."""

import pytest
from flask.testing import FlaskClient

from tests.pages import Browser, Page


@pytest.mark.parametrize(
    "address", ["/koperasi/%00", "/koperasi?setelah=%00", "/koperasi?q=a%00b", "/api/v1/%00", "//evil.example/%00"]
)
def test_an_address_with_a_nul_is_refused(browser: Browser, address: str) -> None:
    with browser.make() as make:
        user = make.facilitator()
    browser.sign_in(user)

    path, _, query = address.partition("?")
    answer = browser.client.get(path, query_string=query)

    assert answer.status_code in (400, 404)
    assert "evil" not in answer.get_data(as_text=True).partition("<main")[2]


def test_a_form_with_a_nul_is_refused(client: FlaskClient) -> None:
    fields = Page(client.get("/masuk")).fields()

    answer = client.post("/masuk", data={**fields, "username": "siti\0", "password": "sandi-untuk-uji"})

    assert answer.status_code == 400


def test_a_percent_sign_that_only_looks_like_one_is_let_through(browser: Browser) -> None:
    with browser.make() as make:
        user = make.facilitator()
    browser.sign_in(user)

    assert browser.open("/koperasi?q=%2500").status == 200

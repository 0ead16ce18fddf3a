import datetime as dt
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from wtforms import FormField, StringField

from pendamping.kernel.errors import DomainError
from pendamping.kernel.forms import (
    MAX_ENTRIES,
    BaseForm,
    BoundedFieldList,
    ClockField,
    FilterForm,
    NewIdField,
    OfficeDateField,
    RevisionField,
    entry_numbers,
    fail,
    optional,
    required,
    tidy,
)
from pendamping.kernel.ids import uuid_or_none
from tests import only
from tests.pages import Browser, Page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Siti Aminah  ", "Siti Aminah"),
        ("Siti\u202eAminah", "SitiAminah"),  # right-to-left override
        ("Siti\u200b\ufeffAminah", "SitiAminah"),  # zero width
        ("Siti\x00\x07\x1bAminah", "SitiAminah"),
        ("satu\r\ndua\ttiga", "satu\ndua tiga"),
        ("Jose\u0301", "Jos\u00e9"),
        ("\ud800", ""),
        ("Rp1.250.000 – “ya” 👍", "Rp1.250.000 – “ya” 👍"),
        ("", ""),
        (None, ""),
    ],
)
def test_text_is_kept_as_people_meant_it(typed: str | None, kept: str) -> None:
    assert tidy(typed) == kept


def test_tidy_text_is_tidy_already() -> None:
    once = tidy(" A\u030a\u202e \u200b x\r\n")

    assert tidy(once) == once


@pytest.mark.parametrize(
    ("names", "numbers"),
    [
        (["a-0-name", "a-0-role", "a-12-name"], [0, 12]),
        (["a-9-x", "a-10-x", "a-1-x"], [1, 9, 10]),
        (["b-1-x", "aa-1-x", "a-1"], []),
        (["a-²-x", "a-١-x", "a--1-x", "a-1.5-x", "a-+1-x", "a- 1-x", "a-1e3-x"], []),
        (["a-99999-x", "a-9999-x"], [9999]),
    ],
)
def test_only_plain_numbers_number_an_entry(names: list[str], numbers: list[int]) -> None:
    assert entry_numbers("a", names) == numbers


def test_entries_are_never_endless() -> None:
    assert len(entry_numbers("a", [f"a-{number}-x" for number in range(5_000)])) == MAX_ENTRIES


def test_a_prefix_is_no_pattern() -> None:
    assert entry_numbers("a.c", ["abc-1-x", "a.c-2-x"]) == [2]


class PersonForm(FilterForm):
    name = StringField()


class Everything(FilterForm):
    """A form without a token, so that only its fields speak."""

    day = OfficeDateField(validators=[optional()])
    time = ClockField(validators=[optional()])
    people = BoundedFieldList(FormField(PersonForm))


class Carried(FilterForm):
    """What a page carries along, unseen."""

    new_id = NewIdField()
    seen = RevisionField(default="7")


class NeededInTheAddress(FilterForm):
    name = StringField(validators=[required("Isi nama.")])


class Needed(BaseForm):
    name = StringField(validators=[required("Isi nama.")])


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("typed", "day"),
    [("2026-04-14", dt.date(2026, 4, 14)), (" 2026-04-14 ", dt.date(2026, 4, 14)), ("", None), ("  ", None)],
)
def test_a_date_is_read(typed: str, day: dt.date | None) -> None:
    form = Everything(MultiDict({"day": typed}))

    assert form.validate()
    assert form.day.data == day


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0026-04-14", "Periksa tahunnya."),
        ("1944-12-31", "Periksa tahunnya."),
        ("2101-01-01", "Periksa tahunnya."),
        ("2026-02-30", "Tulis tanggal seperti 2026-04-14."),
        ("14/04/2026", "Tulis tanggal seperti 2026-04-14."),
        ("20260-04-14", "Tulis tanggal seperti 2026-04-14."),
        ("x" * 100_000, "Tulis tanggal seperti 2026-04-14."),
    ],
)
def test_a_date_out_of_reach_is_refused_in_our_words(typed: str, said: str) -> None:
    form = Everything(MultiDict({"day": typed}))

    assert not form.validate()
    assert [str(each) for each in form.day.errors] == [said]
    assert form.day.data is None


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("09:30", dt.time(9, 30)),
        ("09.30", dt.time(9, 30)),
        (" 9.30 ", dt.time(9, 30)),
        ("09:30:15", dt.time(9, 30)),
        ("23.59", dt.time(23, 59)),
    ],
)
def test_a_time_is_read_with_a_colon_and_the_indonesian_way(typed: str, time: dt.time) -> None:
    form = Everything(MultiDict({"time": typed}))

    assert form.validate()
    assert form.time.data == time


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize("typed", ["24:00", "9:60", "pagi", "09", "²3:00", "09:30 malam", "09:3"])
def test_what_is_no_time_is_refused_in_our_words(typed: str) -> None:
    form = Everything(MultiDict({"time": typed}))

    assert not form.validate()
    assert [str(each) for each in form.time.errors] == ["Tulis jam seperti 09:30."]


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("typed", "said"), [("", ["Isi nama."]), (" \t ", ["Isi nama."]), ("\u200b\ufeff", ["Isi nama."]), (" Siti ", [])]
)
def test_blanks_are_nothing(typed: str, said: list[str]) -> None:
    form = NeededInTheAddress(MultiDict({"name": typed}))
    form.validate()

    assert [str(each) for each in form.name.errors] == said


@pytest.mark.usefixtures("request_context")
def test_a_list_takes_its_entries_in_order_and_none_with_odd_numbers() -> None:
    sent = {"people-10-name": "C", "people-2-name": "B", "people-²-name": "X", "people-a-name": "Y"}

    form = Everything(MultiDict(sent))

    assert [entry.form.name.data for entry in form.people] == ["B", "C"]


@pytest.mark.usefixtures("request_context")
def test_a_message_found_later_stands_beside_those_of_the_field() -> None:
    form = Everything(MultiDict({"time": "pagi"}))
    form.validate()

    fail(form.time, "Di luar jam kerja.")

    assert [str(each) for each in form.time.errors] == ["Tulis jam seperti 09:30.", "Di luar jam kerja."]


class TooLate(DomainError):
    status = 422
    explanation = "Lewat pukul %(hour)s."


@pytest.mark.usefixtures("request_context")
def test_what_the_rules_refuse_is_said_at_its_field_or_above_the_form() -> None:
    form = Everything(MultiDict({"time": "23:00"}))

    assert [form.refuse(TooLate(hour="22"), form.time), form.refuse(TooLate(hour="21"))] == [422, 422]
    assert (form.time.errors, form.form_errors) == (["Lewat pukul 22."], ["Lewat pukul 21."])


ID = uuid.UUID("7f1d2c3b-0000-4000-8000-00000000000a")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (str(ID), ID),
        (ID.hex.upper(), ID),
        (None, None),
        ("", None),
        ("x", None),
        (f" {ID}", None),
        ("9" * 33, None),
        ("\u0661" * 32, None),  # digits of another script
        ("7" * 100_000, None),
    ],
)
def test_a_text_names_an_id_or_none(text: str | None, named: uuid.UUID | None) -> None:
    assert uuid_or_none(text) == named


@pytest.mark.usefixtures("request_context")
def test_an_id_made_with_the_page_comes_back_and_makes_one_thing() -> None:
    first = Carried(MultiDict()).new_id.as_uuid
    kept = Carried(MultiDict({"new_id": str(first)})).new_id
    tampered = Carried(MultiDict({"new_id": "\u0661" * 32})).new_id

    assert kept.as_uuid == first
    assert tampered.as_uuid == tampered.as_uuid == uuid.UUID(tampered.data)


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ({"seen": "12"}, 12),
        ({"seen": "0"}, 0),
        ({"seen": "999999999"}, 999_999_999),
        ({}, 0),  # a page that does not say
        *(
            ({"seen": odd}, 0)
            for odd in ("", "-1", " 3", "3.0", "\u0663", "\u00b2", "1e3", "1_0", "9" * 10, "9" * 10_000)
        ),
    ],
)
def test_a_revision_is_what_was_sent_or_none(sent: dict[str, str], number: int) -> None:
    field = Carried(MultiDict({"new_id": "x", **sent})).seen

    assert field.number == number
    field.show(8)
    assert (field.number, field.data) == (8, "8")


@pytest.mark.usefixtures("request_context")
def test_a_fresh_page_carries_what_it_shows() -> None:
    assert Carried(formdata=None).seen.number == 7


def test_a_form_that_nobody_sent_is_not_valid(sqlite_app: tuple[Flask, object]) -> None:
    with sqlite_app[0].test_request_context(method="GET"):
        form = Needed()

        assert not form.is_submitted_and_valid()
        assert form.errors == {}


@only.on_sqlite
@pytest.mark.parametrize("token", [None, "", "old", "a.b.c"])
def test_a_stale_page_keeps_what_was_typed(browser: Browser, token: str | None) -> None:
    with browser.make() as make:
        user, code = make.facilitator(), make.cooperative().code
    browser.sign_in(user)
    address = f"/koperasi/{code}/pengurus/baru"
    fields = {**browser.open(address).fields(), "name": "Siti Aminah", "csrf_token": token}

    page = browser.send(address, {name: value for name, value in fields.items() if value is not None})

    assert page.status == 400
    assert page.has("Halaman ini terlalu lama terbuka. Isian Anda tetap ada: kirim sekali lagi.")
    kept = page.fields()
    assert kept["name"] == "Siti Aminah"
    assert browser.send(address, kept).status == 200


@only.on_sqlite
def test_a_token_of_another_session_is_no_token(app: Flask, client: FlaskClient) -> None:
    foreign = Page(app.test_client().get("/masuk")).fields()["csrf_token"]
    client.get("/masuk")

    assert client.post("/bahasa", data={"language": "en", "csrf_token": foreign}).status_code == 400

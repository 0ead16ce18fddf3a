import datetime as dt

from pendamping.reminders.models import DayOff, DayOffKind, Obligation
from tests.breaking import Broken, add_row, misjudged, raw
from tests.make import Make


def add_day_off(make: Make, **changed: object) -> None:
    sound = {"on": dt.date(2030, 1, 1), "name": "Tahun baru", "kind": DayOffKind.HOLIDAY}
    add_row(make, DayOff, **{**sound, **changed})


def add_obligation(make: Make, **changed: object) -> None:
    sound = {
        "code": "uji",
        "name_id": "Uji",
        "name_en": "Test",
        "month_days": [],
        "day_of_month": 5,
        "rule": "",
        "only_if": "",
        "source": "uji",
        "confidence": "tinggi",
    }
    add_row(make, Obligation, **{**sound, **changed})


BROKEN: Broken = {
    "ck_day_off_dayoffkind": lambda make: add_day_off(make, kind=raw("malas")),
    "ck_day_off_name_is_given": lambda make: add_day_off(make, name=""),
    "ck_obligation_day_exists_in_every_month": lambda make: add_obligation(make, day_of_month=29),
    "ck_obligation_one_kind_of_date": lambda make: add_obligation(make, rule="14 hari sebelum RAT"),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_day_off(make)
    add_obligation(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}

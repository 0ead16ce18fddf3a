import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from flask import g
from flask_babel import force_locale, gettext

from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import (
    clock_time,
    decimal,
    explained,
    language,
    long_date,
    rupiah,
    short_date,
    signed,
    weekday_date,
    whole,
    word,
)

pytestmark = pytest.mark.usefixtures("request_context")
DAY = dt.date(2026, 4, 14)
INSTANT = dt.datetime(2026, 4, 13, 16, 30, tzinfo=dt.UTC)
"""Half past midnight of 14 April in Balikpapan."""


@pytest.mark.parametrize(
    ("write", "value", "indonesian", "english"),
    [
        (long_date, DAY, "14 April 2026", "14 April 2026"),
        (long_date, dt.date(2026, 8, 5), "5 Agustus 2026", "5 August 2026"),
        (long_date, INSTANT, "14 April 2026", "14 April 2026"),
        (weekday_date, DAY, "Selasa, 14 April 2026", "Tuesday, 14 April 2026"),
        (short_date, dt.date(2026, 8, 5), "5 Agu", "5 Aug"),
        (clock_time, dt.time(9, 5), "09.05", "09:05"),
        (clock_time, INSTANT, "00.30", "00:30"),
        (decimal, Decimal("58.3"), "58,3", "58.3"),
        (decimal, Decimal("1234.5"), "1.234,5", "1,234.5"),
        (decimal, 7, "7,0", "7.0"),
        (decimal, Decimal("-1.25"), "−1,3", "−1.3"),
        (decimal, Decimal("-0.04"), "0,0", "0.0"),
        (signed, Decimal(8), "+8,0", "+8.0"),
        (signed, Decimal("-1.2"), "−1,2", "−1.2"),
        (signed, Decimal("0.04"), "0,0", "0.0"),
        (whole, 1250, "1.250", "1,250"),
        (whole, Decimal(-1250), "−1.250", "−1,250"),
        (rupiah, 1_250_000, "Rp1.250.000", "Rp1,250,000"),
        (rupiah, -5, "−Rp5", "−Rp5"),
        (rupiah, 0, "Rp0", "Rp0"),
    ],
)
def test_people_read_it_their_own_way(
    write: Callable[[object], str], value: object, indonesian: str, english: str
) -> None:
    assert write(value) == indonesian
    with force_locale("en"):
        assert write(value) == english


@pytest.mark.parametrize(
    ("score", "shown"), [("56.25", "56,3"), ("56.35", "56,4"), ("99.95", "100,0"), ("0.05", "0,1")]
)
def test_half_is_rounded_up_as_the_pages_own_script_does(score: str, shown: str) -> None:
    assert decimal(Decimal(score)) == shown


def test_the_digits_after_the_comma_are_as_many_as_asked() -> None:
    assert (decimal(Decimal("-1.248"), 2), decimal(Decimal(1), 4)) == ("−1,25", "1,0000")


@dataclass
class Named:
    name_id: str = "Cukup"
    name_en: str = "Fair"


def test_data_that_carries_both_languages_answers_in_the_readers() -> None:
    assert word(Named(), "name") == "Cukup"
    with force_locale("en"):
        assert word(Named(), "name") == "Fair"
        assert word(Named(name_en=""), "name") == "Cukup"


class TooEarly(DomainError):
    explanation = "%(name)s: paling awal %(day)s."


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-08-05", "5 Agustus 2026"),
        ("2026-13-45", "2026-13-45"),
        ("٢٠٢٦-٠٨-٠٥", "٢٠٢٦-٠٨-٠٥"),
        ("20260805", "20260805"),
        ("besok", "besok"),
    ],
)
def test_a_broken_rule_says_its_dates_as_people_read_them(day: str, said: str) -> None:
    assert explained(TooEarly(name="Siti", day=day)) == f"Siti: paling awal {said}."


def test_flask_babel_keeps_the_language_of_a_request_where_it_is_read() -> None:
    assert gettext("Wajib diisi.") == "Wajib diisi."
    spoken = g.get("_flask_babel")
    indonesian = spoken.babel_translations

    assert (spoken.babel_locale.language, indonesian is not None) == ("id", True)
    with force_locale("en"):
        assert (spoken.babel_locale.language, spoken.babel_translations) == ("en", None)
        assert gettext("Wajib diisi.") == "This is required."
    assert spoken.babel_translations is indonesian


def test_who_has_chosen_nothing_reads_indonesian() -> None:
    assert language() == "id"

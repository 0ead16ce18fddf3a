import datetime as dt

from pendamping.instruments.models import InstrumentVersion
from tests.breaking import Broken, add_row, misjudged, removes, rewrites
from tests.make import Make


def add_version(make: Make, **changed: object) -> None:
    sound = {
        "code": "XX",
        "version": "1",
        "sha256": "0" * 64,
        "body": "{}",
        "position": 9,
        "effective_on": dt.date(2026, 1, 1),
        "published_at": make.now,
    }
    add_row(make, InstrumentVersion, **{**sound, **changed})


def publish_the_same_content_twice(make: Make) -> None:
    add_version(make)
    add_version(make, version="2")


BROKEN: Broken = {
    "ck_instrument_version_sha256_length": lambda make: add_version(make, sha256="0" * 63),
    "uq_instrument_version_sha256": publish_the_same_content_twice,
    "instrument_version_is_append_only: update": rewrites(InstrumentVersion, body="{}"),
    "instrument_version_is_append_only: delete": removes(InstrumentVersion),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_version(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}

"""Rows past the session: stored as the session would have stored them, and never hidden by what it had read before."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pendamping.kernel.bulk import append, known, put, read
from pendamping.visits.models import PaperCounter

HERE, THERE = ("64.71", 2026), ("64.72", 2026)
LAST_NUMBERS = select(PaperCounter.last_number).where(PaperCounter.year == bindparam("year")).order_by("last_number")


def row(key: tuple[str, int], last_number: int) -> dict[str, object]:
    return {"city_code": key[0], "year": key[1], "last_number": last_number}


def last_numbers(session: Session) -> list[int]:
    return list(read(session, LAST_NUMBERS, {"year": 2026}).scalars())


def test_rows_are_put_in_the_place_of_those_with_their_keys(session: Session) -> None:
    append(session, PaperCounter, row(HERE, 3))
    held = session.get_one(PaperCounter, HERE)

    put(session, PaperCounter, row(HERE, 5), row(THERE, 1))
    put(session, PaperCounter)

    assert held.last_number == 5
    assert last_numbers(session) == [1, 5]


def test_what_the_session_has_not_written_yet_is_written_before_it_is_read_past_it(session: Session) -> None:
    session.add(PaperCounter(**row(HERE, 3)))

    assert last_numbers(session) == [3]


def test_a_row_that_was_appended_can_be_changed_as_if_it_had_been_read(session: Session) -> None:
    append(session, PaperCounter, row(HERE, 3))

    known(session, PaperCounter, row(HERE, 3)).last_number = 4
    session.flush()

    assert session.get_one(PaperCounter, HERE, populate_existing=True).last_number == 4


def test_a_row_is_gone_with_the_savepoint_that_appended_it(session: Session) -> None:
    savepoint = session.begin_nested()
    append(session, PaperCounter, row(HERE, 3))
    held = known(session, PaperCounter, row(HERE, 3))
    savepoint.rollback()

    assert session.get(PaperCounter, HERE) is None
    assert held not in session

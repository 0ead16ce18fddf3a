"""Each visit's paper has a number: counted by the city within the year of the visit, without a gap."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Region, RegionKind
from pendamping.kernel.errors import DomainError
from pendamping.visits.models import PaperCounter, Visit
from pendamping.visits.service import OutsideAssignment, VisitConflict, VisitsOverlap, record_visit
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make

WRITERS = 8
VISITS_EACH = 3


def numbers(session: Session, year: int = 2026) -> list[int]:
    """The numbers of a year's papers in the order in which the visits came in."""
    of_year = select(Visit.number).where(Visit.number_year == year)
    return list(session.scalars(of_year.order_by(Visit.received_at, Visit.number)))


def at_once(work: Callable[[int], object], count: int) -> list[BaseException]:
    """Let `count` threads begin together; what they failed with."""
    ready = threading.Barrier(count)
    failures: list[BaseException] = []

    def begin(number: int) -> None:
        ready.wait()
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_papers_are_numbered_from_one_in_the_order_in_which_visits_come_in(session: Session, make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)

    in_april = make.visit(facilitator, visited_on=dt.date(2026, 4, 10))
    in_march = make.visit(facilitator, visited_on=dt.date(2026, 3, 2), now=NOW + dt.timedelta(minutes=1))
    elsewhere = make.visit(facilitator, code=KARIANGAU, now=NOW + dt.timedelta(minutes=2))

    assert [visit.number for visit in (in_april, in_march, elsewhere)] == [1, 2, 3]
    assert {visit.number_year for visit in (in_april, in_march, elsewhere)} == {2026}
    assert session.get_one(PaperCounter, ("64.71", 2026)).last_number == 3


def test_the_year_is_that_of_the_visit_not_that_in_which_it_comes_in(session: Session, make: Make) -> None:
    facilitator = make.user()
    make.assignment(facilitator, starts_on=dt.date(2025, 1, 1))

    days = [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2025, 12, 30)]
    visits = [make.visit(facilitator, visited_on=day) for day in days]

    assert [(visit.number_year, visit.number) for visit in visits] == [(2025, 1), (2026, 1), (2025, 2)]


def test_each_city_counts_for_itself(session: Session, make: Make) -> None:
    elsewhere = (("64.72", RegionKind.CITY, "64"), ("64.72.01", RegionKind.DISTRICT, "64.72"))
    for code, kind, parent in elsewhere:
        session.add(Region(code=code, name=code, display_name=code, kind=kind, parent_code=parent))
        session.flush()
    make.new_cooperative("64.72.01.1001", "KKMP Palaran")
    here, there = make.facilitator(), make.facilitator("64.72.01.1001")

    visits = [make.visit(here), make.visit(there, code="64.72.01.1001"), make.visit(here)]

    assert [(visit.city_code, visit.number) for visit in visits] == [("64.71", 1), ("64.72", 1), ("64.71", 2)]


def test_the_same_visit_sent_again_keeps_its_number_and_takes_no_other(session: Session, make: Make) -> None:
    facilitator, cooperative, draft = make.facilitator(), make.cooperative(), make.draft()
    terms: dict[str, Any] = {"facilitator_id": facilitator.id, "actor": ACTOR, "today": TODAY}
    first, _ = record_visit(session, cooperative, draft, **terms, now=NOW)
    record_visit(session, cooperative, make.in_a_free_hour(make.draft(), facilitator), **terms, now=NOW)

    again, is_new = record_visit(session, cooperative, draft, **terms, now=NOW + dt.timedelta(days=1))

    assert (again.id, again.number, is_new) == (first.id, 1, False)
    assert numbers(session) == [1, 2]


@pytest.mark.parametrize("refusal", [OutsideAssignment, VisitsOverlap, VisitConflict])
def test_a_visit_that_is_refused_takes_no_number(app: Flask, refusal: type[DomainError]) -> None:
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    with make_rows() as make:
        facilitator = make.facilitator()
        stored = make.visit(facilitator)
    spoilt = {
        OutsideAssignment: {"visited_on": dt.date(2025, 12, 31)},
        VisitsOverlap: {},
        VisitConflict: {"id": stored.id, "body_sha256": "b" * 64},
    }[refusal]

    def record_spoilt() -> None:
        with make_rows() as make:
            draft = replace(make.draft(), **spoilt)  # type: ignore[arg-type]
            whose = make.session.get_one(User, facilitator.id)
            make.visit_with(whose, **{name: getattr(draft, name) for name in draft.__dataclass_fields__})

    with pytest.raises(refusal):
        record_spoilt()
    with make_rows() as make:
        second = make.visit(make.session.get_one(User, facilitator.id))
        assert second.number == 2


def test_eight_writers_at_once_leave_no_gap_and_no_number_twice(app: Flask) -> None:
    """The first visits of the year among them: even the counter is not there yet."""
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    with make_rows() as make:
        codes = make.session.scalars(select(Cooperative.code).order_by(Cooperative.code).limit(WRITERS)).all()
        writers = []
        for code in codes:
            facilitator = make.user()
            make.assignment(facilitator, code, starts_on=dt.date(2025, 1, 1))
            writers.append(facilitator.id)

    def record(thread: int) -> None:
        for number in range(VISITS_EACH):
            for year in (2026, 2025):
                with make_rows() as make:
                    writer = make.session.get_one(User, writers[thread])
                    make.visit(writer, code=codes[thread], visited_on=dt.date(year, 2, 1 + number))

    assert at_once(record, WRITERS) == []
    with make_rows() as make:
        for year in (2025, 2026):
            assert numbers(make.session, year) == list(range(1, WRITERS * VISITS_EACH + 1))
            assert make.session.get_one(PaperCounter, ("64.71", year)).last_number == WRITERS * VISITS_EACH


def test_one_facilitator_cannot_be_in_two_places_even_by_sending_both_at_once(app: Flask) -> None:
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    places = [GRAHA_INDAH, KARIANGAU, MANGGAR, "64.71.01.1002"]
    with make_rows() as make:
        facilitator_id = make.facilitator(*places).id

    def record(thread: int) -> None:
        with make_rows() as make:
            whose = make.session.get_one(User, facilitator_id)
            make.visit_with(whose, code=places[thread], started=dt.time(9), ended=dt.time(10))

    failures = at_once(record, len(places))

    assert [type(failure) for failure in failures] == [VisitsOverlap] * (len(places) - 1)
    with make_rows() as make:
        assert numbers(make.session) == [1]

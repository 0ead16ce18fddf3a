"""More cooperatives than the city has: simulated places, more people, one city at a time."""

from collections import Counter
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, Region, RegionKind
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.operations.simulation.cast import Subject, cities
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.ground import real_subjects
from pendamping.progress.models import Standing
from pendamping.visits.models import Visit
from tests.operations.simulation.conftest import SMALL, simulated_on


def test_further_cooperatives_lie_in_places_that_do_not_exist(app: Flask) -> None:
    simulated_on(app, replace(SMALL, cooperatives=71, months=1))

    with app.app_context():
        regions = {row.code: row for row in reading().scalars(select(Region).where(Region.is_simulated))}
        simulated = reading().scalars(select(Cooperative).where(Cooperative.code.in_(regions))).all()
        kinds = Counter(row.kind for row in regions.values())
        people = Counter(reading().scalars(select(User.role).where(User.officer_id.is_(None))).all())
        lived = len(reading().scalars(select(Standing.cooperative_id)).all())
        visited = reading().scalars(select(Visit.city_code).distinct()).all()

    assert (len(simulated), lived) == (37, 71)
    assert kinds == {RegionKind.PROVINCE: 1, RegionKind.CITY: 2, RegionKind.DISTRICT: 5, RegionKind.WARD: 37}
    assert {code[:2] for code in regions} == {"99"}
    assert regions[simulated[0].code].name == "Kelurahan Simulasi 35"
    assert set(visited) == {"64.71", "99.01", "99.02"}
    assert (people[Role.FACILITATOR], people[Role.COOPERATIVE]) == (7 + 7 + 2, 71)


def test_the_whole_city_is_carried_by_seven(app: Flask) -> None:
    simulated_on(app, replace(SMALL, cooperatives=34, months=1))

    with app.app_context():
        on_duty = select(Assignment.facilitator_id).where(
            Assignment.starts_on <= SMALL.until, Assignment.ends_on >= SMALL.until
        )
        caseloads = Counter(reading().scalars(on_duty).all())
        names = reading().scalars(select(User.username).where(User.role == Role.FACILITATOR)).all()

    assert sorted(caseloads.values()) == [4, 4, 5, 5, 5, 5, 5], "one of 34 waits for a facilitator"
    assert sorted(names) == ["andi", "bayu", "fitri", "maria", "nurul", "ratna", "yoga"]


@pytest.fixture
def subjects(app: Flask) -> list[Subject]:
    with app.app_context():
        return real_subjects(reading())


@pytest.mark.parametrize("count", [5, 34, 35, 500, 20_000])
def test_there_are_as_many_as_were_asked_for_and_no_two_share_a_code(subjects: list[Subject], count: int) -> None:
    found = [each for city in cities(subjects, replace(SMALL, cooperatives=count), Chance(1)) for each in city.subjects]

    assert len(found) == count
    assert len({each.code for each in found}) == count
    assert all(len(each.code) == 13 for each in found)

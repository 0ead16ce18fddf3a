"""Goals of a quarter: set with the cooperative, measured, closed with a result, and kept."""

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.accounts.models import User
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.errors import DomainError
from pendamping.plans.goals.models import Outcome, PlanGoal
from pendamping.plans.goals.rules import GoalTerms, Quarter, may_be_set_for, most_of, progress_percent
from pendamping.plans.goals.service import GoalClosed, GoalConflict, QuarterIsOver, TooManyGoals, close_goal, set_goal
from tests.conftest import ACTOR, NOW
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.only import on_sqlite
from tests.pages import Browser

NEW = f"/koperasi/{GRAHA_INDAH}/sasaran/baru"
PLAN = f"/koperasi/{GRAHA_INDAH}/rencana"
SPRING = Quarter(2026, 2)


@settings(max_examples=30)
@given(day=st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)))
def test_a_goal_may_be_set_for_the_quarter_that_runs_and_the_next(day: dt.date) -> None:
    now = Quarter.of(day)

    assert (now.year, now.number) == (day.year, {1: 1, 4: 2, 7: 3, 10: 4}[day.month - (day.month - 1) % 3])
    assert now < now.next < now.next.next
    assert [may_be_set_for(each, today=day) for each in (now, now.next, now.next.next)] == [True, True, False]


@pytest.mark.parametrize(
    ("value", "target", "percent"),
    [(None, 10, None), (5, None, None), (5, 0, None), (5, 10, 50.0), (-5, 10, 0.0), (20, 10, 100.0)],
)
def test_how_far_a_goal_has_come(value: int | None, target: int | None, percent: float | None) -> None:
    assert progress_percent(value, target) == percent
    assert (most_of("skor.KL"), most_of("angka.cashless_percent"), most_of("angka.members"), most_of(None)) == (
        100,
        100,
        None,
        None,
    )


def who(make: Make) -> dict[str, Any]:
    return {"author_id": make.user().id, "actor": ACTOR, "now": NOW}


@on_sqlite
def test_what_does_not_hold_is_refused(make: Make) -> None:
    here, said = make.cooperative(), who(make)
    goals = [
        set_goal(make.session, here, uuid.uuid4(), GoalTerms(SPRING, f"Satu {number}"), **said) for number in "abc"
    ]
    refused: dict[str, type[DomainError]] = {}

    def refuse(name: str, verb: Any, *given_: Any, **terms: Any) -> None:
        with pytest.raises(DomainError) as error:
            verb(make.session, *given_, **terms)
        refused[name] = type(error.value)

    refuse("a fourth", set_goal, here, uuid.uuid4(), GoalTerms(SPRING, "Empat"), **said)
    refuse("the past", set_goal, here, uuid.uuid4(), GoalTerms(Quarter(2026, 1), "Lalu"), **said)
    refuse("another's", set_goal, make.cooperative(KARIANGAU), goals[0].id, GoalTerms(SPRING, "Satu a"), **said)
    result = {"outcome": Outcome.REACHED, "value": None, "note": "Sesuai", **said}
    assert close_goal(make.session, goals[0], **result) is close_goal(make.session, goals[0], **result)
    refuse("closed", close_goal, goals[0], **{**result, "outcome": Outcome.MISSED})
    set_goal(make.session, here, uuid.uuid4(), GoalTerms(SPRING, "Empat"), **said)

    assert refused == {
        "a fourth": TooManyGoals,
        "the past": QuarterIsOver,
        "another's": GoalConflict,
        "closed": GoalClosed,
    }


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as make:
        make.short_instruments()
        user: User = make.facilitator()
        make.figures(Month(2026, 3), members=240)
    browser.sign_in(user)
    return user


def test_a_goal_stands_above_the_plan_until_it_is_closed_and_stays_in_its_past(browser: Browser, ratna: User) -> None:
    typed = {"text": "Anggota menjadi 300", "measure": "angka.members", "target": "300"}
    page = browser.open(NEW)
    faults = {
        "no words": ({**typed, "text": " "}, "#text-error"),
        "no target": ({**typed, "target": ""}, "#target-error"),
        "no measure": ({**typed, "measure": ""}, "#measure-error"),
        "too much": ({**typed, "measure": "skor.KL"}, "#target-error"),
    }
    for name, (fields, where) in faults.items():
        refused = browser.send(NEW, {**page.fields(), **fields})
        assert (refused.status, bool(refused.text(where))) == (400, True), name
    stored = browser.send(NEW, sent := {**page.fields(), **typed})
    browser.send(NEW, sent)

    assert stored.has("Triwulan II 2026")
    assert stored.has("Anggota: 240 dari 300")
    with browser.make() as make:
        officer = make.cooperative_user()
        (goal,) = make.session.query(PlanGoal).all()
    link = f"/sasaran/{goal.id}/hasil"
    assert browser.send(link, browser.open(link).fields()).status == 400
    closing = {**browser.open(link).fields(), "outcome": "sebagian", "note": "Dua rukun tetangga belum didatangi"}
    closed = browser.send(link, closing)
    assert closed.has("Belum ada sasaran untuk Triwulan II 2026")
    assert closed.has("Tercapai sebagian")
    assert browser.send(link, {**closing, "outcome": "tercapai"}).status == 409
    browser.sign_in(officer)
    own = browser.open("/rencana")
    assert own.has("Dua rukun tetangga belum didatangi")
    assert "/sasaran/" not in str(own.soup)
    assert browser.open("/").has("240 dari 300")
    assert browser.client.get(PLAN).status_code == 403

"""The rules over facts made up here: no database knows of them."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.reminders.rules import DEFAULTS, Doer, Fact, Hearer, People, Reminder, RuleCode, reminders_on
from pendamping.reminders.working_days import ONE_DAY, WorkingDays

COOPERATIVE, FACILITATOR, ACCOUNT, HEAD, OTHER_HEAD, ADMIN = (uuid.UUID(int=number) for number in range(1, 7))
PEOPLE = People({COOPERATIVE: [ACCOUNT]}, [("64.71", HEAD), ("64.72", OTHER_HEAD)], [("", ADMIN)])
NAMES = {FACILITATOR: "facilitator", ACCOUNT: "account", HEAD: "head", OTHER_HEAD: "other head", ADMIN: "admin"}
CALENDAR = WorkingDays.without([dt.date(2026, 4, 3)])
"""Good Friday; 4 and 5 April are a weekend."""


def fact(rule: RuleCode, on: str, **more: object) -> Fact:
    sound = Fact(
        rule,
        uuid.UUID(int=77),
        dt.date.fromisoformat(on),
        "Rapikan buku kas",
        None,
        COOPERATIVE,
        "64.71.03.1006",
        FACILITATOR,
    )
    return replace(sound, **more)  # type: ignore[arg-type]


def heard(day: str, *facts: Fact) -> list[tuple[str, int]]:
    found = reminders_on(dt.date.fromisoformat(day), facts, DEFAULTS, PEOPLE, CALENDAR)
    return sorted((NAMES[each.person_id], each.step) for each in found)


TABLE = [
    # rule, its date, the day that is worked out, who hears it
    (RuleCode.PLANNED_VISIT, "2026-04-15", "2026-04-14", "facilitator -1"),
    (RuleCode.PLANNED_VISIT, "2026-04-15", "2026-04-15", ""),
    (RuleCode.PLANNED_VISIT, "2026-04-06", "2026-04-02", "facilitator -1"),  # Sunday's turn, on Maundy Thursday
    (RuleCode.UNVISITED, "2026-03-24", "2026-04-14", "facilitator 21"),
    (RuleCode.UNVISITED, "2026-03-13", "2026-04-06", "facilitator 21"),  # Good Friday's turn, on the Monday after
    (RuleCode.UNVISITED, "2026-03-15", "2026-04-14", "facilitator 30"),
    (RuleCode.UNVISITED, "2026-03-08", "2026-04-14", "head 37"),
    (RuleCode.ACTION_DUE, "2026-04-21", "2026-04-14", "account -7"),
    (RuleCode.ACTION_DUE, "2026-04-06", "2026-04-02", "account -1"),
    (RuleCode.ACTION_DUE, "2026-04-11", "2026-04-02", "account -7"),  # Saturday's turn of a Saturday
    (RuleCode.ACTION_OVERDUE, "2026-04-13", "2026-04-14", "account 1, facilitator 1"),
    (RuleCode.ACTION_OVERDUE, "2026-04-03", "2026-04-06", "account 1, facilitator 1"),
    (RuleCode.ACTION_OVERDUE, "2026-03-31", "2026-04-14", "account 14, facilitator 14"),
    (RuleCode.ACTION_OVERDUE, "2026-03-24", "2026-04-14", "head 21"),
    (RuleCode.ACTION_OVERDUE, "2026-04-10", "2026-04-14", ""),
    (RuleCode.PROOF_WAITING, "2026-04-10", "2026-04-13", "facilitator 3"),
    (RuleCode.DOCUMENT_EXPIRES, "2026-06-13", "2026-04-14", "account -60, facilitator -60"),
    (RuleCode.TERM_ENDS, "2026-05-14", "2026-04-14", "account -30, facilitator -30"),
    (RuleCode.MEETING_LAW, "2026-06-30", "2026-07-01", "head 1"),
    (RuleCode.OTHER_OBLIGATION, "2026-04-17", "2026-04-14", ""),  # off until it is wanted
    (RuleCode.MONTHLY_REPORT, "2026-04-05", "2026-04-02", "facilitator 0"),  # the 5th is a Sunday
    (RuleCode.MONTHLY_REPORT_LATE, "2026-04-05", "2026-04-06", "facilitator 1"),
    (RuleCode.MONTHLY_REPORT_LATE, "2026-04-05", "2026-04-08", "head 3"),
    (RuleCode.ITEMS_DUE, "2026-04-01", "2026-04-01", "facilitator 0"),
    (RuleCode.NO_HOLIDAYS, "2026-12-01", "2026-12-15", "admin 14"),
]


def test_who_hears_what_on_which_day() -> None:
    found = [
        (*row[:3], ", ".join(f"{name} {step}" for name, step in heard(row[2], fact(row[0], row[1])))) for row in TABLE
    ]

    assert found == TABLE


def test_on_a_day_off_nobody_hears_anything() -> None:
    everything = [fact(code, "2026-04-03") for code in RuleCode]

    assert [heard(day, *everything) for day in ("2026-04-03", "2026-04-04", "2026-04-05")] == [[], [], []]


@pytest.mark.parametrize(
    ("doer", "people", "expected"),
    [
        (Doer.COOPERATIVE, PEOPLE, ["account"]),
        (Doer.COOPERATIVE, replace(PEOPLE, accounts={}), ["facilitator"]),
        (Doer.FACILITATOR, PEOPLE, ["facilitator"]),
        (Doer.AGENCY, PEOPLE, ["head"]),
    ],
)
def test_who_can_do_it_hears_of_it(doer: Doer, people: People, expected: list[str]) -> None:
    found = people.who(Hearer.DOER, fact(RuleCode.ACTION_DUE, "2026-04-15", doer=doer))

    assert [NAMES[each] for each in found] == expected


def test_two_occasions_on_one_day_are_one_reminder_the_more_pressing_one() -> None:
    rules = {RuleCode.ACTION_DUE: replace(DEFAULTS[RuleCode.ACTION_DUE], days=(2, 1, 0))}
    due = fact(RuleCode.ACTION_DUE, "2026-04-05")  # Sunday, at the end of three days off

    found = reminders_on(dt.date(2026, 4, 2), [due], rules, PEOPLE, CALENDAR)

    assert [(each.step, each.is_escalation) for each in found] == [(0, False)]


@given(
    code=st.sampled_from(list(RuleCode)),
    on=st.dates(dt.date(2026, 2, 1), dt.date(2026, 10, 31)),
    days_off=st.sets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), max_size=30),
)
@settings(max_examples=60, deadline=None)
def test_each_occasion_comes_once_and_only_on_working_days(code: RuleCode, on: dt.date, days_off: set[dt.date]) -> None:
    calendar = WorkingDays.without(days_off)
    rule, thing = DEFAULTS[code], fact(code, on.isoformat())
    days = [on + number * ONE_DAY for number in range(-120, 90)]

    found = [each for day in days for each in reminders_on(day, [thing], DEFAULTS, PEOPLE, calendar)]

    assert all(calendar.is_working(each.day) for each in found)
    assert len({each.key for each in found}) == len(found)
    assert sum(each.is_escalation for each in found) <= 1
    assert all(_is_justified(each, calendar) for each in found)
    assert {each.step for each in found} <= {-days if rule.is_ahead else days for days in rule.days} | {
        rule.escalates_after
    }


def _is_justified(reminder: Reminder, calendar: WorkingDays) -> bool:
    """It is shown on the day that stands in for its own."""
    is_ahead = DEFAULTS[reminder.fact.rule].is_ahead and not reminder.is_escalation
    return calendar.shown_on(reminder.fact.on + reminder.step * ONE_DAY, is_ahead=is_ahead) == reminder.day

"""A fortnight worked out by hand: Monday, 9 March to Friday, 27 March 2026, with Nyepi and Idul Fitri in the middle.

The office is closed from Wednesday 18 to Tuesday 24 March. Each thing below says on which days somebody should hear of
it and why; nothing else may come.
"""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, replace

from pendamping.reminders.rules import DEFAULTS, Doer, Fact, People, RuleCode, reminders_on
from pendamping.reminders.working_days import ONE_DAY, WorkingDays

FACILITATOR, HEAD = uuid.UUID(int=1), uuid.UUID(int=2)
ACCOUNTS = {uuid.UUID(int=100 + number): [uuid.UUID(int=200 + number)] for number in range(2)}
FIRST, SECOND = ACCOUNTS
PEOPLE = People(ACCOUNTS, [("64.71", HEAD)])
CALENDAR = WorkingDays.without([dt.date(2026, 3, day) for day in (18, 19, 20, 21, 22, 23, 24)])
BEGIN, END = dt.date(2026, 3, 9), dt.date(2026, 3, 27)


@dataclass(frozen=True)
class Thing:
    """Something to do, until the morning on which it is done."""

    fact: Fact
    expected: tuple[str, ...]
    done_on: dt.date | None = None


def march(day: int) -> dt.date:
    return dt.date(2026, 3, day)


def fact(
    rule: RuleCode, on: dt.date, number: int, cooperative_id: uuid.UUID = FIRST, doer: Doer = Doer.COOPERATIVE
) -> Fact:
    return Fact(
        rule,
        uuid.UUID(int=number),
        on,
        cooperative_id=cooperative_id,
        code="64.71.03.1006",
        facilitator_id=FACILITATOR,
        doer=doer,
    )


def overdue(on: dt.date, number: int) -> Fact:
    return fact(RuleCode.ACTION_OVERDUE, on, number)


THINGS = [
    # due on the 24th, a day off: a week before is the 17th; the day before is a day off, so it comes with the 17th too
    Thing(fact(RuleCode.ACTION_DUE, march(24), 1), ("17 account -1",)),
    # due on the 17th: a week before, and the day before; then it is late from the 18th, shown on the 25th
    Thing(fact(RuleCode.ACTION_DUE, march(17), 2), ("10 account -7", "16 account -1")),
    # a day after (18th) and a week after (24th) both fall into the days off: on the 25th they are one reminder
    Thing(overdue(march(17), 2), ("25 account 7", "25 facilitator 7")),
    # done on the morning of the 12th: after the 11th nothing more
    Thing(overdue(march(10), 3), ("11 account 1", "11 facilitator 1"), done_on=march(12)),
    # due on 24 February: two weeks after is the 10th, three weeks after reaches the head once, on the 17th
    Thing(overdue(dt.date(2026, 2, 24), 4), ("10 account 14", "10 facilitator 14", "17 head 21")),
    # last visited on 20 February: 21 days after is Friday the 13th; 30 days after the 22nd, shown on the 25th
    Thing(
        fact(RuleCode.UNVISITED, dt.date(2026, 2, 20), 5, SECOND, Doer.FACILITATOR),
        ("13 facilitator 21", "25 facilitator 30"),
    ),
    # planned for Wednesday the 25th, the first day after the rest: told on the last day before it
    Thing(fact(RuleCode.PLANNED_VISIT, march(25), 6, doer=Doer.FACILITATOR), ("17 facilitator -1",)),
    # made in the meantime
    Thing(fact(RuleCode.PLANNED_VISIT, march(27), 7, doer=Doer.FACILITATOR), (), done_on=march(26)),
    # ends on 20 April: thirty days before is the 21st, shown on the 17th
    Thing(fact(RuleCode.DOCUMENT_EXPIRES, dt.date(2026, 4, 20), 8), ("17 account -30", "17 facilitator -30")),
    # the policy's last day for the general meeting, 31 March: a week before is the 24th, shown on the 17th
    Thing(fact(RuleCode.MEETING_POLICY, march(31), 100), ("17 account -7", "17 facilitator -7")),
]
NAMES = {FACILITATOR: "facilitator", HEAD: "head"} | {ids[0]: "account" for ids in ACCOUNTS.values()}
COUNTS = {
    RuleCode.ACTION_DUE: 3,
    RuleCode.ACTION_OVERDUE: 7,
    RuleCode.UNVISITED: 2,
    RuleCode.PLANNED_VISIT: 1,
    RuleCode.DOCUMENT_EXPIRES: 2,
    RuleCode.MEETING_POLICY: 2,
}


def test_a_fortnight_worked_out_by_hand_comes_out_the_same() -> None:
    days = [BEGIN + number * ONE_DAY for number in range((END - BEGIN).days + 1)]
    found: dict[tuple[RuleCode, uuid.UUID], list[str]] = {}
    counts: Counter[RuleCode] = Counter()
    for day in days:
        still = [thing.fact for thing in THINGS if thing.done_on is None or day < thing.done_on]
        for each in reminders_on(day, still, DEFAULTS, PEOPLE, CALENDAR):
            key = (each.fact.rule, each.fact.subject_id)
            found.setdefault(key, []).append(f"{day.day} {NAMES[each.person_id]} {each.step}")
            counts[each.fact.rule] += 1

    expected = {(thing.fact.rule, thing.fact.subject_id): sorted(thing.expected) for thing in THINGS if thing.expected}
    assert {key: sorted(lines) for key, lines in found.items()} == expected
    assert counts == COUNTS


def test_what_is_switched_off_is_the_only_thing_that_is_missing() -> None:
    rules = {**DEFAULTS, RuleCode.UNVISITED: replace(DEFAULTS[RuleCode.UNVISITED], is_on=False)}
    everything = [thing.fact for thing in THINGS]

    def lines(in_force: dict[RuleCode, object]) -> set[tuple[object, ...]]:
        days = (BEGIN + number * ONE_DAY for number in range(19))
        return {
            (day, *each.key)
            for day in days
            for each in reminders_on(day, everything, in_force, PEOPLE, CALENDAR)  # type: ignore[arg-type]
        }

    missing = lines(dict(DEFAULTS)) - lines(dict(rules))

    assert {row[1] for row in missing} == {"lama_tidak_dikunjungi"}
    assert lines(dict(rules)) <= lines(dict(DEFAULTS))

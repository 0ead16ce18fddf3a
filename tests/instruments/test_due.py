"""What is due: a table worked from the head of the instruments' files with a pencil, and what must hold on any day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.instruments.answers import NO_FACTS, Facts, is_poor
from pendamping.instruments.definition import AnswerType, Instrument, Item, Proof, ReviewFrequency
from pendamping.instruments.due import (
    INTERVAL_DAYS,
    SECONDS,
    DueItem,
    DueReason,
    comes_round_on,
    due_items,
    estimated_minutes,
    expires_on,
    facts_when_given,
    is_critical_unmet,
    is_expired,
    sections_of_first_assessment,
)
from pendamping.instruments.scoring import score
from tests.instruments.cases import FACTS, INSTRUMENTS, KL, TK, UK, UNHURRIED, answer, best_of, item, tiny, values_of
from tests.instruments.cases.dated import Given, facts_on

D = dt.date
CLAIM = Proof.CLAIM
EVERYTHING = [each for instrument in INSTRUMENTS for each in instrument.items]


def reasons_of(
    item_id: str, last: Given | None, on: dt.date, *, stage: int = 3, facts: Facts | None = None, **more: object
) -> tuple[str, ...]:
    """Why one item is due; () when it is not."""
    instrument = next(each for each in INSTRUMENTS if item_id.startswith(each.code))
    answers = {item_id: last} if last else {}
    due = due_items(instrument, answers, on=on, stage=stage, facts=facts or facts_on(on), **more)  # type: ignore[arg-type]
    return next((tuple(each.reasons) for each in due if each.item.id == item_id), ())


# Worked by hand -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One item on one day. `last` reads "value day [proof]"; "" is never answered."""

    claim: str
    item_id: str
    last: str
    on: str
    reasons: str = ""
    stage: int = 3
    has_action: bool = False
    is_asked_for: bool = False

    def given(self) -> Given | None:
        if not self.last:
            return None
        value, day, *proof = self.last.split()
        return Given(answer(self.item_id, value, Proof(proof[0] if proof else "dokumen_dilihat")), D.fromisoformat(day))


# fmt: off
CASES = [
    # never answered, and hidden
    Case("never answered", "KL-05", "", "2026-04-14", "never_answered"),
    Case("never answered, asked once", "KL-01", "", "2026-04-14", "never_answered"),
    Case("never answered, and the head asks", "KL-05", "", "2026-04-14", "never_answered asked_for", is_asked_for=True),
    Case("of stage 2, at stage 1", "KL-40", "", "2026-04-14", stage=1),
    Case("of stage 2, at stage 2", "KL-40", "", "2026-04-14", "never_answered", stage=2),
    Case("of stage 3, at stage 2", "UK-09", "", "2026-04-14", stage=2),
    Case("hidden in spite of an action", "KL-40", "0 2026-04-01", "2026-04-14", stage=1, has_action=True),
    Case("hidden although the head asks", "UK-09", "", "2026-04-14", stage=2, is_asked_for=True),
    # monthly: half of 30 days, and another month
    Case("monthly, a month later", "TK-07", "3 2026-03-14", "2026-04-14", "come_round"),
    Case("monthly, on the first of the next month", "TK-07", "3 2026-03-14", "2026-04-01", "come_round"),
    Case("monthly, once more in the same month", "TK-07", "3 2026-04-03", "2026-04-28"),
    Case("monthly, the day after, though a month has begun", "TK-07", "3 2026-03-31", "2026-04-01"),
    Case("monthly, 15 days later", "TK-07", "3 2026-03-31", "2026-04-15"),
    Case("monthly, 16 days later", "TK-07", "3 2026-03-31", "2026-04-16", "come_round"),
    # quarterly, KL-22 in months 3, 6, 9, 12: half of 91 days is 45.5
    Case("quarterly, in a month between", "KL-22", "100 2026-03-10", "2026-05-31"),
    Case("quarterly, on the first of its month", "KL-22", "100 2026-03-10", "2026-06-01", "come_round"),
    Case("quarterly, in its month but 45 days old", "KL-22", "100 2026-04-30", "2026-06-14"),
    Case("quarterly, in its month and 46 days old", "KL-22", "100 2026-04-30", "2026-06-15", "come_round"),
    Case("quarterly, its month missed", "KL-22", "100 2026-03-10", "2026-07-20", "come_round"),
    # half-yearly, KL-21 in months 5 and 11: half of 182 days is 91
    Case("half-yearly, 91 days old", "KL-21", "3 2026-02-15", "2026-05-17"),
    Case("half-yearly, 92 days old", "KL-21", "3 2026-02-15", "2026-05-18", "come_round"),
    Case("half-yearly, 91 days old when its month ends: not in June", "KL-21", "3 2026-03-01", "2026-06-10"),
    Case("half-yearly, 91 days old when its month ends: not in October", "KL-21", "3 2026-03-01", "2026-10-31"),
    Case("half-yearly, 91 days old when its month ends: in November", "KL-21", "3 2026-03-01", "2026-11-01",
         "come_round"),
    # yearly, KL-27 in month 7: half of 365 days is 182.5
    Case("yearly, 182 days old", "KL-27", "yes 2026-01-10", "2026-07-11"),
    Case("yearly, 183 days old", "KL-27", "yes 2026-01-10", "2026-07-12", "come_round"),
    Case("yearly, younger than half when its month passes", "KL-27", "yes 2026-02-10", "2026-07-31"),
    Case("yearly, skipped once: not before its month", "KL-27", "yes 2026-02-10", "2027-06-30"),
    Case("yearly, skipped once: the next year", "KL-27", "yes 2026-02-10", "2027-07-01", "come_round"),
    # once
    Case("once, fulfilled, five years later", "KL-01", "yes 2026-01-10", "2031-01-10"),
    Case("once, not fulfilled", "KL-01", "no 2026-01-10", "2026-01-11", "poor"),
    Case("once, done late but done", "KL-09", "2026-07-15 2026-08-01", "2026-09-01"),
    Case("once, not done", "KL-09", "not_done 2026-08-01", "2026-09-01", "poor"),
    # poor
    Case("level 1", "KL-21", "1 2026-04-13", "2026-04-14", "poor"),
    Case("level 2", "KL-21", "2 2026-04-13", "2026-04-14"),
    Case("a number worth 0.3", "KL-22", "39 2026-04-13", "2026-04-14", "poor"),
    Case("a number worth 0.6", "KL-22", "40 2026-04-13", "2026-04-14"),
    Case("no evidence", "KL-31", "missing 2026-04-13", "2026-04-14", "poor"),
    Case("poor and come round", "KL-22", "39 2026-03-10", "2026-06-01", "poor come_round"),
    # critical
    Case("critical and poor", "KL-02", "no 2026-04-13", "2026-04-14", "critical_unmet poor"),
    Case("critical, worth 0.4", "TK-13", "100000 2026-04-13", "2026-04-14", "critical_unmet poor"),
    Case("critical, good, only claimed", "KL-02", "yes 2026-04-13 klaim", "2026-04-14", "critical_unmet"),
    Case("critical, good, seen", "KL-02", "yes 2026-04-13 foto", "2026-04-14"),
    Case("good and only claimed, but not critical", "KL-01", "yes 2026-04-13 klaim", "2026-04-14"),
    # not applicable
    Case("critical, but not applicable", "KL-34", "na 2026-04-13 klaim", "2026-04-14"),
    Case("not applicable, before it comes round", "KL-05", "na 2026-01-10", "2026-09-30"),
    Case("not applicable, come round", "KL-05", "na 2026-01-10", "2026-10-01", "come_round"),
    # what somebody wants looked at
    Case("good today, with an open action", "KL-21", "3 2026-04-14", "2026-04-14", "open_action", has_action=True),
    Case("good today, and the head asks", "KL-21", "3 2026-04-14", "2026-04-14", "asked_for", is_asked_for=True),
    Case("every reason at once, in their order", "TK-13", "100000 2026-03-14 klaim", "2026-04-14",
         "critical_unmet poor open_action asked_for come_round", has_action=True, is_asked_for=True),
    # dates that count from the book year, KL-29 in month 4 and TK-39 in month 5
    Case("a meeting of the last book year, before its month", "KL-29", "2026-03-20 2026-12-10", "2027-03-31"),
    Case("a meeting of the last book year, however new", "KL-29", "2026-03-20 2026-12-10", "2027-04-01", "come_round"),
    Case("a meeting of this book year", "KL-29", "2027-03-20 2027-04-02", "2027-04-30"),
    Case("a tax return of the last book year, however new", "TK-39", "2026-04-20 2026-12-05", "2027-05-01",
         "come_round"),
    Case("a late meeting stays late when the year ends", "KL-29", "2026-08-01 2026-09-01", "2027-01-10",
         "critical_unmet poor"),
    # visits that arrive late
    Case("answered after the day of this visit", "TK-07", "3 2026-04-20", "2026-03-14"),
]
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_an_item_is_due_for_these_reasons(case: Case) -> None:
    reasons = reasons_of(
        case.item_id,
        case.given(),
        D.fromisoformat(case.on),
        stage=case.stage,
        open_action_items={case.item_id} if case.has_action else set(),
        asked_for={case.item_id} if case.is_asked_for else set(),
    )

    assert reasons == tuple(case.reasons.split())


def test_the_items_that_are_due_stand_in_the_order_of_the_instrument() -> None:
    answers = {each.id: Given(answer(each.id, best_of(each)), D(2026, 4, 13)) for each in KL.items}
    del answers["KL-44"]
    answers["KL-19"] = Given(answer("KL-19", "no"), D(2026, 4, 13))
    answers["TK-01"] = Given(answer("TK-01", "0"), D(2026, 4, 13))

    due = due_items(
        KL, answers, on=D(2026, 4, 14), stage=3, facts=FACTS, open_action_items=["TK-01", "KL-21"], asked_for=["KL-45"]
    )

    assert due == (
        DueItem(item("KL-19"), (DueReason.POOR,)),
        DueItem(item("KL-21"), (DueReason.OPEN_ACTION,)),
        DueItem(item("KL-45"), (DueReason.ASKED_FOR,)),
        DueItem(item("KL-44"), (DueReason.NEVER_ANSWERED,)),
    )


def test_a_date_that_nobody_can_judge_is_not_poor() -> None:
    done = Given(answer("KL-09", "2026-07-15"), D(2026, 8, 1))

    assert reasons_of("KL-09", done, D(2026, 9, 1), facts=NO_FACTS) == ()


# How long an answer counts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item_id", "answered_on", "last_on"),
    [
        ("TK-07", D(2026, 4, 14), D(2026, 4, 30)),
        ("TK-07", D(2026, 4, 20), D(2026, 5, 5)),
        ("TK-07", D(2026, 1, 31), D(2026, 2, 15)),
        ("KL-22", D(2026, 12, 20), D(2027, 2, 28)),
        ("KL-22", D(2027, 12, 20), D(2028, 2, 29)),
        ("KL-21", D(2026, 5, 6), D(2026, 10, 31)),
        ("KL-27", D(2026, 7, 6), D(2027, 6, 30)),
        ("KL-29", D(2026, 4, 10), D(2027, 3, 31)),
        ("KL-29", D(2026, 12, 31), D(2027, 3, 31)),
        ("TK-39", D(2027, 1, 1), D(2028, 4, 30)),
    ],
)
def test_an_answer_and_its_proof_count_until_the_day_before_the_item_comes_round(
    item_id: str, answered_on: dt.date, last_on: dt.date
) -> None:
    asked = item(item_id)

    assert expires_on(asked, answered_on) == last_on
    assert not is_expired(asked, answered_on, on=last_on)
    assert is_expired(asked, answered_on, on=last_on + dt.timedelta(days=1))


@pytest.mark.parametrize("item_id", ["KL-01", "KL-09"])
def test_what_is_asked_once_counts_for_good(item_id: str) -> None:
    assert expires_on(item(item_id), D(2026, 1, 1)) is None
    assert not is_expired(item(item_id), D(2026, 1, 1), on=D(2099, 12, 31))


@pytest.mark.parametrize(
    ("end", "answered_on", "then"),
    [
        (D(2026, 12, 31), D(2026, 9, 1), D(2025, 12, 31)),
        (D(2026, 12, 31), D(2026, 12, 31), D(2025, 12, 31)),
        (D(2026, 12, 31), D(2027, 1, 1), D(2026, 12, 31)),
        (D(2028, 12, 31), D(2026, 1, 1), D(2025, 12, 31)),
        (D(2027, 6, 30), D(2026, 7, 1), D(2026, 6, 30)),
        (D(2027, 6, 30), D(2026, 6, 30), D(2025, 6, 30)),
        (D(2028, 2, 29), D(2027, 9, 1), D(2027, 2, 28)),
        (D(2024, 12, 31), D(2026, 9, 1), D(2024, 12, 31)),
        (None, D(2026, 9, 1), None),
    ],
)
def test_an_answer_is_measured_against_the_book_year_that_had_ended_on_its_day(
    end: dt.date | None, answered_on: dt.date, then: dt.date | None
) -> None:
    facts = Facts(decree_on=FACTS.decree_on, book_year_end=end)

    assert facts_when_given(facts, answered_on) == Facts(decree_on=FACTS.decree_on, book_year_end=then)


# What must hold on any day --------------------------------------------------------------------------------------------

DAYS = st.dates(D(2026, 1, 1), D(2032, 12, 31))
ITEMS = st.sampled_from(EVERYTHING)
LATER = st.integers(1, 1_000)


@UNHURRIED
@given(asked=ITEMS, day=DAYS)
def test_an_item_answered_well_today_is_not_due_tomorrow(asked: Item, day: dt.date) -> None:
    last = Given(answer(asked.id, best_of(asked)), day)
    tomorrow = day + dt.timedelta(days=1)

    assert reasons_of(asked.id, last, tomorrow) == ()
    assert reasons_of(asked.id, last, tomorrow, open_action_items=[asked.id]) == ("open_action",)
    assert reasons_of(asked.id, last, tomorrow, asked_for=[asked.id]) == ("asked_for",)


@UNHURRIED
@given(asked=ITEMS, day=DAYS, later=LATER, data=st.data())
def test_a_poor_answer_stays_due_until_there_is_another(
    asked: Item, day: dt.date, later: int, data: st.DataObject
) -> None:
    poor = [value for value in values_of(asked) if is_poor(asked, answer(asked.id, value), facts_on(day))]
    last = Given(answer(asked.id, data.draw(st.sampled_from(poor))), day)

    assert DueReason.POOR in reasons_of(asked.id, last, day + dt.timedelta(days=later))


@UNHURRIED
@given(asked=ITEMS, day=DAYS, later=LATER)
def test_what_has_come_round_stays_due_until_it_is_answered(asked: Item, day: dt.date, later: int) -> None:
    again_on = comes_round_on(asked, day)

    if again_on is None:
        assert asked.review_frequency is ReviewFrequency.ONCE
    else:
        last = Given(answer(asked.id, best_of(asked)), day)
        assert DueReason.COME_ROUND not in reasons_of(asked.id, last, again_on - dt.timedelta(days=1))
        assert DueReason.COME_ROUND in reasons_of(asked.id, last, again_on)
        assert DueReason.COME_ROUND in reasons_of(asked.id, last, again_on + dt.timedelta(days=later))


@UNHURRIED
@given(asked=ITEMS, day=DAYS)
def test_an_item_comes_round_in_one_of_its_months_and_neither_too_soon_nor_too_late(asked: Item, day: dt.date) -> None:
    again_on = comes_round_on(asked, day)

    if again_on is not None:
        age, interval = (again_on - day).days, INTERVAL_DAYS[asked.review_frequency]
        assert not asked.review_months or again_on.month in asked.review_months
        assert (again_on.year, again_on.month) > (day.year, day.month)
        assert age > interval / 2 or (asked.id in ("KL-29", "TK-39") and again_on.year > day.year)
        assert age <= interval * 3 / 2 + 31


@UNHURRIED
@given(asked=ITEMS, day=DAYS, data=st.data())
def test_a_critical_item_is_unmet_here_exactly_where_the_score_says_so(
    asked: Item, day: dt.date, data: st.DataObject
) -> None:
    given_answer = answer(asked.id, data.draw(st.sampled_from(values_of(asked))), data.draw(st.sampled_from(Proof)))
    result = score(tiny(asked), {asked.id: given_answer}, stage=3, facts=facts_on(day))

    assert is_critical_unmet(asked, given_answer, facts_on(day)) == (asked.id in result.critical_unmet)


DUE_PER_MONTH = {
    1: [11, 12, 12, 13, 12, 13, 11, 12, 12, 13, 12, 13],
    2: [18, 18, 19, 18, 17, 19, 18, 17, 19, 18, 18, 19],
    3: [19] * 12,
}
"""Items of all three instruments by the stage, January to December: counted from `review_months` in the files."""


@pytest.mark.parametrize("stage", [1, 2, 3])
@settings(UNHURRIED, max_examples=15)
@given(days=st.lists(st.integers(8, 20), min_size=36, max_size=36))
def test_who_answers_everything_due_each_month_is_asked_eleven_to_nineteen_items(stage: int, days: list[int]) -> None:
    answers = {each.id: Given(answer(each.id, best_of(each)), D(2026, 12, 10)) for each in EVERYTHING}
    counts = []
    for month, day in enumerate(days):
        on = D(2027 + month // 12, month % 12 + 1, day)
        due = _due_of_all(answers, on, stage)
        answers |= {each.item.id: Given(answers[each.item.id].answer, on) for each in due}
        counts.append(len(due))

    assert counts[24:] == DUE_PER_MONTH[stage]
    assert all(11 <= count <= 19 for count in counts[24:])
    assert max(counts) <= 25  # while the months of the first assessment still show


def _due_of_all(answers: Mapping[str, Given], on: dt.date, stage: int) -> list[DueItem]:
    return [
        each
        for instrument in INSTRUMENTS
        for each in due_items(instrument, answers, on=on, stage=stage, facts=facts_on(on))
    ]


# How long it takes ----------------------------------------------------------------------------------------------------


def test_the_minutes_of_a_visit_are_rounded_up() -> None:
    one = DueItem(item("KL-01"), (DueReason.POOR,))  # yes or no: 60 seconds
    other = DueItem(item("KL-05"), (DueReason.POOR,))  # a scale: 90

    assert estimated_minutes([]) == 0
    assert estimated_minutes([one]) == 1
    assert estimated_minutes([other]) == 2
    assert estimated_minutes([one, other, other]) == 4


def test_every_type_of_item_takes_its_time() -> None:
    assert set(SECONDS) == set(AnswerType)
    assert all(30 <= seconds <= 120 for seconds in SECONDS.values())


# A first assessment ---------------------------------------------------------------------------------------------------


def opened(answered: set[str], *, stage: int, most: int = 40) -> list[tuple[str, int]]:
    sections = sections_of_first_assessment(INSTRUMENTS, answered, stage=stage, most=most)
    assert all(each.section in each.instrument.sections for each in sections)
    return [(each.section.code, len(each.items)) for each in sections]


def ids_of(*parts: Instrument | str) -> set[str]:
    """The items of instruments and of sections."""
    return {
        each.id for part in parts for each in EVERYTHING if each.section.startswith(getattr(part, "code", str(part)))
    }


KL_BEGINS = ("KL-A", "KL-B", "KL-C", "KL-D", "KL-E")


@pytest.mark.parametrize(
    ("stage", "answered", "expected"),
    [
        (1, set(), "KL-A 8, KL-B 9, KL-C 8, KL-D 6, KL-E 5, KL-G 3"),  # 39; TK-A would make it 44
        (1, ids_of(KL), "TK-A 5, TK-B 5, TK-C 6, TK-D 4, TK-E 4, TK-F 3, TK-G 3, TK-H 1"),  # 31: all that is left
        (2, set(), "KL-A 9, KL-B 10, KL-C 9, KL-D 6, KL-E 5"),  # 39; KL-F would make it 41
        (2, ids_of(*KL_BEGINS), "KL-F 2, KL-G 3, TK-A 6, TK-B 6, TK-C 6, TK-D 6, TK-E 4, TK-F 5"),  # 38
        (2, ids_of(KL, TK) - ids_of("TK-G", "TK-H"), "TK-G 3, TK-H 4, UK-A 6, UK-B 4, UK-C 6, UK-D 4"),
        (3, ids_of(KL, TK), "UK-A 6, UK-B 5, UK-C 6, UK-D 4, UK-E 4"),
        (3, ids_of(KL, TK, UK), ""),
        (1, ids_of(KL, TK), ""),
        # a section begun, and one that the next stage has opened
        (2, ids_of(KL, TK, UK) - {"KL-03", "KL-07", "UK-01"}, "KL-A 2, UK-A 1"),
    ],
)
def test_a_first_assessment_opens_whole_sections_in_order(stage: int, answered: set[str], expected: str) -> None:
    assert opened(answered, stage=stage) == [
        (code, int(count)) for code, count in (part.split() for part in expected.split(", ") if part)
    ]


def test_as_many_items_are_opened_as_a_visit_has_room_for() -> None:
    assert [code for code, _ in opened(set(), stage=2, most=39)] == list(KL_BEGINS)
    assert [code for code, _ in opened(set(), stage=2, most=38)] == list(KL_BEGINS[:4])


def test_a_section_longer_than_a_visit_is_opened_alone() -> None:
    assert opened(set(), stage=2, most=5) == [("KL-A", 9)]


@UNHURRIED
@given(stage=st.sampled_from([1, 2, 3]), most=st.integers(1, 120))
def test_visit_by_visit_a_first_assessment_asks_everything_once(stage: int, most: int) -> None:
    asked: list[str] = []
    while sections := sections_of_first_assessment(INSTRUMENTS, asked, stage=stage, most=most):
        items = [each.id for section in sections for each in section.items]
        assert len(items) <= most or len(sections) == 1
        asked += items

    assert asked == [each.id for instrument in INSTRUMENTS for each in instrument.items if instrument.asks(each, stage)]

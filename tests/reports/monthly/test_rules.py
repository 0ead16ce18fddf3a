"""When a report is due, how a target is shared, what is frozen and what changed: without a database."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.cooperatives.records.figures import Month
from pendamping.plans.models import ActionStatus, UpdateKind
from pendamping.reminders.obligations import MONTHLY_REPORT
from pendamping.reports.monthly.content import (
    PHOTOS,
    ActionFact,
    CooperativeMonth,
    PhotoFact,
    ReportContent,
    ScoreChange,
    VisitFact,
    as_json,
    changes_between,
    from_json,
    log_of_visits,
)
from pendamping.reports.monthly.due import DUE_DAY, advised_on, days_late, due_on, is_over, target_share
from pendamping.reports.monthly.models import Section
from pendamping.reports.monthly.voices import Step, Voice, disputes_in

MARCH = Month(2026, 3)
VISIT = VisitFact("v1", dt.date(2026, 3, 4), 12, False, ("pemeriksaan",), 1)
PLACE = CooperativeMonth("64.71.03.1006", "KKMP Graha Indah", MARCH.first_day, dt.date(2026, 3, 31), 2, (VISIT,))
ACTION = ActionFact(PLACE.code, PLACE.name, "Rapikan buku kas", dt.date(2026, 3, 4), True, "Buku sudah rapi.")
SCORE = ScoreChange(PLACE.code, PLACE.name, "KL", Decimal("58.2500"), Decimal("61.0000"), False, False)
CONTENT = ReportContent((PLACE,), scores=(SCORE,), agreed=(ACTION,), words={"kendala": "Hujan."})


def test_a_report_is_due_on_the_5th_of_the_next_month_and_late_from_the_6th() -> None:
    assert due_on(Month(2026, 12)) == dt.date(2027, 1, 5)
    assert [days_late(MARCH, sent_on=None, today=dt.date(2026, 4, day)) for day in (4, 5, 6, 14)] == [0, 0, 1, 9]
    assert days_late(MARCH, sent_on=dt.date(2026, 4, 5), today=dt.date(2026, 4, 20)) == 0


def test_the_calendar_reminds_of_reports_by_the_day_on_which_they_are_due() -> None:
    shipped = files("pendamping.operations").joinpath("city", "kalender_2026.yaml").read_text(encoding="utf-8")
    obligations = {each["code"]: each for each in yaml.safe_load(shipped)["obligations"]}

    assert obligations[MONTHLY_REPORT]["day_of_month"] == DUE_DAY


@pytest.mark.parametrize(
    ("month", "off", "advised"),
    [
        (Month(2026, 3), set(), dt.date(2026, 4, 3)),  # the 5th is a Sunday
        (Month(2026, 3), {dt.date(2026, 4, 3)}, dt.date(2026, 4, 2)),  # and that Friday a holiday
        (Month(2026, 4), set(), dt.date(2026, 5, 5)),
    ],
)
def test_a_due_date_on_a_day_off_stays_and_the_working_day_before_is_advised(
    month: Month, off: set[dt.date], advised: dt.date
) -> None:
    assert advised_on(month, off) == advised
    assert due_on(month).day == 5


def test_a_report_is_sent_once_its_month_is_over() -> None:
    assert [is_over(MARCH, today=day) for day in (dt.date(2026, 3, 31), dt.date(2026, 4, 1))] == [False, True]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 31), st.integers(1, 12), st.data())
def test_a_month_that_is_shared_keeps_its_target_to_half_a_visit(
    per_month: int, number: int, data: st.DataObject
) -> None:
    month = Month(2026, number)
    length = month.last_day.day
    days = data.draw(st.integers(0, length))

    shared = [target_share(per_month, days=each, month=month) for each in (days, length - days)]

    assert abs(sum(shared) - per_month) <= 1
    assert target_share(per_month, days=length, month=month) == per_month


def test_what_is_frozen_comes_back_the_same() -> None:
    photos = (PhotoFact("a1", "Gudang"),)
    whole = replace(CONTENT, photos=photos)

    assert from_json(json.loads(json.dumps(as_json(whole)))) == whole


def test_what_a_later_format_adds_does_not_keep_an_old_report_from_being_read() -> None:
    stored = as_json(CONTENT)
    stored["yang_baru"] = [1]
    del stored["due_next"]

    assert from_json(stored) == CONTENT


def test_the_same_report_sent_again_has_changed_in_nothing() -> None:
    assert changes_between(CONTENT, CONTENT) == []


def test_a_change_is_told_by_its_section_with_words_and_facts() -> None:
    visited = replace(PLACE, visits=(VISIT, replace(VISIT, id="v2", number=13)))
    after = replace(
        CONTENT,
        cooperatives=(visited,),
        verified=(ACTION,),
        words={"kendala": "Hujan dan banjir.", "rencana": "Rapat."},
        photos=(PhotoFact("a1", ""),),
    )

    changes = {each.section: each for each in changes_between(CONTENT, after)}

    assert list(changes) == [Section.VISITS, Section.ACTIONS, Section.OBSTACLES, Section.PLAN, PHOTOS]
    assert (changes["kendala"].before, changes["kendala"].after) == ("Hujan.", "Hujan dan banjir.")
    assert (changes["tindakan"].added, changes["tindakan"].removed) == (1, 0)
    assert (changes["kunjungan"].added, changes["kunjungan"].removed) == (1, 1)


def step(kind: UpdateKind, day: int, note: str, status: ActionStatus = ActionStatus.AGREED) -> Step:
    return Step(kind, status, dt.date(2026, 3, day), note)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([], []),
        ([step(UpdateKind.DISPUTED, 2, "Bukan kami.")], [("Bukan kami.", "", "")]),
        (
            [
                step(UpdateKind.DISPUTED, 2, "Bukan kami."),
                step(UpdateKind.NOTED, 3, "kabar"),
                step(UpdateKind.SETTLED, 4, "Baik."),
            ],
            [("Bukan kami.", "dijawab", "Baik.")],
        ),
        (
            [
                step(UpdateKind.DISPUTED, 2, "Berat."),
                step(UpdateKind.DISPUTED, 3, "Tetap berat."),
                step(UpdateKind.ACCEPTED, 5, ""),
            ],
            [("Berat.", "", ""), ("Tetap berat.", "disetujui", "")],
        ),
        (
            [
                step(UpdateKind.DISPUTED, 2, "Salah."),
                step(UpdateKind.MOVED, 6, "Dibatalkan.", ActionStatus.CANCELLED),
                step(UpdateKind.SETTLED, 7, "Terlambat."),
            ],
            [("Salah.", "dibatalkan", "Dibatalkan.")],
        ),
        ([step(UpdateKind.ACCEPTED, 2, "")], []),
    ],
    ids=["nothing", "open", "answered", "said twice", "given up", "never disputed"],
)
def test_a_dispute_is_told_with_the_step_that_ended_it(
    steps: Sequence[Step], told: Sequence[tuple[str, str, str]]
) -> None:
    found = disputes_in(uuid.UUID(int=1), "Rapikan buku kas", steps)

    assert [(each.said, each.outcome, each.answer) for each in found] == list(told)


def test_what_was_said_or_answered_within_the_month_belongs_to_it() -> None:
    said = Voice(uuid.UUID(int=1), "", True, dt.date(2026, 2, 27), "Kapan?")

    assert not said.belongs_to(MARCH)
    assert replace(said, on=dt.date(2026, 3, 1)).belongs_to(MARCH)
    assert replace(said, answered_on=dt.date(2026, 3, 2)).belongs_to(MARCH)
    assert not replace(said, answered_on=dt.date(2026, 4, 2)).belongs_to(MARCH)


def test_a_visit_put_right_is_another_truth_than_the_one_that_was_sent() -> None:
    put_right = replace(CONTENT, cooperatives=(replace(PLACE, visits=(replace(VISIT, revision=2),)),))

    assert log_of_visits(put_right) != log_of_visits(CONTENT)

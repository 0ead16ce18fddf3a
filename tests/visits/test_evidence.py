"""How well a visit is attested: worked out by hand, one change to a well attested visit after the other."""

import datetime as dt
import math
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from pendamping.kernel.clock import OFFICE_TZ, office_date
from pendamping.visits.evidence import (
    STRENGTHS,
    EvidenceFacts,
    EvidenceGrade,
    Grade,
    Reason,
    ReasonCode,
    distance_m,
    grade,
)
from pendamping.visits.words import evidence_sentence, grade_word, reason_words

DAY = dt.date(2026, 4, 14)
WRITTEN = dt.datetime(2026, 4, 14, 10, 0, tzinfo=OFFICE_TZ)
GOOD = EvidenceFacts(
    visited_on=DAY,
    is_remote=False,
    has_place=True,
    accuracy_m=12.0,
    distance_m=40.0,
    is_signed=True,
    photos_taken_at=(WRITTEN - dt.timedelta(minutes=20),),
    written_at=WRITTEN,
    written_on=DAY,
    received_at=WRITTEN + dt.timedelta(minutes=5),
)
STRONG, FAIR, WEAK = Grade.STRONG, Grade.FAIR, Grade.WEAK


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


def written(days_later: int, *, hour: int = 10) -> dict[str, Any]:
    """Written some days after the visit; photos are of the visit itself."""
    at = dt.datetime(2026, 4, 14, hour, tzinfo=OFFICE_TZ) + dt.timedelta(days=days_later)
    return {"written_at": at, "written_on": office_date(at), "received_at": at}


NO_PHOTO: dict[str, Any] = {"photos_taken_at": ()}
NO_PLACE: dict[str, Any] = {"has_place": False, "accuracy_m": None, "distance_m": None}
UNSIGNED: dict[str, Any] = {"is_signed": False}
CALL: dict[str, Any] = {"is_remote": True, **NO_PLACE, **UNSIGNED, **NO_PHOTO}
OLD_PHOTO: dict[str, Any] = {"photos_taken_at": (WRITTEN - hours(50),)}

CASES: dict[str, tuple[dict[str, Any], Grade, str]] = {
    "everything is there": ({}, STRONG, ""),
    "no signature": (UNSIGNED, FAIR, "no_signature"),
    "no photo": (NO_PHOTO, FAIR, "no_photo"),
    "no place": (NO_PLACE, FAIR, "no_place"),
    "two things are missing": ({**UNSIGNED, **NO_PHOTO}, FAIR, "no_signature no_photo"),
    "three things are missing": ({**UNSIGNED, **NO_PHOTO, **NO_PLACE}, WEAK, "no_place no_signature no_photo"),
    "nobody knows where the cooperative is": ({"distance_m": None}, FAIR, "place_unknown"),
    "at the door": ({"distance_m": 0.0}, STRONG, ""),
    "exactly 300 m away": ({"distance_m": 300.0, "accuracy_m": 0.0}, STRONG, ""),
    "a hair more than 300 m away": ({"distance_m": 300.1, "accuracy_m": 0.0}, WEAK, "far"),
    "301 m away by a device that says nothing of its error": ({"distance_m": 301.0, "accuracy_m": None}, WEAK, "far"),
    "300 m away by such a device": ({"distance_m": 300.0, "accuracy_m": None}, STRONG, ""),
    "the error may make up for the distance": ({"distance_m": 350.0, "accuracy_m": 50.0}, STRONG, ""),
    "the error does not make up for it": ({"distance_m": 350.1, "accuracy_m": 50.0}, WEAK, "far"),
    "an error of 100 m is good enough": ({"distance_m": 40.0, "accuracy_m": 100.0}, STRONG, ""),
    "an error of more is not": ({"distance_m": 40.0, "accuracy_m": 100.5}, FAIR, "inaccurate"),
    "so inexact that it proves nothing either way": ({"distance_m": 4000.0, "accuracy_m": 3800.0}, FAIR, "inaccurate"),
    "far and inexact": ({"distance_m": 4000.0, "accuracy_m": 500.0}, WEAK, "far"),
    "far, and everything else is there": ({"distance_m": 2500.0}, WEAK, "far"),
    "written the next day": (written(1), STRONG, ""),
    "written two days later": (written(2), STRONG, ""),
    "written two days later, just before midnight": (written(2, hour=23), STRONG, ""),
    "written three days later, just after midnight": (written(3, hour=0), WEAK, "back_dated"),
    "written three days later": (written(3), WEAK, "back_dated"),
    "written months later and not signed": ({**written(90), **UNSIGNED}, WEAK, "back_dated no_signature"),
    "a clock 15 minutes ahead": ({"received_at": WRITTEN - minutes(15)}, STRONG, ""),
    "a clock more than 15 minutes ahead": ({"received_at": WRITTEN - minutes(15.1)}, FAIR, "clock_skewed"),
    "sent a week after it was written": ({"received_at": WRITTEN + hours(7 * 24)}, STRONG, ""),
    "the camera wrote no time": ({"photos_taken_at": (None,)}, STRONG, ""),
    "a photo of the evening before": ({"photos_taken_at": (WRITTEN - hours(24),)}, STRONG, ""),
    "a photo of an earlier day": ({"photos_taken_at": (WRITTEN - hours(24.1),)}, FAIR, "photo_old"),
    "one photo of that day among old ones": (
        {"photos_taken_at": (WRITTEN - hours(900), WRITTEN - hours(1), WRITTEN - hours(80))},
        STRONG,
        "",
    ),
    "an old photo and one without a time": ({"photos_taken_at": (None, WRITTEN - hours(50))}, FAIR, "photo_old"),
    "a photo taken days after": ({"photos_taken_at": (WRITTEN + hours(50),)}, FAIR, "photo_old"),
    "a photo of the very day, written down two days later": (
        {**written(2), "photos_taken_at": (WRITTEN - hours(2),)},
        STRONG,
        "",
    ),
    "old photo, not signed, clock ahead": (
        {**OLD_PHOTO, **UNSIGNED, "received_at": WRITTEN - minutes(16)},
        WEAK,
        "clock_skewed no_signature photo_old",
    ),
    "a call is not blamed for what a call has not, but was not there": (CALL, FAIR, "remote"),
    "a call written down days later": ({**CALL, **written(3)}, WEAK, "back_dated remote"),
    "a call with a screenshot of last month": ({**CALL, **OLD_PHOTO}, FAIR, "remote photo_old"),
    "a call from far away": ({**CALL, "has_place": True, "distance_m": 9000.0, "accuracy_m": 5.0}, FAIR, "remote"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_grade_is_the_one_worked_out_by_hand(case: str) -> None:
    changes, word, weaknesses = CASES[case]

    found = grade(replace(GOOD, **changes))

    assert found.grade is word
    assert sorted(reason.code for reason in found.weaknesses) == sorted(weaknesses.split())


def test_what_weakens_most_is_said_first_and_what_speaks_for_it_last() -> None:
    found = grade(replace(GOOD, **UNSIGNED, distance_m=2500.4))

    assert found.reasons == (
        Reason(ReasonCode.FAR, 2500),
        Reason(ReasonCode.NO_SIGNATURE),
        Reason(ReasonCode.PHOTO_FRESH),
    )


# A further weakness ---------------------------------------------------------------------------------------------------

RANKS = {STRONG: 0, FAIR: 1, WEAK: 2}


@given(
    place=st.sampled_from([0, 1, 2, 3]),
    is_signed=st.booleans(),
    photos=st.sampled_from([0, 1, 2]),
    is_late=st.booleans(),
    is_ahead=st.booleans(),
    is_remote=st.booleans(),
    further=st.sampled_from(["place", "signature", "photos", "late", "ahead"]),
)
def test_a_further_weakness_never_raises_the_grade(
    place: int, is_signed: bool, photos: int, is_late: bool, is_ahead: bool, is_remote: bool, further: str
) -> None:
    def facts(*, place: int, is_signed: bool, photos: int, is_late: bool, is_ahead: bool) -> EvidenceFacts:
        where: dict[str, Any] = ({}, {"accuracy_m": 900.0}, NO_PLACE, {"distance_m": 5000.0})[place]
        taken: dict[str, Any] = ({}, OLD_PHOTO, NO_PHOTO)[photos]
        base = replace(GOOD, is_remote=is_remote, is_signed=is_signed, **where, **(written(3) if is_late else {}))
        base = replace(base, **taken)
        return replace(base, received_at=base.written_at - minutes(20)) if is_ahead else base

    now: dict[str, Any] = {
        "place": place,
        "is_signed": is_signed,
        "photos": photos,
        "is_late": is_late,
        "is_ahead": is_ahead,
    }
    worse: dict[str, dict[str, Any]] = {
        "place": {"place": min(place + 1, 3)},
        "signature": {"is_signed": False},
        # A call owes nobody a photo: an old one says less than none.
        "photos": {"photos": photos if is_remote else min(photos + 1, 2)},
        "late": {"is_late": True},
        "ahead": {"is_ahead": True},
    }

    before, after = grade(facts(**now)), grade(facts(**{**now, **worse[further]}))

    assert RANKS[after.grade] >= RANKS[before.grade]


@given(
    distance=st.floats(0, 20_000_000),
    accuracy=st.none() | st.floats(0, 100_000),
    late=st.integers(-400, 400),
    ahead=st.floats(-1_000_000, 1_000_000),
    taken=st.lists(st.none() | st.floats(-10_000, 10_000), max_size=4),
)
def test_every_visit_has_a_grade_and_says_why(
    distance: float, accuracy: float | None, late: int, ahead: float, taken: list[float | None]
) -> None:
    at = WRITTEN + dt.timedelta(days=late)
    facts = replace(
        GOOD,
        distance_m=distance,
        accuracy_m=accuracy,
        written_at=at,
        written_on=office_date(at),
        received_at=at - minutes(ahead),
        photos_taken_at=tuple(None if each is None else at + hours(each) for each in taken),
    )

    found = grade(facts)

    assert (found.grade is STRONG) == (not found.weaknesses)
    assert all(reason.amount is None or reason.amount >= 0 for reason in found.reasons)
    assert list(found.reasons) == [*found.weaknesses, *(each for each in found.reasons if each.code in STRENGTHS)]


# Distances ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((-1.2379, 116.8529), (-1.2379, 116.8529), 0),
        ((0.0, 0.0), (0.0, 1.0), 111_195),
        ((0.0, 0.0), (1.0, 0.0), 111_195),
        ((-1.2379, 116.8529), (-1.2406, 116.8529), 300),
        ((60.0, 10.0), (60.0, 11.0), 55_597),
        ((0.0, 179.999), (0.0, -179.999), 222),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_087),
    ],
)
def test_the_distance_is_that_along_the_surface(
    here: tuple[float, float], there: tuple[float, float], metres: int
) -> None:
    assert distance_m(*here, *there) == pytest.approx(metres, abs=0.6)
    assert distance_m(*there, *here) == pytest.approx(distance_m(*here, *there))


@given(latitude=st.floats(-90, 90), longitude=st.floats(-180, 0))
def test_even_the_other_side_of_the_earth_is_some_way_off(latitude: float, longitude: float) -> None:
    assert distance_m(latitude, longitude, -latitude, longitude + 180) == pytest.approx(math.pi * 6_371_000, rel=1e-3)


# In words -------------------------------------------------------------------------------------------------------------

SAID = {
    "far": (
        {"distance_m": 1234.5, "accuracy_m": 90.0, "is_remote": False},
        "Bukti lemah: lokasi 1.234 m dari koperasi",
        "Weak evidence: 1,234 m from the cooperative",
    ),
    "strong": (
        {},
        "Bukti kuat: lokasi 40 m dari koperasi, ditandatangani pengurus, ada foto dari hari itu",
        "Strong evidence: 40 m from the cooperative, signed by the board, photo from that day",
    ),
    "late": (
        {**written(6), **UNSIGNED, "photos_taken_at": (WRITTEN,)},
        "Bukti lemah: ditulis 6 hari kemudian, tanpa tanda tangan",
        "Weak evidence: written 6 days later, no signature",
    ),
    "call": (CALL, "Bukti cukup: jarak jauh, tidak dilihat di tempat", "Fair evidence: remote, not seen on site"),
}


@pytest.mark.parametrize("case", SAID)
def test_the_sentence_says_the_word_and_its_reasons_in_both_languages(
    sqlite_app: tuple[Flask, object], case: str
) -> None:
    changes, indonesian, english = SAID[case]
    found = grade(replace(GOOD, **changes))

    with sqlite_app[0].test_request_context():
        with force_locale("id"):
            assert evidence_sentence(found) == indonesian
        with force_locale("en"):
            assert evidence_sentence(found) == english


def test_every_grade_and_every_reason_has_words(sqlite_app: tuple[Flask, object]) -> None:
    with sqlite_app[0].test_request_context():
        for language in ("id", "en"):
            with force_locale(language):
                assert all(grade_word(each) for each in Grade)
                words = {code: reason_words(Reason(code, 7)) for code in ReasonCode}
                assert not [code for code, said in words.items() if not said or "%(" in said]


def test_a_grade_without_reasons_is_said_by_its_word_alone(sqlite_app: tuple[Flask, object]) -> None:
    with sqlite_app[0].test_request_context():
        assert evidence_sentence(EvidenceGrade(FAIR, ())) == "Bukti cukup"

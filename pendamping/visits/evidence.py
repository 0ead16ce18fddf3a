"""How well a visit is attested: a word with its reasons, to be shown and never used to block. Our proposal, to be
confirmed by the agency. Pure.
"""

import datetime as dt
import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass

from pendamping.kernel.clock import office_date

NEAR_M = 300
ACCURATE_M = 100
SAME_DAY = dt.timedelta(hours=24)
BACK_DATED_DAYS = 2
"""So many days after the visit it is still fresh."""
CLOCK_SKEW = dt.timedelta(minutes=15)
EARTH_RADIUS_M = 6_371_000


class Grade(enum.StrEnum):
    STRONG = "kuat"
    FAIR = "cukup"
    WEAK = "lemah"


class ReasonCode(enum.StrEnum):
    SIGNED = "signed"
    NEAR = "near"
    PHOTO_FRESH = "photo_fresh"
    NO_SIGNATURE = "no_signature"
    NO_PLACE = "no_place"
    FAR = "far"
    PLACE_UNKNOWN = "place_unknown"
    INACCURATE = "inaccurate"
    NO_PHOTO = "no_photo"
    PHOTO_OLD = "photo_old"
    BACK_DATED = "back_dated"
    CLOCK_SKEWED = "clock_skewed"
    REMOTE = "remote"


STRENGTHS = frozenset({ReasonCode.SIGNED, ReasonCode.NEAR, ReasonCode.PHOTO_FRESH})
GRAVE = frozenset({ReasonCode.FAR, ReasonCode.BACK_DATED})
"""Each of these alone makes the evidence weak."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`amount` is what the code counts: metres, days or minutes; None where there is nothing to count."""

    code: ReasonCode
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What a visit brought along. Distances and accuracy in metres, None where unknown.

    photos_taken_at: one entry for each photo, None where the camera wrote no time.
    """

    visited_on: dt.date
    is_remote: bool
    has_place: bool
    accuracy_m: float | None
    distance_m: float | None
    is_signed: bool
    photos_taken_at: Sequence[dt.datetime | None]
    written_at: dt.datetime
    written_on: dt.date
    """The office's date of `written_at`."""
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class EvidenceGrade:
    """A word and everything that speaks for and against it, what weakens first."""

    grade: Grade
    reasons: tuple[Reason, ...]

    @property
    def weaknesses(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.code not in STRENGTHS)


def grade(facts: EvidenceFacts) -> EvidenceGrade:
    """Kuat: nothing speaks against it. Lemah: it was far away, written days later, or three things are missing."""
    reasons = [*_lateness(facts), *_place(facts), *_signature(facts), *_photos(facts)]
    against = [reason for reason in reasons if reason.code not in STRENGTHS]
    if not against:
        word = Grade.STRONG
    elif len(against) >= 3 or any(reason.code in GRAVE for reason in against):
        word = Grade.WEAK
    else:
        word = Grade.FAIR
    ordered = sorted(reasons, key=lambda reason: (reason.code in STRENGTHS, reason.code not in GRAVE))
    return EvidenceGrade(word, tuple(ordered))


def _lateness(facts: EvidenceFacts) -> list[Reason]:
    reasons = []
    days = (facts.written_on - facts.visited_on).days
    if days > BACK_DATED_DAYS:
        reasons.append(Reason(ReasonCode.BACK_DATED, days))
    ahead = facts.written_at - facts.received_at
    if ahead > CLOCK_SKEW:
        reasons.append(Reason(ReasonCode.CLOCK_SKEWED, round(ahead.total_seconds() / 60)))
    return reasons


def _place(facts: EvidenceFacts) -> list[Reason]:
    """A call was nowhere, and is fair at most; of a visit it says where it was."""
    if facts.is_remote:
        return [Reason(ReasonCode.REMOTE)]
    if not facts.has_place:
        return [Reason(ReasonCode.NO_PLACE)]
    if facts.distance_m is None:
        return [Reason(ReasonCode.PLACE_UNKNOWN)]
    accuracy = facts.accuracy_m or 0.0
    if facts.distance_m - accuracy > NEAR_M:
        return [Reason(ReasonCode.FAR, round(facts.distance_m))]
    if accuracy > ACCURATE_M:
        return [Reason(ReasonCode.INACCURATE, round(accuracy))]
    return [Reason(ReasonCode.NEAR, round(facts.distance_m))]


def _signature(facts: EvidenceFacts) -> list[Reason]:
    if facts.is_signed:
        return [Reason(ReasonCode.SIGNED)]
    return [] if facts.is_remote else [Reason(ReasonCode.NO_SIGNATURE)]


def _photos(facts: EvidenceFacts) -> list[Reason]:
    if not facts.photos_taken_at:
        return [] if facts.is_remote else [Reason(ReasonCode.NO_PHOTO)]
    known = [taken_at for taken_at in facts.photos_taken_at if taken_at is not None]
    if known and not any(_is_of_that_day(facts, taken_at) for taken_at in known):
        oldest = max(abs(facts.written_at - taken_at) for taken_at in known)
        return [Reason(ReasonCode.PHOTO_OLD, oldest.days)]
    return [Reason(ReasonCode.PHOTO_FRESH)]


def _is_of_that_day(facts: EvidenceFacts, taken_at: dt.datetime) -> bool:
    """Taken on the day of the visit, however late it was written; or while it was written, give or take a day."""
    return office_date(taken_at) == facts.visited_on or abs(facts.written_at - taken_at) <= SAME_DAY


def distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Metres between two places along the surface; exact enough within a city."""
    here, there = math.radians(latitude), math.radians(other_latitude)
    half_lat = math.sin((there - here) / 2) ** 2
    half_lon = math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    half = half_lat + math.cos(here) * math.cos(there) * half_lon
    return (
        2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(half, 1)))
    )  # of antipodes a hair more than 1 is left by rounding

"""What a standing keeps so that the agency's desk need not read the history: how well the last visit is attested,
whether cash counts keep finding a difference, and what stood there a quarter of a year ago.

Its selects are made once (`@cache`): making one takes longer than running it, and every visit that comes in runs them.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from sqlalchemy import Boolean, CompoundSelect, Select, and_, bindparam, false, literal, select, union_all
from sqlalchemy.orm import Session

from pendamping.attachments.models import Attachment
from pendamping.kernel.bulk import read
from pendamping.visits.evidence import Grade
from pendamping.visits.models import Answer, Visit, VisitPhoto, VisitScore
from pendamping.visits.queries import evidence_of, newest_before, place_in_time

CASH_ITEM = "TK-13"
"""Selisih kas: the difference between the counted cash and the cash book on the day, in rupiah."""
CASH_TOLERANCE_IDR = 10_000
"""The step of TK-13 beyond which its answer is a poor one."""
COUNTS_READ = 24
QUARTER_DAYS = 90


@dataclass(frozen=True, slots=True)
class CashCount:
    """One answer to TK-13; of a visit that was corrected there are several, and the highest revision counts."""

    visit_id: uuid.UUID
    revision: int
    value: str
    answered_on: dt.date
    recorded_at: dt.datetime


def differences_in_a_row(counts: Iterable[CashCount]) -> int:
    """How many of the newest cash counts, one after the other, found more than the tolerance; 0 when the last did not.

    Where there was no cash to count ("na") nothing was found, so the row ends. Our proposal.
    """
    visits: dict[uuid.UUID, CashCount] = {}
    came_in: dict[uuid.UUID, tuple[dt.date, dt.datetime]] = {}
    for each in counts:
        came_in[each.visit_id] = min(came_in.get(each.visit_id, (dt.date.max, each.recorded_at)), _order(each))
        held = visits.get(each.visit_id)
        if held is None or held.revision < each.revision:
            visits[each.visit_id] = each
    found = 0
    for visit_id in sorted(visits, key=lambda id_: came_in[id_], reverse=True):
        if not _is_difference(visits[visit_id].value):
            break
        found += 1
    return found


def _order(count: CashCount) -> tuple[dt.date, dt.datetime]:
    return count.answered_on, count.recorded_at


def _is_difference(value: str) -> bool:
    try:
        return Decimal(value) > CASH_TOLERANCE_IDR
    except InvalidOperation:
        return False


def quarter_before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=QUARTER_DAYS)


def deepest_fall(before: Mapping[str, Decimal], now: Mapping[str, Decimal | None]) -> tuple[str, Decimal] | None:
    """Which instrument fell most against a quarter of a year ago, and by how much; None where none fell."""
    falls = {code: score - now_score for code, score in before.items() if (now_score := now.get(code)) is not None}
    code = max(falls, key=lambda code: (falls[code], code), default=None)
    return (code, falls[code]) if code is not None and falls[code] > 0 else None


def cash_differences(session: Session, cooperative_id: uuid.UUID) -> int:
    """The same from the log; one query by an index."""
    rows = read(session, _cash_counts(), {"cooperative_id": cooperative_id})
    return differences_in_a_row(CashCount(*row) for row in rows)


@cache
def _cash_counts() -> Select[uuid.UUID, int, str, dt.date, dt.datetime]:
    return (
        select(Answer.visit_id, Answer.revision, Answer.value, Answer.answered_on, Answer.recorded_at)
        .where(Answer.cooperative_id == bindparam("cooperative_id"), Answer.item_id == CASH_ITEM)
        .order_by(Answer.answered_on.desc(), Answer.recorded_at.desc())
        .limit(COUNTS_READ)
    )


def last_visit_grade(session: Session, visit: Visit) -> Grade:
    """A photo that the visit names and that has not arrived yet is taken for one without a time: a visit waits for
    none, and its grade must not be weak until then. The visit's own page grades by what has arrived.
    """
    taken = read(session, _photos_taken(), {"visit_id": visit.id}).scalars()
    return evidence_of(visit, taken.all()).grade


@cache
def _photos_taken() -> Select[dt.datetime | None]:
    return (
        select(Attachment.taken_at)
        .select_from(VisitPhoto)
        .outerjoin(Attachment, Attachment.id == VisitPhoto.attachment_id)
        .where(VisitPhoto.visit_id == bindparam("visit_id"))
    )


@dataclass(frozen=True, slots=True)
class Earlier:
    """Scores that stood before a visit, each by its instrument's code.

    last: after the visit before it that scored the instrument.
    quarter: the newest complete ones of at least 90 days before it.
    """

    last: Mapping[str, Decimal]
    quarter: Mapping[str, Decimal]


def scores_earlier(session: Session, visit: Visit | None, codes: Iterable[str]) -> Earlier:
    """One query, and each instrument's rows are found by an index, however long the history."""
    wanted, found = tuple(codes), Earlier({}, {})
    if visit is None or not wanted:
        return found
    terms = {**place_in_time(visit), "until": quarter_before(visit.visited_on)}
    rows = [row for row in read(session, _earlier(wanted), terms) if row.score is not None]
    return Earlier(*({row.code: row.score for row in rows if row.is_last == is_last} for is_last in (True, False)))


@cache
def _earlier(codes: tuple[str, ...]) -> CompoundSelect[bool, str, Decimal | None]:
    return union_all(
        *(select(_scored(newest_before(code), is_last=True).subquery()) for code in codes),
        *(select(_scored(_newest_complete(code), is_last=False).subquery()) for code in codes),
    )


def _scored(scores: Select[VisitScore], *, is_last: bool) -> Select[bool, str, Decimal | None]:
    return scores.with_only_columns(
        literal(is_last, Boolean).label("is_last"), VisitScore.instrument_code.label("code"), VisitScore.score
    )


def _newest_complete(code: str) -> Select[VisitScore]:
    return (
        select(VisitScore)
        .join(Visit, and_(Visit.id == VisitScore.visit_id, Visit.revision == VisitScore.revision))
        .where(
            VisitScore.cooperative_id == bindparam("cooperative_id"),
            VisitScore.instrument_code == code,
            VisitScore.measured_on <= bindparam("until"),
            VisitScore.is_provisional == false(),
        )
        .order_by(VisitScore.measured_on.desc(), Visit.received_at.desc(), Visit.number.desc())
        .limit(1)
    )

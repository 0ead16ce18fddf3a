"""The rows of each export, cooperative by cooperative, a few thousand at a time: memory does not grow with them.

Values come as the driver hands them over and are read once for each different one: a million rows are read in
seconds. Nothing here is an object of the session.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, MonthlyFigures, Region
from pendamping.cooperatives.records.queries import is_latest_revision
from pendamping.instruments.models import InstrumentVersion
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.plans.models import Action, ActionUpdate
from pendamping.reports.exports.cells import Row
from pendamping.reports.exports.columns import Kind
from pendamping.visits.models import Answer, Attendance, Visit

ROWS_AT_ONCE = 800
DISTRICT_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A cooperative as every row of an export names it."""

    id: uuid.UUID
    cells: Row


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of codes, in the language of the file.

    item: (version as the driver names it, item) -> instrument, version, item, its name, whether it is critical.
    answer: (version, item, value) -> the answer in words.
    """

    modes: Mapping[str, str]
    purposes: Mapping[str, str]
    proofs: Mapping[str, str]
    statuses: Mapping[str, str]
    roles: Mapping[str, str]
    item: Callable[[Any, str], tuple[str, str, str, str, bool]]
    answer: Callable[[Any, str, str], str]


def places_of(session: Session, cooperatives: Select[Cooperative]) -> list[Place]:
    """The cooperatives of a select, by name, with the official names of their kelurahan and kecamatan; one query."""
    ward, district = aliased(Region), aliased(Region)
    rows = session.execute(
        cooperatives.join(ward, ward.code == Cooperative.code)
        .outerjoin(district, district.code == func.substr(Cooperative.code, 1, DISTRICT_LENGTH))
        .with_only_columns(
            Cooperative.id,
            Cooperative.code,
            Cooperative.short_name,
            Cooperative.registration_number,
            ward.name,
            district.name,
        )
        .order_by(Cooperative.short_name, Cooperative.code)
    )
    return [Place(row[0], tuple(row[1:])) for row in rows]


def version_names(session: Session) -> dict[Any, uuid.UUID]:
    """Versions of instruments by what the driver calls them."""
    return dict(session.execute(select(raw(InstrumentVersion.id), InstrumentVersion.id)).all())


def raw(column: Any) -> ColumnElement[Any]:
    """A column as the driver hands it over, without a moment's work on it."""
    return type_coerce(column, String())


def batches_of(
    session: Session, kind: Kind, places: Sequence[Place], vocabulary: Vocabulary, *, year: int | None
) -> Iterator[tuple[int, list[Row]]]:
    """The rows of an export, with the number of cooperatives that have been gone through.

    Args:
        year: of the visit, of the agreement, of the figures; all years when None.
    """
    people: dict[Any, str] = dict(session.execute(select(raw(User.id), User.name)).all())
    make = _MAKERS[kind]
    waiting: list[Row] = []
    for number, place in enumerate(places, start=1):
        for batch in make(session, place, people, vocabulary, year):
            waiting += batch
            if len(waiting) >= ROWS_AT_ONCE:
                yield number - 1, waiting
                waiting = []
    if waiting:
        yield len(places), waiting


def has_more_than(
    session: Session, kind: Kind, cooperatives: Select[Cooperative], limit: int, *, year: int | None
) -> bool:
    """Whether an export has more rows than a limit; counts no further than that."""
    ids = cooperatives.with_only_columns(Cooperative.id)
    found = _BASES[kind](year).where(_OWNER[kind].in_(ids)).limit(limit + 1).subquery()
    return (session.scalar(select(func.count()).select_from(found)) or 0) > limit


def count_rows(session: Session, kind: Kind, cooperatives: Select[Cooperative], *, year: int | None) -> int:
    """About how many rows an export has, for a bar: what was put right since is counted as well."""
    ids = cooperatives.with_only_columns(Cooperative.id)
    counted = _BASES[kind](year).where(_OWNER[kind].in_(ids)).with_only_columns(func.count())
    return session.scalar(counted) or 0


_OWNER: Mapping[Kind, Any] = {
    Kind.VISITS: Visit.cooperative_id,
    Kind.ANSWERS: Answer.cooperative_id,
    Kind.ACTIONS: Action.cooperative_id,
    Kind.FIGURES: MonthlyFigures.cooperative_id,
}


def _days(column: Any, year: int | None) -> list[ColumnElement[bool]]:
    return [] if year is None else [column.between(dt.date(year, 1, 1), dt.date(year, 12, 31))]


_BASES: Mapping[Kind, Callable[[int | None], Select[Any]]] = {
    Kind.VISITS: lambda year: select(Visit.id).where(*_days(Visit.visited_on, year)),
    Kind.ANSWERS: lambda year: select(Answer.id).where(*_days(Answer.answered_on, year)),
    Kind.ACTIONS: lambda year: select(Action.id).where(*_days(Action.agreed_on, year)),
    Kind.FIGURES: lambda year: select(MonthlyFigures.id).where(*([MonthlyFigures.year == year] if year else [])),
}

People = Mapping[Any, str]


def _streamed(session: Session, query: Select[Any]) -> Iterator[Sequence[Any]]:
    # Past the session: it would look at each row for objects that are not there.
    result = session.connection().execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
    try:
        yield from result.partitions()
    finally:
        result.close()


@lru_cache(maxsize=8_192)
def _instant(value: str | dt.datetime | None) -> dt.datetime | None:
    """Office time, without a zone: what a spreadsheet knows."""
    if value is None:
        return None
    instant = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    return instant.astimezone(OFFICE_TZ).replace(tzinfo=None, microsecond=0)


@lru_cache(maxsize=8_192)
def _day(value: str | dt.date | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(maxsize=8_192)
def _record(number: int, year: int) -> str:
    return f"{number:04}/{year}"


def _visits(session: Session, place: Place, people: People, words: Vocabulary, year: int | None) -> Iterator[list[Row]]:
    met = select(func.count()).where(Attendance.visit_id == Visit.id).correlate(Visit).scalar_subquery()
    query = (
        select(
            Visit.number,
            Visit.number_year,
            Visit.visited_on,
            Visit.started,
            Visit.ended,
            raw(Visit.mode),
            Visit.purposes,
            raw(Visit.facilitator_id),
            met,
            Visit.distance_m,
            Visit.signed_by,
            Visit.notes,
            Visit.revision,
            raw(Visit.written_at),
            raw(Visit.received_at),
        )
        .where(Visit.cooperative_id == place.id, *_days(Visit.visited_on, year))
        .order_by(Visit.visited_on, Visit.number_year, Visit.number)
    )
    for part in _streamed(session, query):
        yield [
            (
                *place.cells,
                _record(row[0], row[1]),
                row[2],
                row[3],
                row[4],
                words.modes[row[5]],
                ", ".join(words.purposes.get(each, each) for each in row[6]),
                people.get(row[7], ""),
                row[8],
                None if row[9] is None else round(row[9]),
                row[10],
                row[11],
                row[12] - 1,
                _instant(row[13]),
                _instant(row[14]),
            )
            for row in part
        ]


_OF_ANSWERS = (
    raw(Answer.visit_id),
    Answer.item_id,
    Answer.value,
    raw(Answer.proof),
    Answer.note,
    raw(Answer.version_id),
    raw(Answer.recorded_at),
    Answer.revision,
)
_VISIT, _ITEM, _REVISION = 0, 1, 7
DIFFERENT_ANSWERS = 65_536


def _answers(
    session: Session, place: Place, people: People, words: Vocabulary, year: int | None
) -> Iterator[list[Row]]:
    query = (
        select(*_OF_ANSWERS)
        .where(Answer.cooperative_id == place.id, *_days(Answer.answered_on, year))
        .order_by(Answer.item_id, Answer.answered_on)  # as an index has them: a million rows are not sorted
    )
    visits, proofs = _visits_of_answers(session, place, people), words.proofs

    @lru_cache(maxsize=DIFFERENT_ANSWERS)
    def told(version: Any, item: str, value: str) -> Row:
        return *words.item(version, item), value, words.answer(version, item, value)

    def made(row: Any) -> Row:
        visit, item, value, proof, note, version, recorded_at, _ = row
        return *visits[visit], *told(version, item, value), proofs[proof], note, _instant(recorded_at)

    for part in _standing(_streamed(session, query)):
        yield [made(row) for row in part if row[_VISIT] in visits]  # a visit that came in since is in the next export


def _visits_of_answers(session: Session, place: Place, people: People) -> dict[Any, Row]:
    """How each answer's row begins, by its visit: not joined to each of a million answers."""
    rows = session.execute(
        select(raw(Visit.id), Visit.number, Visit.number_year, raw(Visit.visited_on), raw(Visit.facilitator_id)).where(
            Visit.cooperative_id == place.id
        )
    )
    return {
        id_: (*place.cells, _record(number, of_year), _day(on), people.get(facilitator, ""))
        for id_, number, of_year, on, facilitator in rows
    }


def _standing(parts: Iterator[Sequence[Any]]) -> Iterator[list[Any]]:
    """Of each item of a visit only the last revision: that is the answer that stands. Rows come item by item."""
    item: Any = None
    of_item: dict[Any, Any] = {}
    for part in parts:
        found: list[Any] = []
        for row in part:
            if row[_ITEM] != item:
                found += of_item.values()
                of_item, item = {}, row[_ITEM]
            held = of_item.get(row[_VISIT])
            if held is None or held[_REVISION] < row[_REVISION]:
                of_item[row[_VISIT]] = row
        yield found
    yield list(of_item.values())


def _actions(
    session: Session, place: Place, people: People, words: Vocabulary, year: int | None
) -> Iterator[list[Row]]:
    changed = select(func.max(ActionUpdate.made_at)).where(ActionUpdate.action_id == Action.id)
    query = (
        select(
            Visit.number,
            Visit.number_year,
            Action.title,
            Action.item_id,
            Action.item_label_id,
            Action.is_critical,
            raw(Action.owner_role),
            Action.agreed_on,
            Action.due_on,
            raw(Action.status),
            Action.done_when,
            raw(changed.correlate(Action).scalar_subquery()),
        )
        .join(Visit, Visit.id == Action.visit_id)
        .where(Action.cooperative_id == place.id, *_days(Action.agreed_on, year))
        .order_by(Action.agreed_on, Visit.number, Action.title, Action.id)
    )
    for part in _streamed(session, query):
        yield [
            (
                *place.cells,
                _record(row[0], row[1]),
                *row[2:6],
                words.roles[row[6]],
                row[7],
                row[8],
                words.statuses[row[9]],
                row[10],
                _instant(row[11]),
            )
            for row in part
        ]


def _figures(
    session: Session, place: Place, people: People, words: Vocabulary, year: int | None
) -> Iterator[list[Row]]:
    query = (
        select(
            MonthlyFigures.year,
            MonthlyFigures.month,
            MonthlyFigures.members,
            MonthlyFigures.savings_idr,
            MonthlyFigures.turnover_idr,
            MonthlyFigures.surplus_idr,
            MonthlyFigures.cashless_percent,
            MonthlyFigures.revision - 1,
            raw(MonthlyFigures.author_id),
            raw(MonthlyFigures.recorded_at),
        )
        .where(MonthlyFigures.cooperative_id == place.id, is_latest_revision())
        .order_by(MonthlyFigures.year, MonthlyFigures.month)
    )
    if year is not None:
        query = query.where(MonthlyFigures.year == year)
    for part in _streamed(session, query):
        yield [(*place.cells, *row[:8], people.get(row[8], ""), _instant(row[9])) for row in part]


_MAKERS: Mapping[Kind, Callable[[Session, Place, People, Vocabulary, int | None], Iterator[list[Row]]]] = {
    Kind.VISITS: _visits,
    Kind.ANSWERS: _answers,
    Kind.ACTIONS: _actions,
    Kind.FIGURES: _figures,
}

"""What lists, homes and pages read of where cooperatives stand; one standing row each, never the history."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, Region, Stage
from pendamping.cooperatives.policy import on_duty
from pendamping.instruments.definition import Band
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.kernel.statement_cache import built_once
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.series import YEAR_DAYS, ScoreBand, ScorePoint, ScoreSeries
from pendamping.visits.models import Visit, VisitScore

DISTRICT_CODE_LENGTH = 8

SHORT_TITLES = {
    "KL": ("Kelembagaan", "Institution"),
    "TK": ("Transparansi", "Transparency"),
    "UK": ("Usaha", "Business"),
}


@dataclass(frozen=True, slots=True)
class InstrumentTitle:
    """What an instrument is called, in full and in a narrow column."""

    code: str
    title_id: str
    title_en: str
    short_id: str
    short_en: str


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """One instrument's score of one cooperative. `change` is against the visit before; `band_rank` 0 is the best."""

    instrument: InstrumentTitle
    score: Decimal | None
    band: Band | None
    band_rank: int | None
    is_provisional: bool
    is_hidden: bool
    change: Decimal | None
    measured_on: dt.date | None
    answered: int
    applicable: int
    critical_unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CooperativeRow:
    """A cooperative as lists and cards show it."""

    id: uuid.UUID
    code: str
    short_name: str
    district_code: str
    district_name: str
    stage: Stage
    stage_is_confirmed: bool
    facilitator_id: uuid.UUID | None
    facilitator_name: str | None
    scores: tuple[ScoreCell, ...]
    last_visit_on: dt.date | None
    open_actions: int
    next_due_on: dt.date | None
    gate: "GateMark | None"
    """None where no gate could be read, or none has been yet."""


@dataclass(frozen=True, slots=True)
class GateMark:
    """What a standing keeps of the present stage's gate; `lapsed` requirements of gates behind it no longer hold."""

    met: int
    count: int
    awaits_decision: bool
    lapsed: int

    @property
    def is_resting(self) -> bool:
        """It is reached and yet waits for nobody: the agency has said "not yet", or no stage follows."""
        return self.met == self.count and not self.awaits_decision


def title_of(published: PublishedInstrument) -> InstrumentTitle:
    instrument = published.instrument
    short_id, short_en = SHORT_TITLES.get(instrument.code, (instrument.title_id, instrument.title_en))
    return InstrumentTitle(instrument.code, instrument.title_id, instrument.title_en, short_id, short_en)


def score_cell(
    published: PublishedInstrument, row: StandingScore | VisitScore | None, *, previous: Decimal | None, stage: Stage
) -> ScoreCell:
    """A stored score with its band in words; without a row, an instrument that nobody has looked at yet."""
    title = title_of(published)
    if row is None:
        applicable = sum(published.instrument.asks(item, stage.order) for item in published.instrument.items)
        return ScoreCell(title, None, None, None, applicable > 0, applicable == 0, None, None, 0, applicable, ())
    bands = published.instrument.bands
    rank = next((rank for rank, band in enumerate(bands) if band.code == row.band_code), None)
    return ScoreCell(
        instrument=title,
        score=row.score,
        band=bands[rank] if rank is not None else None,
        band_rank=rank,
        is_provisional=row.is_provisional,
        is_hidden=row.applicable == 0,
        change=row.score - previous if row.score is not None and previous is not None else None,
        measured_on=row.measured_on,
        answered=row.answered,
        applicable=row.applicable,
        critical_unmet=tuple(row.critical_unmet),
    )


def cooperative_rows(
    session: Session,
    cooperatives: Select[Cooperative],
    instruments: Sequence[PublishedInstrument],
    *,
    today: dt.date,
) -> list[CooperativeRow]:
    """The chosen cooperatives with their standing, in the order of the select; two queries, however many rows."""
    found = session.execute(_with_standing(cooperatives, today)).all()
    scores = _cells_of(session, {cooperative.id: cooperative.stage for cooperative, *_ in found}, instruments)
    return [
        CooperativeRow(
            id=cooperative.id,
            code=cooperative.code,
            short_name=cooperative.short_name,
            district_code=cooperative.code[:DISTRICT_CODE_LENGTH],
            district_name=district_name,
            stage=cooperative.stage,
            stage_is_confirmed=cooperative.stage_confirmed_on is not None,
            facilitator_id=facilitator_id,
            facilitator_name=facilitator_name,
            scores=scores[cooperative.id],
            last_visit_on=standing.last_visit_on if standing else None,
            open_actions=standing.open_actions if standing else 0,
            next_due_on=standing.next_due_on if standing else None,
            gate=_gate_mark(standing, today) if standing else None,
        )
        for cooperative, district_name, facilitator_id, facilitator_name, standing in found
    ]


def _gate_mark(standing: Standing, today: dt.date) -> GateMark | None:
    if standing.gate_met is None or standing.gate_count is None:
        return None
    has_run_out = standing.gate_holds_until is not None and standing.gate_holds_until < today
    awaits = standing.awaits_stage_decision and not has_run_out
    return GateMark(standing.gate_met, standing.gate_count, awaits, standing.lapsed)


@built_once
def _with_standing(
    cooperatives: Select[Cooperative], today: dt.date
) -> Select[Cooperative, str, uuid.UUID | None, str | None, Standing | None]:
    district, facilitator = aliased(Region), aliased(User)
    return (
        cooperatives.join(district, district.code == func.substr(Cooperative.code, 1, DISTRICT_CODE_LENGTH))
        .outerjoin(Assignment, on_duty(today))
        .outerjoin(facilitator, facilitator.id == Assignment.facilitator_id)
        .outerjoin(Standing, Standing.cooperative_id == Cooperative.id)
        .add_columns(district.display_name, facilitator.id, facilitator.name, Standing)
    )


def _cells_of(
    session: Session, stages: Mapping[uuid.UUID, Stage], instruments: Sequence[PublishedInstrument]
) -> dict[uuid.UUID, tuple[ScoreCell, ...]]:
    """The scores of cooperatives now, each in the words of the version that it was made with."""
    rows = session.scalars(_scores_of(), {"ids": list(stages)}).all()
    versions = _versions_of(session, rows, instruments)
    stored = {(row.cooperative_id, row.instrument_code): row for row in rows}
    return {
        id_: tuple(
            _cell(published, stored.get((id_, published.instrument.code)), versions, stage) for published in instruments
        )
        for id_, stage in stages.items()
    }


@cache
def _scores_of() -> Select[StandingScore]:
    return select(StandingScore).where(StandingScore.cooperative_id.in_(bindparam("ids", expanding=True)))


def _versions_of(
    session: Session, rows: Sequence[StandingScore], instruments: Sequence[PublishedInstrument]
) -> dict[uuid.UUID, PublishedInstrument]:
    """The versions that scores were made with; asks the database only when one is no longer in force."""
    versions = {each.version_id: each for each in instruments}
    if older := {row.version_id for row in rows} - versions.keys():
        versions |= {each.version_id: each for each in published_by_id(session, list(older))}
    return versions


def _cell(
    published: PublishedInstrument,
    row: StandingScore | None,
    versions: Mapping[uuid.UUID, PublishedInstrument],
    stage: Stage,
) -> ScoreCell:
    if row is None:
        return score_cell(published, None, previous=None, stage=stage)
    return score_cell(versions[row.version_id], row, previous=row.previous_score, stage=stage)


def standing_cells(
    session: Session, cooperative: Cooperative, instruments: Sequence[PublishedInstrument]
) -> tuple[ScoreCell, ...]:
    """One cooperative's scores now."""
    return _cells_of(session, {cooperative.id: cooperative.stage}, instruments)[cooperative.id]


@dataclass(frozen=True, slots=True)
class YearOfScores:
    """The scores of a cooperative over the last year; `first` and `last` by instrument, where anything was scored."""

    series: tuple[ScoreSeries, ...]
    first: Mapping[str, VisitScore]
    last: Mapping[str, VisitScore]


def year_of_scores(
    session: Session, cooperative_id: uuid.UUID, instruments: Sequence[PublishedInstrument], *, today: dt.date
) -> YearOfScores:
    """What each visit of the last year left behind, corrections heeded; one query, as long as a year is."""
    since = today - dt.timedelta(days=YEAR_DAYS)
    rows = session.execute(
        select(VisitScore, InstrumentVersion.version)
        .join(InstrumentVersion, InstrumentVersion.id == VisitScore.version_id)
        .join(Visit, and_(Visit.id == VisitScore.visit_id, Visit.revision == VisitScore.revision))
        .where(VisitScore.cooperative_id == cooperative_id, VisitScore.measured_on >= since)
        .order_by(VisitScore.measured_on, Visit.received_at, Visit.id)
    )
    scored = [(row, version, row.score) for row, version in rows if row.score is not None]
    points = [(row.instrument_code, _point(row, version, score)) for row, version, score in scored]
    return YearOfScores(
        series=tuple(
            _series(each, [point for code, point in points if code == each.instrument.code]) for each in instruments
        ),
        first={row.instrument_code: row for row, *_ in reversed(scored)},
        last={row.instrument_code: row for row, *_ in scored},
    )


def _point(row: VisitScore, version: str, score: Decimal) -> ScorePoint:
    return ScorePoint(row.measured_on, row.visit_id, score, row.is_provisional, version)


def _series(published: PublishedInstrument, points: Sequence[ScorePoint]) -> ScoreSeries:
    title = title_of(published)
    bands = tuple(ScoreBand(band.name_id, band.name_en, band.minimum) for band in published.instrument.bands)
    return ScoreSeries(title.code, title.title_id, title.title_en, title.short_id, title.short_en, bands, tuple(points))

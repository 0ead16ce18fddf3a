"""A year of scores and the sections behind them, as a cooperative's page shows them."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.records.figures import Month
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.kernel.i18n import long_date
from pendamping.progress.charts import NARROW, WIDE, TrendChart, height_of
from pendamping.progress.drawn import digest_of, digest_of_picture
from pendamping.progress.pictures import Words
from pendamping.progress.profile import SectionRow, sections_of
from pendamping.progress.queries import InstrumentTitle, YearOfScores, title_of
from pendamping.progress.series import YEAR_DAYS, ScorePoint, ScoreSeries, trend_of
from pendamping.progress.words import trend_chart, trend_sentence
from pendamping.visits.assessments import assessments
from pendamping.visits.log import facts_of, facts_then
from pendamping.visits.models import VisitScore
from pendamping.visits.queries import RecordedAnswer, answers_as_of


@dataclass(frozen=True, slots=True)
class TrendView:
    """A year of scores as a page shows it: the sentence, the drawing for two widths, the numbers, newest first."""

    sentence: str
    has_provisional: bool
    wide_url: str
    wide_size: tuple[int, int]
    narrow_url: str
    narrow_size: tuple[int, int]
    picture_url: str
    """The same to share, by its sentence."""
    series: Sequence[ScoreSeries]
    rows: Sequence["TrendRow"]


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One visit's scores, in the order of the series; None where an instrument was not scored."""

    on: dt.date
    visit_id: uuid.UUID
    points: Sequence[ScorePoint | None]


def trend_view(code: str, name: str, series: tuple[ScoreSeries, ...], *, today: dt.date) -> TrendView | None:
    """None while nothing was scored."""
    wide, narrow = (year_chart(series, today=today, is_narrow=each) for each in (False, True))
    if wide is None or narrow is None:
        return None
    shown = [each for each in series if each.points]
    return TrendView(
        sentence=trend_sentence(trend_of(shown), today=today),
        has_provisional=any(point.is_provisional for each in shown for point in each.points),
        wide_url=url_for("progress.score_chart", code=code, digest=digest_of(wide, WIDE)),
        wide_size=(WIDE.width, height_of(wide, WIDE)),
        narrow_url=url_for("progress.score_chart", code=code, digest=digest_of(narrow, NARROW), lebar="sempit"),
        narrow_size=(NARROW.width, height_of(narrow, NARROW)),
        picture_url=url_for(
            "progress.score_picture",
            code=code,
            digest=digest_of_picture(wide, WIDE, picture_words(name, series, today=today)),
        ),
        series=shown,
        rows=_trend_rows(shown),
    )


def picture_words(name: str, series: tuple[ScoreSeries, ...], *, today: dt.date) -> Words:
    """What stands around the chart of a cooperative where it is shared."""
    shown = [each for each in series if each.points]
    title = f"{name}: {trend_sentence(trend_of(shown), today=today)}"
    return Words(title, "", _("Skor setahun, keadaan %(day)s. Pendampingan KKMP.", day=long_date(today)))


def year_chart(series: tuple[ScoreSeries, ...], *, today: dt.date, is_narrow: bool) -> TrendChart | None:
    """Whole months, so that the same visits are the same drawing all month long; None while nothing was scored."""
    if not any(each.points for each in series):
        return None
    first = (today - dt.timedelta(days=YEAR_DAYS)).replace(day=1)
    last = Month.of(today).last_day
    return trend_chart(series, first=first, last=last, is_narrow=is_narrow)


def _trend_rows(series: Sequence[ScoreSeries]) -> list[TrendRow]:
    visits: dict[uuid.UUID, dict[str, ScorePoint]] = {}
    for each in series:
        for point in each.points:
            visits.setdefault(point.visit_id, {})[each.code] = point
    rows = [
        TrendRow(max(point.on for point in points.values()), visit_id, [points.get(each.code) for each in series])
        for visit_id, points in visits.items()
    ]
    return sorted(rows, key=lambda row: row.on, reverse=True)


@dataclass(frozen=True, slots=True)
class ProfileView:
    """One instrument's sections now; `since` is the day of the first visit of the year that they are held against."""

    title: InstrumentTitle
    since: dt.date | None
    sections: Sequence[SectionRow]


def section_profile(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    year: YearOfScores,
    *,
    current: Mapping[str, RecordedAnswer],
    today: dt.date,
) -> list[ProfileView]:
    """Every section of every instrument, from the current answers and those of then; one query, or two when an
    instrument has had an older version within the year.
    """
    versions = _versions(session, instruments, year)
    since = min((row.measured_on for row in year.first.values()), default=None)
    until = max((row.measured_on for row in year.last.values()), default=None)
    then = answers_as_of(session, cooperative.id, since) if since else {}
    day = until or today

    def sitting_of(version: PublishedInstrument, first: VisitScore | None = None) -> Assessment:
        answers, stage, on = (then, first.stage, first.measured_on) if first else (current, cooperative.stage, day)
        facts = facts_then(first) if first else facts_of(cooperative, day)
        return assessments(session, [version], answers, stage=stage, on=on, facts=facts)[0][1]

    views = []
    for published in instruments:
        code = published.instrument.code
        first, last = year.first.get(code), year.last.get(code)
        before = None
        if first and last and first.measured_on == since and first.visit_id != last.visit_id:
            before = sitting_of(versions[first.version_id], first)
        sections = sections_of(sitting_of(versions[last.version_id] if last else published), before)
        if sections:
            views.append(ProfileView(title_of(published), since if before else None, sections))
    return views


def _versions(
    session: Session, instruments: Sequence[PublishedInstrument], year: YearOfScores
) -> dict[uuid.UUID, PublishedInstrument]:
    known = {each.version_id: each for each in instruments}
    if older := {row.version_id for row in (*year.first.values(), *year.last.values())} - known.keys():
        known |= {each.version_id: each for each in published_by_id(session, list(older))}
    return known

"""What a year of scores says, without any database."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from pendamping.progress.series import Direction, ScorePoint, ScoreSeries, Trend, trend_of
from pendamping.progress.words import trend_sentence
from tests.conftest import TODAY

JANUARY = dt.date(2026, 1, 12)
NAMES = {"KL": ("Kelembagaan", "Institution"), "TK": ("Transparansi", "Transparency"), "UK": ("Usaha", "Business")}


def series(code: str, *scores: str, begins: dt.date = JANUARY, versions: str = "") -> ScoreSeries:
    """One score after the other, ten days apart; one with a `~` is provisional. versions: a letter for each."""
    points = tuple(
        ScorePoint(
            on=begins + dt.timedelta(days=10 * number),
            visit_id=uuid.UUID(int=number),
            score=Decimal(score.strip("~")),
            is_provisional=score.startswith("~"),
            version=versions[number] if versions else "a",
        )
        for number, score in enumerate(scores)
    )
    short_id, short_en = NAMES[code]
    return ScoreSeries(code, short_id, short_en, short_id, short_en, (), points)


SAID: list[tuple[list[ScoreSeries], str]] = [
    ([], "Belum cukup kunjungan untuk melihat arah"),
    ([series("TK", "50")], "Belum cukup kunjungan untuk melihat arah"),
    ([series("KL", "50"), series("TK"), series("UK", "9")], "Belum cukup kunjungan untuk melihat arah"),
    ([series("TK", "50", "58")], "Transparansi naik 8 poin sejak Januari"),
    ([series("TK", "50", "90", "58.4")], "Transparansi naik 8 poin sejak Januari"),
    ([series("TK", "58", "50")], "Transparansi turun 8 poin sejak Januari"),
    ([series("KL", "50", "53"), series("TK", "50", "58")], "Transparansi naik 8 poin sejak Januari"),
    (
        [series("KL", "50", "53"), series("TK", "50", "58"), series("UK", "50", "46.5"), series("UK", "50", "48")],
        "Transparansi naik 8 poin sejak Januari; Usaha turun 4 poin",
    ),
    (
        [series("UK", "50", "41"), series("TK", "50", "58")],
        "Usaha turun 9 poin sejak Januari; Transparansi naik 8 poin",
    ),
    ([series("TK", "50", "50.4"), series("KL", "50", "49.6")], "Skor hampir tidak berubah sejak Januari"),
    ([series("TK", "50", "50.5")], "Transparansi naik 1 poin sejak Januari"),
    ([series("TK", "~20", "50", "58")], "Transparansi naik 8 poin sejak Januari"),
    ([series("TK", "~20", "~58")], "Transparansi naik 38 poin sejak Januari (masih sementara)"),
    ([series("TK", "~20", "58")], "Transparansi naik 38 poin sejak Januari (masih sementara)"),
    ([series("TK", "50", "58", begins=dt.date(2025, 11, 3))], "Transparansi naik 8 poin sejak November 2025"),
]


@pytest.mark.parametrize(("given", "said"), SAID, ids=[said for _, said in SAID])
def test_a_year_of_scores_is_said_in_one_sentence(
    sqlite_app: tuple[Flask, object], given: list[ScoreSeries], said: str
) -> None:
    with sqlite_app[0].test_request_context(), force_locale("id"):
        assert trend_sentence(trend_of(given), today=TODAY) == said


def test_since_is_the_month_of_the_score_that_is_compared() -> None:
    trend = trend_of([series("TK", "~20", "50", "58", begins=dt.date(2026, 1, 25))])

    assert trend.lead is not None
    assert trend.lead.since == dt.date(2026, 2, 4)


def test_without_two_scores_there_is_no_direction() -> None:
    assert trend_of([series("KL", "50"), series("TK")]) == Trend(Direction.UNKNOWN)


def test_a_new_version_is_marked_at_its_first_visit() -> None:
    changed = series("KL", "50", "51", "52", "53", versions="aabb").new_versions

    assert [point.score for point in changed] == [52]
    assert series("KL", "50", "51").new_versions == ()

import datetime as dt
from decimal import Decimal
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.reading.text import read_yaml
from pendamping.instruments.service import publish
from pendamping.progress.models import StandingScore
from pendamping.progress.queries import (
    CooperativeRow,
    ScoreCell,
    YearOfScores,
    cooperative_rows,
    standing_cells,
    year_of_scores,
)
from pendamping.visits.models import VisitScore
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make

MARCH_31, APRIL_1 = dt.date(2026, 3, 31), dt.date(2026, 4, 1)
ONE_DAY = dt.timedelta(days=1)
BANDS = (("Siap", 85), ("Cukup siap", 70), ("Perlu penguatan", 50), ("Belum siap", 0))


def row_of(make: Make, code: str = GRAHA_INDAH, *, today: dt.date = TODAY) -> CooperativeRow:
    chosen = select(Cooperative).where(Cooperative.code == code)
    (row,) = cooperative_rows(make.session, chosen, instruments_on(make.session, TODAY), today=today)
    return row


def cell_of(make: Make, instrument: str = "KL", code: str = GRAHA_INDAH) -> ScoreCell:
    return next(cell for cell in row_of(make, code).scores if cell.instrument.code == instrument)


# Rows -----------------------------------------------------------------------------------------------------------------


def test_rows_keep_the_order_of_the_select(session: Session, make: Make) -> None:
    instruments = instruments_on(session, TODAY)
    by_code = select(Cooperative).order_by(Cooperative.code)
    backward = select(Cooperative).order_by(Cooperative.code.desc()).limit(3)

    codes = [row.code for row in cooperative_rows(session, by_code, instruments, today=TODAY)]
    last_three = [row.code for row in cooperative_rows(session, backward, instruments, today=TODAY)]

    assert codes == sorted(codes)
    assert len(codes) == 34
    assert last_three == codes[:-4:-1]


def test_a_row_names_its_kecamatan(make: Make) -> None:
    rows = [row_of(make, code) for code in (MANGGAR, KARIANGAU, GRAHA_INDAH)]

    assert [(row.district_code, row.district_name) for row in rows] == [
        ("64.71.01", "Balikpapan Timur"),
        ("64.71.02", "Balikpapan Barat"),
        ("64.71.03", "Balikpapan Utara"),
    ]


def test_a_row_names_who_accompanies_the_cooperative_on_the_day(make: Make) -> None:
    first, second = make.user(name="Ratna"), make.user(name="Bayu")
    make.assignment(first, ends_on=MARCH_31)
    make.assignment(second, starts_on=APRIL_1, ends_on=TODAY)

    named = {
        day: row_of(make, today=day).facilitator_name
        for day in (dt.date(2025, 12, 31), MARCH_31, APRIL_1, TODAY, TODAY + ONE_DAY)
    }

    assert list(named.values()) == [None, "Ratna", "Bayu", "Bayu", None]
    assert row_of(make).facilitator_id == second.id


def test_a_cooperative_without_any_history_has_a_row_of_its_own(make: Make) -> None:
    row = row_of(make)

    assert (row.short_name, row.stage, row.stage_is_confirmed) == ("KKMP Graha Indah", "operasional", False)
    assert (row.facilitator_id, row.facilitator_name) == (None, None)
    assert (row.last_visit_on, row.open_actions, row.next_due_on) == (None, 0, None)


def test_a_row_says_that_the_agency_has_confirmed_the_stage(make: Make) -> None:
    make.cooperative().stage_confirmed_on = TODAY
    make.session.flush()

    assert row_of(make).stage_is_confirmed


# Cells ----------------------------------------------------------------------------------------------------------------


def test_a_row_has_a_cell_for_each_instrument_in_the_order_of_a_visit(make: Make) -> None:
    titles = [cell.instrument for cell in row_of(make).scores]

    assert [(title.code, title.short_id, title.short_en) for title in titles] == [
        ("KL", "Kelembagaan", "Institution"),
        ("TK", "Transparansi", "Transparency"),
        ("UK", "Usaha", "Business"),
    ]


def test_a_cell_nobody_has_looked_at_counts_what_the_stage_asks(make: Make) -> None:
    cell = cell_of(make)

    assert (cell.score, cell.band, cell.band_rank, cell.change, cell.measured_on) == (None, None, None, None, None)
    assert (cell.answered, cell.applicable, cell.is_provisional, cell.is_hidden) == (0, 44, True, False)


def test_the_best_band_has_rank_0(session: Session, make: Make) -> None:
    make.visit(make.facilitator())
    stored = session.get_one(StandingScore, (make.cooperative().id, "KL"))
    shown = []
    for band_code in ("siap", "cukup_siap", "perlu_penguatan", "belum_siap", None):
        stored.band_code = band_code
        session.flush()
        cell = cell_of(make)
        shown.append((cell.band_rank, cell.band.name_id if cell.band else None))

    assert shown == [(0, "Siap"), (1, "Cukup siap"), (2, "Perlu penguatan"), (3, "Belum siap"), (None, None)]


def test_a_change_is_against_the_visit_before_and_may_be_a_loss(make: Make) -> None:
    facilitator = make.facilitator()
    changes = []
    for day, value in ((1, "yes"), (2, "no"), (3, "no"), (4, "yes")):
        make.visit(facilitator, {"KL-01": (value, "diamati")}, visited_on=dt.date(2026, 4, day))
        changes.append(cell_of(make).change)

    assert changes == [None, Decimal(-100), Decimal(0), Decimal(100)]


def test_a_score_is_provisional_until_nine_in_ten_items_are_answered(make: Make) -> None:
    make.short_instruments()
    facilitator = make.facilitator()
    make.visit(facilitator, {"TK-01": ("3", "diamati")}, visited_on=APRIL_1)
    first = cell_of(make, "TK")
    make.visit(facilitator, {"TK-02": ("1", "diamati")})

    second = cell_of(make, "TK")

    assert (first.is_provisional, first.answered, first.applicable) == (True, 1, 2)
    assert (second.is_provisional, second.answered, second.applicable) == (False, 2, 2)
    assert (second.score, second.measured_on) == (Decimal(100), TODAY)


def test_an_instrument_that_a_new_cooperative_is_not_asked_is_hidden(make: Make) -> None:
    before = [(cell.instrument.code, cell.is_hidden) for cell in row_of(make, KARIANGAU).scores]
    make.visit(make.facilitator(KARIANGAU), code=KARIANGAU)

    after = [(cell.instrument.code, cell.is_hidden) for cell in row_of(make, KARIANGAU).scores]

    assert before == after == [("KL", False), ("TK", False), ("UK", True)]


def test_a_score_keeps_the_words_of_its_own_version(session: Session, make: Make) -> None:
    """A new version may name its bands otherwise; what was scored before is not left without one."""
    facilitator = make.facilitator()
    make.visit(facilitator, {"KL-01": ("yes", "dokumen_dilihat")})
    text = files("pendamping.instruments").joinpath("files", "kelembagaan.yaml").read_text(encoding="utf-8")
    renamed = read_yaml(text.replace("version: 0.3.0", "version: 0.4.0").replace("code: siap\n", "code: mantap\n"))
    publish(session, renamed, position=0, effective_on=make.today, actor=make.actor, now=make.now)

    cell = standing_cells(session, make.cooperative(), instruments_on(session, make.today))[0]

    assert cell.band is not None
    assert cell.band.code == "siap"


# A year of scores -----------------------------------------------------------------------------------------------------


def year_of(make: Make, code: str = GRAHA_INDAH) -> YearOfScores:
    instruments = instruments_on(make.session, TODAY)
    return year_of_scores(make.session, make.cooperative(code).id, instruments, today=TODAY)


def test_a_year_of_scores_has_a_point_for_each_visit_the_oldest_first(make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    late = make.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=APRIL_1)
    early = make.visit(facilitator, {"KL-01": ("no", "diamati")}, visited_on=MARCH_31)
    make.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=TODAY, code=KARIANGAU)

    year = year_of(make)

    kl, tk, uk = year.series
    assert [(point.on, point.visit_id, point.score) for point in kl.points] == [
        (MARCH_31, early.id, Decimal(0)),
        (APRIL_1, late.id, Decimal(100)),
    ]
    assert [point.version for point in kl.points] == ["0.3.0", "0.3.0"]
    assert all(point.is_provisional for point in kl.points)
    assert (tk.points, uk.points) == ((), ())
    assert (year.first["KL"].visit_id, year.last["KL"].visit_id) == (early.id, late.id)
    assert set(year.first) == set(year.last) == {"KL"}


def test_a_year_of_scores_names_the_bands_the_best_first(make: Make) -> None:
    bands = [[(band.name_id, band.minimum) for band in each.bands] for each in year_of(make).series]

    assert bands[0] == [(name, Decimal(minimum)) for name, minimum in BANDS]
    assert bands[2][0] == ("Siap bermitra", Decimal(80))


def test_of_a_corrected_visit_the_last_revision_counts(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("no", "diamati")}, visited_on=APRIL_1)
    row = session.scalars(select(VisitScore).where(VisitScore.instrument_code == "KL")).one()
    columns = {column.key: getattr(row, column.key) for column in VisitScore.__table__.columns}
    session.add(VisitScore(**{**columns, "revision": 2, "score": Decimal(40), "measured_on": MARCH_31}))
    visit.revision, visit.visited_on = 2, MARCH_31
    session.flush()

    (point,) = year_of(make).series[0].points

    assert (point.visit_id, point.score, point.on) == (visit.id, Decimal(40), MARCH_31)


def test_a_visit_that_was_moved_out_of_the_year_is_not_in_it(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), {"KL-01": ("no", "diamati")}, visited_on=APRIL_1)
    long_ago = TODAY - dt.timedelta(days=400)
    rows = session.scalars(select(VisitScore)).all()
    for row in rows:
        columns = {column.key: getattr(row, column.key) for column in VisitScore.__table__.columns}
        session.add(VisitScore(**{**columns, "revision": 2, "measured_on": long_ago}))
    visit.revision, visit.visited_on = 2, long_ago
    session.flush()

    assert [list(series.points) for series in year_of(make).series] == [[], [], []]


def test_scores_older_than_a_year_are_not_read(make: Make) -> None:
    facilitator = make.user()
    make.assignment(facilitator, starts_on=dt.date(2025, 1, 1))
    year_ago = TODAY - dt.timedelta(days=366)
    for day in (year_ago - ONE_DAY, year_ago, TODAY):
        make.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=day)

    assert [point.on for point in year_of(make).series[0].points] == [year_ago, TODAY]

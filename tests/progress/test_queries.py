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
from pendamping.progress.queries import CooperativeRow, ScoreCell, cooperative_rows, standing_cells, timeline
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make

MANGGAR = "64.71.01.1001"
MARCH_31, APRIL_1 = dt.date(2026, 3, 31), dt.date(2026, 4, 1)
ONE_DAY = dt.timedelta(days=1)


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


# The timeline ---------------------------------------------------------------------------------------------------------


def told(make: Make, code: str = GRAHA_INDAH) -> list[tuple[dt.date, str, str]]:
    entries = timeline(make.session, make.cooperative(code).id, today=TODAY)
    return [(entry.on, entry.kind, entry.title) for entry in entries]


def test_the_newest_comes_first_and_a_visit_before_what_was_agreed_at_it(make: Make) -> None:
    ratna = make.facilitator(name="Ratna")
    make.visit(ratna, visited_on=MARCH_31, actions=(make.action_draft(title="Buku kas"),))
    make.visit(ratna, visited_on=TODAY, actions=(make.action_draft(title="Rapat"),))
    make.visit(ratna, visited_on=APRIL_1)

    assert told(make) == [
        (TODAY, "visit", "Ratna"),
        (TODAY, "action", "Rapat"),
        (APRIL_1, "visit", "Ratna"),
        (MARCH_31, "visit", "Ratna"),
        (MARCH_31, "action", "Buku kas"),
    ]


def test_every_entry_leads_to_its_visit_and_says_how_or_who(session: Session, make: Make) -> None:
    visit = make.visit(make.facilitator(), actions=(make.action_draft(),))

    entries = timeline(session, make.cooperative().id, today=TODAY)

    assert [entry.subject_id for entry in entries] == [visit.id, visit.id]
    assert [entry.detail for entry in entries] == ["tatap_muka", "bendahara"]


def test_what_is_older_than_a_year_is_not_told(make: Make) -> None:
    facilitator = make.user()
    make.assignment(facilitator, starts_on=dt.date(2025, 1, 1))
    year_ago = TODAY - dt.timedelta(days=366)
    for day in (year_ago - ONE_DAY, year_ago):
        make.visit(facilitator, visited_on=day, actions=(make.action_draft(),))

    assert [(on, kind) for on, kind, _ in told(make)] == [(year_ago, "visit"), (year_ago, "action")]


def test_the_timeline_ends_after_thirty_entries_and_keeps_the_newest(make: Make) -> None:
    facilitator = make.facilitator()
    days = [TODAY - number * ONE_DAY for number in range(31)]
    for day in reversed(days):
        make.visit(facilitator, {}, visited_on=day)
    make.agree(make.visit(facilitator, {}), facilitator, *(make.action_draft() for _ in range(3)))

    entries = told(make)

    assert len(entries) == 30
    assert [kind for _, kind, _ in entries[:5]] == ["visit", "visit", "action", "action", "action"]
    assert [on for on, _, _ in entries[5:]] == days[1:26]


def test_a_timeline_is_of_one_cooperative(make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.visit(facilitator, code=KARIANGAU, actions=(make.action_draft(),))

    assert told(make) == []
    assert len(told(make, KARIANGAU)) == 2


def test_a_score_keeps_the_words_of_its_own_version(session: Session, make: Make) -> None:
    """A new version may name its bands otherwise; what was scored before is not left without one."""
    facilitator = make.facilitator()
    make.visit(facilitator, {"KL-01": ("yes", "dokumen_dilihat")})
    text = files("pendamping.instruments").joinpath("files", "kelembagaan.yaml").read_text(encoding="utf-8")
    renamed = read_yaml(text.replace("version: 0.2.0", "version: 0.3.0").replace("code: siap\n", "code: mantap\n"))
    publish(session, renamed, position=0, effective_on=make.today, actor=make.actor, now=make.now)

    cell = standing_cells(session, make.cooperative(), instruments_on(session, make.today))[0]

    assert cell.band is not None
    assert cell.band.code == "siap"

"""The arithmetic under a score, worked out by hand; that it is the pure scoring's is tested with the page itself."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from pendamping.instruments.queries import instruments_on
from pendamping.progress.explained.page import ScoreItem, ScorePage, score_page
from tests.conftest import TODAY
from tests.instruments.cases import UK
from tests.make import Make

MARCH = dt.date(2026, 3, 10)


def page_of(make: Make, instrument: str = "KL") -> ScorePage:
    published = next(each for each in instruments_on(make.session, TODAY) if each.instrument.code == instrument)
    return score_page(make.session, make.cooperative(), published, today=TODAY)


def items_of(page: ScorePage) -> dict[str, ScoreItem]:
    return {each.item.id: each for section in page.sections for each in section.items}


def exact(number: Decimal | None) -> Fraction:
    assert number is not None
    return Fraction(number).limit_denominator(10**12)


def test_the_points_of_items_make_a_section_and_the_shares_of_sections_make_the_score(make: Make) -> None:
    make.visit(
        make.facilitator(),
        {
            "KL-01": ("yes", "diamati"),
            "KL-02": ("no", "diamati"),
            "KL-05": ("2", "dokumen_dilihat"),
            "KL-10": ("yes", "dokumen_dilihat"),
            "KL-15": ("1", "klaim"),
        },
    )

    page = page_of(make)

    by_code = {section.code: section for section in page.sections}
    # KL-A: 3 of 3, 0 of 3 and two thirds of 2 points; KL-B: 4 of 4 and one third of 2.
    a = 100 * (3 + 2 * Fraction(6667, 10_000)) / 8
    b = 100 * (4 + 2 * Fraction(3333, 10_000)) / 6
    assert [exact(by_code[code].score) for code in ("KL-A", "KL-B")] == [a, b]
    # They weigh 20 each, and nothing else is answered: half and half.
    assert [exact(by_code[code].share) for code in ("KL-A", "KL-B")] == [a / 2, b / 2]
    assert {section.share for code, section in by_code.items() if code not in ("KL-A", "KL-B")} == {None}
    assert page.cell.score == Decimal(round((a + b) / 2 * 10_000)) / 10_000
    assert [str(items_of(page)[item_id].points) for item_id in ("KL-01", "KL-02", "KL-05")] == ["3", "0", "1.3334"]


def test_an_answer_names_the_visit_it_comes_from(make: Make) -> None:
    facilitator = make.facilitator()
    first = make.visit(facilitator, {"KL-01": ("no", "klaim"), "KL-06": ("yes", "klaim")}, visited_on=MARCH)
    second = make.visit(facilitator, {"KL-01": ("yes", "diamati")})

    items = items_of(page_of(make))

    assert (items["KL-01"].visit_id, items["KL-01"].answered_on, items["KL-01"].words) == (second.id, TODAY, "Ya")
    assert (items["KL-06"].visit_id, items["KL-06"].answered_on) == (first.id, MARCH)
    assert (items["KL-03"].state, items["KL-03"].visit_id, items["KL-03"].points) == ("unanswered", None, None)


def test_what_does_not_apply_takes_no_part(make: Make) -> None:
    make.visit(make.facilitator(), {"KL-01": ("yes", "diamati"), "KL-05": ("na", "klaim", "Belum ada usaha")})

    page = page_of(make)

    item = items_of(page)["KL-05"]
    assert (item.state, item.value, item.points, item.note) == ("na", None, None, "Belum ada usaha")
    assert page.cell.score == Decimal(100)


def test_an_unproven_answer_to_a_critical_item_counts_nothing_and_is_marked(make: Make) -> None:
    make.visit(
        make.facilitator(),
        {
            "KL-01": ("yes", "klaim"),
            "KL-02": ("yes", "klaim"),
            "KL-03": ("yes", "diamati"),
            "KL-04": ("no", "klaim"),
            "KL-10": ("yes", "diamati"),
        },
    )

    page = page_of(make)

    marks = {
        item_id: (str(each.value), str(each.counted), each.is_unproven, each.is_critical_unmet)
        for item_id, each in items_of(page).items()
        if each.state == "answered"
    }
    assert marks == {
        "KL-01": ("1", "1", True, False),
        "KL-02": ("1", "0", True, True),
        "KL-03": ("1", "1", False, False),
        "KL-04": ("0", "0", False, True),
        "KL-10": ("1", "1", False, False),
    }
    assert page.cell.critical_unmet == ("KL-02", "KL-04")
    assert (page.cell.score, page.cell.band_rank, page.is_capped) == (Decimal(75), 2, True)


def test_a_number_is_explained_by_the_version_it_was_made_by(make: Make) -> None:
    facilitator = make.facilitator()
    make.visit(facilitator, {"KL-01": ("yes", "diamati"), "KL-10": ("no", "diamati")})
    make.short_instruments()
    before = page_of(make)
    make.visit(facilitator)

    after = page_of(make)

    assert [before.cell.score, sum(section.share or 0 for section in before.sections)] == [50, 50]
    assert [after.cell.score, sum(section.share or 0 for section in after.sections)] == [100, 100]
    assert (len(before.sections), len(after.sections)) == (7, 1)


def test_nothing_of_a_later_stage_is_on_the_page(make: Make) -> None:
    shown = set(items_of(page_of(make, "UK")))

    assert shown == {item.id for item in UK.items if item.applies_from_stage <= 2}

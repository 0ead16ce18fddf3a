"""A draft tried on answers: which scores and bands would change, and what would have to be asked again."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.definition import Instrument, Proof
from pendamping.instruments.drafting.dry_run import Assessed, Given, TriedRow, dry_run
from pendamping.instruments.drafting.page import try_out
from pendamping.instruments.reading.document import examine, parse
from pendamping.kernel.roles import Role
from tests.conftest import TODAY
from tests.instruments.editions import edition
from tests.make import GRAHA_INDAH, KARIANGAU, Make

FACTS = Facts(decree_on=dt.date(2025, 7, 14), book_year_end=dt.date(2025, 12, 31))
OLD = parse(edition("0.3.0"))
POOR_AND_GOOD = {"KL-01": "yes", "KL-02": "yes", "KL-05": "0", "KL-08": "na"}


def cooperative(
    answers: Mapping[str, str], *, name: str = "KKMP Satu", stage: int = 2, given_under: Instrument = OLD
) -> Assessed:
    given = {
        item_id: Given(Answer(item_id, value, Proof.DOCUMENT_SEEN, "Belum ada"), given_under.item(item_id), TODAY)
        for item_id, value in answers.items()
    }
    return Assessed(code=name, name=name, stage=stage, on=TODAY, facts=FACTS, given=given)


def tried(new: Mapping[str, object], *cooperatives: Assessed) -> list[TriedRow]:
    return dry_run(OLD, examine(new)[0], cooperatives)


def changed(**items: Mapping[str, object]) -> dict[str, Any]:
    return edition("0.4.0", name="kelembagaan", **items)


def levels(first: str) -> dict[str, object]:
    item = next(each for each in edition()["items"] if each["id"] == "KL-05")
    return {"levels": {**item["levels"], "0": first}}


def test_a_version_that_only_has_another_number_changes_nothing() -> None:
    (row,) = tried(changed(), cooperative(POOR_AND_GOOD))

    assert row.before == row.after
    assert (row.change, row.is_touched, row.asked_again) == (Decimal(0), False, ())


def test_another_weight_moves_the_score_and_asks_nothing_again() -> None:
    """KL-A: 3 + 3 good and 2 poor are 75; the poor one weighing 6 makes it 50, and the band falls."""
    (row,) = tried(changed(KL_05={"weight": 6}), cooperative(POOR_AND_GOOD))

    assert (row.before.value, row.after.value, row.change) == (Decimal(75), Decimal(50), Decimal(-25))
    assert (row.changes_band, row.asked_again) == (True, ())


def test_an_item_that_is_judged_otherwise_is_asked_again_and_leaves_the_score() -> None:
    (row,) = tried(changed(KL_05=levels("Sama sekali belum")), cooperative(POOR_AND_GOOD))

    assert row.asked_again == ("KL-05",)
    assert (row.before.value, row.after.value) == (Decimal(75), Decimal(100))


def test_an_answer_of_an_item_that_goes_is_not_asked_again() -> None:
    new = changed()
    new["items"] = [each for each in new["items"] if each["id"] != "KL-05"]

    (row,) = tried(new, cooperative(POOR_AND_GOOD))

    assert (row.after.value, row.asked_again) == (Decimal(100), ())


def test_what_may_no_longer_be_not_applicable_is_asked_again() -> None:
    new = changed(KL_08={"na_allowed": False})
    del next(each for each in new["items"] if each["id"] == "KL-08")["na_when"]

    (row,) = tried(new, cooperative(POOR_AND_GOOD))

    assert (row.asked_again, row.changes_score, row.is_touched) == (("KL-08",), False, True)


def test_an_item_of_a_later_stage_is_not_asked_again_before_it() -> None:
    new = changed(KL_05={**levels("Sama sekali belum"), "applies_from_stage": 3})

    assert tried(new, cooperative(POOR_AND_GOOD))[0].asked_again == ()


def test_an_answer_counts_by_the_item_it_was_given_to() -> None:
    """It was given before the levels were changed, so it says nothing under the version of now either."""
    older = parse(edition("0.1.0", KL_05=levels("Sama sekali belum")))

    (row,) = tried(changed(), cooperative({"KL-05": "0"}, given_under=older))

    assert (row.before.value, row.after.value, row.asked_again) == (None, None, ())


def test_a_band_that_is_called_otherwise_has_changed_for_who_reads_it() -> None:
    new = changed()
    for band in new["scoring"]["bands"]:
        band["name_id"] = f"{band['name_id']} sekali"

    (row,) = tried(new, cooperative(POOR_AND_GOOD))

    assert (row.changes_band, row.changes_score) == (True, False)


def test_the_largest_change_comes_first_and_a_score_that_is_lost_before_all() -> None:
    new = changed(KL_05={**levels("Sama sekali belum"), "weight": 4}, KL_01={"weight": 1})
    small = cooperative({"KL-01": "yes", "KL-02": "no", "KL-03": "yes", "KL-04": "yes"}, name="Kecil")
    large = cooperative({"KL-01": "yes", "KL-02": "no"}, name="Besar")
    lost = cooperative({"KL-05": "3"}, name="Hilang")
    none = cooperative({}, name="Tanpa jawaban")

    rows = tried(new, none, small, lost, large)

    assert [row.name for row in rows] == ["Hilang", "Besar", "Kecil", "Tanpa jawaban"]
    assert [row.change is None for row in rows] == [True, False, False, True]


# With the database ----------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(make: Make) -> Make:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.visit(facilitator, {"KL-01": ("yes", "diamati"), "KL-05": ("0", "klaim")})
    make.visit(facilitator, {"KL-01": ("no", "klaim"), "TK-01": ("2", "diamati")}, code=KARIANGAU)
    return make


def test_every_visible_cooperative_is_tried_on_its_current_answers(session: Session, answered: Make) -> None:
    new = parse_loosely(changed(KL_05={"weight": 6}))
    admin = answered.user(Role.ADMIN)

    run = try_out(session, OLD, new, visible_cooperatives(admin, today=TODAY), today=TODAY)

    assert (run.tried, run.total, run.is_sample, run.untouched) == (34, 34, False, 33)
    (row,) = run.rows
    assert (row.code, row.before.value, row.after.value) == (GRAHA_INDAH, Decimal(60), Decimal("33.3333"))
    assert (run.scores_changed, run.bands_changed, run.answers_asked_again) == (1, 1, 0)


def test_an_admin_of_a_part_sees_what_changes_there(session: Session, answered: Make) -> None:
    admin = answered.user(Role.ADMIN, scope_prefix=KARIANGAU[:8])

    run = try_out(session, OLD, OLD, visible_cooperatives(admin, today=TODAY), today=TODAY)

    assert 0 < run.tried == run.total < 34


def test_of_very_many_a_sample_from_all_over_is_tried_and_says_so(session: Session, answered: Make) -> None:
    admin = answered.user(Role.ADMIN)

    run = try_out(session, OLD, OLD, visible_cooperatives(admin, today=TODAY), today=TODAY, most=10)

    assert (run.tried, run.total, run.is_sample) == (9, 34, True)


def test_a_new_item_is_named_once_for_all(session: Session, answered: Make) -> None:
    new = changed()
    new["items"].append({**new["items"][0], "id": "KL-98"})

    run = try_out(
        session, OLD, parse_loosely(new), visible_cooperatives(answered.user(Role.ADMIN), today=TODAY), today=TODAY
    )

    assert [item.id for item in run.new_items] == ["KL-98"]
    assert run.rows == []


def parse_loosely(document: Mapping[str, object]) -> Instrument:
    return examine(document)[0]

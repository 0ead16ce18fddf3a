"""Answers of earlier versions: which still count, and that none of them stops a visit."""

import copy
import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Stage
from pendamping.instruments.definition import Proof
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.text import canonical_json, content_hash
from pendamping.progress.models import StandingScore
from pendamping.visits.assessments import assessments, held_against
from pendamping.visits.log import facts_then
from pendamping.visits.models import VisitScore
from pendamping.visits.queries import answers_as_of, current_answers
from tests.conftest import NOW, TODAY
from tests.instruments.cases import FACTS, best_of, values_of
from tests.make import GRAHA_INDAH, Make, shipped
from tests.pages import Browser

FIRST_DAY = TODAY - dt.timedelta(days=20)


def next_version(item_id: str, **changes: Any) -> dict[str, Any]:
    """KL with one item changed, as the version that follows."""
    document = copy.deepcopy(shipped("kelembagaan"))
    document["instrument"]["version"] = "9.0.0"
    (item,) = (each for each in document["items"] if each["id"] == item_id)
    item.update(changes)
    return document


def put_in_force(session: Session, document: dict[str, Any]) -> None:
    """As `publish` does, and also what it would refuse."""
    instrument = parse(document)
    session.add(
        InstrumentVersion(
            code=instrument.code,
            version=instrument.version,
            sha256=content_hash(document),
            body=canonical_json(document),
            position=0,
            effective_on=FIRST_DAY,
            published_at=NOW,
        )
    )
    session.flush()


def test_an_item_that_was_only_reworded_keeps_its_answers(session: Session, make: Make) -> None:
    make.visit(make.facilitator(), {"KL-01": ("yes", "foto")}, visited_on=FIRST_DAY)
    put_in_force(session, next_version("KL-01", question_id="Apakah akta pendirian ada?"))

    held = held_against(session, instruments_on(session, TODAY), current_answers(session, make.cooperative().id))

    assert (set(held.standing), set(held.outdated)) == ({"KL-01"}, set())


def test_an_item_that_asks_something_else_is_asked_anew_and_counts_nothing(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    make.visit(facilitator, {"KL-05": ("3", "foto"), "KL-01": ("yes", "foto")}, visited_on=FIRST_DAY)
    levels = {0: "Tidak ada sama sekali", 1: "Ada satu", 2: "Ada dua", 3: "Ada tiga"}
    put_in_force(session, next_version("KL-05", levels=levels))
    instruments = instruments_on(session, TODAY)

    held = held_against(session, instruments, current_answers(session, make.cooperative().id))
    visit = make.visit(facilitator, {"KL-03": ("yes", "foto")}, visited_on=TODAY)

    assert (set(held.standing), set(held.outdated)) == ({"KL-01"}, {"KL-05"})
    then, recorded = held.outdated["KL-05"]
    assert (then.levels[0] != "Tidak ada sama sekali", recorded.answer.value) == (True, "3")
    assert session.get_one(VisitScore, (visit.id, "KL", 1)).answered == 2
    assert session.get_one(StandingScore, (make.cooperative().id, "KL")).answered == 2


@pytest.mark.parametrize("item_id", ["KL-22", "KL-01"])
def test_whatever_a_version_makes_of_an_item_the_next_visit_is_stored(
    session: Session, make: Make, item_id: str
) -> None:
    """An old answer that a new version could not even read must not stop anybody."""
    facilitator = make.facilitator()
    value = "40" if item_id == "KL-22" else "yes"
    make.visit(facilitator, {item_id: (value, "foto")}, visited_on=FIRST_DAY)
    document = next_version(item_id, type="scale_0_3", levels={0: "nol", 1: "satu", 2: "dua", 3: "tiga"})
    (item,) = (each for each in document["items"] if each["id"] == item_id)
    for name in ("unit", "min", "max", "decimals", "thresholds"):
        item.pop(name, None)
    put_in_force(session, document)

    visit = make.visit(facilitator, {"KL-03": ("yes", "foto")}, visited_on=TODAY)

    assert visit.revision == 1
    assert make.cooperative().stage is Stage.OPERATION


def test_what_a_visit_stored_is_what_its_answers_and_version_score_for_ever(session: Session, make: Make) -> None:
    """Re-scored from the log after a further visit and a further version: the same numbers, to the last digit."""
    facilitator, chance = make.facilitator(), random.Random(7)
    make.cooperative().decree_on = FACTS.decree_on
    before = instruments_on(session, TODAY)
    items = [item for each in before for item in each.instrument.items if each.instrument.asks(item, 2)]
    answers = {
        item.id: (chance.choice([best_of(item), *values_of(item)]), str(chance.choice(list(Proof))), "alasan")
        for item in items
    }
    visit = make.visit(facilitator, answers, visited_on=FIRST_DAY)
    make.visit(facilitator, {"KL-01": ("no", "foto")}, visited_on=TODAY)
    put_in_force(session, next_version("KL-05", levels={0: "a", 1: "b", 2: "c", 3: "d"}))

    then = answers_as_of(session, visit.cooperative_id, FIRST_DAY)

    for published in before:
        row = session.get_one(VisitScore, (visit.id, published.instrument.code, 1))
        facts = facts_then(row)
        ((_, again),) = assessments(session, [published], then, stage=row.stage, on=row.measured_on, facts=facts)
        result = again.score()
        assert (row.score, row.answered, row.applicable) == (result.rounded, result.answered, result.applicable)
        assert (row.band_code, tuple(row.critical_unmet)) == (result.band and result.band.code, result.critical_unmet)


def test_the_decrees_date_is_asked_for_once_however_many_items_count_from_it(browser: Browser) -> None:
    (like,) = (each["date_rule"] for each in shipped("kelembagaan")["items"] if each["id"] == "KL-09")
    with browser.make() as make:
        put_in_force(make.session, next_version("KL-29", date_rule=like))
        browser.sign_in(make.facilitator())

    page = browser.open(f"/koperasi/{GRAHA_INDAH}/kunjungan/baru")

    assert len(page.soup.select("[name=decree_on]")) == 1

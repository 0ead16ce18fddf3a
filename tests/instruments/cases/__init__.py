"""The real instruments and ways to answer them, for the tests of this folder."""

import copy
import datetime as dt
import functools
import random
from collections.abc import Iterator
from decimal import Decimal
from importlib import resources

from hypothesis import HealthCheck, settings

from pendamping.instruments.answers import Answer, Facts, answer_value
from pendamping.instruments.definition import Band, Instrument, Item, Proof, Section
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.text import read_yaml

UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""Properties hold on a busy machine as well."""

NAMES = ("kelembagaan", "transparansi_keuangan", "usaha_kemitraan")
TODAY = dt.date(2026, 4, 14)
FACTS = Facts(decree_on=dt.date(2025, 7, 14), book_year_end=dt.date(2025, 12, 31))


def yaml_text(name: str) -> str:
    return (resources.files("pendamping.instruments") / "files" / f"{name}.yaml").read_text(encoding="utf-8")


@functools.cache
def _document(name: str) -> dict[str, object]:
    return dict(read_yaml(yaml_text(name)))


def document(name: str = "kelembagaan") -> dict[str, object]:
    """A shipped document to do with as one likes."""
    return copy.deepcopy(_document(name))


INSTRUMENTS = tuple(parse(_document(name)) for name in NAMES)
KL, TK, UK = INSTRUMENTS


def item(item_id: str) -> Item:
    return next(each for instrument in INSTRUMENTS for each in instrument.items if each.id == item_id)


def answer(item_id: str, value: str, proof: Proof = Proof.DOCUMENT_SEEN, note: str = "") -> Answer:
    return Answer(item_id, value, proof, note)


def values_of(asked: Item) -> list[str]:
    """Enough answers to an item to meet each of its values, N/A where it is allowed among them."""
    return [*asked.choices, *_numbers(asked), *_dates(asked), *(["na"] if asked.na_allowed else [])]


def _numbers(asked: Item) -> Iterator[str]:
    """Each edge, and the numbers beside it."""
    if asked.number is None:
        return
    unit = Decimal(1).scaleb(-asked.number.decimals)
    for edge, _ in asked.number.steps:
        for number in (edge - unit, edge, edge + unit):
            if asked.number.minimum <= number <= asked.number.maximum:
                yield format(number, "f")


def _dates(asked: Item) -> Iterator[str]:
    """Each limit, the day after it, and a day before the date that it counts from."""
    if asked.date_rule is None:
        return
    reference_on = FACTS.date_of(asked.date_rule.reference)
    assert reference_on is not None
    yield from ("not_done", (reference_on - dt.timedelta(days=30)).isoformat())
    for last, _ in asked.date_rule.limits(reference_on):
        yield from (last.isoformat(), (last + dt.timedelta(days=1)).isoformat())


def best_of(asked: Item) -> str:
    return max((value for value in values_of(asked) if value != "na"), key=lambda value: worth(asked, value))


def worth(asked: Item, value: str) -> int:
    return answer_value(asked, answer(asked.id, value), FACTS) or 0


def random_answers(instrument: Instrument, chance: random.Random) -> dict[str, Answer]:
    """Anything from an empty sheet to a full one, and from a poor cooperative to an excellent one."""
    density, quality = chance.choice([0.0, 0.3, 0.9, 0.95, 1.0, 1.0]), chance.choice([0.0, 0.5, 0.9, 1.0])
    critical_quality = chance.choice([quality, 1.0])
    answers = {}
    for each in instrument.items:
        if chance.random() < density:
            is_good = chance.random() < (critical_quality if each.is_critical else quality)
            value = best_of(each) if is_good else chance.choice(values_of(each))
            proof = chance.choice(list(Proof)[1:] if is_good else list(Proof))
            answers[each.id] = Answer(each.id, value, proof)
    return answers


def tiny(*items: Item, bands: tuple[Band, ...] = KL.bands) -> Instrument:
    """An instrument of one section."""
    return Instrument("KL", "1", "Kecil", "Tiny", 1, (Section("KL-A", "Seksi", "Section", 100, items),), bands)

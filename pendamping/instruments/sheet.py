"""The rules of scoring as data, for the page that shows the score while a visit is being written down.

`static/js/visit/scoring.js` reads this sheet and scores exactly as `scoring.score` does. Dates are resolved here, so
the page needs no calendar rules.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.definition import Band, DateRule, Instrument, Item, NumberRule


def scoring_sheet(
    instruments: Sequence[Instrument], *, stage: int, carried: Mapping[str, Answer], facts: Facts
) -> dict[str, object]:
    """What the page needs to score each instrument, in their order; only plain types, ready for JSON.

    Args:
        stage: of the cooperative, 1 to 3; items of a later one are left out.
        carried: the answers that stand from earlier visits, by item; the page's own go before them.
    """
    return {"instruments": [_instrument_sheet(instrument, stage, carried, facts) for instrument in instruments]}


def _instrument_sheet(
    instrument: Instrument, stage: int, carried: Mapping[str, Answer], facts: Facts
) -> dict[str, object]:
    items = [item for item in instrument.items if instrument.asks(item, stage)]
    standing = [carried[item.id] for item in items if item.id in carried]
    return {
        "code": instrument.code,
        "bands": [_band_sheet(band) for band in instrument.bands],
        "sections": [{"code": section.code, "weight": section.weight} for section in instrument.sections],
        "items": [_item_sheet(item, facts) for item in items],
        "carried": {answer.item_id: {"value": answer.value, "proof": answer.proof.value} for answer in standing},
    }


def _band_sheet(band: Band) -> dict[str, object]:
    return {"code": band.code, "minimum": _plain(band.minimum), "name_id": band.name_id, "name_en": band.name_en}


def _item_sheet(item: Item, facts: Facts) -> dict[str, object]:
    return {
        "id": item.id,
        "section": item.section,
        "weight": item.weight,
        "critical": item.is_critical,
        "rule": _rule(item, facts),
    }


def _rule(item: Item, facts: Facts) -> dict[str, object]:
    if item.number is not None:
        return _number_rule(item.number)
    if item.date_rule is not None:
        return _date_rule(item.date_rule, facts)
    return {"kind": "choice", "values": dict(item.choices)}


def _number_rule(rule: NumberRule) -> dict[str, object]:
    return {
        "kind": "number",
        "direction": rule.direction.value,
        "steps": [[_plain(edge), value] for edge, value in rule.steps],
        "decimals": rule.decimals,
        "min": _plain(rule.minimum),
        "max": _plain(rule.maximum),
    }


def _date_rule(rule: DateRule, facts: Facts) -> dict[str, object]:
    """`limits` is null while the date that they count from is not known: a date cannot be scored then.

    `within` lets the page work them out as soon as somebody types that date.
    """
    reference_on = facts.date_of(rule.reference)
    limits = None if reference_on is None else [[last.isoformat(), value] for last, value in rule.limits(reference_on)]
    sheet: dict[str, object] = {
        "kind": "date",
        "limits": limits,
        "later": rule.later_value,
        "not_done": rule.not_done_value,
    }
    if reference_on is None and rule.within_days is not None:
        return {**sheet, "within": {"days": rule.within_days, "value": rule.within_value}}
    return sheet


def _plain(number: Decimal) -> int | float:
    """A number as JSON has it; those of an instrument are short enough to come through exactly."""
    return int(number) if number == int(number) else float(number)

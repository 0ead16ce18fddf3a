"""The rules of scoring as data, for the page that shows the score while a visit is being written down.

`static/js/visit/scoring.js` reads this sheet and scores exactly as `scoring.score` does. Dates are resolved here, so
the page needs no calendar rules.
"""

from collections.abc import Sequence
from decimal import Decimal

from pendamping.instruments.answers import Facts, answer_value
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import NOT_APPLICABLE, Band, DateRule, Item, NumberRule


def scoring_sheet(assessments: Sequence[Assessment]) -> dict[str, object]:
    """What the page needs to score each instrument, in their order; only plain types, ready for JSON.

    Items of a later stage are left out; the page's own answers go before those that stand from earlier visits.
    """
    return {"instruments": [_instrument_sheet(each) for each in assessments]}


def _instrument_sheet(assessment: Assessment) -> dict[str, object]:
    instrument = assessment.instrument
    items = [item for item in instrument.items if instrument.asks(item, assessment.stage)]
    return {
        "code": instrument.code,
        "bands": [_band_sheet(band) for band in instrument.bands],
        "sections": [{"code": section.code, "weight": section.weight} for section in instrument.sections],
        "items": [_item_sheet(item, assessment.facts) for item in items],
        "carried": {item.id: _carried(item, assessment) for item in items if item.id in assessment.answers},
    }


def _carried(item: Item, assessment: Assessment) -> dict[str, object]:
    """`worth` only of a date that is measured against the facts of its own day; `lapsed` only where it is."""
    answer = assessment.answers[item.id]
    sheet: dict[str, object] = {"value": answer.value, "proof": answer.proof.value}
    if (then := assessment.facts_then.get(item.id)) is not None and answer.value != NOT_APPLICABLE:
        sheet["worth"] = answer_value(item, answer, then)
    if item.id in assessment.lapsed:
        sheet["lapsed"] = True
    return sheet


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

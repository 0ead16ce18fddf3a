"""What an answer is, how answers come in from a form or a tablet, and what one is worth by itself.

`read_answers` is the only definition of what may be answered: whatever it lets through can be scored.
"""

import dataclasses
import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeGuard

from pendamping.instruments.definition import (
    GOOD_VALUE,
    NOT_APPLICABLE,
    NOT_DONE,
    AnswerType,
    DateReference,
    DateRule,
    Instrument,
    Item,
    NumberRule,
    Proof,
)

LONGEST_NOTE = 1_000
LONGEST_NUMBER = 40
EARLIEST_DATE = dt.date(1990, 1, 1)

_PROOFS = {proof.value: proof for proof in Proof}
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one item.

    `value` is canonical text: "yes", "no"; "0" to "3"; a decimal number such as "12.5"; an ISO date or "not_done";
    "accepted", "missing"; and for any type "na". The reason for N/A is the note.
    """

    item_id: str
    value: str
    proof: Proof
    note: str = ""


class AnswerFaultCode(StrEnum):
    """What can be wrong with what was entered; the web puts it in words."""

    UNKNOWN_ITEM = "unknown_item"
    HIDDEN_ITEM = "hidden_item"
    MALFORMED = "malformed"
    """Not of the shape {"value": ..., "proof": ..., "note": ...}, or a note that is no text: no form sends this."""
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_NUMBER = "not_a_number"
    TOO_MANY_DECIMALS = "too_many_decimals"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    NOT_A_DATE = "not_a_date"
    DATE_IN_FUTURE = "date_in_future"
    DATE_TOO_EARLY = "date_too_early"
    NA_NOT_ALLOWED = "na_not_allowed"
    NA_WITHOUT_REASON = "na_without_reason"
    NOTE_TOO_LONG = "note_too_long"
    NOTE_WITHOUT_VALUE = "note_without_value"
    UNKNOWN_PROOF = "unknown_proof"
    MISSING_FACT = "missing_fact"


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """One thing wrong with what was entered for one item, and the numbers and names that its words need."""

    item_id: str
    field: Literal["item", "value", "proof", "note"]
    code: AnswerFaultCode
    params: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """The dates of a cooperative from which date items count."""

    decree_on: dt.date | None = None
    book_year_end: dt.date | None = None

    def date_of(self, reference: DateReference) -> dt.date | None:
        match reference:
            case DateReference.DECREE:
                return self.decree_on
            case DateReference.BOOK_YEAR_END:
                return self.book_year_end


NO_FACTS = Facts()

_FACT_NAMES = {DateReference.DECREE: "decree_on", DateReference.BOOK_YEAR_END: "book_year_end"}


class MissingFact(Exception):
    """A date cannot be judged: the cooperative's own date that it counts from is not known."""

    def __init__(self, item_id: str, fact: str) -> None:
        super().__init__(item_id, fact)
        self.item_id = item_id
        self.fact = fact
        """The name of the field of `Facts`."""


# What one answer is worth ---------------------------------------------------------------------------------------------


def answer_value(item: Item, answer: Answer, facts: Facts) -> int | None:
    """The value of an answer by itself, in ten-thousandths; None for N/A.

    Raises:
        MissingFact: the answer is a date and the one it counts from is not known.
    """
    if answer.value == NOT_APPLICABLE:
        return None
    if item.number is not None:
        return item.number.value_of(Decimal(answer.value))
    if item.date_rule is not None:
        return _date_value(item.id, item.date_rule, answer.value, facts)
    return item.choices[answer.value]


def _date_value(item_id: str, rule: DateRule, text: str, facts: Facts) -> int:
    if text == NOT_DONE:
        return rule.not_done_value
    reference_on = facts.date_of(rule.reference)
    if reference_on is None:
        raise MissingFact(item_id, _FACT_NAMES[rule.reference])
    return rule.value_of(dt.date.fromisoformat(text), reference_on)


def is_poor(item: Item, answer: Answer, facts: Facts = NO_FACTS) -> bool:
    """Whether an answer offers the item's action: its own value is below 0.5, proven or not; N/A never is.

    A date counts as poor only when it is known to be: without the fact that it counts from, nobody can say it is late.
    """
    try:
        value = answer_value(item, answer, facts)
    except MissingFact:
        return False
    return value is not None and value < GOOD_VALUE


# From a form or a tablet to answers -----------------------------------------------------------------------------------


def read_answers(
    raw: object, instruments: Sequence[Instrument], *, stage: int, on: dt.date, facts: Facts
) -> tuple[tuple[Answer, ...], tuple[AnswerFault, ...]]:
    """The answers in what was entered, in the order of the instruments, and everything wrong with the rest.

    An item without value and note is untouched, whatever its proof: no answer and no fault.

    Args:
        raw: `{"KL-01": {"value": "yes", "proof": "dokumen_dilihat", "note": ""}}`, all text as a form sends it, or as
            JSON with numbers and nulls. Anything else in it, however odd, is a fault and never an exception.
        stage: of the cooperative, 1 to 3.
        on: the day of the visit; no date may lie after it.
    """
    if not isinstance(raw, Mapping):
        return (), (AnswerFault("", "item", AnswerFaultCode.MALFORMED),)
    entries = {str(key): entry for key, entry in raw.items() if not _is_untouched(entry)}
    answers: list[Answer] = []
    faults: list[AnswerFault] = []
    for instrument in instruments:
        for item in instrument.items:
            if item.id not in entries:
                continue
            entry = entries.pop(item.id)
            if instrument.asks(item, stage):
                result = _read_entry(item, entry, on=on, facts=facts)
            else:
                result = [AnswerFault(item.id, "item", AnswerFaultCode.HIDDEN_ITEM)]
            if isinstance(result, Answer):
                answers.append(result)
            else:
                faults.extend(result)
    faults.extend(AnswerFault(item_id, "item", AnswerFaultCode.UNKNOWN_ITEM) for item_id in entries)
    return tuple(answers), tuple(faults)


def _is_untouched(entry: object) -> bool:
    if isinstance(entry, Mapping):
        return _is_blank(entry.get("value")) and _is_blank(entry.get("note"))
    return entry is None


def _is_blank(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not _clean(raw))


def _clean(text: str) -> str:
    """Text without what nobody typed: control characters and halves of characters; every line end a line feed."""
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        text = "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs"))
    return text.strip()


def _read_entry(item: Item, entry: object, *, on: dt.date, facts: Facts) -> Answer | list[AnswerFault]:
    if not isinstance(entry, Mapping):
        return [AnswerFault(item.id, "item", AnswerFaultCode.MALFORMED)]
    value = _read_value(item, entry.get("value"), on=on, facts=facts)
    proof = _read_proof(item, entry.get("proof"))
    note = _read_note(item, entry.get("note"))
    if isinstance(value, AnswerFault) or isinstance(proof, AnswerFault) or isinstance(note, AnswerFault):
        return [part for part in (value, proof, note) if isinstance(part, AnswerFault)]
    if value == NOT_APPLICABLE and not note:
        return [AnswerFault(item.id, "note", AnswerFaultCode.NA_WITHOUT_REASON)]
    return Answer(item.id, value, proof, note)


def _read_proof(item: Item, raw: object) -> Proof | AnswerFault:
    """Nothing said is a claim."""
    if _is_blank(raw):
        return Proof.CLAIM
    text = _clean(raw) if isinstance(raw, str) else ""
    return _PROOFS.get(text) or AnswerFault(item.id, "proof", AnswerFaultCode.UNKNOWN_PROOF)


def _read_note(item: Item, raw: object) -> str | AnswerFault:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        return AnswerFault(item.id, "note", AnswerFaultCode.MALFORMED)
    note = _clean(raw)
    if len(note) > LONGEST_NOTE:
        return AnswerFault(item.id, "note", AnswerFaultCode.NOTE_TOO_LONG, {"maximum": str(LONGEST_NOTE)})
    return note


def _read_value(item: Item, raw: object, *, on: dt.date, facts: Facts) -> str | AnswerFault:
    if _is_blank(raw):
        return AnswerFault(item.id, "value", AnswerFaultCode.NOTE_WITHOUT_VALUE)
    raw = _clean(raw) if isinstance(raw, str) else raw
    if raw == NOT_APPLICABLE:
        return NOT_APPLICABLE if item.na_allowed else AnswerFault(item.id, "value", AnswerFaultCode.NA_NOT_ALLOWED)
    if item.number is not None:
        return _read_number(item, item.number, raw)
    if item.date_rule is not None:
        return _read_date(item, item.date_rule, raw, on=on, facts=facts)
    return _read_choice(item, raw)


def _read_choice(item: Item, raw: object) -> str | AnswerFault:
    if item.type == AnswerType.SCALE and _is_json_number(raw) and raw in range(4):
        raw = str(int(raw))
    if isinstance(raw, str) and raw in item.choices:
        return raw
    return AnswerFault(item.id, "value", AnswerFaultCode.NOT_A_CHOICE)


def _read_number(item: Item, rule: NumberRule, raw: object) -> str | AnswerFault:
    number = _as_decimal(raw)
    if number is None:
        return AnswerFault(item.id, "value", AnswerFaultCode.NOT_A_NUMBER)
    if _decimals(number) > rule.decimals:
        params = {"decimals": str(rule.decimals)}
        return AnswerFault(item.id, "value", AnswerFaultCode.TOO_MANY_DECIMALS, params)
    if number < rule.minimum:
        return AnswerFault(item.id, "value", AnswerFaultCode.BELOW_MINIMUM, {"minimum": _number_text(rule.minimum)})
    if number > rule.maximum:
        return AnswerFault(item.id, "value", AnswerFaultCode.ABOVE_MAXIMUM, {"maximum": _number_text(rule.maximum)})
    return _number_text(number)


def _as_decimal(raw: object) -> Decimal | None:
    """A number with as many decimals as were written; None for anything else.

    Decimals count as written because "10.000" may well mean ten thousand: where no decimals are asked for it must be
    refused, not read as ten.
    """
    if isinstance(raw, str):
        is_number = len(raw) <= LONGEST_NUMBER and _NUMBER.fullmatch(raw)
        return Decimal(raw.replace(",", ".")) if is_number else None
    if isinstance(raw, float):
        return Decimal(repr(raw)).normalize() if math.isfinite(raw) else None
    return Decimal(raw) if _is_json_number(raw) else None


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _is_json_number(raw: object) -> TypeGuard[int | float]:
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def _number_text(number: Decimal) -> str:
    """The one way to write a number: no exponent, no trailing zeros, no minus before zero."""
    return format((number + 0).normalize(), "f")


def _read_date(item: Item, rule: DateRule, raw: object, *, on: dt.date, facts: Facts) -> str | AnswerFault:
    if raw == NOT_DONE:
        return NOT_DONE
    day = _as_date(raw)
    if day is None:
        return AnswerFault(item.id, "value", AnswerFaultCode.NOT_A_DATE)
    if day > on:
        return AnswerFault(item.id, "value", AnswerFaultCode.DATE_IN_FUTURE, {"latest": on.isoformat()})
    if day < EARLIEST_DATE:
        return AnswerFault(item.id, "value", AnswerFaultCode.DATE_TOO_EARLY, {"earliest": EARLIEST_DATE.isoformat()})
    if facts.date_of(rule.reference) is None:
        return AnswerFault(item.id, "value", AnswerFaultCode.MISSING_FACT, {"fact": _FACT_NAMES[rule.reference]})
    return day.isoformat()


def _as_date(raw: object) -> dt.date | None:
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        return None
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        return None

"""An assessment scored by itself: one line of JSON in, one line of JSON out, for checks and for scoring in bulk.

There is no cooperative and no database behind it: what stands in the line is all there is. `docs/instruments.md` says
how a line is written. What may be answered is decided by `read_answers`, what it is worth by `score`.
"""

import codecs
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Never

from pendamping.instruments.answers import NO_FACTS, AnswerFault, AnswerFaultCode, Facts, read_answers
from pendamping.instruments.definition import NOT_APPLICABLE, DateReference, Instrument
from pendamping.instruments.reading.nodes import InstrumentFault, Node, shown
from pendamping.instruments.scoring import Score, score

LONGEST_LINE = 1_000_000
"""Bytes; every item of an instrument with the longest reason, each letter of it escaped, takes half of that."""

EVERY_STAGE = 3
"""Answers are read as at the last stage, where everything is asked: what the line's own stage hides counts nothing."""

_YEARS = range(1945, 2101)
"""Of the line's own dates, as on the pages: beyond them something slipped, and a deadline may fall off the calendar."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WANTED_DAY = f"tanggal seperti 2026-04-14, dari tahun {_YEARS[0]} sampai {_YEARS[-1]}"
_PLAIN_KEYS = {"value", "proof"}
_ANSWER_KEYS = {*_PLAIN_KEYS, "reason", "note"}
_NOTHING: Mapping[str, object] = {}

FAULT_WORDS = {
    AnswerFaultCode.UNKNOWN_ITEM: "tidak ada dalam instrumen ini",
    AnswerFaultCode.HIDDEN_ITEM: "tidak ditanyakan pada tahap ini",
    AnswerFaultCode.MALFORMED: "harus berisi value, boleh proof dan reason; reason berupa teks",
    AnswerFaultCode.NOT_A_CHOICE: "value harus salah satu dari {choices}",
    AnswerFaultCode.NOT_A_NUMBER: "value harus angka",
    AnswerFaultCode.TOO_MANY_DECIMALS: "value paling banyak {decimals} angka di belakang koma",
    AnswerFaultCode.BELOW_MINIMUM: "value paling sedikit {minimum}",
    AnswerFaultCode.ABOVE_MAXIMUM: "value paling banyak {maximum}",
    AnswerFaultCode.NOT_A_DATE: "value harus tanggal seperti 2026-04-14, atau not_done",
    AnswerFaultCode.DATE_IN_FUTURE: "value sesudah {latest}, yaitu tanggal pada on",
    AnswerFaultCode.DATE_TOO_EARLY: "value sebelum {earliest}",
    AnswerFaultCode.NA_NOT_ALLOWED: "selalu berlaku; value tidak boleh na",
    AnswerFaultCode.NA_WITHOUT_REASON: "value na tanpa reason",
    AnswerFaultCode.NOTE_TOO_LONG: "reason paling panjang {maximum} huruf",
    AnswerFaultCode.NOTE_WITHOUT_VALUE: "value tidak ada, padahal reason ada",
    AnswerFaultCode.UNKNOWN_PROOF: "proof harus klaim, dokumen_dilihat, diamati, foto atau sistem",
    AnswerFaultCode.MISSING_FACT: "memerlukan facts.{reference}",
}


class LineRefused(Exception):
    """A line is no assessment; carries every fault found in it. `where` of a fault is the item, or empty."""

    def __init__(self, faults: Sequence[InstrumentFault]) -> None:
        super().__init__(*faults)
        self.faults = tuple(faults)


def score_line(instrument: Instrument, line: bytes) -> str:
    """The score of the assessment in a line, as a line of JSON without its end.

    Raises:
        LineRefused: whatever is in the line, nothing else is raised.
    """
    faults: list[InstrumentFault] = []
    content = _parsed(line)
    faults.extend(_repeated(content))
    head = Node.of(content, "", faults)
    stage = head.whole("stage", 1, EVERY_STAGE)
    on = head.read("on", _WANTED_DAY, _as_day, dt.date.max)
    facts, entries = _facts(head), _entries(head)
    head.close()
    answers, wrong = read_answers(entries, [instrument], stage=EVERY_STAGE, on=on, facts=facts)
    faults.extend(_said(instrument, fault) for fault in wrong)
    if faults:
        raise LineRefused(faults)
    return _written(score(instrument, {answer.item_id: answer for answer in answers}, stage=stage, facts=facts))


def _facts(head: Node) -> Facts:
    """What is not known may be left out or null: only an answer that needs it misses it."""
    raw = head.raw("facts")
    if raw is None:
        return NO_FACTS
    head.faults.extend(_repeated(raw))
    node = head.child("facts")
    decree_on, book_year_end = (
        None if node.raw(key) is None else node.read(key, _WANTED_DAY, _as_day, dt.date.max)
        for key in (DateReference.DECREE, DateReference.BOOK_YEAR_END)
    )
    node.close()
    return Facts(decree_on, book_year_end)


def _entries(head: Node) -> dict[str, object]:
    """The answers as `read_answers` takes them, where the reason for N/A is the note."""
    raw = head.read("answers", "berisi butir dan jawabannya", _as_mapping, _NOTHING)
    head.faults.extend(_repeated(raw))
    entries = dict(raw)
    for item_id, entry in raw.items():
        if type(entry) is dict and entry.keys() == _PLAIN_KEYS:  # most are, and then there is nothing to look at
            continue
        if isinstance(entry, dict):
            head.faults.extend(InstrumentFault(shown(item_id), reason) for reason in _slips(entry))
            if "reason" in entry:
                entries[item_id] = {**entry, "note": entry["reason"]}
    return entries


def _as_mapping(raw: object) -> Mapping[str, object] | None:
    return raw if isinstance(raw, dict) else None


def _slips(entry: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with the keys of one answer."""
    yield from (fault.reason for fault in _repeated(entry))
    yield from (f"{shown(key)} tidak dikenal" for key in entry if key not in _ANSWER_KEYS)
    if "reason" in entry and "note" in entry:
        yield "pakai salah satu: reason atau note"


def _said(instrument: Instrument, fault: AnswerFault) -> InstrumentFault:
    """A fault in the words of somebody who writes lines; what is unknown there is named without being trusted."""
    if fault.code in (AnswerFaultCode.UNKNOWN_ITEM, AnswerFaultCode.MALFORMED):
        return InstrumentFault(shown(fault.item_id), FAULT_WORDS[fault.code])
    item = instrument.item(fault.item_id)
    params = {
        **fault.params,
        "choices": ", ".join([*item.choices, *([NOT_APPLICABLE] if item.na_allowed else [])]),
        "reference": "" if item.date_rule is None else item.date_rule.reference.value,
    }
    return InstrumentFault(item.id, FAULT_WORDS[fault.code].format_map(params))


# From a line to what stands in it, and back ---------------------------------------------------------------------------


class _Repeating(dict[str, object]):
    """An object in which a key stands twice; by itself `json` keeps the last one in silence."""

    key: str


def _as_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) == len(pairs):
        return content
    repeating = _Repeating(content)
    ((repeating.key, _),) = Counter(key for key, _ in pairs).most_common(1)
    return repeating


def _repeated(content: object) -> Iterator[InstrumentFault]:
    if isinstance(content, _Repeating):
        yield InstrumentFault("", f"{shown(content.key)} tertulis dua kali")


def _as_number(text: str) -> float | str:
    """A number with more digits than a float keeps stays text, which `read_answers` takes as it was written."""
    number = float(text)
    try:
        return number if Decimal(repr(number)) == Decimal(text) else text
    except InvalidOperation:
        return text


def _refuse(reason: str) -> Never:
    raise LineRefused([InstrumentFault("", reason)])


_DECODER = json.JSONDecoder(
    object_pairs_hook=_as_object,
    parse_float=_as_number,
    parse_constant=lambda word: _refuse(f"{word} bukan angka yang sah"),
)


def _parsed(line: bytes) -> object:
    if len(line) > LONGEST_LINE:
        _refuse(f"lebih panjang daripada {LONGEST_LINE} bita")
    if line.startswith(codecs.BOM_UTF8):
        _refuse("dimulai dengan tanda BOM; simpan berkas sebagai UTF-8 tanpa BOM")
    if not line.strip():
        _refuse("kosong; setiap baris memuat satu penilaian")
    try:
        return _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        _refuse(f"bukan UTF-8 (bita ke-{error.start + 1})")
    except json.JSONDecodeError as error:
        _refuse(f"bukan JSON yang sah (huruf ke-{error.pos + 1})")
    except ValueError:
        _refuse("memuat angka yang terlalu panjang")
    except RecursionError:
        _refuse("susunannya terlalu dalam")


def _as_day(raw: object) -> dt.date | None:
    if not isinstance(raw, str) or not _DAY.fullmatch(raw):
        return None
    try:
        day = dt.date.fromisoformat(raw)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _written(result: Score) -> str:
    """Four decimals, as scores are stored; the band was found from the exact value before."""
    return json.dumps(
        {
            "score": _four_decimals(result.value),
            "band": None if result.band is None else result.band.code,
            "provisional": result.is_provisional,
            "complete": result.is_complete,
            "answered": result.answered,
            "applicable": result.applicable,
            "critical_unmet": result.critical_unmet,
            "sections": {each.section.code: _four_decimals(each.value) for each in result.sections},
        }
    )


def _four_decimals(value: Fraction | None) -> float | None:
    return None if value is None else round(value * 10_000) / 10_000

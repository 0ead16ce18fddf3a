"""From a document to an instrument: the only door, and it names every fault it finds.

An instrument is written as YAML (`files/*.yaml`, or what an admin uploads), kept as canonical JSON and known by the
hash of that.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pendamping.instruments.definition import (
    GOOD_VALUE,
    NOT_APPLICABLE,
    ActionTemplate,
    AnswerType,
    Band,
    Instrument,
    Item,
    OwnerRole,
    ReviewFrequency,
    Section,
    Verification,
)
from pendamping.instruments.reading.nodes import (
    FULL_VALUE,
    InstrumentFault,
    InstrumentInvalid,
    Node,
    as_amount,
    as_matching,
    as_text,
    shown,
)
from pendamping.instruments.reading.rules import read_date_rule, read_number_rule

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_CONFIDENCE = re.compile(r"(sure|likely|unsure)\b")

_VALUE_TABLES = {
    AnswerType.YES_NO_NA: {"no": "no", "yes": "yes"},
    AnswerType.SCALE: {"0": "0", "1": "1", "2": "2", "3": "3"},
    AnswerType.EVIDENCE_ONLY: {"missing_or_rejected": "missing", "accepted": "accepted"},
}
"""The file's word for an answer and ours, worst first; the second half of them are the good ones."""

_MONTHS_APART = {ReviewFrequency.QUARTERLY: 3, ReviewFrequency.HALF_YEARLY: 6, ReviewFrequency.YEARLY: 12}
_UNREADABLE = Decimal(-1)


def parse(document: Mapping[str, object]) -> Instrument:
    """The instrument that a document describes, as read from YAML or from its canonical JSON.

    Raises:
        InstrumentInvalid: with every fault in the document; whatever its shape, nothing else is raised.
    """
    instrument, faults = examine(document)
    if faults:
        raise InstrumentInvalid(faults)
    return instrument


def examine(document: Mapping[str, object]) -> tuple[Instrument, tuple[InstrumentFault, ...]]:
    """The instrument as far as it can be read, and every fault: for a draft, which may not hold together yet.

    What a fault says cannot be read has a stand-in; where only sums or codes disagree, all of it is as it is written.
    """
    faults: list[InstrumentFault] = []
    root = Node.of(document, "berkas", faults)
    head, scoring = root.child("instrument", where="instrument"), root.child("scoring", where="scoring")
    code = head.read("code", "2 sampai 8 huruf besar atau angka", lambda raw: as_matching(raw, _CODE), "")
    tables = _value_tables(scoring.child("answer_value"))
    items = _items(root, code, tables)
    instrument = Instrument(
        code=code,
        version=head.read("version", "teks paling panjang 20 huruf", _version, ""),
        title_id=head.text("title_id"),
        title_en=head.text("title_en"),
        applies_from_stage=head.whole("applies_from_stage", 1, 3) if "applies_from_stage" in head else 1,
        sections=_sections(root, items),
        bands=_bands(scoring),
    )
    _read_remarks(head, scoring)
    for node in (root, head, scoring):
        node.close()
    return instrument, tuple(faults)


def _version(raw: object) -> str | None:
    text = as_text(raw)
    return text if text is not None and len(text) <= 20 else None


def _read_remarks(head: Node, scoring: Node) -> None:
    """Words for people: what the rules in `scoring` say is done by `scoring.py`, whatever is written here."""
    for key in ("language", "review_cycle", "filled_by", "reviewed_by"):
        head.optional_text(key)
    for key in ("item_score", "section_score", "total_score", "rounding", "naming_caution"):
        scoring.optional_text(key)
    for rule in ("na_handling", "unanswered_handling", "stage_rule", "evidence_rule", "critical_rule"):
        scoring.optional_text(rule)


def _value_tables(node: Node) -> dict[AnswerType, dict[str, int]]:
    """What each answer to choose from is worth; numbers and dates carry their own rules, here stands but a remark."""
    tables = {kind: _value_table(node.child(kind), words) for kind, words in _VALUE_TABLES.items()}
    node.optional_text(AnswerType.NUMBER)
    node.optional_text(AnswerType.DATE)
    node.close()
    return tables


def _value_table(node: Node, words: Mapping[str, str]) -> dict[str, int]:
    if "True" in node or "False" in node:
        node.fault("yes dan no harus ditulis dalam tanda kutip")  # YAML 1.1 reads the bare words as true and false
        return {}
    table = {ours: node.value(theirs) for theirs, ours in words.items()}
    if node.raw(NOT_APPLICABLE) is not None:
        node.fault("na tidak bernilai: tulis null")
    node.close()
    values, half = list(table.values()), len(words) // 2
    if not node.faulty:
        if values != sorted(values) or (values[0], values[-1]) != (0, FULL_VALUE):
            node.fault(f"nilai harus naik dari 0 sampai 1 menurut urutan {', '.join(words)}")
        elif not values[half - 1] < GOOD_VALUE <= values[half]:
            node.fault(f"nilai 0,5 atau lebih hanya untuk {' dan '.join(list(words)[half:])}")
    return table


def _items(root: Node, code: str, tables: Mapping[AnswerType, Mapping[str, int]]) -> list[Item]:
    items = []
    for position, raw in enumerate(root.rows("items"), start=1):
        node = Node.of(raw, _name(raw, "id") or f"butir ke-{position}", root.faults)
        items.append(_item(node, code, tables))
    for item_id, times in Counter(item.id for item in items).items():
        if item_id and times > 1:
            root.faults.append(InstrumentFault(shown(item_id), f"id dipakai {times} kali"))
    return items


def _name(raw: object, key: str) -> str | None:
    """How a row calls itself, for naming the place of its faults."""
    name = as_text(raw.get(key)) if isinstance(raw, Mapping) else None
    return name and shown(name)


def _item(node: Node, code: str, tables: Mapping[AnswerType, Mapping[str, int]]) -> Item:
    kind = node.member("type", AnswerType)
    frequency = node.member("review_frequency", ReviewFrequency)
    source = node.child("source")
    item = Item(
        id=node.text("id"),
        section=node.text("section"),
        label_id=node.text("label_id"),
        label_en=node.text("label_en"),
        question_id=node.text("question_id"),
        question_en=node.text("question_en"),
        type=kind,
        weight=node.whole("weight", 1, 100),
        is_critical=node.flag("critical"),
        na_allowed=node.flag("na_allowed"),
        na_when=node.optional_text("na_when"),
        applies_from_stage=node.whole("applies_from_stage", 1, 3),
        review_frequency=frequency,
        review_months=_review_months(node, frequency),
        verification=node.member("verification", Verification),
        evidence=node.text("evidence"),
        guidance=node.text("guidance"),
        action=_action(node.child("action_template")),
        source_text=source.text("text"),
        source_confidence=source.text("confidence"),
        levels=_levels(node.child("levels")) if kind is AnswerType.SCALE else (),
        number=read_number_rule(node) if kind is AnswerType.NUMBER else None,
        date_rule=read_date_rule(node.child("date_rule")) if kind is AnswerType.DATE else None,
        choices=tables.get(kind, {}),
    )
    _check_item(node, item, code)
    source.close()
    if "type" not in node.faulty:
        node.close()
    return item


def _check_item(node: Node, item: Item, code: str) -> None:
    """What must agree between the fields of one item."""
    if code and item.id and not re.fullmatch(rf"{code}-[0-9][0-9]", item.id):
        node.fault(f"id harus {code}- dan dua angka")
    if "na_allowed" not in node.faulty and item.na_allowed != ("na_when" in node):
        node.fault("na_when harus ada bila na_allowed true, dan hanya bila itu")
    if item.na_allowed and item.review_frequency is ReviewFrequency.ONCE and "review_frequency" not in node.faulty:
        node.fault("butir yang ditanyakan sekali tidak boleh na_allowed: ia tidak akan ditanyakan lagi")
    if item.is_critical and item.verification is Verification.INTERVIEW:
        node.fault("butir critical perlu verification selain interview")
    if item.source_confidence and not _CONFIDENCE.match(item.source_confidence):
        node.fault("source.confidence harus mulai dengan sure, likely atau unsure")


def _action(node: Node) -> ActionTemplate:
    action = ActionTemplate(
        title_id=node.text("title_id"),
        title_en=node.text("title_en"),
        default_due_days=node.whole("default_due_days", 1, 180),
        owner_role=node.member("owner_role", OwnerRole),
        done_when_id=node.text("done_when_id"),
    )
    node.close()
    return action


def _review_months(node: Node, frequency: ReviewFrequency) -> tuple[int, ...]:
    """The calendar months in which an item is asked again: evenly spread over the year."""
    months = node.raw("review_months")
    if "review_frequency" in node.faulty:
        return ()
    apart = _MONTHS_APART.get(frequency)
    if apart is None:
        if "review_months" in node:
            node.fault(f"review_months tidak dipakai bila review_frequency {frequency}")
        return ()
    schedules = [tuple(range(first, 13, apart)) for first in range(1, apart + 1)]
    for schedule in schedules:
        if months == list(schedule):
            return schedule
    example = list(schedules[0])
    node.fault(f"review_months untuk {frequency} harus berjarak {apart} bulan, misalnya {example}")
    return ()


def _levels(node: Node) -> tuple[str, ...]:
    words = tuple(node.text(level) for level in ("0", "1", "2", "3"))
    if not node.faulty and len({word.lower() for word in words}) < len(words):
        node.fault("keempat tingkat harus berbeda")
    node.close()
    return words


def _sections(root: Node, items: Sequence[Item]) -> tuple[Section, ...]:
    sections = []
    for position, raw in enumerate(root.rows("sections"), start=1):
        node = Node.of(raw, _name(raw, "code") or f"seksi ke-{position}", root.faults)
        code = node.text("code")
        section = Section(
            code=code,
            name_id=node.text("name_id"),
            name_en=node.text("name_en"),
            weight=node.whole("weight", 1, 100),
            items=tuple(item for item in items if item.section == code),
        )
        node.close()
        sections.append(section)
    if not root.faulty & {"sections", "items"}:
        root.faults.extend(_section_faults(sections, items))
    return tuple(sections)


def _section_faults(sections: Sequence[Section], items: Sequence[Item]) -> Iterator[InstrumentFault]:
    """What must agree between sections and items."""
    codes = Counter(section.code for section in sections)
    for code, times in codes.items():
        if code and times > 1:
            yield InstrumentFault(shown(code), f"code seksi dipakai {times} kali")
    for item in items:
        if item.section and item.section not in codes and "" not in codes:
            yield InstrumentFault(shown(item.id), f"seksi {shown(item.section)} tidak ada")
    total = sum(section.weight for section in sections)
    if total != 100 and all(section.weight for section in sections):
        yield InstrumentFault("sections", f"bobot seksi berjumlah {total}, harus 100")
    if all(item.section and item.weight for item in items):  # else the sums would only mislead
        yield from _weight_faults(sections)


def _weight_faults(sections: Sequence[Section]) -> Iterator[InstrumentFault]:
    for section in sections:
        weight = sum(item.weight for item in section.items)
        if section.code and section.weight not in (0, weight):
            yield InstrumentFault(shown(section.code), f"bobot butir berjumlah {weight}, bobot seksi {section.weight}")


def _bands(scoring: Node) -> tuple[Band, ...]:
    bands = []
    for position, raw in enumerate(scoring.rows("bands"), start=1):
        node = Node.of(raw, f"pita {_name(raw, 'code') or f'ke-{position}'}", scoring.faults)
        band = Band(
            code=node.text("code"),
            name_id=node.text("name_id"),
            name_en=node.text("name_en"),
            minimum=node.read("min", "angka 0 sampai 100, paling banyak 4 desimal", _percent, _UNREADABLE),
        )
        if "sehat" in band.name_id.lower():  # that predicate belongs to official supervision: see `naming_caution`
            node.fault("name_id tidak boleh memakai kata Sehat")
        node.close()
        bands.append(band)
    if bands:
        _check_bands(scoring, bands)
    return tuple(bands)


def _percent(raw: object) -> Decimal | None:
    amount = as_amount(raw)
    return amount if amount is not None and 0 <= amount <= 100 and round(amount, 4) == amount else None


def _check_bands(scoring: Node, bands: Sequence[Band]) -> None:
    codes = [band.code for band in bands]
    minimums = [band.minimum for band in bands]
    if len(bands) < 3:
        scoring.fault("bands paling sedikit tiga: butir kritis membatasi pada pita ketiga")
    if len(set(codes)) < len(codes):
        scoring.fault("code pita berulang")
    if _UNREADABLE not in minimums and (minimums != sorted(set(minimums), reverse=True) or minimums[-1] != 0):
        scoring.fault("min pita harus turun sampai 0")

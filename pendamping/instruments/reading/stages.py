"""From a document to the stages and their gates, against the instruments that these ask of; it names every fault."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files

from pendamping.instruments.definition import AnswerType, Direction, Instrument, Item
from pendamping.instruments.reading.nodes import (
    FULL_VALUE,
    InstrumentFault,
    InstrumentInvalid,
    Node,
    as_amount,
    as_text,
    as_value,
    shown,
)
from pendamping.instruments.reading.text import read_yaml
from pendamping.instruments.stages import (
    Assessed,
    Condition,
    Criteria,
    Designation,
    Gate,
    MinimumScore,
    Operator,
    ReachedStage,
    ScoreOf,
    Stage,
    StageModel,
    Sustained,
)

_CONFIDENCE = re.compile(r"(sure|likely|unsure)\b")
_FIT = {
    Operator.EQUALS: (AnswerType.YES_NO_NA,),
    Operator.AT_LEAST: (AnswerType.SCALE, AnswerType.NUMBER),
    Operator.VALUE_AT_LEAST: (AnswerType.NUMBER, AnswerType.DATE),
}
_MOST_QUARTERS = 12
_MOST_STAGES = 3


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The instruments that a gate may ask of."""

    instruments: Mapping[str, Instrument]
    items: Mapping[str, Item]

    @classmethod
    def of(cls, instruments: Sequence[Instrument]) -> "_Shelf":
        items = {item.id: item for instrument in instruments for item in instrument.items}
        return cls({instrument.code: instrument for instrument in instruments}, items)


def shipped_stages(instruments: Sequence[Instrument]) -> StageModel:
    """The stages of `files/tahapan.yaml`, for the instruments in force.

    Raises:
        InstrumentInvalid: an instrument no longer has what a gate asks for.
    """
    text = files("pendamping.instruments").joinpath("files", "tahapan.yaml").read_text(encoding="utf-8")
    return parse_stages(read_yaml(text), instruments)


def parse_stages(document: Mapping[str, object], instruments: Sequence[Instrument]) -> StageModel:
    """The stages that a document describes, with gates that can be reached.

    Raises:
        InstrumentInvalid: with every fault in the document; whatever its shape, nothing else is raised.
    """
    faults: list[InstrumentFault] = []
    root = Node.of(document, "berkas", faults)
    head = root.child("model", where="model")
    source = head.child("source")
    shelf = _Shelf.of(instruments)
    model = StageModel(
        code=head.text("code"),
        version=head.read("version", "teks paling panjang 20 huruf", _version, ""),
        stages=_stages(root, shelf),
        designations=_designations(root, shelf),
        source_text=source.text("text"),
        source_confidence=source.text("confidence"),
    )
    if model.source_confidence and not _CONFIDENCE.match(model.source_confidence):
        head.fault("source.confidence harus mulai dengan sure, likely atau unsure")
    _read_remarks(head)
    for node in (root, head, source):
        node.close()
    if not faults:
        faults.extend(_ungated(model, shelf))
    if faults:
        raise InstrumentInvalid(tuple(faults))
    return model


def _version(raw: object) -> str | None:
    text = as_text(raw)
    return text if text is not None and len(text) <= 20 else None


def _read_remarks(head: Node) -> None:
    """Words for people: what they say is done by `stages.py`, whatever is written here."""
    for key in ("semantics", "unmet_display", "na_rule", "regression", "validity"):
        head.optional_text(key)
    operators = head.child("operators")
    for operator in Operator:
        operators.text(operator)
    operators.close()


def _ungated(model: StageModel, shelf: _Shelf) -> list[InstrumentFault]:
    """A critical item that no gate asks for would be critical for nothing."""
    gated = {condition.item.id for stage in model.stages for condition in stage.gate.must_hold}
    critical = [item.id for item in shelf.items.values() if item.is_critical]
    return [
        InstrumentFault(each, "butir critical harus ada pada satu gerbang") for each in critical if each not in gated
    ]


def _designations(root: Node, shelf: _Shelf) -> tuple[Designation, ...]:
    designations = []
    for position, raw in enumerate(root.rows("designations"), start=1):
        where = f"penanda {_name(raw, 'code') or f'ke-{position}'}"
        node = Node.of(raw, where, root.faults)
        designations.append(
            Designation(
                code=node.text("code"),
                name_id=node.text("name_id"),
                name_en=node.text("name_en"),
                note_id=node.text("note_id"),
                criteria=_criteria(node.child("proposed_when"), where, shelf) if "proposed_when" in node else None,
            )
        )
        node.close()
    _check_unique(root, "code penanda", [each.code for each in designations])
    return tuple(designations)


def _criteria(node: Node, where: str, shelf: _Shelf) -> Criteria:
    """A gate like those of the stages, from a stage on."""
    order = node.whole("stage", 1, _MOST_STAGES) or _MOST_STAGES
    return Criteria(ReachedStage(order), _gate(node, where, order, shelf))


def _stages(root: Node, shelf: _Shelf) -> tuple[Stage, ...]:
    stages = []
    for position, raw in enumerate(root.rows("stages"), start=1):
        where = f"tahap {_name(raw, 'code') or f'ke-{position}'}"
        node = Node.of(raw, where, root.faults)
        order = node.whole("order", 1, _MOST_STAGES)
        if order not in (0, position):
            node.fault(f"order harus {position}: tahap disusun berurutan dari 1")
        stage = Stage(
            order=order,
            code=node.text("code"),
            name_id=node.text("name_id"),
            name_en=node.text("name_en"),
            description_id=node.text("description_id"),
            gate=_gate(node.child("gate"), where, position, shelf),
        )
        node.close()
        stages.append(stage)
    if stages and len(stages) != _MOST_STAGES:
        root.fault(f"stages harus tiga, bukan {len(stages)}")
    _check_unique(root, "code tahap", [each.code for each in stages])
    return tuple(stages)


def _name(raw: object, key: str) -> str | None:
    """How a row calls itself, for naming the place of its faults."""
    name = as_text(raw.get(key)) if isinstance(raw, Mapping) else None
    return name and shown(name)


def _check_unique(root: Node, what: str, codes: Sequence[str]) -> None:
    for code, times in Counter(codes).items():
        if code and times > 1:
            root.fault(f"{what} {shown(code)} dipakai {times} kali")


def _gate(node: Node, where: str, order: int, shelf: _Shelf) -> Gate:
    must_hold = _must_hold(node, where, order, shelf)
    min_scores = _min_scores(node, where, order, shelf) if "min_scores" in node else ()
    asked = {_code_of(each.item.id) for each in must_hold} | {each.of.instrument for each in min_scores}
    gate = Gate(
        must_hold=must_hold,
        min_scores=min_scores,
        sustained=_sustained(node.child("sustained")) if "sustained" in node else None,
        assessed=tuple(Assessed(code) for code in shelf.instruments if code in asked),
        outcome_label_id=node.optional_text("outcome_label_id"),
        outcome_label_en=node.optional_text("outcome_label_en"),
    )
    if gate.sustained and "min_scores" not in node:
        node.fault("sustained perlu min_scores: yang bertahan adalah skor")
    if gate.sustained and any(each.of.section for each in gate.min_scores):
        # a visit stores the scores of whole instruments: of sections nobody knows how they stood at a quarter's end
        node.fault("sustained hanya untuk skor instrumen, bukan seksi")
    node.close()
    return gate


def _sustained(node: Node) -> Sustained:
    sustained = Sustained(node.whole("consecutive_quarters", 1, _MOST_QUARTERS))
    node.close()
    return sustained


# Items ----------------------------------------------------------------------------------------------------------------


def _must_hold(gate: Node, where: str, order: int, shelf: _Shelf) -> tuple[Condition, ...]:
    conditions = []
    for position, raw in enumerate(gate.rows("must_hold"), start=1):
        node = Node.of(raw, f"{where}, {_name(raw, 'item') or f'syarat ke-{position}'}", gate.faults)
        condition = _condition(node, order, shelf)
        if condition is not None:
            conditions.append(condition)
        node.close()
    for item_id, times in Counter(each.item.id for each in conditions).items():
        if times > 1:
            gate.fault(f"butir {item_id} ada {times} kali pada must_hold")
    return tuple(conditions)


def _condition(node: Node, order: int, shelf: _Shelf) -> Condition | None:
    """None when it is not known what is wanted of which item."""
    item = _item(node, shelf)
    na_counts_as_unmet = node.flag("na_counts_as_unmet") if "na_counts_as_unmet" in node else False
    operator = _operator(node)
    if item is None or operator is None:
        return None
    instrument = shelf.instruments[_code_of(item.id)]
    if not instrument.asks(item, order):
        node.fault(f"baru ditanyakan mulai tahap {max(item.applies_from_stage, instrument.applies_from_stage)}")
    if item.type not in _FIT[operator]:
        node.fault(f"{operator} hanya untuk butir {' dan '.join(_FIT[operator])}, bukan {item.type}")
        return None
    return Condition(item, operator, _wanted(node, operator, item), na_counts_as_unmet)


def _operator(node: Node) -> Operator | None:
    named = [operator for operator in Operator if operator in node]
    for operator in named:
        node.raw(operator)  # asked for, so that it is not called unknown as well
    if len(named) != 1:
        node.fault(f"pakai tepat satu: {', '.join(Operator)}")
        return None
    return named[0]


def _code_of(item_id: str) -> str:
    """The code of an item's instrument, which the instrument's own reader has made sure of."""
    return item_id.partition("-")[0]


def _item(node: Node, shelf: _Shelf) -> Item | None:
    item_id = node.text("item")
    item = shelf.items.get(item_id)
    if item_id and item is None:
        code = _code_of(item_id)
        node.fault("butir ini tidak ada" if code in shelf.instruments else f"instrumen {shown(code)} tidak ada")
    return item


def _wanted(node: Node, operator: Operator, item: Item) -> str | Decimal:
    match operator:
        case Operator.EQUALS:
            wanted = "'yes' dalam tanda kutip"  # YAML 1.1 reads the bare word as true
            return node.read(operator, wanted, lambda raw: raw if raw == "yes" and isinstance(raw, str) else None, "")
        case Operator.VALUE_AT_LEAST:
            wanted = "angka di atas 0 sampai 1, paling banyak 4 desimal"
            return Decimal(node.read(operator, wanted, lambda raw: as_value(raw) or None, 1)) / FULL_VALUE
        case Operator.AT_LEAST:
            return _least(node, item)


def _least(node: Node, item: Item) -> Decimal:
    """A least number must be one to miss and to reach, and more be better: else a better answer would close a gate."""
    low, high = Decimal(0), Decimal(3)
    if item.number is not None:
        low, high = item.number.minimum, item.number.maximum
        if item.number.direction is not Direction.AT_LEAST:
            node.fault("at_least hanya untuk angka yang makin besar makin baik; pakai value_at_least")
    decimals = item.number.decimals if item.number is not None else 0

    def accept(raw: object) -> Decimal | None:
        amount = as_amount(raw)
        return amount if amount is not None and low < amount <= high and round(amount, decimals) == amount else None

    wanted = f"angka di atas {low:f} sampai {high:f}, paling banyak {decimals} desimal"
    return node.read(Operator.AT_LEAST, wanted, accept, high)


# Scores ---------------------------------------------------------------------------------------------------------------


def _min_scores(gate: Node, where: str, order: int, shelf: _Shelf) -> tuple[MinimumScore, ...]:
    minimums = []
    for position, raw in enumerate(gate.rows("min_scores"), start=1):
        name = _name(raw, "section") or _name(raw, "instrument") or f"ke-{position}"
        node = Node.of(raw, f"{where}, skor {name}", gate.faults)
        of = ScoreOf(node.text("instrument"), node.optional_text("section"))
        wanted = node.read("score", "angka di antara 0 dan 100, paling banyak 4 desimal", _percent, Decimal(1))
        _check_score_of(node, of, order, shelf)
        node.close()
        minimums.append(MinimumScore(of, wanted))
    for of, times in Counter(each.of for each in minimums).items():
        if of.instrument and times > 1:
            gate.fault(f"skor {shown(of.section or of.instrument)} ada {times} kali pada min_scores")
    return tuple(minimums)


def _percent(raw: object) -> Decimal | None:
    amount = as_amount(raw)
    return amount if amount is not None and 0 < amount < 100 and round(amount, 4) == amount else None


def _check_score_of(node: Node, of: ScoreOf, order: int, shelf: _Shelf) -> None:
    instrument = shelf.instruments.get(of.instrument)
    if not of.instrument:
        return
    if instrument is None:
        node.fault(f"instrumen {shown(of.instrument)} tidak ada")
        return
    sections = [each for each in instrument.sections if of.section in (None, each.code)]
    if not sections:
        node.fault(f"seksi ini tidak ada pada instrumen {of.instrument}")
    elif not any(instrument.asks(item, order) for section in sections for item in section.items):
        node.fault(f"belum dinilai pada tahap {order}")

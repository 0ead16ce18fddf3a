"""`docs/instruments-sources.md` says of every item and gate what is regulation and what is ours, as the files have it.

Where a file changes, a failing test shows the rows as they should be. What stands behind the facts of a row is free.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pendamping.instruments.definition import Direction, Instrument, Item
from pendamping.instruments.reading.stages import shipped_stages
from pendamping.instruments.stages import Condition, Gate, MinimumScore, Operator
from tests.instruments.cases import INSTRUMENTS

PAGE = Path(__file__).parents[2] / "docs" / "instruments-sources.md"
LINES = PAGE.read_text(encoding="utf-8").splitlines()
STAGES = shipped_stages(INSTRUMENTS)
OURS = "usul kami"
_NAMES = "UU|PP|PMK|Permenkop|Permendagri|Juklak|Juknis|Inpres|SE Menkop|Peraturan BPS"
REGULATION = re.compile(rf"\b(?:{_NAMES})\b(?: [A-Z]\w+)* (?:\d+/\d{{4}}|Pasal)")


def number(value: Decimal | int) -> str:
    return f"{Decimal(value):,f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def worth(value: int) -> str:
    """Ten-thousandths, as people read them."""
    return number(Decimal(value).scaleb(-4).normalize())


# Items ----------------------------------------------------------------------------------------------------------------


def basis(item: Item) -> str:
    """The regulation and article, or that the file names none."""
    if item.source_text.startswith("Praktik"):
        return f"{OURS} ({item.source_text})"
    return item.source_text if REGULATION.search(item.source_text) else f"tanpa nomor peraturan: {item.source_text}"


def proposal(item: Item) -> str:
    """What no regulation says about an item: its weight, schedule and how its answers count."""
    months = f" (bulan {', '.join(map(str, item.review_months))})" if item.review_months else ""
    facts = [f"bobot {item.weight}", f"{item.review_frequency}{months}", *_answers(item)]
    if item.is_critical:
        facts.append("kritis")
    if item.applies_from_stage > 1:
        facts.append(f"mulai tahap {item.applies_from_stage}")
    return "; ".join(facts)


def _answers(item: Item) -> Iterator[str]:
    if item.levels:
        yield "bunyi empat tingkat"
    if item.number:
        sign = "≥" if item.number.direction is Direction.AT_LEAST else "≤"
        steps = ", ".join(f"{sign} {number(edge)} = {worth(value)}" for edge, value in item.number.steps)
        yield f"ambang ({item.number.unit}): {steps}"
    if item.date_rule:
        rule = item.date_rule
        within = [f"dalam {rule.within_days} hari = {worth(rule.within_value or 0)}"] if rule.within_days else []
        until = [f"s.d. {day}-{month} = {worth(value)}" for month, day, value in rule.deadlines]
        yield f"tanggal: {', '.join([*within, *until, f'sesudahnya = {worth(rule.later_value)}'])}"


def item_row(item: Item) -> str:
    """As it stands in the page, up to where free words may follow."""
    return f"| {item.id} | {item.label_id} | {basis(item)} | {item.source_confidence} | {proposal(item)}"


def headings(instrument: Instrument) -> list[str]:
    sections = (f"### {section.code} {section.name_id}" for section in instrument.sections)
    return [f"## {instrument.title_id} ({instrument.code} {instrument.version})", *sections]


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda instrument: instrument.code)
def test_every_item_has_its_row_below_its_section(instrument: Instrument) -> None:
    wanted = [
        row
        for section in instrument.sections
        for row in (
            f"### {section.code} {section.name_id}",
            f"Bobot bagian {section.weight} dari 100 ({OURS}).",
            *map(item_row, section.items),
        )
    ]
    start = LINES.index(headings(instrument)[0])
    end = next((at for at, line in enumerate(LINES) if at > start and line.startswith("## ")), len(LINES))

    there = [line for line in LINES[start:end] if re.match(rf"### |Bobot bagian |\| {instrument.code}-\d\d ", line)]

    assert len(there) == len(wanted)
    assert [want for want, line in zip(wanted, there, strict=True) if not line.startswith(want)] == []
    assert [line for line in there if line.startswith("| ") and not line.endswith(" |")] == []


def test_what_names_no_regulation_is_said_to_be_ours_and_never_sure() -> None:
    ours = [item for instrument in INSTRUMENTS for item in instrument.items if basis(item).startswith(OURS)]

    assert {"TK-02", "TK-15", "UK-06"} <= {item.id for item in ours}
    assert {"KL-01", "KL-29", "TK-39"}.isdisjoint(item.id for item in ours)
    assert [item.id for item in ours if item.source_confidence == "sure"] == []


# Gates ----------------------------------------------------------------------------------------------------------------


def condition_row(condition: Condition) -> str:
    wanted = number(condition.wanted) if isinstance(condition.wanted, Decimal) else ""
    words = {
        Operator.EQUALS: "dijawab Ya",
        Operator.AT_LEAST: f"paling sedikit {'tingkat ' if condition.item.levels else ''}{wanted}",
        Operator.VALUE_AT_LEAST: f"nilai paling sedikit {wanted}",
    }[condition.operator]
    strict = "; tidak berlaku tidak cukup" if condition.na_counts_as_unmet else ""
    return f"| {condition.item.id} | {condition.item.label_id} | {words}{strict} | {OURS} |"


def score_row(score: MinimumScore) -> str:
    return f"| skor | {score.of.section or score.of.instrument} | paling sedikit {number(score.wanted)} | {OURS} |"


def gate_rows(gate: Gate) -> list[str]:
    return [*map(condition_row, gate.must_hold), *map(score_row, gate.min_scores)]


def test_every_gate_has_its_requirements_in_order() -> None:
    for stage in STAGES.stages:
        start = LINES.index(f"### Gerbang tahap {stage.order}: {stage.name_id}")
        end = next(at for at, line in enumerate(LINES) if at > start and line.startswith("#"))
        assert [line for line in LINES[start:end] if re.match(r"\| (?:KL|TK|UK|skor)", line)] == gate_rows(stage.gate)


def test_the_page_ends_with_questions_to_the_agency_the_unsure_ones_first() -> None:
    start = LINES.index("## Pertanyaan kepada dinas (questions to the agency)")
    asked = "\n".join(LINES[start:])
    unsure = {item.id for instrument in INSTRUMENTS for item in instrument.items if "unsure" in item.source_confidence}

    assert [line for line in LINES[start + 1 :] if line.startswith("## ")] == []
    first, _, _ = asked.partition("### Yang cukup yakin")
    assert unsure - set(re.findall(r"\b(?:KL|TK|UK)-\d\d\b", first)) == set()

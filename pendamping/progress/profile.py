"""The sections of each instrument now, beside what they were at the first visit of the year. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pendamping.instruments.assessment import Assessment
from pendamping.instruments.scoring import ItemState, SectionScore


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section, 0 to 100; `before` is None where the first visit did not score it, or where there is none."""

    code: str
    name_id: str
    name_en: str
    now: Decimal | None
    before: Decimal | None
    answered: int
    applicable: int

    @property
    def change(self) -> Decimal | None:
        return None if self.now is None or self.before is None else self.now - self.before


def sections_of(now: Assessment, before: Assessment | None) -> Sequence[SectionRow]:
    """A row for each section that is asked at this stage; none of an instrument that is not asked yet."""
    earlier = {each.section.code: _decimal(each.value) for each in _scored(before)} if before else {}
    return [_row(each, earlier.get(each.section.code)) for each in _scored(now) if _is_asked(each)]


def _scored(assessment: Assessment) -> Sequence[SectionScore]:
    return assessment.score().sections


def _is_asked(scored: SectionScore) -> bool:
    return any(item.state is not ItemState.HIDDEN for item in scored.items)


def _row(scored: SectionScore, before: Decimal | None) -> SectionRow:
    section = scored.section
    states = [item.state for item in scored.items]
    answered = states.count(ItemState.ANSWERED)
    applicable = answered + states.count(ItemState.UNANSWERED)
    return SectionRow(
        section.code, section.name_id, section.name_en, _decimal(scored.value), before, answered, applicable
    )


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)

"""What an instrument is, for everything that asks, scores or shows items.

`pendamping.instruments.reading` makes one from a document; what it lets through needs no further check here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from pendamping.instruments.reading.nodes import FULL_VALUE
from pendamping.instruments.reading.rules import DateReference, DateRule, Direction, NumberRule

__all__ = [
    "FULL_VALUE",
    "GOOD_VALUE",
    "NOT_APPLICABLE",
    "NOT_DONE",
    "ActionTemplate",
    "AnswerType",
    "Band",
    "DateReference",
    "DateRule",
    "Direction",
    "Instrument",
    "Item",
    "NumberRule",
    "OwnerRole",
    "Proof",
    "ReviewFrequency",
    "Section",
    "UnknownItem",
    "Verification",
]

GOOD_VALUE = 5_000
"""An answer worth at least this is good, one worth less is poor (`evidence_rule` in each instrument's file)."""

NOT_APPLICABLE = "na"
NOT_DONE = "not_done"


class AnswerType(StrEnum):
    YES_NO_NA = "yes_no_na"
    SCALE = "scale_0_3"
    NUMBER = "number"
    DATE = "date"
    EVIDENCE_ONLY = "evidence_only"


class Proof(StrEnum):
    """How an answer is known; everything but a claim proves it."""

    CLAIM = "klaim"
    DOCUMENT_SEEN = "dokumen_dilihat"
    OBSERVED = "diamati"
    PHOTO = "foto"
    SYSTEM = "sistem"


class OwnerRole(StrEnum):
    """Who carries out an action."""

    CHAIR = "ketua"
    DEPUTY_BUSINESS = "wakil_ketua_usaha"
    DEPUTY_MEMBERS = "wakil_ketua_anggota"
    SECRETARY = "sekretaris"
    TREASURER = "bendahara"
    SUPERVISOR = "pengawas"
    BOARD = "pengurus"
    FACILITATOR = "pendamping"
    AGENCY = "dinas"


class ReviewFrequency(StrEnum):
    ONCE = "sekali"
    MONTHLY = "bulanan"
    QUARTERLY = "triwulanan"
    HALF_YEARLY = "semesteran"
    YEARLY = "tahunan"


class Verification(StrEnum):
    """How a facilitator is meant to check an item."""

    DOCUMENT_SEEN = "document_seen"
    SYSTEM_CHECK = "system_check"
    OBSERVATION = "observation"
    INTERVIEW = "interview"


@dataclass(frozen=True, slots=True)
class ActionTemplate:
    """The action that a poor answer offers."""

    title_id: str
    title_en: str
    default_due_days: int
    owner_role: OwnerRole
    done_when_id: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked, with everything needed to ask it, judge the answer and act on it."""

    id: str
    section: str
    label_id: str
    label_en: str
    question_id: str
    question_en: str
    type: AnswerType
    weight: int
    is_critical: bool
    na_allowed: bool
    na_when: str | None
    applies_from_stage: int
    review_frequency: ReviewFrequency
    review_months: tuple[int, ...]
    verification: Verification
    evidence: str
    guidance: str
    action: ActionTemplate
    source_text: str
    source_confidence: str
    levels: tuple[str, ...]
    """The words of levels 0 to 3; empty unless the type is a scale."""
    number: NumberRule | None
    date_rule: DateRule | None
    choices: Mapping[str, int] = field(hash=False)
    """What each answer to choose from is worth, from `scoring.answer_value`; empty for numbers and dates."""


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    name_id: str
    name_en: str
    weight: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Band:
    code: str
    name_id: str
    name_en: str
    minimum: Decimal


class UnknownItem(Exception):
    """An instrument was asked for an item that it does not have."""

    def __init__(self, item_id: str) -> None:
        super().__init__(item_id)
        self.item_id = item_id


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a checklist; never changed once published."""

    code: str
    version: str
    title_id: str
    title_en: str
    applies_from_stage: int
    sections: tuple[Section, ...]
    bands: tuple[Band, ...]
    """Best first."""

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    def item(self, item_id: str) -> Item:
        """Raises UnknownItem."""
        for section in self.sections:
            for item in section.items:
                if item.id == item_id:
                    return item
        raise UnknownItem(item_id)

    def asks(self, item: Item, stage: int) -> bool:
        """Whether the item is shown to a cooperative at this stage (`stage_rule` in each instrument's file)."""
        return stage >= item.applies_from_stage and stage >= self.applies_from_stage

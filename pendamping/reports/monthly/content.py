"""What a monthly report says, as facts: for the page while it is written, frozen as JSON when it is sent. Pure.

Names are those of the day of sending; words are put to the facts where they are shown.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from pendamping.reports.monthly.models import Section

FORMAT = 1
"""Of the frozen JSON; a later format still reads the earlier ones: new fields need defaults."""


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit that was made. number: its paper's.  revision: grows when the visit is put right."""

    id: str
    on: dt.date
    number: int
    is_remote: bool
    purposes: tuple[str, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class CooperativeMonth:
    """Visits of one cooperative within the days on which the facilitator accompanied it, beside the target.

    first_on, last_on: those days, both included.
    """

    code: str
    name: str
    first_on: dt.date
    last_on: dt.date
    target: int
    visits: tuple[VisitFact, ...]

    @property
    def made(self) -> int:
        return len(self.visits)

    @property
    def remote(self) -> int:
        return sum(each.is_remote for each in self.visits)

    def covers(self, day: dt.date) -> bool:
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One instrument of one cooperative: its score at the end of the month before, and of this one.

    is_other_version: the two were asked by different versions of the instrument.
    """

    code: str
    name: str
    instrument: str
    before: Decimal | None
    after: Decimal
    is_provisional: bool
    is_other_version: bool

    @property
    def change(self) -> Decimal | None:
        return None if self.before is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class ActionFact:
    """An action with the day on which it was agreed, verified or given back, or is due; and what was said then."""

    code: str
    name: str
    title: str
    on: dt.date
    is_critical: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class FiguresFact:
    """A cooperative's figures of the month, and of the month before; None where they are not known."""

    code: str
    name: str
    members: int | None
    savings_idr: int | None
    turnover_idr: int | None
    cashless_percent: int | None
    members_before: int | None
    turnover_before_idr: int | None


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A visit of the schedule: one that was called off, with the reason, or one of the next month with its agenda."""

    code: str
    name: str
    on: dt.date
    words: str


@dataclass(frozen=True, slots=True)
class VoiceFact:
    """What a cooperative did not agree with or asked, and how it was answered; see `voices.Voice`."""

    code: str
    name: str
    about: str
    is_question: bool
    on: dt.date
    said: str
    outcome: str
    answered_on: dt.date | None
    answer: str


@dataclass(frozen=True, slots=True)
class PhotoFact:
    attachment_id: str
    caption: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that a report says."""

    cooperatives: tuple[CooperativeMonth, ...]
    scores: tuple[ScoreChange, ...] = ()
    agreed: tuple[ActionFact, ...] = ()
    verified: tuple[ActionFact, ...] = ()
    returned: tuple[ActionFact, ...] = ()
    late: tuple[ActionFact, ...] = ()
    figures: tuple[FiguresFact, ...] = ()
    called_off: tuple[PlanFact, ...] = ()
    planned: tuple[PlanFact, ...] = ()
    due_next: tuple[ActionFact, ...] = ()
    words: dict[str, str] = dataclasses.field(default_factory=dict)
    photos: tuple[PhotoFact, ...] = ()
    voices: tuple[VoiceFact, ...] = ()
    format: int = FORMAT

    @property
    def made(self) -> int:
        return sum(each.made for each in self.cooperatives)

    @property
    def target(self) -> int:
        return sum(each.target for each in self.cooperatives)

    @property
    def not_visited(self) -> list[CooperativeMonth]:
        return [each for each in self.cooperatives if not each.made]

    def words_of(self, section: Section | str) -> str:
        return self.words.get(str(section), "")


_OF_SECTION: Mapping[Section, Sequence[str]] = {
    Section.VISITS: ("cooperatives",),
    Section.SCORES: ("scores",),
    Section.ACTIONS: ("agreed", "verified", "voices"),
    Section.FIGURES: ("figures",),
    Section.OBSTACLES: ("returned", "late", "called_off"),
    Section.PLAN: ("planned", "due_next"),
}
PHOTOS = "foto"
"""What a change of photos is called beside the sections."""


def as_json(content: ReportContent) -> dict[str, Any]:
    """What is frozen with a sending."""
    frozen: dict[str, Any] = msgspec.to_builtins(content)
    return frozen


def from_json(stored: Mapping[str, Any]) -> ReportContent:
    """What was frozen, as it was."""
    return msgspec.convert(stored, ReportContent)


def log_of_visits(content: ReportContent) -> set[VisitFact]:
    """What an approval locks: the visits of the month, each as it stands after its corrections."""
    return {visit for each in content.cooperatives for visit in each.visits}


@dataclass(frozen=True, slots=True)
class Change:
    """What one section says now that it did not say before.

    section: a `Section`, or `PHOTOS`.  before, after: the facilitator's words.  added, removed: facts of the log.
    """

    section: str
    before: str
    after: str
    added: int
    removed: int

    @property
    def has_other_words(self) -> bool:
        return self.before != self.after


def changes_between(before: ReportContent, after: ReportContent) -> list[Change]:
    """What changed from one sending to the next, section by section; a fact that reads otherwise counts as one gone and
    one come.
    """
    pairs = [
        (str(section), parts, before.words_of(section), after.words_of(section))
        for section, parts in _OF_SECTION.items()
    ]
    pairs.append((PHOTOS, ("photos",), "", ""))
    found = []
    for section, parts, old_words, new_words in pairs:
        old, new = (_facts(each, parts) for each in (before, after))
        added, removed = sum(each not in old for each in new), sum(each not in new for each in old)
        found.append(Change(section, old_words, new_words, added, removed))
    return [each for each in found if each.has_other_words or each.added or each.removed]


def _facts(content: ReportContent, parts: Sequence[str]) -> list[object]:
    return [(part, fact) for part in parts for fact in getattr(content, part)]

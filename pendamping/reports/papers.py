"""The two papers: berita acara kunjungan and rencana perbaikan. Pure: words in, the bytes of a PDF out.

What comes in is said already, in Indonesian, as papers always are; how it is laid out stands in `papers/*.typ`.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pendamping.reports.typesetting import typeset

MOST_PHOTOS = 20
MOST_ACTIONS = 10
MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""Papers of Indonesian offices carry their month in Roman numerals."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is; empty lines are left out."""

    government: str
    agency: str
    address: str
    contact: str


@dataclass(frozen=True, slots=True)
class Line:
    """A name and what belongs to it: a label and its value, a person and their post."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One instrument's score: "62,5", its band, and how it moved, empty where there is nothing to say."""

    title: str
    score: str
    band: str
    change: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """An answer that asks for something."""

    label: str
    answer: str
    proof: str
    note: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class ActionLine:
    """What is to be done, who does it, until when, and what proves it; `state` where it waits for somebody, `origin`
    where it was agreed and on which finding, on papers that do not say it anyway.
    """

    title: str
    owner: str
    due: str
    done_when: str
    is_critical: bool
    state: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo with what it shows and when it was taken; where there is no picture, `instead` says why."""

    shows: str
    taken: str
    picture: bytes | None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, and what stands below. Without a picture a line is left to sign by hand, without a name to fill in."""

    name: str
    role: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """Everything that a berita acara says.

    answered: how many items were answered; `findings` are those of them that ask for something, critical first.
    remarks: sentences on the record itself: how well it is attested, how often it was put right, what was added.
    """

    letterhead: Letterhead
    number: str
    cooperative: str
    opening: str
    dated: dt.date
    facts: Sequence[Line]
    people_met: Sequence[Line]
    scores: Sequence[ScoreLine]
    answered: int
    findings: Sequence[FindingLine]
    actions: Sequence[ActionLine]
    notes: str
    signed_at: str
    facilitator: Signature
    officer: Signature
    remarks: Sequence[Line]
    photos: Sequence[Photo]
    left_out: int = 0
    """Photos beyond those that the annex holds; counted by `visit_record_pdf`."""


@dataclass(frozen=True, slots=True)
class LinkOnPaper:
    """An officer's personal link as a QR code, whose it is and how long it lasts."""

    picture: bytes
    name: str
    role: str
    until: str


@dataclass(frozen=True, slots=True)
class ImprovementPlanPaper:
    """A cooperative's open actions, critical first, with where it stands; `elsewhere` says where the others are."""

    letterhead: Letterhead
    cooperative: str
    place: str
    dated: dt.date
    as_of: str
    scores: Sequence[ScoreLine]
    actions: Sequence[ActionLine]
    elsewhere: str
    signed_at: str
    chair: Signature
    facilitator: Signature
    open_count: int = 0
    """All open actions, those that the paper has no room for included; counted by `improvement_plan_pdf`."""
    link: LinkOnPaper | None = None
    """Only where it was asked for: whoever has the paper can come in with it."""


def visit_record_pdf(record: VisitRecord) -> bytes:
    """The berita acara of a visit: one page for an ordinary visit, more where there is more, photos on an annex."""
    shown = record.photos[:MOST_PHOTOS]
    whole = replace(record, photos=shown, left_out=len(record.photos) - len(shown))
    return typeset("visit_record", whole, dated=record.dated)


def improvement_plan_pdf(plan: ImprovementPlanPaper) -> bytes:
    """The plan to sign and hang up: always one page, so it holds as many actions as stay legible from a metre away."""
    whole = replace(plan, actions=plan.actions[:MOST_ACTIONS], open_count=len(plan.actions))
    return typeset("improvement_plan", whole, dated=plan.dated)


def paper_number(count: int, code: str, *, month: int, year: int) -> str:
    """0012/BA-KKMP/IV/2026: the count within the year, what the office puts after it, month and year of the visit."""
    parts = (f"{count:04}", code, MONTHS[month - 1], str(year))
    return "/".join(part for part in parts if part)


def file_name(*words: str) -> str:
    """A name that says what the file is and that every system takes: berita-acara-0012-BA-KKMP-IV-2026.pdf"""
    plain = unicodedata.normalize("NFKD", " ".join(words)).encode("ascii", "ignore").decode()
    return f"{re.sub('[^A-Za-z0-9]+', '-', plain).strip('-')}.pdf"

"""What both papers of evaluations have in common: the frame, the number, words for both ends. Always Indonesian."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Region
from pendamping.cooperatives.programme.queries import OfficeView, office_of
from pendamping.kernel.i18n import long_date, rupiah, signed, whole
from pendamping.reports.evaluation.content import (
    InstrumentEvaluation,
)
from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.periods import Period
from pendamping.reports.evaluation.words import period_words
from pendamping.reports.gather import letterhead_of
from pendamping.reports.papers import Letterhead, Line, Signature, paper_number
from pendamping.reports.tables import PaperAnnex, PaperSection
from pendamping.reports.typesetting import typeset

CODE, VISIT_CODE = "EV", "BA"
UNKNOWN = "–"
DRAFT = "Konsep, belum diterbitkan"
INSTRUMENTS = ("KL", "TK", "UK")
ARROW = " → "
KINDS: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "members": ("Anggota", whole),
    "savings_idr": ("Simpanan", rupiah),
    "turnover_idr": ("Omzet sebulan", rupiah),
    "surplus_idr": ("SHU tahun berjalan", rupiah),
    "cashless_percent": ("Transaksi nontunai", lambda value: f"{value}%"),
}


@dataclass(frozen=True, slots=True)
class EvaluationSheet:
    """Everything that the paper says; laid out by `papers/evaluation.typ`. picture_in: the section with the chart."""

    letterhead: Letterhead
    title: str
    subject: str
    number_words: str
    dated: dt.date
    facts: Sequence[Line]
    sections: Sequence[PaperSection]
    picture: bytes | None
    picture_words: str
    picture_in: int
    signed_at: str
    head: Signature
    remarks: Sequence[Line]
    annexes: Sequence[PaperAnnex] = ()


def evaluation_pdf(sheet: EvaluationSheet) -> bytes:
    return typeset("evaluation", sheet, dated=sheet.dated)


def evaluation_number(paper: EvaluationPaper, period: Period, office: OfficeView) -> str:
    """0412/EV-KKMP/VI/2026: from the city's one count of papers, with the month in which the period ends. The office's
    code is that of its berita acara, with EV in the place of BA; our proposal.
    """
    head, dash, rest = office.number_code.partition("-")
    code = f"{CODE}{dash}{rest}" if head == VISIT_CODE else office.number_code
    return paper_number(paper.number, code, month=period.last.month, year=paper.number_year)


def frame_of(
    session: Session, city_code: str, period: Period, issued: EvaluationPaper | None, subject: str, today: dt.date
) -> EvaluationSheet:
    """What both papers have in common."""
    office = office_of(session, city_code)
    city = session.scalar(select(Region.display_name).where(Region.code == city_code)) or ""
    head = session.get_one(User, issued.issued_by_id).name if issued else ""
    place = city.removeprefix("Kota ").removeprefix("Kabupaten ")
    return EvaluationSheet(
        letterhead=letterhead_of(office),
        title=f"Evaluasi {period_words(period).lower()}",
        subject=subject,
        number_words=f"Nomor: {evaluation_number(issued, period, office)}" if issued else DRAFT,
        dated=issued.issued_on if issued else today,
        facts=(),
        sections=(),
        picture=None,
        picture_words="",
        picture_in=0,
        signed_at=f"{place}, {long_date(issued.issued_on)}" if issued else place,
        head=Signature(head, "" if issued else "belum diterbitkan"),
        remarks=list(_remarks(period, today)),
    )


def _remarks(period: Period, today: dt.date) -> Iterator[Line]:
    yield Line(
        "Awal dan akhir",
        "awal ialah catatan terakhir sebelum hari pertama masa ini, atau yang pertama di dalamnya; akhir ialah catatan "
        "terakhir sampai hari penutup; untuk angka, masing-masing dari bulan yang mencatatnya. Tanda – berarti tidak "
        "tercatat.",
    )
    yield Line("Pita", "butir kritis yang belum terpenuhi membatasi pita, berapa pun skornya.")
    if not period.is_over(today):
        yield Line("Sementara", f"masa ini belum berakhir; dihitung sampai {long_date(today)}.")


def from_to(begin: str, end: str) -> str:
    return end if begin == end else f"{begin}{ARROW}{end}"


def moves_words(row: InstrumentEvaluation) -> str:
    return "; ".join(f"{move.name} {signed(move.change)}" for move in row.moves)


def said(say: Callable[[int], str], value: int | None) -> str:
    return UNKNOWN if value is None else say(value)


def difference(say: Callable[[int], str], was: int | None, now: int | None) -> str:
    if was is None or now is None:
        return UNKNOWN
    return f"+{say(now - was)}" if now > was else say(now - was)

"""What the register holds of a cooperative: facts, board, papers, figures of each month."""

import datetime as dt
import uuid
from collections.abc import Sequence

from pendamping.cooperatives.models import Document, DocumentKind, MonthlyFigures, Officer, Stage
from pendamping.instruments.definition import OwnerRole
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.character import Character, stage_confirmed_on
from pendamping.operations.simulation.days import at, month_end, months
from pendamping.operations.simulation.names import person, phone
from pendamping.operations.simulation.photos import Darkroom
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.operations.simulation.wanted import Wanted

BALIKPAPAN, OPEN_SEA = (-1.225, 116.86), (-0.9, 118.6)
"""Made-up places lie about the first; those of simulated cities in the strait, where nobody lives."""
SPREAD = 0.04
NO_PLACE, NO_REGISTRATION = 0.06, 0.25
BOARD = (
    OwnerRole.CHAIR,
    OwnerRole.DEPUTY_BUSINESS,
    OwnerRole.DEPUTY_MEMBERS,
    OwnerRole.SECRETARY,
    OwnerRole.TREASURER,
    OwnerRole.SUPERVISOR,
    OwnerRole.SUPERVISOR,
)
TERM_YEARS = 5
ENDS_SOON = 0.12
FIGURES_MISSING, FIGURE_UNKNOWN = 0.06, 0.08
PAPERS = {
    DocumentKind.DEED: "Akta pendirian",
    DocumentKind.DECREE: "SK pengesahan badan hukum",
    DocumentKind.NPWP: "Kartu NPWP",
    DocumentKind.NIB: "NIB",
    DocumentKind.ACCOUNT: "Buku rekening koperasi",
}
EXPIRING = (
    (DocumentKind.LICENCE, "Izin pangkalan LPG"),
    (DocumentKind.AGREEMENT, "Perjanjian sewa gerai"),
    (DocumentKind.AGREEMENT, "Perjanjian kerja sama pemasok beras"),
    (DocumentKind.LICENCE, "Sertifikat laik higiene gerai"),
)
SCANNED = 0.3


def facts(subject: Subject, about: Character, wanted: Wanted, chance: Chance) -> Row:
    """The columns of the cooperative that somebody has found out by now."""
    place = _place(subject, chance)
    number = f"AHU-{chance.digits(7)}.AH.01.26.TAHUN {about.decree_on.year}"
    return {
        "legal_name_is_verified": chance.happens(0.6),
        "stage": about.stage,
        "stage_confirmed_on": stage_confirmed_on(about, wanted, chance),
        "decree_number": number,
        "decree_on": about.decree_on,
        "registration_number": None if chance.happens(NO_REGISTRATION) else f"0000{chance.digits(9)}",
        "npwp": f"00.000.{chance.digits(3)}.{chance.digits(1)}-000.000" if subject.baseline.has_npwp else None,
        "nib": f"0000{chance.digits(9)}" if subject.baseline.has_nib else None,
        "latitude": place[0] if place else None,
        "longitude": place[1] if place else None,
    }


def _place(subject: Subject, chance: Chance) -> tuple[float, float] | None:
    latitude, longitude = OPEN_SEA if subject.is_new else BALIKPAPAN
    place = (
        round(latitude + chance.uniform(-SPREAD, SPREAD), 5),
        round(longitude + chance.uniform(-SPREAD, SPREAD), 5),
    )
    return None if chance.happens(NO_PLACE) else place


def officers(subject: Subject, about: Character, wanted: Wanted, rows: Rows, chance: Chance) -> list[Row]:
    """Five on the board, two supervisors, each for a term; some terms are about to end, one has, and was filled."""
    starts_on = about.decree_on + dt.timedelta(days=3)
    board = []
    for role in BOARD:
        ends_on = starts_on.replace(year=starts_on.year + TERM_YEARS, day=min(starts_on.day, 28))
        if chance.happens(ENDS_SOON):
            ends_on = wanted.until + chance.days(8, 80)
        board.append(_officer(subject, role, starts_on, max(ends_on, wanted.until), rows, chance))
    if chance.happens(0.3):
        left_on = wanted.first + (wanted.until - wanted.first) * chance.uniform(0.2, 0.7)
        board[3]["term_ends_on"] = left_on
        ends_on = left_on.replace(year=left_on.year + TERM_YEARS, day=min(left_on.day, 28))
        board.append(_officer(subject, board[3]["role"], left_on + dt.timedelta(days=1), ends_on, rows, chance))
    return board


def _officer(
    subject: Subject, role: OwnerRole, starts_on: dt.date, ends_on: dt.date, rows: Rows, chance: Chance
) -> Row:
    return rows.add(
        Officer,
        id=chance.id(),
        city_code=subject.city_code,
        cooperative_id=subject.id,
        name=person(chance),
        role=role,
        phone=phone(chance) if chance.happens(0.8) else None,
        term_starts_on=starts_on,
        term_ends_on=ends_on,
    )


def documents(
    subject: Subject, about: Character, wanted: Wanted, adders: Sequence[uuid.UUID], darkroom: Darkroom, chance: Chance
) -> None:
    """Papers of the foundation, and a few whose validity has ended, ends soon, or was renewed.

    Args:
        adders: whoever may have entered one: the facilitator, the cooperative's own account.
    """
    filed = _Filing(subject, wanted, adders, darkroom, chance)
    for kind, title in PAPERS.items():
        is_there = {DocumentKind.NPWP: subject.baseline.has_npwp, DocumentKind.NIB: subject.baseline.has_nib}
        if is_there.get(kind, True) and chance.happens(0.85):
            filed.add(kind, title, about.decree_on + chance.days(0, 45), None)
    if about.stage is Stage.FORMATION and chance.happens(0.6):
        return
    for kind, title in chance.some(EXPIRING, 1, 3):
        expires_on = wanted.until + chance.days(-40, 150)
        renewal = None
        if chance.happens(0.25):  # before the one it replaces, which names it
            renewal = filed.add(kind, title, expires_on - chance.days(5, 30), expires_on + dt.timedelta(days=365))
        old = filed.add(kind, title, expires_on - dt.timedelta(days=365), expires_on)
        old["replaced_by_id"] = renewal["id"] if renewal else None


class _Filing:
    """Puts papers on record, now and then with a picture of the paper itself."""

    def __init__(
        self, subject: Subject, wanted: Wanted, adders: Sequence[uuid.UUID], darkroom: Darkroom, chance: Chance
    ) -> None:
        self.subject, self.wanted, self.adders = subject, wanted, adders
        self.darkroom, self.chance = darkroom, chance

    def add(self, kind: DocumentKind, title: str, issued_on: dt.date, expires_on: dt.date | None) -> Row:
        chance = self.chance
        issued_on = min(issued_on, self.wanted.until - dt.timedelta(days=2))
        seen_on = max(issued_on, self.wanted.first)
        added_at = min(
            at(seen_on, dt.time(10)) + chance.days(1, 30) + chance.minutes(0, 240),
            self.wanted.now - chance.minutes(30, 600),
        )
        adder, number = chance.choice(self.adders), f"{chance.digits(3)}/{chance.digits(2)}/{issued_on.year}"
        is_account = kind is DocumentKind.ACCOUNT  # of an account only four digits are kept, and no scan
        if is_account:
            number = chance.digits(4)
        attachment_id = None
        if chance.happens(SCANNED) and not is_account:
            lines = [self.subject.short_name, f"Nomor {number}", f"Tanggal {issued_on:%d-%m-%Y}"]
            attachment_id = self.darkroom.paper(title, lines, uploader_id=adder, received_at=added_at)
        return self.darkroom.rows.add(
            Document,
            id=chance.id(),
            city_code=self.subject.city_code,
            cooperative_id=self.subject.id,
            kind=kind,
            title=title,
            number=number,
            issued_on=issued_on,
            expires_on=expires_on,
            attachment_id=attachment_id,
            added_by_id=adder,
            added_at=added_at,
            replaced_by_id=None,
            withdrawn_at=None,
        )


def monthly_figures(
    subject: Subject, about: Character, wanted: Wanted, author_id: uuid.UUID, rows: Rows, chance: Chance
) -> None:
    """Members, savings and turnover month by month, growing or shrinking as the cooperative does."""
    books = _Books(subject, about, chance)
    revised = chance.randint(1, 3)
    for month in months(wanted.first, wanted.until):
        figures = books.close_month(month.year)
        if month_end(month) >= wanted.until - dt.timedelta(days=6) or chance.happens(FIGURES_MISSING):
            continue
        recorded_at = at(month_end(month) + chance.days(2, 11), dt.time(9)) + chance.minutes(0, 500)
        row = rows.add(
            MonthlyFigures,
            id=chance.id(),
            city_code=subject.city_code,
            cooperative_id=subject.id,
            year=month.year,
            month=month.month,
            revision=1,
            **{name: None if chance.happens(FIGURE_UNKNOWN) else value for name, value in figures.items()},
            author_id=author_id,
            recorded_at=min(recorded_at, wanted.now - dt.timedelta(minutes=20)),
        )
        revised -= 1
        if revised == 0 and row["recorded_at"] < wanted.now - dt.timedelta(days=9):
            put_right = {"revision": 2, "members": (figures["members"] or 0) + chance.randint(1, 4)}
            later = row["recorded_at"] + chance.days(3, 8)
            rows.add(MonthlyFigures, **{**row, **put_right, "id": chance.id(), "recorded_at": later})


class _Books:
    """A cooperative's figures as they run on from month to month."""

    def __init__(self, subject: Subject, about: Character, chance: Chance) -> None:
        self.chance = chance
        self.growth = 1 + about.slope * 0.08
        self.members = float(max(20, subject.baseline.members))
        self.savings = float(max(200_000, subject.baseline.savings_idr))
        self.trade = max(2_000_000.0, subject.baseline.turnover_idr / 6) if about.stage is not Stage.FORMATION else 0.0
        self.surplus, self.year = 0.0, 0

    def close_month(self, year: int) -> dict[str, int | None]:
        chance = self.chance
        self.members *= max(0.995, self.growth + chance.uniform(-0.01, 0.03))
        self.savings += self.members * 10_000 * chance.uniform(0.3, 0.9)
        self.trade *= self.growth
        turnover = self.trade * chance.uniform(0.8, 1.25)
        if year != self.year:
            self.surplus, self.year = 0.0, year
        self.surplus += turnover * chance.uniform(-0.01, 0.07)
        return {
            "members": round(self.members),
            "savings_idr": round(self.savings / 5_000) * 5_000,
            "turnover_idr": round(turnover / 500) * 500,
            "surplus_idr": round(self.surplus / 500) * 500,
            "cashless_percent": chance.randint(0, 45) if turnover else None,
        }

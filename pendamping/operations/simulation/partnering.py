"""With whom cooperatives trade by the end of the year, how it came to that, and what they have chosen to do."""

import datetime as dt
import uuid

from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.partnerships.models import (
    Business,
    BusinessPlan,
    Partnership,
    PartnershipStatus,
    PartnershipStep,
)
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.character import Character
from pendamping.operations.simulation.days import at
from pendamping.operations.simulation.rows import Rows
from pendamping.operations.simulation.wanted import Wanted

OFFERS = (
    ("Bulog", True, "Beras dan minyak goreng", (6, 28)),
    ("Pertamina Patra Niaga", True, "Bright Gas 5,5 dan 12 kg", (4, 18)),
    ("Distributor sembako setempat", False, "Gula, tepung, dan telur", (3, 15)),
)
"""Partner, whether it is a BUMN, goods, and from how many to how many millions are traded in a month."""
COURSE = (PartnershipStatus.EXPLORING, PartnershipStatus.AGREED, PartnershipStatus.RUNNING, PartnershipStatus.STOPPED)
COMES = {Stage.FORMATION: 0.0, Stage.OPERATION: 0.45, Stage.PARTNERSHIP: 1.0}
"""How often a cooperative of a stage has any partner."""
STOPS, HAS_SECOND = 0.3, 0.3
POTENTIALS = (
    "Pasar dekat gerai; warga membeli beras dan gas setiap pekan.",
    "Banyak warung kecil yang berbelanja jauh dan dapat menjadi pelanggan tetap.",
    "Perumahan padat; warga menanyakan obat bebas dan pembayaran tagihan.",
    "Peternak ayam dan sayur rumahan mencari penampung tetap.",
)
FIRST_CHOICES = (Business.STAPLES, Business.LPG, Business.PHARMACY, Business.LIVESTOCK, Business.BANK_AGENT)
STOPPED_BECAUSE = "Stok sering kosong; koperasi beralih ke pemasok lain."
MILLION = 1_000_000


def partnering(
    subject: Subject, about: Character, wanted: Wanted, author_id: uuid.UUID, rows: Rows, chance: Chance
) -> None:
    """Two partners at most, each as far as the stage allows; a choice of businesses from the stage of operation on."""
    if about.stage is not Stage.FORMATION:
        _choose(subject, wanted, author_id, rows, chance)
    if not chance.happens(COMES[about.stage]):
        return
    count = 2 if chance.happens(HAS_SECOND) else 1
    for number, offer in enumerate(chance.some(OFFERS, count, count)):
        is_first_of_a_partner = about.stage is Stage.PARTNERSHIP and number == 0
        _partner(subject, offer, wanted, author_id, rows, chance, runs=is_first_of_a_partner)


def _partner(
    subject: Subject,
    offer: tuple[str, bool, str, tuple[int, int]],
    wanted: Wanted,
    author_id: uuid.UUID,
    rows: Rows,
    chance: Chance,
    *,
    runs: bool,
) -> None:
    partner, is_bumn, goods, (least, most) = offer
    reached = 3 if runs else chance.randint(1, 3) + (1 if chance.happens(STOPS) else 0)
    days = _days(wanted, min(reached, len(COURSE)), chance)
    partnership = rows.add(
        Partnership,
        id=chance.id(),
        city_code=subject.city_code,
        cooperative_id=subject.id,
        added_at=at(days[0], dt.time(14)),
    )
    value = chance.randint(least, most) * MILLION
    for number, (status, since_on) in enumerate(zip(COURSE, days, strict=False), start=1):
        is_traded = status is PartnershipStatus.RUNNING
        rows.add(
            PartnershipStep,
            id=chance.id(),
            city_code=subject.city_code,
            partnership_id=partnership["id"],
            number=number,
            partner=partner,
            is_bumn=is_bumn,
            goods=goods,
            status=status,
            since_on=since_on,
            ends_on=None,
            monthly_value_idr=value if is_traded else None,
            note=STOPPED_BECAUSE if status is PartnershipStatus.STOPPED else "",
            is_verified=True,
            author_id=author_id,
            recorded_at=at(since_on, dt.time(14)),
        )


def _days(wanted: Wanted, count: int, chance: Chance) -> list[dt.date]:
    """As many days of the simulated time in order, none of them twice unless the time is too short."""
    span = max(1, (wanted.until - wanted.first).days - 1)
    return [wanted.first + dt.timedelta(days=day) for day in sorted(chance.randrange(span) for _ in range(count))]


def _choose(subject: Subject, wanted: Wanted, author_id: uuid.UUID, rows: Rows, chance: Chance) -> None:
    chosen = chance.some(FIRST_CHOICES, 1, 3)
    on = _days(wanted, 1, chance)[0]
    rows.add(
        BusinessPlan,
        id=chance.id(),
        city_code=subject.city_code,
        cooperative_id=subject.id,
        revision=1,
        businesses=[str(each) for each in Business if each in chosen],
        potential=chance.choice(POTENTIALS),
        author_id=author_id,
        recorded_at=at(on, dt.time(15)),
    )

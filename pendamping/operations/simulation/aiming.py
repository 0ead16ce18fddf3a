"""What cooperatives wanted to reach within a quarter: a goal of the one before with its result, and one that runs."""

import datetime as dt
import uuid

from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import at
from pendamping.operations.simulation.rows import Rows
from pendamping.operations.simulation.wanted import Wanted
from pendamping.plans.goals.models import Outcome, PlanGoal, PlanGoalResult
from pendamping.plans.goals.rules import Quarter

HAS_GOAL = 0.8
GOALS = (
    ("Anggota bertambah menjadi 300 orang", "angka.members", 300),
    ("Omzet gerai menembus Rp40 juta sebulan", "angka.turnover_idr", 40_000_000),
    ("Separuh transaksi dibayar nontunai", "angka.cashless_percent", 50),
    ("Skor transparansi mencapai 80", "skor.TK", 80),
    ("Semua anggota mempunyai buku simpanan", None, None),
)
RESULTS = (
    (Outcome.REACHED, "Pengurus membagi tugas per rukun tetangga, dan selesai dua pekan lebih awal."),
    (Outcome.IN_PART, "Separuhnya tercapai; sisanya menunggu data anggota yang lengkap."),
    (Outcome.MISSED, "Bendahara berganti di tengah jalan. Dilanjutkan pada triwulan ini."),
)
A_QUARTER = 92


def aiming(subject: Subject, wanted: Wanted, author_id: uuid.UUID, rows: Rows, chance: Chance) -> None:
    """Two goals at most, each set in the first days of its quarter, if that lies within the simulated time."""
    if not chance.happens(HAS_GOAL):
        return
    before, now = (Quarter.of(wanted.until - dt.timedelta(days=days)) for days in (A_QUARTER, 0))
    for quarter in (before, now):
        set_on = max(_first_day(quarter), wanted.first)
        if set_on + dt.timedelta(days=4) >= wanted.until or Quarter.of(set_on) != quarter:
            continue
        goal_id = _set(subject, quarter, set_on, author_id, rows, chance)
        if quarter is before and before != now:
            _close(subject, goal_id, now, wanted, author_id, rows, chance)


def _first_day(quarter: Quarter) -> dt.date:
    return dt.date(quarter.year, 3 * quarter.number - 2, 1)


def _set(
    subject: Subject, quarter: Quarter, on: dt.date, author_id: uuid.UUID, rows: Rows, chance: Chance
) -> uuid.UUID:
    text, measure, target = chance.choice(GOALS)
    goal_id = chance.id()
    rows.add(
        PlanGoal,
        id=goal_id,
        city_code=subject.city_code,
        cooperative_id=subject.id,
        year=quarter.year,
        quarter=quarter.number,
        text=text,
        measure=measure,
        target=target,
        author_id=author_id,
        made_at=at(on, dt.time(10)) + chance.days(0, 3),
    )
    return goal_id


def _close(
    subject: Subject,
    goal_id: uuid.UUID,
    now: Quarter,
    wanted: Wanted,
    author_id: uuid.UUID,
    rows: Rows,
    chance: Chance,
) -> None:
    """Once the quarter is over; one that ended only just still waits for its result."""
    closed_on = _first_day(now) + chance.days(1, 8)
    if closed_on >= wanted.until:
        return
    outcome, note = chance.choice(RESULTS)
    rows.add(
        PlanGoalResult,
        goal_id=goal_id,
        city_code=subject.city_code,
        outcome=outcome,
        value=None,
        note=note,
        author_id=author_id,
        closed_at=at(closed_on, dt.time(11)),
    )

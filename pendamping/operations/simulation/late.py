"""What comes late in a city: tablets and what waits on them, records that wait for the head, a hand-over that is
proposed, and cover during a leave that is ahead. Only the last days have it: older cases have been decided.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.devices.models import Device
from pendamping.cooperatives.assignments.models import Assignment, Handover, HandoverState, LeaveCover
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import runs_on
from pendamping.field.models import RecordKind
from pendamping.field.quarantine.models import HeldRecord, WhyHeld
from pendamping.operations.simulation.cast import Facilitator
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import ONE_DAY
from pendamping.operations.simulation.names import DEMO, facilitator
from pendamping.operations.simulation.rows import Rows
from pendamping.operations.simulation.wanted import Wanted

TABLETS = ("Tablet kantor", "Tablet biru", "Tab lapangan", "Tablet merah")
NOTICE = dt.timedelta(days=14)
"""A hand-over is proposed so long before its day."""


@dataclass(frozen=True, slots=True)
class Duty:
    """An assignment that runs on the last day, with its cooperative's code."""

    row: Assignment
    code: str


def late_hands(session: Session, staff: Sequence[Facilitator], wanted: Wanted, rows: Rows, chance: Chance) -> None:
    for place, person in enumerate(staff):
        _tablet(person, place, wanted, rows, chance)
    duties = {person.id: _duties(session, person, wanted) for person in staff}
    busy = [person for person in staff if duties[person.id]]
    if len(busy) < 2:
        return
    first, second = busy[:2]
    _held(first, duties[first.id][0], WhyHeld.FUTURE, wanted.until + ONE_DAY, wanted, rows, chance)
    _held(second, duties[first.id][-1], WhyHeld.FOREIGN, wanted.until - ONE_DAY, wanted, rows, chance)
    _handover(duties[second.id][0], first, wanted, rows, chance)
    _cover(duties[first.id][0], second, wanted, rows, chance)


def _duties(session: Session, person: Facilitator, wanted: Wanted) -> list[Duty]:
    found = session.execute(
        select(Assignment, Cooperative.code)
        .join(Cooperative, Cooperative.id == Assignment.cooperative_id)
        .where(
            Assignment.facilitator_id == person.id,
            runs_on(wanted.until),
        )
        .order_by(Cooperative.code)
    )
    return [Duty(row, code) for row, code in found]


def _tablet(person: Facilitator, place: int, wanted: Wanted, rows: Rows, chance: Chance) -> None:
    """The second one has been silent for days, with something on it."""
    is_silent = place == 1
    rows.add(
        Device,
        id=chance.id(),
        user_id=person.id,
        name=TABLETS[place % len(TABLETS)],
        public_key=None,
        registered_at=wanted.now - chance.days(20, 50),
        last_seen_at=wanted.now - (chance.days(3, 4) if is_silent else chance.minutes(5, 300)),
        waiting_records=3 if is_silent else 0,
        receipts=0,
        revoked_at=None,
        revoked_by_id=None,
    )


def _held(
    author: Facilitator, duty: Duty, why: WhyHeld, day: dt.date, wanted: Wanted, rows: Rows, chance: Chance
) -> None:
    body = json.dumps(_visit(duty.code, day, wanted.now), ensure_ascii=False)
    _username, name = facilitator(author.number)
    rows.add(
        HeldRecord,
        id=chance.id(),
        city_code=duty.row.city_code,
        cooperative_id=duty.row.cooperative_id,
        author_id=author.id,
        record_id=chance.id(),
        kind=RecordKind.VISIT,
        v=1,
        base_sha256=None,
        body=body,
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        why=why,
        brought_by=name,
        held_at=wanted.now - chance.minutes(10, 200),
    )


def _visit(code: str, day: dt.date, written_at: dt.datetime) -> dict[str, Any]:
    return {
        "cooperative": code,
        "visited_on": day.isoformat(),
        "started": "09:00",
        "ended": "10:30",
        "mode": "tatap_muka",
        "purposes": ["tindak_lanjut"],
        "people_met": [{"name": f"Rahmat {DEMO}", "role": "ketua"}],
        "notes": "Buku kas bulan ini diperiksa bersama bendahara; dua kuitansi menyusul.",
        "place": None,
        "written_at": written_at.isoformat().replace("+00:00", "Z"),
        "answers": {"KL-01": {"value": "yes", "proof": "dokumen_dilihat", "note": ""}},
        "actions": [],
    }


def _handover(duty: Duty, successor: Facilitator, wanted: Wanted, rows: Rows, chance: Chance) -> None:
    last = wanted.until + NOTICE
    if last >= duty.row.ends_on:
        return
    rows.add(
        Handover,
        id=chance.id(),
        city_code=duty.row.city_code,
        cooperative_id=duty.row.cooperative_id,
        assignment_id=duty.row.id,
        former_id=duty.row.facilitator_id,
        successor_id=successor.id,
        ends_on=last,
        note="Pembagian koperasi disesuaikan dengan jarak tempat tinggal.",
        proposed_by_id=None,
        proposed_at=wanted.now - chance.days(1, 2),
        state=HandoverState.PROPOSED,
        answer="",
        answered_at=None,
        effective_at=None,
    )


def _cover(duty: Duty, cover: Facilitator, wanted: Wanted, rows: Rows, chance: Chance) -> None:
    first, last = wanted.until + ONE_DAY, wanted.until + dt.timedelta(days=7)
    if last > duty.row.ends_on:
        return
    rows.add(
        LeaveCover,
        id=chance.id(),
        city_code=duty.row.city_code,
        cooperative_id=duty.row.cooperative_id,
        assignment_id=duty.row.id,
        facilitator_id=cover.id,
        starts_on=first,
        ends_on=last,
        reason="Cuti tahunan",
        made_at=wanted.now - chance.days(1, 3),
    )

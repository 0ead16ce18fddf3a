"""Group activities of the real city, by the very verbs that people use: trainings of the first facilitators, with what
was agreed there, and a meeting that the agency called together, whose record was put right a day later.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.activities import service
from pendamping.activities.models import Activity, ActivityKind
from pendamping.activities.rules import Agreement, Presence, Terms
from pendamping.attachments.service import keep, receive
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.instruments.definition import OwnerRole
from pendamping.instruments.queries import PublishedInstrument
from pendamping.kernel.audit import Actor
from pendamping.kernel.bulk import ids_from
from pendamping.kernel.filestore import FileStore
from pendamping.operations.simulation import pictures
from pendamping.operations.simulation.cast import Facilitator
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import OfficeCalendar, at
from pendamping.operations.simulation.wanted import Wanted
from pendamping.plans.models import ActionUpdate
from pendamping.progress.service import refresh_standing

TRAININGS = (
    (
        ActivityKind.TRAINING,
        "Pembukuan kas harian dan rekonsiliasi",
        "Aula kecamatan",
        "Setiap bendahara mencatat transaksi sepekan dan mencocokkannya dengan saldo kas. Selisih dibahas bersama.",
        ("Cocokkan kas dengan buku setiap Sabtu, disaksikan dua pengurus", OwnerRole.TREASURER, 40),
    ),
    (
        ActivityKind.OUTREACH,
        "Mengajak warga menjadi anggota",
        "Balai kelurahan",
        "Pengurus berbagi cara mengajak warga. Simpanan pokok boleh dicicil menurut keputusan rapat masing-masing.",
        ("Buka meja pendaftaran anggota di gerai dua kali sepekan", OwnerRole.SECRETARY, 35),
    ),
)
"""Kind, topic, place, minutes, and what was agreed: title, whose, in how many days."""
MEETING = ("Persiapan RAT dan laporan tahunan", "Ruang rapat dinas", "Dinas menjelaskan jadwal RAT dan isi laporan.")
BEFORE_DAYS = (12, 26)
MOST_AT_MEETING = 12


@dataclass(frozen=True, slots=True)
class Gatherings:
    """What group activities are made with."""

    session: Session
    wanted: Wanted
    instruments: Sequence[PublishedInstrument]
    calendar: OfficeCalendar
    store: FileStore
    chance: Chance


def gather(made_with: Gatherings, head: User, staff: Sequence[Facilitator]) -> None:
    """The same rows each time, what the verbs leave on record among them; nothing where the time is too short."""
    with _named(made_with.session, made_with.chance):
        for (kind, topic, place, minutes, agreed), person in zip(TRAININGS, staff, strict=False):
            author = made_with.session.get_one(User, person.id)
            day = _day(made_with)
            present = _present(made_with, author, 8)
            if day is None or not present:
                continue
            terms = Terms(day, kind, place, topic, minutes, _came(made_with, present))
            title, owner, days = agreed
            agreements = [Agreement(title, owner, day + dt.timedelta(days=days))]
            _write_down(made_with, author, present, terms, agreements, photos=2)
            for each in present.values():
                refresh_standing(
                    made_with.session,
                    each,
                    made_with.instruments,
                    today=made_with.wanted.until,
                    now=made_with.wanted.now,
                )
        _meet(made_with, head)


def _meet(made_with: Gatherings, head: User) -> None:
    day, present = _day(made_with), _present(made_with, head, MOST_AT_MEETING)
    if day is None or not present:
        return
    topic, place, minutes = MEETING
    terms = Terms(day, ActivityKind.COORDINATION, place, topic, minutes, _came(made_with, present))
    activity_id = _write_down(made_with, head, present, terms, [], photos=0)
    first, *rest = terms.presences
    service.correct_activity(
        made_with.session,
        made_with.session.get_one(Activity, activity_id),
        replace(terms, presences=(replace(first, people=first.people + 1), *rest)),
        reason="Satu pengurus datang terlambat dan belum terhitung.",
        seen_number=1,
        step_id=made_with.chance.id(),
        cooperatives=present,
        **_who(head, at(day, dt.time(16))),
    )


def _write_down(
    made_with: Gatherings,
    author: User,
    present: Mapping[uuid.UUID, Cooperative],
    terms: Terms,
    agreements: Sequence[Agreement],
    *,
    photos: int,
) -> uuid.UUID:
    who = _who(author, at(terms.held_on, dt.time(15)))
    activity_id = made_with.chance.id()
    service.record_activity(
        made_with.session,
        activity_id,
        terms,
        cooperatives=present,
        agreements=agreements,
        photos=[_photo(made_with, terms, who) for _ in range(photos)],
        **who,
    )
    return activity_id


def _photo(made_with: Gatherings, terms: Terms, who: Mapping[str, Any]) -> uuid.UUID:
    taken_at = at(terms.held_on, dt.time(10)) + made_with.chance.minutes(5, 90)
    data = pictures.photo([terms.topic, f"{taken_at:%d-%m-%Y %H.%M} WITA"], taken_at, made_with.chance)
    id_ = made_with.chance.id()
    receive(
        made_with.session,
        id_,
        keep(made_with.store, data),
        uploader_id=who["author_id"],
        actor=who["actor"],
        now=who["now"],
    )
    return id_


def _who(author: User, now: dt.datetime) -> dict[str, Any]:
    return {"author_id": author.id, "actor": Actor(author.id, author.name), "now": now}


def _day(made_with: Gatherings) -> dt.date | None:
    """A working day of the last weeks."""
    last, first = (made_with.wanted.until - dt.timedelta(days=days) for days in BEFORE_DAYS)
    days = made_with.calendar.working_days(max(first, made_with.wanted.first), last)
    return made_with.chance.choice(days) if days else None


def _present(made_with: Gatherings, author: User, most: int) -> dict[uuid.UUID, Cooperative]:
    seen = visible_cooperatives(author, today=made_with.wanted.until).order_by(Cooperative.code)
    return {each.id: each for each in made_with.session.scalars(seen.limit(most))}


def _came(made_with: Gatherings, present: Mapping[uuid.UUID, Cooperative]) -> tuple[Presence, ...]:
    """In the order in which pages show them."""
    ordered = sorted(present.values(), key=lambda each: (each.short_name, each.id))
    return tuple(Presence(each.id, made_with.chance.randint(1, 4), "ketua, bendahara") for each in ordered)


@contextmanager
def _named(session: Session, chance: Chance) -> Iterator[None]:
    """Rows that verbs give no id of their own get one by chance, so that the same arguments make the same."""

    def name(session: Session, *_: object) -> None:
        for row in session.new:
            if isinstance(row, ActionUpdate):
                row.id = chance.id()

    event.listen(session, "before_flush", name)
    try:
        with ids_from(chance.id):
            yield
            session.flush()
    finally:
        event.remove(session, "before_flush", name)

"""The monthly reports of the real city's facilitators, by the very verbs that people use.

All months but the last have been approved. Of the last one each facilitator stands elsewhere: given back, waiting,
sent again after it was given back, or not sent at all.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.audit import Actor
from pendamping.kernel.bulk import ids_from
from pendamping.operations.simulation.cast import Facilitator
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import at, month_end, months
from pendamping.operations.simulation.wanted import Wanted
from pendamping.reports.monthly import service
from pendamping.reports.monthly.content import PhotoFact
from pendamping.reports.monthly.gather import spans_of
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus
from pendamping.reports.monthly.visit_photos import photos_of_visits
from pendamping.reports.monthly.words import photo_words

CLOSED_AFTER_DAYS = 14
"""What came in late came within a week; the head approves in the second one."""
OBSTACLES = (
    "Dua koperasi sulit ditemui karena pengurus bekerja pada hari kerja; kunjungan digeser ke sore hari.",
    "Bendahara belum sempat merekonsiliasi rekening; diminta bantuan pelatihan pembukuan.",
    "Hujan dan banjir pada pekan kedua membatalkan satu kunjungan.",
    "Kiriman beras dari Bulog terlambat, sehingga gerai tutup beberapa hari.",
)
PLANS = (
    "Menyelesaikan rekonsiliasi kas di semua koperasi dan menyiapkan RAT.",
    "Mendampingi pengajuan kemitraan LPG dan memeriksa izin yang hampir habis.",
    "Melatih dua bendahara bersama-sama, lalu memeriksa hasilnya dua pekan kemudian.",
)
REMARKS = (
    "Kunjungan berjalan sesuai jadwal.",
    "Sebagian kunjungan dilakukan dari jauh karena cuaca.",
    "",
)
ANSWERS = (
    "Terima kasih. Pelatihan pembukuan dijadwalkan bulan depan; sampaikan nama pesertanya.",
    "Laporan diterima. Keterlambatan beras kami tanyakan ke Bulog dan hasilnya kami kabarkan.",
    "Baik. Utamakan koperasi yang belum dikunjungi pada awal bulan depan.",
    "Disetujui. Temuan kas dibahas pada rapat evaluasi triwulan.",
)
REASONS = (
    "Kendala belum menyebut koperasi mana dan apa yang diminta dari dinas. Lengkapi lalu kirim lagi.",
    "Rencana bulan depan masih umum. Tulis tanggal dan tujuannya.",
)
PHOTOS_PICKED = 3
ADDED = "Nota pembelian yang disebut di atas sudah diterima dan cocok."


@dataclass(frozen=True, slots=True)
class Desk:
    """The head who answers, and the time until which things have happened."""

    session: Session
    head: User
    wanted: Wanted
    chance: Chance


Life = Callable[[Desk, User, dt.date], None]
"""What became of one report."""


def is_closed(month: dt.date, wanted: Wanted) -> bool:
    """Whether the head has had the time to approve a month, named by its first day."""
    return month_end(month) + dt.timedelta(days=CLOSED_AFTER_DAYS) < wanted.until


def write_reports(desk: Desk, staff: Sequence[Facilitator]) -> None:
    """Every month from the first to the last that is over, facilitator by facilitator; the same rows each time, what
    the verbs leave on record among them.
    """
    with ids_from(desk.chance.id):
        _write_all(desk, staff)
        desk.session.flush()


def _write_all(desk: Desk, staff: Sequence[Facilitator]) -> None:
    wanted = desk.wanted
    over = [month for month in months(wanted.first, wanted.until) if month_end(month) < wanted.until]
    for place, person in enumerate(staff):
        facilitator = desk.session.get_one(User, person.id)
        for month in over[:-1]:
            _report(desk, facilitator, month, _approved)
        for month in over[-1:]:
            _report(desk, facilitator, month, LAST_MONTH.get(place, _approved))


def _report(desk: Desk, facilitator: User, month: dt.date, live: Life) -> None:
    if spans_of(desk.session, facilitator.id, Month.of(month)):
        live(desk, facilitator, month)


def _sent(
    desk: Desk, facilitator: User, month: dt.date, at_: dt.datetime, *, seen: int = 0, plan: str = ""
) -> MonthlyReport | None:
    """None where its time has not come yet."""
    if at_ >= desk.wanted.now:
        return None
    chance = desk.chance
    words = {"kunjungan": chance.choice(REMARKS), "kendala": chance.choice(OBSTACLES), "rencana": plan}
    words["rencana"] = words["rencana"] or chance.choice(PLANS)
    return service.hand_in(
        desk.session,
        facilitator,
        Month.of(month),
        service.Written(words, _picked(desk, facilitator, Month.of(month))),
        note="",
        seen_revision=seen,
        actor=Actor(facilitator.id, facilitator.name),
        today=at_.date(),
        now=at_,
    )


def _picked(desk: Desk, facilitator: User, month: Month) -> list[PhotoFact]:
    """The first photo of each of the first visits that have some."""
    offered = photos_of_visits(desk.session, facilitator.id, month)
    of_visits = {(each.cooperative, each.on): each for each in reversed(offered)}
    chosen = sorted(of_visits.values(), key=lambda each: (each.on, each.cooperative))[:PHOTOS_PICKED]
    return [PhotoFact(str(each.attachment_id), photo_words(each)) for each in chosen]


def _sending_time(desk: Desk, month: dt.date) -> dt.datetime:
    """Most on the first days; one in seven a little late."""
    days = desk.chance.days(6, 7) if desk.chance.happens(1 / 7) else desk.chance.days(1, 5)
    return at(month_end(month), dt.time(9)) + days + desk.chance.minutes(0, 400)


def _approved(desk: Desk, facilitator: User, month: dt.date) -> None:
    sent_at = _sending_time(desk, month)
    report = _sent(desk, facilitator, month, sent_at)
    if desk.chance.happens(0.15):
        report = _returned(desk, facilitator, month, report, sent_at + dt.timedelta(hours=20), sends_again=True)
    answered_at = at(month_end(month), dt.time(9)) + desk.chance.days(9, 13) + desk.chance.minutes(0, 400)
    if report is None or report.status is not ReportStatus.SENT or answered_at >= desk.wanted.now:
        return
    answer = desk.chance.choice(ANSWERS)
    service.approve_report(
        desk.session,
        report,
        answer=answer,
        today=answered_at.date(),
        **_by(desk.head, report, answered_at),
    )
    added_at = answered_at + dt.timedelta(days=2)
    if desk.chance.happens(0.1) and added_at < desk.wanted.now:
        service.add_to_report(desk.session, report, ADDED, **_by(facilitator, report, added_at))


def _by(author: User, report: MonthlyReport, at_: dt.datetime) -> dict[str, Any]:
    return {"seen_revision": report.revision, "author": author, "actor": Actor(author.id, author.name), "now": at_}


def _returned(
    desk: Desk,
    facilitator: User,
    month: dt.date,
    report: MonthlyReport | None,
    at_: dt.datetime,
    *,
    sends_again: bool,
) -> MonthlyReport | None:
    if report is None or at_ >= desk.wanted.now:
        return report
    reason = desk.chance.choice(REASONS)
    service.return_report(desk.session, report, reason=reason, **_by(desk.head, report, at_))
    if not sends_again:
        return report
    plan = "Pekan pertama menyelesaikan rekonsiliasi kas, pekan ketiga menyiapkan RAT bersama pengurus."
    again_at = at_ + dt.timedelta(hours=26)
    return _sent(desk, facilitator, month, again_at, seen=report.revision, plan=plan) or report


def _given_back(desk: Desk, facilitator: User, month: dt.date) -> None:
    sent_at = _sending_time(desk, month)
    report = _sent(desk, facilitator, month, sent_at)
    _returned(desk, facilitator, month, report, sent_at + dt.timedelta(hours=27), sends_again=False)


def _waiting(desk: Desk, facilitator: User, month: dt.date) -> None:
    _sent(desk, facilitator, month, _sending_time(desk, month))


def _sent_again(desk: Desk, facilitator: User, month: dt.date) -> None:
    sent_at = _sending_time(desk, month)
    report = _sent(desk, facilitator, month, sent_at)
    _returned(desk, facilitator, month, report, sent_at + dt.timedelta(hours=22), sends_again=True)


def _never_sent(desk: Desk, facilitator: User, month: dt.date) -> None:
    """Begun, and left lying: late from the 6th."""
    begun_at = at(month_end(month), dt.time(9)) - dt.timedelta(days=2)
    service.write_report(
        desk.session,
        facilitator,
        Month.of(month),
        service.Written({"kendala": desk.chance.choice(OBSTACLES)}, ()),
        seen_revision=0,
        actor=Actor(facilitator.id, facilitator.name),
        today=begun_at.date(),
        now=begun_at,
    )


LAST_MONTH: Mapping[int, Life] = {0: _given_back, 1: _waiting, 2: _sent_again, 3: _never_sent}
"""By the facilitator's place in the city; the others' have been answered by now, if there was time."""

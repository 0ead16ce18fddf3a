"""Verbs of monthly reports: each is done once, however often it is sent, and those of one facilitator in turn."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.locks import locked
from pendamping.reports.monthly.content import (
    PhotoFact,
    ReportContent,
    as_json,
    changes_between,
    from_json,
    log_of_visits,
)
from pendamping.reports.monthly.due import is_over
from pendamping.reports.monthly.errors import (
    ForeignPhoto,
    LogMovedOn,
    MonthIsNotOver,
    NotApproved,
    NothingToReport,
    NotWaiting,
    ReportChanged,
    ReportIsClosed,
    TooManyPhotos,
    WordsNeeded,
)
from pendamping.reports.monthly.gather import Span, gathered, spans_of
from pendamping.reports.monthly.models import (
    MOST_PHOTOS,
    WITH_THE_FACILITATOR,
    MonthlyReport,
    MonthlyReportPhoto,
    MonthlyReportStep,
    ReportStatus,
    StepKind,
)
from pendamping.visits.corrections.service import lock_month
from pendamping.visits.service import keep_days_still, next_paper_number


@dataclass(frozen=True, slots=True)
class Written:
    """What a facilitator adds to the log: words by section, and photos in their order."""

    words: Mapping[str, str]
    photos: Sequence[PhotoFact]


def write_report(
    session: Session,
    facilitator: User,
    month: Month,
    written: Written,
    *,
    seen_revision: int,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> MonthlyReport:
    """Keep what the facilitator adds to the report on a month; the first time makes the report.

    Args:
        seen_revision: of the report that was on the page; 0 when there was none.

    Raises:
        NothingToReport: nobody was accompanied in that month, or it lies ahead.
        ReportChanged: the report changed since the page was opened, in another tab or on another tablet.
        ReportIsClosed: it has been sent.
        ForeignPhoto, TooManyPhotos: the photos do not hold.
    """
    keep_days_still(session, facilitator.id)
    spans = _spans(session, facilitator.id, month, today)
    report = report_on(session, facilitator.id, month)
    words = {section: text for section, text in written.words.items() if text}
    if report is None:
        if seen_revision:
            raise ReportChanged
        report = _new_report(facilitator, month, spans, words, now)
        session.add(report)
        session.flush()
        before: dict[str, object] | None = None
    else:
        if _says_the_same(session, report, words, written.photos):
            return report
        _refuse_stale(report, seen_revision)
        if report.status not in WITH_THE_FACILITATOR:
            raise ReportIsClosed
        before = {"words": report.words, "photos": [each.attachment_id for each in photos_of(session, report)]}
        report.words = words
        _turn(report, now)
    _put_photos(session, report, written.photos, facilitator)
    session.flush()
    after = {"revision": report.revision, "words": words, "photos": [each.attachment_id for each in written.photos]}
    audit.record(session, actor, "write_monthly_report", report, at=now, before=before, after=after)
    return report


def send_report(
    session: Session,
    report: MonthlyReport,
    *,
    note: str,
    seen_revision: int,
    author: User,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> MonthlyReportStep:
    """Hand the report in: what the log and its author say at this moment is frozen with it.

    Raises:
        MonthIsNotOver, NothingToReport, ReportChanged, ReportIsClosed: it cannot be sent now.
    """
    _hold(session, report)
    month = month_of(report)
    if (stored := _sent_before(session, report, StepKind.SENT, note, seen_revision, author)) is not None:
        return stored
    _refuse_stale(report, seen_revision)
    if report.status not in WITH_THE_FACILITATOR:
        raise ReportIsClosed
    if not is_over(month, today=today):
        raise MonthIsNotOver
    spans = _spans(session, report.facilitator_id, month, today)
    content = gathered(session, report.facilitator_id, month, spans, report=report, today=today)
    before = last_sent(session, report.id)
    changed = [each.section for each in changes_between(from_json(before.content or {}), content)] if before else []
    number = next_paper_number(session, report.city_code, report.year) if report.number is None else None
    status = report.status
    report.status, report.sent_at = ReportStatus.SENT, now
    if number is not None:
        report.number_year, report.number, report.first_sent_at = report.year, number, now
    _turn(report, now)
    return _put_down(
        session, report, StepKind.SENT, note, author, actor, now, was=status, content=content, changed=changed
    )


def hand_in(
    session: Session,
    facilitator: User,
    month: Month,
    written: Written,
    *,
    note: str,
    seen_revision: int,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> MonthlyReport:
    """Keep what stands on the page and send it, both or neither.

    Raises:
        As `write_report` and `send_report`.
    """
    if not is_over(month, today=today):
        raise MonthIsNotOver
    kept = write_report(
        session, facilitator, month, written, seen_revision=seen_revision, actor=actor, today=today, now=now
    )
    if kept.status in WITH_THE_FACILITATOR:  # else a second tap has sent the same again
        send_report(
            session,
            kept,
            note=note,
            seen_revision=kept.revision,
            author=facilitator,
            actor=actor,
            today=today,
            now=now,
        )
    return kept


def take_back(
    session: Session, report: MonthlyReport, *, seen_revision: int, author: User, actor: Actor, now: dt.datetime
) -> MonthlyReportStep:
    """The facilitator takes a report back that nobody has answered yet, to change it.

    Raises:
        NotWaiting: it is not on the head's desk.  ReportChanged: see `write_report`.
    """
    _hold(session, report)
    if (stored := _sent_before(session, report, StepKind.TAKEN_BACK, "", seen_revision, author)) is not None:
        return stored
    _refuse_unless_waiting(report, seen_revision)
    report.status = ReportStatus.DRAFT
    _turn(report, now)
    return _put_down(session, report, StepKind.TAKEN_BACK, "", author, actor, now, was=ReportStatus.SENT)


def return_report(
    session: Session,
    report: MonthlyReport,
    *,
    reason: str,
    seen_revision: int,
    author: User,
    actor: Actor,
    now: dt.datetime,
) -> MonthlyReportStep:
    """The head gives a report back to be changed.

    Raises:
        WordsNeeded: without a reason.  NotWaiting, ReportChanged: somebody was faster.
    """
    _hold(session, report)
    if (stored := _sent_before(session, report, StepKind.RETURNED, reason, seen_revision, author)) is not None:
        return stored
    if not reason.strip():
        raise WordsNeeded
    _refuse_unless_waiting(report, seen_revision)
    report.status = ReportStatus.RETURNED
    _turn(report, now)
    return _put_down(session, report, StepKind.RETURNED, reason, author, actor, now, was=ReportStatus.SENT)


def approve_report(
    session: Session,
    report: MonthlyReport,
    *,
    answer: str,
    seen_revision: int,
    author: User,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> MonthlyReportStep:
    """The head approves a report with an answer; its month is locked from now on, for whichever way a visit comes in.

    Raises:
        WordsNeeded: without an answer.
        NotWaiting, ReportChanged: somebody was faster.
        LogMovedOn: the visits of the month are no longer those that the report names; locking them would give one month
            two truths.
    """
    _hold(session, report)
    if (stored := _sent_before(session, report, StepKind.APPROVED, answer, seen_revision, author)) is not None:
        return stored
    if not answer.strip():
        raise WordsNeeded
    _refuse_unless_waiting(report, seen_revision)
    if has_moved_on(session, report, today=today):
        raise LogMovedOn
    report.status = ReportStatus.APPROVED
    _turn(report, now)
    step = _put_down(session, report, StepKind.APPROVED, answer, author, actor, now, was=ReportStatus.SENT)
    facilitator = session.get_one(User, report.facilitator_id)
    lock_month(session, facilitator, month_of(report).first_day, actor=actor, now=now)
    return step


def add_to_report(
    session: Session,
    report: MonthlyReport,
    text: str,
    *,
    seen_revision: int,
    author: User,
    actor: Actor,
    now: dt.datetime,
) -> MonthlyReportStep:
    """Add words to an approved report; nothing of it changes.

    Raises:
        NotApproved: it still can be changed itself.  WordsNeeded: there is nothing to add.
    """
    _hold(session, report)
    if (stored := _sent_before(session, report, StepKind.ADDENDUM, text, seen_revision, author)) is not None:
        return stored
    if not text.strip():
        raise WordsNeeded
    if report.status is not ReportStatus.APPROVED:
        raise NotApproved
    _refuse_stale(report, seen_revision)
    _turn(report, now)
    return _put_down(session, report, StepKind.ADDENDUM, text, author, actor, now, was=ReportStatus.APPROVED)


def report_on(session: Session, facilitator_id: uuid.UUID, month: Month) -> MonthlyReport | None:
    return session.scalar(
        select(MonthlyReport).where(
            MonthlyReport.facilitator_id == facilitator_id,
            MonthlyReport.year == month.year,
            MonthlyReport.month == month.number,
        )
    )


def month_of(report: MonthlyReport) -> Month:
    return Month(report.year, report.month)


def last_sent(session: Session, report_id: uuid.UUID) -> MonthlyReportStep | None:
    """The last sending, with what the report said then."""
    sent = select(MonthlyReportStep).where(
        MonthlyReportStep.report_id == report_id, MonthlyReportStep.kind == StepKind.SENT
    )
    return session.scalar(sent.order_by(MonthlyReportStep.number.desc()).limit(1))


def photos_of(session: Session, report: MonthlyReport) -> list[PhotoFact]:
    rows = session.scalars(
        select(MonthlyReportPhoto)
        .where(MonthlyReportPhoto.report_id == report.id)
        .order_by(MonthlyReportPhoto.position)
    )
    return [PhotoFact(str(row.attachment_id), row.caption) for row in rows]


def has_moved_on(session: Session, report: MonthlyReport, *, today: dt.date) -> bool:
    """Whether visits have come in, or were put right, since a report was sent that names others."""
    sent = last_sent(session, report.id)
    if sent is None:
        return False
    month = month_of(report)
    spans = spans_of(session, report.facilitator_id, month)
    now_on_record = gathered(session, report.facilitator_id, month, spans, report=report, today=today)
    return log_of_visits(from_json(sent.content or {})) != log_of_visits(now_on_record)


def _spans(session: Session, facilitator_id: uuid.UUID, month: Month, today: dt.date) -> list[Span]:
    spans = spans_of(session, facilitator_id, month)
    if not spans or month > Month.of(today):
        raise NothingToReport
    return spans


def _new_report(
    facilitator: User, month: Month, spans: Sequence[Span], words: Mapping[str, str], now: dt.datetime
) -> MonthlyReport:
    """Numbered and overseen in the city where the facilitator accompanied most; in life there is one."""
    cities = [span.city_code for span in spans]
    return MonthlyReport(
        id=uuid.uuid5(facilitator.id, f"laporan:{month}"),
        city_code=max(sorted(set(cities)), key=cities.count),
        facilitator_id=facilitator.id,
        year=month.year,
        month=month.number,
        status=ReportStatus.DRAFT,
        words=dict(words),
        revision=1,
        created_at=now,
        updated_at=now,
    )


def _hold(session: Session, report: MonthlyReport) -> None:
    """Nobody else changes the report, or a visit of its facilitator, from now on; the report is read again."""
    keep_days_still(session, report.facilitator_id)
    locked(session, MonthlyReport, report.id)


def _turn(report: MonthlyReport, now: dt.datetime) -> None:
    report.revision += 1
    report.updated_at = now


def _refuse_stale(report: MonthlyReport, seen_revision: int) -> None:
    if report.revision != seen_revision:
        raise ReportChanged


def _refuse_unless_waiting(report: MonthlyReport, seen_revision: int) -> None:
    _refuse_stale(report, seen_revision)
    if report.status is not ReportStatus.SENT:
        raise NotWaiting


def _sent_before(
    session: Session, report: MonthlyReport, kind: StepKind, text: str, seen_revision: int, author: User
) -> MonthlyReportStep | None:
    """The step that a second tap on the same page has sent again."""
    return session.scalar(
        select(MonthlyReportStep).where(
            MonthlyReportStep.report_id == report.id,
            MonthlyReportStep.kind == kind,
            MonthlyReportStep.text == text,
            MonthlyReportStep.revision == seen_revision + 1,
            MonthlyReportStep.author_id == author.id,
        )
    )


def _says_the_same(
    session: Session, report: MonthlyReport, words: Mapping[str, str], photos: Sequence[PhotoFact]
) -> bool:
    return report.words == words and photos_of(session, report) == list(photos)


def _put_photos(session: Session, report: MonthlyReport, photos: Sequence[PhotoFact], facilitator: User) -> None:
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=str(MOST_PHOTOS))
    ids = [uuid.UUID(each.attachment_id) for each in photos]
    own = session.scalar(select(func.count()).where(Attachment.id.in_(ids), Attachment.uploader_id == facilitator.id))
    if own != len(set(ids)) or len(set(ids)) != len(ids):
        raise ForeignPhoto
    session.execute(delete(MonthlyReportPhoto).where(MonthlyReportPhoto.report_id == report.id))
    session.add_all(
        MonthlyReportPhoto(
            report_id=report.id,
            position=position,
            city_code=report.city_code,
            attachment_id=id_,
            caption=photo.caption,
        )
        for position, (id_, photo) in enumerate(zip(ids, photos, strict=True))
    )


def _put_down(
    session: Session,
    report: MonthlyReport,
    kind: StepKind,
    text: str,
    author: User,
    actor: Actor,
    now: dt.datetime,
    *,
    was: ReportStatus,
    content: ReportContent | None = None,
    changed: Sequence[str] = (),
) -> MonthlyReportStep:
    last = session.scalar(select(func.max(MonthlyReportStep.number)).where(MonthlyReportStep.report_id == report.id))
    step = MonthlyReportStep(
        id=uuid.uuid5(report.id, str((last or 0) + 1)),
        city_code=report.city_code,
        report_id=report.id,
        number=(last or 0) + 1,
        kind=kind,
        text=text,
        content=as_json(content) if content else None,
        changed=list(changed),
        revision=report.revision,
        author_id=author.id,
        made_at=now,
    )
    session.add(step)
    session.flush()
    after = {"status": report.status, "revision": report.revision, "step": step.number, "words": text}
    verb = {
        StepKind.SENT: "send_monthly_report",
        StepKind.TAKEN_BACK: "take_back_monthly_report",
        StepKind.RETURNED: "return_monthly_report",
        StepKind.APPROVED: "approve_monthly_report",
        StepKind.ADDENDUM: "add_to_monthly_report",
    }[kind]
    audit.record(session, actor, verb, report, at=now, before={"status": was}, after=after)
    return step

"""Verbs of documents and monthly figures. Nothing is overwritten: a renewal and a change are further rows."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import (
    Cooperative,
    Document,
    DocumentKind,
    MonthlyFigures,
)
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.queries import FiguresRevision, figures_of, latest_figures
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_

LAST_DIGITS = re.compile(r"[0-9]{4}")
LONG_NUMBER = re.compile(r"(?:[0-9][ .-]?){6,}")


class DocumentConflict(DomainError):
    code = "document_conflict"
    explanation = N_("Dokumen dengan nomor ini sudah tersimpan. Yang tersimpan tidak diubah.")


class DocumentIsClosed(DomainError):
    code = "document_is_closed"
    explanation = N_("Dokumen ini sudah diganti atau ditarik.")


class FullAccountNumber(DomainError):
    code = "full_account_number"
    status = 400
    explanation = N_("Nomor rekening lengkap tidak disimpan: tulis 4 angka terakhirnya saja.")


class DocumentRunsBackward(DomainError):
    code = "document_runs_backward"
    status = 400
    explanation = N_("Tanggal habis berlaku lebih awal daripada tanggal terbit.")


class MonthHasNotBegun(DomainError):
    code = "month_has_not_begun"
    status = 400
    explanation = N_("Bulan ini belum tiba, jadi belum ada angkanya.")


class FiguresChanged(DomainError):
    code = "figures_changed"
    explanation = N_("Angka bulan ini baru saja diubah orang lain. Periksa riwayatnya di bawah, lalu simpan lagi.")


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A paper as somebody describes it; `number` of an account is its last four digits."""

    kind: DocumentKind
    title: str
    number: str
    issued_on: dt.date | None
    expires_on: dt.date | None


def add_document(
    session: Session,
    cooperative: Cooperative,
    document_id: uuid.UUID,
    new: NewDocument,
    *,
    attachment_id: uuid.UUID | None,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> tuple[Document, bool]:
    """Put a paper on the cooperative's list, once, however often the form is sent.

    Args:
        attachment_id: its file, which the caller has claimed for the cooperative.

    Returns:
        The document, and True if this call made it.

    Raises:
        DocumentConflict: the id belongs to another cooperative's document.
        FullAccountNumber: it would store more of an account's number than its last four digits.
        DocumentRunsBackward: it would end before it was issued.
    """
    stored = session.get(Document, document_id)
    if stored is not None:
        if stored.cooperative_id != cooperative.id:
            raise DocumentConflict
        return stored, False
    _refuse_unsound(new)
    document = Document(
        id=document_id,
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        attachment_id=attachment_id,
        added_by_id=author_id,
        added_at=now,
        **{each.name: getattr(new, each.name) for each in fields(NewDocument)},
    )
    session.add(document)
    session.flush()
    after = {"cooperative": cooperative.code, "kind": new.kind, "title": new.title, "expires_on": new.expires_on}
    audit.record(session, actor, "add_document", document, at=now, after=after)
    return document, True


def _refuse_unsound(new: NewDocument) -> None:
    if new.kind is DocumentKind.ACCOUNT and tells_account_number(new):
        raise FullAccountNumber
    if new.issued_on and new.expires_on and new.expires_on < new.issued_on:
        raise DocumentRunsBackward


def tells_account_number(new: NewDocument) -> bool:
    """Whether more than the last four digits of an account's number would be stored, in its place or in the title."""
    return bool((new.number and not LAST_DIGITS.fullmatch(new.number)) or LONG_NUMBER.search(new.title))


def replace_document(session: Session, old: Document, by: Document, *, actor: Actor, now: dt.datetime) -> None:
    """A renewal takes the old paper's place; the old row stays and names it. Saying so twice changes nothing.

    Raises:
        DocumentConflict: it is the same paper.
        DocumentIsClosed: one of them was replaced by another, or withdrawn.
    """
    if old.id == by.id:
        raise DocumentConflict
    locked(session, Document, old.id)
    if old.replaced_by_id == by.id:
        return
    if any(each.replaced_by_id or each.withdrawn_at for each in (old, by)):
        raise DocumentIsClosed
    old.replaced_by_id = by.id
    session.flush()
    audit.record(
        session,
        actor,
        "replace_document",
        old,
        at=now,
        before={"replaced_by_id": None},
        after={"replaced_by_id": by.id},
    )


def withdraw_document(session: Session, document: Document, *, actor: Actor, now: dt.datetime) -> None:
    """A paper leaves the list because it was entered by mistake or holds no longer; the row stays.

    Raises:
        DocumentIsClosed: another has taken its place.
    """
    locked(session, Document, document.id)
    if document.withdrawn_at:
        return
    if document.replaced_by_id:
        raise DocumentIsClosed
    document.withdrawn_at = now
    session.flush()
    audit.record(
        session,
        actor,
        "withdraw_document",
        document,
        at=now,
        before={"withdrawn_at": None},
        after={"withdrawn_at": now},
    )


def record_figures(
    session: Session,
    cooperative: Cooperative,
    month: Month,
    figures: Figures,
    *,
    seen_revision: int,
    author_id: uuid.UUID,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> MonthlyFigures | None:
    """Add a revision of a month's figures.

    Args:
        seen_revision: the one that the author had before their eyes; 0 where there was none.

    Returns:
        The new revision, or None where nothing differs from the latest.

    Raises:
        MonthHasNotBegun: the month lies in the future.
        FiguresChanged: somebody else has changed them since.
    """
    if month > Month.of(today):
        raise MonthHasNotBegun
    before = held_figures(session, cooperative, month)
    row = revise(
        session, cooperative, month, figures, before, seen_revision=seen_revision, author_id=author_id, now=now
    )
    if row is not None:
        said = values_of(before.figures) if before else None
        audit.record(session, actor, "record_figures", row, at=now, before=said, after=told(cooperative, row))
    return row


def held_figures(session: Session, cooperative: Cooperative, month: Month) -> FiguresRevision | None:
    """The latest figures, for one who changes them: both of two at once would add the same revision otherwise."""
    locked(session, Cooperative, cooperative.id)
    return latest_figures(session, cooperative.id, month)


def revise(
    session: Session,
    cooperative: Cooperative,
    month: Month,
    figures: Figures,
    latest: FiguresRevision | None,
    *,
    seen_revision: int,
    author_id: uuid.UUID,
    now: dt.datetime,
) -> MonthlyFigures | None:
    """Add a revision to figures that are held; None where nothing differs. The caller puts it on record.

    Raises:
        FiguresChanged: the author had others before their eyes.
    """
    if figures == (latest.figures if latest else Figures()):
        return None
    revision = latest.revision if latest else 0
    if revision != seen_revision:
        raise FiguresChanged
    row = MonthlyFigures(
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        year=month.year,
        month=month.number,
        revision=revision + 1,
        author_id=author_id,
        recorded_at=now,
        **values_of(figures),
    )
    session.add(row)
    session.flush()
    return row


def told(cooperative: Cooperative, row: MonthlyFigures) -> dict[str, object]:
    """What the audit log says of a revision."""
    month = Month(row.year, row.month)
    return {
        "cooperative": cooperative.code,
        "month": str(month),
        "revision": row.revision,
        **values_of(figures_of(row)),
    }


def values_of(figures: Figures) -> dict[str, int | None]:
    return {each.name: getattr(figures, each.name) for each in fields(Figures)}

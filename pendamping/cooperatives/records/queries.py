"""What pages read of documents and monthly figures."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Document, DocumentKind, MonthlyFigures
from pendamping.cooperatives.proposals.models import FiguresProposal
from pendamping.cooperatives.records.expiry import Expiry, expiry_of
from pendamping.cooperatives.records.figures import Figures, Month

DOCUMENTS_SHOWN = 50
REVISIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as lists show it; `is_open` until it is replaced or withdrawn."""

    id: uuid.UUID
    kind: DocumentKind
    title: str
    number: str
    issued_on: dt.date | None
    expires_on: dt.date | None
    expiry: Expiry
    attachment_id: uuid.UUID | None
    added_by: str
    added_at: dt.datetime
    replaced_by_id: uuid.UUID | None
    withdrawn_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        return self.replaced_by_id is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class FiguresRevision:
    """A month's figures as somebody recorded them."""

    month: Month
    revision: int
    figures: Figures
    author_name: str
    recorded_at: dt.datetime


def documents_of(session: Session, cooperative_id: uuid.UUID, *, today: dt.date) -> list[DocumentView]:
    """The papers that stand for something now, those that end first before those without an end."""
    query = _documents(cooperative_id).where(Document.replaced_by_id.is_(None), Document.withdrawn_at.is_(None))
    # NULLS LAST is spelt out: the databases differ in where they put them.
    query = query.order_by(Document.expires_on.is_(None), Document.expires_on, Document.kind, Document.title)
    return [_view(*row, today) for row in session.execute(query.limit(DOCUMENTS_SHOWN))]


def all_documents_of(session: Session, cooperative_id: uuid.UUID, *, today: dt.date) -> list[DocumentView]:
    """Every paper there ever was, replaced and withdrawn ones too, the newest first."""
    query = _documents(cooperative_id).order_by(Document.added_at.desc(), Document.id)
    return [_view(*row, today) for row in session.execute(query)]


def _documents(cooperative_id: uuid.UUID) -> Select[Document, str]:
    joined = select(Document, User.name).join(User, User.id == Document.added_by_id)
    return joined.where(Document.cooperative_id == cooperative_id)


def _view(document: Document, added_by: str, today: dt.date) -> DocumentView:
    return DocumentView(
        id=document.id,
        kind=document.kind,
        title=document.title,
        number=document.number,
        issued_on=document.issued_on,
        expires_on=document.expires_on,
        expiry=expiry_of(document.expires_on, today=today),
        attachment_id=document.attachment_id,
        added_by=added_by,
        added_at=document.added_at,
        replaced_by_id=document.replaced_by_id,
        withdrawn_at=document.withdrawn_at,
    )


def document_of(session: Session, cooperative_id: uuid.UUID, document_id: uuid.UUID) -> Document | None:
    """One of a cooperative's documents, open or not; None for another cooperative's."""
    query = select(Document).where(Document.id == document_id, Document.cooperative_id == cooperative_id)
    return session.scalar(query)


def latest_figures(session: Session, cooperative_id: uuid.UUID, month: Month) -> FiguresRevision | None:
    found = revisions_of(session, cooperative_id, month, limit=1)
    return found[0] if found else None


def revisions_of(
    session: Session, cooperative_id: uuid.UUID, month: Month, *, limit: int = REVISIONS_SHOWN
) -> list[FiguresRevision]:
    """What was recorded for one month, the newest first."""
    query = (
        _revisions(cooperative_id)
        .where(MonthlyFigures.year == month.year, MonthlyFigures.month == month.number)
        .order_by(MonthlyFigures.revision.desc())
        .limit(limit)
    )
    return [_revision(*row) for row in session.execute(query)]


def figures_between(session: Session, cooperative_id: uuid.UUID, first: Month, last: Month) -> list[FiguresRevision]:
    """The latest revision of each month from `first` to `last`, the newest month first; empty months are absent."""
    query = _revisions(cooperative_id).where(month_index().between(first.index, last.index), is_latest_revision())
    query = query.order_by(MonthlyFigures.year.desc(), MonthlyFigures.month.desc())
    return [_revision(*row) for row in session.execute(query)]


def figures_before(session: Session, cooperative_id: uuid.UUID, month: Month) -> FiguresRevision | None:
    """The latest revision of the nearest month before `month` that has any."""
    query = _revisions(cooperative_id).where(month_index() < month.index)
    query = query.order_by(
        MonthlyFigures.year.desc(), MonthlyFigures.month.desc(), MonthlyFigures.revision.desc()
    ).limit(1)
    row = session.execute(query).first()
    return _revision(*row) if row else None


def _revisions(cooperative_id: uuid.UUID) -> Select[MonthlyFigures, str]:
    joined = select(MonthlyFigures, User.name).join(User, User.id == MonthlyFigures.author_id)
    return joined.where(MonthlyFigures.cooperative_id == cooperative_id)


def month_index() -> ColumnElement[int]:
    """`Month.index` of a row of figures."""
    return MonthlyFigures.year * 12 + MonthlyFigures.month - 1


def is_latest_revision() -> ColumnElement[bool]:
    """That a row of figures is what is known of its month now: no later revision has taken its place."""
    later = aliased(MonthlyFigures)
    return ~exists().where(
        later.cooperative_id == MonthlyFigures.cooperative_id,
        later.year == MonthlyFigures.year,
        later.month == MonthlyFigures.month,
        later.revision > MonthlyFigures.revision,
    )


def _revision(row: MonthlyFigures, author_name: str) -> FiguresRevision:
    return FiguresRevision(Month(row.year, row.month), row.revision, figures_of(row), author_name, row.recorded_at)


def figures_of(row: MonthlyFigures | FiguresProposal) -> Figures:
    return Figures(
        members=row.members,
        savings_idr=row.savings_idr,
        turnover_idr=row.turnover_idr,
        surplus_idr=row.surplus_idr,
        cashless_percent=row.cashless_percent,
    )


def latest_row(session: Session, cooperative_id: uuid.UUID, month: Month) -> MonthlyFigures:
    """The latest revision itself, of a month that has one."""
    query = select(MonthlyFigures).where(
        MonthlyFigures.cooperative_id == cooperative_id,
        MonthlyFigures.year == month.year,
        MonthlyFigures.month == month.number,
    )
    return session.scalars(query.order_by(MonthlyFigures.revision.desc()).limit(1)).one()

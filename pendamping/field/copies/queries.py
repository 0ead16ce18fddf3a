"""What the page reads of files that were brought in."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.field.copies.models import CopyImport, Signature

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ImportLine:
    author_name: str
    brought_by: str
    signature: Signature
    records: int
    stored: int
    held: int
    refused: int
    files: int
    imported_at: dt.datetime


def last_imports(session: Session, authors: Select[User]) -> list[ImportLine]:
    """The last files of these authors that were brought in, the newest first."""
    named = authors.with_only_columns(User.id, User.name).subquery()
    rows = session.execute(
        select(
            named.c.name,
            CopyImport.brought_by,
            CopyImport.signature,
            CopyImport.records,
            CopyImport.stored,
            CopyImport.held,
            CopyImport.refused,
            CopyImport.files,
            CopyImport.imported_at,
        )
        .join(named, named.c.id == CopyImport.author_id)
        .order_by(CopyImport.imported_at.desc(), CopyImport.id)
        .limit(SHOWN)
    )
    return [ImportLine(*tuple(row)) for row in rows]

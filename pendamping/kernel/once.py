"""What is sent twice is stored once: a form brings the id of the row that it makes, made with its page."""

import uuid
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from pendamping.kernel.errors import DomainError
from pendamping.kernel.tables import Base
from pendamping.kernel.words import N_

Row = TypeVar("Row", bound=Base)


class SentByAnother(DomainError):
    code = "sent_by_another"
    explanation = N_("Nomor isian ini sudah dipakai kiriman lain. Buka halamannya lagi, lalu kirim dari sana.")


def sent_before(session: Session, model: type[Row], id_: uuid.UUID | None, **own: Any) -> Row | None:
    """The row that the same form has made already.

    Args:
        own: columns by which it is known to be the same sender's.

    Raises:
        SentByAnother: the id stands for somebody else's row.
    """
    stored = session.get(model, id_) if id_ else None
    if stored is not None and any(getattr(stored, name) != value for name, value in own.items()):
        raise SentByAnother
    return stored

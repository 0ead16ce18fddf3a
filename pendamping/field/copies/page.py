"""Whose a copied queue is."""

import uuid

from sqlalchemy import Select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.errors import DomainError
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_


class UnknownAuthor(DomainError):
    code = "unknown_author"
    status = 422
    explanation = N_("Penulis salinan ini tidak dikenal, atau bukan pendamping di wilayah Anda.")


def author_among(session: Session, people: Select[User], author_id: uuid.UUID) -> User:
    """The facilitator whom a file names, whether the account is open or closed.

    Raises:
        UnknownAuthor: nobody of these people is.
    """
    found = session.scalar(people.where(User.id == author_id, User.role == Role.FACILITATOR))
    if found is None:
        raise UnknownAuthor
    return found

"""Rows that a transaction keeps to itself: locked, and read anew once the lock is had.

Without the second a row that was read before the wait would stay as it was, and what the other has stored meanwhile
would be overwritten.
"""

from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Select
from sqlalchemy.orm import Session, SessionTransaction

from pendamping.kernel.tables import Base

Row = TypeVar("Row", bound=Base)
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])

_locked: WeakKeyDictionary[SessionTransaction, set[tuple[type[Base], Any]]] = WeakKeyDictionary()
"""What each transaction and each savepoint has locked; forgotten together with it."""


def locked(session: Session, model: type[Row], key: Any, *, key_share: bool = False) -> Row:
    """A row as it is now, which nobody else changes until this transaction ends. Asked for again it costs no statement:
    what is locked stays so, except for what was locked inside a savepoint that was rolled back.

    Args:
        key_share: others may still refer to the row.

    Raises:
        NoResultFound: there is none.
    """
    row = locked_if_there(session, model, key, key_share=key_share)
    return session.get_one(model, key) if row is None else row


def locked_if_there(session: Session, model: type[Row], key: Any, *, key_share: bool = False) -> Row | None:
    """The same of a row that may not exist; what does not exist cannot be locked."""
    if session.get_bind().dialect.name == "sqlite":  # a transaction that writes has the whole database to itself
        return session.get(model, key)
    each = _innermost(session)
    while each is not None:
        if (model, key) in _locked.get(each, ()):
            return session.get(model, key)
        each = each.parent
    row = session.get(model, key, with_for_update={"key_share": key_share}, populate_existing=True)
    if row is not None and (innermost := _innermost(session)) is not None:
        _locked.setdefault(innermost, set()).add((model, key))
    return row


def locking(query: Query, *, of: type[Base] | None = None) -> Query:
    """A query whose rows are locked and read anew in the order in which it names them.

    Args:
        of: whose rows, where the query joins others.
    """
    return query.with_for_update(of=of).execution_options(populate_existing=True)


def _innermost(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()

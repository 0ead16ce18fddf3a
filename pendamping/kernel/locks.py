"""Rows that a transaction keeps to itself."""

from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session, SessionTransaction

from pendamping.kernel.tables import Base

Row = TypeVar("Row", bound=Base)

_locked: WeakKeyDictionary[SessionTransaction, set[tuple[type[Base], Any]]] = WeakKeyDictionary()
"""What each transaction and each savepoint has locked; forgotten together with it."""


def locked(session: Session, model: type[Row], key: Any, *, key_share: bool = False) -> Row:
    """A row as it is now, which nobody else changes until this transaction ends. Asked for again it costs no statement:
    what is locked stays so, except for what was locked inside a savepoint that was rolled back.

    Args:
        key_share: others may still refer to the row.
    """
    if session.get_bind().dialect.name == "sqlite":  # a transaction that writes has the whole database to itself
        return session.get_one(model, key)
    each = _innermost(session)
    while each is not None:
        if (model, key) in _locked.get(each, ()):
            return session.get_one(model, key)
        each = each.parent
    row = session.get_one(model, key, with_for_update={"key_share": key_share}, populate_existing=True)
    if (innermost := _innermost(session)) is not None:
        _locked.setdefault(innermost, set()).add((model, key))
    return row


def _innermost(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()

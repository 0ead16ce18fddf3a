"""Breaks the database's rules one by one. Each feature's `test_constraints.py` says how, in a table called `BROKEN`."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, UniqueConstraint, delete, insert, literal_column, update
from sqlalchemy.exc import IntegrityError

from pendamping.kernel.tables import Base
from tests.make import Make

Breaking = Callable[[Make], object]
"""Does one thing that one constraint or guard must refuse."""

Broken = Mapping[str, Breaking]
"""By the name of the constraint or guard that refuses it."""


def add_row(make: Make, model: type[Base], **values: object) -> None:
    """Insert as a program would that knows nothing of our services."""
    make.session.execute(insert(model).values(**values))


def raw(text: str) -> ColumnElement[str]:
    """A text that reaches the database although the enum in Python does not know it."""
    return literal_column(f"'{text}'")


def rewrites(model: type[Base], **values: Any) -> Breaking:
    return lambda make: make.session.execute(update(model).values(**values))


def removes(model: type[Base]) -> Breaking:
    return lambda make: make.session.execute(delete(model))


def after(add: Breaking, then: Breaking) -> Breaking:
    """What `then` breaks is there by `add`."""

    def both(make: Make) -> None:
        add(make)
        then(make)

    return both


def misjudged(make: Make, broken: Broken) -> dict[str, str]:
    """What of the table the database accepted, or refused for another reason than the one it is to give."""
    found = {}
    for name, breaking in broken.items():
        try:
            with make.session.begin_nested():
                breaking(make)
                make.session.flush()
        except IntegrityError as error:
            said = str(error.orig)
            if not re.search(_reason(name, make.session.get_bind().dialect.name), said):
                found[name] = said
        else:
            found[name] = "accepted"
    return found


def _reason(name: str, dialect: str) -> str:
    """What the database says when it refuses: the name, except where SQLite knows none."""
    if dialect == "sqlite" and name.startswith("fk_"):
        return "FOREIGN KEY constraint failed"
    if dialect == "sqlite" and name.startswith("uq_"):
        return "UNIQUE constraint failed: " + re.escape(_columns_of(name))
    return rf"\b{name.partition(':')[0]}\b"


def _columns_of(name: str) -> str:
    (unique,) = (each for each in _uniques() if each.name == name)
    assert isinstance(unique.table, Table)
    return ", ".join(f"{unique.table.name}.{column.name}" for column in unique.columns)


def _uniques() -> list[UniqueConstraint]:
    constraints = (each for table in Base.metadata.tables.values() for each in table.constraints)
    return [each for each in constraints if isinstance(each, UniqueConstraint)]

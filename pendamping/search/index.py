"""What is searched, and how each database keeps the index of it by itself. Pure: names and statements.

PostgreSQL indexes an expression over each table. SQLite has one full-text table, filled by triggers. Migrations make
both from here; whoever changes a source takes the index down and puts it up in a migration of its own.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


class Source(enum.StrEnum):
    """What a row of the index stands for: a table of the product."""

    COOPERATIVE = "cooperative"
    OFFICER = "officer"
    ACCOUNT = "user"
    VISIT = "visit"
    NOTE = "answer"
    ACTION = "action"
    ADDENDUM = "monthly_report_step"
    DISTRICT = "region"


COLUMNS: Mapping[Source, tuple[str, ...]] = {
    Source.COOPERATIVE: ("code", "short_name", "legal_name"),
    Source.OFFICER: ("name",),
    Source.ACCOUNT: ("name",),
    Source.VISIT: ("notes",),
    Source.NOTE: ("note",),
    Source.ACTION: ("title", "done_when", "owner_name"),
    Source.ADDENDUM: ("text",),
    Source.DISTRICT: ("display_name", "name"),
}
"""Whose words find a row."""
ONLY: Mapping[Source, str] = {
    Source.NOTE: "{of}note <> ''",
    Source.ADDENDUM: "{of}kind = 'tambahan'",
    Source.DISTRICT: "{of}kind = 'district'",
}
"""Of which rows alone, which never become others; of all where nothing is said."""
KEYS: Mapping[Source, str] = {Source.DISTRICT: "code"}
"""What names a row where it is not its `id`."""

ENTRIES, WORDS = "search_entry", "search_words"
"""SQLite's table of texts, and the full-text table over it, which has four further tables of its own."""
PREFIX = "search_"
"""What everything of the index is called by, on either database."""


def is_of_the_product(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether the models should know a table or index: all but those of the search. For Alembic's `include_name`."""
    return kind not in ("table", "index") or not (name or "").startswith(PREFIX)


def document(source: Source, *, of: str = "") -> str:
    """The text of a row, as an SQL expression.  of: what goes before each column, such as `NEW.`."""
    return " || ' ' || ".join(f"{of}{column}" for column in COLUMNS[source])


def condition(source: Source, *, of: str = "") -> str | None:
    """Which rows of a source are searched, as an SQL expression; None for all."""
    return ONLY[source].format(of=of) if source in ONLY else None


def key(source: Source) -> str:
    return KEYS.get(source, "id")


def vector(source: Source) -> str:
    """PostgreSQL's: the words of a row. Signs part words as they do in SQLite; letters are folded, never stemmed."""
    qualified = document(source, of=f'"{source}".')
    return f"to_tsvector('simple'::regconfig, regexp_replace({qualified}, '[^[:alnum:]]+'::text, ' '::text, 'g'::text))"


@dataclass(frozen=True, slots=True)
class Trigger:
    name: str
    statement: str


def triggers() -> Iterator[Trigger]:
    """SQLite's: whatever is stored, changed or removed in a source is so in the index, in the same transaction."""
    for source in Source:
        columns, only = ", ".join(COLUMNS[source]), condition(source, of="NEW.")
        own = f"kind = '{source}' AND row_id = OLD.{key(source)}"
        new = document(source, of="NEW.")
        add = f"INSERT INTO {ENTRIES} (kind, row_id, body) VALUES ('{source}', NEW.{key(source)}, {new})"
        yield _trigger(f"{PREFIX}{source}_is_added", "INSERT", source, add, when=only)
        change = f"UPDATE {ENTRIES} SET body = {new} WHERE {own}"
        yield _trigger(f"{PREFIX}{source}_is_changed", f"UPDATE OF {columns}", source, change)
        yield _trigger(f"{PREFIX}{source}_is_removed", "DELETE", source, f"DELETE FROM {ENTRIES} WHERE {own}")
    forget = f"INSERT INTO {WORDS} ({WORDS}, rowid, body) VALUES ('delete', OLD.id, OLD.body)"
    learn = f"INSERT INTO {WORDS} (rowid, body) VALUES (NEW.id, NEW.body)"
    for done, event, statement in (
        ("added", "INSERT", learn),
        ("changed", "UPDATE", f"{forget}; {learn}"),
        ("removed", "DELETE", forget),
    ):
        yield _trigger(f"{ENTRIES}_is_{done}", event, ENTRIES, statement)


def _trigger(name: str, event: str, table: str, statement: str, *, when: str | None = None) -> Trigger:
    only = f"WHEN {when} " if when else ""
    return Trigger(name, f'CREATE TRIGGER {name} AFTER {event} ON "{table}" {only}BEGIN {statement}; END')


def _where(source: Source) -> str:
    only = condition(source)
    return f" WHERE {only}" if only else ""


def making(dialect: str) -> Iterator[str]:
    """The statements that make an empty index."""
    if dialect != "sqlite":
        for source in Source:
            yield f'CREATE INDEX {PREFIX}{source} ON "{source}" USING gin ({vector(source)}){_where(source)}'
        return
    yield (
        f"CREATE TABLE {ENTRIES} (id INTEGER PRIMARY KEY, kind VARCHAR(32) NOT NULL, row_id CHAR(32) NOT NULL, "
        "body TEXT NOT NULL, UNIQUE (kind, row_id))"
    )
    yield (
        f"CREATE VIRTUAL TABLE {WORDS} USING fts5 (body, content='{ENTRIES}', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0', prefix='2 3')"
    )
    for trigger in triggers():
        yield trigger.statement


def unmaking(dialect: str) -> Iterator[str]:
    """The statements that remove an index, also one that was made when fewer sources were searched."""
    if dialect != "sqlite":
        for source in Source:
            yield f"DROP INDEX IF EXISTS {PREFIX}{source}"
        return
    for trigger in triggers():
        yield f"DROP TRIGGER IF EXISTS {trigger.name}"
    yield f"DROP TABLE {WORDS}"
    yield f"DROP TABLE {ENTRIES}"


def filling(dialect: str) -> Iterator[str]:
    """The statements that make the index say what the tables say, whatever it said before."""
    if dialect != "sqlite":
        for source in Source:
            yield f"REINDEX INDEX {PREFIX}{source}"
        return
    yield f"INSERT INTO {WORDS} ({WORDS}) VALUES ('delete-all')"
    for trigger in triggers():
        if trigger.name.startswith(f"{ENTRIES}_is_"):
            yield f"DROP TRIGGER {trigger.name}"
    yield f"DELETE FROM {ENTRIES}"
    for source in Source:
        yield (
            f"INSERT INTO {ENTRIES} (kind, row_id, body) "
            f"SELECT '{source}', {key(source)}, {document(source)} FROM \"{source}\"{_where(source)}"
        )
    yield f"INSERT INTO {WORDS} ({WORDS}) VALUES ('rebuild')"
    for trigger in triggers():
        if trigger.name.startswith(f"{ENTRIES}_is_"):
            yield trigger.statement

"""What was found, kind by kind, with the words marked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.people.words import account_word
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.words import month_words
from pendamping.cooperatives.words import role_word, stage_word
from pendamping.kernel.i18n import long_date
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import Role
from pendamping.plans.words import status_word
from pendamping.search.index import Source
from pendamping.search.policy import searched_by
from pendamping.search.queries import Found, Key, counted, listed, matching
from pendamping.search.terms import Part, Terms, excerpt, marked
from pendamping.search.words import NAMES, source_word

FEW = 5
"""Of each kind while all of them are shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: where it leads, its title, what it belongs to, and the text around the words."""

    url: str
    title: Sequence[Part]
    about: str
    text: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Group:
    """One kind. more_url: all of it, where there is more than is shown.  next_url: its next page."""

    name: str
    word: str
    count: int
    hits: Sequence[Hit]
    more_url: str | None = None
    next_url: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    groups: Sequence[Group]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def search_page(
    session: Session, user: User, typed: str, terms: Terms, *, only: Source | None, after: Key | None, today: dt.date
) -> SearchPage:
    """A few of each kind, or one kind page by page; a query for the counts and one for each kind of which there is any.

    Args:
        typed: what goes into the addresses of further pages.
        only: the one kind that is wanted.
    """
    dialect = session.get_bind().dialect.name
    rows = {
        source: matching(select, source, terms, dialect=dialect)
        for source, select in searched_by(user, today=today).items()
        if only in (None, source)
    }
    size = PAGE_SIZE if only else FEW
    counts, groups = counted(session, rows), []
    for source, found in rows.items():
        if not counts[source]:
            continue
        page = listed(session, source, found, after=after if only else None, limit=size + 1)
        onward = url_for("search.index", q=typed, jenis=NAMES[source])
        has_more = len(page) > size
        groups.append(
            Group(
                name=NAMES[source],
                word=_("Pendamping") if _is_of_facilitators(source, user) else source_word(source),
                count=counts[source],
                hits=[_hit(source, each, terms, user) for each in page[:size]],
                more_url=onward if has_more and not only else None,
                next_url=f"{onward}&setelah={page[size - 1].key}" if has_more and only else None,
            )
        )
    return SearchPage(groups)


def _is_of_facilitators(source: Source, user: User) -> bool:
    return source is Source.ACCOUNT and user.role is Role.AGENCY_HEAD


def _hit(source: Source, found: Found, terms: Terms, user: User) -> Hit:
    title, text = marked(found.name, terms), excerpt(found.text, terms)
    match source:
        case Source.COOPERATIVE:
            return Hit(url_for("cooperatives.detail", code=found.code), title, stage_word(found.detail), text)
        case Source.OFFICER:
            return Hit(_officer_url(found), title, _officer_words(found), ())
        case Source.ACCOUNT:
            return Hit(_account_url(found, user), title, account_word(found.detail), ())
        case Source.VISIT | Source.NOTE:
            return Hit(
                url_for("visits.detail", visit_id=found.within or found.id), [Part(found.name)], _day(found), text
            )
        case Source.ACTION:
            return Hit(url_for("actions.detail", action_id=found.id), title, _action_words(found), text)
        case Source.ADDENDUM:
            return Hit(_report_url(found, user), [Part(_month(found))], found.name, text)
        case Source.DISTRICT:
            return Hit(url_for("cooperatives.index", kecamatan=found.code), title, found.code, ())


def _officer_url(found: Found) -> str:
    return url_for("cooperatives.detail", code=found.code, _anchor="pengurus")


def _officer_words(found: Found) -> str:
    return f"{role_word(found.detail)} · {found.cooperative}"


def _account_url(found: Found, user: User) -> str:
    if user.role is Role.ADMIN:
        return url_for("people.detail", user_id=found.id)
    return url_for("cooperatives.index", pendamping=found.id)


def _day(found: Found) -> str:
    return f"{long_date(found.on)} · {found.detail}" if found.on else str(found.detail)


def _month(found: Found) -> str:
    return month_words(Month.of(found.on)) if found.on else ""


def _report_url(found: Found, user: User) -> str:
    """Each reads it where they read reports."""
    if user.role is Role.FACILITATOR and found.on:
        return url_for("monthly.write", year=found.on.year, month=found.on.month)
    return url_for("monthly.review", report_id=found.within)


def _action_words(found: Found) -> str:
    due = _("tenggat %(day)s", day=long_date(found.on)) if found.on else ""
    return f"{status_word(found.detail)} · {found.cooperative} · {due}"

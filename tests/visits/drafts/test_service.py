"""What is typed so far is kept, once for each tab that types it, until its visit is stored."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.visits.drafts.models import Draft
from pendamping.visits.drafts.queries import DRAFTS_SHOWN, draft_of, drafts_of
from pendamping.visits.drafts.service import (
    MAX_CHARACTERS,
    MAX_FIELDS,
    DraftChanged,
    DraftIsStored,
    DraftTooLarge,
    drop_draft,
    save_draft,
)
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make

TYPED = [("visited_on", "kemarin"), ("purposes", "rapat"), ("purposes", "pelatihan"), ("notes", "Rapat \U0001f33e")]


def save(
    make: Make,
    author: User,
    draft_id: uuid.UUID,
    fields: list[tuple[str, str]] = TYPED,
    *,
    known: int = 0,
    code: str = GRAHA_INDAH,
    now: dt.datetime = NOW,
) -> Draft:
    return save_draft(
        make.session,
        make.cooperative(code),
        draft_id,
        fields,
        known_revision=known,
        author_id=author.id,
        now=now,
    )


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Draft)) or 0


def test_what_is_typed_is_kept_as_it_was_typed(session: Session, make: Make) -> None:
    facilitator, draft_id = make.facilitator(), uuid.uuid4()

    draft = save(make, facilitator, draft_id)

    session.expire_all()
    assert draft.fields == [list(pair) for pair in TYPED]
    assert (draft.id, draft.revision, draft.city_code) == (draft_id, 1, "64.71")
    assert (draft.created_at, draft.updated_at) == (NOW, NOW)


def test_who_knows_the_last_revision_writes_the_next(session: Session, make: Make) -> None:
    facilitator, draft_id, later = make.facilitator(), uuid.uuid4(), NOW + dt.timedelta(minutes=1)
    save(make, facilitator, draft_id)

    draft = save(make, facilitator, draft_id, [("notes", "Lain")], known=1, now=later)

    assert (draft.revision, draft.fields) == (2, [["notes", "Lain"]])
    assert (draft.created_at, draft.updated_at) == (NOW, later)


@pytest.mark.parametrize("known", [0, 1, 3, 10**30, -1])
def test_who_knows_another_revision_overwrites_nothing(session: Session, make: Make, known: int) -> None:
    facilitator, draft_id = make.facilitator(), uuid.uuid4()
    for revision in range(2):
        save(make, facilitator, draft_id, [("notes", f"Catatan {revision}")], known=revision)

    with pytest.raises(DraftChanged):
        save(make, facilitator, draft_id, [("notes", "Lain")], known=known)

    session.expire_all()
    stored = session.get_one(Draft, draft_id)
    assert (stored.revision, stored.fields) == (2, [["notes", "Catatan 1"]])


def test_the_same_words_sent_again_because_the_answer_was_lost_are_no_conflict(session: Session, make: Make) -> None:
    facilitator, draft_id = make.facilitator(), uuid.uuid4()
    save(make, facilitator, draft_id)

    again = save(make, facilitator, draft_id, known=0, now=NOW + dt.timedelta(minutes=1))

    assert (again.revision, again.updated_at, count(session)) == (1, NOW, 1)


def test_a_draft_that_was_thrown_away_meanwhile_is_kept_anew(session: Session, make: Make) -> None:
    facilitator, draft_id = make.facilitator(), uuid.uuid4()
    save(make, facilitator, draft_id)
    assert drop_draft(session, draft_id, author_id=facilitator.id)

    assert save(make, facilitator, draft_id, known=1).revision == 1


def test_a_draft_is_its_authors_and_of_one_cooperative(session: Session, make: Make) -> None:
    facilitator, other, draft_id = (
        make.facilitator(GRAHA_INDAH, KARIANGAU),
        make.facilitator(MANGGAR),
        uuid.uuid4(),
    )
    save(make, facilitator, draft_id)

    with pytest.raises(NotThere):
        save(make, other, draft_id, known=1)
    with pytest.raises(NotThere):
        save(make, facilitator, draft_id, known=1, code=KARIANGAU)

    here = make.cooperative().id
    assert draft_of(session, draft_id, author_id=facilitator.id, cooperative_id=here) is not None
    assert draft_of(session, draft_id, author_id=other.id, cooperative_id=here) is None
    elsewhere = make.cooperative(KARIANGAU).id
    assert draft_of(session, draft_id, author_id=facilitator.id, cooperative_id=elsewhere) is None
    assert draft_of(session, uuid.uuid4(), author_id=facilitator.id, cooperative_id=here) is None


def test_a_stored_visit_has_no_draft(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)

    with pytest.raises(DraftIsStored):
        save(make, facilitator, visit.id)

    assert count(session) == 0


@pytest.mark.parametrize(
    ("fields", "is_taken"),
    [
        ([("notes", "")] * MAX_FIELDS, True),
        ([("notes", "")] * (MAX_FIELDS + 1), False),
        ([("notes", "a" * (MAX_CHARACTERS - 5))], True),
        ([("notes", "a" * (MAX_CHARACTERS - 4))], False),
        ([], True),
    ],
    ids=["as many fields", "one too many", "as many characters", "one character too many", "nothing typed"],
)
def test_no_visit_is_longer_than_this(
    session: Session, make: Make, fields: list[tuple[str, str]], is_taken: bool
) -> None:
    facilitator, draft_id = make.facilitator(), uuid.uuid4()
    if is_taken:
        assert save(make, facilitator, draft_id, fields).revision == 1
        return

    with pytest.raises(DraftTooLarge):
        save(make, facilitator, draft_id, fields)
    assert count(session) == 0


def test_only_its_author_throws_a_draft_away(session: Session, make: Make) -> None:
    facilitator, other, draft_id = make.facilitator(), make.facilitator(KARIANGAU), uuid.uuid4()
    save(make, facilitator, draft_id)

    assert not drop_draft(session, draft_id, author_id=other.id)
    assert not drop_draft(session, uuid.uuid4(), author_id=facilitator.id)
    assert count(session) == 1
    assert drop_draft(session, draft_id, author_id=facilitator.id)
    assert not drop_draft(session, draft_id, author_id=facilitator.id)
    assert count(session) == 0


def test_unfinished_visits_are_listed_the_last_one_first_and_not_without_end(session: Session, make: Make) -> None:
    facilitator, other = make.facilitator(GRAHA_INDAH, KARIANGAU), make.facilitator(MANGGAR)
    ids = [uuid.uuid4() for _ in range(DRAFTS_SHOWN + 2)]
    for number, draft_id in enumerate(ids):
        code = (GRAHA_INDAH, KARIANGAU)[number % 2]
        save(make, facilitator, draft_id, code=code, now=NOW + dt.timedelta(minutes=number))
    save(make, other, uuid.uuid4(), code=MANGGAR)

    lines = drafts_of(session, facilitator.id)

    assert [line.id for line in lines] == list(reversed(ids))[:DRAFTS_SHOWN]
    assert {line.cooperative.code for line in lines} == {GRAHA_INDAH, KARIANGAU}
    assert lines[0].updated_at == NOW + dt.timedelta(minutes=DRAFTS_SHOWN + 1)


def test_of_two_tabs_that_save_at_once_one_is_told(app: Flask) -> None:
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    draft_id = uuid.uuid4()
    with make_rows() as make:
        facilitator_id = make.facilitator().id
        save(make, make.session.get_one(User, facilitator_id), draft_id)
    ready = threading.Barrier(4)
    outcomes: list[Any] = []

    def type_on(tab: int) -> None:
        ready.wait()
        try:
            with make_rows() as make:
                author = make.session.get_one(User, facilitator_id)
                outcomes.append(save(make, author, draft_id, [("notes", f"Tab {tab}")], known=1).revision)
        except DomainError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=type_on, args=(tab,)) for tab in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, outcomes)) == ["2", *["draft_changed"] * 3]

"""Drafts from their beginning to a version, and what keeps two admins from undoing each other's work."""

import datetime as dt
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.instruments.drafting import edits
from pendamping.instruments.drafting.models import InstrumentDraft
from pendamping.instruments.drafting.service import (
    DraftChanged,
    DraftGone,
    NothingNew,
    StartsInPast,
    change_draft,
    discard_draft,
    publish_draft,
    start_draft,
)
from pendamping.instruments.exchange.queries import versions_of
from pendamping.instruments.exchange.service import publish_next
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.reading.nodes import InstrumentInvalid
from pendamping.instruments.reading.text import canonical_json, content_hash
from pendamping.instruments.service import publish
from pendamping.instruments.succession import AnswerTypeChanged, CannotFollow, EffectiveTooEarly, VersionNotHigher
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import Role
from pendamping.operations.load import load_city
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.editions import edition
from tests.make import Make

EVENT: dict[str, Any] = {"actor": ACTOR, "now": NOW}
LATER = TODAY + dt.timedelta(days=30)
TITLE = edits.with_facts({"title_id": "Kesiapan lembaga"})


@pytest.fixture
def admin(make: Make) -> User:
    return make.user(Role.ADMIN, username="admin1")


def started(session: Session, admin: User) -> InstrumentDraft:
    draft, _ = start_draft(session, "KL", author_id=admin.id, **EVENT)
    return draft


def changed(session: Session, admin: User, edit: edits.Edit = TITLE, *, known: int = 1) -> InstrumentDraft:
    return change_draft(session, "KL", edit, known_revision=known, author_id=admin.id, **EVENT)


def published(
    session: Session, draft: InstrumentDraft, *, on: dt.date = TODAY, sha256: str = ""
) -> tuple[InstrumentVersion, bool]:
    known = sha256 or content_hash(draft.document)
    return publish_draft(session, draft.code, sha256=known, effective_on=on, today=TODAY, **EVENT)


def verbs(session: Session) -> list[str]:
    session.flush()
    of_drafts = select(AuditEvent.verb).where(AuditEvent.subject_type == "instrument_draft").order_by(AuditEvent.id)
    return sorted(session.scalars(of_drafts))


def versions(session: Session) -> list[str]:
    return [each.instrument.version for each in versions_of(session, "KL")]


def test_a_draft_begins_with_the_last_version_under_the_next_number(session: Session, admin: User) -> None:
    draft, is_new = start_draft(session, "KL", author_id=admin.id, **EVENT)
    again, is_new_again = start_draft(session, "KL", author_id=admin.id, **EVENT)

    assert (is_new, is_new_again, again) == (True, False, draft)
    assert draft.document == edition("0.4.0")
    assert (draft.revision, draft.updated_at, draft.updated_by_id) == (1, NOW, admin.id)
    assert verbs(session) == ["start_instrument_draft"]


def test_a_draft_follows_a_version_that_is_still_to_come(session: Session, admin: User) -> None:
    publish_next(session, edition("0.4.0", KL_01={"label_id": "Akta"}), effective_on=LATER, **EVENT)

    draft = started(session, admin)

    assert draft.document == edition("0.5.0", KL_01={"label_id": "Akta"})
    with pytest.raises(EffectiveTooEarly):
        published(session, draft)
    assert published(session, draft, on=LATER)[1] is True


def test_there_is_no_draft_of_what_was_never_published(session: Session, admin: User) -> None:
    with pytest.raises(NotThere):
        start_draft(session, "ZZ", author_id=admin.id, **EVENT)


def test_a_change_raises_the_revision_and_is_on_record_with_what_it_was_before(session: Session, admin: User) -> None:
    started(session, admin)

    draft = changed(session, admin)

    assert (draft.revision, draft.document["instrument"]["title_id"]) == (2, "Kesiapan lembaga")
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "change_instrument_draft")).one()
    assert event.before == {"instrument.title_id": "Kesiapan kelembagaan"}
    assert event.after == {"instrument.title_id": "Kesiapan lembaga"}


def test_the_second_of_two_admins_is_told_and_overwrites_nothing(session: Session, admin: User, make: Make) -> None:
    started(session, admin)
    changed(session, admin)
    other = make.user(Role.ADMIN)

    with pytest.raises(DraftChanged):
        changed(session, other, edits.with_facts({"title_id": "Lain lagi"}))

    assert session.scalars(select(InstrumentDraft)).one().document["instrument"]["title_id"] == "Kesiapan lembaga"


def test_the_same_change_sent_twice_is_one_change(session: Session, admin: User) -> None:
    started(session, admin)

    assert changed(session, admin).revision == changed(session, admin).revision == 2
    assert verbs(session) == ["change_instrument_draft", "start_instrument_draft"]


def test_a_draft_that_is_gone_is_not_changed(session: Session, admin: User) -> None:
    with pytest.raises(DraftGone):
        changed(session, admin)


def test_a_discarded_draft_stays_whole_in_the_log(session: Session, admin: User) -> None:
    started(session, admin)
    draft = changed(session, admin)
    document = canonical_json(draft.document)

    with pytest.raises(DraftChanged):
        discard_draft(session, "KL", known_revision=1, **EVENT)
    assert discard_draft(session, "KL", known_revision=2, **EVENT) is True
    assert discard_draft(session, "KL", known_revision=2, **EVENT) is False

    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "discard_instrument_draft")).one()
    assert event.before == {"code": "KL", "revision": 2, "document": document}
    assert session.scalars(select(InstrumentDraft)).all() == []


def test_a_published_draft_is_a_version_and_gone(session: Session, admin: User) -> None:
    started(session, admin)
    draft = changed(session, admin)
    sha256 = content_hash(draft.document)

    version, is_new = published(session, draft)

    assert (is_new, version.version, version.effective_on, version.sha256) == (True, "0.4.0", TODAY, sha256)
    assert instruments_on(session, TODAY)[0].instrument.title_id == "Kesiapan lembaga"
    assert content_hash(json.loads(version.body)) == version.sha256
    assert session.scalars(select(InstrumentDraft)).all() == []
    again = publish_draft(session, "KL", sha256=sha256, effective_on=TODAY, today=TODAY, **EVENT)
    assert again == (version, False)
    with pytest.raises(DraftGone):
        publish_draft(session, "KL", sha256="0" * 64, effective_on=TODAY, today=TODAY, **EVENT)
    with pytest.raises(DraftGone):
        publish_draft(session, "TK", sha256=sha256, effective_on=TODAY, today=TODAY, **EVENT)


def test_what_was_not_looked_through_is_not_published(session: Session, admin: User) -> None:
    draft = started(session, admin)
    seen = content_hash(draft.document)
    changed(session, admin)

    with pytest.raises(DraftChanged):
        published(session, draft, sha256=seen)
    assert versions(session) == ["0.3.0"]


def test_a_day_that_is_over_is_refused(session: Session, admin: User) -> None:
    with pytest.raises(StartsInPast):
        published(session, started(session, admin), on=TODAY - dt.timedelta(days=1))


def test_a_draft_with_faults_is_kept_and_not_published(session: Session, admin: User) -> None:
    started(session, admin)
    lighter = edits.with_section({**edition()["sections"][0], "weight": 1}, is_new=False)
    draft = changed(session, admin, lighter)

    with pytest.raises(InstrumentInvalid):
        published(session, draft)
    assert draft.revision == 2


def test_a_draft_that_says_what_is_published_is_no_new_version(session: Session, admin: User) -> None:
    started(session, admin)
    draft = changed(session, admin, edits.replaced_by(edition("0.3.0")))

    with pytest.raises(NothingNew) as refused:
        published(session, draft)
    assert refused.value.params == {"version": "0.3.0"}


@pytest.mark.parametrize(
    ("edit", "refusal"),
    [
        (edits.replaced_by(edition("0.4.0", KL_01={"type": "evidence_only"})), AnswerTypeChanged),
        (edits.replaced_by(edition("0.2", KL_01={"label_id": "Akta"})), VersionNotHigher),
    ],
)
def test_a_draft_cannot_get_around_what_holds_for_versions(
    session: Session, admin: User, edit: edits.Edit, refusal: type[CannotFollow]
) -> None:
    started(session, admin)
    draft = changed(session, admin, edit)

    with pytest.raises(refusal):
        published(session, draft)
    assert versions(session) == ["0.3.0"]


@pytest.mark.parametrize(
    ("document", "on", "refusal"),
    [
        (edition("0.4.0", KL_01={"type": "evidence_only"}), TODAY, AnswerTypeChanged),
        (edition("0.2", KL_01={"label_id": "Akta"}), TODAY, VersionNotHigher),
        (edition("0.4.0"), dt.date(2025, 12, 31), EffectiveTooEarly),
    ],
)
def test_the_verb_below_all_ways_of_publishing_refuses_by_itself(
    session: Session, document: Mapping[str, object], on: dt.date, refusal: type[CannotFollow]
) -> None:
    with pytest.raises(refusal):
        publish(session, document, position=0, effective_on=on, **EVENT)
    assert versions(session) == ["0.3.0"]


def test_loading_the_city_again_leaves_the_agencys_own_version_in_force(session: Session) -> None:
    """The product ships 0.3.0; that it can no longer follow is no reason to refuse the start."""
    publish_next(session, edition("0.4.0", KL_01={"label_id": "Akta"}), effective_on=TODAY, **EVENT)

    loaded = load_city(session, actor=ACTOR, now=NOW)

    assert loaded.instruments == 0
    assert instruments_on(session, TODAY)[0].instrument.version == "0.4.0"


# At the same time -----------------------------------------------------------------------------------------------------


def at_once(app: Flask, works: list[Callable[[Session], object]]) -> list[str]:
    """What each of some admins gets who press at the same moment."""
    ready = threading.Barrier(len(works))
    results: list[str] = []

    def work(each: Callable[[Session], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                results.append(str(retry_on_conflict(each)))
            except DomainError as error:
                results.append(type(error).__name__)

    threads = [threading.Thread(target=work, args=(each,)) for each in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


@pytest.fixture
def author_id(app: Flask) -> uuid.UUID:
    with app.app_context(), transaction() as session:
        return Make(session, now=NOW, today=TODAY, actor=ACTOR).user(Role.ADMIN).id


def count(app: Flask, table: type[InstrumentDraft] | type[InstrumentVersion]) -> int:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(table)) or 0


def test_a_draft_begun_by_many_at_once_is_one_draft(app: Flask, author_id: uuid.UUID) -> None:
    results = at_once(app, [lambda session: start_draft(session, "KL", author_id=author_id, **EVENT)[1]] * 4)

    assert results == ["False", "False", "False", "True"]
    assert count(app, InstrumentDraft) == 1


def test_of_two_changes_at_once_one_is_stored_and_the_other_told(app: Flask, author_id: uuid.UUID) -> None:
    with app.app_context(), transaction() as session:
        start_draft(session, "KL", author_id=author_id, **EVENT)

    def change(title: str) -> Callable[[Session], object]:
        edit = edits.with_facts({"title_id": title})
        return lambda session: (
            change_draft(session, "KL", edit, known_revision=1, author_id=author_id, **EVENT).revision
        )

    assert at_once(app, [change("Satu"), change("Dua")]) == ["2", "DraftChanged"]


def test_a_draft_published_by_many_at_once_is_one_version(app: Flask, author_id: uuid.UUID) -> None:
    with app.app_context(), transaction() as session:
        draft, _ = start_draft(session, "KL", author_id=author_id, **EVENT)
        sha256 = content_hash(draft.document)

    def press(session: Session) -> object:
        return publish_draft(session, "KL", sha256=sha256, effective_on=TODAY, today=TODAY, **EVENT)[1]

    assert at_once(app, [press] * 4) == ["False", "False", "False", "True"]
    assert (count(app, InstrumentVersion), count(app, InstrumentDraft)) == (4, 0)

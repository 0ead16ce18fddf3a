"""Files are bound to who sent them and to their bytes; then to a cooperative by the record that names them."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment, MediaType
from pendamping.attachments.pictures import NotAPicture, facts_of_file
from pendamping.attachments.policy import visible_attachments
from pendamping.attachments.queries import attachments_by_id
from pendamping.attachments.service import (
    AttachmentConflict,
    ForeignAttachment,
    KeptFile,
    claim,
    keep,
    keep_picture,
    receive,
)
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.errors import DomainError
from pendamping.kernel.files import files
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pictures import PDF, bomb, photo


def take_in(session: Session, uploader: User, attachment_id: uuid.UUID, file: KeptFile) -> tuple[Attachment, bool]:
    return receive(session, attachment_id, file, uploader_id=uploader.id, actor=ACTOR, now=NOW)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_is_kept_with_what_it_is_and_whose(session: Session, make: Make) -> None:
    facilitator, attachment_id, data = make.user(), uuid.uuid4(), photo(orientation=6)

    attachment, is_new = take_in(session, facilitator, attachment_id, keep(files(), data))

    session.expire_all()
    assert is_new
    assert attachment is session.get_one(Attachment, attachment_id)
    assert (attachment.media_type, attachment.width, attachment.height) == (MediaType.JPEG, 480, 640)
    assert (attachment.byte_size, attachment.uploader_id) == (len(data), facilitator.id)
    assert (attachment.taken_at, attachment.received_at) == (dt.datetime(2026, 4, 14, 1, 41, tzinfo=dt.UTC), NOW)
    assert (attachment.cooperative_id, attachment.city_code) == (None, None)
    assert files().read(attachment.sha256) == data


def test_the_same_file_sent_twice_is_one(session: Session, make: Make) -> None:
    facilitator, attachment_id, kept = make.user(), uuid.uuid4(), keep(files(), photo())
    first, _ = take_in(session, facilitator, attachment_id, kept)
    events = count(session, AuditEvent)

    again, is_new = take_in(session, facilitator, attachment_id, kept)

    assert (again is first, is_new) == (True, False)
    assert (count(session, Attachment), count(session, AuditEvent)) == (1, events)


def test_an_id_belongs_to_the_bytes_and_the_person_that_came_first(session: Session, make: Make) -> None:
    facilitator, other, attachment_id = make.user(), make.user(), uuid.uuid4()
    kept = keep(files(), photo())
    take_in(session, facilitator, attachment_id, kept)

    with pytest.raises(AttachmentConflict):
        take_in(session, facilitator, attachment_id, keep(files(), photo(colour="navy")))
    with pytest.raises(AttachmentConflict):
        take_in(session, other, attachment_id, kept)

    stored = session.get_one(Attachment, attachment_id)
    assert (stored.sha256, stored.uploader_id) == (kept.sha256, facilitator.id)


def test_the_same_bytes_of_two_people_are_two_files_of_one_content(session: Session, make: Make) -> None:
    kept = keep(files(), photo())

    one, _ = take_in(session, make.user(), uuid.uuid4(), kept)
    other, _ = take_in(session, make.user(), uuid.uuid4(), kept)

    assert one.id != other.id
    assert one.sha256 == other.sha256


@pytest.mark.parametrize("data", [b"", b"teks", bomb(), PDF[:20], photo()[:500]])
def test_what_is_refused_is_not_kept(session: Session, make: Make, data: bytes) -> None:
    before = sorted(files().folder.rglob("*"))

    with pytest.raises(DomainError):
        keep(files(), data)

    assert sorted(files().folder.rglob("*")) == before


def test_where_a_photo_is_asked_for_a_sound_pdf_is_none(session: Session, make: Make) -> None:
    assert facts_of_file(PDF).media_type is MediaType.PDF
    with pytest.raises(NotAPicture):
        keep_picture(files(), PDF)
    assert keep_picture(files(), photo()).facts.media_type is MediaType.JPEG


def test_a_photo_taken_at_the_ends_of_time_can_be_stored(session: Session, make: Make) -> None:
    for taken in ("0001:01:01 00:00:00", "9999:12:31 23:59:59"):
        attachment, _ = take_in(session, make.user(), uuid.uuid4(), keep(files(), photo(taken=taken)))

        assert attachment.taken_at is None


# Whose it is ----------------------------------------------------------------------------------------------------------


def test_a_named_file_belongs_to_the_cooperative(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    attachment = make.attachment(facilitator, None)

    for _ in range(2):
        claim(session, [attachment.id], cooperative=make.cooperative(), uploader_id=facilitator.id)

    assert (attachment.cooperative_id, attachment.city_code) == (make.cooperative().id, "64.71")


def test_what_has_not_arrived_is_named_all_the_same(session: Session, make: Make) -> None:
    claim(session, [uuid.uuid4()], cooperative=make.cooperative(), uploader_id=make.facilitator().id)
    claim(session, [], cooperative=make.cooperative(), uploader_id=make.facilitator(KARIANGAU).id)

    assert count(session, Attachment) == 0


def test_somebody_elses_file_is_not_named(session: Session, make: Make) -> None:
    facilitator, other = make.facilitator(), make.facilitator(KARIANGAU)
    own, foreign = make.attachment(facilitator, None), make.attachment(other, None)

    with pytest.raises(ForeignAttachment), session.begin_nested():
        claim(session, [own.id, foreign.id], cooperative=make.cooperative(), uploader_id=facilitator.id)

    session.expire_all()
    assert (own.cooperative_id, foreign.cooperative_id) == (None, None)


def test_a_file_of_one_cooperative_is_not_named_for_another(session: Session, make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    attachment = make.attachment(facilitator, KARIANGAU)

    with pytest.raises(ForeignAttachment):
        claim(session, [attachment.id], cooperative=make.cooperative(), uploader_id=facilitator.id)


def test_files_are_found_by_their_ids_once_they_are_there(session: Session, make: Make) -> None:
    attachment = make.attachment(make.facilitator())

    assert attachments_by_id(session, [attachment.id, uuid.uuid4()]) == {attachment.id: attachment}
    assert attachments_by_id(session, []) == {}


def test_people_see_their_own_files_and_those_of_the_cooperatives_they_see(session: Session, make: Make) -> None:
    facilitator, successor, outsider = make.user(), make.user(), make.facilitator(KARIANGAU)
    make.assignment(facilitator, ends_on=dt.date(2026, 4, 13))
    make.assignment(successor, starts_on=TODAY)
    named, loose = make.attachment(facilitator), make.attachment(facilitator, None)
    elsewhere = make.attachment(outsider, KARIANGAU)
    people = {
        "who sent it": facilitator,
        "successor": successor,
        "outsider": outsider,
        "officer": make.cooperative_user(),
        "officer of another": make.cooperative_user(KARIANGAU),
        "head": make.user(Role.AGENCY_HEAD),
        "head of elsewhere": make.user(Role.AGENCY_HEAD, scope_prefix="64.72"),
    }

    seen = {
        name: {each.id for each in session.scalars(visible_attachments(user, today=TODAY))}
        for name, user in people.items()
    }

    assert seen == {
        "who sent it": {named.id, loose.id},
        "successor": {named.id},
        "outsider": {elsewhere.id},
        "officer": {named.id},
        "officer of another": {elsewhere.id},
        "head": {named.id, elsewhere.id},
        "head of elsewhere": set(),
    }

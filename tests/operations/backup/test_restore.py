"""The drill: a copy taken while people write, put back, and compared."""

import shutil
import threading
import uuid
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select, update

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.cooperatives.models import Cooperative
from pendamping.field.models import ServerEpoch
from pendamping.field.queries import epoch
from pendamping.kernel import audit
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import db, reading, transaction
from pendamping.kernel.files import files
from pendamping.kernel.tables import Base
from pendamping.operations.backup.faults import CannotWrite, PlaceNotEmpty
from pendamping.operations.backup.health import health_of
from pendamping.operations.backup.manifest import Manifest
from pendamping.operations.backup.place import this_place
from pendamping.operations.backup.verbs import BACKED_UP, RESTORED, back_up, restore, verify_copy
from pendamping.operations.schema import head_revision, revision
from tests.conftest import ACTOR, NOW, TODAY
from tests.field.records import body, hand_in, outcomes, record
from tests.make import Make
from tests.pages import Browser

NEW_EPOCH = "d" * 32


def copy_of(office: Flask, target: Path) -> Manifest:
    with office.app_context():
        return back_up(target, actor=ACTOR, now=NOW)


def restored(empty: Flask, path: Path) -> Manifest:
    return restore(path, ask_passphrase=lambda: None, epoch=NEW_EPOCH, actor=ACTOR, now=NOW)


def rows() -> dict[str, list[str]]:
    return {table.name: sorted(map(repr, reading().execute(select(table)))) for table in Base.metadata.sorted_tables}


class Writers:
    """People who write without a pause, and remember what was acknowledged."""

    def __init__(self, app: Flask, count: int) -> None:
        self._app = app
        self._stop = threading.Event()
        self.acknowledged: list[uuid.UUID] = []
        self._threads = [threading.Thread(target=self._write) for _ in range(count)]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count: int) -> None:
        while len(self.acknowledged) < count:
            self._stop.wait(0.005)

    def _write(self) -> None:
        while not self._stop.is_set():
            subject = uuid.uuid4()
            with self._app.app_context():
                with transaction() as session:
                    audit.record(session, ACTOR, "try", User(id=subject), at=NOW, after={"words": "x" * 2000})
                self.acknowledged.append(subject)


def test_a_copy_taken_while_people_write_holds_all_that_was_acknowledged_before(
    office: Flask, empty_app: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "cadangan.zip"

    with Writers(office, 3) as writers:
        writers.wait_for(100)
        before = set(writers.acknowledged)
        manifest = copy_of(office, path)
        writers.wait_for(len(writers.acknowledged) + 20)
    with office.app_context():
        verified, found = verify_copy(path, ask_passphrase=lambda: None)
        old_epoch = epoch(reading())
    with empty_app.app_context():
        restored(empty_app, path)
        there = set(map(uuid.UUID, reading().scalars(select(AuditEvent.subject_id).where(AuditEvent.verb == "try"))))
        new_epoch = epoch(reading())
        health = health_of(reading(), this_place())
        photos = [files().read(sha256) for sha256 in reading().scalars(select(Attachment.sha256))]

    assert before <= there
    assert len(there) < len(writers.acknowledged)
    assert manifest.database.tables["audit_event"].rows >= len(before)
    assert (verified, found) == (manifest, [])
    assert new_epoch == NEW_EPOCH != old_epoch
    assert (health.found, len(photos)) == ([], 1)


def test_what_is_put_back_is_what_was_copied_but_for_the_epoch(office: Flask, empty_app: Flask, tmp_path: Path) -> None:
    with office.app_context():
        before = rows()
    copy_of(office, tmp_path / "cadangan.zip")

    with empty_app.app_context():
        restored(empty_app, tmp_path / "cadangan.zip")
        after = rows()
        verbs = [reading().scalars(select(AuditEvent.verb).where(AuditEvent.verb.in_([BACKED_UP, RESTORED]))).all()]

    assert after.pop("server_epoch") != before.pop("server_epoch")
    assert len(after.pop("audit_event")) == len(before.pop("audit_event")) + 1
    assert after == before
    assert verbs == [[RESTORED]]


def test_the_guards_stand_in_a_restored_place(office: Flask, empty_app: Flask, tmp_path: Path) -> None:
    copy_of(office, tmp_path / "cadangan.zip")

    with empty_app.app_context():
        restored(empty_app, tmp_path / "cadangan.zip")
        with pytest.raises(Exception, match="audit_event_is_append_only"), transaction() as session:
            session.execute(update(AuditEvent).values(verb="forged"))
        with pytest.raises(Exception, match=r"(?i)foreign key"), transaction() as session:
            session.execute(update(Attachment).values(uploader_id=uuid.uuid4()))


def test_a_copy_of_an_older_schema_is_brought_up_to_date(
    request: pytest.FixtureRequest, empty_app: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "lama.zip"
    with empty_app.app_context():
        flask_migrate.upgrade(revision="0006")
        made = back_up(path, actor=ACTOR, now=NOW)
        flask_migrate.downgrade(revision="base")
        _leave_nothing(empty_app)

        restored(empty_app, path)

        assert made.database.revision == "0006"
        assert revision() == head_revision()
        assert reading().get_one(ServerEpoch, 1).value == NEW_EPOCH


def _leave_nothing(app: Flask) -> None:
    """What Alembic keeps for itself after the last downgrade."""
    with db.engine.connect() as connection:
        place = this_place()
        if place.kind == "postgresql":
            driver: Any = connection.connection.dbapi_connection
            driver.read_only = False
            driver.execute("DROP TABLE alembic_version")
            driver.commit()
    db.session.remove()
    db.engine.dispose()
    if place.kind == "sqlite":
        place.database.unlink()


def test_a_place_with_something_in_it_is_refused_and_stays(office: Flask, tmp_path: Path) -> None:
    copy_of(office, tmp_path / "cadangan.zip")
    with office.app_context():
        before = rows()

        with pytest.raises(PlaceNotEmpty):
            restored(office, tmp_path / "cadangan.zip")

        assert rows() == before


def test_files_alone_are_something_too(office: Flask, empty_app: Flask, tmp_path: Path) -> None:
    copy_of(office, tmp_path / "cadangan.zip")

    with empty_app.app_context():
        kept = files().put(b"seseorang menaruh ini")
        with pytest.raises(PlaceNotEmpty):
            restored(empty_app, tmp_path / "cadangan.zip")

        assert list(files().digests()) == [kept]


def test_a_restore_that_fails_at_the_last_step_leaves_the_place_empty(
    office: Flask, empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_of(office, tmp_path / "cadangan.zip")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pendamping.operations.backup.verbs.move_in", full)
    with empty_app.app_context():
        with pytest.raises(CannotWrite):
            restored(empty_app, tmp_path / "cadangan.zip")
        monkeypatch.undo()

        this_place().refuse_unless_empty()
        assert [each.name for each in this_place().instance.iterdir() if each.is_dir()] == []
        restored(empty_app, tmp_path / "cadangan.zip")
        assert reading().scalar(select(Cooperative.code).limit(1)) is not None


def test_a_lost_photo_is_named_by_the_copy_and_by_the_office(office: Flask, tmp_path: Path) -> None:
    with office.app_context():
        (sha256,) = files().digests()
        files().path(sha256).write_bytes(b"changed by a bad disk")
        manifest = back_up(tmp_path / "cadangan.zip", actor=ACTOR, now=NOW)
        _, found = verify_copy(tmp_path / "cadangan.zip", ask_passphrase=lambda: None)
        (changed,) = health_of(reading(), this_place()).found
        shutil.rmtree(files().folder)
        (lost,) = health_of(reading(), this_place()).found

    assert manifest.missing_files == [sha256]
    assert found == [f"lampiran {sha256[:16]}... sudah hilang sebelum dicadangkan"]
    assert changed.endswith("isi berkasnya berubah")
    assert lost.endswith("berkasnya tidak ada")


def browser_on(app: Flask) -> Browser:
    return Browser(app, Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR))


def test_a_tablet_notices_the_restored_server_and_hands_in_what_the_copy_had_not(
    app: Flask, empty_app: Flask, tmp_path: Path
) -> None:
    old, new = browser_on(app), browser_on(empty_app)
    with old.make() as rows:
        ratna = rows.facilitator()
    old.sign_in(ratna)
    yesterdays = record(body(started="09:00", ended="10:00"))
    todays = record(body(started="10:30", ended="11:30"))

    hand_in(old, yesterdays)
    copy_of(app, tmp_path / "cadangan.zip")
    hand_in(old, todays)
    knew = old.client.get("/api/v1/session").get_json()
    with empty_app.app_context():
        restored(empty_app, tmp_path / "cadangan.zip")
    new.sign_in(ratna)
    knows = new.client.get("/api/v1/session").get_json()
    again = hand_in(new, yesterdays, todays)

    assert (knew["receipts"], knows["receipts"], knew["epoch"] != knows["epoch"]) == (2, 1, True)
    assert outcomes(again) == ["duplicate", "created"]

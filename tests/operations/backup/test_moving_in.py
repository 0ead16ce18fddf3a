"""What was put back beside a place goes into it as one, and what was there before stays where nothing came of it."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import URL

from pendamping.kernel.files import files
from pendamping.kernel.filestore import FileStore
from pendamping.operations.backup.disk import room
from pendamping.operations.backup.faults import CannotWrite, PlaceNotEmpty
from pendamping.operations.backup.place import this_place
from pendamping.operations.backup.verbs import back_up, restore
from tests.conftest import ACTOR, NOW, app_on
from tests.only import on_sqlite
from tests.operations.backup.processes import start

NEW_EPOCH = "d" * 32
PASSPHRASE = "angin barat di muara"


@pytest.fixture
def copy(office: Flask, tmp_path: Path) -> Path:
    path = tmp_path / "cadangan.zip"
    with office.app_context():
        back_up(path, actor=ACTOR, now=NOW)
    return path


def put_back(app: Flask, path: Path, passphrase: str | None = None) -> list[str]:
    """Restore; returns the digests of the attachments that are there then."""
    with app.app_context():
        restore(path, ask_passphrase=lambda: passphrase, epoch=NEW_EPOCH, actor=ACTOR, now=NOW)
        return list(files().digests())


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


@on_sqlite
def test_of_two_restores_at_once_one_fills_the_place_and_the_other_takes_nothing_away(
    copy: Path, tmp_path: Path
) -> None:
    there = tmp_path / "tempat"
    there.mkdir()

    both = [start(there, "restore", str(copy)) for _ in "12"]
    said = [each.communicate(timeout=120) for each in both]
    whole = start(there, "verify")
    words, _ = whole.communicate(timeout=60)

    assert sorted(each.returncode for each in both) == [0, 1]
    (loser,) = [err for (_, err), each in zip(said, both, strict=True) if each.returncode]
    assert "Cadangan hanya dipulihkan ke tempat kosong" in loser
    assert words.startswith("Utuh: ")


def test_two_first_starts_at_once_prepare_the_database_once(tmp_path: Path) -> None:
    both = [start(tmp_path, "init") for _ in "12"]
    said = [each.communicate(timeout=120)[0] for each in both]

    assert [each.returncode for each in both] == [0, 0]
    assert sum("Menyiapkan basis data" in each for each in said) == 1
    assert not (tmp_path / "cadangan").exists()


@on_sqlite
def test_a_photo_for_which_there_is_no_room_leaves_the_place_as_it_was(
    copy: Path, empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileStore, "put", full)
    with pytest.raises(CannotWrite) as refused:
        put_back(empty_app, copy)
    monkeypatch.undo()

    folders = [each.name for each in (tmp_path / "tempat").iterdir() if each.is_dir()]
    assert str(refused.value.params["file"]).startswith(str(tmp_path / "tempat" / "berkas"))
    assert folders == []
    assert len(put_back(empty_app, copy)) == 1


@on_sqlite
def test_what_an_earlier_restore_left_behind_is_not_mixed_in(copy: Path, empty_app: Flask, tmp_path: Path) -> None:
    FileStore(tmp_path / "tempat" / "berkas" / ".kerja-lama").put(b"of another office")
    FileStore(tmp_path / "tempat" / ".belum-berkas").put(b"of another office")

    assert len(put_back(empty_app, copy)) == 1


@on_sqlite
def test_attachments_may_lie_on_another_disk(copy: Path, empty_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "lain").mkdir()
    (tmp_path / "tempat" / "berkas").symlink_to(tmp_path / "lain")

    (sha256,) = put_back(empty_app, copy)

    assert [each.name for each in (tmp_path / "lain").iterdir()] == ["asli"]
    assert FileStore(tmp_path / "lain").path(sha256).is_file()


@on_sqlite
def test_a_database_that_lies_elsewhere_is_made_on_its_own_disk(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "kantor").mkdir()
    (tmp_path / "basis").mkdir()
    app = app_on(URL.create("sqlite", database=str(tmp_path / "basis" / "pendamping.sqlite3")), tmp_path / "kantor")
    rooms = []

    def seen(beside: Path | None = None) -> AbstractContextManager[Path]:
        rooms.append(beside)
        return room(beside)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pendamping.operations.backup.verbs.room", seen)
        put_back(app, copy)

    assert rooms == [tmp_path / "basis"]
    assert (tmp_path / "basis" / "pendamping.sqlite3").exists()


@on_sqlite
def test_a_restore_that_fails_at_the_last_step_gives_the_keys_back(
    office: Flask, empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, there = tmp_path / "terkunci.cadangan", tmp_path / "tempat"
    with office.app_context():
        kept = this_place().instance / "vapid.pem"
        kept.write_bytes(b"the office's")
        back_up(path, actor=ACTOR, now=NOW, passphrase=PASSPHRASE)
        kept.unlink()
    (there / "vapid.pem").write_bytes(b"made when the program first looked")
    monkeypatch.setattr("pendamping.operations.backup.restoring.move_in_database", full)

    with pytest.raises(CannotWrite):
        put_back(empty_app, path, PASSPHRASE)

    assert (there / "vapid.pem").read_bytes() == b"made when the program first looked"
    assert [each.name for each in there.iterdir() if each.is_dir()] == []


@on_sqlite
def test_a_place_whose_database_is_no_database_is_not_empty(copy: Path, empty_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "tempat" / "kosong.sqlite3").write_bytes(b"x" * 5000)

    with pytest.raises(PlaceNotEmpty, match="kosong"):
        put_back(empty_app, copy)

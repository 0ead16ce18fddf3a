"""Copies that came to harm: each is found, in one clear line, and nothing is changed."""

import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from pendamping.kernel.i18n import translated
from pendamping.operations.backup.faults import (
    CannotRead,
    CannotWrite,
    CopyFault,
    DamagedCopy,
    NewerCopy,
    NotACopy,
    NotPrepared,
    OtherDatabase,
    TargetThere,
    WrongPassphrase,
)
from pendamping.operations.backup.place import this_place
from pendamping.operations.backup.seal import SealingWriter
from pendamping.operations.backup.verbs import back_up, restore, verify_copy
from tests.conftest import ACTOR, NOW
from tests.only import on_sqlite
from tests.operations.backup.damage import Parts, edit_manifest, flip, rewritten, shorten, swap

PASSPHRASE = "tiga pohon bakau di tepi kali"
SEEDS = range(6)
LOCAL_HEADER_BYTES = 30
NO_KIND_OF_BLOCK = 0b110
"""In the first byte of deflated data (RFC 1951, 3.2.3): the block type that does not exist."""


@pytest.fixture
def sound(office: Flask, tmp_path: Path) -> Path:
    path = tmp_path / "cadangan.zip"
    with office.app_context():
        back_up(path, actor=ACTOR, now=NOW)
    return path


def said_of(app: Flask, path: Path, passphrase: str | None = None) -> str:
    """What `restore` says of a copy, once `verify` has found the same; the place is as empty afterwards as it was."""
    with app.app_context():
        with pytest.raises(CopyFault) as refused:
            restore(path, ask_passphrase=lambda: passphrase, epoch="e" * 32, actor=ACTOR, now=NOW)
        line = translated(refused.value.explanation, **refused.value.params)
        this_place().refuse_unless_empty()
        try:
            _, found = verify_copy(path, ask_passphrase=lambda: passphrase)
        except CopyFault as fault:
            found = [translated(fault.explanation, **fault.params)]
    assert "\n" not in line
    assert found
    assert all(each in line for each in found)
    return line


def edits(name_of_photo: str) -> list[Callable[[Parts], None]]:
    """By somebody's hand, and sealed again."""

    def rows(said: dict[str, object]) -> None:
        said["database"]["tables"]["visit"]["rows"] += 1  # type: ignore[index]

    def digest(said: dict[str, object]) -> None:
        said["members"][name_of_photo]["sha256"] = "0" * 64  # type: ignore[index]

    def dropped(said: dict[str, object]) -> None:
        del said["members"][name_of_photo]  # type: ignore[attr-defined]

    return [
        edit_manifest(rows, with_digest=False),
        edit_manifest(rows, with_digest=True),
        edit_manifest(digest, with_digest=True),
        edit_manifest(dropped, with_digest=True),
        swap("BACA-SAYA.txt", name_of_photo),
        lambda parts: parts.update({name_of_photo: parts[name_of_photo][:-1] + b"x"}),
        lambda parts: parts.pop(name_of_photo) and None,
        lambda parts: parts.update({"berkas/tamu": b"from elsewhere"}),
    ]


def test_each_of_twenty_damaged_copies_is_found(sound: Path, empty_app: Flask, tmp_path: Path) -> None:
    data = sound.read_bytes()
    damaged = [way(data, random.Random(seed)) for way in (flip, shorten) for seed in SEEDS]
    with_photo = next(name for name in _names(sound) if name.startswith("berkas/"))
    damaged += [rewritten(sound, change) for change in edits(with_photo)]
    path = tmp_path / "rusak.zip"

    said = []
    for each in damaged:
        path.write_bytes(each)
        said.append(said_of(empty_app, path))

    assert len(damaged) == len(set(damaged)) == 20
    assert [line for line in said if not line.startswith("rusak.zip rusak: ")] == []
    assert [line for line in said[12:] if "terpotong atau berubah" in line] == []


@on_sqlite
def test_bytes_that_cannot_be_unpacked_are_damage(sound: Path, empty_app: Flask, tmp_path: Path) -> None:
    """One flipped bit may break the packing itself, before any digest can be compared."""
    with zipfile.ZipFile(sound) as packed:
        part = next(each for each in packed.infolist() if each.compress_type == zipfile.ZIP_DEFLATED)
    data = bytearray(sound.read_bytes())
    name_length, extra_length = struct.unpack_from("<HH", data, part.header_offset + LOCAL_HEADER_BYTES - 4)
    data[part.header_offset + LOCAL_HEADER_BYTES + name_length + extra_length] |= NO_KIND_OF_BLOCK
    path = tmp_path / "rusak.zip"
    path.write_bytes(data)

    assert said_of(empty_app, path) == f"rusak.zip rusak: bagian {part.filename} tidak terbaca. Tidak ada yang diubah."


def _names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as packed:
        return packed.namelist()


@on_sqlite
def test_a_locked_copy_opens_by_its_passphrase_alone_and_its_damage_is_found_without(
    office: Flask, empty_app: Flask, tmp_path: Path
) -> None:
    path, damaged = tmp_path / "terkunci.cadangan", tmp_path / "rusak.cadangan"
    with office.app_context():
        manifest = back_up(path, actor=ACTOR, now=NOW, passphrase=PASSPHRASE)
        opened, found = verify_copy(path, ask_passphrase=lambda: PASSPHRASE)
    damaged.write_bytes(flip(path.read_bytes()[100:], random.Random(1)))
    damaged.write_bytes(path.read_bytes()[:100] + damaged.read_bytes())

    assert (opened, found) == (manifest, [])
    assert b"PK\x03\x04" not in path.read_bytes()[:4]
    assert said_of(empty_app, path) == (
        "terkunci.cadangan terkunci. Berikan kata sandinya lewat masukan standar: --passphrase-stdin"
    )
    assert said_of(empty_app, damaged).startswith("rusak.cadangan rusak: ")
    assert raised_by(empty_app, path, "salah") is WrongPassphrase


def raised_by(app: Flask, path: Path, passphrase: str | None = None) -> type[CopyFault]:
    with app.app_context(), pytest.raises(CopyFault) as refused:
        verify_copy(path, ask_passphrase=lambda: passphrase)
    return type(refused.value)


def test_what_is_newer_foreign_or_no_copy_at_all_is_called_so(sound: Path, office: Flask, tmp_path: Path) -> None:
    def newer_schema(said: dict[str, object]) -> None:
        said["database"]["revision"] = "9999"  # type: ignore[index]

    def newer_format(said: dict[str, object]) -> None:
        said.update(format=2, more="things")

    def elsewhere(said: dict[str, object]) -> None:
        said["database"]["kind"] = "oracle"  # type: ignore[index]

    path = tmp_path / "lain.zip"
    found = []
    for change in (newer_schema, newer_format, elsewhere):
        path.write_bytes(rewritten(sound, edit_manifest(change, with_digest=True)))
        found.append(raised_by(office, path))
    for data in (b"", b"Halo", b"PK\x03\x04", b"x" * 500):
        path.write_bytes(data)
        found.append(raised_by(office, path))

    assert found == [NewerCopy, NewerCopy, OtherDatabase, NotACopy, NotACopy, DamagedCopy, NotACopy]
    assert raised_by(office, tmp_path / "tidak-ada.zip") is CannotRead


def test_a_copy_that_cannot_be_finished_leaves_nothing(
    office: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "penuh"
    folder.mkdir()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with office.app_context():
        monkeypatch.setattr(SealingWriter, "write", full)
        with pytest.raises(CannotWrite):
            back_up(folder / "cadangan.zip", actor=ACTOR, now=NOW)
        monkeypatch.undo()
        with pytest.raises(CannotWrite):
            back_up(folder / "tidak-ada" / "cadangan.zip", actor=ACTOR, now=NOW)

        assert list(folder.iterdir()) == []
        assert [each.name for each in this_place().instance.glob(".kerja-*")] == []


def test_an_older_copy_is_never_written_over(sound: Path, office: Flask, empty_app: Flask) -> None:
    before = sound.read_bytes()

    with office.app_context(), pytest.raises(TargetThere):
        back_up(sound, actor=ACTOR, now=NOW)
    with empty_app.app_context(), pytest.raises(NotPrepared):
        back_up(sound.with_name("baru.zip"), actor=ACTOR, now=NOW)

    assert sound.read_bytes() == before

"""Received files: each once, each whole, and nobody else's business."""

import hashlib
import os
import stat
import threading
from pathlib import Path

import pytest

from pendamping.kernel.filestore import FileStore

DATA = b"isi berkas"
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "berkas")


def everything_in(store: FileStore) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def small(data: bytes) -> bytes:
    return data[:3]


def unwilling(data: bytes) -> bytes:
    raise ValueError("no copy can be made")


def test_a_file_lies_under_the_digest_of_its_bytes(store: FileStore) -> None:
    sha256 = store.put(DATA)

    assert sha256 == SHA256
    assert store.read(sha256) == DATA
    assert store.path(sha256).read_bytes() == DATA
    assert everything_in(store) == [SHA256]


def test_the_same_bytes_lie_there_once_and_are_not_written_again(store: FileStore) -> None:
    store.put(DATA)
    before = store.path(SHA256).stat()

    again = store.put(DATA)

    assert again == SHA256
    assert everything_in(store) == [SHA256]
    assert store.path(SHA256).stat().st_ino == before.st_ino


def test_other_bytes_lie_beside_them(store: FileStore) -> None:
    names = sorted([store.put(DATA), store.put(DATA + b"!")])

    assert everything_in(store) == names
    assert len(set(names)) == 2


def test_the_same_bytes_from_many_sides_at_once_lie_there_once_and_whole(store: FileStore) -> None:
    data = os.urandom(500_000)
    ready = threading.Barrier(6)
    names: list[str] = []

    def put() -> None:
        ready.wait()
        names.append(store.put(data))

    threads = [threading.Thread(target=put) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(names) == 6
    assert everything_in(store) == [names[0]]
    assert store.read(names[0]) == data


@pytest.mark.parametrize(("owner", "name"), [(os, "fsync"), (Path, "replace")], ids=["no room", "no name"])
def test_a_writing_that_fails_leaves_nothing(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store.put(DATA)
    store.path(SHA256).unlink()
    monkeypatch.setattr(owner, name, no_room)

    with pytest.raises(OSError, match="No space left"):
        store.put(DATA)

    assert everything_in(store) == []


def test_a_file_that_nobody_put_there_is_not_found(store: FileStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.read(SHA256)
    with pytest.raises(FileNotFoundError):
        store.derived(SHA256, "kecil.jpg", small)


def test_a_copy_is_made_once(store: FileStore) -> None:
    made: list[bytes] = []

    def note(data: bytes) -> bytes:
        made.append(data)
        return small(data)

    store.put(DATA)
    copies = [store.derived(SHA256, "kecil.jpg", note) for _ in range(3)]

    assert copies == [b"isi"] * 3
    assert made == [DATA]
    assert store.read(SHA256) == DATA


def test_a_copy_that_was_deleted_is_made_anew(store: FileStore) -> None:
    store.put(DATA)
    store.derived(SHA256, "kecil.jpg", small)
    (copy,) = (path for path in store.folder.rglob("*-kecil.jpg"))
    copy.unlink()

    assert store.derived(SHA256, "kecil.jpg", small) == b"isi"
    assert copy.read_bytes() == b"isi"


def test_copies_of_another_size_are_others(store: FileStore) -> None:
    store.put(DATA)

    assert store.derived(SHA256, "kecil.jpg", small) == b"isi"
    assert store.derived(SHA256, "besar.jpg", lambda data: data[:8]) == b"isi berk"


def test_a_copy_that_cannot_be_made_leaves_nothing(store: FileStore) -> None:
    store.put(DATA)

    with pytest.raises(ValueError, match="no copy"):
        store.derived(SHA256, "kecil.jpg", unwilling)

    assert everything_in(store) == [SHA256]


def test_only_the_server_itself_may_look_into_the_files(store: FileStore) -> None:
    store.put(DATA)
    store.derived(SHA256, "kecil.jpg", small)

    open_to_others = {
        str(path.relative_to(store.folder)): oct(path.stat().st_mode)
        for path in (store.folder, *store.folder.rglob("*"))
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    }

    assert open_to_others == {}

"""The disk under a copy: room for one run alone, and things moved in so that they can be taken out again."""

import fcntl
import os
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pendamping.operations.backup.faults import CannotWrite

WORKING = ".kerja-"
"""How the name of every room begins."""
UNFINISHED = ".belum-"
"""How the name of a file begins that is being written."""
INTERRUPTIONS = {signal.SIGINT, signal.SIGTERM}


@contextmanager
def room(beside: Path | None = None) -> Iterator[Path]:
    """A folder to work in, for this run alone; gone afterwards. It lies in `beside`, on the same disk, or wherever the
    system keeps such things.

    Raises:
        CannotWrite: inside, something could not be written for want of room or rights.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=WORKING, dir=beside) as folder, opened(Path(folder)) as descriptor:
            held(descriptor)
            yield Path(folder)
    except OSError as error:
        where = error.filename or beside or tempfile.gettempdir()
        raise CannotWrite(file=str(where), why=error.strerror or str(error)) from error


@contextmanager
def made(folder: Path) -> Iterator[None]:
    """A folder that is there inside; one that was not there before, and is empty afterwards, is gone again."""
    is_new = not folder.is_dir()
    if is_new:
        folder.mkdir(mode=0o700)
    try:
        yield
    finally:
        if is_new:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def in_place_of(home: Path, new: Path) -> Iterator[None]:
    """`new` takes the place of what lies at `home`, on the same disk; should anything fail inside, all is as before."""
    before = new.with_name(f"{new.name}.semula")
    if home.exists():
        home.replace(before)
    try:
        new.replace(home)
        sync(home.parent)
        yield
    except BaseException:
        if not new.exists():
            home.replace(new)
        if before.exists():
            before.replace(home)
        raise


@contextmanager
def undisturbed() -> Iterator[None]:
    """For the moment in which several things change as one: who interrupts is heard after it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def sync(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on the disk."""
    with opened(path) as descriptor:
        os.fsync(descriptor)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A file's or a folder's descriptor."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def held(descriptor: int) -> None:
    """Mark what is unfinished as somebody's for as long as it is open; on disks that know no locks nobody can tell."""
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextmanager
def lone_file(path: Path, *, on_wait: Callable[[], None]) -> Iterator[None]:
    """Inside, no other process is inside by the same path; who comes second is told, and waits."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def left_behind(folders: Iterable[Path]) -> list[Path]:
    """What lies unfinished in these folders, and nobody is at work on it: its process was killed."""
    found = {path for folder in folders for name in (WORKING, UNFINISHED) for path in folder.glob(f"{name}*")}
    return sorted(path for path in found if _is_nobodys(path))


def _is_nobodys(path: Path) -> bool:
    try:
        with opened(path) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # held, gone meanwhile, or another account's
        return False
    return True

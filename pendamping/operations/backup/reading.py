"""Opening a copy that somebody hands in: nothing of it is used before every byte has been looked at."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pendamping.operations.backup.archive import Copy, opened
from pendamping.operations.backup.faults import (
    CannotRead,
    DamagedCopy,
    NewerCopy,
    OtherDatabase,
    PassphraseNeeded,
    shortened,
)
from pendamping.operations.backup.lock import is_locked, unlock
from pendamping.operations.backup.place import Place
from pendamping.operations.backup.progress import Watched
from pendamping.operations.backup.seal import is_sealed
from pendamping.operations.schema import known_revisions

AskPassphrase = Callable[[], str | None]
"""Called only for a locked copy; None when there is nobody to ask."""

EVERYTHING = "sidik jari seluruh berkas tidak cocok (terpotong atau berubah)"


@contextmanager
def sound_copy(path: Path, *, ask_passphrase: AskPassphrase, folder: Path) -> Iterator[Copy]:
    """A copy of which every byte is as it was written.

    Args:
        folder: room for what a locked copy holds.

    Raises:
        CopyFault: it is none, damaged, newer, locked by another passphrase or not to be read.
    """
    with ExitStack() as stack:
        try:
            copy = stack.enter_context(_looked_through(path, ask_passphrase, folder))
        except OSError as error:
            raise CannotRead(file=str(path), why=error.strerror or str(error)) from error
        yield copy


@contextmanager
def _looked_through(path: Path, ask_passphrase: AskPassphrase, folder: Path) -> Iterator[Copy]:
    with Watched("Memeriksa", path.stat().st_size) as watched:
        _refuse_broken_seal(path, watched)
        plain = _unlocked(path, ask_passphrase, folder)
    with opened(plain, path.name) as copy:
        with Watched("Memeriksa isi", path.stat().st_size) as watched:
            copy.refuse_damage(advance=watched.advance)
        yield copy


def _refuse_broken_seal(path: Path, watched: Watched) -> None:
    if is_sealed(path, advance=watched.advance):
        return
    if not is_locked(path):
        with opened(path, path.name) as copy:  # says which part, if it can be known
            copy.refuse_damage()
    raise DamagedCopy(file=path.name, what=EVERYTHING)


def _unlocked(path: Path, ask_passphrase: AskPassphrase, folder: Path) -> Path:
    if not is_locked(path):
        return path
    passphrase = ask_passphrase()
    if passphrase is None:
        raise PassphraseNeeded(file=path.name)
    plain = folder / "terbuka.zip"
    unlock(path, plain, passphrase)
    return plain


def refuse_unfit(copy: Copy, place: Place) -> None:
    """Raises CopyFault: of a database that was broken already, of another kind, or of a schema not known here."""
    if broken := copy.manifest.broken:
        raise copy.damaged(f"basis datanya sudah rusak ketika disalin: {shortened(broken)}")
    database = copy.manifest.database
    if database.kind != place.kind:
        raise OtherDatabase(file=copy.name, theirs=database.kind, ours=place.kind)
    if database.revision not in known_revisions():
        raise NewerCopy(file=copy.name, what=f"revisi basis data {database.revision}")

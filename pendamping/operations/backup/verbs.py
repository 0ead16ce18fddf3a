"""Verbs of copies: make one, look whether it is whole, put it back."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import click
from sqlalchemy.exc import DBAPIError

from pendamping import __version__
from pendamping.field.models import ServerEpoch
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.database import transaction
from pendamping.operations.backup import lock
from pendamping.operations.backup.archive import packing
from pendamping.operations.backup.disk import room
from pendamping.operations.backup.faults import DamagedCopy, NotPrepared, shortened
from pendamping.operations.backup.keys import keys_named, pack_keys
from pendamping.operations.backup.making import pack_database, pack_files, size_of, where_to_work, whole_file
from pendamping.operations.backup.manifest import FORMAT, Manifest
from pendamping.operations.backup.place import Place, alone, scratch_address, this_place, working_on
from pendamping.operations.backup.progress import Watched
from pendamping.operations.backup.reading import AskPassphrase, refuse_unfit, sound_copy
from pendamping.operations.backup.restoring import differences, files_beside, keys_beside, move_in, put_back
from pendamping.operations.schema import head_revision, migrate, revision

BACKED_UP, RESTORED = "back_up", "restore"
"""How the audit log calls it."""
MOST_SAID = 20
"""So many findings about a broken database are kept in its copy."""


def back_up(target: Path, *, actor: Actor, now: dt.datetime, passphrase: str | None = None) -> Manifest:
    """Copy everything an office has into one file, while people go on writing.

    Whatever was acknowledged before this was called is in it. Not in it: settings, pictures that can be made anew, and
    in a copy that is not locked the office's keys.

    A broken database is copied as well, so that something can be rescued; `Manifest.broken` tells.

    Args:
        passphrase: locks the copy; whoever forgets it has no copy.

    Raises:
        CopyFault: the file is there already or cannot be written, or there is nothing to copy.
    """
    if revision() is None:
        raise NotPrepared
    place = this_place()
    with room(where_to_work(place, target, is_locked=passphrase is not None)) as folder, whole_file(target) as file:
        if passphrase is None:
            manifest = _pack(place, file, folder, now)
        else:
            with lock.locking(file, passphrase) as plain:
                manifest = _pack(place, plain, folder, now, with_keys=True)
    if manifest.database.revision == head_revision():  # before an upgrade there may be nothing to put it on record in
        after = {
            "file": target.name,
            "byte_size": target.stat().st_size,
            "keys": keys_named(manifest),
            "missing": len(manifest.missing_files),
            "broken": bool(manifest.broken),
        }
        try:
            _put_on_record(BACKED_UP, after, actor=actor, now=now)
        except DBAPIError as error:  # the copy is there, whatever became of its record
            click.echo(f"Perhatian: {target.name} jadi, tetapi tidak tercatat: {error.orig}", err=True)
    return manifest


def _pack(place: Place, file: BinaryIO, folder: Path, now: dt.datetime, *, with_keys: bool = False) -> Manifest:
    with Watched("Mencadangkan", size_of(place)) as watched, packing(file, advance=watched.advance) as parts:
        database = pack_database(place, parts, folder=folder, advance=watched.advance)
        missing = pack_files(place.store, parts, database.named)
        if with_keys:
            pack_keys(place.instance, parts)
        manifest = Manifest(
            FORMAT, now, __version__, database.part, dict(parts.members), missing, database.broken[:MOST_SAID]
        )
        parts.close(manifest)
    return manifest


def _put_on_record(verb: str, after: Mapping[str, Any], *, actor: Actor, now: dt.datetime) -> None:
    with transaction() as session:
        epoch = session.get_one(ServerEpoch, 1)
        audit.record(session, actor, verb, epoch, at=now, after=after)


def verify_copy(path: Path, *, ask_passphrase: AskPassphrase) -> tuple[Manifest, list[str]]:
    """Look through a copy, put it back beside the running office, and compare. The office itself is not touched.

    Returns:
        What the copy says of itself, and what is wrong with it, in words.

    Raises:
        CopyFault: it cannot be opened, or is damaged.
    """
    place = this_place()
    with room() as folder, sound_copy(path, ask_passphrase=ask_passphrase, folder=folder) as copy:
        refuse_unfit(copy, place)
        with scratch_address(place, folder) as (url, _), working_on(folder, url) as there:
            put_back(copy, there)
            found = differences(copy, there)
        missing = [f"lampiran {each[:16]}... sudah hilang sebelum dicadangkan" for each in copy.manifest.missing_files]
        return copy.manifest, found + missing


def restore(path: Path, *, ask_passphrase: AskPassphrase, epoch: str, actor: Actor, now: dt.datetime) -> Manifest:
    """Fill an empty place with a copy: all of it, or nothing. An older schema is brought up to date.

    Args:
        epoch: the new name of what this server remembers; by it tablets notice that they may know more, and offer
            again what they have sent.

    Raises:
        CopyFault: the place is not empty, or the copy cannot be used; nothing is changed then.
    """
    place = this_place()
    with alone(place):
        place.refuse_unless_empty()
        with room(place.home) as folder, sound_copy(path, ask_passphrase=ask_passphrase, folder=folder) as copy:
            refuse_unfit(copy, place)
            with scratch_address(place, folder) as (url, schema):
                with working_on(folder, url) as there:
                    put_back(copy, there)
                    if found := differences(copy, there):
                        raise DamagedCopy(file=copy.name, what=shortened(found))
                    migrate()
                    _begin_epoch(epoch, copy.manifest, actor=actor, now=now)
                with (
                    files_beside(copy, place) as files,
                    keys_beside(copy, place, is_locked=lock.is_locked(path)) as keys,
                ):
                    place.refuse_unless_empty()
                    move_in(place, url, schema, {**files, **keys})
            return copy.manifest


def _begin_epoch(value: str, manifest: Manifest, *, actor: Actor, now: dt.datetime) -> None:
    with transaction() as session:
        session.get_one(ServerEpoch, 1).value = value
        session.flush()
    after = {"made_at": manifest.made_at.isoformat(), "revision": manifest.database.revision}
    _put_on_record(RESTORED, after, actor=actor, now=now)

"""What a version must be to follow those that are published of its instrument."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from pendamping.instruments.definition import AnswerType, Instrument
from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

_NUMBERED = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})*")


class Published(Protocol):
    """A published version, as far as the next one must know it."""

    @property
    def effective_on(self) -> dt.date: ...

    @property
    def instrument(self) -> Instrument: ...


class CannotFollow(DomainError):
    """Why an instrument cannot be the next version; one of the kinds below."""


class VersionUnreadable(CannotFollow):
    code = "version_unreadable"
    explanation = N_("Nomor versi “%(version)s” harus angka dan titik, misalnya 0.3.0.")


class VersionNotHigher(CannotFollow):
    code = "version_not_higher"
    explanation = N_("Versi %(version)s tidak lebih tinggi daripada versi %(latest)s yang sudah terbit.")


class AnswerTypeChanged(CannotFollow):
    """Old answers stand under the item's id; under another type nobody could read them."""

    code = "answer_type_changed"
    explanation = N_("Jenis jawaban berubah pada %(items)s. Beri butir itu kode yang belum pernah dipakai.")


class EffectiveTooEarly(CannotFollow):
    """It would never be in force: the version before it would still be the newer one."""

    code = "effective_too_early"
    explanation = N_("Versi %(latest)s berlaku sejak %(day)s; versi sesudahnya tidak dapat berlaku lebih awal.")


def refuse_to_follow(instrument: Instrument, versions: Sequence[Published]) -> None:
    """Say why an instrument cannot follow what is published of it, whatever the day; silent when it can.

    Raises:
        VersionUnreadable, VersionNotHigher, AnswerTypeChanged
    """
    refuse_number(instrument.version, versions)
    types = types_by_id(versions)
    changed = [item.id for item in instrument.items if types.get(item.id, item.type) is not item.type]
    if changed:
        raise AnswerTypeChanged(items=", ".join(changed))


def refuse_number(version: str, versions: Sequence[Published]) -> None:
    """Raises VersionUnreadable, VersionNotHigher."""
    number = _number(version)
    if number is None:
        raise VersionUnreadable(version=version)
    for each in versions:
        if number <= (_number(each.instrument.version) or ()):
            raise VersionNotHigher(version=version, latest=each.instrument.version)


def types_by_id(versions: Iterable[Published]) -> dict[str, AnswerType]:
    """How every item that was ever published is answered: answers lie in the log under its id."""
    return {item.id: item.type for version in versions for item in version.instrument.items}


def refuse_too_early(versions: Sequence[Published], effective_on: dt.date) -> None:
    """Raises EffectiveTooEarly: its first day lies before that of a version it follows."""
    for version in reversed(versions):
        if effective_on < version.effective_on:
            raise EffectiveTooEarly(latest=version.instrument.version, day=version.effective_on.isoformat())


def next_number(version: str) -> str:
    """The number that a draft begins with: 0.3.0 after 0.2.7, 2 after 1; the same again where it is no number."""
    if not _NUMBERED.fullmatch(version):
        return version
    parts = [int(part) for part in version.split(".")]
    raised = min(1, len(parts) - 1)
    return ".".join(
        str(part + 1 if index == raised else part if index < raised else 0) for index, part in enumerate(parts)
    )


def _number(version: str) -> tuple[int, ...] | None:
    """0.10 comes after 0.9, and 1.0 is no other number than 1."""
    if not _NUMBERED.fullmatch(version):
        return None
    parts = [int(part) for part in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)

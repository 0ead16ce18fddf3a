"""Reading a document key by key so that one run names every fault, for `definition.parse`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self, TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

FULL_VALUE = 10_000
"""The value of the best answer. Values are whole ten-thousandths (3333 for 0.3333): sums and comparisons are exact."""

AMOUNT_LIMIT = 10**12
"""Numbers in a document stay below this: with two decimals they are still exact in a browser."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN_WORD = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class InstrumentFault:
    """One thing wrong with a document, in the words of the people who edit it."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


class InstrumentInvalid(Exception):
    """A document is no instrument; carries every fault found in it."""

    def __init__(self, faults: tuple[InstrumentFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Node:
    """One mapping of a document.

    Where something cannot be read the fault is noted and a stand-in of the right type is given, so that reading goes
    on; what is read from a document with faults is thrown away as a whole.
    """

    def __init__(
        self, content: Mapping[str, object], where: str, faults: list[InstrumentFault], path: str = ""
    ) -> None:
        self.where = where
        self.faults = faults
        self.faulty: set[str] = set()
        """Keys that could not be read: rules that compare them with others have nothing to say."""
        self._content = content
        self._path = path
        self._asked: set[str] = set()

    @classmethod
    def of(cls, raw: object, where: str, faults: list[InstrumentFault], path: str = "") -> Self:
        """What is no mapping is one fault; the keys that it lacks for that reason are not listed as well."""
        if isinstance(raw, Mapping):
            return cls({str(key): content for key, content in raw.items()}, where, faults, path)
        faults.append(InstrumentFault(where, f"{path.removesuffix('.')} harus berisi kunci dan isinya".strip()))
        return cls({}, where, [], path)

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def fault(self, reason: str) -> None:
        """Note that what was read does not hold together."""
        place = f"{self._path.removesuffix('.')}: " if self._path else ""
        self.faults.append(InstrumentFault(self.where, place + reason))

    def _fault_at(self, key: str, reason: str) -> None:
        self.faults.append(InstrumentFault(self.where, f"{self._path}{key} {reason}"))

    def close(self) -> None:
        """Note keys that nobody asked for: most are slips of the pen, and would otherwise be ignored in silence."""
        for key in self._content:
            if key not in self._asked:
                self._fault_at(shown(key), "tidak dikenal atau tidak berlaku di sini")

    def raw(self, key: str) -> object:
        self._asked.add(key)
        return self._content.get(key)

    def read(self, key: str, wanted: str, accept: Callable[[object], T | None], stand_in: T) -> T:
        """What `accept` makes of the content under a key; None from it means that the content is not as wanted."""
        raw = self.raw(key)
        value = None if raw is None else accept(raw)
        if value is None:
            self.faulty.add(key)
            self._fault_at(key, "wajib diisi" if raw is None else f"harus {wanted}")
            return stand_in
        return value

    def text(self, key: str) -> str:
        return self.read(key, "teks", as_text, "")

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self else None

    def flag(self, key: str) -> bool:
        return self.read(key, "true atau false", lambda raw: raw if isinstance(raw, bool) else None, False)

    def whole(self, key: str, low: int, high: int) -> int:
        return self.read(key, f"bilangan bulat {low} sampai {high}", lambda raw: as_whole(raw, low, high), 0)

    def amount(self, key: str) -> Decimal:
        return self.read(key, "angka", as_amount, Decimal(0))

    def value(self, key: str) -> int:
        return self.read(key, "angka 0 sampai 1, paling banyak 4 desimal", as_value, 0)

    def member(self, key: str, kind: type[E]) -> E:
        return self.read(key, f"salah satu dari {', '.join(kind)}", lambda raw: as_member(raw, kind), next(iter(kind)))

    def rows(self, key: str) -> Sequence[object]:
        return self.read(key, "daftar yang berisi", lambda raw: raw if isinstance(raw, list) and raw else None, [])

    def child(self, key: str, where: str = "") -> "Node":
        """The mapping under a key: a place of its own when `where` is given, else part of this one."""
        path = "" if where else f"{self._path}{key}."
        raw = self.read(key, "berisi kunci dan isinya", lambda raw: raw if isinstance(raw, Mapping) else None, None)
        return Node({}, self.where, [], path) if raw is None else Node.of(raw, where or self.where, self.faults, path)


def shown(text: str) -> str:
    """A word of a document as it may stand in a line on somebody's screen, whatever is in it."""
    return text if _PLAIN_WORD.fullmatch(text) else ascii(text[:40])


def has_surrogate(text: str) -> bool:
    """Half a character, which YAML and JSON can both smuggle in, can be neither stored nor sent."""
    return _SURROGATE.search(text) is not None


def as_text(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw.strip() and not has_surrogate(raw) else None


def as_matching(raw: object, pattern: re.Pattern[str]) -> str | None:
    return raw if isinstance(raw, str) and pattern.fullmatch(raw) else None


def as_amount(raw: object) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < AMOUNT_LIMIT:
        return None
    return Decimal(repr(raw))


def as_whole(raw: object, low: int, high: int) -> int | None:
    """A whole number may be written 3 or 3.0: canonical JSON makes no difference either."""
    amount = as_amount(raw)
    return None if amount is None else _integer(amount, low, high)


def as_value(raw: object) -> int | None:
    """A value from 0 to 1 in ten-thousandths; None when it has more than four decimals."""
    amount = as_amount(raw)
    return None if amount is None else _integer(amount * FULL_VALUE, 0, FULL_VALUE)


def _integer(number: Decimal, low: int, high: int) -> int | None:
    return int(number) if low <= number <= high and number == int(number) else None


def as_member(raw: object, kind: type[E]) -> E | None:
    return kind(raw) if isinstance(raw, str) and raw in list(kind) else None


def as_pairs(raw: object, left: Callable[[object], T | None]) -> tuple[tuple[T, int], ...] | None:
    """A list of [left, value]; None when it is empty or anything in it is something else."""
    pairs = []
    for pair in raw if isinstance(raw, list) else []:
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        first, value = left(pair[0]), as_value(pair[1])
        if first is None or value is None:
            return None
        pairs.append((first, value))
    return tuple(pairs) or None

"""From the text of a file to a document, and from a document to the hash it is known by."""

import datetime as dt
import hashlib
import json
from collections.abc import Hashable, Mapping
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError
from yaml.reader import ReaderError

from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid, as_amount, has_surrogate, shown

MAX_YAML_CHARACTERS = 300_000


def read_yaml(text: str) -> Mapping[str, object]:
    """The document in a YAML text, for `parse`.

    Raises:
        InstrumentInvalid: with line and column where the text is no YAML, and wherever a key stands twice.
    """
    if len(text) > MAX_YAML_CHARACTERS:
        raise _invalid("berkas", f"lebih panjang daripada {MAX_YAML_CHARACTERS} huruf")
    try:
        loader = _StrictLoader(text)
        document = loader.get_single_data()
    except ReaderError as error:
        raise _invalid(_place_of_position(text, error.position), "huruf ini tidak boleh ada dalam YAML") from error
    except yaml.MarkedYAMLError as error:
        raise _invalid(_place_of_mark(error.problem_mark), f"bukan YAML yang sah ({error.problem})") from error
    except RecursionError as error:
        raise _invalid("berkas", "susunannya terlalu dalam") from error
    if loader.repeated_keys:
        raise InstrumentInvalid(tuple(loader.repeated_keys))
    if not isinstance(document, Mapping):
        raise _invalid("berkas", "harus berisi kunci dan isinya")
    return document


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader, less what would do harm unseen: repeated keys, aliases, and scalars that are not what their tag says.

    Of two equal keys it would keep the last in silence; a few nested aliases can stand for gigabytes; and a wrong
    scalar would come out as whatever Python raises.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated_keys: list[InstrumentFault] = []

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            alias: Any = self.peek_event()  # type: ignore[no-untyped-call]
            raise ComposerError(None, None, "alias seperti *ini tidak dipakai", alias.start_mark)
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise ConstructorError(None, None, str(error), node.start_mark) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                where = _place_of_mark(key.start_mark)
                self.repeated_keys.append(InstrumentFault(where, f"kunci {shown(key.value)} sudah ada"))
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _place_of_mark(mark: yaml.Mark | None) -> str:
    """A place as editors show it; PyYAML counts from 0."""
    return f"baris {mark.line + 1}, kolom {mark.column + 1}" if mark else "berkas"


def _place_of_position(text: str, position: int) -> str:
    before = text[:position]
    return f"baris {before.count(chr(10)) + 1}, kolom {position - before.rfind(chr(10))}"


def _invalid(where: str, reason: str) -> InstrumentInvalid:
    return InstrumentInvalid((InstrumentFault(where, reason),))


def canonical_json(document: Mapping[str, object]) -> str:
    """The one text of a document: however it was laid out, ordered or quoted, and whether it says 1 or 1.0.

    Raises:
        InstrumentInvalid: something in it cannot stand in JSON; never for what `parse` accepts.
    """
    return json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_hash(document: Mapping[str, object]) -> str:
    """What a version is known by: SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def _plain(content: object) -> object:
    """The same content in the types of JSON: dates as ISO text, keys as text."""
    match content:
        case None | bool():
            return content
        case int() | float() if (amount := as_amount(content)) is not None:
            return int(amount) if amount == int(amount) else content
        case str() if not has_surrogate(content):
            return content
        case dt.date():
            return content.isoformat()
        case list() | tuple():
            return [_plain(part) for part in content]
        case Mapping():
            return _plain_mapping(content)
        case _:
            raise _invalid("berkas", f"ada isi yang tidak dapat disimpan ({type(content).__name__})")


def _plain_mapping(content: Mapping[object, object]) -> dict[str, object]:
    plain = {str(key): _plain(part) for key, part in content.items()}
    for key in plain:
        if has_surrogate(key):
            raise _invalid("berkas", f"kunci {shown(key)} tidak dapat disimpan")
    if len(plain) < len(content):
        raise _invalid("berkas", f"ada kunci yang berulang di antara {', '.join(shown(key) for key in plain)}")
    return plain

"""An instrument as YAML text, laid out as the shipped files are, for people who edit it by hand."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from pendamping.instruments.exchange.columns import FACTS, ITEM_SHEET
from pendamping.instruments.reading.text import canonical_json

WIDTH = 120

_ORDER = (
    *("instrument", "sections", "scoring", "items"),
    *("id", "code", "version", "section", "kind", "name_id", "name_en", "label_id", "label_en"),
    *("question_id", "question_en", "title_id", "title_en", "language", "review_cycle"),
    *("filled_by", "reviewed_by", "type", "levels", "unit", "min", "max", "decimals"),
    *("thresholds", "direction", "steps", "date_rule", "reference", "answer_value", "yes_no_na", "scale_0_3"),
    *("number", "date", "evidence_only", "yes", "no", "accepted", "missing_or_rejected", "na", "weight", "critical"),
    *(column.path.rpartition(".")[2] for column in (*ITEM_SHEET.columns[:15], *FACTS, *ITEM_SHEET.columns)),
    *("action_template", "source", "text", "confidence"),
)
"""Keys in the order in which one wants to read them; canonical JSON has them by the alphabet."""
_RANK = {key: rank for rank, key in reversed(list(enumerate(_ORDER)))}


class _Dumper(yaml.SafeDumper):
    """Lists of numbers and pairs on one line; no anchors, which `read_yaml` refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Line ends other than a line feed would be folded into a gap, unless they are escaped."""
        is_plain = all(letter.isprintable() or letter == "\n" for letter in data)
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=None if is_plain else '"')

    def represent_sequence(
        self, tag: str, sequence: Iterable[Any], flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        parts = list(sequence)
        on_one_line = all(not isinstance(part, dict | list) for part in parts)
        return super().represent_sequence(tag, parts, flow_style=on_one_line)


_Dumper.add_representer(str, _Dumper.represent_str)


def yaml_of(document: Mapping[str, object]) -> str:
    """The text that `read_yaml` reads as the same document.

    Args:
        document: as `parse` accepts it.
    """
    ordered = _ordered(json.loads(canonical_json(document)))
    parts = [_dumped({key: part}) for key, part in ordered.items() if key != "items"]
    items = [_dumped([item]) for item in ordered["items"]]
    return "".join([*parts, "items:\n", *(f"\n{item}" for item in items)])


def _dumped(content: object) -> str:
    return str(yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH))


def _ordered(content: Any) -> Any:
    if isinstance(content, list):
        return [_ordered(part) for part in content]
    if not isinstance(content, dict):
        return content
    keys = sorted(content, key=lambda key: (_RANK.get(key, len(_RANK)), key))
    return {_key(key): _ordered(content[key]) for key in keys}


def _key(key: str) -> str | int:
    """Levels are numbers in the shipped files; quoted ones would read the same."""
    return int(key) if len(key) == 1 and key.isascii() and key.isdigit() else key

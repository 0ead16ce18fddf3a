"""A record's body as a form would have sent it: nested JSON becomes names joined by `-`.

`{"answers": {"KL-01": {"value": "yes"}}}` is `answers-KL-01-value=yes`, the first of a list of objects is
`people_met-0-...`, a list of texts is one name several times. The tablet does the same the other way round.
"""

from collections.abc import Iterator, Mapping
from typing import Any

MAX_DEPTH = 8
MAX_FIELDS = 4_000
"""As many as a form may have."""


class NotFlat(ValueError):
    """It is nested too deep, has too much in it, or holds what no form could send."""


def flatten(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs of field names and texts. What is null or false is not there, as in a form; true is `y`.

    Raises:
        NotFlat: no form looks like this.
    """
    pairs = []
    for name, text in _pairs("", body, 0):
        if "\0" in name or "\0" in text:
            raise NotFlat
        pairs.append((name, text))
        if len(pairs) > MAX_FIELDS:
            raise NotFlat
    return pairs


def _pairs(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > MAX_DEPTH:
        raise NotFlat
    match value:
        case None | False:
            return
        case True:
            yield name, "y"
        case dict():
            for key, each in value.items():
                yield from _pairs(f"{name}-{key}" if name else str(key), each, depth + 1)
        case list():
            for number, each in enumerate(value):
                is_entry = isinstance(each, dict | list)
                yield from _pairs(f"{name}-{number}" if is_entry else name, each, depth + 1)
        case _:
            yield name, str(value)

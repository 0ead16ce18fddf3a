"""Nested JSON becomes the fields of a form."""

from typing import Any

import pytest

from pendamping.field.flatten import MAX_DEPTH, MAX_FIELDS, NotFlat, flatten


def nested(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {"a": "x"}
    for _ in range(levels):
        found = {"a": found}
    return found


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        ({}, []),
        ({"notes": "Rapat"}, [("notes", "Rapat")]),
        (
            {"answers": {"KL-01": {"value": "yes", "note": ""}}},
            [("answers-KL-01-value", "yes"), ("answers-KL-01-note", "")],
        ),
        (
            {"people_met": [{"name": "Siti"}, {"name": "Budi", "role": "Ketua"}]},
            [("people_met-0-name", "Siti"), ("people_met-1-name", "Budi"), ("people_met-1-role", "Ketua")],
        ),
        ({"purposes": ["rapat", "pelatihan"]}, [("purposes", "rapat"), ("purposes", "pelatihan")]),
        ({"place": {"lat": -1.25, "lon": 116, "accuracy_m": None}}, [("place-lat", "-1.25"), ("place-lon", "116")]),
        ({"agreed": True, "other": False, "nothing": None, "none": [], "empty": {}}, [("agreed", "y")]),
    ],
)
def test_a_body_becomes_the_fields_of_a_form(body: dict[str, Any], pairs: list[tuple[str, str]]) -> None:
    assert flatten(body) == pairs


@pytest.mark.parametrize(
    "body",
    [
        nested(MAX_DEPTH),
        {"a": [[[[[[[[["x"]]]]]]]]]},
        {"photos": ["x"] * (MAX_FIELDS + 1)},
        {"notes": "a\0b"},
        {"a\0b": "x"},
    ],
)
def test_what_no_form_could_send_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(NotFlat):
        flatten(body)


def test_as_much_as_a_form_may_hold_is_taken() -> None:
    assert flatten(nested(MAX_DEPTH - 1)) == [("-".join("a" * MAX_DEPTH), "x")]
    assert len(flatten({"photos": ["x"] * MAX_FIELDS})) == MAX_FIELDS

"""What is built once is the same object for the same arguments, and another for any other."""

from dataclasses import dataclass

from pendamping.kernel.statement_cache import MOST_KEPT, built_once


@dataclass
class Person:
    """Not hashable, and never the same object twice, as a row of the session is."""

    sight: tuple[str, ...]


def test_the_same_arguments_get_the_same_and_others_get_others() -> None:
    @built_once
    def build(person: Person, number: int, *, day: str = "today") -> list[object]:
        return [person.sight, number, day]

    first = build(Person(("Ratna",)), 1, day="Monday")

    assert build(Person(("Ratna",)), 1, day="Monday") is first
    assert build(Person(("Budi",)), 1, day="Monday") == [("Budi",), 1, "Monday"]
    assert build(Person(("Ratna",)), 2, day="Monday") is not first
    assert build(Person(("Ratna",)), 1, day="Tuesday") is not first
    assert build(Person(("Ratna",)), 1) == [("Ratna",), 1, "today"]


def test_what_was_not_used_for_long_makes_room() -> None:
    @built_once
    def build(number: int) -> list[int]:
        return [number]

    kept = build(0)
    old = build(1)
    for number in range(2, MOST_KEPT + 1):
        build(number)
        assert build(0) is kept

    assert build(0) is kept
    assert build(1) is not old

"""What one visit opens, over all its instruments. Pure.

It is what is due, less what a first assessment leaves for later visits.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pendamping.instruments.answers import Facts
from pendamping.instruments.definition import Instrument, Item
from pendamping.instruments.due import (
    Dated,
    DueItem,
    DueReason,
    due_items,
    estimated_minutes,
    sections_of_first_assessment,
)


@dataclass(frozen=True, slots=True)
class Opening:
    due: Mapping[str, DueItem]
    """The items to open, by id, in the order of a visit."""
    postponed: tuple[Item, ...]
    """Never answered, and left to later visits: a first assessment goes section by section."""

    @property
    def minutes(self) -> int:
        return estimated_minutes(self.due.values())

    @property
    def by_reason(self) -> Mapping[DueReason, int]:
        """How many items are opened for each reason; one item counts once, for its first reason."""
        counts = Counter(each.reasons[0] for each in self.due.values())
        return {reason: counts[reason] for reason in DueReason if counts[reason]}


def opening(
    instruments: Sequence[Instrument],
    answers: Mapping[str, Dated],
    *,
    on: dt.date,
    stage: int,
    facts: Facts,
    open_action_items: Collection[str] = (),
    asked_for: Collection[str] = (),
) -> Opening:
    """What a visit on a day opens.

    Args:
        instruments: in the order of a visit.
        answers: the cooperative's newest ones, by item, that still answer what is asked.
        on, stage, facts, open_action_items, asked_for: as `due.due_items` takes them.
    """
    parts = sections_of_first_assessment(instruments, answers, stage=stage)
    first = {item.id for part in parts for item in part.items}
    due: dict[str, DueItem] = {}
    postponed: list[Item] = []
    for instrument in instruments:
        for each in due_items(
            instrument,
            answers,
            on=on,
            stage=stage,
            facts=facts,
            open_action_items=open_action_items,
            asked_for=asked_for,
        ):
            if each.reasons == (DueReason.NEVER_ANSWERED,) and each.item.id not in first:
                postponed.append(each.item)
            else:
                due[each.item.id] = each
    return Opening(due, tuple(postponed))

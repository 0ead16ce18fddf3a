"""A finding of the last visit comes to an action under way, so that the plan shows one with several items."""

from collections.abc import Sequence

from pendamping.instruments.definition import Item
from pendamping.operations.simulation.agenda import Trip
from pendamping.operations.simulation.lives import Life, Lives
from pendamping.plans.life import TAKES_ITEMS
from pendamping.plans.models import ActionItem, ActionStatus, Priority

NEAR = 2
"""Items whose numbers lie no further apart ask about much the same."""


def join(lives: Lives, trip: Trip, poor: Sequence[Item]) -> None:
    """As the visit's form does it; where nothing near it is under way, or nothing is left over, nothing happens."""
    covered = {life.item.id for life in lives.all if life.item and life.is_open}
    under_way = [life for life in lives.all if life.status in TAKES_ITEMS and life.row["agreed_on"] < trip.on]
    left_over = [item for item in poor if item.id not in covered]
    near = [(life, item) for life in under_way for item in left_over if _is_near(life, item)]
    if not near:
        return
    life, item = near[0]
    lives.rows.add(
        ActionItem,
        action_id=life.row["id"],
        city_code=life.row["city_code"],
        item_id=item.id,
        item_label_id=item.label_id,
        item_label_en=item.label_en,
    )
    if item.is_critical:
        life.row["is_critical"], life.row["priority"] = True, int(Priority.PRESSING)
    life.ahead = [each for each in life.ahead if each.to is not ActionStatus.VERIFIED]  # its items are all looked at
    lives.note(life, trip, f"Juga membenahi: {item.id} {item.label_id}.")


def _is_near(life: Life, item: Item) -> bool:
    if life.item is None:
        return False
    (one, first), (other, second) = (each.id.split("-") for each in (life.item, item))
    return one == other and abs(int(first) - int(second)) <= NEAR

"""Which items a facilitator looks at on a day: all at first, then what is due, what was poor, what was agreed on."""

import datetime as dt
from collections.abc import Collection

from pendamping.instruments.definition import Item
from pendamping.instruments.due import is_expired
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.history import History

FEWEST, MOST = 14, 26
MOST_POOR_SHARE = 0.4


def items_of_visit(
    history: History, day: dt.date, chance: Chance, *, rounds_left: int, found: Collection[str]
) -> list[Item]:
    """The items to answer, in the order of the instruments.

    Args:
        rounds_left: visits over which the first assessment is still spread, this one included; 0 when it is over.
        found: items whose action was found done today.
    """
    asked = history.asked(history.about.stage_on(day))
    unanswered = [item for item in asked if item.id not in history.current]
    if rounds_left and unanswered:
        chosen = {item.id for item in unanswered[: -(-len(unanswered) // rounds_left)]} | set(found)
    else:
        chosen = _due(history, asked, day, chance, found)
    return [item for item in asked if item.id in chosen]


def _due(history: History, asked: list[Item], day: dt.date, chance: Chance, found: Collection[str]) -> set[str]:
    """As many as a visit has time for: what was put right, what is new, what is critical and has come round, a share of
    what was poor, the rest of what has come round. A visit with time left looks at what is not due.
    """
    count = chance.randint(FEWEST, MOST)
    new = [item.id for item in asked if item.id not in history.current]
    known = [history.current[item.id] for item in asked if item.id in history.current]
    poor = [each for each in known if history.is_poor(each) and each.answered_on < day]
    chance.shuffle(poor)
    poor_ids = {each.item.id for each in poor}
    again = [each for each in known if is_expired(each.item, each.answered_on, on=day) and each.item.id not in poor_ids]
    again.sort(key=lambda each: (not each.item.is_critical, each.answered_on))
    critical = [each for each in again if each.item.is_critical]
    rest = sorted((each for each in known if each.answered_on < day), key=lambda each: (each.answered_on, each.item.id))
    chosen = dict.fromkeys([*sorted(found), *new][:count])
    room = count - len(chosen)
    for each in [*critical, *poor[: round(room * MOST_POOR_SHARE)], *again, *poor]:
        if len(chosen) >= count:
            break
        chosen[each.item.id] = None
    for each in rest[: max(0, FEWEST - len(chosen))]:
        chosen[each.item.id] = None
    return set(chosen)

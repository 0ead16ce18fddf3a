"""What is said of an activity, and what an agreement at one becomes: plain values and pure functions."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from pendamping.activities.models import ActivityKind
from pendamping.instruments.definition import OwnerRole
from pendamping.plans.service import ActionDraft


@dataclass(frozen=True, slots=True)
class Presence:
    """How many came from one cooperative; `names` as they were written down, or empty."""

    cooperative_id: uuid.UUID
    people: int
    names: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """All that one step of an activity's record says."""

    held_on: dt.date
    kind: ActivityKind
    place: str
    topic: str
    minutes: str
    presences: tuple[Presence, ...]
    """At least one, each cooperative once."""

    @property
    def cooperative_ids(self) -> tuple[uuid.UUID, ...]:
        return tuple(each.cooperative_id for each in self.presences)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One thing that was agreed, for some of those who took part."""

    title: str
    owner_role: OwnerRole
    due_on: dt.date
    cooperative_ids: tuple[uuid.UUID, ...] = ()
    """Empty for all who took part."""


def bound_by(agreement: Agreement, terms: Terms) -> tuple[uuid.UUID, ...]:
    """The cooperatives in whose plans an agreement becomes an action, each once, in the order of the record."""
    wanted = set(agreement.cooperative_ids)
    return tuple(each for each in terms.cooperative_ids if not wanted or each in wanted)


def absent_from(agreement: Agreement, terms: Terms) -> set[uuid.UUID]:
    """Cooperatives that an agreement names though nobody of them was there."""
    return set(agreement.cooperative_ids) - set(terms.cooperative_ids)


def drafts_of(
    agreements: Sequence[Agreement], terms: Terms, *, step_id: uuid.UUID
) -> list[tuple[uuid.UUID, ActionDraft]]:
    """(cooperative, action) for each agreement and each cooperative that it binds.

    The ids follow from the step's, so that a form sent twice makes the same actions.
    """
    return [
        (
            cooperative_id,
            ActionDraft(
                id=uuid.uuid5(step_id, f"{position}.{cooperative_id}"),
                item_id=None,
                title=agreement.title,
                owner_role=agreement.owner_role,
                due_on=agreement.due_on,
            ),
        )
        for position, agreement in enumerate(agreements)
        for cooperative_id in bound_by(agreement, terms)
    ]

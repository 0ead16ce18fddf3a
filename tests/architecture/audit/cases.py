"""What a verb is tried by, and what it must leave on record."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from pendamping.kernel.audit import Actor
from tests.make import Make

Fields = dict[str, object] | None


@dataclass(frozen=True, slots=True)
class AuditCase:
    """One call of a verb. What comes before it is done by `make.actor`; only the verb itself by the actor it is given.

    A case stands under the verb's dotted name below `pendamping`; a further one of the same verb says after a comma
    what is different.
    """

    act: Callable[[Make, Actor], object]
    verb: str
    subject_type: str
    before: Fields = None
    after: Fields = None
    """At least these fields; None where there are none."""
    also: Collection[str] = ()
    """What verbs that it calls leave on record beside its own."""


def acting(make: Make, actor: Actor) -> Make:
    """Makes rows as this actor."""
    return Make(make.session, now=make.now, today=make.today, actor=actor)

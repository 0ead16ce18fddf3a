"""The life of an action as pure rules: who may move it where, what needs a reason, what a visit's answers do to it.

No regulation says any of this; it is our proposal, to be confirmed by the agency. What it rests on: whoever did the
work says so, somebody else looks at it, and nothing goes back or ends without a reason.
"""

import enum
from collections.abc import Collection, Mapping

from pendamping.instruments.answers import Answer, Facts, is_poor
from pendamping.instruments.definition import NOT_APPLICABLE, Item, Proof, Verification
from pendamping.kernel.roles import Role
from pendamping.plans.models import OPEN_STATUSES, ActionStatus

_FACILITATOR = frozenset({Role.FACILITATOR})
_COOPERATIVE = frozenset({Role.COOPERATIVE})
_BOTH = _FACILITATOR | _COOPERATIVE

ALLOWED: Mapping[tuple[ActionStatus, ActionStatus], frozenset[Role]] = {
    (ActionStatus.PROPOSED, ActionStatus.AGREED): _BOTH,
    (ActionStatus.PROPOSED, ActionStatus.CANCELLED): _FACILITATOR,
    (ActionStatus.AGREED, ActionStatus.RUNNING): _BOTH,
    (ActionStatus.AGREED, ActionStatus.REPORTED_DONE): _COOPERATIVE,
    (ActionStatus.AGREED, ActionStatus.VERIFIED): _FACILITATOR,
    (ActionStatus.AGREED, ActionStatus.CANCELLED): _FACILITATOR,
    (ActionStatus.RUNNING, ActionStatus.RUNNING): _BOTH,
    (ActionStatus.RUNNING, ActionStatus.REPORTED_DONE): _COOPERATIVE,
    (ActionStatus.RUNNING, ActionStatus.VERIFIED): _FACILITATOR,
    (ActionStatus.RUNNING, ActionStatus.CANCELLED): _FACILITATOR,
    (ActionStatus.REPORTED_DONE, ActionStatus.REPORTED_DONE): _COOPERATIVE,
    (ActionStatus.REPORTED_DONE, ActionStatus.VERIFIED): _FACILITATOR,
    (ActionStatus.REPORTED_DONE, ActionStatus.RETURNED): _FACILITATOR,
    (ActionStatus.REPORTED_DONE, ActionStatus.CANCELLED): _FACILITATOR,
    (ActionStatus.RETURNED, ActionStatus.RUNNING): _BOTH,
    (ActionStatus.RETURNED, ActionStatus.REPORTED_DONE): _COOPERATIVE,
    (ActionStatus.RETURNED, ActionStatus.VERIFIED): _FACILITATOR,
    (ActionStatus.RETURNED, ActionStatus.CANCELLED): _FACILITATOR,
    (ActionStatus.VERIFIED, ActionStatus.RETURNED): _FACILITATOR,
    (ActionStatus.CANCELLED, ActionStatus.AGREED): _FACILITATOR,
}
"""By whom an action is moved from one status to another; what is not named here nobody does.

That it is done is for the cooperative to say. That it is true is for the facilitator, who looks at the thing or at its
proof. From running to running is a word on how it goes; from reported to reported is a further proof. The agency's
people read: they ask the facilitator.
"""


def may_move(role: Role, before: ActionStatus, after: ActionStatus) -> bool:
    return role in ALLOWED.get((before, after), frozenset())


STILL_GOING = (ActionStatus.AGREED, ActionStatus.RUNNING, ActionStatus.RETURNED)
"""What may be noted as going on."""
TAKES_ITEMS = (ActionStatus.PROPOSED, *STILL_GOING)
"""What may be given a further item to put right; one that is reported done is first looked at as it is."""
NOTED_BY_FACILITATORS = (ActionStatus.RUNNING, ActionStatus.CANCELLED)
"""What a note between visits may say. That it is done is for the cooperative to say, and for a visit to verify."""


def needs_reason(before: ActionStatus, after: ActionStatus) -> bool:
    """Whatever goes back, ends without being done, or is taken up again says why."""
    return after in (ActionStatus.RETURNED, ActionStatus.CANCELLED) or before not in OPEN_STATUSES


def moves_of(role: Role, status: ActionStatus) -> frozenset[ActionStatus]:
    """Where somebody may move an action from here."""
    return frozenset(after for (before, after), roles in ALLOWED.items() if before is status and role in roles)


# From proof, without a visit ------------------------------------------------------------------------------------------

CHECKED_FROM_AFAR = frozenset({Verification.DOCUMENT_SEEN, Verification.SYSTEM_CHECK})
"""Kinds of looking that need nobody to be there: a document can be sent, a system can be opened anywhere."""


def may_be_verified_from_afar(items: Collection[Item]) -> bool:
    """Whether proof alone can close an action on these items; one without any is asked for at no visit, so it can."""
    return all(item.verification in CHECKED_FROM_AFAR for item in items)


# The way back: what a visit says of an action -------------------------------------------------------------------------


class Look(enum.StrEnum):
    """What an answer says of the thing that an action was to put right."""

    PROVEN = "proven"
    """Good, and somebody has seen it."""
    POOR = "poor"
    SILENT = "silent"
    """Good by claim alone, not applicable, or not answered: it neither closes an action nor sends it back."""


def look(item: Item, answer: Answer | None, facts: Facts) -> Look:
    if answer is None or answer.value == NOT_APPLICABLE:
        return Look.SILENT
    if is_poor(item, answer, facts):
        return Look.POOR
    return Look.SILENT if answer.proof == Proof.CLAIM else Look.PROVEN


MOVED_BY_VISITS = (ActionStatus.AGREED, ActionStatus.RUNNING, ActionStatus.REPORTED_DONE, ActionStatus.RETURNED)
"""An action that is only proposed waits for people, whatever is found."""


def after_visit(
    status: ActionStatus,
    looks: Mapping[str, Look],
    *,
    asked: Collection[str],
    was_before: bool,
) -> ActionStatus | None:
    """What a visit makes of an action; None where it changes nothing.

    It is verified when all its items are good with proof and one of them was looked at on this visit, even if nobody
    had reported it done. It goes back when it had been reported done and an item is found poor.

    Args:
        status: of the action before the visit.
        looks: by item, of the newest answers, for all items of the action.
        asked: the items that this visit answered.
        was_before: the action was in its status when the visit ended: what was seen earlier refutes no later report.
    """
    if status not in MOVED_BY_VISITS or not looks:
        return None
    seen = {item_id: each for item_id, each in looks.items() if item_id in asked}
    if Look.POOR in seen.values():
        return ActionStatus.RETURNED if status is ActionStatus.REPORTED_DONE and was_before else None
    is_whole = all(each is Look.PROVEN for each in looks.values())
    if not seen or not is_whole or (status is ActionStatus.RETURNED and not was_before):
        return None
    return ActionStatus.VERIFIED

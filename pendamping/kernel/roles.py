"""Who people are to the system, for policies and for the access table."""

import enum


class Role(enum.StrEnum):
    FACILITATOR = "facilitator"
    AGENCY_HEAD = "agency_head"
    ADMIN = "admin"
    COOPERATIVE = "cooperative"


EVERYONE = frozenset(Role)
AGENCY = frozenset({Role.AGENCY_HEAD, Role.ADMIN})
STAFF = AGENCY | {Role.FACILITATOR}
_PARTS_OF_A_CITY = 2


def holds_a_city(scope_prefix: str) -> bool:
    """Whether a region is a whole city or more, so that its admin sets what holds for everybody (our proposal)."""
    return not scope_prefix or len(scope_prefix.split(".")) <= _PARTS_OF_A_CITY

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

"""The mark *perlu perhatian* beside a stage, by what a standing already says. Pure.

What the agency's desk lists under the same words has shorter terms of its own (`progress/matters.py`).
"""

import datetime as dt
import enum
from dataclasses import dataclass

MARKED_SILENT_AFTER_DAYS = 45
MARKED_OVERDUE_AFTER_DAYS = 30
"""From `perlu_perhatian` in `files/tahapan.yaml`."""


class AttentionCode(enum.StrEnum):
    CRITICAL = "critical"
    """`amount` critical items are not met."""
    NEVER_VISITED = "never_visited"
    SILENT = "silent"
    """Nobody has visited it for `amount` days."""
    OVERDUE = "overdue"
    """The action that is longest overdue is so by `amount` days."""
    LAPSED = "lapsed"
    """`amount` requirements of gates behind it no longer hold."""


@dataclass(frozen=True, slots=True)
class AttentionReason:
    code: AttentionCode
    amount: int


def attention(
    *, critical_unmet: int, last_visit_on: dt.date | None, next_due_on: dt.date | None, lapsed: int, today: dt.date
) -> list[AttentionReason]:
    """Why a cooperative needs attention; empty for one that does not.

    Args:
        next_due_on: when the first of its open actions is due; a day in the past is one that is late.
    """
    reasons = []
    if lapsed:
        reasons.append(AttentionReason(AttentionCode.LAPSED, lapsed))
    if critical_unmet:
        reasons.append(AttentionReason(AttentionCode.CRITICAL, critical_unmet))
    if last_visit_on is None:
        reasons.append(AttentionReason(AttentionCode.NEVER_VISITED, 0))
    elif (days := (today - last_visit_on).days) > MARKED_SILENT_AFTER_DAYS:
        reasons.append(AttentionReason(AttentionCode.SILENT, days))
    if next_due_on is not None and (late := (today - next_due_on).days) > MARKED_OVERDUE_AFTER_DAYS:
        reasons.append(AttentionReason(AttentionCode.OVERDUE, late))
    return reasons

"""Words of group activities."""

from typing import Any

from flask_babel import lazy_gettext as _l

from pendamping.activities.models import ActivityKind

KIND_WORDS: dict[ActivityKind, Any] = {
    ActivityKind.COORDINATION: _l("Rapat koordinasi"),
    ActivityKind.OUTREACH: _l("Sosialisasi"),
    ActivityKind.TRAINING: _l("Pelatihan"),
}


def activity_word(kind: ActivityKind | str) -> str:
    return str(KIND_WORDS[ActivityKind(kind)])


WORDS = (activity_word,)
"""What templates call by name."""

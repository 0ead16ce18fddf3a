"""The words that templates speak with. Each feature names its own in `WORDS`, at the end of its `words.py`."""

from collections.abc import Callable, Mapping
from typing import Any

from pendamping.activities import words as activities
from pendamping.cooperatives import words as cooperatives
from pendamping.cooperatives.assignments.handover import words as handover
from pendamping.cooperatives.records import words as records
from pendamping.field import words as field
from pendamping.field.copies import words as copies
from pendamping.field.quarantine import words as quarantine
from pendamping.instruments.drafting import words as drafting
from pendamping.plans import words as plans
from pendamping.plans.goals import words as goals
from pendamping.portal import words as portal
from pendamping.progress.asking import words as asking
from pendamping.progress.explained import words as explained
from pendamping.progress.followed import words as followed
from pendamping.progress.stages import words as stages
from pendamping.reminders.calendar import words as calendar
from pendamping.reports.monthly import words as monthly
from pendamping.visits import words as visits

FEATURES = (
    cooperatives,
    records,
    handover,
    drafting,
    visits,
    plans,
    goals,
    activities,
    asking,
    explained,
    followed,
    stages,
    monthly,
    calendar,
    field,
    copies,
    quarantine,
    portal,
)


def template_globals() -> Mapping[str, Callable[..., Any]]:
    """Every word by the name under which templates call it; no two features use one name."""
    return {word.__name__: word for feature in FEATURES for word in feature.WORDS}

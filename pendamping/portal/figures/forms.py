"""The form of a month's figures as the cooperative fills it in: the facilitator's own, with words of the village."""

from pendamping.cooperatives.records.forms import FiguresForm
from pendamping.kernel.forms import NewIdField


class OwnFiguresForm(FiguresForm):
    new_id = NewIdField()

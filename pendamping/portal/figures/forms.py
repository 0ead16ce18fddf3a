"""The form of a month's figures as the cooperative fills it in: the facilitator's own, with words of the village."""

import uuid

from wtforms import HiddenField

from pendamping.cooperatives.records.forms import FiguresForm


class OwnFiguresForm(FiguresForm):
    new_id = HiddenField()

    @property
    def proposal_id(self) -> uuid.UUID:
        """Made with the page, so that a form sent twice is one proposal."""
        try:
            return uuid.UUID(self.new_id.data or "")
        except ValueError:
            return uuid.uuid4()

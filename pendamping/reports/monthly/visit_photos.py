"""The photos of a month's visits, from which a facilitator picks for the report: the files that are there already."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.attachments.models import Attachment, MediaType
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.records.figures import Month
from pendamping.visits.models import Visit, VisitPhoto

MOST_OFFERED = 120


@dataclass(frozen=True, slots=True)
class VisitPhotoChoice:
    """A photo that has arrived, with where and when it was taken."""

    attachment_id: uuid.UUID
    cooperative: str
    on: dt.date


def photos_of_visits(session: Session, facilitator_id: uuid.UUID, month: Month) -> list[VisitPhotoChoice]:
    """The pictures that a facilitator sent with visits of a month, in their order; one query."""
    pictures = [each for each in MediaType if each.is_image]
    rows = session.execute(
        select(Attachment.id, Cooperative.short_name, Visit.visited_on)
        .join(VisitPhoto, VisitPhoto.attachment_id == Attachment.id)
        .join(Visit, Visit.id == VisitPhoto.visit_id)
        .join(Cooperative, Cooperative.id == Visit.cooperative_id)
        .where(
            Visit.facilitator_id == facilitator_id,
            Visit.visited_on.between(month.first_day, month.last_day),
            ~Visit.is_addendum,
            Attachment.uploader_id == facilitator_id,
            Attachment.media_type.in_(pictures),
        )
        .order_by(Visit.visited_on, Visit.number, VisitPhoto.position)
        .limit(MOST_OFFERED)
    )
    return [VisitPhotoChoice(*row) for row in rows]

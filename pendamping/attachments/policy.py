"""Which files a person may see."""

import datetime as dt

from sqlalchemy import Select, or_, select

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.cooperatives.policy import visible_cooperative_ids


def visible_attachments(user: User, *, today: dt.date) -> Select[Attachment]:
    """One's own uploads, and the files of the cooperatives that a person sees today."""
    of_seen = Attachment.cooperative_id.in_(visible_cooperative_ids(user, today=today))
    return select(Attachment).where(or_(of_seen, Attachment.uploader_id == user.id))

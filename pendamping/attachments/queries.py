"""What pages read of files."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.attachments.models import Attachment


def attachments_by_id(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Attachment]:
    """Those that have arrived; for pages that have found the ids on rows their reader may see."""
    if not ids:
        return {}
    return {each.id: each for each in session.scalars(select(Attachment).where(Attachment.id.in_(ids)))}

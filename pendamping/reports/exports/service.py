"""The one verb of exports: put on record who takes what out, before the first row goes."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from pendamping.kernel.audit import Actor, AuditEvent
from pendamping.reports.exports.columns import Format, Kind

SUBJECTS = {
    Kind.VISITS: "visit",
    Kind.ANSWERS: "answer",
    Kind.ACTIONS: "action",
    Kind.FIGURES: "monthly_figures",
}
ALL = "*"


def record_export(
    session: Session,
    kind: Kind,
    *,
    form: Format,
    year: int | None,
    cooperatives: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Leave a record of an export: which rows of how many cooperatives, in which form."""
    session.add(
        AuditEvent(
            id=uuid.uuid4(),
            at=now,
            actor_id=actor.user_id,
            actor_name=actor.name,
            request_id=actor.request_id,
            verb="export",
            subject_type=SUBJECTS[kind],
            subject_id=ALL,
            before=None,
            after={"format": str(form), "year": year, "cooperatives": cooperatives},
        )
    )
    session.flush()

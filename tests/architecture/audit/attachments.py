"""What files leave on record."""

import uuid
from collections.abc import Mapping

from pendamping.attachments import service as attachments
from pendamping.kernel.audit import Actor
from pendamping.kernel.files import files
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW
from tests.make import Make
from tests.pictures import PDF

ATTACHMENT_ID = uuid.UUID("c0ffee00-0000-4000-8000-000000000002")


def receive(make: Make, actor: Actor) -> None:
    facilitator, kept = make.facilitator(), attachments.keep(files(), PDF)
    attachments.receive(make.session, ATTACHMENT_ID, kept, uploader_id=facilitator.id, actor=actor, now=NOW)


CASES: Mapping[str, AuditCase] = {
    "attachments.service.receive": AuditCase(
        receive, "receive_attachment", "attachment", after={"media_type": "application/pdf", "byte_size": len(PDF)}
    ),
}

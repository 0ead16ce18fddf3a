"""What instruments leave on record."""

from collections.abc import Mapping

from pendamping.instruments import service as instruments
from pendamping.instruments.drafting import service as drafting
from pendamping.instruments.drafting.edits import with_facts
from pendamping.instruments.exchange import service as exchange
from pendamping.instruments.reading.text import canonical_json, content_hash
from pendamping.kernel.audit import Actor
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW
from tests.instruments.cases import document
from tests.instruments.editions import edition
from tests.make import Make


def publish(make: Make, actor: Actor) -> None:
    new = document()
    new["instrument"]["version"] = "0.4.0"  # type: ignore[index]
    instruments.publish(make.session, new, position=0, effective_on=make.today, actor=actor, now=NOW)


def publish_next(make: Make, actor: Actor) -> None:
    new = document()
    new["instrument"]["version"] = "0.4.0"  # type: ignore[index]
    exchange.publish_next(make.session, new, effective_on=make.today, actor=actor, now=NOW)


def start_draft(make: Make, actor: Actor) -> None:
    drafting.start_draft(make.session, "KL", author_id=make.user().id, actor=actor, now=NOW)


def change_draft(make: Make, actor: Actor) -> None:
    start_draft(make, make.actor)
    edit = with_facts({"title_id": "Lembaga"})
    author_id = make.user().id
    drafting.change_draft(make.session, "KL", edit, known_revision=1, author_id=author_id, actor=actor, now=NOW)


def discard_draft(make: Make, actor: Actor) -> None:
    start_draft(make, make.actor)
    drafting.discard_draft(make.session, "KL", known_revision=1, actor=actor, now=NOW)


def publish_draft(make: Make, actor: Actor) -> None:
    start_draft(make, make.actor)
    sha256 = content_hash(edition("0.4.0"))
    drafting.publish_draft(
        make.session, "KL", sha256=sha256, effective_on=make.today, today=make.today, actor=actor, now=NOW
    )


CASES: Mapping[str, AuditCase] = {
    "instruments.service.publish": AuditCase(
        publish,
        "publish_instrument",
        "instrument_version",
        after={"code": "KL", "version": "0.4.0", "effective_on": "2026-04-14"},
    ),
    "instruments.drafting.service.start_draft": AuditCase(
        start_draft, "start_instrument_draft", "instrument_draft", after={"code": "KL", "base": "0.3.0"}
    ),
    "instruments.drafting.service.change_draft": AuditCase(
        change_draft,
        "change_instrument_draft",
        "instrument_draft",
        before={"instrument.title_id": "Kesiapan kelembagaan"},
        after={"instrument.title_id": "Lembaga"},
    ),
    "instruments.drafting.service.discard_draft": AuditCase(
        discard_draft,
        "discard_instrument_draft",
        "instrument_draft",
        before={"code": "KL", "revision": 1, "document": canonical_json(edition("0.4.0"))},
    ),
    "instruments.drafting.service.publish_draft": AuditCase(
        publish_draft,
        "publish_instrument",
        "instrument_version",
        after={"code": "KL", "version": "0.4.0", "effective_on": "2026-04-14"},
    ),
    "instruments.exchange.service.publish_next": AuditCase(
        publish_next,
        "publish_instrument",
        "instrument_version",
        after={"code": "KL", "version": "0.4.0", "effective_on": "2026-04-14"},
    ),
}

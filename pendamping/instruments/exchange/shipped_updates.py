"""What ships with the program, beside what is published: an office decides for itself when a new version begins."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.instruments.exchange.queries import versions_of
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.shipped import SHIPPED, shipped_text
from pendamping.instruments.reading.text import content_hash, read_yaml
from pendamping.instruments.succession import refuse_to_follow
from pendamping.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Newer:
    """A shipped version that could be published next."""

    code: str
    version: str
    published: str
    """The newest version that is published."""


def newer_shipped(session: Session) -> list[Newer]:
    """Shipped versions that could follow what is published of their instrument; nothing for one that is not published.

    What an office has edited under a higher number of its own is ahead of what ships, and is not mentioned.
    """
    newer = []
    for code in SHIPPED:
        versions = versions_of(session, code)
        document = read_yaml(shipped_text(code))
        if not versions or content_hash(document) in {version.sha256 for version in versions}:
            continue
        instrument = parse(document)
        try:
            refuse_to_follow(instrument, versions)
        except DomainError:
            continue
        newer.append(Newer(code, instrument.version, versions[-1].instrument.version))
    return newer

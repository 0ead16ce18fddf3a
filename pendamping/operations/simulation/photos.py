"""Photos and signatures of one cooperative: drawn, put into the file store, and named by the visits they belong to."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from pendamping.attachments.models import Attachment, MediaType
from pendamping.kernel.filestore import FileStore
from pendamping.operations.simulation import pictures
from pendamping.operations.simulation.agenda import Trip
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import at
from pendamping.operations.simulation.rows import Rows
from pendamping.visits.models import VisitPhoto


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that lies in the file store."""

    sha256: str
    byte_size: int


@dataclass(slots=True)
class Darkroom:
    """Makes what one cooperative's visits and papers show. A person signs alike every time."""

    subject: Subject
    store: FileStore
    rows: Rows
    chance: Chance
    signatures: dict[str, Drawn] = field(default_factory=dict)
    shown: Drawn | None = None

    def signature(self, trip: Trip, name: str) -> uuid.UUID:
        if name not in self.signatures:
            self.signatures[name] = self._keep(pictures.signature(self.chance))
        return self._attach(
            self.signatures[name],
            MediaType.PNG,
            pictures.SIGNATURE_SIZE,
            uploader_id=trip.facilitator.id,
            taken_at=None,
            received_at=trip.received_at,
        )

    def photos(self, trip: Trip, item_ids: Sequence[str]) -> None:
        """One or two of the visit as a whole, and one of an item that was answered by a photo."""
        chance = self.chance
        wanted: list[str | None] = [None] * chance.randint(1, 2)
        wanted += item_ids[:1]
        for position, item_id in enumerate(wanted):
            taken_at = at(trip.on, trip.started) + chance.minutes(5, 60)
            caption = [f"{self.subject.short_name} · {item_id or 'kunjungan'}", f"{taken_at:%d-%m-%Y %H.%M} WITA"]
            attachment_id = self._attach(
                self._keep(pictures.photo(caption, taken_at, chance)),
                MediaType.JPEG,
                pictures.PHOTO_SIZE,
                uploader_id=trip.facilitator.id,
                taken_at=taken_at,
                received_at=trip.received_at + chance.minutes(0, 2),
            )
            self.rows.add(
                VisitPhoto,
                visit_id=trip.id,
                position=position,
                city_code=self.subject.city_code,
                attachment_id=attachment_id,
                item_id=item_id,
            )

    def paper(self, title: str, lines: Sequence[str], *, uploader_id: uuid.UUID, received_at: dt.datetime) -> uuid.UUID:
        return self._attach(
            self._keep(pictures.paper(title, lines)),
            MediaType.JPEG,
            pictures.PAPER_SIZE,
            uploader_id=uploader_id,
            taken_at=None,
            received_at=received_at,
        )

    def proof(self, lines: Sequence[str], *, uploader_id: uuid.UUID, received_at: dt.datetime) -> uuid.UUID:
        """What shows that an action was done. One cooperative's proofs look alike, so that few are drawn."""
        if self.shown is None:
            self.shown = self._keep(pictures.paper(self.subject.short_name, lines))
        return self._attach(
            self.shown,
            MediaType.JPEG,
            pictures.PAPER_SIZE,
            uploader_id=uploader_id,
            taken_at=None,
            received_at=received_at,
        )

    def _keep(self, data: bytes) -> Drawn:
        return Drawn(self.store.put(data), len(data))

    def _attach(
        self,
        drawn: Drawn,
        media_type: MediaType,
        size: tuple[int, int],
        *,
        uploader_id: uuid.UUID,
        taken_at: dt.datetime | None,
        received_at: dt.datetime,
    ) -> uuid.UUID:
        row = self.rows.add(
            Attachment,
            id=self.chance.id(),
            city_code=self.subject.city_code,
            cooperative_id=self.subject.id,
            uploader_id=uploader_id,
            media_type=media_type,
            byte_size=drawn.byte_size,
            sha256=drawn.sha256,
            width=size[0],
            height=size[1],
            taken_at=taken_at,
            received_at=received_at,
        )
        id_ = row["id"]
        assert isinstance(id_, uuid.UUID)
        return id_

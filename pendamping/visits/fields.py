"""Fields of the visit's form that no other form has."""

import datetime as dt
import re
import uuid
from collections.abc import Container, Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field

from pendamping.instruments.answers import Answer, AnswerFault, read_answers
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Facts
from pendamping.kernel.ids import uuid_or_none


class AnswersField(Field):
    """Everything named `answers-<item>-value`, `-proof` and `-note`; `data` is what holds."""

    NAME = re.compile(r"answers-(.{1,20})-(value|proof|note)")

    data: tuple[Answer, ...]

    def process(self, formdata: Any, data: object = None, extra_filters: object = None) -> None:
        self.process_errors: list[str] = []
        self.data = ()
        self.faults: tuple[AnswerFault, ...] = ()
        self.raw: dict[str, dict[str, str]] = {}
        for name in formdata or ():
            if match := self.NAME.fullmatch(name):
                item_id, part = match.groups()
                self.raw.setdefault(item_id, {})[part] = _last_given(formdata.getlist(name))

    def hold_against(
        self, instruments: Sequence[PublishedInstrument], *, stage: int, on: dt.date, facts: Facts
    ) -> bool:
        """Read the answers by the instruments a visit is pinned to; False when one does not hold."""
        pinned = [each.instrument for each in instruments]
        self.data, self.faults = read_answers(self.raw, pinned, stage=stage, on=on, facts=facts)
        return not self.faults


class PhotosField(Field):
    """The ids of photos that were sent apart: `photos` of the visit as a whole, `answers-<item>-photo` of one item.

    `data` holds (attachment, item or None), in the order of the page.
    """

    OF_ITEM = re.compile(r"answers-(.{1,20})-photo")
    AT_MOST = 20

    data: tuple[tuple[uuid.UUID, str | None], ...]

    def process(self, formdata: Any, data: object = None, extra_filters: object = None) -> None:
        self.process_errors: list[str] = []
        self._has_odd_ids = False
        found: dict[uuid.UUID, str | None] = {}  # one photo has one place, however its id is written
        for name in formdata or ():
            match = self.OF_ITEM.fullmatch(name)
            if name == self.name or match:
                given = [value for value in formdata.getlist(name) if value]
                ids = [uuid_or_none(id_) for id_ in given]
                found.update((id_, match[1] if match else None) for id_ in ids if id_)
                self._has_odd_ids |= None in ids
        self.data = tuple(found.items())

    def holds(self, asked: Container[str]) -> bool:
        """Whether every id can be one, belongs to an item that is asked, and they are not too many."""
        errors = []
        if self._has_odd_ids or any(item_id and item_id not in asked for _, item_id in self.data):
            errors.append(str(_l("Salah satu foto tidak dikenal. Hapus, lalu tambahkan sekali lagi.")))
        if len(self.data) > self.AT_MOST:
            errors.append(str(_l("Paling banyak 20 foto untuk satu kunjungan.")))
        self.errors = [*self.errors, *errors]
        return not errors

    def add(self, attachment_id: uuid.UUID) -> None:
        """One more photo of the visit as a whole, that came with the form itself."""
        self.data = tuple({**dict(self.data), attachment_id: None}.items())

    def of(self, item_id: str | None) -> list[uuid.UUID]:
        return [id_ for id_, of_item in self.data if of_item == item_id]


def _last_given(values: Iterable[str]) -> str:
    """A date and its checkbox "Belum" share one name; the last that says something counts."""
    given = [value for value in values if value.strip()]
    return given[-1] if given else ""

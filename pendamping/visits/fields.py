"""Fields of the visit's form that no other form has."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import Field

from pendamping.instruments.answers import Answer, AnswerFault, read_answers
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Facts


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


def _last_given(values: Iterable[str]) -> str:
    """A date and its checkbox "Belum" share one name; the last that says something counts."""
    given = [value for value in values if value.strip()]
    return given[-1] if given else ""

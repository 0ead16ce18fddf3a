"""Before a visit: what it opens, why, and what the cooperative should have ready."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.definition import Item
from pendamping.instruments.due import DueReason
from pendamping.instruments.opening import Opening
from pendamping.instruments.queries import PublishedInstrument
from pendamping.plans.queries import ActionView
from pendamping.visits.opened import opened_on
from pendamping.visits.requests.queries import RequestView


@dataclass(frozen=True, slots=True)
class ItemToPrepare:
    item: Item
    reasons: Sequence[DueReason]
    action: ActionView | None
    request: RequestView | None


@dataclass(frozen=True, slots=True)
class InstrumentToPrepare:
    title_id: str
    title_en: str
    items: Sequence[ItemToPrepare]


@dataclass(frozen=True, slots=True)
class PreparationPage:
    cooperative: NameAndCode
    on: dt.date
    opening: Opening
    instruments: Sequence[InstrumentToPrepare]


def preparation_page(
    session: Session, cooperative: Cooperative, published: Sequence[PublishedInstrument], *, on: dt.date
) -> PreparationPage:
    """The list of what a visit on a day opens; its cost does not depend on the history's length."""
    opened = opened_on(session, cooperative, published, on=on)
    instruments = []
    for each in published:
        due = [opened.opening.due[item.id] for item in each.instrument.items if item.id in opened.opening.due]
        items = [
            ItemToPrepare(
                each_due.item,
                each_due.reasons,
                opened.actions.get(each_due.item.id),
                opened.requests.get(each_due.item.id),
            )
            for each_due in due
        ]
        if items:
            instruments.append(InstrumentToPrepare(each.instrument.title_id, each.instrument.title_en, items))
    return PreparationPage(name_and_code(cooperative), on, opened.opening, instruments)

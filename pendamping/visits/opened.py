"""What is known of a cooperative when its next visit is opened: what is due and why, what changed since the last."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.answers import Facts
from pendamping.instruments.definition import Item
from pendamping.instruments.difference import difference
from pendamping.instruments.exchange.words import summary_words
from pendamping.instruments.opening import Opening, opening
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.plans.life import TAKES_ITEMS
from pendamping.plans.queries import ActionView, open_actions
from pendamping.visits.assessments import Held, held_against
from pendamping.visits.log import facts_of
from pendamping.visits.queries import RecordedAnswer, current_answers
from pendamping.visits.requests.queries import RequestView, open_requests


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything that decides what a visit on a day opens, and what stands beside each item."""

    current: Mapping[str, RecordedAnswer]
    """The newest answer to each item."""
    held: Held
    opening: Opening
    actions: Mapping[str, ActionView]
    """The first open action on each item; those of no item are left out."""
    takes_items: Sequence[ActionView]
    """The open actions that a further finding may come to."""
    requests: Mapping[str, RequestView]
    facts: Facts
    on: dt.date


def opened_on(
    session: Session, cooperative: Cooperative, published: Sequence[PublishedInstrument], *, on: dt.date
) -> Opened:
    """What a visit to a cooperative on a day opens; three queries, however long the history."""
    current = current_answers(session, cooperative.id)
    held = held_against(session, published, current)
    requests, facts = open_requests(session, cooperative.id), facts_of(cooperative, on)
    actions: dict[str, ActionView] = {}
    open_ones = open_actions(session, cooperative.id, today=on)
    for action in open_ones:
        for item_id in action.item_ids:
            actions.setdefault(item_id, action)
    opened = opening(
        [each.instrument for each in published],
        held.standing,
        on=on,
        stage=cooperative.stage.order,
        facts=facts,
        open_action_items=actions,
        asked_for=requests,
    )
    takes_items = [each for each in open_ones if each.status in TAKES_ITEMS]
    return Opened(current, held, opened, actions, takes_items, requests, facts, on)


@dataclass(frozen=True, slots=True)
class VersionNews:
    """An instrument that is asked in another version than this cooperative was last answered on."""

    title_id: str
    title_en: str
    version: str
    summary: str
    """“2 butir berubah, 1 butir baru”."""
    changed: Sequence[Item]
    """What is asked or judged otherwise than when it was answered, so that it is asked again."""


def version_news(session: Session, published: Sequence[PublishedInstrument], opened: Opened) -> list[VersionNews]:
    """What is different since this cooperative was last looked at; nothing where it never was."""
    news = []
    for each in published:
        own = [opened.current[item.id] for item in each.instrument.items if item.id in opened.current]
        newest = max(own, key=lambda recorded: recorded.answered_on, default=None)
        if newest is None or newest.version_id == each.version_id:
            continue
        (before,) = published_by_id(session, [newest.version_id])
        instrument = each.instrument
        news.append(
            VersionNews(
                title_id=instrument.title_id,
                title_en=instrument.title_en,
                version=instrument.version,
                summary=summary_words(difference(before.instrument, instrument)),
                changed=[item for item in instrument.items if item.id in opened.held.outdated],
            )
        )
    return news

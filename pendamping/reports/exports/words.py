"""The words of codes for a file: Indonesian, whoever asks, so that files of different days can be put together."""

from functools import cache, lru_cache
from typing import Any

from flask_babel import force_locale
from sqlalchemy.orm import Session

from pendamping.cooperatives.words import ROLE_WORDS
from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import Instrument, Item, Proof
from pendamping.instruments.queries import published_by_id
from pendamping.kernel.i18n import DEFAULT_LANGUAGE
from pendamping.plans.words import STATUS_WORDS
from pendamping.reports.exports.queries import Vocabulary, version_names
from pendamping.visits.words import MODE_WORDS, PROOF_WORDS, PURPOSE_WORDS, answer_words

DIFFERENT_ANSWERS = 65_536
"""Dates and numbers among them."""


def vocabulary_of(session: Session) -> Vocabulary:
    """Everything that rows say in codes."""
    names = version_names(session)
    published = {each.version_id: each.instrument for each in published_by_id(session, list(names.values()))}
    instruments = {name: published[id_] for name, id_ in names.items()}
    items = {(name, item.id): item for name, each in instruments.items() for item in each.items}

    @cache
    def item(version: Any, item_id: str) -> tuple[str, str, str, str, bool]:
        return _about(instruments[version], items[version, item_id])

    @lru_cache(maxsize=DIFFERENT_ANSWERS)
    def answer(version: Any, item_id: str, value: str) -> str:
        with force_locale(DEFAULT_LANGUAGE):
            return answer_words(items[version, item_id], Answer(item_id, value, Proof.CLAIM, ""))

    with force_locale(DEFAULT_LANGUAGE):
        return Vocabulary(
            modes=_said(MODE_WORDS),
            purposes=_said(PURPOSE_WORDS),
            proofs=_said(PROOF_WORDS),
            statuses=_said(STATUS_WORDS),
            roles=_said(ROLE_WORDS),
            item=item,
            answer=answer,
        )


def _about(instrument: Instrument, item: Item) -> tuple[str, str, str, str, bool]:
    return instrument.code, instrument.version, item.id, item.label_id, item.is_critical


def _said(words: Any) -> dict[str, str]:
    return {str(code): str(word) for code, word in words.items()}

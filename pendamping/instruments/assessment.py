"""Which earlier answers still count on a day, and how: everything that an instrument is scored from. Pure.

An answer and its proof are valid until the item's schedule comes round (`review_frequency`, `review_months`). What has
lapsed keeps its worth, so that a month without a visit does not tear a hole into a score; but it proves nothing any
more, and the score is not complete with it (`unanswered_handling`: answers that are carried and still valid).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.definition import NOT_APPLICABLE, Instrument, Item
from pendamping.instruments.difference import carries_over
from pendamping.instruments.due import Dated, facts_when_given, is_expired
from pendamping.instruments.scoring import Score, score


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything one instrument is scored from on one day."""

    instrument: Instrument
    answers: Mapping[str, Answer]
    stage: int
    facts: Facts
    facts_then: Mapping[str, Facts] = field(default_factory=dict)
    """For answers of earlier days that are dates: the facts of their own day, where those are others."""
    lapsed: frozenset[str] = frozenset()
    """Items whose answers have come round since they were given."""

    def score(self) -> Score:
        """Raises MissingFact, as `scoring.score` does."""
        return score(
            self.instrument,
            self.answers,
            stage=self.stage,
            facts=self.facts,
            facts_then=self.facts_then,
            lapsed=self.lapsed,
        )


def assessment(
    instrument: Instrument, answers: Mapping[str, Dated], *, stage: int, on: dt.date, facts: Facts
) -> Assessment:
    """What an instrument is scored from on a day.

    Args:
        answers: the cooperative's newest ones up to that day, by item; each must answer the item as it is asked now
            (see `still_answers`). Those of other instruments may be among them.
        stage: of the cooperative, 1 to 3.
        facts: of the cooperative on that day.
    """
    standing = [(item, answers[item.id]) for item in instrument.items if item.id in answers]
    then = [
        (item.id, facts_when_given(facts, last.answered_on)) for item, last in standing if item.date_rule is not None
    ]
    return Assessment(
        instrument=instrument,
        answers={item.id: last.answer for item, last in standing},
        stage=stage,
        facts=facts,
        facts_then={item_id: theirs for item_id, theirs in then if theirs != facts},
        lapsed=frozenset(item.id for item, last in standing if is_expired(item, last.answered_on, on=on)),
    )


def still_answers(answer: Answer, given_to: Item, now: Item) -> bool:
    """Whether an answer given to an item of another version answers the item of this one (`carries_over`)."""
    if answer.value == NOT_APPLICABLE:
        return now.na_allowed and given_to.type is now.type
    return carries_over(given_to, now)

"""The newest answers of a cooperative as one transaction has read them, with what they score: once for all who ask."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Stage
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Facts, Score
from pendamping.visits.assessments import assessments
from pendamping.visits.queries import RecordedAnswer

Terms = tuple[uuid.UUID, Stage, dt.date, Facts]


@dataclass(slots=True)
class Fold:
    answers: Mapping[str, RecordedAnswer]
    """By item."""
    _scores: dict[Terms, tuple[PublishedInstrument, Score]] = field(default_factory=dict)

    def scored(
        self, session: Session, instruments: Sequence[PublishedInstrument], *, stage: Stage, on: dt.date, facts: Facts
    ) -> list[tuple[PublishedInstrument, Score]]:
        """What each instrument says on a day, in their order; counted anew only where something was answered since."""
        terms = [(each.version_id, stage, on, facts) for each in instruments]
        missing = [each for each, its_own in zip(instruments, terms, strict=True) if its_own not in self._scores]
        for each, held in (
            assessments(session, missing, self.answers, stage=stage, on=on, facts=facts) if missing else ()
        ):
            self._scores[each.version_id, stage, on, facts] = each, held.score()
        return [self._scores[each] for each in terms]

    def take(self, newest: Mapping[str, RecordedAnswer]) -> None:
        """Items have been answered; `newest` are the answers to them that count now."""
        self.answers = {**self.answers, **newest}
        self._scores = {
            terms: (published, score)
            for terms, (published, score) in self._scores.items()
            if not any(item.id in newest for item in published.instrument.items)
        }

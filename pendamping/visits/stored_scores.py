"""A score that was stored with a visit, worked out again from what was known when it was stored.

The fold can have changed since: a visit that came in late takes its place by its own date, a correction changes an
earlier one. The stored number stays, and so do the answers under it, because the log keeps when each of them came in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.instruments.assessment import Assessment
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.instruments.scoring import Score
from pendamping.visits.assessments import assessments
from pendamping.visits.log import facts_then, score_columns
from pendamping.visits.models import Visit, VisitScore
from pendamping.visits.queries import RecordedAnswer, answers_as_of, answers_known_at


@dataclass(frozen=True, slots=True)
class PastScore:
    """A stored score with all that it was made from."""

    row: VisitScore
    published: PublishedInstrument
    assessment: Assessment
    score: Score
    recorded: Mapping[str, RecordedAnswer]
    """The cooperative's answers as they were known then, those to other instruments among them."""

    @property
    def is_exact(self) -> bool:
        """Whether it comes to the stored number again; no other case is known."""
        return _is_that_of(self.score, self.row)


def _is_that_of(score: Score, row: VisitScore) -> bool:
    return all(getattr(row, column) == value for column, value in score_columns(score).items())


def past_scores(session: Session, visit: Visit, rows: Sequence[VisitScore]) -> list[PastScore]:
    """Work the scores that were stored after a visit out again, in the order of a visit; one query.

    Args:
        rows: of one revision of the visit.
    """
    if not rows:
        return []
    answers = answers_known_at(session, visit, rows[0].measured_on, known_at=rows[0].recorded_at)
    by_version = {row.version_id: row for row in rows}
    return [
        _past(session, by_version[each.version_id], each, answers)
        for each in published_by_id(session, list(by_version))
    ]


def _past(
    session: Session, row: VisitScore, published: PublishedInstrument, answers: Mapping[str, RecordedAnswer]
) -> PastScore:
    ((_, assessment),) = assessments(
        session, [published], answers, stage=row.stage, on=row.measured_on, facts=facts_then(row)
    )
    return PastScore(row, published, assessment, assessment.score(), answers)


def came_later(session: Session, past: PastScore) -> Mapping[str, RecordedAnswer]:
    """Answers to the items of this instrument, up to that day, that came in after the score had been stored.

    They say what was true then; the stored number does not know them.
    """
    asked = {item.id for item in past.published.instrument.items}
    today = answers_as_of(session, past.row.cooperative_id, past.row.measured_on)
    return {id_: each for id_, each in today.items() if id_ in asked and past.recorded.get(id_) != each}

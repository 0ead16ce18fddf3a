"""What explains a score: the answers under it, the score before it, and the good answers that nothing proves."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import Item, Proof
from pendamping.instruments.due import comes_round_on
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.instruments.scoring import ItemScore, Score
from pendamping.progress.models import StandingScore
from pendamping.visits.assessments import assessments
from pendamping.visits.log import facts_of
from pendamping.visits.models import Visit, VisitScore
from pendamping.visits.queries import RecordedAnswer, current_answers, current_answers_of, last_visit_of, scores_before
from pendamping.visits.stored_scores import PastScore, past_scores


@dataclass(frozen=True, slots=True)
class CurrentScore:
    """One instrument's score of a cooperative now, with all that it was made from."""

    published: PublishedInstrument
    assessment: Assessment
    score: Score
    recorded: Mapping[str, RecordedAnswer]
    stored: StandingScore | None
    last_visit: Visit | None
    day: dt.date
    """The day it was measured on: that of the last visit."""


def current_score(
    session: Session, cooperative: Cooperative, published: PublishedInstrument, *, today: dt.date
) -> CurrentScore:
    """Work the current score out again from the current answers.

    Until the next visit a number stays the one of the version it was made by, and is explained by that version.
    """
    stored = session.get(StandingScore, (cooperative.id, published.instrument.code))
    if stored is not None and stored.version_id != published.version_id:
        (published,) = published_by_id(session, [stored.version_id])
    current = current_answers(session, cooperative.id)
    last_visit = last_visit_of(session, cooperative.id)
    day = last_visit.visited_on if last_visit else today
    facts = facts_of(cooperative, day)
    ((_, assessment),) = assessments(session, [published], current, stage=cooperative.stage, on=day, facts=facts)
    return CurrentScore(published, assessment, assessment.score(), current, stored, last_visit, day)


def scores_before_visit(session: Session, visit: Visit, *, codes: Sequence[str]) -> dict[str, PastScore]:
    """What each of these instruments had scored after the visit before, by its code; a query for the scores, one for
    the visits they belong to (as a rule it is one visit), and one for the answers of each.
    """
    rows = list(scores_before(session, visit, codes).values())
    visits = {row.visit_id for row in rows}
    found = session.scalars(select(Visit).where(Visit.id.in_(visits))) if visits else ()
    return {past.row.instrument_code: past for each in found for past in past_scores(session, each, _of(rows, each.id))}


def _of(rows: Sequence[VisitScore], visit_id: uuid.UUID) -> list[VisitScore]:
    return [row for row in rows if row.visit_id == visit_id]


# What is not proven ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnprovenItem:
    """A good answer that is only a claim, or whose proof has lapsed; `lapsed_on` is the day from which it has."""

    item: Item
    recorded: RecordedAnswer
    lapsed_on: dt.date | None

    @property
    def is_claim(self) -> bool:
        return self.recorded.answer.proof == Proof.CLAIM


@dataclass(frozen=True, slots=True)
class UnprovenOfCooperative:
    """What is not proven at one cooperative on a day, over all instruments."""

    cooperative: NameAndCode
    critical: Sequence[UnprovenItem]
    """These count 0 until they are proven."""
    others: Sequence[UnprovenItem]

    @property
    def count(self) -> int:
        return len(self.critical) + len(self.others)


def unproven_of(
    session: Session,
    cooperatives: Sequence[Cooperative],
    instruments: Sequence[PublishedInstrument],
    *,
    today: dt.date,
    only_critical: bool = False,
) -> list[UnprovenOfCooperative]:
    """What is not proven today at each cooperative, in their order; one query for all of them.

    Args:
        cooperatives: those that the reader may see.
        only_critical: leaves out items that count although nobody has seen a proof.
    """
    current = current_answers_of(session, [each.id for each in cooperatives])
    found = []
    for each in cooperatives:
        items = _unproven(session, each, instruments, current.get(each.id, {}), today)
        critical = [one for one in items if one.item.is_critical]
        others = [] if only_critical else [one for one in items if not one.item.is_critical]
        found.append(UnprovenOfCooperative(name_and_code(each), critical, others))
    return found


def _unproven(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    current: Mapping[str, RecordedAnswer],
    today: dt.date,
) -> list[UnprovenItem]:
    facts = facts_of(cooperative, today)
    measured = assessments(session, instruments, current, stage=cooperative.stage, on=today, facts=facts)
    return [
        _unproven_item(each, current[each.item.id])
        for _published, assessment in measured
        for section in assessment.score().sections
        for each in section.items
        if each.is_unproven
    ]


def _unproven_item(scored: ItemScore, recorded: RecordedAnswer) -> UnprovenItem:
    again_on = comes_round_on(scored.item, recorded.answered_on) if scored.is_lapsed else None
    return UnprovenItem(scored.item, recorded, again_on)

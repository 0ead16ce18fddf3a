"""What a cooperative and its facilitator say about the plan: that it was read, what is asked, what is answered."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from pendamping.operations.simulation.agenda import Trip
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.character import Character
from pendamping.operations.simulation.lives import Life
from pendamping.operations.simulation.rows import Rows
from pendamping.operations.simulation.sentences import ANSWERED, ASKED
from pendamping.plans.models import PlanAcknowledgement, PlanQuestion

ASKED_SHARE, ASKED_NOW_SHARE, UNANSWERED_DAYS = 0.04, 0.3, 5


@dataclass(slots=True)
class Talk:
    """Of one cooperative."""

    subject: Subject
    about: Character
    account_id: uuid.UUID
    rows: Rows
    chance: Chance

    def close(self, trips: Sequence[Trip], lives: Sequence[Life], now: dt.datetime) -> None:
        """What was said until the end, once everything else has happened."""
        for trip in trips:
            if self.chance.happens(self.about.diligence * 0.6):
                self._acknowledge(trip, now)
        for life in lives:
            if self.chance.happens(ASKED_SHARE):
                self._ask(life, life.row["created_at"] + self.chance.minutes(60, 9 * 24 * 60), now)
        open_ones = [life for life in lives if life.is_open and life.row["created_at"] < now - dt.timedelta(days=3)]
        if open_ones and self.chance.happens(ASKED_NOW_SHARE):
            self._ask(self.chance.choice(open_ones), now - self.chance.minutes(120, 2 * 24 * 60), now)

    def _acknowledge(self, trip: Trip, now: dt.datetime) -> None:
        made_at = trip.received_at + self.chance.minutes(30, 5 * 24 * 60)
        if made_at < now:
            self.rows.add(
                PlanAcknowledgement,
                id=self.chance.id(),
                city_code=self.subject.city_code,
                cooperative_id=self.subject.id,
                read_until=trip.received_at,
                author_id=self.account_id,
                made_at=made_at,
            )

    def _ask(self, life: Life, asked_at: dt.datetime, now: dt.datetime) -> None:
        answered_at = asked_at + self.chance.minutes(2 * 24 * 60, UNANSWERED_DAYS * 24 * 60)
        place = self.chance.randrange(len(ASKED))
        is_answered = answered_at < now
        if asked_at < now:
            self.rows.add(
                PlanQuestion,
                id=self.chance.id(),
                city_code=self.subject.city_code,
                cooperative_id=self.subject.id,
                action_id=life.row["id"],
                text=ASKED[place],
                author_id=self.account_id,
                asked_at=asked_at,
                answer=ANSWERED[place] if is_answered else None,
                answered_by_id=life.facilitator_id if is_answered else None,
                answered_at=answered_at if is_answered else None,
            )

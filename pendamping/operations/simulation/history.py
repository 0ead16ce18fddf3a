"""One cooperative's year: its visits, what was answered, the score after each, and where that leaves it.

The folds are the services' own, done in memory: a test holds the two against each other.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pendamping.attachments.models import Attachment
from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.service import last_book_year_end
from pendamping.instruments.answers import Answer as PlainAnswer
from pendamping.instruments.answers import Facts, is_poor
from pendamping.instruments.assessment import assessment
from pendamping.instruments.definition import Item
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Score
from pendamping.instruments.stages import scores_by_name
from pendamping.kernel.clock import office_date
from pendamping.operations.simulation.agenda import Trip
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.character import Character
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.signs import CASH_ITEM, CashCount, deepest_fall, differences_in_a_row, quarter_before
from pendamping.progress.stages.gates import (
    Outcome,
    ScoreMark,
    Situation,
    history_of,
    outcome_of,
    past_quarters,
    quarters_asked,
)
from pendamping.progress.stages.in_force import stages_in_force
from pendamping.progress.stages.models import StandingDesignation
from pendamping.progress.stages.standing import designation_columns, gate_columns
from pendamping.visits.evidence import EvidenceFacts, Grade, grade
from pendamping.visits.log import facts_as_json, score_columns
from pendamping.visits.models import Answer, CurrentAnswer, Visit, VisitMode, VisitPhoto, VisitScore


@dataclass(slots=True)
class Logged:
    """An answer in the log."""

    id: uuid.UUID
    answer: PlainAnswer
    item: Item
    answered_on: dt.date
    recorded_at: dt.datetime

    @property
    def order(self) -> tuple[dt.date, dt.datetime, uuid.UUID]:
        """As `visits.service` orders them: the newest counts."""
        return self.answered_on, self.recorded_at, self.id


@dataclass(slots=True)
class Scored:
    """A stored score, as far as later ones look back on it."""

    visit_id: uuid.UUID
    code: str
    value: Decimal | None
    measured_on: dt.date
    recorded_at: dt.datetime
    revision: int
    stage: Stage


@dataclass(slots=True)
class History:
    """What is known of one cooperative so far, and the rows it leaves."""

    subject: Subject
    about: Character
    place: tuple[float, float] | None
    instruments: Sequence[PublishedInstrument]
    rows: Rows
    log: list[Logged] = field(default_factory=list)
    current: dict[str, Logged] = field(default_factory=dict)
    scores: list[Scored] = field(default_factory=list)
    last: tuple[dt.date, dt.datetime, uuid.UUID] | None = None
    """The last visit: its day, when it was received, its id."""

    def facts(self, on: dt.date) -> Facts:
        return Facts(decree_on=self.about.decree_on, book_year_end=last_book_year_end(on))

    def asked(self, stage: Stage) -> list[Item]:
        """Every item of the stage, in the order of a visit."""
        return [
            item
            for each in self.instruments
            for item in each.instrument.items
            if each.instrument.asks(item, stage.order)
        ]

    def is_poor(self, logged: Logged) -> bool:
        return is_poor(logged.item, logged.answer, self.facts(logged.answered_on))

    def append(self, trip: Trip, answers: Iterable[tuple[Item, PlainAnswer]], chance: Chance) -> None:
        """The answers of a visit as it came in."""
        self._append(trip, answers, chance, revision=1, recorded_at=trip.received_at)
        self._score(trip, revision=1, recorded_at=trip.received_at)
        last = (trip.on, trip.received_at, trip.id)
        self.last = max(self.last, last) if self.last else last

    def correct(self, trip: Trip, answers: Iterable[tuple[Item, PlainAnswer]], at: dt.datetime, chance: Chance) -> None:
        """Further answers of a stored visit, under its second revision."""
        self._append(trip, answers, chance, revision=2, recorded_at=at)
        self._score(trip, revision=2, recorded_at=at)

    def _append(
        self,
        trip: Trip,
        answers: Iterable[tuple[Item, PlainAnswer]],
        chance: Chance,
        *,
        revision: int,
        recorded_at: dt.datetime,
    ) -> None:
        versions = {item.id: each.version_id for each in self.instruments for item in each.instrument.items}
        for item, answer in answers:
            logged = Logged(chance.id(), answer, item, trip.on, recorded_at)
            self.log.append(logged)
            held = self.current.get(item.id)
            if held is None or held.order <= logged.order:
                self.current[item.id] = logged
            self.rows.add(
                Answer,
                id=logged.id,
                city_code=self.subject.city_code,
                visit_id=trip.id,
                cooperative_id=self.subject.id,
                version_id=versions[item.id],
                item_id=item.id,
                value=answer.value,
                proof=answer.proof,
                note=answer.note,
                answered_on=trip.on,
                revision=revision,
                recorded_at=recorded_at,
            )

    def _as_of(self, day: dt.date) -> dict[str, Logged]:
        """The newest answers among those up to a day; the log is only read for a visit that came in late."""
        if all(each.answered_on <= day for each in self.current.values()):
            return self.current
        known = sorted((each for each in self.log if each.answered_on <= day), key=lambda each: each.order)
        return {each.item.id: each for each in known}

    def _score(self, trip: Trip, *, revision: int, recorded_at: dt.datetime) -> None:
        answers, facts, stage = self._as_of(trip.on), self.facts(trip.on), self.about.stage_on(trip.on)
        for published in self.instruments:
            result = assessment(published.instrument, answers, stage=stage.order, on=trip.on, facts=facts).score()
            code = published.instrument.code
            self.scores.append(Scored(trip.id, code, result.rounded, trip.on, recorded_at, revision, stage))
            self.rows.add(
                VisitScore,
                city_code=self.subject.city_code,
                visit_id=trip.id,
                instrument_code=code,
                revision=revision,
                cooperative_id=self.subject.id,
                version_id=published.version_id,
                stage=stage,
                facts=facts_as_json(facts),
                measured_on=trip.on,
                recorded_at=recorded_at,
                **score_columns(result),
            )

    def outcome(self, on: dt.date, stage: Stage) -> Outcome | None:
        """What the gates said on a day, by the visits that had been made by then; None where none can be read."""
        model = stages_in_force(self.instruments)
        if model is None:
            return None
        known = sorted((each for each in self.log if each.answered_on <= on), key=lambda each: each.order)
        answers = {each.item.id: each for each in known}
        measured_on = max((each.measured_on for each in self.scores if each.measured_on <= on), default=None)
        day = measured_on or on
        scored = (
            (
                each.instrument.code,
                assessment(each.instrument, answers, stage=stage.order, on=day, facts=self.facts(day)).score(),
            )
            for each in self.instruments
            if stage.order >= each.instrument.applies_from_stage
        )
        quarters = past_quarters(quarters_asked(model, stage.order), on=on)
        marks = self._marks(stage) if quarters else []
        return outcome_of(
            model,
            Situation(
                stage=stage.order,
                answers=answers,
                scores=scores_by_name(scored),
                history=history_of(marks, quarters),
                facts=self.facts(on),
                on=on,
            ),
        )

    def _marks(self, stage: Stage) -> list[ScoreMark]:
        """The scores that count of each visit, in the order in which they were measured."""
        latest = {(each.visit_id, each.code): each for each in self.scores}
        received = {each.visit_id: each.recorded_at for each in self.scores if each.revision == 1}
        counted = [each for each in latest.values() if each.stage is stage]
        counted.sort(key=lambda each: (each.measured_on, received[each.visit_id], each.visit_id))
        return [ScoreMark(each.code, each.value, each.measured_on) for each in counted if each.value is not None]

    def _put_down_designations(self, common: Row, outcome: Outcome | None, held: Mapping[str, dt.date | None]) -> None:
        for code, columns in designation_columns(outcome, held).items():
            self.rows.add(StandingDesignation, **common, designation_code=code, **columns)

    def close(
        self, open_due: Sequence[dt.date], *, held: Mapping[str, dt.date | None], until: dt.date, now: dt.datetime
    ) -> Row:
        """The rows that lists read: current answers, and where the cooperative stands, which is returned.

        Args:
            open_due: when each open action is due.
            held: since when it has each designation that was ever decided.
        """
        common: Row = {"cooperative_id": self.subject.id, "city_code": self.subject.city_code}
        for item_id, each in sorted(self.current.items()):
            self.rows.add(
                CurrentAnswer,
                **common,
                item_id=item_id,
                answer_id=each.id,
                answered_on=each.answered_on,
                recorded_at=each.recorded_at,
            )
        outcome = self.outcome(until, self.about.stage)
        model = stages_in_force(self.instruments)
        self._put_down_designations(common, outcome, held)
        stage, day = self.about.stage.order, (self.last[0] if self.last else None) or until
        scored = [
            (each, assessment(each.instrument, self.current, stage=stage, on=day, facts=self.facts(day)).score())
            for each in self.instruments
        ]
        standing = self._put_down_standing(
            common, scored, gate_columns(model, outcome, stage=stage, rests=False), open_due, now
        )
        measured_on = self.last[0] if self.last else None
        for published, score in scored:
            self.rows.add(
                StandingScore,
                **common,
                instrument_code=published.instrument.code,
                version_id=published.version_id,
                previous_score=self._score_before_last(published.instrument.code),
                measured_on=measured_on,
                **score_columns(score),
            )
        return standing

    def _put_down_standing(
        self,
        common: Row,
        scored: Sequence[tuple[PublishedInstrument, Score]],
        gates: Mapping[str, object],
        open_due: Sequence[dt.date],
        now: dt.datetime,
    ) -> Row:
        fall = self._deepest_fall({each.instrument.code: score.rounded for each, score in scored})
        return self.rows.add(
            Standing,
            **gates,
            **common,
            last_visit_id=self.last[2] if self.last else None,
            last_visit_on=self.last[0] if self.last else None,
            open_actions=len(open_due),
            next_due_on=min(open_due, default=None),
            last_visit_grade=self._grade_of_last(),
            cash_differences=differences_in_a_row(self._cash_counts()),
            quarter_fall_code=fall[0] if fall else None,
            quarter_fall=fall[1] if fall else None,
            refreshed_at=now,
        )

    def _score_before_last(self, code: str) -> Decimal | None:
        if self.last is None:
            return None
        day, _, last_id = self.last
        earlier = [
            each for each in self.scores if each.code == code and each.visit_id != last_id and each.measured_on <= day
        ]
        if not earlier:
            return None
        newest = max(earlier, key=lambda each: (each.measured_on, each.recorded_at, each.visit_id, each.revision))
        return newest.value

    def _score_a_quarter_ago(self, code: str) -> Decimal | None:
        if self.last is None:
            return None
        until = quarter_before(self.last[0])
        counted = {each["visit_id"]: each for each in self.rows.of(VisitScore) if each["instrument_code"] == code}
        whole = [each for each in counted.values() if not each["is_provisional"] and each["measured_on"] <= until]
        newest = max(whole, key=lambda each: (each["measured_on"], each["recorded_at"]), default=None)
        return newest["score"] if newest else None

    def _deepest_fall(self, now: Mapping[str, Decimal | None]) -> tuple[str, Decimal] | None:
        before = {code: self._score_a_quarter_ago(code) for code in now}
        return deepest_fall({code: score for code, score in before.items() if score is not None}, now)

    def _cash_counts(self) -> list[CashCount]:
        return [
            CashCount(row["visit_id"], row["revision"], row["value"], row["answered_on"], row["recorded_at"])
            for row in self.rows.of(Answer)
            if row["item_id"] == CASH_ITEM
        ]

    def _grade_of_last(self) -> Grade | None:
        if self.last is None:
            return None
        visit = next(row for row in self.rows.of(Visit) if row["id"] == self.last[2])
        taken = {row["id"]: row["taken_at"] for row in self.rows.of(Attachment)}
        photos = [taken[row["attachment_id"]] for row in self.rows.of(VisitPhoto) if row["visit_id"] == visit["id"]]
        return grade(
            EvidenceFacts(
                visited_on=visit["visited_on"],
                is_remote=visit["mode"] is VisitMode.REMOTE,
                has_place=visit["latitude"] is not None,
                accuracy_m=visit["accuracy_m"],
                distance_m=visit["distance_m"],
                is_signed=visit["signature_id"] is not None,
                photos_taken_at=photos,
                written_at=visit["written_at"],
                written_on=office_date(visit["written_at"]),
                received_at=visit["received_at"],
            )
        ).grade

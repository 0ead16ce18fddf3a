"""What the head decided about one cooperative: its stage, and for a few of them a designation."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from pendamping.cooperatives.models import Stage
from pendamping.instruments.stages import GateResult
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import at
from pendamping.operations.simulation.history import History
from pendamping.operations.simulation.sentences import CONFIRMED, DESIGNATED, PROMOTED, SET_ANYWAY, WITHDRAWN
from pendamping.progress.stages.gates import missing_keys
from pendamping.progress.stages.models import DesignationDecision, StageDecision, Verdict

LOOKED_AT_EVERY = 4
"""The head thinks of a designation for one cooperative in so many, and gives it to those that lack little."""

LACKS_LITTLE, TAKEN_BACK = 2, 0.25


@dataclass(slots=True)
class Deciding:
    """Decides after the visits have been made, by what the gates said on the day of each decision."""

    history: History
    confirmed_on: dt.date | None
    head_id: uuid.UUID
    place: int
    """Of the cooperative in its city."""
    chance: Chance

    def live(self, *, until: dt.date) -> Mapping[str, dt.date | None]:
        """Put every decision down; returns since when each designation is held."""
        if self.confirmed_on is not None:
            self._stage(self.confirmed_on)
        codes = {0: "percontohan", 2: "gudang_gerai"}
        code = codes.get(self.place % LOOKED_AT_EVERY)
        return {code: since} if code and (since := self._designate(code, until)) else {}

    def _stage(self, on: dt.date) -> None:
        stages = self.history.about.stages
        to_stage = stages[-1][1]
        from_stage = stages[-2][1] if len(stages) > 1 else to_stage
        outcome = self.history.outcome(on, from_stage)
        gate = outcome.gate if outcome else None
        verdict, notes = self._verdict(from_stage, to_stage, gate)
        self.history.rows.add(
            StageDecision,
            **self._common(on),
            number=1,
            verdict=verdict,
            from_stage=from_stage,
            to_stage=to_stage,
            note=self.chance.choice(notes),
            gate_met=gate.met if gate else None,
            gate_count=gate.count if gate else None,
            missing=missing_keys(gate) if gate else [],
        )

    def _verdict(self, from_stage: Stage, to_stage: Stage, gate: GateResult | None) -> tuple[Verdict, tuple[str, ...]]:
        if from_stage is to_stage:
            return Verdict.CONFIRM, CONFIRMED
        if gate is not None and gate.is_reached:
            return Verdict.PROMOTE, PROMOTED
        return Verdict.SET, SET_ANYWAY

    def _designate(self, code: str, until: dt.date) -> dt.date | None:
        """The day from which it is held; None where the head saw too much missing."""
        on = until - self.chance.days(3, 30)
        result = self._result(code, on)
        if result is None or len(result.unmet) > LACKS_LITTLE:
            return None
        before = self._given_and_taken_back(code, on) if self.chance.happens(TAKEN_BACK) else 0
        self._put_down(code, on, number=before + 1, is_given=True)
        return on

    def _given_and_taken_back(self, code: str, on: dt.date) -> int:
        """Two decisions that were made before a day; returns their number."""
        self._put_down(code, on - self.chance.days(40, 90), number=1, is_given=True)
        self._put_down(code, on - self.chance.days(10, 30), number=2, is_given=False)
        return 2

    def _result(self, code: str, on: dt.date) -> GateResult | None:
        outcome = self.history.outcome(on, self.history.about.stage_on(on))
        return outcome.designations.get(code) if outcome else None

    def _put_down(self, code: str, on: dt.date, *, number: int, is_given: bool) -> None:
        result = self._result(code, on)
        self.history.rows.add(
            DesignationDecision,
            **self._common(on),
            designation_code=code,
            number=number,
            is_given=is_given,
            note=self.chance.choice(DESIGNATED if is_given else WITHDRAWN),
            criteria_met=result.met if result else None,
            criteria_count=result.count if result else None,
            missing=missing_keys(result) if result else [],
        )

    def _common(self, on: dt.date) -> dict[str, object]:
        subject = self.history.subject
        return {
            "id": self.chance.id(),
            "city_code": subject.city_code,
            "cooperative_id": subject.id,
            "decided_on": on,
            "decided_by_id": self.head_id,
            "recorded_at": at(on, dt.time(14)) + self.chance.minutes(0, 120),
        }

"""What a standing keeps of gates and designations, so that lists need not evaluate any."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Score
from pendamping.instruments.stages import StageModel
from pendamping.progress.stages.gates import Outcome, has_next, missing_keys, outcome_of
from pendamping.progress.stages.in_force import stages_in_force
from pendamping.progress.stages.queries import held_since, is_resting, last_decision, situation_of
from pendamping.visits.log import scored_on
from pendamping.visits.queries import RecordedAnswer, current_answers


@dataclass(frozen=True, slots=True)
class Gates:
    """What a standing keeps: columns of its own row, and of each designation's, by the designation's code."""

    columns: Mapping[str, object]
    designations: Mapping[str, Mapping[str, object]]


def gates_of(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    *,
    answers: Mapping[str, RecordedAnswer],
    scored: Sequence[tuple[PublishedInstrument, Score]],
    today: dt.date,
) -> Gates:
    """Evaluate the gates of a cooperative, for `refresh_standing`, by its current answers and what they score."""
    outcome = _outcome(session, cooperative, instruments, answers, scored, today)
    rests = is_resting(session, cooperative, last_decision(session, cooperative.id))
    model = stages_in_force(instruments)
    return Gates(
        gate_columns(model, outcome, stage=cooperative.stage.order, rests=rests),
        designation_columns(outcome, held_since(session, cooperative.id)),
    )


def current_outcome(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    *,
    measured_on: dt.date | None,
    today: dt.date,
) -> Outcome | None:
    """What the gates say today; None where they do not fit the instruments in force."""
    answers = current_answers(session, cooperative.id)
    scored = scored_on(session, cooperative, instruments, answers, on=measured_on or today)
    return _outcome(session, cooperative, instruments, answers, scored, today)


def _outcome(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    answers: Mapping[str, RecordedAnswer],
    scored: Sequence[tuple[PublishedInstrument, Score]],
    today: dt.date,
) -> Outcome | None:
    model = stages_in_force(instruments)
    if model is None:
        return None
    now = situation_of(session, cooperative, instruments, model, answers=answers, scored=scored, today=today)
    return outcome_of(model, now)


def gate_columns(model: StageModel | None, outcome: Outcome | None, *, stage: int, rests: bool) -> Mapping[str, object]:
    """The part of a standing that tells of the gate."""
    if model is None or outcome is None:
        return {
            "gate_met": None,
            "gate_count": None,
            "gate_holds_until": None,
            "awaits_stage_decision": False,
            "lapsed": 0,
        }
    return {
        "gate_met": outcome.gate.met,
        "gate_count": outcome.gate.count,
        "gate_holds_until": outcome.holds_until,
        "awaits_stage_decision": outcome.gate.is_reached and has_next(model, stage) and not rests,
        "lapsed": len(outcome.failures),
    }


def designation_columns(outcome: Outcome | None, held: Mapping[str, dt.date | None]) -> dict[str, Mapping[str, object]]:
    """The columns of each designation's row, by its code: those with criteria, and those that were ever decided."""
    results = outcome.designations if outcome else {}
    columns: dict[str, Mapping[str, object]] = {}
    for code in (*results, *(each for each in held if each not in results)):
        result = results.get(code)
        columns[code] = {
            "missing_count": len(result.unmet) if result else None,
            "criteria_count": result.count if result else None,
            "missing": missing_keys(result) if result else [],
            "held_since": held.get(code),
        }
    return columns

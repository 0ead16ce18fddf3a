import pytest
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Stage
from pendamping.instruments.stages import Assessed, GateResult, Unmet, UnmetReason
from pendamping.kernel.roles import Role
from pendamping.progress.stages.models import Verdict
from pendamping.progress.stages.policy import (
    can_decide,
    next_stage,
    offered,
    visible_designation_decisions,
    visible_stage_decisions,
)
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make

REACHED = GateResult((), 3)
LACKING = GateResult((Unmet(Assessed("KL"), UnmetReason.TOO_OLD, None),), 3)


@pytest.mark.parametrize(
    ("stage", "gate", "is_confirmed", "is_resting", "verdicts"),
    [
        (Stage.FORMATION, REACHED, True, False, ["naik", "belum", "ditetapkan"]),
        (Stage.FORMATION, REACHED, True, True, ["naik", "ditetapkan"]),
        (Stage.FORMATION, REACHED, False, False, ["naik", "belum", "dikonfirmasi", "ditetapkan"]),
        (Stage.FORMATION, LACKING, False, False, ["dikonfirmasi", "ditetapkan"]),
        (Stage.OPERATION, LACKING, True, False, ["ditetapkan"]),
        (Stage.PARTNERSHIP, REACHED, True, False, ["ditetapkan"]),
        (Stage.FORMATION, None, False, False, ["dikonfirmasi", "ditetapkan"]),
    ],
)
def test_what_can_be_decided(
    stage: Stage, gate: GateResult | None, is_confirmed: bool, is_resting: bool, verdicts: list[str]
) -> None:
    assert offered(stage, is_confirmed=is_confirmed, gate=gate, is_resting=is_resting) == verdicts


def test_the_stages_follow_each_other() -> None:
    assert [next_stage(stage) for stage in Stage] == [Stage.OPERATION, Stage.PARTNERSHIP, None]


def test_only_the_head_decides(make: Make) -> None:
    assert {role for role in (Role.FACILITATOR, Role.AGENCY_HEAD, Role.ADMIN) if can_decide(make.user(role))} == {
        Role.AGENCY_HEAD
    }
    assert not can_decide(make.cooperative_user())


def test_decisions_are_seen_by_those_who_see_the_cooperative(session: Session, make: Make) -> None:
    for code in (GRAHA_INDAH, KARIANGAU):
        make.stage_decision(code, verdict=Verdict.CONFIRM)
    make.designation(GRAHA_INDAH, KARIANGAU)
    people = {
        make.facilitator(GRAHA_INDAH): 1,
        make.facilitator(MANGGAR): 0,
        make.cooperative_user(KARIANGAU): 1,
        make.user(Role.AGENCY_HEAD): 2,
        make.user(Role.ADMIN, scope_prefix="64.71.02"): 1,
    }

    for person, count in people.items():
        assert len(session.scalars(visible_stage_decisions(person, today=TODAY)).all()) == count
        assert len(session.scalars(visible_designation_decisions(person, today=TODAY)).all()) == count

"""Working standings out again from the command line."""

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, update

from pendamping.cli import main
from pendamping.kernel.database import reading, transaction
from pendamping.progress.models import Standing
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import KARIANGAU, Make
from tests.progress.stages.ready import enough_for


def test_every_standing_is_worked_out_again(app: Flask) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        make.visit(make.facilitator(KARIANGAU), enough_for(1), code=KARIANGAU)
        kariangau = make.cooperative(KARIANGAU).id
        before_the_update = {"gate_met": None, "gate_count": None, "awaits_stage_decision": False}
        make.session.execute(update(Standing).values(**before_the_update))

    with app.app_context():
        done = CliRunner().invoke(main.commands["refresh-standings"], [])

    assert (done.exit_code, done.output) == (0, "34 koperasi dihitung ulang.\n")
    with app.app_context():
        standing = reading().get_one(Standing, kariangau)
        assert (standing.gate_met, standing.awaits_stage_decision) == (16, True)
        assert reading().scalar(select(func.count()).select_from(Standing)) == 34


def test_said_again_it_changes_nothing(app: Flask) -> None:
    with app.app_context():
        outputs = [CliRunner().invoke(main.commands["refresh-standings"], []).output for _ in range(2)]

    assert outputs[0] == outputs[1]
    with app.app_context(), transaction() as session:
        assert session.scalar(select(func.count()).select_from(Standing)) == 34

"""Whatever people and visits do to a plan, in any order: its log tells one story, and every list agrees with it."""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from pendamping.accounts.models import User
from pendamping.kernel.errors import DomainError
from pendamping.plans import dialogue, moves
from pendamping.plans.life import ALLOWED, needs_reason
from pendamping.plans.models import OPEN_STATUSES, Action, ActionDueChange, ActionStatus, ActionUpdate, UpdateKind
from pendamping.plans.waiting import waiting_counts
from pendamping.progress.models import Standing
from pendamping.visits.models import Visit
from tests.make import Make
from tests.plans.lives import Plan

ITEMS = ("KL-02", "KL-01")
VALUES = st.sampled_from([("yes", "dokumen_dilihat"), ("no", "diamati"), ("yes", "klaim")])
WORDS = st.sampled_from(["", "Sudah dibicarakan"])
DAYS = st.integers(1, 14).map(lambda day: dt.date(2026, 4, day))


class LifeOfAPlan(RuleBasedStateMachine):
    make: ClassVar[Make]

    def __init__(self) -> None:
        super().__init__()
        self.session = self.make.session
        self.undo = self.session.begin_nested()
        self.visits: list[Visit] = []

    @initialize()
    def begin(self) -> None:
        self.plan = Plan(self.make)
        self.actions = [self.plan.agreed(item_id) for item_id in ITEMS]
        self.plan.refresh()

    def people(self, is_officer: bool) -> User:
        return self.plan.officer if is_officer else self.plan.facilitator

    def attempt(self, step: Callable[[], object]) -> None:
        """What is refused leaves nothing; the invariants look at both."""
        nested = self.session.begin_nested()
        try:
            step()
            nested.commit()
        except DomainError:
            nested.rollback()
        self.plan.refresh()

    @rule(which=st.integers(0, 1), to=st.sampled_from(ActionStatus), is_officer=st.booleans(), note=WORDS)
    def somebody_moves_one(self, which: int, to: ActionStatus, is_officer: bool, note: str) -> None:
        step = self.plan.by(self.people(is_officer))
        self.attempt(lambda: moves.move_action(self.session, self.actions[which], to=to, note=note, **step))

    @rule(which=st.integers(0, 1), agrees=st.booleans(), is_officer=st.booleans(), note=WORDS)
    def somebody_responds(self, which: int, agrees: bool, is_officer: bool, note: str) -> None:
        step = self.plan.by(self.people(is_officer))
        self.attempt(lambda: dialogue.respond(self.session, self.actions[which], agrees=agrees, reason=note, **step))

    @rule(which=st.integers(0, 1), is_officer=st.booleans(), note=WORDS)
    def somebody_settles(self, which: int, is_officer: bool, note: str) -> None:
        step = self.plan.by(self.people(is_officer))
        self.attempt(lambda: dialogue.settle_dispute(self.session, self.actions[which], text=note, **step))

    @rule(which=st.integers(0, 1), days=st.integers(0, 40), is_officer=st.booleans(), note=WORDS)
    def somebody_moves_the_day(self, which: int, days: int, is_officer: bool, note: str) -> None:
        step, due_on = self.plan.by(self.people(is_officer)), self.make.today + dt.timedelta(days=days)
        self.attempt(lambda: moves.change_due(self.session, self.actions[which], due_on=due_on, reason=note, **step))

    @rule(item_id=st.sampled_from(ITEMS), value=VALUES, on=DAYS)
    def a_visit_looks(self, item_id: str, value: tuple[str, str], on: dt.date) -> None:
        self.visits.append(self.plan.visit({item_id: value}, visited_on=on))

    @rule(which=st.integers(0, 9), item_id=st.sampled_from(ITEMS), value=VALUES)
    def a_visit_is_put_right(self, which: int, item_id: str, value: tuple[str, str]) -> None:
        if self.visits:
            self.plan.correct(self.visits[which % len(self.visits)], {item_id: value})

    @invariant()
    def the_log_tells_one_story(self) -> None:
        for action in self.actions:
            query = select(ActionUpdate).where(ActionUpdate.action_id == action.id).order_by(ActionUpdate.number)
            steps = self.session.scalars(query).all()
            assert [step.number for step in steps] == list(range(1, action.revision + 1))
            assert steps[-1].status is action.status
            for before, step in itertools.pairwise(steps):
                self.was_allowed(before.status, step)
            assert action.is_disputed == self.disputed_by(steps)
            moved = select(func.count()).select_from(ActionDueChange).join(ActionUpdate)
            assert self.session.scalar(moved.where(ActionUpdate.action_id == action.id)) == action.due_changes

    def was_allowed(self, before: ActionStatus, step: ActionUpdate) -> None:
        role = self.session.get_one(User, step.author_id).role
        if step.visit_id is not None or step.kind in (UpdateKind.DUE_CHANGED, UpdateKind.DISPUTED, UpdateKind.SETTLED):
            assert step.note
        elif step.kind is UpdateKind.ACCEPTED:
            assert before in OPEN_STATUSES
        else:
            assert role in ALLOWED[before, step.status]
            assert step.note or not needs_reason(before, step.status)

    def disputed_by(self, steps: Sequence[ActionUpdate]) -> bool:
        disputed = False
        for step in steps:
            if step.kind in (UpdateKind.DISPUTED, UpdateKind.ACCEPTED, UpdateKind.SETTLED):
                disputed = step.kind is UpdateKind.DISPUTED
            disputed = disputed and step.status in OPEN_STATUSES
        return disputed

    @invariant()
    def every_list_agrees(self) -> None:
        open_ones = [action for action in self.actions if action.status in OPEN_STATUSES]
        standing = self.session.get_one(Standing, self.actions[0].cooperative_id)
        assert standing.open_actions == len(open_ones)
        assert standing.next_due_on == min((action.due_on for action in open_ones), default=None)
        counts = waiting_counts(self.session, select(Action), self.plan.questions)
        assert counts.proofs == sum(action.status is ActionStatus.REPORTED_DONE for action in self.actions)
        assert counts.disputes == sum(action.is_disputed for action in self.actions)

    def teardown(self) -> None:
        self.undo.rollback()


def test_a_plan_lives_through_anything(make: Make) -> None:
    few = settings(max_examples=3, stateful_step_count=12, deadline=None, derandomize=True, database=None)

    LifeOfAPlan.make = make
    run_state_machine_as_test(LifeOfAPlan, settings=few)

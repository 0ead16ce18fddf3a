"""A plan with the people who move it, for tests of its life."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.instruments.definition import Item
from pendamping.kernel.audit import Actor
from pendamping.plans.models import Action, PlanQuestion
from pendamping.plans.way_back import look_again
from pendamping.progress.service import refresh_standing
from pendamping.visits.models import Visit
from pendamping.visits.service import record_visit
from tests.make import Make
from tests.visits.corrections.correcting import correct

Answers = Mapping[str, tuple[str, str] | tuple[str, str, str]]


@dataclass
class Plan:
    """One cooperative's plan; time goes on by an hour with each step."""

    make: Make
    facilitator: User = field(init=False)
    officer: User = field(init=False)
    now: dt.datetime = field(init=False)

    def __post_init__(self) -> None:
        self.facilitator, self.officer = self.make.facilitator(), self.make.cooperative_user()
        self.now = self.make.now

    @property
    def questions(self) -> Select[PlanQuestion]:
        return select(PlanQuestion)

    @property
    def items(self) -> dict[str, Item]:
        return {item.id: item for each in self.make.draft().instruments for item in each.instrument.items}

    def agreed(self, item_id: str | None = "KL-02", *, on: dt.date = dt.date(2026, 4, 1), **draft: Any) -> Action:
        """An action that was agreed at a visit at which its item was found poor."""
        answers = {item_id: ("no", "diamati")} if item_id else {}
        visit = self.make.visit(self.facilitator, answers, visited_on=on)
        (action,) = self.make.agree(visit, self.facilitator, self.make.action_draft(item_id, **draft))
        return action

    def by(self, user: User, **more: Any) -> dict[str, Any]:
        """Who makes a step, and when: an hour after the one before."""
        self.now += dt.timedelta(hours=1)
        return {"author_id": user.id, "actor": Actor(user.id, user.name), "now": self.now, **more}

    def visit(self, answers: Answers, *, visited_on: dt.date | None = None) -> Visit:
        """A visit that comes in as `field.records` stores it: what it says of the plan, then the standing."""
        draft = self.make.draft(answers, visited_on=visited_on)
        cooperative = self.make.cooperative()
        step = self.by(self.facilitator)
        visit, _ = record_visit(
            self.make.session,
            cooperative,
            self.make.in_a_free_hour(draft, self.facilitator),
            facilitator_id=self.facilitator.id,
            actor=step["actor"],
            today=self.make.today,
            now=step["now"],
        )
        self._look(visit, step)
        return visit

    def correct(self, visit: Visit, answers: Answers) -> None:
        """The visit is put right, and what it says of the plan is weighed again."""
        step = self.by(self.facilitator)
        correct(self.make, visit, answers, now=step["now"])
        self._look(visit, step)

    def refresh(self) -> None:
        """As whoever calls a verb does in the same transaction."""
        cooperative, instruments = self.make.cooperative(), self.make.draft().instruments
        refresh_standing(self.make.session, cooperative, instruments, today=self.make.today, now=self.now)

    def _look(self, visit: Visit, step: dict[str, Any]) -> None:
        instruments = self.make.draft().instruments
        look_again(self.make.session, self.make.cooperative(), visit, instruments=instruments, **step)
        self.refresh()

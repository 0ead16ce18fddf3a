"""One activity as somebody may read it, gathered for its pages."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.activities.models import Activity
from pendamping.activities.policy import can_correct, sees_names, visible_activities
from pendamping.activities.queries import (
    ActivityLine,
    AgreedAction,
    StepView,
    actions_agreed_at,
    activity_lines,
    activity_with_steps,
    photo_ids,
)
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.kernel.roles import Role

OWN_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Came:
    """How many came from one cooperative; `names` is None where they are not for the reader, `code` where its page is
    not.
    """

    name: str
    code: str | None
    people: int
    names: str | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement with what it has become in the plans that the reader sees."""

    title: str
    actions: Sequence[AgreedAction]


@dataclass(frozen=True, slots=True)
class PastStep:
    """What the record said before, with who came by number alone."""

    step: StepView
    cooperatives: int
    people: int


@dataclass(frozen=True, slots=True)
class ActivityPage:
    id: uuid.UUID
    step: StepView
    came: Sequence[Came]
    others: int
    """Further cooperatives that came and that are not named to the reader."""
    people: int
    agreed: Sequence[Agreed]
    photos: Sequence[uuid.UUID]
    past: Sequence[PastStep]
    can_correct: bool


def activity_page(session: Session, activity: Activity, user: User, *, today: dt.date) -> ActivityPage:
    """As the reader may see it: the staff reads which cooperatives came; a cooperative reads of itself and how many."""
    view = activity_with_steps(session, activity.id)
    visible = {each.id: each for each in session.scalars(visible_cooperatives(user, today=today))}
    terms, tells_all = view.latest.terms, sees_names(user, activity)
    named = visible if user.role is Role.COOPERATIVE else _named(session, terms.cooperative_ids)
    came = [
        Came(
            name=named[each.cooperative_id].short_name,
            code=named[each.cooperative_id].code if each.cooperative_id in visible else None,
            people=each.people,
            names=each.names if tells_all or each.cooperative_id in visible else None,
        )
        for each in terms.presences
        if each.cooperative_id in named
    ]
    return ActivityPage(
        id=activity.id,
        step=view.latest,
        came=came,
        others=len(terms.presences) - len(came),
        people=sum(each.people for each in terms.presences),
        agreed=_agreed([each for each in actions_agreed_at(session, activity.id) if each.cooperative_id in visible]),
        photos=photo_ids(session, activity.id),
        past=[_past(each) for each in view.steps[1:]],
        can_correct=can_correct(user, activity, sees_all=visible.keys() >= set(terms.cooperative_ids)),
    )


def _past(step: StepView) -> PastStep:
    presences = step.terms.presences
    return PastStep(step, len(presences), sum(each.people for each in presences))


def _named(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Cooperative]:
    return {each.id: each for each in session.scalars(select(Cooperative).where(Cooperative.id.in_(ids)))}


def _agreed(actions: Sequence[AgreedAction]) -> list[Agreed]:
    by_title: dict[str, list[AgreedAction]] = {}
    for each in actions:
        by_title.setdefault(each.title, []).append(each)
    return [Agreed(title, found) for title, found in by_title.items()]


def sees_all_of(session: Session, user: User, ids: Sequence[uuid.UUID], *, today: dt.date) -> bool:
    """Whether a person sees every one of these cooperatives."""
    seen = visible_cooperatives(user, today=today).where(Cooperative.id.in_(ids)).with_only_columns(Cooperative.id)
    return set(session.scalars(seen)) == set(ids)


def offered_to(
    session: Session, user: User, *, today: dt.date, named_before: Sequence[uuid.UUID] = ()
) -> dict[uuid.UUID, Cooperative]:
    """The cooperatives that a record of this person's may name: those they see, and those it has named before."""
    seen = {each.id: each for each in session.scalars(visible_cooperatives(user, today=today))}
    missing = [each for each in named_before if each not in seen]
    found = [*seen.values(), *(_named(session, missing).values() if missing else ())]
    return {each.id: each for each in sorted(found, key=lambda each: (each.short_name, each.code))}


def names_of(cooperatives: Mapping[uuid.UUID, Cooperative]) -> dict[uuid.UUID, NameAndCode]:
    return {id_: name_and_code(each) for id_, each in cooperatives.items()}


def own_activities(session: Session, user: User, *, today: dt.date) -> list[ActivityLine]:
    """Those in which a cooperative took part, for its own pages; the newest first."""
    return activity_lines(session, visible_activities(user, today=today), limit=OWN_SHOWN)

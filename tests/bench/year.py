"""A year of visits to every cooperative, recorded by the same services as in life, with seeded answers."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from pathlib import Path

import click
import flask_migrate
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.service import NewUser, add_user
from pendamping.app import create_app
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.service import assign
from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import AnswerType, Item, Proof
from pendamping.instruments.queries import PublishedInstrument, instruments_on
from pendamping.kernel.audit import Actor
from pendamping.kernel.database import transaction
from pendamping.kernel.roles import Role
from pendamping.operations.load import load_city
from pendamping.plans.service import ActionDraft, agree_actions
from pendamping.progress.service import refresh_standing
from pendamping.settings import Settings
from pendamping.visits.models import VisitMode
from pendamping.visits.service import IncomingVisit, record_visit

FACILITATOR, PASSWORD = "pendamping1", "sandi-untuk-ukur"
FIRST_OF_ALL = "64.71.03.1006"
ACTOR = Actor(None, "bench")
ANSWERED_SHARE, FACILITATORS, CASELOAD = 0.4, 7, 5
FAR_OUT = 1_000_000
"""The outer edge of a threshold may be a number nobody would write down."""


def fill_a_year(instance: Path, *, visits: int) -> None:
    """Set up a database in `instance` and record `visits` to each of the 34 cooperatives over the last year."""
    now = dt.datetime.now(dt.UTC)
    today = now.date()
    app = create_app(Settings.from_environment({"PENDAMPING_INSTANCE": str(instance)}))
    with app.app_context():
        flask_migrate.upgrade()
        with transaction() as session:
            load_city(session, actor=ACTOR, now=now)
            caseloads = _assign_everybody(session, today, now)
        chance = random.Random(1)  # seeded on purpose
        days = [today - dt.timedelta(days=360 * (visits - n) // visits) for n in range(visits)]
        with click.progressbar(days, label=f"A year: {len(caseloads)} x {visits} visits") as bar:
            for day in bar:
                with transaction() as session:
                    for number, (cooperative_id, facilitator_id) in enumerate(caseloads):
                        moment = dt.datetime.combine(day, dt.time(7 + 2 * (number % CASELOAD)))
                        _record(session, cooperative_id, facilitator_id, moment, now, chance)


def _assign_everybody(session: Session, today: dt.date, now: dt.datetime) -> list[tuple[uuid.UUID, uuid.UUID]]:
    people = [
        add_user(
            session, NewUser(f"pendamping{n}", f"Pendamping {n}", Role.FACILITATOR, PASSWORD), actor=ACTOR, now=now
        )
        for n in range(1, FACILITATORS + 1)
    ]
    # The measured cooperative goes to the measured facilitator.
    cooperatives = sorted(session.scalars(select(Cooperative)), key=lambda each: (each.code != FIRST_OF_ALL, each.code))
    pairs = []
    for number, cooperative in enumerate(cooperatives):
        person: User = people[number // CASELOAD]
        starts_on, ends_on = today - dt.timedelta(days=365), today + dt.timedelta(days=30)
        assign(session, cooperative, person, starts_on=starts_on, ends_on=ends_on, actor=ACTOR, now=now)
        cooperative.decree_on = dt.date(2025, 7, 14)
        pairs.append((cooperative.id, person.id))
    return pairs


def _record(
    session: Session,
    cooperative_id: uuid.UUID,
    facilitator_id: uuid.UUID,
    moment: dt.datetime,
    now: dt.datetime,
    chance: random.Random,
) -> None:
    day = moment.date()
    cooperative = session.get_one(Cooperative, cooperative_id)
    instruments = instruments_on(session, dt.date(2026, 12, 31))
    items = _asked(instruments, cooperative.stage.order)
    draft = IncomingVisit(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        visited_on=day,
        started=moment.time(),
        ended=(moment + dt.timedelta(minutes=90)).time(),
        mode=VisitMode.FACE_TO_FACE,
        purposes=["pemeriksaan"],
        people_met=[],
        notes="Kunjungan rutin.",
        place=None,
        written_at=now,
        instruments=instruments,
        answers=[_answer(item, day, chance) for item in items if chance.random() < ANSWERED_SHARE],
        body_sha256=f"{chance.getrandbits(256):064x}",
    )
    visit, _ = record_visit(
        session, cooperative, draft, facilitator_id=facilitator_id, actor=ACTOR, today=now.date(), now=now
    )
    item = chance.choice(items)
    action = ActionDraft(
        uuid.UUID(int=chance.getrandbits(128), version=4),
        item.id,
        item.action.title_id,
        item.action.owner_role,
        day + dt.timedelta(days=item.action.default_due_days),
    )
    agree_actions(session, visit, [action], items={item.id: item}, author_id=facilitator_id, actor=ACTOR, now=now)
    refresh_standing(session, cooperative, instruments, today=now.date(), now=now)


def _asked(instruments: Sequence[PublishedInstrument], stage: int) -> list[Item]:
    return [item for each in instruments for item in each.instrument.items if item.applies_from_stage <= stage]


def _answer(item: Item, day: dt.date, chance: random.Random) -> Answer:
    match item.type:
        case AnswerType.YES_NO_NA:
            value = chance.choice(["yes", "yes", "no"])
        case AnswerType.SCALE:
            value = str(chance.randrange(4))
        case AnswerType.NUMBER:
            assert item.number is not None
            believable = [edge for edge, _ in item.number.steps if abs(edge) < FAR_OUT]
            value = str(int(chance.choice(believable)))
        case AnswerType.DATE:
            value = chance.choice([day.isoformat(), "not_done"])
        case AnswerType.EVIDENCE_ONLY:
            value = chance.choice(["accepted", "missing"])
    return Answer(item.id, value, chance.choice(list(Proof)), "")

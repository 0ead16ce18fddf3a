"""Whatever changes something leaves a record of who did it, when, and what it was before."""

import importlib
import inspect
import json
from collections.abc import Callable
from typing import get_args, get_type_hints

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.kernel.audit import Actor, AuditEvent
from pendamping.kernel.roles import Role
from tests.architecture.audit import (
    accounts,
    actions,
    activities,
    assignments,
    attachments,
    cooperatives,
    field,
    instruments,
    plans,
    progress,
    reminders,
    reports,
    visits,
)
from tests.architecture.audit.cases import AuditCase
from tests.architecture.layout import rules_of_features
from tests.conftest import NOW
from tests.make import PASSWORD, Make

FEATURES = (
    accounts,
    actions,
    activities,
    assignments,
    attachments,
    cooperatives,
    field,
    instruments,
    plans,
    progress,
    reminders,
    reports,
    visits,
)
CASES: dict[str, AuditCase] = {name: case for feature in FEATURES for name, case in feature.CASES.items()}
SECRETS = (PASSWORD, accounts.NEW_PASSWORD, accounts.TOKEN, reminders.AUTH, "argon2")


def verbs_that_are_told_who_acts() -> set[str]:
    """Every public function below the web that takes an actor, by its dotted name below `pendamping`."""
    return {
        f"{module}.{name}".removeprefix("pendamping.")
        for module in rules_of_features()
        for name, function in inspect.getmembers(importlib.import_module(module), inspect.isfunction)
        if function.__module__ == module and not name.startswith("_") and "actor" in arguments_of(function)
    }


def arguments_of(function: Callable[..., object]) -> set[str]:
    """With what stands in `**step: Unpack[Step]`."""
    parameters = inspect.signature(function).parameters.values()
    unpacked = {kind for each in parameters if each.kind is each.VAR_KEYWORD for kind in get_args(each.annotation)}
    return {each.name for each in parameters} | {name for kind in unpacked for name in get_type_hints(kind)}


def test_every_verb_that_is_told_who_acts_has_a_case() -> None:
    assert {name.partition(",")[0] for name in CASES} == verbs_that_are_told_who_acts()


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_verb_leaves_one_record_of_who_when_and_what_and_no_secret(
    session: Session, make: Make, name: str
) -> None:
    case, head = CASES[name], make.user(Role.AGENCY_HEAD, name="Kepala Dinas")

    case.act(make, Actor(head.id, head.name, "permintaan-1"))

    events = session.scalars(select(AuditEvent)).all()
    (event,) = (each for each in events if each.actor_id == head.id and each.verb not in case.also)
    assert (event.verb, event.subject_type, event.actor_name) == (case.verb, case.subject_type, "Kepala Dinas")
    assert (event.at, event.request_id) == (NOW, "permintaan-1")
    assert event.before == case.before
    assert (event.after is None) == (case.after is None)
    assert (event.after or {}).items() >= (case.after or {}).items()
    told = json.dumps([[each.before, each.after] for each in events])
    assert not [secret for secret in SECRETS if secret in told]

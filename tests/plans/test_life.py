"""Every allowed and every forbidden step, by role; and what a visit makes of an action."""

import itertools
from dataclasses import replace

import pytest

from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.definition import Proof, Verification
from pendamping.kernel.roles import Role
from pendamping.plans.life import Look, after_visit, look, may_be_verified_from_afar, may_move, moves_of, needs_reason
from pendamping.plans.models import OPEN_STATUSES, ActionStatus
from tests.instruments.cases import item

U, S, B, L, T, K, X = ActionStatus
"""Usulan, disepakati, berjalan, dilaporkan selesai, terverifikasi, dikembalikan, dibatalkan."""

TABLE = {
    # from: by facilitators, by cooperatives
    U: ({S, X}, {S}),
    S: ({B, T, X}, {B, L}),
    B: ({B, T, X}, {B, L}),
    L: ({T, K, X}, {L}),
    T: ({K}, set()),
    K: ({B, T, X}, {B, L}),
    X: ({S}, set()),
}


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_each_role_takes_the_steps_of_the_table_and_no_other(role: Role) -> None:
    column = {Role.FACILITATOR: 0, Role.COOPERATIVE: 1}.get(role)
    wanted = {
        (before, after)
        for before, columns in TABLE.items()
        for after in (columns[column] if column is not None else ())
    }

    allowed = {pair for pair in itertools.product(ActionStatus, repeat=2) if may_move(role, *pair)}

    assert allowed == wanted
    assert {before: moves_of(role, before) for before in ActionStatus} == {
        before: {after for each, after in wanted if each is before} for before in ActionStatus
    }


def test_whatever_goes_back_or_ends_undone_or_is_taken_up_again_needs_a_reason() -> None:
    needing = {pair for pair in itertools.product(ActionStatus, repeat=2) if needs_reason(*pair)}

    assert needing == {
        (before, after)
        for before, after in itertools.product(ActionStatus, repeat=2)
        if after in (K, X) or before not in OPEN_STATUSES
    }


def answered(value: str, proof: Proof = Proof.DOCUMENT_SEEN) -> Answer:
    return Answer("KL-02", value, proof, "Belum ada usaha" if value == "na" else "")


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (answered("yes"), Look.PROVEN),
        (answered("yes", Proof.PHOTO), Look.PROVEN),
        (answered("yes", Proof.CLAIM), Look.SILENT),
        (answered("no"), Look.POOR),
        (answered("no", Proof.CLAIM), Look.POOR),
        (answered("na"), Look.SILENT),
        (None, Look.SILENT),
    ],
)
def test_a_good_answer_closes_only_when_somebody_has_seen_it(answer: Answer | None, seen: Look) -> None:
    assert look(item("KL-02"), answer, Facts(None, None)) is seen


GOOD, POOR, SILENT = Look.PROVEN, Look.POOR, Look.SILENT


@pytest.mark.parametrize(
    ("status", "looks", "asked", "was_before", "after"),
    [
        (L, {"A": GOOD}, "A", True, T),
        (L, {"A": GOOD}, "A", False, T),  # what was good before it was reported is good
        (L, {"A": POOR}, "A", True, K),
        (L, {"A": POOR}, "A", False, None),  # what was seen before the report does not refute it
        (L, {"A": SILENT}, "A", True, None),
        (L, {"A": GOOD}, "", True, None),  # an old answer closes nothing
        (L, {}, "A", True, None),
        (L, {"A": GOOD, "B": GOOD}, "A", True, T),
        (L, {"A": GOOD, "B": SILENT}, "A", True, None),  # all its items
        (L, {"A": GOOD, "B": POOR}, "A", True, None),
        (L, {"A": GOOD, "B": POOR}, "AB", True, K),
        (S, {"A": GOOD}, "A", True, T),
        (B, {"A": GOOD}, "A", True, T),
        (K, {"A": GOOD}, "A", True, T),
        (K, {"A": GOOD}, "A", False, None),  # it was sent back by somebody who knew more
        (S, {"A": POOR}, "A", True, None),
        (B, {"A": POOR}, "A", True, None),
        (K, {"A": POOR}, "A", True, None),
        (U, {"A": GOOD}, "A", True, None),
        (T, {"A": POOR}, "A", True, None),
        (X, {"A": GOOD}, "A", True, None),
    ],
)
def test_what_a_visit_makes_of_an_action(
    status: ActionStatus, looks: dict[str, Look], asked: str, was_before: bool, after: ActionStatus | None
) -> None:
    assert after_visit(status, looks, asked=set(asked), was_before=was_before) is after


@pytest.mark.parametrize(
    ("kinds", "allowed"),
    [
        ([], True),
        ([Verification.DOCUMENT_SEEN], True),
        ([Verification.SYSTEM_CHECK, Verification.DOCUMENT_SEEN], True),
        ([Verification.OBSERVATION], False),
        ([Verification.INTERVIEW], False),
        ([Verification.DOCUMENT_SEEN, Verification.OBSERVATION], False),
    ],
)
def test_only_what_can_be_sent_or_opened_is_verified_from_afar(kinds: list[Verification], allowed: bool) -> None:
    items = [replace(item("KL-02"), verification=kind) for kind in kinds]

    assert may_be_verified_from_afar(items) is allowed

"""A further finding is put right by an action under way; from then on a visit looks at all its items."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.instruments.definition import Item
from pendamping.kernel.errors import DomainError
from pendamping.plans import moves
from pendamping.plans.linking import AlreadyLinked, NothingLinked, link_items
from pendamping.plans.models import Action, ActionItem, ActionStatus, ActionUpdate
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, Make
from tests.only import on_sqlite
from tests.pages import Browser
from tests.plans.lives import Plan


@pytest.fixture
def plan(make: Make) -> Plan:
    make.short_instruments()
    return Plan(make)


def status_of(session: Session, action: Action) -> str:
    session.refresh(action)
    return str(action.status)


def test_an_action_is_verified_when_all_linked_items_are_good(session: Session, plan: Plan) -> None:
    action, items = plan.agreed(None), [plan.items["KL-02"], plan.items["KL-08"]]
    step = plan.by(plan.facilitator, update_id=uuid.uuid4(), seen_revision=1)
    added = link_items(session, action, items, **step)
    again = link_items(session, action, items, **step)

    assert (again.id, action.revision, action.status) == (added.id, 2, ActionStatus.AGREED)
    assert (action.item_ids, action.is_critical) == (("KL-02", "KL-08"), True)
    assert added.note == "Juga membenahi: " + "; ".join(f"{each.id} {each.label_id}" for each in items) + "."
    plan.visit({"KL-02": ("yes", "dokumen_dilihat"), "KL-08": ("0", "diamati")}, visited_on=TODAY)
    assert status_of(session, action) == "disepakati"
    plan.visit({"KL-08": ("3", "dokumen_dilihat")}, visited_on=TODAY)
    assert status_of(session, action) == "terverifikasi"


def nothing(_: Plan, _action: Action) -> tuple[list[Item], dict[str, Any]]:
    return [], {}


def known(plan: Plan, _action: Action) -> tuple[list[Item], dict[str, Any]]:
    return [plan.items["KL-02"]], {}


def stale(plan: Plan, _action: Action) -> tuple[list[Item], dict[str, Any]]:
    return [plan.items["KL-08"]], {"seen_revision": 7}


def by_the_cooperative(plan: Plan, _action: Action) -> tuple[list[Item], dict[str, Any]]:
    return [plan.items["KL-08"]], {"author_id": plan.officer.id}


def reported(plan: Plan, action: Action) -> tuple[list[Item], dict[str, Any]]:
    moves.report_done(plan.make.session, action, note="Selesai", **plan.by(plan.officer))
    return [plan.items["KL-08"]], {}


REFUSED = {
    nothing: NothingLinked,
    known: AlreadyLinked,
    stale: moves.ActionChanged,
    by_the_cooperative: moves.StepNotAllowed,
    reported: moves.StepNotAllowed,
}


@on_sqlite
def test_what_does_not_hold_links_nothing(session: Session, plan: Plan) -> None:
    action, said = plan.agreed("KL-02"), {}
    for spoil in REFUSED:
        items, changed = spoil(plan, action)
        with pytest.raises(DomainError) as refused:
            link_items(session, action, items, **{**plan.by(plan.facilitator), **changed})
        said[spoil] = type(refused.value)

    assert said == REFUSED
    assert session.scalars(select(ActionItem)).all() == []


def test_a_finding_comes_to_an_action_from_either_page(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
        ratna = make.facilitator()
        answers = {"KL-02": ("no", "diamati"), "KL-08": ("0", "diamati"), "KL-01": ("no", "diamati")}
        make.visit(ratna, answers, actions=(draft := make.action_draft("KL-02"),))
    browser.sign_in(ratna)
    page = browser.open(f"/tindakan/{draft.id}/butir")

    assert [each["value"] for each in page.soup.select("[name=items]")] == ["KL-01", "KL-08"]
    refused = browser.send(f"/tindakan/{draft.id}/butir", page.fields())
    assert (refused.status, refused.text("#items-error")) == (400, "Pilih sedikitnya satu butir.")
    linked = browser.send(f"/tindakan/{draft.id}/butir", {**page.fields(), "items": "KL-08"})
    assert linked.has("Juga membenahi: KL-08")
    finding = f"/koperasi/{GRAHA_INDAH}/butir/KL-01"
    assert f"{finding}/tindakan" in {each["href"] for each in browser.open(finding).soup.select("main a[href]")}
    joining = browser.open(f"{finding}/tindakan")
    stale = browser.send(f"{finding}/tindakan", {**joining.fields(), "action": f"{draft.id}.1"})
    assert (stale.status, stale.has("baru saja diubah orang lain")) == (400, True)
    assert browser.send(f"{finding}/tindakan", {**joining.fields(), "action": f"{draft.id}.2"}).has("KL-01")
    with browser.make() as make:
        assert make.session.get_one(Action, draft.id).item_ids == ("KL-02", "KL-01", "KL-08")
        steps = select(ActionUpdate).where(ActionUpdate.made_at == NOW).order_by(ActionUpdate.number)
        assert [each.number for each in make.session.scalars(steps)] == [1, 2, 3]

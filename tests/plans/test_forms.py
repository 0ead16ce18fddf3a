"""What the shipped instruments propose can be agreed to as it stands, whatever language the page is read in."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import String
from werkzeug.datastructures import MultiDict

from pendamping.instruments.definition import Item
from pendamping.kernel.i18n import force_locale
from pendamping.plans.forms import FREE_ACTIONS, ActionEntries
from pendamping.plans.models import Action
from tests.conftest import TODAY
from tests.instruments.cases import INSTRUMENTS

ITEMS = [item for instrument in INSTRUMENTS for item in instrument.items]


def room(column: str) -> int:
    kind = Action.__table__.c[column].type
    assert isinstance(kind, String)
    return kind.length or 0


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_the_texts_of_every_item_fit_into_the_plan(item: Item) -> None:
    assert len(item.id) <= room("item_id")
    assert max(len(item.label_id), len(item.label_en)) <= room("item_label_id")
    assert max(len(item.action.title_id), len(item.action.title_en)) <= room("title")
    assert len(item.action.done_when_id) <= room("done_when")


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_proposal_holds_as_the_page_shows_it(sqlite_app: tuple[Flask, object], language: str) -> None:
    with sqlite_app[0].test_request_context(), force_locale(language):
        shown = ActionEntries(None, ITEMS, today=TODAY)
        sent = MultiDict(
            (field.name, str(field.data)) for entry in shown.proposals.values() for field in entry if field.data
        )
        sent.update({entry.agreed.name: "y" for entry in shown.proposals.values()})
        received = ActionEntries(sent, ITEMS, today=TODAY)

        assert received.hold_for(TODAY), [entry.errors for entry in received.sent if entry.errors]

    in_the_cooperatives_language = {item.id: item.action.title_id for item in ITEMS}
    assert {entry.item.data: entry.title.data for entry in received.agreed} == in_the_cooperatives_language
    for item in ITEMS:
        due_on = TODAY + dt.timedelta(days=item.action.default_due_days)
        assert received.proposals[item.id].due_on.data == due_on


def test_a_page_has_room_for_actions_of_ones_own_and_gives_back_as_many_as_were_sent(
    sqlite_app: tuple[Flask, object],
) -> None:
    four = MultiDict({f"actions-{number}-title": f"Tindakan {number}" for number in (3, 200, 299, 9999)})

    with sqlite_app[0].test_request_context():
        empty = ActionEntries(None, ITEMS, today=TODAY)
        given_back = ActionEntries(four, ITEMS, today=TODAY)

    assert len(empty.free) == FREE_ACTIONS
    assert [entry.title.data for entry in given_back.free] == [
        "Tindakan 3",
        "Tindakan 200",
        "Tindakan 299",
        "Tindakan 9999",
    ]
    names = [entry.title.name for entry in [*given_back.proposals.values(), *given_back.free]]
    assert len(names) == len(set(names)) == len(ITEMS) + 4


def test_of_two_proposals_for_one_item_the_first_is_given_back_and_both_are_judged(
    sqlite_app: tuple[Flask, object],
) -> None:
    sent = MultiDict(
        {
            "actions-1-item": "KL-02",
            "actions-1-title": "Yang pertama",
            "actions-2-item": "KL-02",
            "actions-2-title": "",
            "actions-2-agreed": "y",
        }
    )

    with sqlite_app[0].test_request_context():
        entries = ActionEntries(sent, ITEMS, today=TODAY)
        holds = entries.hold_for(TODAY)

    assert entries.proposals["KL-02"].title.data == "Yang pertama"
    assert not holds

"""Text of which nothing is to be seen is no text: the form comes back with its message, and nothing is stored."""

from collections.abc import Mapping

from tests import only
from tests.architecture.test_access import SENT, World, token_of, world

__all__ = ["world"]

NOTHING_SEEN = "\u200b\u2060"
REQUIRED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "facilitator": {
        "activities.add": ("topic", "place"),
        "attention.question": ("text",),
        "goals.add": ("text",),
        "partnerships.add": ("partner",),
    },
    "cooperative": {"own_actions.note_progress": ("progress",)},
    "admin": {"reminder_admin.calendar": ("name",)},
    "agency_head": {"requests.ask": ("note",)},
}


@only.on_sqlite
def test_a_text_of_which_nothing_is_to_be_seen_comes_back(world: World) -> None:
    answers = {}
    for person, places in REQUIRED.items():
        client = world.client_of(person)
        token = token_of(client)
        for endpoint, names in places.items():
            address = world.address(endpoint, "POST")
            for name in names:
                fields = {**SENT[endpoint], name: NOTHING_SEEN, "csrf_token": token}
                answers[endpoint, name] = client.post(address, data=fields).status_code

    assert set(answers.values()) == {400}, answers

"""Hands in records the way a tablet does, for tests of the wire."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.test import TestResponse

from tests.make import GRAHA_INDAH
from tests.pages import Browser

ADDRESS = "/api/v1/records"
VISIT: Mapping[str, Any] = {
    "cooperative": GRAHA_INDAH,
    "visited_on": "2026-04-14",
    "started": "09:30",
    "ended": "11:00",
    "mode": "tatap_muka",
    "purposes": ["pemeriksaan", "pelatihan"],
    "people_met": [{"name": "Siti Aminah", "role": "bendahara"}],
    "notes": "Buku kas diperiksa bersama.",
    "place": {"lat": -1.2, "lon": 116.8, "accuracy_m": 12},
    "written_at": "2026-04-14T03:10:00Z",
    "answers": {"KL-01": {"value": "yes", "proof": "dokumen_dilihat", "note": ""}},
    "actions": [
        {
            "id": "5e6b7c3a-1d2e-4f50-8a9b-0c1d2e3f4a5b",
            "item": "KL-05",
            "title": "Lengkapi buku tamu",
            "owner_role": "bendahara",
            "due_on": "2026-04-28",
        }
    ],
    "photos": [],
    "signature": None,
    "signed_by": "",
}


def body(**changes: Any) -> str:
    """The body of a visit; each with an action of its own, whose ids the database wants to be different."""
    actions = [{**each, "id": str(uuid.uuid4())} for each in VISIT["actions"]]
    return json.dumps({**VISIT, "actions": actions, **changes})


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    text: str | None = None, *, kind: str = "visit", id_: uuid.UUID | None = None, **more: Any
) -> dict[str, Any]:
    return {"v": 1, "kind": kind, "id": str(id_ or uuid.uuid4()), "body": body() if text is None else text, **more}


def post(
    browser: Browser, data: bytes | str, *, content_type: str = "application/json", **headers: str
) -> TestResponse:
    sent = {"X-CSRF-Token": browser.token, **headers}
    answer: TestResponse = browser.client.post(ADDRESS, data=data, content_type=content_type, headers=sent)
    return answer


def hand_in(browser: Browser, *records: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The results, once it is sure that no record broke something of ours."""
    answer = post(browser, json.dumps({"records": records}))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    results: list[dict[str, Any]] = answer.get_json()["results"]
    assert not [each for each in results if "internal_error" in codes(each)]
    return results


def outcomes(results: Sequence[Mapping[str, Any]]) -> list[str]:
    return [each["outcome"] for each in results]


def codes(result: Mapping[str, Any]) -> list[str]:
    return [each["code"] for each in result["errors"]]

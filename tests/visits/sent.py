"""What the page of a new visit sends."""

import uuid
from collections.abc import Mapping
from typing import Any

from tests.pages import Browser


def blank(browser: Browser) -> dict[str, Any]:
    """When nothing is written on it, without the cost of opening it."""
    return {"csrf_token": browser.token, "id": str(uuid.uuid4()), "visited_on": "2026-04-14", "mode": "tatap_muka"}


def without_token(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "csrf_token"}

"""Ids as they come in: in an address, in a field of a form, in a record."""

import uuid


def uuid_or_none(text: str | None) -> uuid.UUID | None:
    """The id that a text names; None for anything else, digits of other scripts among it."""
    try:
        return uuid.UUID(text) if text and text.isascii() else None
    except ValueError:
        return None

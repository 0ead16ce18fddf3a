"""Marks texts for translation in modules that know nothing of the web."""


def N_(text: str) -> str:  # noqa: N802
    """Mark `text` for the catalogue; it is translated where it is shown."""
    return text

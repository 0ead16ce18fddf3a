"""What the rules of assignments and years refuse, in words for the screen."""

import datetime as dt
import re

from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import long_date, translated

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def refusal(error: DomainError) -> str:
    """The explanation of an error, its dates written out: 14 April 2026."""
    params = {name: _written_out(value) for name, value in error.params.items()}
    return translated(error.explanation, **params)


def _written_out(value: str) -> str:
    return long_date(dt.date.fromisoformat(value)) if ISO_DATE.fullmatch(value) else value

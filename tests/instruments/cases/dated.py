"""Answers with the day of the visit they were given on, and the facts of a day."""

import datetime as dt
from typing import NamedTuple

from pendamping.instruments.answers import Answer, Facts
from tests.instruments.cases import FACTS


class Given(NamedTuple):
    answer: Answer
    answered_on: dt.date


def facts_on(day: dt.date) -> Facts:
    """Those of a cooperative that closes its books on 31 December."""
    return Facts(decree_on=FACTS.decree_on, book_year_end=dt.date(day.year - 1, 12, 31))

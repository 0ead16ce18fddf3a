"""Answers as soon as the rows are written, and commits a little later: quick, until the power fails in between."""

import threading
import time
from collections.abc import Sequence

from flask import copy_current_request_context
from msgspec import Raw

from pendamping.field import routes
from pendamping.field.intake import batch
from pendamping.field.intake.batch import _result
from pendamping.field.intake.terms import Sender
from pendamping.field.wire import Result
from pendamping.kernel.database import transaction
from pendamping.visits.service import keep_days_still

COMMITS_AFTER_SECONDS = 0.1


def take_in(records: Sequence[Raw], sender: Sender) -> list[Result]:
    results: list[Result] = []
    are_written = threading.Event()

    @copy_current_request_context
    def write() -> None:
        try:
            with transaction() as session:
                keep_days_still(session, sender.user.id)
                results.extend(_result(session, raw, sender) for raw in records)
                are_written.set()
                time.sleep(COMMITS_AFTER_SECONDS)
        finally:
            are_written.set()

    threading.Thread(target=write, daemon=True).start()
    are_written.wait()
    return results


def break_it() -> None:
    for module in (batch, routes):
        setattr(module, "take_in", take_in)  # noqa: B010  # what a module imports is not its own to the type checker

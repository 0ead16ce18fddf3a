"""Logs as JSON lines on standard error. What is secret never reaches them: no query strings, no bodies, no cookies."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

ROW_IN_ERROR = re.compile(r"\nDETAIL:.*?(?=\n\[SQL|\n\(Background|\n\nThe above |\n\nDuring |\Z)", re.DOTALL)
SECRET_ADDRESS = re.compile(
    r"(/tautan/|/pemberitahuan/(?:pastikan|berhenti)/|/kalender/(?=[^\s/]+\.ics))[^\s\"'?#<>\\]+"
)
"""Addresses that are keys: a personal link's, those in mails, a calendar's."""


def configure_logging() -> None:
    """Set up structlog once for the process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_rows,
            _without_keys,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _without_rows(_logger: object, _method: str, event: EventDict) -> EventDict:
    """PostgreSQL says in an error's DETAIL what stood in the row it refused: names, notes, hashes. Not in our logs."""
    if "exception" in event:
        event["exception"] = ROW_IN_ERROR.sub("", event["exception"])
    return event


def _without_keys(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {name: without_keys(value) for name, value in event.items()}


def without_keys(value: Any) -> Any:
    """What a log may say of an address that is a key: what it opens, not which it was."""
    return SECRET_ADDRESS.sub(r"\1...", value) if isinstance(value, str) else value


class WithoutKeys(logging.Filter):
    """The same for loggers that are not ours, such as the web server's."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_keys(record.getMessage()), ()
        return True

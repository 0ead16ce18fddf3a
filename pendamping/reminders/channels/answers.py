"""What a channel answers when it could not send."""

import uuid
from collections.abc import Sequence


class NotSent(Exception):
    """`answer` is for the log and the admin's page: never an address with a secret in it."""

    def __init__(self, answer: str, gone: Sequence[uuid.UUID] = ()) -> None:
        super().__init__(answer)
        self.answer = answer
        self.gone = gone
        """Browsers that do not exist any more."""


class Refused(NotSent):
    """For good: trying again will not help."""


class Unreachable(NotSent):
    """For now: later it may go."""

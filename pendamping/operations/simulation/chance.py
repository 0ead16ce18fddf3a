"""The one source of everything that could have been otherwise."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A seeded generator with the questions that a simulation asks."""

    def happens(self, share: float) -> bool:
        return self.random() < share

    def id(self) -> uuid.UUID:
        return uuid.UUID(int=self.getrandbits(128), version=4)

    def sha256(self) -> str:
        """Stands for the hash of a body that nobody ever sent."""
        return f"{self.getrandbits(256):064x}"

    def days(self, low: int, high: int) -> dt.timedelta:
        return dt.timedelta(days=self.randint(low, high))

    def minutes(self, low: int, high: int) -> dt.timedelta:
        """To the second: nobody taps on the full minute."""
        return dt.timedelta(seconds=self.randint(low * 60, high * 60))

    def some(self, pool: Sequence[T], low: int, high: int) -> list[T]:
        """A few different ones, in the order of the pool."""
        count = min(len(pool), self.randint(low, high))
        return [pool[index] for index in sorted(self.sample(range(len(pool)), count))]

    def digits(self, count: int) -> str:
        return "".join(str(self.randrange(10)) for _ in range(count))

"""At which times a job is due."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from pendamping.kernel.clock import office_date, office_instant

ONE_DAY = dt.timedelta(days=1)


class Schedule(Protocol):
    """When a job runs. Several of its times that were missed are made good by one run."""

    def slot(self, now: dt.datetime) -> dt.datetime:
        """The last of its times that is not after `now`."""
        ...

    def next_slot(self, now: dt.datetime) -> dt.datetime:
        """The first of its times after `now`."""
        ...


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of the office (WITA)."""

    at: dt.time

    def slot(self, now: dt.datetime) -> dt.datetime:
        today = office_instant(office_date(now), self.at)
        return (today if today <= now else today - ONE_DAY).astimezone(dt.UTC)

    def next_slot(self, now: dt.datetime) -> dt.datetime:
        return self.slot(now) + ONE_DAY


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, counted from midnight (UTC)."""

    minutes: int

    def slot(self, now: dt.datetime) -> dt.datetime:
        midnight = dt.datetime.combine(now.astimezone(dt.UTC).date(), dt.time(), dt.UTC)
        return midnight + (now - midnight) // self._step * self._step

    def next_slot(self, now: dt.datetime) -> dt.datetime:
        return self.slot(now) + self._step

    @property
    def _step(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.minutes)

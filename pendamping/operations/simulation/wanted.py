"""What kind of year was asked for, checked: how many cooperatives, how many months, until when, from which seed."""

import datetime as dt
from dataclasses import dataclass

from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.clock import start_of_day
from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

MIN_COOPERATIVES, MAX_COOPERATIVES = 5, 100_000
MIN_MONTHS, MAX_MONTHS = 1, 60
EARLIEST, LATEST = dt.date(2020, 1, 1), dt.date(2099, 12, 31)
MAX_SEED = 2**63 - 1
DAYS_AHEAD = 14
"""How far the schedule reaches beyond the last day."""


class BadSimulation(DomainError):
    """What was asked for does not hold; `explanation` says which part."""

    code = "bad_simulation"
    status = 400

    def __init__(self, explanation: str, **params: str) -> None:
        super().__init__(**params)
        self.explanation = explanation


@dataclass(frozen=True, slots=True)
class Wanted:
    """The arguments of one simulation; two with the same arguments make the same rows."""

    cooperatives: int
    months: int
    until: dt.date
    seed: int

    @property
    def first(self) -> dt.date:
        """The first day on which a visit can lie."""
        month = Month.of(self.until).minus(self.months)
        return month.first_day.replace(day=min(self.until.day, month.last_day.day))

    @property
    def now(self) -> dt.datetime:
        """The beginning of the last day: what was done lies before it, what is planned for that day still ahead."""
        return start_of_day(self.until)

    @property
    def days_ahead_end(self) -> dt.date:
        return self.until + dt.timedelta(days=DAYS_AHEAD)

    def as_record(self) -> dict[str, object]:
        """How the audit log keeps the arguments."""
        return {
            "cooperatives": self.cooperatives,
            "months": self.months,
            "until": self.until.isoformat(),
            "seed": self.seed,
        }


def wanted_from(*, cooperatives: str, months: str, until: str | None, seed: str | None, today: dt.date) -> Wanted:
    """The arguments as they were typed; without a day the simulation ends today.

    Raises:
        BadSimulation: naming the argument and what it may be.
    """
    return Wanted(
        cooperatives=_number("--cooperatives", cooperatives, MIN_COOPERATIVES, MAX_COOPERATIVES),
        months=_number("--months", months, MIN_MONTHS, MAX_MONTHS),
        until=_day(until) if until is not None else today,
        seed=_number("--seed", seed or "", 0, MAX_SEED),
    )


def _number(name: str, text: str, lowest: int, highest: int) -> int:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 19 and lowest <= int(plain) <= highest):
        raise BadSimulation(
            N_("%(name)s: isi angka %(lowest)s sampai %(highest)s."),
            name=name,
            lowest=str(lowest),
            highest=str(highest),
        )
    return int(plain)


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        day = dt.date.min
    if not EARLIEST <= day <= LATEST:
        raise BadSimulation(
            N_("--until: isi tanggal seperti 2026-12-31, dari %(earliest)s sampai %(latest)s."),
            earliest=EARLIEST.isoformat(),
            latest=LATEST.isoformat(),
        )
    return day

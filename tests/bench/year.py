"""A year of data to measure on: the simulated one, made by the product's own commands."""

import os
import subprocess
from collections.abc import Mapping

from pendamping.operations.simulation import names
from pendamping.operations.simulation.chance import Chance
from tests.bench.server import PENDAMPING

SEED = 1
FACILITATOR, HEAD, PASSWORD = names.facilitator(0)[0], names.HEAD[0], names.password(Chance(SEED))


def live_through(environment: Mapping[str, str], *, cooperatives: int, months: int) -> None:
    """Set up the database that the environment names, and simulate so many months up to today in it."""
    wanted = ("--seed", str(SEED), "--cooperatives", str(cooperatives), "--months", str(months))
    for command in (("init",), ("simulate", *wanted)):
        subprocess.run([PENDAMPING, *command], env={**os.environ, **environment}, check=True)

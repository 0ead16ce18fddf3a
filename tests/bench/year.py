"""A year of data to measure on: the simulated one, made by the product's own commands."""

import os
import subprocess
from collections.abc import Mapping

from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.names import facilitator, password
from tests.bench.server import PENDAMPING

SEED = 1
FACILITATOR, PASSWORD = facilitator(0)[0], password(Chance(SEED))


def live_through_a_year(environment: Mapping[str, str], *, cooperatives: int) -> None:
    """Set up the database that the environment names, and simulate a year up to today in it."""
    for command in (("init",), ("simulate", "--seed", str(SEED), "--cooperatives", str(cooperatives))):
        subprocess.run([PENDAMPING, *command], env={**os.environ, **environment}, check=True)

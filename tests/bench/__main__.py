"""`./dev bench`: a year of data, a real server, and what its pages take."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.measure import Figure, measured
from tests.bench.server import serving
from tests.bench.year import FACILITATOR, PASSWORD, fill_a_year

TARGET_MS = 60.0
PAGES = {
    "facilitator's home": "/",
    "cooperative's page": "/koperasi/64.71.03.1006",
    "list of cooperatives": "/koperasi",
    "visit form, all items": "/koperasi/64.71.03.1006/kunjungan/baru",
    "plan": "/koperasi/64.71.03.1006/rencana",
    "explained score": "/koperasi/64.71.03.1006/skor/TK",
}
AIMED_AT = {"facilitator's home", "cooperative's page"}


def main() -> int:
    options = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    options.add_argument("--requests", type=int, default=200, help="requests for each page and client")
    options.add_argument("--clients", type=int, default=4, help="clients at once in the second round")
    options.add_argument("--visits", type=int, default=24, help="visits to each cooperative in the year")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="pendamping-bench-") as folder:
        environment = {**os.environ, "PENDAMPING_INSTANCE": folder}
        fill_a_year(Path(folder), visits=chosen.visits)
        with serving(environment) as url:
            _report(url, requests=chosen.requests, clients=chosen.clients)
    return 0


def _report(url: str, *, requests: int, clients: int) -> None:
    cores = os.cpu_count()
    print(f"\n{cores} cores, Python {platform.python_version()}, SQLite; server time in ms (wall time in brackets)\n")
    print(f"{'page':<24}{'clients':>8}{'p50':>18}{'p95':>18}{'slowest':>18}{'kB':>8}")
    for name, path in PAGES.items():
        for at_once in (1, clients):
            figure = measured(url, path, (FACILITATOR, PASSWORD), requests=requests, clients=at_once)
            print(f"{name:<24}{at_once:>8}{_row(figure)}{_aim(name, at_once, figure)}")


def _row(figure: Figure) -> str:
    pairs = zip(_spread(figure.server_ms), _spread(figure.wall_ms), strict=True)
    return "".join(f"{server:>10.1f} ({wall:>4.0f})" for server, wall in pairs) + f"{figure.kilobytes:>8.1f}"


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)], ordered[-1]


def _aim(name: str, at_once: int, figure: Figure) -> str:
    if name not in AIMED_AT or at_once > 1:
        return ""
    return f"   aim: p95 below {TARGET_MS:.0f}, {'met' if _spread(figure.server_ms)[1] < TARGET_MS else 'MISSED'}"


if __name__ == "__main__":
    sys.exit(main())

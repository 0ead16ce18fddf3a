"""`./dev bench`: a year of data, a real server, and what its pages take."""

import argparse
import html
import io
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from PIL import Image, ImageFilter

from tests.bench.exports import report_exports
from tests.bench.faults import Wanted, report_faults
from tests.bench.measure import Figure, found_on, keep_uploading, measured
from tests.bench.phone import report_phone
from tests.bench.records import report_records
from tests.bench.reminders import report_reminders
from tests.bench.scoring import report_scoring
from tests.bench.server import serving
from tests.bench.tablets import report_tablets
from tests.bench.year import FACILITATOR, HEAD, PASSWORD, live_through
from tests.databases import KINDS

PAGES = {
    "facilitator's home": "/",
    "cooperative's page": "/koperasi/{code}",
    "list of cooperatives": "/koperasi",
    "visit form": "/koperasi/{code}/kunjungan/baru",
    "due list": "/koperasi/{code}/kunjungan/persiapan",
    "plan": "/koperasi/{code}/rencana",
    "explained score": "/koperasi/{code}/skor/TK",
    "schedule of a month": "/jadwal",
}
PERSON = (FACILITATOR, PASSWORD)
DESK = {"Ringkasan": "/", "what needs attention": "/perlu-perhatian", "the head's list": "/koperasi?urut=skor-kl"}
"""Pages of the agency's head, who sees every cooperative there is."""
HEAD_PERSON = (HEAD, PASSWORD)
OWN_CODE = r"64[.]71[.][0-9]{2}[.][0-9]{4}"
"""A cooperative that the measured facilitator accompanies."""
SCALING_SECONDS = 0.2
"""What a good tablet takes to make a camera's photo smaller, before it sends it and turns to the next."""
PHOTO_SIZE = (1600, 1200)
"""What the tablet scales photos to before it sends them."""
AIMS_MS = {"facilitator's home": 60.0, "cooperative's page": 60.0, "due list": 15.0, "Ringkasan": 80.0}
"""What 95 of 100 requests of one client stay below; the due list also with three years behind it (`--months 36`)."""


def main() -> int:
    options = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    options.add_argument(
        "what",
        nargs="?",
        default="pages",
        choices=("pages", "desk", "scoring", "records", "tablets", "phone", "reminders", "exports", "faults"),
        help="what to measure",
    )
    options.add_argument("--requests", type=int, default=200, help="requests for each page and client")
    options.add_argument("--clients", type=int, default=4, help="clients at once in the second round")
    options.add_argument("--cooperatives", type=int, default=34, help="cooperatives in the simulated year")
    options.add_argument("--months", type=int, default=12, help="months that are simulated")
    options.add_argument(
        "--records",
        type=int,
        help="records for each of seven tablets and round (200); for faults: altogether (100000)",
    )
    options.add_argument("--rounds", type=int, default=10, help="times that a tablet opens each page")
    options.add_argument("--database", choices=KINDS, default="sqlite", help="for faults: which database")
    options.add_argument("--seed", type=int, default=1, help="for faults: of the first story")
    options.add_argument("--kills", type=int, default=20, help="for faults: kills in each story of 2,000 records")
    options.add_argument("--minutes", type=float, default=0, help="for faults: begin no story after so many")
    options.add_argument("--at-once", type=int, default=2, help="for faults: stories that are played at once")
    options.add_argument("--anew", action="store_true", help="for faults: forget the stories of an earlier run")
    options.add_argument("--assessments", type=int, default=100_000, help="assessments of each instrument to score")
    options.add_argument("--answers", type=int, default=1_000_000, help="answers to export")
    chosen = options.parse_args()
    if chosen.what == "faults":
        records = 100_000 if chosen.records is None else chosen.records
        return report_faults(
            Wanted(
                records,
                chosen.database,
                chosen.seed,
                chosen.kills,
                chosen.minutes,
                starts_over=chosen.anew,
                at_once=chosen.at_once,
            )
        )
    with tempfile.TemporaryDirectory(prefix="pendamping-bench-") as folder:
        environment = {**os.environ, "PENDAMPING_INSTANCE": folder}
        if alone := ALONE.get(chosen.what):
            alone(Path(folder), environment, chosen)
            return 0
        live_through(environment, cooperatives=chosen.cooperatives, months=chosen.months)
        with serving(environment) as url:
            if chosen.what == "desk":
                _report_desk(url, requests=chosen.requests, clients=chosen.clients)
                return 0
            code = found_on(url, "/", PERSON, OWN_CODE)
            _report(url, code, requests=chosen.requests, clients=chosen.clients)
            _report_papers(url, code, Path(folder), requests=chosen.requests // 2)
            _report_uploads(url, requests=chosen.requests)
    return 0


Report = Callable[[Path, dict[str, str], argparse.Namespace], None]
ALONE: dict[str, Report] = {
    "scoring": lambda folder, _, chosen: report_scoring(folder, assessments=chosen.assessments),
    "exports": lambda folder, environment, chosen: report_exports(folder, environment, answers=chosen.answers),
    "reminders": lambda folder, _environment, _chosen: report_reminders(folder),
    "records": lambda folder, environment, chosen: report_records(
        folder, environment, records=chosen.records or 200, cooperatives=chosen.cooperatives
    ),
    "tablets": lambda folder, environment, chosen: report_tablets(
        folder, environment, rounds=chosen.rounds, cooperatives=chosen.cooperatives, months=chosen.months
    ),
    "phone": lambda _, environment, chosen: report_phone(
        environment, cooperatives=chosen.cooperatives, months=chosen.months, times=min(chosen.requests, 5)
    ),
}
"""What is measured by itself, in a folder of its own."""


def _report_papers(url: str, code: str, instance: Path, *, requests: int) -> None:
    """Papers and charts are made by one request at a time: a person opens one."""
    here, visit = f"/koperasi/{code}", r"/kunjungan/[0-9a-f-]{36}"
    paper = found_on(url, here, PERSON, visit) + "/berita-acara.pdf"
    chart = html.unescape(found_on(url, here, PERSON, r"/koperasi/[0-9.]+/grafik/skor-[0-9a-f]+[.]svg[^\" ]*"))
    charts = instance / "grafik"
    rows = {
        "berita acara, warm": (paper, 150.0, lambda: None),
        "chart, cold": (chart, 120.0, lambda: shutil.rmtree(charts, ignore_errors=True)),
        "chart, from the cache": (chart, 3.0, lambda: None),
    }
    for name, (path, aim, before_each) in rows.items():
        figure = measured(url, path, PERSON, requests=requests, clients=1, before_each=before_each)
        slowest = _spread(figure.server_ms)[1]
        print(f"{name:<24}{1:>8}{_row(figure)}   aim: p95 below {aim:.0f}, {'met' if slowest < aim else 'MISSED'}")


def _report_uploads(url: str, *, requests: int) -> None:
    """The home page while photos come in, beside the same without: as a tablet sends them, and without a breath."""
    photo = photo_of(PHOTO_SIZE)
    quiet = measured(url, "/", PERSON, requests=requests, clients=1)
    for name, pause, aim in (("as a tablet sends them", SCALING_SECONDS, 2.0), ("back to back", 0.0, None)):
        stop = Event()
        with ThreadPoolExecutor(1) as pool:
            uploading = pool.submit(keep_uploading, url, PERSON, photo, stop, pause=pause)
            busy = measured(url, "/", PERSON, requests=requests, clients=1)
            stop.set()
            sent = uploading.result()
        before, under = _spread(quiet.wall_ms)[1], _spread(busy.wall_ms)[1]
        words = f"home while {sent} photos of {len(photo) // 1000} kB come in {name}"
        verdict = "" if aim is None else f"   aim: at most {aim:.0f}, {'met' if under <= aim * before else 'MISSED'}"
        print(f"{words}: p95 {before:.1f} -> {under:.1f} ms wall ({under / before:.1f} times){verdict}")


def photo_of(size: tuple[int, int]) -> bytes:
    """A photo with as much in it as a camera's: noise does not compress to nothing."""
    image = Image.effect_noise(size, 40).convert("RGB").filter(ImageFilter.GaussianBlur(1))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def _report_desk(url: str, *, requests: int, clients: int) -> None:
    """The head's pages alone: beside `--cooperatives 3400` they say how the desk grows."""
    _print_heading()
    for name, path in DESK.items():
        _print_page(url, name, path, HEAD_PERSON, requests=requests, clients=clients)


def _print_heading() -> None:
    cores = os.cpu_count()
    print(f"\n{cores} cores, Python {platform.python_version()}, SQLite; server time in ms (wall time in brackets)\n")
    print(f"{'page':<24}{'clients':>8}{'p50':>18}{'p95':>18}{'slowest':>18}{'kB':>8}")


def _report(url: str, code: str, *, requests: int, clients: int) -> None:
    _print_heading()
    for name, path in PAGES.items():
        _print_page(url, name, path.format(code=code), PERSON, requests=requests, clients=clients)
    for name, path in DESK.items():
        _print_page(url, name, path, HEAD_PERSON, requests=requests, clients=clients)


def _print_page(url: str, name: str, path: str, person: tuple[str, str], *, requests: int, clients: int) -> None:
    for at_once in (1, clients):
        figure = measured(url, path, person, requests=requests, clients=at_once)
        print(f"{name:<24}{at_once:>8}{_row(figure)}{_aim(name, at_once, figure)}")


def _row(figure: Figure) -> str:
    pairs = zip(_spread(figure.server_ms), _spread(figure.wall_ms), strict=True)
    return "".join(f"{server:>10.1f} ({wall:>4.0f})" for server, wall in pairs) + f"{figure.kilobytes:>8.1f}"


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)], ordered[-1]


def _aim(name: str, at_once: int, figure: Figure) -> str:
    aim = AIMS_MS.get(name)
    if aim is None or at_once > 1:
        return ""
    return f"   aim: p95 below {aim:.0f}, {'met' if _spread(figure.server_ms)[1] < aim else 'MISSED'}"


if __name__ == "__main__":
    sys.exit(main())

"""Lighthouse's performance score by its published method, of what the browser itself reports of a page.

Lighthouse is not among this project's tools; its score is a weighted mean of five metrics, each on a log-normal curve
through two published points (version 10 and later, phones). Ours leaves out the small bonus that it gives above 0.9.
Speed Index is computed as it does: how much of the last picture is there, by the histograms of the pictures before.
Source: developer.chrome.com/docs/lighthouse/performance/performance-scoring, and the scoring options of its audits.
"""

import base64
import io
import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops

INVERSE_ERFC_ONE_FIFTH = 0.9061938024368232
LONG_TASK_MS = 50.0
WINDOW_MS, GAP_MS = 5_000.0, 1_000.0
"""Shifts of the layout that lie closer together than the gap are one burst, which is no longer than the window."""
NEARLY_WHITE = 230


@dataclass(frozen=True, slots=True)
class Curve:
    """What scores 0.9 and what scores 0.5, and how much the metric weighs."""

    p10: float
    median: float
    weight: float


CURVES: Mapping[str, Curve] = {
    "FCP": Curve(1_800, 3_000, 0.10),
    "SI": Curve(3_387, 5_800, 0.10),
    "LCP": Curve(2_500, 4_000, 0.25),
    "TBT": Curve(200, 600, 0.30),
    "CLS": Curve(0.1, 0.25, 0.25),
}


def share(curve: Curve, value: float) -> float:
    """What a metric scores, 0 to 1."""
    if value <= 0:
        return 1.0
    spread = -math.log(curve.p10 / curve.median) / INVERSE_ERFC_ONE_FIFTH
    return math.erfc(math.log(value / curve.median) / spread) / 2


def score(metrics: Mapping[str, float]) -> int:
    """0 to 100.

    Args:
        metrics: by the names in `CURVES`; milliseconds, but for CLS.
    """
    return round(100 * sum(curve.weight * share(curve, metrics[name]) for name, curve in CURVES.items()))


def blocking_ms(tasks: Iterable[tuple[float, float]], *, since: float) -> float:
    """For how long a tap would have waited: of each task (start, duration) after the first paint what is over 50 ms."""
    after = (min(duration, start + duration - since) for start, duration in tasks)
    return sum(max(0.0, duration - LONG_TASK_MS) for duration in after)


def layout_shift(shifts: Iterable[tuple[float, float]]) -> float:
    """The largest burst of shifts (when, how much)."""
    largest = burst = 0.0
    began = last = -math.inf
    for when, how_much in sorted(shifts):
        if when - last >= GAP_MS or when - began >= WINDOW_MS:
            burst, began = 0.0, when
        burst, last = burst + how_much, when
        largest = max(largest, burst)
    return largest


Frames = Sequence[tuple[float, Image.Image]]
"""Pictures of the screen with the milliseconds since the navigation began."""


def frames_of(trace: bytes) -> Frames:
    """The pictures in a trace of one navigation, from its beginning on."""
    events = json.loads(trace)["traceEvents"]
    began = min(
        each["ts"]
        for each in events
        if each["name"] == "navigationStart" and each["args"].get("data", {}).get("documentLoaderURL", "") != ""
    )
    shots = sorted((each for each in events if each["name"] == "Screenshot"), key=lambda each: float(each["ts"]))
    return [
        (max(0.0, (each["ts"] - began) / 1000), Image.open(io.BytesIO(base64.b64decode(each["args"]["snapshot"]))))
        for each in shots
    ]


def speed_index(frames: Frames) -> float:
    """The mean time, in milliseconds, at which what is seen in the end was there to be seen; the first is blank."""
    counts = [(when, _histogram(image)) for when, image in frames]
    begun, whole = counts[0][1], counts[-1][1]
    steps = [(when, _progress(now, begun, whole)) for when, now in counts]
    return steps[0][0] + sum((then - when) * (1 - done) for (when, done), (then, _) in itertools.pairwise(steps))


def _histogram(image: Image.Image) -> list[int]:
    """How often each of 256 shades of each colour, but for what is nearly white."""
    whole = image.convert("RGB")
    bands = whole.split()
    dark = ImageChops.darker(ImageChops.darker(bands[0], bands[1]), bands[2]).point(
        lambda shade: 255 if shade < NEARLY_WHITE else 0
    )
    return whole.histogram(dark)


def _progress(now: Sequence[int], begun: Sequence[int], whole: Sequence[int]) -> float:
    wanted = sum(abs(end - start) for start, end in zip(begun, whole, strict=True))
    there = sum(min(abs(at - start), abs(end - start)) for at, start, end in zip(now, begun, whole, strict=True))
    return there / wanted if wanted else 1.0

"""Drawings of the programme: the same bytes for the same data, nothing clipped, no text on another."""

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from pendamping.progress.city_charts import (
    NARROW,
    WIDE,
    CityChart,
    Layer,
    LayersChart,
    LinesChart,
    MultiplesChart,
    Size,
    WeeksChart,
    draw,
    figure_of,
    size_of,
)
from pendamping.progress.drawn import digest_of

MONTHS = ("Des", "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov")
STAGES = LayersChart(
    MONTHS,
    (
        Layer("Kemitraan", (0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 4, 4)),
        Layer("Operasional", (24,) * 6 + (25, 24, 23, 22, 22, 22)),
        Layer("Pembentukan", (10,) * 5 + (9,) + (8,) * 6),
    ),
)
WEEKS = WeeksChart(
    tuple(MONTHS[week // 4] if week % 4 == 0 and week < 48 else "" for week in range(52)),
    tuple(range(52)),
    15.7,
    "sasaran 16 per pekan",
)
ACTIONS = LinesChart(
    MONTHS,
    (
        Layer("disepakati", tuple(range(200, 1400, 100))),
        Layer("dilaporkan", tuple(range(200, 1400, 100))),
        Layer("terverifikasi", (0,) * 11 + (1299,)),
    ),
)
PEOPLE = MultiplesChart(
    MONTHS, tuple(Layer(f"Nama yang Panjang Sekali {n}", tuple(range(12))) for n in range(7)), (10.0,) * 7
)
CHARTS: dict[str, CityChart] = {"stages": STAGES, "weeks": WEEKS, "actions": ACTIONS, "people": PEOPLE}
EMPTY: dict[str, CityChart] = {
    "one month": LayersChart(("Jan",), (Layer("Kemitraan", (0,)),)),
    "one week": WeeksChart(("Jan",), (0,), 0.0, "sasaran 0 per pekan"),
    "nothing agreed": LinesChart(("Jan",), (Layer("disepakati", (0,)),)),
    "one idle person": MultiplesChart(("Jan", "Feb"), (Layer("Ratna", (0, 0)),), (0.0,)),
}
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
EACH = pytest.mark.parametrize("chart", CHARTS.values(), ids=list(CHARTS))


@SIZES
@EACH
def test_no_text_is_clipped_and_none_stands_on_another(chart: CityChart, size: Size) -> None:
    figure = figure_of(chart, size)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    width, height = size_of(chart, size)
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]

    clipped = [said for said, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]
    overlapping = [
        (one, other) for (one, box), (other, second) in itertools.combinations(boxes, 2) if box.overlaps(second)
    ]

    assert boxes
    assert (clipped, overlapping) == ([], [])


@EACH
def test_the_same_data_is_the_same_bytes_and_other_data_is_another_digest(chart: CityChart) -> None:
    svg = draw(chart, NARROW)

    assert svg == draw(replace(chart), NARROW)
    assert not re.search(rb"\sstyle=|<style|<script|<image|<text|<metadata|<!DOCTYPE|data:", svg)
    root = ElementTree.fromstring(svg.decode())
    assert (root.get("width"), root.get("height")) == tuple(map(str, size_of(chart, NARROW)))
    assert len({digest_of(chart, NARROW), digest_of(chart, WIDE), digest_of(replace(chart, names=("x",)), WIDE)}) == 3


@pytest.mark.parametrize("chart", EMPTY.values(), ids=list(EMPTY))
def test_a_chart_of_one_point_or_of_nothing_is_drawn(chart: CityChart) -> None:
    assert draw(chart, NARROW).startswith(b"<svg ")

"""Drawings: the same bytes for the same data, readable without colour, and nothing that our own policy would drop."""

import datetime as dt
import io
import itertools
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageColor

from pendamping.progress import charts
from pendamping.progress.charts import (
    NARROW,
    STROKES,
    WIDE,
    Mark,
    Measure,
    Panel,
    Strip,
    TrendChart,
    height_of,
    score_trend,
    without_styles,
)
from pendamping.progress.drawn import DrawnCharts, digest_of, digest_of_picture
from pendamping.progress.pictures import EDGE, Words, picture

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des")
STRIPS = (Strip(85, "Siap"), Strip(70, "Cukup siap"), Strip(50, "Perlu penguatan"), Strip(0, "Belum siap"))
MARKS = (
    Mark(dt.date(2026, 1, 12), 41.5, is_open=True),
    Mark(dt.date(2026, 2, 3), 0, is_open=False),
    Mark(dt.date(2026, 4, 1), 100, is_open=False),
)
PANEL = Panel("Kesiapan kelembagaan", "100,0", MARKS, STRIPS, ((dt.date(2026, 2, 3), "0.3.0"),))
CHART = TrendChart((PANEL, PANEL, PANEL), dt.date(2025, 4, 1), dt.date(2026, 4, 30), MONTHS)
MEASURES = pytest.mark.parametrize("measure", [WIDE, NARROW], ids=["wide", "narrow"])


def drawn(chart: TrendChart = CHART, measure: Measure = WIDE) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return score_trend(chart, measure).decode()


@MEASURES
def test_the_same_data_is_the_same_bytes(measure: Measure) -> None:
    assert score_trend(CHART, measure) == score_trend(replace(CHART, panels=CHART.panels[:]), measure)


@MEASURES
def test_a_drawing_is_sound_and_has_the_size_that_the_page_keeps_free(measure: Measure) -> None:
    root = ElementTree.fromstring(drawn(measure=measure))

    assert root.tag == f"{SVG}svg"
    assert (root.get("width"), root.get("height")) == (str(measure.width), str(height_of(CHART, measure)))
    assert root.get("viewBox") == f"0 0 {measure.width} {height_of(CHART, measure)}"


@MEASURES
def test_a_drawing_needs_no_style_no_script_and_nothing_from_elsewhere(measure: Measure) -> None:
    svg = drawn(measure=measure)

    assert not re.search(r"\sstyle=|<style|<script|<image|<text|<metadata|<!DOCTYPE|data:", svg)
    assert {match for match in re.findall(r'href="([^"]*)"', svg) if not match.startswith("#")} == set()


def test_a_drawing_tells_no_day_and_no_version_of_its_library() -> None:
    assert not re.search(r"Matplotlib|<dc:|20[0-9]{2}-[0-9]{2}", drawn())


@pytest.mark.parametrize(
    "changed",
    [
        replace(PANEL, name="Transparansi"),
        replace(PANEL, last="99,9"),
        replace(PANEL, marks=MARKS[:2]),
        replace(PANEL, marks=(*MARKS[:2], replace(MARKS[2], is_open=True))),
        replace(PANEL, marks=(*MARKS[:2], replace(MARKS[2], value=99.0))),
        replace(PANEL, strips=(Strip(80, "Siap"), *STRIPS[1:])),
        replace(PANEL, strips=(Strip(85, "Mantap"), *STRIPS[1:])),
        replace(PANEL, changes=()),
    ],
    ids=["name", "last", "fewer", "provisional", "value", "edge of a band", "name of a band", "versions"],
)
def test_whatever_differs_can_be_seen_and_has_another_digest(changed: Panel) -> None:
    other = replace(CHART, panels=(changed, PANEL, PANEL))

    assert drawn(other) != drawn()
    assert digest_of(other, WIDE) != digest_of(CHART, WIDE)


def test_a_language_and_a_width_have_digests_of_their_own() -> None:
    english = replace(CHART, months=(*MONTHS[:4], "May", *MONTHS[5:]))

    assert len({digest_of(CHART, WIDE), digest_of(CHART, NARROW), digest_of(english, WIDE)}) == 3


def test_each_instrument_is_told_apart_without_its_colour() -> None:
    assert len({stroke.marker for stroke in STROKES}) == len({stroke.dashes for stroke in STROKES}) == len(STROKES) == 3


@pytest.mark.parametrize("stroke", STROKES, ids=lambda stroke: stroke.marker)
def test_each_line_stands_out_from_every_band(stroke: object) -> None:
    """WCAG 2.2, 1.4.11: at least 3:1 for what is needed to understand a drawing."""
    from pendamping.progress.charts import BAND_FILLS, Stroke

    assert isinstance(stroke, Stroke)
    assert min(contrast(stroke.colour, fill) for fill in BAND_FILLS) >= 3


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("marks", [(), MARKS[:1], tuple(replace(mark, value=0) for mark in MARKS)])
def test_few_and_flat_scores_are_drawn_without_a_complaint(marks: tuple[Mark, ...]) -> None:
    panel = replace(PANEL, marks=marks, changes=())

    assert ElementTree.fromstring(drawn(replace(CHART, panels=(panel,)), NARROW)) is not None


def test_styles_become_attributes() -> None:
    svg = '<?xml?><svg width="9pt" height="8pt"><style>*{}</style><path style="fill: none; stroke: #fff"/></svg>'

    assert without_styles(svg) == (
        '<svg stroke-linejoin="round" width="9" height="8"><path fill="none" stroke="#fff"/></svg>'
    )


def test_the_drawing_library_is_loaded_by_nobody_who_does_not_draw() -> None:
    code = "import sys, pendamping.app, pendamping.progress.charts; print('matplotlib' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"


def test_neighbouring_bands_differ_in_grey_too() -> None:
    greys = [ImageColor.getcolor(fill, "L") for fill in charts.BAND_FILLS]

    assert all(abs(int(one) - int(other)) >= 8 for one, other in itertools.pairwise(greys))  # type: ignore[arg-type]


def test_a_picture_holds_the_drawing_and_its_words_and_is_the_same_each_time() -> None:
    words = Words("KKMP Graha Indah: kelembagaan naik 27 poin", "", "Keadaan 14 April 2026")

    first, again = (picture(lambda: charts.trend_figure(CHART, WIDE), words) for _ in range(2))
    other = picture(lambda: charts.trend_figure(CHART, WIDE), replace(words, title="Judul " * 40))

    assert first == again
    size = Image.open(io.BytesIO(first)).size
    assert size[0] == 2 * (WIDE.width + 2 * EDGE)
    assert Image.open(io.BytesIO(other)).size[1] > size[1]  # a long sentence gets more lines
    assert digest_of_picture(CHART, WIDE, words) != digest_of_picture(CHART, WIDE, replace(words, title="Lain"))


# On the disk ----------------------------------------------------------------------------------------------------------


def test_a_drawing_is_made_once_and_its_forerunner_goes(tmp_path: Path) -> None:
    kept, made = DrawnCharts(tmp_path / "grafik"), list[str]()

    def draw(text: str) -> bytes:
        made.append(text)
        return text.encode()

    assert kept.read("skor-lebar-id", "a" * 20) is None
    for digest in ("a" * 20, "a" * 20, "b" * 20):
        kept.read_or_draw("skor-lebar-id", digest, lambda: draw(digest))  # noqa: B023  # called at once
    kept.read_or_draw("skor-sempit-id", "c" * 20, lambda: draw("narrow"))

    assert made == ["a" * 20, "b" * 20, "narrow"]
    assert kept.read("skor-lebar-id", "a" * 20) is None
    assert kept.read("skor-lebar-id", "b" * 20) == b"b" * 20
    assert len(list((tmp_path / "grafik").iterdir())) == 2


def test_warming_up_loads_the_library_once_for_all() -> None:
    charts.warm_up()

    assert charts._figure_class.cache_info().currsize == 1

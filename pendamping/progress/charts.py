"""Charts: data in, SVG out. Same data, same bytes. Pure, but for the drawing library, which is loaded on first use.

The titles stand beside a chart on the page, in words; the drawing holds only what must be near the lines. Texts are
drawn as outlines of our own font, and nothing in a chart needs a style sheet, so that it looks the same everywhere.
"""

import datetime as dt
import hashlib
import io
import re
import textwrap
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

FONTS = Path(__file__).parents[1] / "fonts"
STYLE = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
"""Stands for how charts are drawn. It is part of every chart's digest, so that no browser keeps an old look."""

INK, INK_SOFT, LINE, CARD = "#1b2430", "#586473", "#c4ccd4", "#ffffff"
BAND_FILLS = ("#d3ece7", "#eef7f5", "#f7ebc9", "#f1d6ca")
"""Best to worst: pale colours whose greys differ from their neighbours'; a line parts them besides."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """How one instrument is told from the others: colour, dashes and marker, so that grey print and any eye will do."""

    colour: str
    dashes: tuple[float, ...]
    marker: str


STROKES = (
    Stroke("#0f5c6e", (), "o"),
    Stroke("#8a5a12", (5, 2), "s"),
    Stroke("#3d4957", (1.5, 1.5), "^"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One visit on a line; `is_open` draws it hollow."""

    on: dt.date
    value: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A band across a panel, from `bottom` to the next one above."""

    bottom: float
    name: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One instrument: its name and last value in words, its line, its bands best first, its changes of version."""

    name: str
    last: str
    marks: tuple[Mark, ...]
    strips: tuple[Strip, ...]
    changes: tuple[tuple[dt.date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TrendChart:
    """Scores over a year. Each instrument has a panel, because each has bands of its own; the days are the same.

    months: twelve short names.  first, last: the days at the edges.
    """

    panels: tuple[Panel, ...]
    first: dt.date
    last: dt.date
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """Pixels of a drawing at its natural size."""

    width: int
    panel: int
    left: int
    right: int
    head: int
    foot: int
    months_apart: int
    marker: float
    text: float
    small: float
    letters: int
    """Longer names of bands are broken into two lines."""


WIDE = Measure(
    width=760,
    panel=108,
    left=32,
    right=140,
    head=29,
    foot=36,
    months_apart=1,
    marker=6,
    text=12.5,
    small=11,
    letters=24,
)
NARROW = Measure(
    width=300,
    panel=128,
    left=25,
    right=94,
    head=27,
    foot=35,
    months_apart=3,
    marker=4.5,
    text=12,
    small=10.5,
    letters=16,
)
PIXELS_PER_INCH = 72
_drawing = threading.Lock()
"""Matplotlib's own settings and caches are shared by all threads of a process."""


def score_trend(chart: TrendChart, measure: Measure) -> bytes:
    """The chart as an SVG of a fixed proportion."""
    with _drawing:
        return _as_svg(trend_figure(chart, measure))


def trend_figure(chart: TrendChart, measure: Measure) -> "Figure":
    """The same for other forms; to be drawn within `drawing_alone`."""
    figure = _sheet(measure.width, height_of(chart, measure))
    for number, panel in enumerate(chart.panels):
        _draw_panel(_axes(figure, chart, measure, number), panel, STROKES[number % len(STROKES)], measure)
    _draw_months(figure.axes, chart, measure)
    return figure


def drawing_alone() -> AbstractContextManager[bool]:
    """Nobody else in this process draws meanwhile."""
    return _drawing


def height_of(chart: TrendChart, measure: Measure) -> int:
    return len(chart.panels) * (measure.head + measure.panel) + measure.foot


def _sheet(width: int, height: int) -> "Figure":
    return _figure_class()(figsize=(width / PIXELS_PER_INCH, height / PIXELS_PER_INCH), dpi=PIXELS_PER_INCH)


@cache
def _figure_class() -> "type[Figure]":
    """Load the library: a third of a second that only those pay who draw."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams.update({"svg.fonttype": "path", "svg.hashsalt": "pendamping", "path.simplify": False})
    return Figure


def warm_up() -> None:
    """Draw one chart for nobody, so that a server that has just started draws the first one as quickly as the next."""
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    line = (Mark(first, 40.0, is_open=True), Mark(last, 60.0, is_open=False))
    panel = Panel("Pemanasan", "60,0", line, (Strip(50.0, "Atas"), Strip(0.0, "Bawah")))
    score_trend(TrendChart((panel,), first, last, tuple("JFMAMJJASOND")), WIDE)


@cache
def _font(weight: str) -> "FontProperties":
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=FONTS / f"PlusJakartaSans-{weight}.ttf")


def _axes(figure: "Figure", chart: TrendChart, measure: Measure, number: int) -> "Axes":
    height = height_of(chart, measure)
    bottom = height - (number + 1) * (measure.head + measure.panel)
    axes = figure.add_axes(
        (
            measure.left / measure.width,
            bottom / height,
            (measure.width - measure.left - measure.right) / measure.width,
            measure.panel / height,
        )
    )
    axes.set_xlim(chart.first.toordinal(), chart.last.toordinal())
    axes.set_ylim(0, 100)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)
    axes.patch.set_visible(False)
    return axes


def _draw_panel(axes: "Axes", panel: Panel, stroke: Stroke, measure: Measure) -> None:
    _draw_head(axes, panel, stroke, measure)
    _draw_strips(axes, panel.strips, measure)
    for on, version in panel.changes:
        day = on.toordinal()
        axes.axvline(day, color=INK_SOFT, linewidth=0.8, dashes=(1, 2), zorder=2)
        axes.text(day, 3, f" {version}", font=_font("Regular"), fontsize=measure.small - 1, color=INK_SOFT, zorder=5)
    days, values = [mark.on.toordinal() for mark in panel.marks], [mark.value for mark in panel.marks]
    for width, colour in ((4.5, CARD), (1.8, stroke.colour)):  # a light seam keeps the line apart from what it crosses
        axes.plot(days, values, color=colour, linewidth=width, dashes=stroke.dashes or (None, None), zorder=3)
    for is_open in (True, False):
        _draw_marks(axes, [mark for mark in panel.marks if mark.is_open is is_open], stroke, measure, is_open=is_open)


def _draw_head(axes: "Axes", panel: Panel, stroke: Stroke, measure: Measure) -> None:
    """Above the panel: a piece of its line, its name, and where it stands now."""
    top = 1 + 11 / measure.panel
    sample = 26 / (measure.width - measure.left - measure.right)
    axes.plot(
        [0.002, sample * 0.8],
        [top, top],
        transform=axes.transAxes,
        clip_on=False,
        color=stroke.colour,
        linewidth=1.8,
        dashes=stroke.dashes or (None, None),
        marker=stroke.marker,
        markevery=[1],
        markersize=5.5,
    )
    said: dict[str, Any] = {"transform": axes.transAxes, "va": "center", "color": INK}
    axes.text(sample * 1.15, top, panel.name, ha="left", font=_font("Bold"), fontsize=measure.text, **said)
    axes.text(1, top, panel.last, ha="right", font=_font("Bold"), fontsize=measure.text + 1, **said)


def _draw_strips(axes: "Axes", strips: Sequence[Strip], measure: Measure) -> None:
    top = 100.0
    for strip, fill in zip(strips, BAND_FILLS, strict=False):
        axes.axhspan(strip.bottom, top, facecolor=fill, linewidth=0, zorder=0)
        if strip.bottom:
            axes.axhline(strip.bottom, color=LINE, linewidth=0.8, zorder=1)
        _draw_strip_name(axes, strip, top, measure)
        top = strip.bottom
    edges = [0.0, *(strip.bottom for strip in strips if strip.bottom), 100.0]
    axes.set_yticks(
        edges, [f"{edge:g}" for edge in edges], font=_font("Regular"), fontsize=measure.small, color=INK_SOFT
    )
    axes.tick_params(length=0, pad=4)


def _draw_strip_name(axes: "Axes", strip: Strip, top: float, measure: Measure) -> None:
    axes.text(
        1 + 6 / (measure.width - measure.left - measure.right),
        (strip.bottom + top) / 2,
        "\n".join(textwrap.wrap(strip.name, measure.letters)),
        transform=axes.get_yaxis_transform(),
        ha="left",
        va="center",
        linespacing=1.05,
        font=_font("Regular"),
        fontsize=measure.small,
        color=INK_SOFT,
    )


def _draw_marks(axes: "Axes", marks: Sequence[Mark], stroke: Stroke, measure: Measure, *, is_open: bool) -> None:
    axes.plot(
        [mark.on.toordinal() for mark in marks],
        [mark.value for mark in marks],
        linestyle="none",
        marker=stroke.marker,
        markersize=measure.marker,
        markeredgewidth=1.5,
        markeredgecolor=stroke.colour,
        markerfacecolor=CARD if is_open else stroke.colour,
        zorder=4,
        clip_on=False,
    )


def _draw_months(panels: "Sequence[Axes]", chart: TrendChart, measure: Measure) -> None:
    """Under the last panel the months, and a thin line through all of them where a year begins."""
    for number, first in enumerate(_month_starts(chart.first, chart.last)):
        day = first.toordinal()
        if first.month == 1:
            for axes in panels:
                axes.axvline(day, color=LINE, linewidth=1, zorder=1)
        if number % measure.months_apart:
            continue
        name = chart.months[first.month - 1]
        is_named_with_year = number == 0 or first.month <= measure.months_apart
        panels[-1].text(
            day,
            -8 / measure.panel,
            f"{name}\n{first.year}" if is_named_with_year else name,
            transform=panels[-1].get_xaxis_transform(),
            ha="left",
            va="top",
            font=_font("Bold" if is_named_with_year else "Regular"),
            fontsize=measure.small,
            color=INK_SOFT,
        )


def _month_starts(first: dt.date, last: dt.date) -> list[dt.date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [dt.date(month // 12, month % 12 + 1, 1) for month in months]
    return [start for start in starts if first <= start < last]


def _as_svg(figure: "Figure") -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return without_styles(out.getvalue().decode()).encode()


def without_styles(svg: str) -> str:
    """The same drawing with plain attributes in place of styles, which our content security policy would drop."""
    svg = svg[svg.index("<svg ") :]
    svg = re.sub(r"<(style|metadata)[^>]*>.*?</\1>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\sstyle="([^"]*)"', _as_attributes, svg)
    svg = re.sub(r'(width|height)="([0-9.]+)pt"', r'\1="\2"', svg, count=2)
    svg = svg.replace("<svg ", '<svg stroke-linejoin="round" ', 1)
    return re.sub(r"\s*\n\s*", " ", svg).replace("> <", "><")


def _as_attributes(style: re.Match[str]) -> str:
    pairs = (each.partition(":") for each in style[1].split(";") if each.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)

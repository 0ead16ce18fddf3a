"""Charts of the whole programme: data in, SVG out. Same data, same bytes.

Tones run from dark to pale, and every bar or line carries its number or its name: grey print and any eye will do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pendamping.progress.charts import CARD, INK, INK_SOFT, LINE, STROKES, _as_svg, _drawing, _font, _sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TONES = ("#0f5c6e", "#7fb3bd", "#dbe9ec")
"""Of layers, the topmost stage first."""
REACHED, MISSED = "#0f5c6e", "#b9cdd2"


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels of a drawing, and of the letters in it."""

    width: int
    height: int
    text: float
    every: int
    """Only each so-manieth name stands below the axis."""


WIDE, NARROW = Size(760, 250, 11.5, 1), Size(300, 230, 10.5, 3)


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LayersChart:
    """Bars of layers, the first lowest; one bar for each of `names`."""

    names: tuple[str, ...]
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class WeeksChart:
    """A bar for each week; `names` stand below the week in which a month begins, "" elsewhere."""

    names: tuple[str, ...]
    counts: tuple[int, ...]
    target: float
    target_name: str


@dataclass(frozen=True, slots=True)
class LinesChart:
    """Running totals; each line is named at its end."""

    names: tuple[str, ...]
    lines: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class MultiplesChart:
    """A small chart for each person, all to one scale; `target` is each one's own."""

    names: tuple[str, ...]
    people: tuple[Layer, ...]
    targets: tuple[float, ...]


CityChart = LayersChart | WeeksChart | LinesChart | MultiplesChart


def draw(chart: CityChart, size: Size) -> bytes:
    """The chart as an SVG of the size that `size_of` tells."""
    with _drawing:
        return _as_svg(figure_of(chart, size))


def size_of(chart: CityChart, size: Size) -> tuple[int, int]:
    if isinstance(chart, MultiplesChart):
        return size.width, _rows_of(chart, size) * 96 + 10
    return size.width, size.height


def figure_of(chart: CityChart, size: Size) -> "Figure":
    figure = _sheet(*size_of(chart, size))
    match chart:
        case LayersChart():
            _draw_layers(_axes(figure, size, right=118), chart, size)
        case WeeksChart():
            _draw_weeks(_axes(figure, size, right=12), chart, size)
        case LinesChart():
            _draw_lines(_axes(figure, size, right=146), chart, size)
        case MultiplesChart():
            _draw_multiples(figure, chart, size)
    return figure


def _axes(figure: "Figure", size: Size, *, right: int) -> "Axes":
    left, top, foot = 34, 26, 30
    return _plain(
        figure.add_axes(
            (
                left / size.width,
                foot / size.height,
                (size.width - left - right) / size.width,
                (size.height - top - foot) / size.height,
            )
        )
    )


def _plain(axes: "Axes") -> "Axes":
    axes.spines[:].set_visible(False)
    axes.patch.set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.tick_params(length=0)
    return axes


def _say(axes: "Axes", x: float, y: float, said: str, size: Size, **more: Any) -> None:
    weight = more.pop("weight", "Regular")
    given = {"ha": "center", "va": "center", "color": INK_SOFT, "fontsize": size.text, "font": _font(weight), **more}
    axes.text(x, y, said, **given)


def _name_below(axes: "Axes", names: Sequence[str], size: Size) -> None:
    """A name below each bar, or below each so-manieth one where there is little room."""
    for place, name in enumerate(names):
        if name and place % size.every == 0:
            _say(axes, place, -0.045, name, size, va="top", transform=axes.get_xaxis_transform())


def _scale(axes: "Axes", most: float, size: Size, *, width: float) -> None:
    """Two quiet lines: half and whole."""
    axes.set_ylim(0, max(most, 1) * 1.04)
    axes.set_xlim(-0.6, width - 0.4)
    for level in sorted({round(most / 2), round(most)} - {0}):
        axes.axhline(level, color=LINE, linewidth=0.7, zorder=0)
        _say(axes, -0.008, level, f"{level:g}", size, ha="right", transform=axes.get_yaxis_transform())


def _draw_layers(axes: "Axes", chart: LayersChart, size: Size) -> None:
    totals = [sum(layer.values[place] for layer in chart.layers) for place in range(len(chart.names))]
    _scale(axes, max(totals, default=0), size, width=len(chart.names))
    below = [0] * len(chart.names)
    for layer, tone in zip(chart.layers, TONES, strict=False):
        places = range(len(chart.names))
        axes.bar(places, layer.values, bottom=below, width=0.82, color=tone, edgecolor=CARD, linewidth=1.2, zorder=2)
        _number_layer(axes, layer, below, max(totals, default=0), size, colour=CARD if tone == TONES[0] else INK)
        below = [under + value for under, value in zip(below, layer.values, strict=True)]
    _name_layers(axes, chart, size)
    _name_below(axes, chart.names, size)


def _number_layer(axes: "Axes", layer: Layer, below: Sequence[int], most: int, size: Size, *, colour: str) -> None:
    """Numbers where a bar is high enough for one; on a narrow chart only every other bar is wide enough."""
    last = len(layer.values) - 1
    for place, value in enumerate(layer.values):
        is_numbered = size.every == 1 or place == last or (place % size.every == 0 and place < last - 1)
        if value >= most * 0.09 and is_numbered:
            _say(axes, place, below[place] + value / 2, f"{value}", size, color=colour, zorder=3, weight="Bold")


def _name_layers(axes: "Axes", chart: LayersChart, size: Size) -> None:
    """At the right of the last bar, pushed apart where layers are thin."""
    most = max((sum(layer.values[-1] for layer in chart.layers), 1))
    step, lowest = most * 0.11, 0.0
    room = axes.get_position().width * size.width
    under = 0
    for layer, tone in zip(chart.layers, TONES, strict=False):
        value = layer.values[-1] if layer.values else 0
        level = max(under + value / 2, lowest)
        marked: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "clip_on": False, "zorder": 4}
        axes.plot([1 + 9 / room], [level], marker="s", markersize=7, color=tone, **marked)
        _say(axes, 1 + 18 / room, level, layer.name, size, ha="left", color=INK, transform=axes.get_yaxis_transform())
        under, lowest = under + value, level + step


def _draw_weeks(axes: "Axes", chart: WeeksChart, size: Size) -> None:
    most = max((*chart.counts, chart.target))
    _scale(axes, most, size, width=len(chart.counts))
    places = range(len(chart.counts))
    colours = [REACHED if count >= chart.target else MISSED for count in chart.counts]
    axes.bar(places, chart.counts, width=0.78, color=colours, zorder=2)
    axes.axhline(chart.target, color=INK, linewidth=1.1, dashes=(4, 2), zorder=3)
    axes.text(
        1,
        1 + 13 / size.height,
        f"– – {chart.target_name}",
        transform=axes.transAxes,
        ha="right",
        va="center",
        color=INK,
        fontsize=size.text,
        font=_font("Regular"),
    )
    shown = [place for place, name in enumerate(chart.names) if name]
    for number, place in enumerate(shown):
        if number % size.every == 0 and place < len(chart.counts) - 1:
            _say(
                axes, place, -0.045, chart.names[place], size, va="top", ha="left", transform=axes.get_xaxis_transform()
            )


def _draw_lines(axes: "Axes", chart: LinesChart, size: Size) -> None:
    most = max((value for line in chart.lines for value in line.values), default=0)
    _scale(axes, most, size, width=len(chart.names))
    room = axes.get_position().width * size.width
    beside: dict[str, Any] = {"transform": axes.get_yaxis_transform()}
    ends = _apart([line.values[-1] if line.values else 0 for line in chart.lines], most * 0.1)
    for line, stroke, end in zip(chart.lines, STROKES, ends, strict=False):
        places = list(range(len(line.values)))
        axes.plot(
            places,
            line.values,
            color=stroke.colour,
            linewidth=1.9,
            dashes=stroke.dashes or (None, None),
            marker=stroke.marker,
            markersize=4,
            clip_on=False,
            zorder=3,
        )
        said = f"{line.values[-1]} {line.name}"
        _say(axes, 1 + 8 / room, end, said, size, ha="left", color=stroke.colour, weight="Bold", **beside)
    _name_below(axes, chart.names, size)


def _apart(levels: Sequence[float], step: float) -> list[float]:
    """The same levels, the highest where it is and each other pushed down where it would touch the one above."""
    placed = dict[int, float]()
    highest = float("inf")
    for place in sorted(range(len(levels)), key=lambda each: (-levels[each], each)):
        placed[place] = min(levels[place], highest)
        highest = placed[place] - step
    return [placed[place] for place in range(len(levels))]


def _columns(size: Size) -> int:
    return 4 if size.width >= WIDE.width else 2


def _rows_of(chart: MultiplesChart, size: Size) -> int:
    return -(-len(chart.people) // _columns(size))


def _draw_multiples(figure: "Figure", chart: MultiplesChart, size: Size) -> None:
    columns, (width, height) = _columns(size), size_of(chart, size)
    most = max([value for person in chart.people for value in person.values] + list(chart.targets) + [1])
    cell = width / columns
    for place, (person, target) in enumerate(zip(chart.people, chart.targets, strict=True)):
        row, column = divmod(place, columns)
        box = ((column * cell + 6) / width, (height - (row + 1) * 96 + 22) / height, (cell - 16) / width, 46 / height)
        axes = _plain(figure.add_axes(box))
        axes.set_ylim(0, most * 1.05)
        axes.set_xlim(-0.6, len(person.values) - 0.4)
        colours = [REACHED if value >= target else MISSED for value in person.values]
        axes.bar(range(len(person.values)), person.values, width=0.8, color=colours, zorder=2)
        axes.axhline(target, color=INK, linewidth=0.9, dashes=(4, 2), zorder=3)
        said: dict[str, Any] = {"transform": axes.transAxes, "va": "bottom"}
        _say(axes, 0, 1.06, _short(person.name, columns), size, ha="left", color=INK, weight="Bold", **said)
        for at, name in ((0, chart.names[0]), (1, chart.names[-1])):
            _say(axes, at, -0.1, name, size, ha="left" if at == 0 else "right", **{**said, "va": "top"})


def _short(name: str, columns: int) -> str:
    letters = 21 if columns == 4 else 16
    return name if len(name) <= letters else name[: letters - 1].rstrip() + "…"

"""The score that the bench prints, against what Lighthouse publishes of its curves."""

from collections.abc import Mapping

import pytest
from PIL import Image

from tests.bench.lighthouse import CURVES, blocking_ms, layout_shift, score, share, speed_index

BLANK, HALF, WHOLE = (Image.new("RGB", (4, 4), "white") for _ in range(3))
HALF.paste("black", (0, 0, 4, 2))
WHOLE.paste("black", (0, 0, 4, 4))


def test_each_curve_goes_through_its_two_points() -> None:
    assert sum(curve.weight for curve in CURVES.values()) == pytest.approx(1)
    for curve in CURVES.values():
        assert share(curve, curve.p10) == pytest.approx(0.9)
        assert share(curve, curve.median) == pytest.approx(0.5)
        assert (share(curve, 0), share(curve, curve.median * 1000) < 0.01) == (1, True)


@pytest.mark.parametrize(
    ("metrics", "whole"),
    [
        ({"FCP": 1800, "SI": 3387, "LCP": 2500, "TBT": 200, "CLS": 0.1}, 90),
        ({"FCP": 3000, "SI": 5800, "LCP": 4000, "TBT": 600, "CLS": 0.25}, 50),
        ({"FCP": 0, "SI": 0, "LCP": 0, "TBT": 600, "CLS": 0.25}, 72),
    ],
)
def test_the_score_is_the_weighted_mean(metrics: Mapping[str, float], whole: int) -> None:
    assert score(metrics) == whole


def test_a_task_counts_from_the_first_paint_on_and_only_what_is_over_fifty_milliseconds() -> None:
    assert blocking_ms([(0, 400), (900, 200), (1200, 60), (2000, 40)], since=1000) == 50 + 10


def test_the_layout_shifts_by_its_largest_burst() -> None:
    assert layout_shift([]) == 0
    assert layout_shift([(100, 0.1), (900, 0.1), (3000, 0.15)]) == pytest.approx(0.2)
    assert layout_shift([(at, 0.01) for at in range(0, 9000, 900)]) == pytest.approx(0.06)


def test_the_speed_index_is_the_mean_time_at_which_it_was_there() -> None:
    assert speed_index([(0, BLANK), (1000, WHOLE), (3000, WHOLE)]) == 1000
    assert speed_index([(0, BLANK), (1000, HALF), (2000, WHOLE)]) == 1500

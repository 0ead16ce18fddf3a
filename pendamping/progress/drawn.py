"""Drawn charts on the disk: known by a digest of all that is drawn, so that one look is drawn once."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pendamping.progress import city_charts, pictures
from pendamping.progress.charts import STYLE, Measure, TrendChart

DIGEST_LENGTH = 20


CITY_STYLE = hashlib.sha256(Path(city_charts.__file__).read_bytes()).hexdigest()[:12]


PICTURE_STYLE = hashlib.sha256(Path(pictures.__file__).read_bytes()).hexdigest()[:12]


def digest_of(chart: TrendChart | city_charts.CityChart, measure: Measure | city_charts.Size) -> str:
    """Stands for everything that makes the drawing what it is: data, words, measures and style."""
    return hashlib.sha256(repr((STYLE, CITY_STYLE, chart, measure)).encode()).hexdigest()[:DIGEST_LENGTH]


def digest_of_picture(
    chart: TrendChart | city_charts.CityChart, measure: Measure | city_charts.Size, words: pictures.Words
) -> str:
    """The same for a picture, with the words around the drawing."""
    drawing = digest_of(chart, measure)
    return hashlib.sha256(repr((PICTURE_STYLE, drawing, words)).encode()).hexdigest()[:DIGEST_LENGTH]


@dataclass(frozen=True, slots=True)
class DrawnCharts:
    """A folder of drawings that can be made anew at any time. For each `name` only the newest is kept."""

    folder: Path
    form: str = "svg"

    def read(self, name: str, digest: str) -> bytes | None:
        try:
            return self._path(name, digest).read_bytes()
        except FileNotFoundError:
            return None

    def read_or_draw(self, name: str, digest: str, draw: Callable[[], bytes]) -> bytes:
        known = self.read(name, digest)
        if known is not None:
            return known
        drawn = draw()
        self._keep(name, digest, drawn)
        return drawn

    def _path(self, name: str, digest: str) -> Path:
        return self.folder / f"{name}-{digest}.{self.form}"

    def _keep(self, name: str, digest: str, drawn: bytes) -> None:
        """Whole under its name or not at all; a reader of the older drawing has it in hand or draws it again."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, unfinished = tempfile.mkstemp(dir=self.folder, prefix=".belum-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(drawn)
        path = self._path(name, digest)
        Path(unfinished).replace(path)
        for older in self.folder.glob(f"{name}-*.{self.form}"):
            if older != path:
                older.unlink(missing_ok=True)

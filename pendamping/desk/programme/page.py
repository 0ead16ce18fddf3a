"""The programme view: each chart with the sentence that it shows and its numbers in a table."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel import dates
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.queries import programme_year_on
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.words import stage_word
from pendamping.kernel.i18n import language, long_date, short_date, whole
from pendamping.progress.city_charts import (
    NARROW,
    WIDE,
    CityChart,
    Layer,
    LayersChart,
    LinesChart,
    MultiplesChart,
    WeeksChart,
    size_of,
)
from pendamping.progress.drawn import digest_of, digest_of_picture
from pendamping.progress.filters import Narrowing
from pendamping.progress.pictures import Words
from pendamping.progress.programme import burn_up, months_until, rhythms, stage_history_of, visits_by_week
from pendamping.visits.schedule.queries import VISITS_PER_MONTH

PEOPLE_SHOWN = 12
MONTHS_A_YEAR, WEEKS_A_YEAR = 12, 52


@dataclass(frozen=True, slots=True)
class Told:
    """One chart: what it shows in one sentence, the drawing, the same numbers as a table."""

    sentence: str
    note: str
    chart: CityChart
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class ShownChart:
    name: str
    told: Told
    wide_url: str
    wide_size: tuple[int, int]
    narrow_url: str
    narrow_size: tuple[int, int]
    picture_url: str
    picture_words: Words


Teller = Callable[[Session, Narrowing, dt.date], Told | None]


def shown_chart(name: str, session: Session, narrow: Narrowing, *, today: dt.date) -> ShownChart | None:
    """None where there is nothing to draw."""
    told = TELLERS[name](session, narrow, today)
    if told is None:
        return None
    here: dict[str, Any] = {"chart": name, **narrow.kept}
    urls = [
        url_for("programme_view.chart", **here, digest=digest_of(told.chart, size), lebar=width)
        for size, width in ((WIDE, None), (NARROW, "sempit"))
    ]
    words = _picture_words(told, narrow, today)
    picture_url = url_for("programme_view.picture", **here, digest=digest_of_picture(told.chart, WIDE, words))
    wide, narrow_size = size_of(told.chart, WIDE), size_of(told.chart, NARROW)
    return ShownChart(name, told, urls[0], wide, urls[1], narrow_size, picture_url, words)


def _picture_words(told: Told, narrow: Narrowing, today: dt.date) -> Words:
    day = long_date(today)
    if narrow.is_filtered:
        foot = _("Sebagian koperasi (disaring), keadaan %(day)s. Pendampingan KKMP.", day=day)
    else:
        foot = _("Keadaan %(day)s. Pendampingan KKMP.", day=day)
    return Words(told.sentence, told.note, foot)


def _month_names(months: Sequence[Month]) -> tuple[str, ...]:
    names = dates.get_month_names("abbreviated", locale=language())
    return tuple(str(names[month.number]) for month in months)


def _stages(session: Session, narrow: Narrowing, today: dt.date) -> Told | None:
    history = stage_history_of(session, narrow.cooperatives, today=today)
    months = list(history)
    if not any(history[months[-1]].values()):
        return None
    order = tuple(reversed(Stage))
    layers = tuple(Layer(stage_word(stage), tuple(history[month][stage] for month in months)) for stage in order)
    gained = layers[0].values[-1] - layers[0].values[0]
    if gained > 0:
        sentence = ngettext(
            "%(num)s koperasi lebih banyak di tahap kemitraan daripada setahun lalu",
            "%(num)s koperasi lebih banyak di tahap kemitraan daripada setahun lalu",
            gained,
        )
    else:
        sentence = _("Jumlah koperasi di tahap kemitraan tidak bertambah dalam setahun")
    names = _month_names(months)
    return Told(
        sentence,
        _("Koperasi menurut tahap pada akhir setiap bulan."),
        LayersChart(names, layers),
        [_("Bulan"), *(layer.name for layer in layers)],
        [[name, *(whole(layer.values[at]) for layer in layers)] for at, name in enumerate(names)],
    )


def _weeks(session: Session, narrow: Narrowing, today: dt.date) -> Told | None:
    year = programme_year_on(session, today)
    first = max(today - dt.timedelta(days=364), year.starts_on if year else dt.date.min)
    weeks = visits_by_week(session, narrow.cooperatives, first=first, today=today)
    history = stage_history_of(session, narrow.cooperatives, today=today)
    cooperatives = sum(history[Month.of(today)].values())
    if not cooperatives:
        return None
    monthly = year.visits_per_month if year else VISITS_PER_MONTH
    target = round(cooperatives * monthly * MONTHS_A_YEAR / WEEKS_A_YEAR, 1)
    over = weeks[:-1]
    reached = sum(count >= target for _start, count in over)
    names = dates.get_month_names("abbreviated", locale=language())
    labels = [str(names[start.month]) if start.day <= 7 else "" for start, _count in weeks]
    return Told(
        _("Sasaran kunjungan tercapai pada %(reached)s dari %(weeks)s pekan", reached=reached, weeks=len(over)),
        _("Kunjungan setiap pekan; pekan berjalan belum dinilai. Batang gelap: sasaran tercapai."),
        WeeksChart(
            tuple(labels),
            tuple(count for _start, count in weeks),
            target,
            _("sasaran %(number)s per pekan", number=whole(round(target))),
        ),
        [_("Pekan mulai"), _("Kunjungan")],
        [[short_date(start), whole(count)] for start, count in weeks],
    )


def _actions(session: Session, narrow: Narrowing, today: dt.date) -> Told | None:
    found = burn_up(session, narrow.cooperatives, today=today)
    if not found.agreed[-1]:
        return None
    names = _month_names(found.months)
    lines = (
        Layer(_("disepakati"), tuple(found.agreed)),
        Layer(_("dilaporkan"), tuple(found.reported)),
        Layer(_("terverifikasi"), tuple(found.verified)),
    )
    return Told(
        _(
            "%(verified)s dari %(agreed)s tindakan yang disepakati sudah terverifikasi",
            verified=whole(found.verified[-1]),
            agreed=whole(found.agreed[-1]),
        ),
        _("Jumlah sampai akhir setiap bulan: disepakati, dilaporkan selesai, terverifikasi."),
        LinesChart(names, lines),
        [_("Bulan"), *(line.name for line in lines)],
        [[name, *(whole(line.values[at]) for line in lines)] for at, name in enumerate(names)],
    )


def _people(session: Session, narrow: Narrowing, today: dt.date) -> Told | None:
    found = rhythms(session, narrow.cooperatives, today=today, limit=PEOPLE_SHOWN)
    if not found:
        return None
    year = programme_year_on(session, today)
    monthly = year.visits_per_month if year else VISITS_PER_MONTH
    names = _month_names(months_until(today))
    return Told(
        _("Irama kunjungan setiap pendamping selama setahun"),
        _("Kunjungan setiap bulan, skala sama; garis putus: sasaran untuk koperasi dampingannya sekarang. Urut nama."),
        MultiplesChart(
            names,
            tuple(Layer(each.name, tuple(each.visits)) for each in found),
            tuple(float(each.cooperatives * monthly) for each in found),
        ),
        [_("Nama"), *names],
        [[each.name, *(whole(count) for count in each.visits)] for each in found],
    )


TELLERS: Mapping[str, Teller] = {"tahap": _stages, "pekan": _weeks, "tindakan": _actions, "pendamping": _people}

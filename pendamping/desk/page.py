"""The agency's home: what needs them, how the programme stands, how the facilitators' month goes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.queries import programme_year_on
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.words import month_words
from pendamping.desk.attention.findings import Group, groups
from pendamping.desk.attention.page import ShownFinding, shown_findings
from pendamping.desk.since import News, news_since
from pendamping.instruments.definition import Band
from pendamping.instruments.queries import PublishedInstrument, instruments_on
from pendamping.instruments.reading.nodes import InstrumentFault
from pendamping.kernel.i18n import decimal, signed, whole
from pendamping.progress.asking.models import Kind
from pendamping.progress.asking.queries import looked_at
from pendamping.progress.city import (
    Counts,
    FacilitatorMonth,
    Mean,
    Tile,
    city_tiles,
    counts,
    facilitator_months,
    late_actions,
    means,
    tiles,
)
from pendamping.progress.filters import Narrowing, narrowing
from pendamping.progress.matters import SILENT_AFTER_DAYS
from pendamping.progress.narrowing import Condition, Order
from pendamping.progress.stages.overview import faults_for
from pendamping.visits.schedule.queries import VISITS_PER_MONTH

EACH_FOUND = 2
FINDINGS_SHOWN = 8
TILES_OF = "KL"
TILES_SHOWN = 120
"""A wider region is shown city by city."""
PEOPLE_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the head's, with what it means and the list behind it."""

    label: str
    value: str
    of: str | None
    note: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class ShownTile:
    tile: Tile
    name: str
    rank: int | None
    band: Band | None
    url: str


@dataclass(frozen=True, slots=True)
class TileGroup:
    name: str
    tiles: Sequence[ShownTile]


@dataclass(frozen=True, slots=True)
class FacilitatorRow:
    person: FacilitatorMonth
    visit_target: int
    visits_url: str
    cooperatives_url: str
    late_url: str
    silent_url: str
    weak_url: str


@dataclass(frozen=True, slots=True)
class Attention:
    """The first findings, and how many there are of each kind."""

    groups: Sequence[Group]
    shown: Sequence[ShownFinding]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


@dataclass(frozen=True, slots=True)
class AgencyHome:
    narrow: Narrowing
    year_began: dt.date | None
    counted: Counts
    attention: Attention
    news: News
    figures: Sequence[Figure]
    tile_groups: Sequence[TileGroup]
    gate_faults: Sequence[InstrumentFault]
    facilitators: Sequence[FacilitatorRow]

    @property
    def has_more_people(self) -> bool:
        return len(self.facilitators) > PEOPLE_SHOWN


def agency_home(session: Session, user: User, *, today: dt.date, now: dt.datetime) -> AgencyHome:
    narrow = narrowing(session, user, today=today)
    seen_at = looked_at(session, user.id)
    instruments = instruments_on(session, today)
    counted = counts(session, narrow.cooperatives, month=narrow.chosen.month, today=today)
    year = programme_year_on(session, today)
    target = year.visits_per_month if year else VISITS_PER_MONTH
    return AgencyHome(
        narrow=narrow,
        year_began=year.starts_on if year else None,
        counted=counted,
        attention=_attention(session, user, narrow, seen_at=seen_at, today=today),
        news=news_since(session, user, seen_at=seen_at, today=today, now=now),
        figures=_figures(session, narrow, counted, today),
        tile_groups=_tiles(session, narrow, counted, instruments),
        gate_faults=faults_for(user, instruments),
        facilitators=_facilitators(session, narrow, counted, target=target, today=today),
    )


def _attention(
    session: Session, user: User, narrow: Narrowing, *, seen_at: dt.datetime | None, today: dt.date
) -> Attention:
    found = groups(session, user, narrow.cooperatives, each=EACH_FOUND, today=today)
    ranked = [group.findings[place] for place in range(EACH_FOUND) for group in found if place < len(group.findings)]
    shown = shown_findings(session, user, ranked[:FINDINGS_SHOWN], seen_at=seen_at, today=today)
    kinds = [group.kind for group in found]
    return Attention(found, sorted(shown, key=lambda each: kinds.index(each.finding.kind)))


def _figures(session: Session, narrow: Narrowing, counted: Counts, today: dt.date) -> list[Figure]:
    month = narrow.chosen.month
    label = (
        _("Dikunjungi bulan ini") if month == Month.of(today) else _("Dikunjungi %(month)s", month=month_words(month))
    )
    missing = counted.cooperatives - counted.visited
    note = _(
        "%(missing)s belum · %(silent)s lewat %(days)d hari",
        missing=whole(missing),
        silent=whole(counted.silent),
        days=SILENT_AFTER_DAYS,
    )
    scored = means(session, narrow.cooperatives)
    share = _percent(counted.partners, counted.cooperatives)
    return [
        Figure(
            label,
            whole(counted.visited),
            whole(counted.cooperatives),
            note,
            list_url(narrow, keadaan=Condition.UNVISITED),
        ),
        _average(narrow, scored.get("KL"), _("Kelembagaan"), Order.INSTITUTION),
        _average(narrow, scored.get("TK"), _("Transparansi keuangan"), Order.TRANSPARENCY),
        Figure(
            _("Tahap kemitraan"),
            whole(counted.partners),
            whole(counted.cooperatives),
            share,
            list_url(narrow, tahap=Stage.PARTNERSHIP),
        ),
        _actions(narrow, counted, late_actions(session, narrow.cooperatives, today=today)),
    ]


def list_url(narrow: Narrowing, **filters: str) -> str:
    """The list of the cooperatives behind a figure: what the page is narrowed to, and what the figure counts."""
    return url_for("cooperatives.index", **{**narrow.kept, **filters})


def _share(part: int, of: int) -> str:
    """71%"""
    return f"{decimal(Decimal(100 * part) / of, 0)}%" if of else "–"


def _percent(part: int, whole_: int) -> str | None:
    return _("%(percent)s dari semua", percent=_share(part, whole_)) if whole_ else None


def _average(narrow: Narrowing, mean: Mean | None, label: str, order: Order) -> Figure:
    """The mean of the scores there are; it says of how many, and how many of them are provisional."""
    url = list_url(narrow, urut=order)
    if mean is None:
        return Figure(label, "–", None, _("belum ada penilaian"), url)
    parts = [ngettext("rata-rata %(num)d koperasi", "rata-rata %(num)d koperasi", mean.count)]
    if mean.provisional:
        parts.append(_("%(count)d sementara", count=mean.provisional))
    elif mean.change is not None:
        parts.append(_("%(change)s dari kunjungan sebelumnya", change=signed(mean.change, 1)))
    return Figure(label, decimal(mean.score, 1), "100", ", ".join(parts), url)


def _actions(narrow: Narrowing, counted: Counts, late: int) -> Figure:
    on_time = counted.open_actions - late
    share = _share(on_time, counted.open_actions)
    note = _("%(late)s terlambat · %(share)s tepat waktu", late=whole(late), share=share)
    if not counted.open_actions:
        note = _("tidak ada yang terbuka")
    return Figure(
        _("Tindakan terbuka"),
        whole(counted.open_actions),
        None,
        note,
        list_url(narrow, keadaan=Condition.OPEN, urut=Order.ACTIONS),
    )


def _tiles(
    session: Session, narrow: Narrowing, counted: Counts, instruments: Sequence[PublishedInstrument]
) -> list[TileGroup]:
    is_wide = counted.cooperatives > TILES_SHOWN
    found = (city_tiles if is_wide else tiles)(session, narrow.cooperatives, TILES_OF)
    bands = next((each.instrument.bands for each in instruments if each.instrument.code == TILES_OF), ())
    of_region = url_for("cooperatives.index", **narrow.without("kecamatan"), kecamatan="")
    by_group: dict[tuple[str, str], list[ShownTile]] = {}
    for tile in found:
        # a region's code stands in an address as it is, and is the last of it
        url = f"{of_region}{tile.code}" if is_wide else url_for("cooperatives.detail", code=tile.code)
        by_group.setdefault((tile.group_name, tile.group_code), []).append(_shown_tile(tile, bands, url))
    return [TileGroup(name.removeprefix("Balikpapan "), those) for (name, _code), those in by_group.items()]


def _shown_tile(tile: Tile, bands: Sequence[Band], url: str) -> ShownTile:
    name = tile.name.removeprefix("KKMP ")
    if tile.score is None:
        return ShownTile(tile, name, None, None, url)
    by_code = (rank for rank, band in enumerate(bands) if band.code == tile.band_code)
    by_score = (rank for rank, band in enumerate(bands) if tile.score >= band.minimum)
    rank = next(by_code if tile.band_code else by_score, None)
    return ShownTile(tile, name, rank, bands[rank] if rank is not None else None, url)


def _facilitators(
    session: Session, narrow: Narrowing, counted: Counts, *, target: int, today: dt.date
) -> list[FacilitatorRow]:
    """Nobody's, where there are too many cooperatives for one table of people: they have a page of their own."""
    if counted.cooperatives > TILES_SHOWN:
        return []
    month = narrow.chosen.month
    found = facilitator_months(session, narrow.cooperatives, month=month, today=today, limit=PEOPLE_SHOWN + 1)
    return [facilitator_row(person, narrow, target) for person in found]


def facilitator_row(person: FacilitatorMonth, narrow: Narrowing, target: int) -> FacilitatorRow:
    own: dict[str, Any] = {"pendamping": str(person.id)}
    return FacilitatorRow(
        person=person,
        visit_target=person.cooperatives * target,
        visits_url=url_for("schedule.index", bulan=str(narrow.chosen.month), **own),
        cooperatives_url=list_url(narrow, **own),
        late_url=list_url(narrow, **own, keadaan=Condition.LATE, urut=Order.ACTIONS),
        silent_url=list_url(narrow, **own, keadaan=Kind.SILENT, urut=Order.LAST_VISIT),
        weak_url=list_url(narrow, **own, keadaan=Kind.WEAK),
    )

"""The agency's home: how the programme stands, and which cooperatives have gone silent."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.queries import programme_year_on
from pendamping.cooperatives.service import month_bounds
from pendamping.instruments.definition import Band
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.database import reading
from pendamping.kernel.i18n import decimal, whole
from pendamping.plans.policy import visible_actions
from pendamping.plans.queries import late_counts
from pendamping.progress.queries import CooperativeRow, cooperative_rows
from pendamping.progress.stages.overview import faults_for
from pendamping.visits.policy import visible_visits
from pendamping.visits.queries import visit_counts

SILENT_AFTER_DAYS = 30
SILENT_SHOWN = 8
TILES_OF = "KL"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the head's, with what it means."""

    label: str
    value: str
    of: str | None
    note: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Tile:
    code: str
    name: str
    score: Decimal | None
    band_rank: int | None
    band: Band | None


@dataclass(frozen=True, slots=True)
class DistrictTiles:
    name: str
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class SilentCooperative:
    """A cooperative nobody has visited for long; `days` None when never."""

    row: CooperativeRow
    days: int | None


@dataclass(frozen=True, slots=True)
class FacilitatorRow:
    name: str
    cooperatives: int
    visits: int
    visit_target: int
    late_actions: int


def home(user: User, *, today: dt.date) -> ResponseReturnValue:
    session = reading()
    chosen = visible_cooperatives(user, today=today).order_by(Cooperative.short_name, Cooperative.code)
    instruments = instruments_on(session, today)
    rows = cooperative_rows(session, chosen, instruments, today=today)
    first, last = month_bounds(today)
    visits = visit_counts(visible_visits(user, today=today), session, first=first, last=last)
    late = late_counts(session, visible_actions(user, today=today), today=today)
    year = programme_year_on(session, today)
    silent = _silent(rows, today)
    return render_template(
        "desk/home.html",
        today=today,
        figures=_figures(rows, visits, late, silent),
        districts=_tiles(rows),
        silent=silent[:SILENT_SHOWN],
        silent_count=len(silent),
        awaiting=sum(row.gate is not None and row.gate.awaits_decision for row in rows),
        gate_faults=faults_for(user, instruments),
        unassigned=sum(row.facilitator_name is None for row in rows),
        facilitators=_facilitators(rows, visits, late, year.visits_per_month if year else 2),
    )


def _silent(rows: Sequence[CooperativeRow], today: dt.date) -> list[SilentCooperative]:
    aged = [SilentCooperative(row, (today - row.last_visit_on).days if row.last_visit_on else None) for row in rows]
    silent = [each for each in aged if each.days is None or each.days > SILENT_AFTER_DAYS]
    return sorted(silent, key=lambda each: (each.days is not None, -(each.days or 0), each.row.short_name))


def _average(rows: Sequence[CooperativeRow], code: str, label: str) -> Figure:
    """The mean of the scores there are; it says of how many, and how many of them are provisional."""
    index = url_for("cooperatives.index")
    cells = [cell for row in rows for cell in row.scores if cell.instrument.code == code and cell.score is not None]
    if not cells:
        return Figure(label, "–", None, _("belum ada penilaian"), index)
    mean = sum((cell.score or Decimal() for cell in cells), Decimal()) / len(cells)
    note = ngettext("rata-rata %(num)d koperasi", "rata-rata %(num)d koperasi", len(cells))
    if provisional := sum(cell.is_provisional for cell in cells):
        note = _("%(average)s, %(count)d sementara", average=note, count=provisional)
    return Figure(label, decimal(mean, 1), "100", note, index)


def _figures(
    rows: Sequence[CooperativeRow],
    visits: Mapping[uuid.UUID, int],
    late: Mapping[uuid.UUID, int],
    silent: Sequence[SilentCooperative],
) -> list[Figure]:
    index = url_for("cooperatives.index")
    total = whole(len(rows))
    visited = sum(row.id in visits for row in rows)
    partners = sum(row.stage is Stage.PARTNERSHIP for row in rows)
    open_actions = sum(row.open_actions for row in rows)
    return [
        Figure(
            _("Dikunjungi bulan ini"), whole(visited), total, _("%(count)d lewat 30 hari", count=len(silent)), index
        ),
        _average(rows, "KL", _("Kelembagaan")),
        _average(rows, "TK", _("Transparansi keuangan")),
        Figure(
            _("Tahap kemitraan"), whole(partners), total, None, url_for("cooperatives.index", tahap=Stage.PARTNERSHIP)
        ),
        Figure(
            _("Tindakan terbuka"), whole(open_actions), None, _("%(count)d terlambat", count=sum(late.values())), None
        ),
    ]


def _tiles(rows: Sequence[CooperativeRow]) -> list[DistrictTiles]:
    districts: dict[tuple[str, str], list[Tile]] = {}
    for row in rows:
        cell = next((cell for cell in row.scores if cell.instrument.code == TILES_OF), None)
        tile = Tile(
            code=row.code,
            name=row.short_name.removeprefix("KKMP "),
            score=cell.score if cell else None,
            band_rank=cell.band_rank if cell else None,
            band=cell.band if cell else None,
        )
        districts.setdefault((row.district_name, row.district_code), []).append(tile)
    return [DistrictTiles(name, districts[name, code]) for name, code in sorted(districts)]


def _facilitators(
    rows: Sequence[CooperativeRow], visits: Mapping[uuid.UUID, int], late: Mapping[uuid.UUID, int], target: int
) -> list[FacilitatorRow]:
    caseloads: dict[tuple[str, uuid.UUID], list[CooperativeRow]] = {}  # two people may share a name
    for row in rows:
        if row.facilitator_name and row.facilitator_id:
            caseloads.setdefault((row.facilitator_name, row.facilitator_id), []).append(row)
    return [
        FacilitatorRow(
            name=name,
            cooperatives=len(caseload),
            visits=sum(visits.get(row.id, 0) for row in caseload),
            visit_target=len(caseload) * target,
            late_actions=sum(late.get(row.id, 0) for row in caseload),
        )
        for (name, _id), caseload in sorted(caseloads.items())
    ]

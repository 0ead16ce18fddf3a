"""Loads the city on first start; never changes what is there already."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Baseline, Cooperative, Region, RegionKind, Stage
from pendamping.cooperatives.partnerships.models import Partnership
from pendamping.cooperatives.partnerships.service import report_partnership
from pendamping.cooperatives.programme.models import Office, ProgrammeYear
from pendamping.cooperatives.programme.queries import DEFAULT_OFFICE
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.shipped import SHIPPED, shipped_text
from pendamping.instruments.reading.text import read_yaml
from pendamping.instruments.service import publish
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.reminders.models import DayOff, DayOffKind, ObligationVersion
from pendamping.reminders.obligations import FROM_THE_BEGINNING
from pendamping.reminders.rules import Doer

CITY = "64.71"
BASELINE_AS_OF = dt.date(2026, 8, 5)
PROGRAMME_YEAR = 2026
VISITS_PER_MONTH = 2
"""Our proposal, to be confirmed by the agency."""
CASELOAD = (4, 5)
TELLS_OF_BUMN = "bermitra BUMN"
"""So the city's file says, in the news of a cooperative, that it works with a state-owned enterprise."""
NAME_UNKNOWN = "BUMN (nama belum diketahui)"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading added; all zero when everything was there."""

    cooperatives: int
    instruments: int
    calendar_days: int

    @property
    def is_nothing(self) -> bool:
        return self == Loaded(0, 0, 0)


def load_city(session: Session, *, actor: Actor, now: dt.datetime) -> Loaded:
    """Bring in Balikpapan's 34 cooperatives, the three instruments and the calendar of 2026, where they are missing.

    An instrument of which any version is published is left as it is, also where another one ships by now.
    """
    loaded = Loaded(
        cooperatives=_load_cooperatives(session, actor, now),
        instruments=_load_instruments(session, actor, now),
        calendar_days=_load_calendar(session),
    )
    _load_partnerships(session, actor, now)
    _load_office(session)
    return loaded


def _read(name: str) -> Any:
    return yaml.safe_load(files("pendamping.operations").joinpath("city", name).read_text(encoding="utf-8"))


def _load_cooperatives(session: Session, actor: Actor, now: dt.datetime) -> int:
    if session.scalar(select(Cooperative.id).limit(1)) is not None:
        return 0
    document = _read("balikpapan.yaml")
    city = document["city"]
    _add_region(session, city["province_code"], city["province"], city["province"], RegionKind.PROVINCE, None)
    _add_region(session, city["kemendagri_code"], city["name"], city["name"], RegionKind.CITY, city["province_code"])
    _add_programme_year(session)
    source = document["sources"]["baseline"]["text"]
    count = 0
    for district in document["kecamatan"]:
        name = district["name"]
        _add_region(session, district["code"], name, name, RegionKind.DISTRICT, city["kemendagri_code"])
        for ward in district["kelurahan"]:
            _add_region(session, ward["code"], ward["name"], ward["display_name"], RegionKind.WARD, district["code"])
            _add_cooperative(session, ward, city["kemendagri_code"], source, actor, now)
            count += 1
    return count


def _add_region(
    session: Session, code: str, name: str, display_name: str, kind: RegionKind, parent_code: str | None
) -> None:
    session.add(Region(code=code, name=name, display_name=display_name, kind=kind, parent_code=parent_code))
    session.flush()


def _add_programme_year(session: Session) -> None:
    session.add(
        ProgrammeYear(
            year=PROGRAMME_YEAR,
            starts_on=dt.date(PROGRAMME_YEAR, 1, 1),
            ends_on=dt.date(PROGRAMME_YEAR, 12, 31),
            visits_per_month=VISITS_PER_MONTH,
            caseload_min=CASELOAD[0],
            caseload_max=CASELOAD[1],
        )
    )


def _add_cooperative(
    session: Session, ward: Mapping[str, Any], city_code: str, source: str, actor: Actor, now: dt.datetime
) -> None:
    names, figures = ward["cooperative"], ward["baseline_simkopdes_2026_08"]
    # Where SIMKOPDES shows transactions the cooperative is taken to operate, until the agency confirms its stage.
    stage = Stage.OPERATION if figures["transaction_value_idr"] else Stage.FORMATION
    cooperative = Cooperative(
        code=ward["code"],
        city_code=city_code,
        short_name=names["short_name"],
        legal_name=names["legal_name_presumed"],
        legal_name_is_verified=names["legal_name_verified"],
        stage=stage,
    )
    session.add(cooperative)
    session.flush()
    session.add(
        Baseline(
            cooperative_id=cooperative.id,
            city_code=city_code,
            as_of=BASELINE_AS_OF,
            source=source,
            has_account=figures["has_account"],
            has_npwp=figures["has_npwp"],
            has_nib=figures["has_nib"],
            transaction_count=figures["transaction_count_or_volume"],
            transaction_value_idr=figures["transaction_value_idr"],
            principal_savings_idr=figures["simpanan_pokok_idr"],
            principal_savings_members=figures["simpanan_pokok_members"],
            mandatory_savings_idr=figures["simpanan_wajib_idr"],
            mandatory_savings_members=figures["simpanan_wajib_members"],
            news=list(ward.get("news_notes", [])),
        )
    )
    session.flush()
    audit.record(
        session, actor, "load_cooperative", cooperative, at=now, after={"code": cooperative.code, "stage": stage}
    )


def _load_partnerships(session: Session, actor: Actor, now: dt.datetime) -> None:
    """What the news said of partnerships, as initial data to be verified, where nothing else is known of any."""
    known = select(Partnership.id).where(Partnership.cooperative_id == Cooperative.id)
    told = select(Cooperative, Baseline.news).join(Baseline, Baseline.cooperative_id == Cooperative.id)
    for cooperative, news in session.execute(told.where(~known.exists()).order_by(Cooperative.code)).all():
        said = next((each for each in news if TELLS_OF_BUMN in each), None)
        if said is not None:
            report_partnership(
                session, cooperative, partner=NAME_UNKNOWN, note=f"{said[:1].upper()}{said[1:]}.", actor=actor, now=now
            )


def _load_office(session: Session) -> None:
    """The letterhead that papers carry until the agency says otherwise; where the city is not loaded there is none."""
    if session.get(Region, CITY) is not None and session.get(Office, CITY) is None:
        session.add(Office(city_code=CITY, **dataclasses.asdict(DEFAULT_OFFICE)))
        session.flush()


def _load_instruments(session: Session, actor: Actor, now: dt.datetime) -> int:
    there = set(session.scalars(select(InstrumentVersion.code)))
    missing = [(position, code) for position, code in enumerate(SHIPPED) if code not in there]
    for position, code in missing:
        publish(
            session,
            read_yaml(shipped_text(code)),
            position=position,
            effective_on=dt.date(PROGRAMME_YEAR, 1, 1),
            actor=actor,
            now=now,
        )
    return len(missing)


def _load_calendar(session: Session) -> int:
    if session.scalar(select(DayOff.on).limit(1)) is not None:
        return 0
    document = _read("kalender_2026.yaml")
    days = [DayOff(on=day["date"], name=day["name"], kind=DayOffKind.HOLIDAY) for day in document["holidays_2026"]]
    leave = [
        DayOff(on=day, name="Cuti bersama", kind=DayOffKind.COLLECTIVE_LEAVE)
        for day in document["collective_leave_2026"]
    ]
    session.add_all([*days, *leave, *(_obligation(each) for each in document["obligations"])])
    session.flush()
    return len(days) + len(leave)


def _obligation(entry: Mapping[str, Any]) -> ObligationVersion:
    return ObligationVersion(
        code=entry["code"],
        number=1,
        in_force_on=FROM_THE_BEGINNING,
        name_id=entry["name_id"],
        name_en=entry["name_en"],
        month_days=entry.get("month_days") or ([entry["month_day"]] if "month_day" in entry else []),
        day_of_month=entry.get("day_of_month"),
        on_days=[],
        rule=entry.get("rule", ""),
        only_if=entry.get("only_if", ""),
        source=entry["source"],
        confidence=entry["confidence"],
        doer=Doer(entry.get("doer", Doer.COOPERATIVE)),
        days=[],
        hearers=[],
        is_ended=False,
    )

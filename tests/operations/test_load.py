import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Baseline, Cooperative, Region, RegionKind, Stage
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.reading.nodes import InstrumentInvalid
from pendamping.instruments.reading.shipped import SHIPPED, shipped_text
from pendamping.instruments.reading.text import content_hash
from pendamping.instruments.service import publish
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.tables import Base
from pendamping.operations import load
from pendamping.operations.load import Loaded, load_city
from pendamping.reminders.models import DayOff, DayOffKind, ObligationVersion
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.cases import document

NEW_YEAR = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def city() -> dict[str, Any]:
    text = resources.files("pendamping.operations").joinpath("city", "balikpapan.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def rows_of_everything(session: Session) -> dict[str, int]:
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
    }
    return {name: count or 0 for name, count in counts.items()}


def baselines(session: Session) -> dict[str, Baseline]:
    """By the everyday name of the kelurahan, as the file's own summary spells them."""
    found = session.execute(
        select(Region.name, Baseline)
        .join(Cooperative, Cooperative.code == Region.code)
        .join(Baseline, Baseline.cooperative_id == Cooperative.id)
    )
    return dict(found.all())


# The city -------------------------------------------------------------------------------------------------------------


def test_there_are_34_cooperatives_in_six_kecamatan(session: Session) -> None:
    kinds = Counter(session.scalars(select(Region.kind)))
    codes = session.scalars(select(Cooperative.code)).all()

    assert kinds == {RegionKind.PROVINCE: 1, RegionKind.CITY: 1, RegionKind.DISTRICT: 6, RegionKind.WARD: 34}
    assert len(codes) == 34
    assert sorted(Counter(code[:8] for code in codes).values()) == [4, 5, 6, 6, 6, 7]


def test_every_cooperative_has_the_code_and_the_names_of_the_file(session: Session, city: Mapping[str, Any]) -> None:
    wards = {ward["code"]: ward for district in city["kecamatan"] for ward in district["kelurahan"]}

    stored = {each.code: each for each in session.scalars(select(Cooperative))}

    assert set(stored) == set(wards)
    for code, cooperative in stored.items():
        names = wards[code]["cooperative"]
        assert cooperative.short_name == names["short_name"]
        assert cooperative.legal_name == names["legal_name_presumed"]
        assert (cooperative.legal_name_is_verified, cooperative.city_code) == (False, "64.71")


def test_a_cooperative_operates_exactly_where_the_baseline_shows_transactions_and_nobody_has_confirmed_it(
    session: Session,
) -> None:
    found = session.execute(
        select(Cooperative.stage, Baseline.transaction_value_idr, Cooperative.stage_confirmed_on).join(
            Baseline, Baseline.cooperative_id == Cooperative.id
        )
    ).all()

    assert Counter(stage for stage, _, _ in found) == {Stage.OPERATION: 24, Stage.FORMATION: 10}
    assert all((stage is Stage.OPERATION) == (value > 0) for stage, value, _ in found)
    assert {confirmed_on for _, _, confirmed_on in found} == {None}


def test_the_baseline_adds_up_to_the_files_own_summary(session: Session, city: Mapping[str, Any]) -> None:
    summary, stored = city["baseline_summary"], baselines(session)
    values = sorted((each.transaction_value_idr for each in stored.values()), reverse=True)

    assert sum(values) == summary["transaction_value_total_idr"]
    assert sum(each.savings_total_idr for each in stored.values()) == summary["savings_total_idr"]
    assert sum(each.principal_savings_members for each in stored.values()) == summary["simpanan_pokok_members_total"]
    assert sum(each.savings_total_idr == 0 for each in stored.values()) == summary["zero_savings_count"]
    assert round(100 * sum(values[:2]) / sum(values), 1) == summary["top2_share_percent"]
    without_transactions = sorted(name for name, each in stored.items() if not each.transaction_value_idr)
    assert without_transactions == summary["zero_transaction"]
    assert len(without_transactions) == summary["zero_transaction_count"]
    assert summary["transactions_but_no_savings_recorded"] == sorted(
        name for name, each in stored.items() if each.transaction_value_idr and not each.savings_total_idr
    )
    assert summary["no_data_at_all"] == sorted(
        name for name, each in stored.items() if not each.transaction_value_idr and not each.savings_total_idr
    )


def test_savings_stand_in_the_file_as_their_sum_and_in_the_database_as_their_parts(
    session: Session, city: Mapping[str, Any]
) -> None:
    stored = baselines(session)

    for ward in (ward for district in city["kecamatan"] for ward in district["kelurahan"]):
        figures = ward["baseline_simkopdes_2026_08"]
        assert stored[ward["name"]].savings_total_idr == figures["savings_total_idr"], ward["name"]


def test_the_programme_year_has_its_targets(session: Session) -> None:
    year = session.scalars(select(ProgrammeYear)).one()

    assert (year.year, year.starts_on, year.ends_on) == (2026, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert (year.visits_per_month, year.caseload_min, year.caseload_max) == (2, 4, 5)


def test_the_calendar_has_17_holidays_and_8_days_of_collective_leave(session: Session) -> None:
    days = session.scalars(select(DayOff)).all()

    assert Counter(day.kind for day in days) == {DayOffKind.HOLIDAY: 17, DayOffKind.COLLECTIVE_LEAVE: 8}
    assert {day.on.year for day in days} == {2026}
    assert session.scalar(select(func.count()).select_from(ObligationVersion)) == 16


def test_loading_twice_changes_nothing(session: Session) -> None:
    before = rows_of_everything(session)

    loaded = load_city(session, actor=ACTOR, now=NOW + dt.timedelta(days=1))

    assert loaded == Loaded(0, 0, 0)
    assert loaded.is_nothing
    assert rows_of_everything(session) == before


def test_every_cooperative_and_every_instrument_that_was_loaded_is_on_record(session: Session) -> None:
    verbs = Counter(session.scalars(select(AuditEvent.verb)))

    assert verbs == {"load_cooperative": 34, "publish_instrument": 3, "report_partnership": 3}


# Instruments ----------------------------------------------------------------------------------------------------------


def test_three_instruments_are_in_force_under_the_hash_of_their_content(session: Session) -> None:
    published = instruments_on(session, TODAY)

    assert [each.instrument.code for each in published] == ["KL", "TK", "UK"]
    assert [len(each.instrument.items) for each in published] == [44, 40, 25]
    assert [each.sha256 for each in published] == [
        content_hash(document(name)) for name in ("kelembagaan", "transparansi_keuangan", "usaha_kemitraan")
    ]


def test_a_version_that_a_later_program_brings_is_not_loaded_beside_the_published_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, text = rows_of_everything(session), shipped_text("KL")
    newer = text.replace("  version: 0.3.0\n", "  version: 0.4.0\n")
    assert newer != text
    monkeypatch.setattr(load, "shipped_text", lambda code: newer if code == "KL" else shipped_text(code))

    loaded = load_city(session, actor=ACTOR, now=NOW + dt.timedelta(days=1))

    assert loaded == Loaded(0, 0, 0)
    assert rows_of_everything(session) == before
    assert [each.instrument.version for each in instruments_on(session, TODAY)] == ["0.3.0"] * 3


def test_an_instrument_of_which_nothing_is_published_is_loaded_in_its_place(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = shipped_text("KL").replace("  code: KL\n", "  code: XY\n").replace("id: KL-", "id: XY-")
    monkeypatch.setattr(load, "SHIPPED", {**SHIPPED, "XY": "baru.yaml"})
    monkeypatch.setattr(load, "shipped_text", lambda code: text if code == "XY" else shipped_text(code))

    loaded = load_city(session, actor=ACTOR, now=NOW)

    assert loaded == Loaded(0, 1, 0)
    assert [each.instrument.code for each in instruments_on(session, TODAY)] == ["KL", "TK", "UK", "XY"]


def test_before_the_day_they_take_effect_no_instrument_is_in_force(session: Session) -> None:
    assert instruments_on(session, NEW_YEAR - dt.timedelta(days=1)) == []
    assert len(instruments_on(session, NEW_YEAR)) == 3


def changed(version: str = "0.4.0") -> dict[str, Any]:
    new: dict[str, Any] = document()
    new["instrument"]["version"] = version
    return new


def test_a_new_version_is_in_force_from_its_day_on_and_the_old_one_until_then(session: Session) -> None:
    starts_on = dt.date(2026, 5, 1)

    version, is_new = publish(session, changed(), position=0, effective_on=starts_on, actor=ACTOR, now=NOW)

    assert is_new
    assert instruments_on(session, starts_on - dt.timedelta(days=1))[0].instrument.version == "0.3.0"
    assert instruments_on(session, starts_on)[0].sha256 == version.sha256
    assert [each.instrument.code for each in instruments_on(session, starts_on)] == ["KL", "TK", "UK"]


def test_the_same_content_published_twice_is_one_version_however_it_is_laid_out(session: Session) -> None:
    first, is_new = publish(session, changed(), position=0, effective_on=TODAY, actor=ACTOR, now=NOW)
    upside_down = dict(reversed(changed().items()))

    again, is_new_again = publish(session, upside_down, position=0, effective_on=TODAY, actor=ACTOR, now=NOW)

    assert (is_new, is_new_again) == (True, False)
    assert again is first
    assert session.scalar(select(func.count()).select_from(InstrumentVersion)) == 4


def without_a_question(new: dict[str, Any]) -> None:
    del new["items"][3]["question_id"]


def with_a_weight_too_many(new: dict[str, Any]) -> None:
    new["items"][0]["weight"] += 1


def with_a_strange_type(new: dict[str, Any]) -> None:
    new["items"][1]["type"] = "smiley"


@pytest.mark.parametrize(
    ("spoil", "where", "reason"),
    [
        (without_a_question, "KL-04", "question_id wajib diisi"),
        (with_a_weight_too_many, "KL-A", "bobot butir berjumlah"),
        (with_a_strange_type, "KL-02", "type harus salah satu dari"),
    ],
)
def test_a_broken_instrument_is_refused_with_item_and_reason_and_nothing_is_stored(
    app: Flask, spoil: Callable[[dict[str, Any]], None], where: str, reason: str
) -> None:
    broken = changed()
    spoil(broken)

    def publish_broken() -> None:
        with transaction() as session:
            publish(session, broken, position=0, effective_on=TODAY, actor=ACTOR, now=NOW)

    with app.app_context():
        before = rows_of_everything(reading())
        with pytest.raises(InstrumentInvalid) as refused:
            publish_broken()
        assert rows_of_everything(reading()) == before

    assert any(fault.where == where and reason in fault.reason for fault in refused.value.faults)
    assert f"{where}: " in str(refused.value)

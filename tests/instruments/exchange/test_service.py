"""Publishing what was edited: it follows what is published, or it is refused and nothing is stored."""

import datetime as dt
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.instruments.exchange.queries import document_of, in_force, versions_of
from pendamping.instruments.exchange.service import publish_next
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.reading.nodes import InstrumentInvalid
from pendamping.instruments.succession import (
    AnswerTypeChanged,
    EffectiveTooEarly,
    VersionNotHigher,
    VersionUnreadable,
)
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import DomainError
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.cases import document
from tests.instruments.editions import edition
from tests.instruments.exchange.workbooks import plain

SEPTEMBER = dt.date(2026, 9, 1)


def publish(
    session: Session, content: Mapping[str, object], *, on: dt.date = SEPTEMBER, later: int = 0
) -> tuple[InstrumentVersion, bool]:
    now = NOW + dt.timedelta(minutes=later)
    return publish_next(session, content, effective_on=on, actor=ACTOR, now=now)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(InstrumentVersion)) or 0


def test_an_edition_is_in_force_from_its_day_on_and_keeps_its_place(session: Session) -> None:
    version, is_new = publish(session, edition())

    assert (is_new, version.code, version.version, version.position) == (True, "KL", "0.4.0", 0)
    on_the_day, before = instruments_on(session, SEPTEMBER), instruments_on(session, SEPTEMBER - dt.timedelta(days=1))
    assert [each.instrument.version for each in on_the_day] == ["0.4.0", "0.3.0", "0.3.0"]
    assert [each.instrument.version for each in before] == ["0.3.0", "0.3.0", "0.3.0"]
    assert [each.instrument.version for each in versions_of(session, "KL")] == ["0.3.0", "0.4.0"]


def test_a_new_instrument_stands_behind_the_others(session: Session) -> None:
    content = plain(document())
    content["instrument"]["code"] = "XY"
    for entry in content["items"]:
        entry["id"] = entry["id"].replace("KL-", "XY-")

    assert publish(session, content)[0].position == 3


def test_the_same_published_again_is_the_version_that_is_there(session: Session) -> None:
    first, _ = publish(session, edition())

    assert publish(session, edition(), on=dt.date(2026, 10, 1)) == (first, False)
    assert publish(session, document(), on=dt.date(2020, 1, 1))[1] is False
    assert first.effective_on == SEPTEMBER
    assert count(session) == 4


@pytest.mark.parametrize("version", ["0.4.0", "0.3.1", "0.10", "1", "1.0.0.0"])
def test_a_higher_number_follows(session: Session, version: str) -> None:
    assert publish(session, edition(version, KL_01={"label_id": "Akta"}))[1] is True


@pytest.mark.parametrize(
    ("version", "refusal"),
    [
        ("0.3.0", VersionNotHigher),
        ("0.3", VersionNotHigher),
        ("0.03", VersionNotHigher),
        ("0.2.9", VersionNotHigher),
        ("0", VersionNotHigher),
        ("0.4.0-rc", VersionUnreadable),
        ("baru", VersionUnreadable),
        ("0.4.", VersionUnreadable),
    ],
)
def test_a_number_that_is_not_higher_is_refused(session: Session, version: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal) as refused:
        publish(session, edition(version, KL_01={"label_id": "Akta"}))
    assert refused.value.params["version"] == version
    assert count(session) == 3


def test_an_item_keeps_its_type_under_its_id_also_after_it_was_away(session: Session) -> None:
    other_type = {"type": "evidence_only"}
    with pytest.raises(AnswerTypeChanged) as refused:
        publish(session, edition(KL_01=other_type, KL_02=other_type))
    assert refused.value.params == {"items": "KL-01, KL-02"}

    publish(session, edition("0.4.0", KL_01={"id": "KL-99"}))
    with pytest.raises(AnswerTypeChanged):
        publish(session, edition("0.5.0", KL_01=other_type), later=1)
    assert count(session) == 4


def test_an_edition_that_would_never_be_in_force_is_refused(session: Session) -> None:
    publish(session, edition())

    with pytest.raises(EffectiveTooEarly) as refused:
        publish(session, edition("0.5.0"), on=SEPTEMBER - dt.timedelta(days=1), later=1)
    assert refused.value.params == {"latest": "0.4.0", "day": "2026-09-01"}
    assert publish(session, edition("0.5.0"), on=SEPTEMBER, later=1)[1] is True
    assert instruments_on(session, SEPTEMBER)[0].instrument.version == "0.5.0"


def test_what_is_no_instrument_is_refused(session: Session) -> None:
    with pytest.raises(InstrumentInvalid):
        publish(session, edition(KL_01={"weight": 0}))
    assert count(session) == 3


def test_the_version_of_a_day_and_its_document_are_found(session: Session) -> None:
    publish(session, edition())
    versions = versions_of(session, "KL")

    assert in_force(versions, dt.date(2025, 12, 31)) is None
    assert in_force(versions, TODAY) == versions[0]
    assert in_force(versions, SEPTEMBER) == versions[1]
    assert document_of(session, versions[0]) == plain(document())
    assert versions_of(session, "ZZ") == []


def together(app: Flask, contents: list[dict[str, Any]]) -> list[object]:
    """What each of some offices gets that publish at the same time."""
    ready = threading.Barrier(len(contents))
    results: list[object] = []

    def work(content: dict[str, Any]) -> None:
        with app.app_context():
            ready.wait()
            try:
                version, is_new = retry_on_conflict(lambda session: publish(session, content))
                results.append((version.version, is_new))
            except DomainError as error:
                results.append(type(error))

    threads = [threading.Thread(target=work, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_published_by_many_at_once_is_one_version(app: Flask) -> None:
    results = together(app, [edition()] * 4)

    assert sorted(map(str, results)) == ["('0.4.0', False)"] * 3 + ["('0.4.0', True)"]
    with app.app_context():
        assert count(reading()) == 4


def test_two_contents_of_one_number_at_once_are_one_version_and_one_refusal(app: Flask) -> None:
    results = together(app, [edition(), edition(KL_01={"label_id": "Akta"})])

    assert sorted(map(str, results)) == ["('0.4.0', True)", str(VersionNotHigher)]
    with app.app_context():
        assert count(reading()) == 4

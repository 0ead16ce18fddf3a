import logging

import pytest

from pendamping.instruments.queries import instruments_on
from pendamping.progress.stages import in_force
from pendamping.progress.stages.in_force import stage_faults, stages_in_force
from tests.conftest import TODAY
from tests.make import Make
from tests.progress.stages.ready import MODEL


def test_the_shipped_gates_fit_the_shipped_instruments(make: Make) -> None:
    instruments = instruments_on(make.session, TODAY)

    assert stages_in_force(instruments) == MODEL
    assert stage_faults(instruments) == ()


def test_they_are_read_once_for_each_process(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    instruments = instruments_on(make.session, TODAY)
    first = stages_in_force(instruments)
    monkeypatch.delattr(in_force, "shipped_stages")

    assert stages_in_force(instruments) is first


def test_gates_that_do_not_fit_are_logged_once_and_every_fault_is_kept(
    make: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_force, "_models", {})
    monkeypatch.setattr(in_force, "_faults", {})
    make.short_instruments()
    instruments = instruments_on(make.session, TODAY)

    with caplog.at_level(logging.WARNING):
        models = [stages_in_force(instruments) for _ in range(3)]

    assert models == [None, None, None]
    assert len([each for each in caplog.records if each.name == in_force.__name__]) == 1
    assert {str(fault) for fault in stage_faults(instruments)} >= {"tahap pembentukan, KL-03: butir ini tidak ada"}

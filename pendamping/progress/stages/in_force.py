"""The stage model against the instruments in force: read once for each process, because neither changes under it."""

import logging
from collections.abc import Sequence

from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid
from pendamping.instruments.reading.stages import shipped_stages
from pendamping.instruments.stages import StageModel

_log = logging.getLogger(__name__)
_models: dict[tuple[str, ...], StageModel | None] = {}
_faults: dict[tuple[str, ...], tuple[InstrumentFault, ...]] = {}


def stages_in_force(instruments: Sequence[PublishedInstrument]) -> StageModel | None:
    """The gates and criteria, for everything that evaluates them.

    None where they ask for something that these instruments do not have: pages then show no gate, `stage_faults` tells
    the admin why, and the log says it once.
    """
    key = tuple(each.sha256 for each in instruments)
    if key not in _models:
        try:
            _models[key] = shipped_stages([each.instrument for each in instruments])
        except InstrumentInvalid as invalid:
            _log.warning("the stage gates do not fit the instruments in force: %s", invalid)
            _models[key], _faults[key] = None, invalid.faults
    return _models[key]


def stage_faults(instruments: Sequence[PublishedInstrument]) -> Sequence[InstrumentFault]:
    """Everything that the gates ask for and these instruments lack."""
    stages_in_force(instruments)
    return _faults.get(tuple(each.sha256 for each in instruments), ())

"""Stories that a server which is broken on purpose cannot come through: what its fault takes happens many times."""

from collections.abc import Mapping
from dataclasses import replace

from tests.faults.story import Plot

_MUCH_HARM = Plot(seed=3, records=40, kills=0, locks=0, full=0, jumps=0, fault_rate=0.5, batches=(1, 2, 4))

CATCHING: Mapping[str, Plot] = {
    "receipt_before_commit": replace(_MUCH_HARM, records=24, kills=4, broken="receipt_before_commit"),
    "upsert_that_overwrites": replace(_MUCH_HARM, broken="upsert_that_overwrites"),
    "id_checked_without_lock": replace(_MUCH_HARM, kinds=("twice",), broken="id_checked_without_lock"),
}
"""By the module in `tests.faults.broken`."""

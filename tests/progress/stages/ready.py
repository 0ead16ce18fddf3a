"""Cooperatives that reach a gate, or nearly."""

from pendamping.instruments.reading.stages import shipped_stages
from pendamping.instruments.stages import gate_of
from tests.instruments.cases import INSTRUMENTS, best_of

MODEL = shipped_stages(INSTRUMENTS)
Given = dict[str, tuple[str, str]]


def enough_for(stage: int, **changes: str | None) -> Given:
    """The best proven answer to each item of a gate, but for `KL_20="1"` or `KL_03="yes klaim"`; None is left out."""
    answers = {each.item.id: (best_of(each.item), "diamati") for each in gate_of(MODEL, stage).must_hold}
    for name, change in changes.items():
        item_id = name.replace("_", "-")
        if change is None:
            del answers[item_id]
        else:
            value, *proof = change.split()
            answers[item_id] = (value, proof[0] if proof else "diamati")
    return answers


def enough_for_designation(code: str, **changes: str) -> Given:
    """The same for the criteria of a designation."""
    criteria = next(each.criteria for each in MODEL.designations if each.code == code)
    assert criteria is not None
    answers = {each.item.id: (best_of(each.item), "diamati") for each in criteria.gate.must_hold}
    return answers | {name.replace("_", "-"): (value, "diamati") for name, value in changes.items()}

import datetime as dt
import re
from importlib.resources import files

import pytest

from pendamping.progress.stages.mark import (
    MARKED_OVERDUE_AFTER_DAYS,
    MARKED_SILENT_AFTER_DAYS,
    AttentionCode,
    AttentionReason,
    attention,
)

TODAY = dt.date(2026, 4, 14)


def reasons(**changed: object) -> list[AttentionReason]:
    sound: dict[str, object] = {
        "critical_unmet": 0,
        "last_visit_on": TODAY,
        "next_due_on": None,
        "lapsed": 0,
        "today": TODAY,
    }
    return attention(**{**sound, **changed})  # type: ignore[arg-type]


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def test_nothing_wrong_needs_no_attention() -> None:
    assert reasons() == []


@pytest.mark.parametrize(
    ("changed", "code", "amount"),
    [
        ({"critical_unmet": 2}, AttentionCode.CRITICAL, 2),
        ({"lapsed": 1}, AttentionCode.LAPSED, 1),
        ({"last_visit_on": None}, AttentionCode.NEVER_VISITED, 0),
        ({"last_visit_on": ago(46)}, AttentionCode.SILENT, 46),
        ({"next_due_on": ago(31)}, AttentionCode.OVERDUE, 31),
    ],
)
def test_each_reason_alone_is_enough(changed: dict[str, object], code: AttentionCode, amount: int) -> None:
    assert reasons(**changed) == [AttentionReason(code, amount)]


@pytest.mark.parametrize("changed", [{"last_visit_on": ago(45)}, {"next_due_on": ago(30)}, {"next_due_on": ago(-5)}])
def test_up_to_the_limit_there_is_no_reason(changed: dict[str, object]) -> None:
    assert reasons(**changed) == []


def test_all_reasons_are_told() -> None:
    told = reasons(critical_unmet=1, lapsed=1, last_visit_on=ago(60), next_due_on=ago(60))

    assert [each.code for each in told] == ["lapsed", "critical", "silent", "overdue"]


def test_the_terms_are_those_that_the_gates_file_names() -> None:
    text = files("pendamping.instruments").joinpath("files", "tahapan.yaml").read_text(encoding="utf-8")
    (line,) = re.findall(r"^- \{code: perlu_perhatian, .*$", text, re.MULTILINE)

    assert re.findall(r"lebih dari (\d+) hari", line) == [str(MARKED_SILENT_AFTER_DAYS), str(MARKED_OVERDUE_AFTER_DAYS)]

"""What the import rules in pyproject.toml cannot say of how the house is laid out."""

import ast
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

import pendamping
from pendamping.kernel.tables import Base

PACKAGE = Path(pendamping.__file__).parent
REPOSITORY = PACKAGE.parent
FEATURES = (
    "accounts",
    "activities",
    "attachments",
    "cooperatives",
    "instruments",
    "visits",
    "plans",
    "progress",
    "reports",
    "reminders",
    "field",
)
AUDIENCES = ("desk", "portal")
WEB = {"cli", "fields", "forms", "jobs", "lookup", "page", "routes", "session", "words"}
"""Modules of the upper storey that live with their feature."""
WEB_BY_NAME = {
    "pendamping.attachments.sent",
    "pendamping.cooperatives.assignments.handover.settling",
    "pendamping.field.copies.taking",
    "pendamping.field.openapi",
    "pendamping.field.pack",
    "pendamping.field.records",
    "pendamping.instruments.exchange.sheets",
    "pendamping.progress.filters",
    "pendamping.progress.stages.overview",
    "pendamping.reports.answers",
    "pendamping.reminders.confirmation",
    "pendamping.reminders.digest",
    "pendamping.reminders.feed",
    "pendamping.reminders.scheduler",
    "pendamping.reminders.sending",
    "pendamping.reports.evaluation.city_paper",
    "pendamping.reports.evaluation.cooperative_paper",
    "pendamping.reports.evaluation.paper",
    "pendamping.reports.evaluation.partners",
    "pendamping.reports.evaluation.workbook",
    "pendamping.reports.exports.workbook",
    "pendamping.reports.gather",
    "pendamping.reports.monthly.paper",
    "pendamping.visits.opened",
    "pendamping.visits.preparation",
    "pendamping.visits.sheet",
}
WEB_FOLDERS = ("pendamping.field.intake.",)
"""Where forms, words and verbs of several features meet."""
VAGUE = {"utils", "helpers", "common", "manager", "misc", "data"}
MAX_FILE_LINES, MAX_FUNCTION_LINES = 500, 50


def modules() -> dict[str, Path]:
    """Every module by its dotted name, without packages and without the single migrations."""
    paths = {path.relative_to(REPOSITORY): path for path in sorted(PACKAGE.rglob("*.py")) if path.stem != "__init__"}
    return {".".join(name.with_suffix("").parts): path for name, path in paths.items() if "versions" not in name.parts}


def contract(name: str) -> dict[str, Any]:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    (found,) = (each for each in settings["tool"]["importlinter"]["contracts"] if each["id"] == name)
    assert isinstance(found, dict)
    return found


def is_web(name: str) -> bool:
    return name.rpartition(".")[2] in WEB or name in WEB_BY_NAME or name.startswith(WEB_FOLDERS)


def rules_of_features() -> list[str]:
    """The lower storey: what a feature knows beside its web."""
    return [name for name in modules() if name.split(".")[1] in FEATURES and not is_web(name)]


def calls(tree: ast.AST) -> Iterator[str]:
    """What is called, as it is written: `session.commit`, `select`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_every_module_of_a_feature_stands_in_a_storey() -> None:
    held = contract("storeys")["source_modules"]

    assert [name for name in rules_of_features() if not any(_covers(each, name) for each in held)] == []


def test_every_module_of_a_feature_has_a_place_in_the_order() -> None:
    held = [each.strip() for layer in contract("layers")["layers"] for each in layer.split(":")]

    assert [name for name in rules_of_features() if not any(_covers(each, name) for each in held)] == []


def _covers(pattern: str, name: str) -> bool:
    return fnmatch(name, pattern) or name.startswith(f"{pattern}.")


def test_tables_belong_to_features_and_the_kernel_alone() -> None:
    homes = {mapper.class_.__module__ for mapper in Base.registry.mappers}

    features = re.compile(rf"pendamping\.({'|'.join(FEATURES)})(\.\w+)?\.models")
    assert {home for home in homes if not features.fullmatch(home)} == {"pendamping.kernel.audit"}
    assert [name for name in modules() if name.split(".")[1] in AUDIENCES and name.endswith(".models")] == []


@pytest.mark.parametrize("name", [name for name in modules() if name.endswith((".routes", ".forms"))])
def test_routes_and_forms_make_no_queries(name: str) -> None:
    called = set(calls(ast.parse(modules()[name].read_text(encoding="utf-8"))))

    assert called & {"select", "sa.select", "text", "insert", "update", "delete"} == set()


def test_only_the_kernel_commits() -> None:
    committing = re.compile(r"\.(commit|rollback)$")
    found = {
        name
        for name, path in modules().items()
        if any(committing.search(each) for each in calls(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert found == {"pendamping.kernel.database", "pendamping.migrations.env"}


def test_only_the_kernel_locks_rows() -> None:
    found = {name for name, path in modules().items() if "with_for_update" in path.read_text(encoding="utf-8")}

    assert found == {"pendamping.kernel.locks"}


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = re.compile(r"(datetime|date)\.(now|today|utcnow)$|^time\.time$")
    found = {
        name
        for name, path in modules().items()
        if any(asking.search(each) for each in calls(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert found == {"pendamping.kernel.clock"}


def test_no_module_has_a_name_that_would_fit_everything() -> None:
    assert {name for name in modules() if set(name.split(".")) & VAGUE} == set()


def test_no_file_and_no_function_swallows_a_feature() -> None:
    too_long = {}
    for name, path in modules().items():
        source = path.read_text(encoding="utf-8")
        if (lines := source.count("\n")) > MAX_FILE_LINES:
            too_long[name] = lines
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and (lines := _lines_of(node)) > MAX_FUNCTION_LINES:
                too_long[f"{name}.{node.name}"] = lines

    assert too_long == {}


def _lines_of(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1

"""What the import rules in pyproject.toml cannot say of how the house is laid out."""

import ast
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

import pytest

from pendamping.kernel.tables import Base
from tests.architecture.layout import AUDIENCES, FEATURES, PACKAGE, REPOSITORY, modules, rules_of_features

VAGUE = {"utils", "helpers", "common", "manager", "misc", "data"}
TESTS_OF_THE_WHOLE = {"architecture", "bench", "e2e", "faults", "js"}
MAX_FILE_LINES, MAX_FUNCTION_LINES = 500, 50


def contract(name: str) -> dict[str, Any]:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    (found,) = (each for each in settings["tool"]["importlinter"]["contracts"] if each["id"] == name)
    assert isinstance(found, dict)
    return found


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


def test_tests_stand_where_the_code_stands() -> None:
    tests = REPOSITORY / "tests"
    folders = {path.parent.relative_to(tests) for path in tests.glob("*/**/test_*.py")}

    apart = {folder for folder in folders if not (PACKAGE / folder / "__init__.py").exists()}
    assert {folder.parts[0] for folder in apart} == TESTS_OF_THE_WHOLE


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

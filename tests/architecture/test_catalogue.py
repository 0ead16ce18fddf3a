"""The English catalogue: it holds every text of the screens and nothing else, and each translation fits its source."""

import ast
import functools
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale, ngettext
from jinja2 import Environment, nodes

import pendamping

PACKAGE = Path(pendamping.__file__).parent
TRANSLATIONS = PACKAGE / "translations"
PO = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))

KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "N_": None}
"""The same as in `./dev words`."""
TRANSLATES_VARIABLES = {"kernel/i18n.py"}
"""It says what modules below the web have marked with `N_`."""
FILLED_IN = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
SENTENCE_ENDS = (".", ":", "?", "!", "…")
LOOKS_LIKE_WORDS = re.compile(r"[A-Z]|[^\W\d_] [^\W\d_]")
NAMES = {"Bahasa Indonesia", "English", " WITA"}

Text: TypeAlias = tuple[str, ...]
"""What stands in the source: a text, or a text for one and a text for many."""


@functools.cache
def extracted() -> frozenset[Text]:
    """Every text in modules and templates, found the way `./dev words` finds them."""
    with (TRANSLATIONS / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    found = extract_from_dir(PACKAGE, methods, options, KEYWORDS)
    return frozenset(texts_of(message) for _, _, message, _, _ in found)


@functools.cache
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def texts_of(message: object) -> Text:
    return (message,) if isinstance(message, str) else tuple(message)  # type: ignore[arg-type]


def words_of(words: Catalog) -> dict[Text, Text]:
    """Each source with its translation, as many forms as there are."""
    return {texts_of(message.id): texts_of(message.string) for message in words if message.id}


ALIKE_IN_BOTH = {"Admin", "Agenda", "Target"}


def pairs() -> Iterator[tuple[str, str]]:
    for source, translation in words_of(catalogue()).items():
        yield from zip(source, translation, strict=True)


def test_every_text_on_the_screens_is_in_the_catalogue() -> None:
    assert extracted() - words_of(catalogue()).keys() == set(), "run ./dev words and translate these"


def test_the_catalogue_holds_nothing_that_no_screen_says() -> None:
    assert words_of(catalogue()).keys() - extracted() == set(), "run ./dev words"
    assert list(catalogue().obsolete) == []


def test_every_text_is_translated() -> None:
    assert [source for source, translation in pairs() if not translation.strip()] == []


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


def test_no_translation_is_its_source() -> None:
    assert {source for source, translation in pairs() if source == translation} == ALIKE_IN_BOTH


def test_what_is_filled_into_a_text_is_filled_into_its_translation() -> None:
    assert [
        (source, translation)
        for source, translation in pairs()
        if sorted(FILLED_IN.findall(source)) != sorted(FILLED_IN.findall(translation))
    ] == []


def test_a_percent_sign_only_begins_what_is_filled_in() -> None:
    """Templates fill in every text they say, so a sign of its own would break the page."""
    assert [text for pair in pairs() for text in pair if "%" in FILLED_IN.sub("", text)] == []


def test_a_translation_begins_and_ends_like_its_source() -> None:
    assert [pair for pair in pairs() if not (_begin_alike(*pair) and _end_alike(*pair))] == []


def _begin_alike(source: str, translation: str) -> bool:
    both_are_letters = source[:1].isalpha() and translation[:1].isalpha()
    return not both_are_letters or source[:1].isupper() == translation[:1].isupper()


def _end_alike(source: str, translation: str) -> bool:
    ends = {text[-1:] if text.endswith(SENTENCE_ENDS) else "" for text in (source, translation)}
    return len(ends) == 1


def test_what_is_compiled_is_what_is_written() -> None:
    fresh = BytesIO()
    write_mo(fresh, catalogue())
    fresh.seek(0)
    with MO.open("rb") as file:
        compiled = read_mo(file)

    assert words_of(compiled) == words_of(read_mo(fresh)), "run ./dev words"
    assert len(words_of(compiled)) == len(catalogue())


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", ["0 hari", "1 hari", "2 hari"]), ("en", ["0 days", "1 day", "2 days"])],
)
def test_a_number_takes_the_form_that_its_language_has(
    sqlite_app: tuple[Flask, object], language: str, said: list[str]
) -> None:
    with sqlite_app[0].test_request_context(), force_locale(language):
        assert [ngettext("%(num)s hari", "%(num)s hari", number) for number in range(3)] == said


def test_whatever_translates_goes_by_a_name_that_the_extraction_knows() -> None:
    unknown = {
        f"{_name(path)}: {given.asname or given.name}"
        for path in MODULES
        for imports in ast.walk(_tree(path))
        if isinstance(imports, ast.ImportFrom) and imports.module == "flask_babel"
        for given in imports.names
        if "gettext" in given.name and (given.asname or given.name) not in KEYWORDS
    }

    assert unknown == set()


def test_a_module_writes_a_text_where_it_is_translated_or_marked() -> None:
    translating = {
        _name(path)
        for path in MODULES
        for call in ast.walk(_tree(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
        if not (call.args and isinstance(call.args[0], ast.Constant))
    }

    assert translating == TRANSLATES_VARIABLES


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: _name(path))
def test_a_template_gives_no_words_that_are_not_translated(path: Path) -> None:
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text(encoding="utf-8"))
    calls = [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)]
    translated = [call for call in calls if isinstance(call.node, nodes.Name) and call.node.name in KEYWORDS]
    compared = list(tree.find_all(nodes.Compare))
    not_said = {id(constant) for node in [*translated, *compared] for constant in node.find_all(nodes.Const)}
    given = [each.value for each in tree.find_all(nodes.Const) if id(each) not in not_said]

    assert [call for call in translated if not isinstance(call.args[0], nodes.Const)] == []
    assert [
        each for each in given if isinstance(each, str) and LOOKS_LIKE_WORDS.search(each) and each not in NAMES
    ] == []


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))

"""Templates: sound, free of leftovers, of anything inline, and of words that only one language has."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from flask import Flask
from jinja2 import Environment, nodes

import pendamping
from pendamping import template_globals

TEMPLATES = Path(pendamping.__file__).parent / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
COMPONENTS = [name for name in ALL if name.startswith("components/")]

INLINE = re.compile(r"\sstyle\s*=|\son[a-z]+\s*=|<style\b|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
TOLD_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
SAME_IN_EVERY_LANGUAGE = {"PDF", "XLSX", "Pendamping", "WITA"}
CLASSES = re.compile(r"\{% block \w+_class %\}.*?\{% endblock \w+_class %\}", re.DOTALL)
"""Blocks that stand inside an attribute."""
WORD = re.compile(r"[^\W\d_]{2}")
BLANKS = " \n·"


def source_of(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.fixture
def jinja(sqlite_app: tuple[Flask, object]) -> Environment:
    return sqlite_app[0].jinja_env


@pytest.mark.parametrize("name", ALL)
def test_a_template_compiles(jinja: Environment, name: str) -> None:
    jinja.get_template(name)


@pytest.mark.parametrize("name", ALL)
def test_a_template_names_only_templates_that_are_there(jinja: Environment, name: str) -> None:
    named = re.findall(r"\"([\w/]+\.html)\"", source_of(name))

    assert [each for each in named if each not in ALL] == []


@pytest.mark.parametrize("name", ALL)
def test_every_macro_that_is_imported_is_used(jinja: Environment, name: str) -> None:
    tree = jinja.parse(source_of(name))
    used = {each.name for each in tree.find_all(nodes.Name)}

    assert [each for each in _imported(tree) if each not in used] == []


def _imported(tree: nodes.Template) -> Iterator[str]:
    for each in tree.find_all(nodes.Import):
        yield each.target
    for imports in tree.find_all(nodes.FromImport):
        for given in imports.names:
            yield given[1] if isinstance(given, tuple) else given


@pytest.mark.parametrize("name", ALL)
def test_what_a_macro_takes_is_there_to_be_imported(jinja: Environment, name: str) -> None:
    for imports in jinja.parse(source_of(name)).find_all(nodes.FromImport):
        assert isinstance(imports.template, nodes.Const)
        offered = {each.name for each in jinja.parse(source_of(imports.template.value)).find_all(nodes.Macro)}
        wanted = {given[0] if isinstance(given, tuple) else given for given in imports.names}
        assert wanted <= offered


def test_every_template_is_reached_from_somewhere() -> None:
    """A page is rendered by a module, everything else by another template."""
    modules = [path.read_text(encoding="utf-8") for path in TEMPLATES.parent.rglob("*.py")]
    everything = "".join([*modules, *map(source_of, ALL)])

    assert [name for name in ALL if f'"{name}"' not in everything] == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_says_what_it_is_and_takes(name: str) -> None:
    before_macros = re.findall(r"((?:\{#(?:(?!#\}).)*#\}\s*)?)\{%-?\s*macro\s+(\w+)", source_of(name), re.DOTALL)

    assert before_macros
    assert [macro for comment, macro in before_macros if not comment] == []


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_inline(name: str) -> None:
    source = source_of(name)

    assert INLINE.findall(source) == []
    assert [tag for tag in SCRIPT.findall(source) if " src=" not in tag and 'type="application/json"' not in tag] == []


@pytest.mark.parametrize("name", ALL)
def test_every_word_on_the_screen_can_be_translated(jinja: Environment, name: str) -> None:
    soup = BeautifulSoup(own_text(jinja, name), "html.parser")
    said = [str(text) for text in soup.find_all(string=True) if not isinstance(text, PreformattedString)]
    said += [str(tag[each]) for tag in soup.find_all(True) for each in TOLD_ATTRIBUTES if tag.get(each)]
    said += [str(tag["content"]) for tag in soup.select("meta[name=description]")]

    assert [text for text in said if WORD.search(text) and text.strip(BLANKS) not in SAME_IN_EVERY_LANGUAGE] == []


def own_text(jinja: Environment, name: str) -> str:
    """What the template says by itself, with a blank wherever it says what it is given."""
    written = CLASSES.sub("", source_of(name))
    return "".join(text if kind == "data" else "·" for _, kind, text in jinja.lex(written))


def test_no_two_features_teach_templates_one_word() -> None:
    names = [word.__name__ for feature in template_globals.FEATURES for word in feature.WORDS]

    assert sorted(names) == sorted(set(names))
    assert set(names) == set(template_globals.template_globals())

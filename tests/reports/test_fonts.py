"""The shipped fonts are known by version, licence and digest, and are whole."""

import hashlib
import tomllib
from importlib import resources

import pytest
from fontTools.ttLib import TTFont

FOLDER = resources.files("pendamping") / "fonts"
FILES = {each["path"]: each for each in tomllib.loads((FOLDER / "fonts.toml").read_text(encoding="utf-8"))["file"]}


@pytest.mark.parametrize("path", FILES)
def test_a_font_is_the_one_that_was_looked_at(path: str) -> None:
    assert hashlib.sha512((FOLDER / path).read_bytes()).hexdigest() == FILES[path]["sha512"]


@pytest.mark.parametrize("path", FILES)
def test_a_font_comes_with_version_source_and_licence(path: str) -> None:
    entry = FILES[path]

    assert all(entry[name] for name in ("name", "version", "licence", "source", "changes"))
    assert "SIL OPEN FONT LICENSE" in (FOLDER / entry["licence_file"]).read_text(encoding="utf-8")


def test_no_font_lies_there_unlisted() -> None:
    licences = {entry["licence_file"] for entry in FILES.values()}

    assert {each.name for each in FOLDER.iterdir()} == {"fonts.toml", *FILES, *licences}


@pytest.mark.parametrize(("path", "weight"), [("PlusJakartaSans-Regular.ttf", 400), ("PlusJakartaSans-Bold.ttf", 700)])
def test_a_font_has_the_weight_it_is_named_for_and_the_letters_we_write(path: str, weight: int) -> None:
    with (FOLDER / path).open("rb") as file:
        font = TTFont(file)

    assert font["OS/2"].usWeightClass == weight
    assert "fvar" not in font
    assert set(map(ord, "ABCXYZabcxyzÀÖßéñ0123456789.,:;–—“”‘’…·−")) <= set(font.getBestCmap())

"""What is sent of a stylesheet that imports others."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import pendamping
from pendamping.kernel.stylesheets import CLASS, IMPORT, trimmed, whole

PRODUCT = Path(pendamping.__file__).parent
CSS = PRODUCT / "static" / "css"
KEPT = frozenset((CSS / "bootstrap.min.keep").read_text(encoding="utf-8").split())
OWN_KEPT = frozenset((CSS / "own.keep").read_text(encoding="utf-8").split())
TEMPLATES = PRODUCT / "templates"
NOT_FOR_COOPERATIVES = frozenset(
    {"search/_box.html", "search/_to_search.html", "field/_tablet.html", "field/_sync_pill.html"}
)
PLAIN_ATTRIBUTE = re.compile(r"""(?<![,(\s])\s+[\w-]+="[\w-]*\"""")
HANDED_ON = re.compile(r"""["']([\w-]+)["'](?!\s*:)""")
"""A word between quotes, no key: what a template or a script makes a class of."""
BOOTSTRAP = (CSS.parent / "vendor" / "bootstrap.min.css").read_text(encoding="utf-8")


def test_what_is_imported_stands_inside_its_layer_and_nothing_is_left_to_fetch() -> None:
    for name in ("app.css", "visit.css"):
        written, sent = (CSS / name).read_text(encoding="utf-8"), whole(CSS / name)
        files = [CSS / found["file"] for found in IMPORT.finditer(written)]

        assert sent is not None
        assert files
        assert "@import" not in sent
        assert "@charset" not in sent
        for file in files:
            if (CSS / f"{file.stem}.keep").is_file():
                continue
            assert file.read_text(encoding="utf-8").removeprefix('@charset "UTF-8";') in sent
    assert "@media print {\n@layer print {" in (whole(CSS / "app.css") or "")
    assert whole(CSS / "tokens.css") is None


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a{b:c}.x{d:e}.y{f:g}", "a{b:c}.x{d:e}"),
        (".x,.y,.x .y{a:b}", ".x{a:b}"),
        (".x:not(.y):hover{a:b}", ".x:not(.y):hover{a:b}"),
        (".x:is(.x,.y),p:is(a,b){a:b}", "p:is(a,b){a:b}"),
        ("@media (x){.y{a:b}.x{c:d}}@media (z){.y{a:b}}", "@media (x){.x{c:d}}"),
        ("@keyframes k{0%{a:b}}/* .x{ */p{a:b}", "@keyframes k{0%{a:b}}p{a:b}"),
        ("[type=x]{a:url(data:image/svg+xml,%3csvg viewBox=%270 0 1 1%27/%3e)}", None),
    ],
)
def test_a_foreign_stylesheet_is_sent_without_what_nobody_asks_for(text: str, sent: str | None) -> None:
    assert trimmed(text, ["x"]) == (text if sent is None else sent)


def test_every_class_of_bootstrap_that_is_written_anywhere_is_kept() -> None:
    """Also one that is put together, as in `"btn-" ~ look`; a class too many does no harm."""
    html, js, py = (_written_in(PRODUCT.rglob(f"*.{kind}")) for kind in ("html", "js", "py"))
    source = f"{html}\n{js}\n{py}"
    words = set(re.findall(r"[A-Za-z][\w-]*", source))
    begun = set(re.findall(r"([a-z][a-z-]*-)(?:[\"'`]|\{\{|\{%|\$\{)", source))
    classes = set(CLASS.findall(BOOTSTRAP))
    joined = _put_together(classes, begun, f"{html}\n{js}")

    assert (classes & words) | joined <= KEPT
    sent = trimmed(BOOTSTRAP, KEPT)
    assert set(CLASS.findall(sent)) >= {"btn", "btn-primary", "btn-outline-primary", "form-control", "form-select"}
    assert len(sent) < len(BOOTSTRAP) / 4


def _written_in(files: Iterable[Path]) -> str:
    return "\n".join(each.read_text(encoding="utf-8") for each in files if "vendor" not in each.parts)


def _put_together(classes: Iterable[str], begun: Iterable[str], source: str) -> set[str]:
    """Those that begin so and end in a word that a template or a script hands on: `button(label, url, "primary")`."""
    handed_on = set(HANDED_ON.findall(PLAIN_ATTRIBUTE.sub(" ", source)))
    return {each for each in classes for begin in begun if each.startswith(begin) and each[len(begin) :] in handed_on}


def _with_all_they_name(names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            source = (TEMPLATES / name).read_text(encoding="utf-8")
            waiting += re.findall(r'\{%-?\s*(?:extends|include|from|import)\s+"([^"]+)"', source)
    return found


def test_every_class_on_the_cooperatives_own_pages_is_kept() -> None:
    """Of ours each that is written anywhere, of Bootstrap's those that are written as a class; put together or not."""
    pages = [f"portal/{each.name}" for each in (TEMPLATES / "portal").glob("*.html")]
    names = _with_all_they_name([*pages, "links/open.html"]) - NOT_FOR_COOPERATIVES
    scripts = [*(CSS.parent / "js" / "portal").glob("*.js"), CSS.parent / "js" / "shell.js"]
    source = _written_in([*(TEMPLATES / name for name in names), *scripts])
    words = set(re.findall(r"[A-Za-z][\w-]*", source))
    begun = tuple(set(re.findall(r"([a-z][a-z_-]*-)(?:[\"'`]|\{\{|\{%|\$\{)", source)))
    attributes = re.findall(r'class"?[=:] ?"((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', source)
    as_class = set(re.findall(r"[A-Za-z][\w-]*", re.sub(r"\{%.*?%\}", " ", " ".join(attributes))))
    imported = [(CSS / found["file"]).resolve() for found in IMPORT.finditer((CSS / "app.css").read_text("utf-8"))]
    ours = {each for file in imported if file.parent == CSS for each in CLASS.findall(file.read_text("utf-8"))}
    foreign = set(CLASS.findall(BOOTSTRAP))
    looks = _put_together(foreign, begun, source)

    assert (ours & words) | {each for each in ours if each.startswith(begun)} <= OWN_KEPT
    assert (foreign & as_class) | looks <= OWN_KEPT


def test_the_cooperatives_stylesheet_is_every_pages_but_for_what_these_pages_do_not_ask_for() -> None:
    sent = whole(CSS / "app.css", CSS / "own.keep") or ""

    assert sent.startswith("@layer bootstrap, tokens, base, layout, components, pages, print;")
    assert set(CLASS.findall(sent)) >= {"topbar", "own-action", "btn-primary", "stepper__step--now"}
    assert ".calendar" not in sent
    assert "</" not in sent
    assert len(sent) < len(whole(CSS / "app.css") or "") / 2


def test_what_is_imported_from_another_folder_refers_to_nothing_beside_it() -> None:
    for name in ("app.css", "visit.css"):
        for found in IMPORT.finditer((CSS / name).read_text(encoding="utf-8")):
            file = (CSS / found["file"]).resolve()
            if file.parent != CSS:
                assert not re.search(r"url\((?![\"']?data:)", file.read_text(encoding="utf-8")), file


def test_a_browser_that_has_it_is_told_so(client: FlaskClient) -> None:
    first = client.get("/static/x/css/app.css", buffered=True)
    again = client.get("/static/x/css/app.css", headers={"If-None-Match": first.headers["ETag"]}, buffered=True)

    assert (first.mimetype, again.status_code) == ("text/css", 304)

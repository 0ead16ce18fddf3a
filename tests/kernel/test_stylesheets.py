"""What is sent of a stylesheet that imports others."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import pendamping
from pendamping.kernel.stylesheets import CLASS, IMPORT, trimmed, whole

PRODUCT = Path(pendamping.__file__).parent
CSS = PRODUCT / "static" / "css"
KEPT = frozenset((CSS / "bootstrap.min.keep").read_text(encoding="utf-8").split())
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
    files = [each for kind in ("html", "js", "py") for each in PRODUCT.rglob(f"*.{kind}")]
    source = "\n".join(each.read_text(encoding="utf-8") for each in files if "vendor" not in each.parts)
    words = set(re.findall(r"[A-Za-z][\w-]*", source))
    begun = set(re.findall(r"([a-z][a-z-]*-)(?:[\"'`]|\{\{|\{%|\$\{)", source))
    classes = set(CLASS.findall(BOOTSTRAP))
    joined = {each for each in classes for begin in begun if each.startswith(begin) and each[len(begin) :] in words}

    assert (classes & words) | joined <= KEPT
    sent = trimmed(BOOTSTRAP, KEPT)
    assert set(CLASS.findall(sent)) >= {"btn", "btn-primary", "btn-outline-primary", "form-control", "form-select"}
    assert len(sent) < len(BOOTSTRAP) / 4


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

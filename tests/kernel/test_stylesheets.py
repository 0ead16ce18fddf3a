"""What is sent of a stylesheet that imports others."""

import re
from pathlib import Path

from flask.testing import FlaskClient

import pendamping
from pendamping.kernel.stylesheets import IMPORT, whole

CSS = Path(pendamping.__file__).parent / "static" / "css"


def test_what_is_imported_stands_inside_its_layer_and_nothing_is_left_to_fetch() -> None:
    for name in ("app.css", "visit.css"):
        written, sent = (CSS / name).read_text(encoding="utf-8"), whole(CSS / name)
        files = [CSS / found["file"] for found in IMPORT.finditer(written)]

        assert sent is not None
        assert files
        assert "@import" not in sent
        assert "@charset" not in sent
        for file in files:
            assert file.read_text(encoding="utf-8").removeprefix('@charset "UTF-8";') in sent
    assert "@media print {\n@layer print {" in (whole(CSS / "app.css") or "")
    assert whole(CSS / "tokens.css") is None


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

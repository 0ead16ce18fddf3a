"""What makes a browser carry the product: the worker's script, the manifest, the page for what is not there."""

import json
import re
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from pendamping.app import create_app
from tests.pages import Page


def release_of(script: str) -> dict[str, object]:
    found = re.search(r"startWorker\(self, (\{.*\})\);", script, re.DOTALL)
    assert found
    release: dict[str, object] = json.loads(found[1])
    return release


def status_of(client: FlaskClient, url: str) -> int:
    with client.get(url) as answer:  # a file that is sent is closed with its answer
        return answer.status_code


def test_the_worker_names_every_file_of_its_build(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    release = release_of(answer.get_data(as_text=True))
    assets = release["assets"]

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert isinstance(assets, list)
    assert {status_of(client, each) for each in assets} == {200}
    assert all(f"/static/{release['build']}/" in each for each in assets)
    carried = {each.split("/", 3)[3] for each in assets}
    assert {"js/visit/form.js", "js/field/app.js", "css/app.css", "icons/sprite.svg"} <= carried
    assert not any("licences" in each or each.endswith(".toml") for each in carried)


def test_the_worker_can_be_told_to_take_itself_out(sqlite_app: tuple[Flask, object]) -> None:
    settings = replace(sqlite_app[0].config["SETTINGS"], has_field_worker=False)

    script = create_app(settings).test_client().get("/sw.js").get_data(as_text=True)

    assert "unregister()" in script
    assert "startWorker" not in script


def test_the_manifest_names_icons_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    manifest = json.loads(answer.data)

    assert answer.mimetype == "application/manifest+json"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert {status_of(client, icon["src"]) for icon in manifest["icons"]} == {200}
    assert manifest["start_url"] == manifest["scope"] == "/"


def test_the_page_for_what_is_not_there_names_nobody(client: FlaskClient) -> None:
    page = Page(client.get("/luring"))

    assert page.status == 200
    assert page.has("tidak dibawa tablet")
    assert page.soup.select_one("[data-field-user]") is None

"""Reads pages the way a strict reader would: each one that a test opens is checked, at no cost to the test."""

import base64
import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Callable, Container, Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.kernel.tables import Base


class Page:
    """One HTML answer, parsed and found sound."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.soup = BeautifulSoup(_without_first_newlines(response.get_data(as_text=True)), "lxml")
        refuse_unsound(self.soup, response.headers.get("Content-Security-Policy", ""))

    @property
    def heading(self) -> str:
        return self.text("h1")

    def text(self, selector: str) -> str:
        found = self.soup.select_one(selector)
        assert found is not None, f"nothing on the page matches {selector}"
        return " ".join(found.get_text(" ").split())

    def texts(self, selector: str) -> list[str]:
        return [" ".join(each.get_text(" ").split()) for each in self.soup.select(selector)]

    def has(self, words: str) -> bool:
        main = self.soup.select_one("main") or self.soup
        return words in " ".join(main.get_text(" ").split())

    def fields(self, form: str = "main form[method=post]") -> dict[str, Any]:
        """What the form would send as it stands, the way a browser collects it."""
        found = self.soup.select_one(form)
        assert found is not None, f"no form matches {form}"
        return collected(found)


def _without_first_newlines(html: str) -> str:
    """A browser drops the newline that a text area begins with; this quicker parser leaves it in."""
    return re.sub(r"(<textarea\b[^>]*>)\r?\n", r"\1", html)


class Browser:
    """A client for pages: signs people in without the cost of hashing, and checks every page it opens."""

    def __init__(self, app: Flask, make: Callable[[], Any]) -> None:
        self.app = app
        self.make = make
        self.client = app.test_client()

    def sign_in(self, user: User | tuple[uuid.UUID, int]) -> None:
        user_id = user.get_id() if isinstance(user, User) else f"{user[0]}:{user[1]}"
        with self.client.session_transaction() as session:
            session["_user_id"] = user_id
            session["_fresh"] = True

    @property
    def token(self) -> str:
        """What the forms of whoever is signed in carry, without the cost of opening one."""
        return str(self.client.get("/api/v1/session").get_json()["csrf_token"])

    def open(self, url: str) -> Page:
        return Page(self.client.get(url))

    def send(self, url: str, fields: Mapping[str, Any], *, follow: bool = True) -> Page:
        return Page(self.client.post(url, data=fields, follow_redirects=follow))

    def stored(self, column: Any, *where: Any) -> list[Any]:
        """What the database holds by now."""
        with self.app.app_context():
            return list(reading().scalars(select(column).where(*where)))

    def count(self, table: type[Base]) -> int:
        with self.app.app_context():
            return reading().scalar(select(func.count()).select_from(table)) or 0


def collected(form: Tag) -> dict[str, Any]:
    collected: dict[str, list[str]] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        if control.has_attr("disabled") or control.find_parent("fieldset", attrs={"disabled": True}):
            continue
        for value in _values(control):
            collected.setdefault(str(control["name"]), []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in collected.items()}


def _values(control: Tag) -> list[str]:
    if control.name == "select":
        options = control.select("option")
        chosen = [option for option in options if option.has_attr("selected")] or options[:1]
        return [str(option.get("value", option.get_text())) for option in chosen]
    if control.name == "textarea":
        return [control.get_text()]
    if control.get("type") in ("checkbox", "radio") and not control.has_attr("checked"):
        return []
    return [] if control.get("type") in ("submit", "button") else [str(control.get("value", ""))]


INLINE = ("style", "onclick", "onload", "onchange", "onsubmit")
REFERENCES = ("aria-describedby", "aria-labelledby")


def refuse_unsound(soup: BeautifulSoup, policy: str) -> None:
    """One h1, a title, a language, a label for each input, unique ids, a token in each form, nothing inline but the one
    stylesheet whose hash the page's policy names.
    """
    assert soup.select_one("head > title"), "no title"
    assert soup.html is not None
    assert soup.html.get("lang") in ("id", "en"), "no language"
    ids: Counter[str] = Counter()
    names: Counter[str] = Counter()
    labelled: set[str] = set()
    controls: list[Tag] = []
    references: list[tuple[str, str]] = []
    for tag in soup.find_all(True):  # once over a page: most of what a test of a page takes is spent here
        names[tag.name] += 1
        _refuse_by_itself(tag, policy)
        if "id" in tag.attrs:
            ids[str(tag["id"])] += 1
        if tag.name == "label" and "for" in tag.attrs:
            labelled.add(str(tag["for"]))
        if tag.name in ("input", "select", "textarea"):
            controls.append(tag)
        references += [(name, str(tag[name])) for name in REFERENCES if name in tag.attrs]
    assert names["h1"] == 1, f"{names['h1']} h1 on the page"
    assert max(ids.values(), default=0) <= 1, f"ids stand twice: {sorted(i for i in ids if ids[i] > 1)}"
    for control in controls:
        assert control.get("type") == "hidden" or _is_labelled(control, labelled), f"no label: {control}"
    for name, targets in references:
        for target in targets.split():
            assert target in ids, f"{name} points to nothing: {target}"


def _refuse_by_itself(tag: Tag, policy: str) -> None:
    inline = any(name in tag.attrs for name in INLINE) or (tag.name == "style" and _hash_of(tag) not in policy)
    assert not inline, f"something inline: {tag}"
    if tag.name == "script" and "src" not in tag.attrs:
        assert tag.get("type") == "application/json", "an inline script"
    if tag.name == "form" and tag.get("method") == "post":
        assert tag.select_one("[name=csrf_token]"), "a form without a token"


def _hash_of(style: Tag) -> str:
    digest = hashlib.sha256(str(style.string).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _is_labelled(control: Tag, labelled: Container[str]) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label"):
        return True
    return control.get("id") in labelled

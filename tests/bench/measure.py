"""Asks one page many times over and notes what the server and the whole request took."""

import http.client
import json
import re
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Figure:
    """Times of one page in milliseconds, and its size as it went over the wire."""

    server_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    kilobytes: float = 0.0


def found_on(url: str, path: str, person: tuple[str, str], pattern: str) -> str:
    """The first address on a page that matches."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.request("GET", path, headers={"Cookie": signed_in(connection, *person)})
    found = re.search(pattern, connection.getresponse().read().decode())
    if not found:
        raise RuntimeError(f"nothing on {path} matches {pattern}")
    return found[0]


def keep_uploading(url: str, person: tuple[str, str], photo: bytes, stop: Event, *, pause: float) -> int:
    """Send one photo after the other until told to stop, with so many seconds between; returns how many went."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    cookie = signed_in(connection, *person)
    connection.request("GET", "/api/v1/session", headers={"Cookie": cookie})
    answer = connection.getresponse()
    cookie = (answer.headers["Set-Cookie"] or cookie).split(";")[0]  # the token lives in it
    token = json.loads(answer.read())["csrf_token"]
    headers = {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "image/jpeg"}
    sent = 0
    while not stop.is_set():
        connection.request("PUT", f"/api/v1/attachments/{uuid.uuid4()}", body=photo, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            raise RuntimeError(f"an upload answered {answer.status}")
        sent += 1
        stop.wait(pause)
    return sent


def measured(
    url: str,
    path: str,
    person: tuple[str, str],
    *,
    requests: int,
    clients: int,
    before_each: Callable[[], object] = lambda: None,
) -> Figure:
    """Let `clients` ask for a page at once, `requests` times each, after a few that are not counted.

    Args:
        before_each: done before each request and not timed, e.g. emptying a cache.
    """
    figure = Figure()
    with ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(_ask, url, path, person, requests, figure, before_each) for _ in range(clients)]:
            done.result()
    return figure


def _ask(
    url: str, path: str, person: tuple[str, str], requests: int, figure: Figure, before_each: Callable[[], object]
) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Cookie": signed_in(connection, *person), "Accept-Encoding": "br"}
    for number in range(requests + 5):
        before_each()
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        wall = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        if number >= 5:
            figure.server_ms.append(float((answer.headers["Server-Timing"] or "dur=0").split("dur=")[1]))
            figure.wall_ms.append(wall)
            figure.kilobytes = len(body) / 1000


def signed_in(connection: http.client.HTTPConnection, username: str, password: str) -> str:
    """The cookie of somebody who has signed in over this connection."""
    connection.request("GET", "/masuk")
    answer = connection.getresponse()
    found = TOKEN.search(answer.read())
    cookie = (answer.headers["Set-Cookie"] or "").split(";")[0]
    if not found:
        raise RuntimeError("no form at /masuk")
    fields = urlencode({"csrf_token": found[1].decode(), "username": username, "password": password})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/masuk", body=fields, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise RuntimeError(f"signing in answered {answer.status}")
    return (answer.headers["Set-Cookie"] or "").split(";")[0]

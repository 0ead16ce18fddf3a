"""Asks one page many times over and notes what the server and the whole request took."""

import http.client
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Figure:
    """Times of one page in milliseconds, and its size as it went over the wire."""

    server_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    kilobytes: float = 0.0


def measured(url: str, path: str, person: tuple[str, str], *, requests: int, clients: int) -> Figure:
    """Let `clients` ask for a page at once, `requests` times each, after a few that are not counted."""
    figure = Figure()
    with ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(_ask, url, path, person, requests, figure) for _ in range(clients)]:
            done.result()
    return figure


def _ask(url: str, path: str, person: tuple[str, str], requests: int, figure: Figure) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Cookie": _signed_in(connection, *person), "Accept-Encoding": "br"}
    for number in range(requests + 5):
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


def _signed_in(connection: http.client.HTTPConnection, username: str, password: str) -> str:
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

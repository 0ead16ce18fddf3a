"""What a server does only once is done before the story begins, and not again after every kill.

A process makes each statement, each template and each pattern at its first use; cold, a server spends seconds on that
after every kill, and a story is mostly about those. Its mother does once what tablets ask for; what she forks inherits
that. It is written by somebody whom no story is about, and stands in the story's own database.
"""

import base64
import hashlib
import random
import threading
from collections.abc import Sequence

from flask import Flask
from flask.testing import FlaskClient

from tests.bench.measure import TOKEN
from tests.faults.place import Person
from tests.faults.writing import Pen, Written
from tests.make import PASSWORD

SEED, RECORDS = 1, 40
"""Enough for every kind of record, rivals among them."""


def warm_up(app: Flask, person: Person) -> None:
    """Sign in and hand in a queue: singly, in batches, for the second time; what it refers to, before it and after.

    Raises:
        RuntimeError: an answer is not what a tablet would get.
    """
    client = app.test_client()
    _sign_in(client, person)
    headers = {"X-CSRF-Token": str(client.get("/api/v1/session").get_json()["csrf_token"])}
    first, second = Pen(random.Random(SEED), person.codes, "hangat").write(RECORDS)
    for batch in (first[-1:], first, second, first):
        _hand_in(client, headers, batch)
    for photo in (photo for each in first for photo in each.photos):
        digest = base64.b64encode(hashlib.sha256(photo.data).digest()).decode()
        there = {**headers, "Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{digest}:"}
        _expect(client.put(f"/api/v1/attachments/{photo.id}", data=photo.data, headers=there).status_code, 201)
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()  # nobody may be at work while she forks


def _sign_in(client: FlaskClient, person: Person) -> None:
    found = TOKEN.search(client.get("/masuk").get_data())
    token = found[1].decode() if found else ""
    said = client.post("/masuk", data={"csrf_token": token, "username": person.username, "password": PASSWORD})
    _expect(said.status_code, 302)


def _hand_in(client: FlaskClient, headers: dict[str, str], batch: Sequence[Written]) -> None:
    records = [each.as_sent() for each in batch]
    _expect(client.post("/api/v1/records", json={"records": records}, headers=headers).status_code, 200)


def _expect(status: int, expected: int) -> None:
    if status != expected:
        raise RuntimeError(f"warming up, {status} instead of {expected}")

"""Queues carried to the office in a file: the same path, stored once, never believed without a signature."""

import base64
import io
import json
import resource
import threading
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.cli import main
from pendamping.field.copies.models import CopyImport
from pendamping.field.copies.reader import NotACopy, TooManyInCopy, read_copy
from pendamping.field.copies.taking import take_copy
from pendamping.field.models import Receipt, ServerEpoch
from pendamping.field.quarantine.models import HeldRecord
from pendamping.kernel.audit import Actor, AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.visits.models import Visit
from tests.conftest import NOW, TODAY
from tests.field import records
from tests.field.copies.writing import TabletKey, copy_of
from tests.field.records import hand_in, outcomes, record
from tests.make import MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser, Page
from tests.pictures import photo

URL = "/salinan"
DEVICE = uuid.UUID(int=12)


class Tablet:
    """A facilitator's tablet, and an admin who brings its files."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.key = browser, TabletKey()
        with browser.make() as rows:
            self.owner: User = rows.facilitator(username="ratna", name="Ratna Dewi")
            self.admin: User = rows.user(Role.ADMIN, name="Pak Admin")
            rows.session.add(
                Device(
                    id=DEVICE,
                    user_id=self.owner.id,
                    name="Tab merah",
                    public_key=self.key.public,
                    registered_at=NOW,
                    last_seen_at=NOW,
                )
            )

    def copy(self, *sent: dict[str, Any], is_signed: bool = True, **more: Any) -> dict[str, Any]:
        signing: dict[str, Any] = {"key": self.key, "device": DEVICE} if is_signed else {}
        return copy_of(self.owner.id, [{**each, "state": "waiting"} for each in sent], **{**signing, **more})

    def bring(self, content: dict[str, Any] | bytes, name: str = "pengiriman.json") -> Page:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.browser.sign_in(self.admin)
        fields = {"csrf_token": self.browser.token, "file": (io.BytesIO(data), name)}
        return Page(self.browser.client.post(URL, data=fields, content_type="multipart/form-data"))


@pytest.fixture
def tablet(browser: Browser) -> Tablet:
    return Tablet(browser)


def visit(**changes: Any) -> dict[str, Any]:
    return record(records.body(started=None, ended=None, **changes))


def test_a_signed_copy_is_stored_as_if_the_tablet_had_sent_it(browser: Browser, tablet: Tablet) -> None:
    id_ = str(uuid.uuid4())
    files = [{"id": id_, "base64": base64.b64encode(photo()).decode()}, {"id": str(uuid.uuid4()), "base64": "rusak!"}]
    sent = visit(photos=[id_])

    first, again = tablet.bring(tablet.copy(sent, files=files)), tablet.bring(tablet.copy(sent, files=files))

    for page in (first, again):
        assert page.has("Bertanda tangan tablet penulisnya.")
        assert page.has("Tersimpan 1, masuk karantina 0, tidak diterima 0 dari 1 catatan.")
    assert (browser.count(Visit), browser.count(Receipt), browser.count(CopyImport)) == (1, 1, 2)
    with browser.app.app_context():
        stored = reading().scalars(select(Visit)).one()
        assert stored.facilitator_id == tablet.owner.id
        assert reading().scalars(select(Attachment.cooperative_id)).one() == stored.cooperative_id
        recorded = select(AuditEvent.actor_name).where(AuditEvent.verb == "record_visit")
        assert reading().scalars(recorded).all() == ["Pak Admin"]
        assert reading().get_one(Device, DEVICE).receipts == 1
    browser.sign_in(tablet.owner)
    assert outcomes(hand_in(browser, sent)) == ["duplicate"]


def test_an_edited_copy_anothers_and_an_unsigned_one_wait_for_the_head(browser: Browser, tablet: Tablet) -> None:
    sound = tablet.copy(visit())
    edited = {**sound, "queue": sound["queue"].replace("Buku kas", "Buku emas")}
    with browser.make() as rows:
        other = rows.facilitator(MANGGAR)
    anothers = copy_of(other.id, [visit()], key=tablet.key, device=DEVICE)
    first_version = {**json.loads(tablet.copy(visit())["queue"]), "format": "pendamping-antrean", "version": 1}

    pages = [tablet.bring(each) for each in (edited, anothers, tablet.copy(visit(), is_signed=False), first_version)]

    assert all(page.has("masuk karantina 1") for page in pages)
    assert browser.count(Visit) == 0
    with browser.app.app_context():
        held = reading().scalars(select(HeldRecord)).all()
        assert sorted(each.why for each in held) == ["altered", "altered", "unsigned", "unsigned"]
        assert {each.brought_by for each in held} == {"Pak Admin"}
    browser.sign_in(tablet.owner)
    (result,) = hand_in(browser, {key: first_version["records"][0][key] for key in ("v", "kind", "id", "body")})
    assert result["outcome"] == "created"  # it has now come in a proper way


def test_a_copy_from_a_revoked_tablet_waits(browser: Browser, tablet: Tablet) -> None:
    with browser.make() as rows:
        device = rows.session.get_one(Device, DEVICE)
        device.revoked_at, device.revoked_by_id = NOW, tablet.admin.id

    assert tablet.bring(tablet.copy(visit())).has("masuk karantina 1")


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pengiriman.json", b"0" * 20_000_000)
    return packed.getvalue()


def _wrapped(queue: Any) -> bytes:
    return json.dumps({"format": "pendamping-antrean", "version": 2, "queue": queue}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        _bomb(),
        b"[" * 100_000,
        b'{"format": "lain", "version": 2, "queue": "{}"}',
        b'{"format": "pendamping-antrean", "version": 3, "queue": "{}"}',
        _wrapped({}),
        _wrapped("[" * 100_000),
        _wrapped(json.dumps({"user": "siapa", "records": []})),
        _wrapped(json.dumps({"user": str(uuid.uuid4()), "records": [7]})),
        _wrapped(json.dumps({"user": str(uuid.uuid4()), "records": [{"v": 1, "kind": "visit"}]})),
    ],
    ids=(
        *("empty", "broken off", "a list", "nothing", "no text", "a zip bomb", "nested deep", "another format"),
        *("a later version", "no text within", "nested deep within", "somebody", "a number", "no body"),
    ),
)
def test_what_is_no_copy_is_refused(data: bytes) -> None:
    with pytest.raises(NotACopy):
        read_copy(data, most=500)


def test_a_queue_of_five_thousand_is_for_the_command(browser: Browser, tablet: Tablet) -> None:
    many = [record("{}") for _ in range(5_000)]
    data = json.dumps(tablet.copy(*many, is_signed=False)).encode()

    with pytest.raises(TooManyInCopy):
        read_copy(data, most=500)
    assert len(read_copy(data, most=20_000).records) == 5_000
    assert tablet.bring(tablet.copy(*many[:501])).has(
        "Salinan ini berisi 501 catatan; sekali ambil paling banyak 500 lewat halaman, dan 20000 lewat perintah"
    )
    assert browser.count(CopyImport) == 0


@on_sqlite
def test_bad_files_are_refused_at_their_place_and_store_nothing(browser: Browser, tablet: Tablet) -> None:
    stranger = copy_of(uuid.uuid4(), [visit()])

    answers = [tablet.bring(each) for each in (b"{", _bomb(), b"", stranger)]
    browser.sign_in(tablet.admin)
    none = browser.send(URL, {"csrf_token": browser.token})

    assert [page.status for page in answers] == [422, 422, 422, 422]
    assert answers[0].text("#file-error").startswith("Berkas ini bukan salinan antrean dari tablet.")
    assert answers[3].text("#file-error").startswith("Penulis salinan ini tidak dikenal")
    assert (none.status, none.text("#file-error")) == (400, "Pilih berkasnya.")
    assert (browser.count(CopyImport), browser.count(HeldRecord)) == (0, 0)


def test_one_bad_record_and_one_bad_photo_harm_no_other(browser: Browser, tablet: Tablet) -> None:
    bomb = {"id": str(uuid.uuid4()), "base64": base64.b64encode(_bomb()[:2000]).decode()}
    odd = {**visit(), "id": "bukan-nomor"}

    page = tablet.bring(tablet.copy(visit(), odd, visit(visited_on="2026-04-31"), files=[bomb]))

    assert page.has("Tersimpan 1, masuk karantina 0, tidak diterima 2 dari 3 catatan.")
    assert browser.count(Visit) == 1


def test_of_two_admins_who_bring_the_same_file_at_once_nothing_is_doubled(browser: Browser, tablet: Tablet) -> None:
    sent = [visit() for _ in range(3)]
    copy = read_copy(json.dumps(tablet.copy(*sent)).encode(), most=500)
    ready, results = threading.Barrier(2), []

    def bring(name: str) -> None:
        with browser.app.test_request_context("/", method="POST"):
            author = reading().get_one(User, tablet.owner.id)
            ready.wait()
            results.append(take_copy(copy, author, actor=Actor(None, name), today=TODAY, now=NOW))

    threads = [threading.Thread(target=bring, args=(name,)) for name in ("satu", "dua")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [each.stored for each in results] == [3, 3]
    assert (browser.count(Visit), browser.count(Receipt), browser.count(CopyImport)) == (3, 3, 2)


@on_sqlite
def test_the_command_takes_the_same_way(browser: Browser, tablet: Tablet, tmp_path: Path) -> None:
    file = tmp_path / "pengiriman.json"
    file.write_text(json.dumps(tablet.copy(visit(), visit(visited_on="2026-04-15"))), encoding="utf-8")
    broken = tmp_path / "lain.json"
    broken.write_text("{}", encoding="utf-8")
    runner = CliRunner()
    command, epoch = main.commands["import-copy"], main.commands["new-epoch"]

    with browser.app.app_context():
        before = reading().scalars(select(ServerEpoch.value)).one()
    with browser.app.app_context():
        taken, refused = runner.invoke(command, [str(file)]), runner.invoke(command, [str(broken)])
        renewed = runner.invoke(epoch, [])

    assert "Tersimpan 1, masuk karantina 1, tidak diterima 0." in taken.output
    assert (refused.exit_code, "bukan salinan antrean" in refused.output) == (1, True)
    with browser.app.app_context():
        after = reading().scalars(select(ServerEpoch.value)).one()
        events = set(reading().scalars(select(AuditEvent.verb)))
    assert after != before
    assert after in renewed.output
    assert {"import_copy", "renew_epoch"} <= events
    browser.sign_in(tablet.owner)
    assert browser.client.get("/api/v1/session").get_json()["epoch"] == after


def test_an_edited_copy_puts_no_photo_under_a_visit_that_is_at_the_office(browser: Browser, tablet: Tablet) -> None:
    id_ = str(uuid.uuid4())
    sent, own, forged = visit(photos=[id_]), photo(), photo(colour="#000000")
    browser.sign_in(tablet.owner)
    assert outcomes(hand_in(browser, sent)) == ["created"]
    copy = tablet.copy(sent, files=[{"id": id_, "base64": base64.b64encode(own).decode()}])
    as_text = [base64.b64encode(each).decode() for each in (own, forged)]

    edited = tablet.bring({**copy, "queue": copy["queue"].replace(*as_text)})

    assert edited.has("hanya diterima dari tabletnya, atau dari salinan yang ditandatangani")
    assert browser.count(Attachment) == 0
    tablet.bring(copy)
    with browser.app.app_context():
        stored = reading().scalars(select(Attachment)).one()
        assert (stored.byte_size, stored.cooperative_id is not None) == (len(own), True)


def test_what_says_how_to_read_a_copy_is_found_without_building_the_rest() -> None:
    deep = b'{"format": "pendamping-salinan", "x": [' + b"[]," * 1_000_000 + b'[]], "version": 1}'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(NotACopy):
        read_copy(deep, most=500)

    grown_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kilobytes < 20_000

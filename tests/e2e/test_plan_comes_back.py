"""An action's way back in a real browser: agreed, disputed, reported with a photo, returned with a reason, verified."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.app import create_app
from pendamping.attachments.service import keep, receive
from pendamping.kernel.audit import Actor
from pendamping.kernel.clock import utc_now
from pendamping.kernel.database import transaction
from pendamping.kernel.files import files
from pendamping.plans import dialogue, moves
from pendamping.plans.models import Action
from tests.e2e.conftest import PHONE, TABLET, Device, DeviceMaker, Server
from tests.only import served_from_sqlite
from tests.pictures import photo

COOPERATIVE = "64.71.05.1002"
FORM = f"/koperasi/{COOPERATIVE}/kunjungan/baru"
ACTIONS = {"KL-02": "Ambil SK di notaris", "KL-01": "Daftarkan akta"}
WAITING = "/rencana-aksi/menunggu"


@pytest.fixture(scope="module")
def people(server: Server) -> Server:
    server.add_facilitator("intan", "Intan Permata", COOPERATIVE)
    server.add_user("cooperative", "kembali", "Pengurus", "--cooperative", COOPERATIVE)
    return server


@pytest.fixture
def office(people: Server, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The same database, for what the cooperative does on its own pages meanwhile."""
    for name in ("PENDAMPING_INSTANCE", "DATABASE_URL"):
        if name in people.environment:
            monkeypatch.setenv(name, people.environment[name])
    return create_app()


@served_from_sqlite
def test_what_the_cooperative_reports_comes_back_by_the_next_visit(
    people: Server, office: Flask, device: DeviceMaker
) -> None:
    tablet, phone = device(TABLET), device(PHONE)
    tablet.sign_in("intan")
    _visit(tablet, {"KL-02": "no", "KL-01": "no"}, agree=True)
    _cooperative_does(office, _disputes("KL-01"))
    _cooperative_does(office, _reports("KL-02", with_photo=True))

    _answer_the_dispute(tablet)
    _return_the_proof(tablet)
    _cooperative_does(office, _reports("KL-02"))
    _visit(tablet, {"KL-02": "yes"})

    _look_at_its_life(tablet.page)
    phone.sign_in("kembali")
    expect(phone.page.locator("article.action .action__title")).to_have_text([ACTIONS["KL-01"]])
    tablet.open("/rencana-aksi")
    expect(tablet.page.locator(".board")).not_to_contain_text(ACTIONS["KL-02"])
    assert not tablet.scrolls_sideways()


def _visit(tablet: Device, values: dict[str, str], *, agree: bool = False) -> None:
    """A visit as its form sends it; filling it in by hand is what other tests do."""
    tablet.open(FORM)
    hidden = tablet.page.locator("#visit-form > input[type=hidden]")
    fields = dict(hidden.evaluate_all("all => all.map(each => [each.name, each.value])"))
    for item_id, value in values.items():
        fields[f"answers-{item_id}-value"] = value
        fields[f"answers-{item_id}-proof"] = "dokumen_dilihat"
    today = tablet.page.locator("[name=visited_on]").input_value()
    due_on = dt.date.fromisoformat(today) + dt.timedelta(days=20)
    for number, (item_id, title) in enumerate(ACTIONS.items() if agree else ()):
        action = {"item": item_id, "title": title, "owner_role": "ketua", "due_on": str(due_on), "agreed": "y"}
        fields |= {f"actions-{number}-{name}": each for name, each in action.items()}
    sent = {**fields, "visited_on": today, "mode": "tatap_muka", "purposes": "pemeriksaan"}
    answer = tablet.context.request.post(tablet.server.url + FORM, form=sent)
    assert re.search(r"/kunjungan/[0-9a-f-]{36}$", answer.url), answer.status


Deed = Callable[[Session, User], None]


def _cooperative_does(office: Flask, deed: Deed) -> None:
    with office.app_context(), transaction() as session:
        deed(session, session.scalars(select(User).where(User.username == "kembali")).one())


def _action(session: Session, item_id: str) -> Action:
    return session.scalars(select(Action).where(Action.title == ACTIONS[item_id])).one()


def _step(officer: User) -> dict[str, Any]:
    return {"author_id": officer.id, "actor": Actor(officer.id, officer.name), "now": utc_now()}


def _disputes(item_id: str) -> Deed:
    def deed(session: Session, officer: User) -> None:
        step = _step(officer)
        dialogue.respond(session, _action(session, item_id), agrees=False, reason="Aktanya sudah terdaftar", **step)

    return deed


def _reports(item_id: str, *, with_photo: bool = False) -> Deed:
    def deed(session: Session, officer: User) -> None:
        step = _step(officer)
        proofs = []
        if with_photo:
            kept = keep(files(), photo())
            proofs = [uuid.uuid4()]
            receive(session, proofs[0], kept, uploader_id=officer.id, actor=step["actor"], now=step["now"])
        moves.report_done(session, _action(session, item_id), note="Sudah diambil", attachments=proofs, **step)

    return deed


def _answer_the_dispute(tablet: Device) -> None:
    page = tablet.page
    tablet.open(WAITING)
    expect(page.locator("main")).to_contain_text("Aktanya sudah terdaftar")
    page.get_by_role("link", name="Jawab keberatan").click()
    page.get_by_label("Penjelasan").fill("Nomornya belum tampil di AHU, tetap dikerjakan")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.locator(".timeline")).to_contain_text("Keberatan dijawab")


def _return_the_proof(tablet: Device) -> None:
    page = tablet.page
    tablet.open(WAITING)
    expect(page.locator(".beside img")).to_be_visible()
    page.get_by_role("link", name="Periksa").click()
    page.get_by_text("Dikembalikan untuk dilengkapi").click()
    page.get_by_label("Yang dilihat, atau yang masih kurang").fill("Halaman kedua tidak terbaca")
    page.get_by_role("button", name="Simpan hasil").click()
    expect(page.locator(".timeline")).to_contain_text("Halaman kedua tidak terbaca")


def _look_at_its_life(page: Page) -> None:
    page.goto(re.sub(r"^(https?://[^/]+).*", rf"\1/koperasi/{COOPERATIVE}/rencana", page.url))
    page.get_by_text("1 tindakan selesai atau dibatalkan").click()
    page.get_by_role("link", name=ACTIONS["KL-02"]).click()
    expect(page.locator(".timeline__entry .strong")).to_have_text(
        ["Terverifikasi", "Dilaporkan selesai", "Dikembalikan", "Dilaporkan selesai", "Disepakati"]
    )
    expect(page.locator(".timeline__entry").first).to_contain_text("Oleh kunjungan")

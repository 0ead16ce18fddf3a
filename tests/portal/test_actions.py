"""What a cooperative does about an action of its plan, and what of it its facilitator finds."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.kernel.files import files
from pendamping.kernel.roles import Role
from pendamping.plans import dialogue
from pendamping.plans.models import Action, ActionProof, ActionStatus, ActionUpdate, PlanAcknowledgement, PlanQuestion
from tests.attachments.test_papers import run_when_opened
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser, Page
from tests.pictures import PDF, paper, photo

PLAN_QUESTION = "form[action='/rencana/pertanyaan']"


@pytest.fixture
def action(browser: Browser) -> Action:
    """An action of KKMP Graha Indah, whose account is signed in; its neighbour has one as well."""
    with browser.make() as make:
        make.short_instruments()
        facilitator = make.facilitator(name="Ratna Wulandari")
        draft = make.action_draft("KL-02", title="Lengkapi buku anggota")
        make.visit(facilitator, {"KL-02": ("no", "diamati")}, visited_on=TODAY - dt.timedelta(days=7), actions=(draft,))
        browser.sign_in(make.cooperative_user(name="Siti Aminah"))
        found: Action = make.session.get_one(Action, draft.id)
    return found


def send(browser: Browser, action: Action, way: str, **typed: Any) -> Page:
    here = f"/rencana/{action.id}"
    fields = browser.open(here).fields(f"form[action$={way}]")
    return browser.send(f"{here}/{way}", {**fields, **typed})


def stored(browser: Browser, action: Action) -> Action:
    with browser.make() as make:
        found: Action = make.session.get_one(Action, action.id)
    return found


def file(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def test_it_reads_disagrees_asks_tells_how_it_goes_and_shows_it_done(browser: Browser, action: Action) -> None:
    assert browser.open("/rencana").has("Kami sudah membaca rencana ini")
    fields = browser.open("/rencana").fields("form[action$=dibaca]")
    assert browser.send("/rencana/dibaca", {**fields, "read_until": "0001-01-01T00:00+14:00"}).status == 200
    assert browser.send("/rencana/dibaca", fields).has("Rencana ini sudah Anda baca.")

    refused = send(browser, action, "pendapat", agrees="tidak")
    assert (refused.status, refused.has("Tulis mengapa tidak setuju")) == (400, True)
    disagreed = send(browser, action, "pendapat", agrees="tidak", reason="<script>alert(1)</script>")
    assert disagreed.has("<script>alert(1)</script>")
    assert disagreed.has("Keberatan menunggu jawaban")
    assert stored(browser, action).is_disputed

    assert send(browser, action, "pertanyaan", question="Buku yang mana?").has("Menunggu jawaban pendamping")
    assert send(browser, action, "kabar", progress="Sudah 40 dari 60.").has("Mulai dikerjakan")
    shown = send(
        browser, action, "selesai", done="Lengkap.", files=[file(photo(), "buku.jpg"), file(PDF, "daftar.pdf")]
    )

    assert shown.has("Terkirim. Pendamping akan memeriksa buktinya.")
    assert len(shown.soup.select(".proofs img")) == 1
    assert shown.has("Dokumen bukti 2")
    assert "Siti Aminah" not in shown.text("main")
    assert stored(browser, action).status is ActionStatus.REPORTED_DONE
    assert browser.open("/rencana").has("Menunggu diperiksa")
    for url in (str(link["src"]) for link in shown.soup.select(".proofs img")):
        assert browser.client.get(url).status_code == 200
    assert [browser.count(table) for table in (ActionProof, PlanAcknowledgement, PlanQuestion)] == [2, 2, 1]


def test_a_second_tap_is_no_second_step_and_a_page_that_is_old_says_so(browser: Browser, action: Action) -> None:
    here = f"/rencana/{action.id}"
    form = browser.open(here).fields("form[action$=selesai]")
    question = browser.open(here).fields("form[action$=pertanyaan]")

    for _ in range(2):
        data = {**form, "done": "Lengkap.", "files": [file(photo(), "buku.jpg")]}
        assert browser.client.post(f"{here}/selesai", data=data).status_code == 303
        assert browser.client.post(f"{here}/pertanyaan", data={**question, "question": "Apa?"}).status_code == 303
    late = browser.send(f"{here}/selesai", {**form, "new_id": str(uuid.uuid4()), "done": "Masih yang lama."})

    assert late.status == 409
    assert late.has("Tindakan ini baru saja diubah orang lain.")
    assert late.text("textarea[name=done]") == "Masih yang lama."
    counts = [browser.count(each) for each in (ActionUpdate, ActionProof, Attachment, PlanQuestion)]
    assert counts == [2, 1, 1, 1]


def test_a_question_under_the_id_of_somebody_elses_is_told_and_not_stored(browser: Browser, action: Action) -> None:
    with browser.make() as make:
        other, cooperative = make.cooperative_user(), make.cooperative()
        theirs = dialogue.ask(
            make.session, None, cooperative, text="Kapan?", author_id=other.id, actor=make.actor, now=make.now
        ).id
    form = browser.open(f"/rencana/{action.id}").fields("form[action$=pertanyaan]")

    late = browser.send(f"/rencana/{action.id}/pertanyaan", {**form, "new_id": str(theirs), "question": "Apa?"})

    assert (late.status, browser.count(PlanQuestion)) == (409, 1)


def test_files_that_are_refused_are_named_and_nothing_of_the_report_is_stored(browser: Browser, action: Action) -> None:
    with browser.app.app_context():
        before = sorted(files().folder.rglob("*"))

    acting = send(
        browser,
        action,
        "selesai",
        done="Ini.",
        files=[file(photo(), "baik.jpg"), file(paper(run_when_opened), "a.pdf")],
    )
    many = send(browser, action, "selesai", files=[file(b"x", f"{number}.jpg") for number in range(200)])
    nothing = send(browser, action, "selesai")

    assert [page.status for page in (acting, many, nothing)] == [400, 400, 400]
    assert acting.has("a.pdf: PDF ini berisi program (JavaScript atau perintah).")
    assert acting.text("textarea[name=done]") == "Ini."
    assert many.has("Terlalu banyak sekaligus. Pilih paling banyak 10 berkas")
    assert nothing.has("Tambahkan foto atau PDF, atau tulis apa yang sudah dikerjakan.")
    assert [browser.count(each) for each in (ActionUpdate, Attachment)] == [1, 0]
    with browser.app.app_context():
        assert sorted(files().folder.rglob("*")) == before


def test_another_cooperatives_action_and_its_proof_are_not_there(browser: Browser, action: Action) -> None:
    shown = send(browser, action, "selesai", files=[file(photo(), "buku.jpg")])
    proof = str(shown.soup.select(".proofs a")[0]["href"])
    fields = browser.open(f"/rencana/{action.id}").fields("form[action$=pertanyaan]")
    with browser.make() as make:
        browser.sign_in(make.cooperative_user(KARIANGAU))

    assert browser.client.get(proof).status_code == 404
    assert browser.client.get(f"{proof}/asli").status_code == 404
    assert browser.client.get(f"/rencana/{action.id}").status_code == 404
    assert browser.client.post(f"/rencana/{action.id}/pertanyaan", data=fields).status_code == 404


def test_a_question_about_the_whole_plan_is_answered_where_it_was_asked(browser: Browser, action: Action) -> None:
    empty = browser.send("/rencana/pertanyaan", browser.open("/rencana").fields(PLAN_QUESTION))
    sent = {**empty.fields(PLAN_QUESTION), "question": "Mana yang didahulukan?"}
    asked = [browser.send("/rencana/pertanyaan", sent) for _tap in range(2)][1]

    assert (empty.status, empty.text("#question-error")) == (400, "Tulis pertanyaannya.")
    assert asked.texts("#tanya-jawab + ul li")[0].count("Mana yang didahulukan?") == 1
    assert len(asked.texts("#tanya-jawab + ul li")) == 1
    with browser.make() as make:
        facilitator = make.session.scalars(select(User).where(User.role == Role.FACILITATOR)).one()
        officer = make.session.scalars(select(User).where(User.role == Role.COOPERATIVE)).one()
    browser.sign_in(facilitator)
    plan = browser.open(f"/koperasi/{GRAHA_INDAH}/rencana")
    link = next(str(each["href"]) for each in plan.soup.select("main a[href^='/pertanyaan/']"))
    browser.send(f"{link}/jawaban", {**browser.open(link).fields(), "text": "Buku kas dahulu."})
    assert browser.open(f"/koperasi/{GRAHA_INDAH}/rencana").has("Buku kas dahulu.")
    browser.sign_in(officer)
    assert browser.open("/rencana").has("Buku kas dahulu.")


def test_what_is_closed_offers_a_question_and_nothing_else(browser: Browser, action: Action) -> None:
    with browser.make() as make:
        make.session.get_one(Action, action.id).status = ActionStatus.VERIFIED

    page = browser.open(f"/rencana/{action.id}?buka=tanya")

    ways = [str(form["action"]).rpartition("/")[2] for form in page.soup.select("main form")]
    assert ways == ["pertanyaan"]
    assert page.soup.select("details#tanya[open]")

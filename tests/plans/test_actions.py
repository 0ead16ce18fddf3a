"""What a facilitator does with actions on their pages: each fault at its place, what was typed kept, nothing half."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.plans import dialogue, moves
from pendamping.plans.models import Action, ActionStatus, ActionUpdate, PlanQuestion
from pendamping.plans.story import steps_of
from pendamping.progress.models import Standing
from tests.conftest import ACTOR, NOW
from tests.field.records import body as body_of_visit
from tests.field.records import hand_in, outcomes, record
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.pages import Browser
from tests.reports.samples import Paper

APRIL_1 = dt.date(2026, 4, 1)
MARKUP = "<script>alert(1)</script>"


@dataclass
class Scene:
    """A facilitator, a cooperative's officer, and an action that was reported done with a photo."""

    browser: Browser
    ratna: User
    officer: User
    action_id: uuid.UUID
    photo_id: uuid.UUID

    @property
    def url(self) -> str:
        return f"/tindakan/{self.action_id}"

    @property
    def action(self) -> Action:
        with self.browser.app.app_context():
            return reading().get_one(Action, self.action_id)

    @property
    def open_actions(self) -> int:
        with self.browser.app.app_context():
            return reading().scalars(select(Standing.open_actions)).one()

    def send(self, way: str, *, status: int = 302, **fields: Any) -> Any:
        """Open the page of a step, fill its form in, send it."""
        form = self.browser.open(f"{self.url}/{way}").fields()
        page = self.browser.client.post(f"{self.url}/{way}", data={**form, **fields})
        assert page.status_code == status, page.get_data(as_text=True)
        return page


def step(user: User) -> dict[str, Any]:
    return {"author_id": user.id, "actor": ACTOR, "now": NOW}


def reported(rows: Make, ratna: User, officer: User, *, title: str) -> tuple[Action, uuid.UUID]:
    draft = rows.action_draft("KL-02", title=title)
    rows.visit(ratna, {"KL-02": ("no", "diamati", "Kosong")}, visited_on=APRIL_1, actions=(draft,))
    action, photo = rows.session.get_one(Action, draft.id), rows.attachment(officer, code=None)
    before = {**step(officer), "now": NOW - dt.timedelta(days=3)}
    moves.report_done(rows.session, action, note=f"Sudah lengkap {MARKUP}", attachments=[photo.id], **before)
    return action, photo.id


@pytest.fixture
def scene(browser: Browser) -> Scene:
    with browser.make() as rows:
        rows.short_instruments()
        ratna, officer = rows.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna"), rows.cooperative_user(name="Siti")
        action, photo_id = reported(rows, ratna, officer, title=f"Lengkapi buku {MARKUP}")
        scene = Scene(browser, ratna, officer, action.id, photo_id)
    browser.sign_in(ratna)
    return scene


def test_proofs_stand_beside_what_the_item_asks_for_and_what_was_found_is_stored(scene: Scene) -> None:
    waiting = scene.browser.open("/rencana-aksi/menunggu")
    check = scene.browser.open(f"{scene.url}/pemeriksaan")
    scene.send("pemeriksaan", verdict="dikembalikan", note="Halaman kedua kosong")

    for page in (waiting, check):
        assert page.soup.select_one(f"img[src*='{scene.photo_id}']")
        assert page.has("Sudah lengkap <script>")
        assert page.has("Cara memeriksa: ")
    assert (scene.action.status, scene.action.revision, scene.open_actions) == (ActionStatus.RETURNED, 3, 1)
    told = scene.browser.open(scene.url)
    assert told.texts(".timeline .strong")[:2] == ["Dikembalikan", "Dilaporkan selesai"]
    assert told.has("Halaman kedua kosong")
    assert told.has("Temuan waktu itu: Belum (Diamati)")
    assert scene.browser.open("/rencana-aksi/menunggu").has("Tidak ada bukti yang menunggu")


def test_of_two_people_the_second_is_told_keeps_the_words_and_decides_anew(scene: Scene) -> None:
    stale = scene.browser.open(f"{scene.url}/pemeriksaan").fields()
    with scene.browser.make() as rows:
        action = rows.session.get_one(Action, scene.action_id)
        moves.report_done(rows.session, action, note="Satu halaman lagi", **step(scene.officer))

    fields = {**stale, "verdict": "dikembalikan", "note": "Belum lengkap"}
    told = scene.browser.send(f"{scene.url}/pemeriksaan", fields)
    assert (told.status, scene.action.status) == (409, ActionStatus.REPORTED_DONE)
    assert "baru saja diubah orang lain" in told.text("[data-error-summary]")
    assert told.text("textarea") == "Belum lengkap"
    assert told.has("Satu halaman lagi")
    again = scene.browser.send(f"{scene.url}/pemeriksaan", {**told.fields(), "verdict": "dikembalikan"})

    assert (again.status, scene.action.status, scene.action.revision) == (200, ActionStatus.RETURNED, 4)


def test_a_second_tap_is_no_second_step(scene: Scene) -> None:
    fields = {**scene.browser.open(f"{scene.url}/tenggat").fields(), "due_on": "2026-06-01", "reason": "Notaris libur"}

    taps = [scene.browser.client.post(f"{scene.url}/tenggat", data=fields).status_code for _ in range(2)]

    assert fields["action"] == str(scene.action_id)
    assert (taps, scene.action.due_changes, scene.action.revision) == ([302, 302], 1, 3)


@pytest.mark.parametrize(
    ("way", "fields", "field"),
    [
        ("pemeriksaan", {"note": "Ada"}, "verdict"),
        ("pemeriksaan", {"verdict": "dibatalkan", "note": "Ada"}, "verdict"),
        ("pemeriksaan", {"verdict": "terverifikasi", "note": " "}, "note"),
        ("pemeriksaan", {"verdict": "terverifikasi", "note": "x" * 1001}, "note"),
        ("tenggat", {"due_on": "besok", "reason": "Libur"}, "due_on"),
        ("tenggat", {"due_on": "2026-04-13", "reason": "Libur"}, "due_on"),
        ("tenggat", {"due_on": "2026-05-05", "reason": "Libur"}, "due_on"),
        ("tenggat", {"due_on": "2026-06-01", "reason": ""}, "reason"),
        ("batal", {"note": ""}, "note"),
    ],
)
def test_what_does_not_hold_is_said_at_its_field_and_changes_nothing(
    scene: Scene, way: str, fields: dict[str, str], field: str
) -> None:
    page = scene.browser.send(f"{scene.url}/{way}", {**scene.browser.open(f"{scene.url}/{way}").fields(), **fields})

    assert page.status == 400
    assert page.soup.select_one(f"#{field}-error"), page.texts("[data-error-summary]")
    assert (scene.action.status, scene.action.revision) == (ActionStatus.REPORTED_DONE, 2)


def test_a_step_that_is_not_for_this_status_is_refused_in_words(scene: Scene) -> None:
    for way, fields in (("kabar", {"note": "Jalan"}), ("keberatan", {"text": "Tetap"}), ("buka", {"text": "Lagi"})):
        page = scene.browser.send(f"{scene.url}/{way}", {**scene.browser.open(f"{scene.url}/{way}").fields(), **fields})
        assert (page.status, scene.action.revision) == (409, 2)
        assert page.soup.select_one("[data-error-summary]")


def test_papers_say_what_was_agreed_then_and_how_it_stands_now(scene: Scene) -> None:
    with scene.browser.app.app_context():
        visit_id = reading().get_one(Action, scene.action_id).visit_id
    scene.send("tenggat", due_on="2026-06-01", reason="Notaris libur")

    signed = Paper(scene.browser.client.get(f"/kunjungan/{visit_id}/berita-acara.pdf").get_data())
    plan = Paper(scene.browser.client.get(f"/koperasi/{GRAHA_INDAH}/rencana.pdf").get_data())

    assert (signed.has("5 Mei 2026"), signed.has("1 Juni 2026")) == (True, False)
    assert plan.has("1 Juni 2026")
    assert plan.has("Asal: kunjungan 1 April 2026 · KL-02 ")
    assert plan.has("Dilaporkan selesai: menunggu diperiksa pendamping")


def test_a_dispute_is_answered_and_a_question_too(scene: Scene) -> None:
    with scene.browser.make() as rows:
        draft = rows.action_draft(title="Pasang papan nama")
        rows.visit(scene.ratna, visited_on=APRIL_1, actions=(draft,))
        action = rows.session.get_one(Action, draft.id)
        dialogue.respond(rows.session, action, agrees=False, reason="Tidak ada dana", **step(scene.officer))
        question = dialogue.ask(rows.session, action, rows.cooperative(), text="Ukuran berapa?", **step(scene.officer))
    waiting = scene.browser.open("/rencana-aksi/menunggu")
    assert waiting.has("Tidak ada dana")
    assert waiting.has("Ukuran berapa?")
    scene.action_id = draft.id

    scene.send("keberatan", text="Dibantu kelurahan")
    form = scene.browser.open(f"/pertanyaan/{question.id}").fields()
    answered = scene.browser.send(f"/pertanyaan/{question.id}/jawaban", {**form, "text": "1 x 2 meter"})
    late = scene.browser.send(f"/pertanyaan/{question.id}/jawaban", {**form, "text": "Lain"})

    assert (answered.status, late.status) == (200, 409)
    told = scene.browser.open(scene.url)
    assert told.has("1 x 2 meter")
    assert told.texts(".timeline .strong") == ["Keberatan dijawab", "Koperasi tidak setuju", "Disepakati"]
    with scene.browser.app.app_context():
        assert reading().get_one(PlanQuestion, question.id).answer == "1 x 2 meter"


def test_an_action_between_visits_is_offered_the_poor_items_and_stored_once(scene: Scene) -> None:
    url = f"/koperasi/{GRAHA_INDAH}/tindakan/baru"
    form = scene.browser.open(f"{url}?butir=KL-02").fields()
    assert form["items"] == "KL-02"
    wrong = scene.browser.send(url, {**form, "title": "", "due_on": "2026-01-01", "items": "KL-99"})
    fields = {**form, "title": "Minta salinan SK", "owner_name": "Pak Budi", "due_on": "2026-04-30"}

    taps = [scene.browser.client.post(url, data=fields) for _ in range(2)]

    assert wrong.status == 400
    assert {each["id"] for each in wrong.soup.select(".field__error")} >= {"title-error", "items-error"}
    assert [each.status_code for each in taps] == [302, 302]
    with scene.browser.app.app_context():
        added = reading().scalars(select(Action).where(Action.title == "Minta salinan SK")).one()
    assert (added.status, added.item_ids, added.visit_id) == (ActionStatus.PROPOSED, ("KL-02",), None)
    plan = scene.browser.open(f"/koperasi/{GRAHA_INDAH}/rencana")
    assert plan.has("Bendahara") or plan.has("Pengurus (Pak Budi)")
    assert scene.open_actions == 2


def test_board_and_list_show_what_is_asked_for_page_by_page(scene: Scene) -> None:
    with scene.browser.make() as rows:
        drafts = [rows.action_draft(title=f"Tindakan {number:02}") for number in range(45)]
        late = rows.action_draft(title="Terlambat", due_on=dt.date(2026, 4, 10))
        rows.visit(scene.ratna, visited_on=APRIL_1, actions=(*drafts, late))
        other = rows.facilitator(MANGGAR)
        rows.visit(other, code=MANGGAR, actions=(rows.action_draft(title="Rahasia"),))

    board = scene.browser.open("/rencana-aksi")
    first = scene.browser.open("/rencana-aksi/daftar")
    second = scene.browser.open(str(first.soup.select("a[rel=next]")[0]["href"]))
    narrowed = scene.browser.open(
        "/rencana-aksi/daftar?terlambat=y&status=disepakati&oleh=bendahara&koperasi=" + GRAHA_INDAH
    )
    odd = scene.browser.open("/rencana-aksi/daftar?status=entah&oleh=raja&koperasi=x&setelah=kemarin")

    assert board.has("Lihat semua 46")
    assert board.texts(".board__column h2") == ["Disepakati", "Berjalan", "Dilaporkan selesai", "Dikembalikan"]
    titles = [*first.texts(".listed h2"), *second.texts(".listed h2")]
    assert (len(first.texts(".listed")), len(titles), len(set(titles))) == (40, 47, 47)
    assert narrowed.texts(".listed h2") == ["Terlambat"]
    assert odd.texts(".listed h2") == first.texts(".listed h2")
    assert not any(page.has("Rahasia") for page in (board, first, second, odd))


def test_several_due_dates_move_together_or_not_at_all(scene: Scene) -> None:
    with scene.browser.make() as rows:
        drafts = [rows.action_draft(title=f"Tindakan {number}") for number in range(3)]
        rows.visit(scene.ratna, visited_on=APRIL_1, actions=tuple(drafts))
        (foreign,) = rows.agree(rows.visit(rows.facilitator(MANGGAR), code=MANGGAR), rows.user(), rows.action_draft())
    page = scene.browser.open("/rencana-aksi/daftar")
    form = page.fields("main form[method=post]")
    url = "/rencana-aksi/daftar/tenggat"
    chosen = [f"{draft.id}.1" for draft in drafts]
    sound = {**form, "actions": chosen, "due_on": "2026-06-01", "reason": "Menunggu RAT"}
    refused = {
        "none": ({**sound, "actions": []}, 400),
        "nonsense": ({**sound, "actions": ["x.1", "';--"]}, 400),
        "without a reason": ({**sound, "reason": ""}, 400),
        "in the past": ({**sound, "due_on": "2026-04-01"}, 400),
        "one changed meanwhile": ({**sound, "actions": [*chosen[:2], f"{drafts[2].id}.7"]}, 409),
        "somebody else's": ({**sound, "actions": [*chosen, f"{foreign.id}.1"]}, 404),
    }

    found = {name: scene.browser.client.post(url, data=data).status_code for name, (data, _status) in refused.items()}
    with scene.browser.app.app_context():
        assert set(reading().scalars(select(Action.due_changes))) == {0}
    done = scene.browser.send(url, sound)

    assert found == {name: status for name, (_data, status) in refused.items()}
    assert done.has("Tenggat 3 tindakan dipindah.")
    with scene.browser.app.app_context():
        moved = select(Action.due_on).where(Action.due_changes == 1)
        assert reading().scalars(moved).all() == [dt.date(2026, 6, 1)] * 3


def test_the_agency_reads_and_changes_nothing(scene: Scene) -> None:
    with scene.browser.make() as rows:
        head = rows.user(Role.AGENCY_HEAD)
    scene.browser.sign_in(head)

    for url in ("/rencana-aksi", "/rencana-aksi/daftar", "/rencana-aksi/menunggu", scene.url):
        page = scene.browser.open(url)
        assert page.status == 200
        assert not page.soup.select("main form[method=post] button, a[href$='/pemeriksaan']")


# The way back, by each way a visit comes in ---------------------------------------------------------------------------


def told(scene: Scene) -> list[tuple[ActionStatus, bool]]:
    with scene.browser.app.app_context():
        return [(each.status, each.visit_id is not None) for each in reversed(steps_of(reading(), scene.action_id))]


def answer(value: str, note: str = "") -> dict[str, Any]:
    return {"KL-02": {"value": value, "proof": "dokumen_dilihat", "note": note}}


def test_a_visit_by_page_looks_again_and_its_correction_as_well(scene: Scene) -> None:
    url = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"
    opened = scene.browser.open(url)
    fields = {
        **opened.fields(),
        "purposes": ["pemeriksaan"],
        "answers-KL-02-value": "no",
        "answers-KL-02-proof": "diamati",
        "answers-KL-02-note": "Masih kosong",
    }
    visit_page = scene.browser.client.post(url, data=fields).headers["Location"]
    correction = scene.browser.open(f"{visit_page}/perbaiki").fields()
    put_right = {**correction, "answers-KL-02-value": "yes", "answers-KL-02-proof": "foto", "reason": "Salah ketuk"}
    done = scene.browser.client.post(f"{visit_page}/perbaiki", data=put_right)

    assert done.status_code == 302
    assert told(scene)[1:] == [
        (ActionStatus.REPORTED_DONE, False),
        (ActionStatus.RETURNED, True),
        (ActionStatus.VERIFIED, True),
    ]
    assert scene.open_actions == 0
    page = scene.browser.open(scene.url)
    assert page.has("Masih kosong")
    assert page.soup.select_one(f".timeline a[href='{visit_page}']")
    paper = Paper(scene.browser.client.get(f"{visit_page}/berita-acara.pdf").get_data())
    assert paper.has("Tindakan yang diperiksa")
    assert paper.has("(terverifikasi)")
    history = scene.browser.open(f"/koperasi/{GRAHA_INDAH}/riwayat?jenis=tindakan")
    assert history.has("Tindakan terverifikasi")
    assert history.has("Tindakan dikembalikan")


def test_a_visit_by_record_looks_again_and_its_correction_as_well(scene: Scene) -> None:
    visit = record(body_of_visit(answers=answer("no", "Masih kosong"), actions=[], started="13:00", ended="14:00"))
    (stored,) = hand_in(scene.browser, visit)
    body = {"visit": visit["id"], "reason": "Salah dengar.", "answers": answer("yes")}
    corrected = hand_in(scene.browser, record(json.dumps(body), kind="correction", base_sha256=stored["sha256"]))

    assert (stored["outcome"], outcomes(corrected)) == ("created", ["merged"])
    assert told(scene)[1:] == [
        (ActionStatus.REPORTED_DONE, False),
        (ActionStatus.RETURNED, True),
        (ActionStatus.VERIFIED, True),
    ]
    assert scene.open_actions == 0
    with scene.browser.app.app_context():
        last = reading().scalars(select(ActionUpdate).order_by(ActionUpdate.number.desc())).first()
        assert last is not None
        assert (last.author_id, last.note.partition(":")[0][:5]) == (scene.ratna.id, "KL-02")

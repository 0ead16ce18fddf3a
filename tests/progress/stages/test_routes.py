"""The pages of stages and designations: what they say, who decides, and what becomes of bad input."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.progress.stages.models import DesignationDecision, StageDecision
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.pages import Browser, Page
from tests.progress.stages.ready import enough_for, enough_for_designation

HERE = f"/koperasi/{KARIANGAU}"
STAGE = f"{HERE}/tahap"
ONE_DAY = dt.timedelta(days=1)
BY_LAW = "Tahap koperasi ini baru saja diputuskan oleh orang lain."


class World:
    """KKMP Kariangau at pembentukan, with what a test says of it; the head is signed in."""

    def __init__(self, browser: Browser, answers: dict[str, tuple[str, str]], *, agrees_on: str | None = None) -> None:
        self.browser = browser
        with browser.make() as make:
            self.facilitator: User = make.facilitator(KARIANGAU, GRAHA_INDAH, name="Ratna")
            self.head: User = make.user(Role.AGENCY_HEAD, name="Hj. Sri")
            self.admin: User = make.user(Role.ADMIN)
            self.account: User = make.cooperative_user(KARIANGAU)
            actions = (make.action_draft(agrees_on, title="Tata buku anggota"),) if agrees_on else ()
            make.visit(self.facilitator, answers, code=KARIANGAU, visited_on=dt.date(2026, 3, 12), actions=actions)
        browser.sign_in(self.head)

    def decide(self, **typed: Any) -> Page:
        fields = self.browser.open(STAGE).fields() | {"note": "Dibahas dalam rapat", "verdict": "naik"} | typed
        return self.browser.send(STAGE, fields)

    def stage(self) -> Stage:
        with self.browser.app.app_context():
            return reading().scalars(select(Cooperative.stage).where(Cooperative.code == KARIANGAU)).one()

    def count(self, model: type[StageDecision] | type[DesignationDecision] = StageDecision) -> int:
        with self.browser.app.app_context():
            return reading().scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def complete(browser: Browser) -> World:
    return World(browser, enough_for(1))


@pytest.fixture
def lacking(browser: Browser) -> World:
    return World(browser, enough_for(1, KL_20="1", KL_03="yes klaim", KL_13=None), agrees_on="KL-20")


# What is missing ------------------------------------------------------------------------------------------------------


def test_a_cooperatives_page_says_how_many_requirements_are_left_and_which(browser: Browser, lacking: World) -> None:
    page = browser.open(HERE)

    assert page.text("#tahap h2") == "3 syarat lagi menuju tahap Operasional"
    assert page.has("13 dari 16 syarat terpenuhi")
    first, second, third = page.texts("#tahap .requirement__words")
    assert first.startswith("KL-03 NPWP koperasi kritis jawabannya “Ya” Sekarang: Ya (12 Maret 2026)")
    assert "baru pernyataan, buktinya belum dilihat" in first
    assert "Siapkan buktinya" in first
    assert second.startswith("KL-13 Susunan pengawas")
    assert "belum pernah dinilai" in second
    assert "KL-20 Buku daftar anggota" in third
    assert "paling sedikit tingkat 2: " in third
    assert "Sekarang: tingkat 1: " in third
    assert "Tata buku anggota" in third


def test_an_item_without_an_action_suggests_its_own(browser: Browser) -> None:
    World(browser, enough_for(1, KL_20="1"))

    assert "Saran: " in browser.open(HERE).text("#tahap .requirement__words")


def test_more_than_three_are_folded_away(browser: Browser) -> None:
    World(browser, {"KL-01": ("yes", "diamati")})

    page = browser.open(HERE)

    assert len(page.soup.select("#tahap > .requirements > li")) == 3
    assert page.text("#tahap summary") == "10 syarat lainnya"
    assert len(page.soup.select("#tahap details .requirements > li")) == 10


def test_a_gate_that_is_reached_is_proposed(browser: Browser, complete: World) -> None:
    page = browser.open(HERE)

    assert page.text("#tahap h2") == "Dapat diusulkan ke tahap Operasional"
    assert page.soup.select("#tahap .requirement") == []


def test_the_page_of_the_stage_shows_everything(browser: Browser, lacking: World) -> None:
    page = browser.open(STAGE)

    assert page.heading == "Tahap KKMP Kariangau"
    assert len(page.soup.select("#kurang")) == 1
    assert len(page.soup.select(".requirement")) >= 16
    assert page.has("Belum ada keputusan. Tahap ini dibaca dari data awal.")


def test_a_cooperative_reads_its_own_stage_in_plain_words_and_without_numbers(browser: Browser, lacking: World) -> None:
    browser.sign_in(lacking.account)

    page = browser.open("/rencana")

    assert page.has("Untuk naik ke tahap Operasional masih ada 3 syarat.")
    assert page.texts("#tahap ~ .requirements .requirement__item") == []
    assert page.has("Tata buku anggota")
    assert page.soup.select("form[method=post] [name=verdict]") == []


def test_a_cooperative_reads_what_was_decided_about_it_and_nothing_of_others(browser: Browser, complete: World) -> None:
    complete.decide(note="Naik, karena lengkap")
    with browser.make() as make:
        make.stage_decision(GRAHA_INDAH, note="Milik tetangga")
    browser.sign_in(complete.account)

    page = browser.open("/rencana")

    assert page.has("Naik, karena lengkap")
    assert not page.has("Milik tetangga")


# Deciding -------------------------------------------------------------------------------------------------------------


def test_the_head_promotes_and_the_history_shows_it(browser: Browser, complete: World) -> None:
    page = complete.decide(note="Lengkap menurut rapat 14 April")

    assert page.status == 200
    assert page.has("Keputusan tahap disimpan")
    assert page.has("Naik dari Pembentukan ke Operasional")
    assert page.has("Lengkap menurut rapat 14 April")
    assert page.has("saat itu 16 dari 16 syarat terpenuhi")
    assert complete.stage() is Stage.OPERATION
    assert browser.open(f"{HERE}/riwayat?jenis=tahap").has("Operasional")


def test_not_yet_lets_the_proposal_rest_and_says_so(browser: Browser, complete: World) -> None:
    complete.decide(verdict="belum", note="Tunggu RAT")

    page = browser.open(HERE)

    assert page.has("Dinas sudah memutuskan belum naik.")
    assert browser.open("/koperasi?keputusan=menunggu").has("KKMP Kariangau") is False


def test_only_what_can_be_decided_is_offered(browser: Browser, lacking: World) -> None:
    page = browser.open(STAGE)

    assert page.texts("#verdict label") == ["Konfirmasi tahap Pembentukan", "Tetapkan tahap lain, dengan alasan"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"note": " "}, "Tulis dasar atau alasan keputusannya."),
        ({"note": "x" * 2001}, "Paling banyak 2000 karakter."),
        ({"verdict": ""}, "Pilih keputusannya."),
        ({"verdict": "turun"}, "Pilih salah satu dari yang ditawarkan."),
        ({"verdict": "ditetapkan", "stage": ""}, "Pilih tahap yang ditetapkan."),
        ({"verdict": "ditetapkan", "stage": "mandiri"}, "Pilih tahap yang ditetapkan."),
        ({"verdict": "ditetapkan", "stage": "pembentukan"}, "Koperasi ini sudah pada tahap itu. Pilih tahap lain."),
        ({"decided_on": ""}, "Isi tanggal keputusannya."),
        ({"decided_on": "kemarin"}, "Tulis tanggal seperti 2026-04-14."),
        ({"decided_on": str(TODAY + ONE_DAY)}, "Tanggal keputusan tidak boleh sesudah hari ini."),
    ],
)
def test_bad_input_is_said_at_its_place_keeps_what_was_typed_and_stores_nothing(
    complete: World, typed: dict[str, str], said: str
) -> None:
    page = complete.decide(**{"note": "Dibahas <rapat> & disetujui", **typed})

    assert page.status == 400
    assert said in page.texts(".field__error")
    if "note" not in typed:
        assert page.fields()["note"].strip() == "Dibahas <rapat> & disetujui"
    assert complete.count() == 0
    assert complete.stage() is Stage.FORMATION


def test_a_day_before_the_last_decision_is_refused(complete: World) -> None:
    complete.decide(verdict="dikonfirmasi")

    page = complete.decide(decided_on=str(TODAY - ONE_DAY))

    assert page.status == 400
    assert page.has("Keputusan sebelumnya tentang KKMP Kariangau bertanggal 14 April 2026.")


def test_who_decides_on_an_old_page_is_told_and_may_decide_again(browser: Browser, complete: World) -> None:
    old = browser.open(STAGE).fields()
    complete.decide(verdict="belum", note="Tunggu RAT")

    page = browser.send(STAGE, old | {"verdict": "naik", "note": "Lengkap"})

    assert page.status == 409
    assert page.has(BY_LAW)
    assert page.has("Tunggu RAT")
    again = browser.send(STAGE, page.fields() | {"verdict": "naik"})
    assert again.status == 200
    assert complete.stage() is Stage.OPERATION


def test_what_no_longer_holds_is_refused(browser: Browser, complete: World) -> None:
    fields = browser.open(STAGE).fields() | {"verdict": "naik", "note": "Lengkap"}
    with browser.make() as make:
        make.visit(complete.facilitator, {"KL-20": ("1", "diamati")}, code=KARIANGAU)

    page = browser.send(STAGE, fields)

    assert page.status == 409
    assert page.has("Keadaan koperasi ini sudah berubah")
    assert complete.stage() is Stage.FORMATION


@pytest.mark.parametrize("who", ["facilitator", "admin"])
def test_others_read_and_do_not_decide(browser: Browser, complete: World, who: str) -> None:
    fields = browser.open(STAGE).fields() | {"verdict": "naik", "note": "Lengkap"}
    browser.sign_in(getattr(complete, who))

    page = browser.open(STAGE)

    assert page.status == 200
    assert page.soup.select("[name=verdict]") == []
    assert browser.send(STAGE, fields).status == 403
    assert complete.stage() is Stage.FORMATION


@pytest.mark.parametrize("code", [MANGGAR, "64.71.99.9999", "x"])
def test_a_foreign_cooperative_is_not_there(browser: Browser, complete: World, code: str) -> None:
    browser.sign_in(complete.facilitator)

    assert browser.open(f"/koperasi/{code}/tahap").status == 404


# A later failure, and attention ---------------------------------------------------------------------------------------


def test_a_later_failure_is_marked_on_the_page(browser: Browser, complete: World) -> None:
    complete.decide()
    with browser.make() as make:
        make.visit(complete.facilitator, {"KL-10": ("no", "diamati")}, code=KARIANGAU)

    page = browser.open(HERE)

    assert page.has("Perlu perhatian: syarat tahap Pembentukan tidak lagi terpenuhi")
    assert page.has("1 syarat tahap yang sudah dilalui tidak lagi terpenuhi")
    assert page.text(".pill--stage") == "2 Operasional"
    assert browser.open("/koperasi?keputusan=tidak-terpenuhi").has("KKMP Kariangau")


def test_what_is_old_or_unproven_only_asks_to_be_looked_at_again(browser: Browser, complete: World) -> None:
    complete.decide()
    with browser.make() as make:
        make.visit(complete.facilitator, {"KL-03": ("yes", "klaim")}, code=KARIANGAU)

    page = browser.open(STAGE)

    assert page.has("Perlu dinilai lagi: syarat tahap Pembentukan")
    assert not page.has("tidak lagi terpenuhi")


def test_a_cooperative_nobody_visits_needs_attention(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    assert "belum pernah dikunjungi" in browser.open(f"/koperasi/{GRAHA_INDAH}").text(".attention")


# Where the gates do not fit -------------------------------------------------------------------------------------------


def test_gates_that_do_not_fit_the_instruments_break_no_page_and_are_explained_to_the_admin(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
    world = World(browser, {"KL-01": ("yes", "diamati")})
    said = "berkas tahapan tidak cocok dengan instrumen yang berlaku"

    browser.sign_in(world.facilitator)
    assert browser.open(HERE).status == 200
    assert browser.open(STAGE).has("Admin dapat melihat apa yang harus diperbaiki.")
    browser.sign_in(world.account)
    assert browser.open("/rencana").status == 200
    browser.sign_in(world.head)
    assert not browser.open("/").has(said)
    assert browser.open("/penetapan").has(said)
    browser.sign_in(world.admin)
    assert browser.open("/").has("tahap pembentukan, KL-03: butir ini tidak ada")
    assert browser.open(STAGE).has("tahap pembentukan, KL-03: butir ini tidak ada")


def test_a_designation_without_a_file_is_refused(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
        browser.sign_in(make.user(Role.AGENCY_HEAD))
    token = browser.client.get("/api/v1/session").get_json()["csrf_token"]

    page = browser.send(
        "/penetapan",
        {"verdict": "tetapkan", "decided_on": str(TODAY), "note": "x", "cooperatives": "x", "csrf_token": token},
    )

    assert page.status == 400


# The agency's home ----------------------------------------------------------------------------------------------------


def test_the_heads_home_counts_what_waits_and_leads_there(browser: Browser, complete: World) -> None:
    page = browser.open("/")

    assert page.has("Menunggu keputusan tahap 1")
    (link,) = (each for each in page.soup.select("main a") if each.get_text(strip=True).startswith("Putuskan"))
    assert browser.open(str(link["href"])).has("KKMP Kariangau")


@pytest.mark.parametrize(
    ("chosen", "is_listed"), [("menunggu", True), ("belum-dikonfirmasi", True), ("tidak-terpenuhi", False), ("", True)]
)
def test_the_list_is_narrowed_to_what_needs_a_decision(
    browser: Browser, complete: World, chosen: str, is_listed: bool
) -> None:
    page = browser.open(f"/koperasi?q=kariangau&keputusan={chosen}")

    assert page.status == 200
    assert page.has("KKMP Kariangau") is is_listed


# Designations ---------------------------------------------------------------------------------------------------------

PILOTS = "/penetapan"


@pytest.fixture
def candidates(browser: Browser) -> World:
    """KKMP Graha Indah fulfils everything, KKMP Kariangau lacks some of it; nobody has looked at the others."""
    world = World(browser, {"KL-02": ("yes", "diamati")})
    with browser.make() as make:
        make.visit(world.facilitator, enough_for_designation("percontohan"))
    return world


def designate(browser: Browser, *codes: str, url: str = PILOTS, **typed: Any) -> Page:
    fields = browser.open(url).fields()
    chosen = {"cooperatives": list(codes), "verdict": "tetapkan", "note": "SK 12/2026"}
    return browser.send(url, fields | chosen | typed)


def test_the_page_says_who_is_proposed_and_who_lacks_what(browser: Browser, candidates: World) -> None:
    page = browser.open(PILOTS)

    assert page.heading == "Koperasi percontohan"
    assert page.texts("[aria-labelledby=diusulkan] .candidate label") == ["KKMP Graha Indah"]
    first = page.soup.select_one("[aria-labelledby=kurang] .candidate")
    assert first is not None
    words = " ".join(first.get_text(" ").split())
    assert words.startswith("KKMP Kariangau")
    assert "Tahap koperasi: paling rendah Operasional" in words
    assert len(page.soup.select("[aria-labelledby=kurang] .candidate")) == 33


def test_several_are_designated_at_once_and_the_history_tells(browser: Browser, candidates: World) -> None:
    page = designate(browser, GRAHA_INDAH, KARIANGAU)

    assert page.has("Ditetapkan untuk 2 koperasi.")
    assert page.texts("[aria-labelledby=ditetapkan] .candidate label") == ["KKMP Graha Indah", "KKMP Kariangau"]
    assert page.has("SK 12/2026")
    assert page.has("sejak 14 April 2026")
    assert candidates.count(DesignationDecision) == 2
    assert browser.open(f"/koperasi/{GRAHA_INDAH}").has("Koperasi percontohan sejak 14 April 2026")
    assert browser.open(f"/koperasi/{GRAHA_INDAH}/tahap").has("SK 12/2026")
    assert browser.open(f"/koperasi/{GRAHA_INDAH}/riwayat?jenis=tahap").has("Koperasi percontohan")


def test_a_designation_is_taken_back(browser: Browser, candidates: World) -> None:
    designate(browser, GRAHA_INDAH)

    page = designate(browser, GRAHA_INDAH, verdict="cabut", note="Gerai tutup")

    assert page.has("Dicabut dari 1 koperasi.")
    assert page.texts("[aria-labelledby=ditetapkan] .candidate label") == []
    assert page.has("Gerai tutup")


def test_what_is_so_already_changes_nothing(browser: Browser, candidates: World) -> None:
    designate(browser, GRAHA_INDAH)

    assert designate(browser, GRAHA_INDAH).has("Tidak ada yang berubah: keputusan itu sudah berlaku.")
    assert candidates.count(DesignationDecision) == 1


def test_the_second_designation_has_its_own_criteria(browser: Browser, candidates: World) -> None:
    url = f"{PILOTS}?untuk=gudang_gerai"

    page = designate(browser, GRAHA_INDAH, url=url)

    assert page.heading == "Percontohan gudang dan gerai"
    assert page.texts("[aria-labelledby=ditetapkan] .candidate label") == ["KKMP Graha Indah"]
    assert browser.open(PILOTS).texts("[aria-labelledby=ditetapkan] .candidate label") == []


@pytest.mark.parametrize(
    ("codes", "typed", "said"),
    [
        ((), {}, "Pilih paling sedikit satu koperasi."),
        (("64.71.99.9999",), {}, "Pilih dari yang ditawarkan."),
        ((GRAHA_INDAH,), {"verdict": ""}, "Pilih: tetapkan atau cabut."),
        ((GRAHA_INDAH,), {"verdict": "hapus"}, "Pilih salah satu dari yang ditawarkan."),
        ((GRAHA_INDAH,), {"note": ""}, "Tulis dasar atau alasan keputusannya."),
        ((GRAHA_INDAH,), {"decided_on": str(TODAY + ONE_DAY)}, "Tanggal keputusan tidak boleh sesudah hari ini."),
    ],
)
def test_bad_input_about_designations_keeps_what_was_chosen_and_stores_nothing(
    browser: Browser, candidates: World, codes: tuple[str, ...], typed: dict[str, str], said: str
) -> None:
    page = designate(browser, *codes, **typed)

    assert page.status == 400
    assert page.has(said)
    assert candidates.count(DesignationDecision) == 0
    ticked = [str(each["value"]) for each in page.soup.select("[name=cooperatives][checked]")]
    assert ticked == [code for code in codes if code == GRAHA_INDAH]


def test_a_head_of_one_kecamatan_designates_nobody_elsewhere(browser: Browser, candidates: World) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD, scope_prefix="64.71.02"))

    page = browser.open(PILOTS)
    answer = designate(browser, GRAHA_INDAH)

    assert not page.has("KKMP Graha Indah")
    assert answer.status == 400
    assert candidates.count(DesignationDecision) == 0


def test_the_admin_reads_designations_and_decides_none(browser: Browser, candidates: World) -> None:
    fields = browser.open(PILOTS).fields()
    browser.sign_in(candidates.admin)

    assert browser.open(PILOTS).soup.select("[name=cooperatives]") == []
    assert browser.send(PILOTS, fields).status == 403


def test_a_designation_nobody_knows_shows_the_first(browser: Browser, candidates: World) -> None:
    assert browser.open(f"{PILOTS}?untuk=entah").heading == "Koperasi percontohan"

"""Putting a stored visit right on its page: what is stored stands in the form, what changed stands on the visit."""

import datetime as dt
import threading
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.instruments.service import publish
from pendamping.kernel.database import reading
from pendamping.progress.models import Standing, StandingScore
from pendamping.visits.corrections.models import Correction
from pendamping.visits.corrections.service import lock_month
from pendamping.visits.models import Answer, Visit, VisitScore
from pendamping.visits.queries import current_answers
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, short_document
from tests.only import on_sqlite
from tests.pages import Browser, Page
from tests.visits.sent import without_token

ANSWERS = {
    "KL-01": ("no", "diamati", "Belum ada buku tamu."),
    "KL-08": ("2", "klaim"),
    "KL-22": ("40", "klaim"),
    "TK-01": ("3", "dokumen_dilihat"),
}
REASON = {"reason": "Salah ketik."}


class Stored:
    """A visit on record, and the address at which it is put right."""

    def __init__(self, browser: Browser, facilitator: User, visit: Visit) -> None:
        self.browser, self.facilitator, self.id = browser, facilitator, visit.id
        self.page = f"/kunjungan/{visit.id}"
        self.url = f"{self.page}/perbaiki"

    def fields(self, **changes: Any) -> dict[str, Any]:
        return {**self.browser.open(self.url).fields(), **REASON, **changes}

    def send(self, fields: Mapping[str, Any]) -> Page:
        return self.browser.send(self.url, fields, follow=True)

    def now(self) -> Visit:
        with self.browser.app.app_context():
            return reading().get_one(Visit, self.id)


@pytest.fixture
def visit(browser: Browser) -> Stored:
    """A visit of today by somebody who is signed in; short instruments are in force."""
    with browser.make() as make:
        make.short_instruments()
        facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna Wulandari")
        stored = make.visit(facilitator, ANSWERS)
    browser.sign_in(facilitator)
    return Stored(browser, facilitator, stored)


def current(browser: Browser, item_id: str) -> str:
    with browser.app.app_context():
        cooperative = reading().scalars(select(Cooperative).where(Cooperative.code == GRAHA_INDAH)).one()
        return current_answers(reading(), cooperative.id)[item_id].answer.value


# Put right ------------------------------------------------------------------------------------------------------------


def test_the_form_holds_what_is_stored_and_asks_only_what_was_answered(browser: Browser, visit: Stored) -> None:
    page = browser.open(visit.url)

    fields = page.fields()
    assert [str(item["id"]) for item in page.soup.select("li.item")] == ["KL-01", "KL-08", "KL-22", "TK-01"]
    assert (fields["visited_on"], fields["started"], fields["ended"]) == ("2026-04-14", "09:30", "11:00")
    assert (fields["people_met-0-name"], fields["people_met-0-role"]) == ("Siti Aminah", "Bendahara")
    assert (fields["answers-KL-01-value"], fields["answers-KL-01-proof"]) == ("no", "diamati")
    assert (fields["answers-KL-01-note"], fields["answers-KL-22-value"]) == ("Belum ada buku tamu.", "40")
    assert (fields["base_revision"], fields["reason"]) == ("1", "")


def test_what_was_put_right_stands_on_the_visit_with_the_words_before(browser: Browser, visit: Stored) -> None:
    changes = {
        "started": "09:00",
        "notes": "Rapat singkat.",
        "people_met-1-name": "Budi <b>",
        "answers-KL-01-value": "yes",
        "answers-KL-22-value": "41",
    }

    page = visit.send(visit.fields(**changes, reason="Bukunya ternyata ada."))

    stored = visit.now()
    assert page.status == 200
    assert (stored.revision, stored.started, stored.notes) == (2, dt.time(9), "Rapat singkat.")
    assert page.has("Perbaikan disimpan.")
    assert page.text(".page-head .muted") == "KKMP Graha Indah · Ratna Wulandari · diperbaiki 1 kali"
    assert page.has("Perbaikan: Bukunya ternyata ada.")
    shown = {
        " ".join(row.select_one("dt").get_text().split()): [  # type: ignore[union-attr]
            " ".join(each.get_text().split()) for each in row.select("del, ins")
        ]
        for row in page.soup.select("dl.changes > div")
    }
    assert shown["Mulai"] == ["09:30", "09:00"]
    assert shown["Catatan"] == ["–", "Rapat singkat."]
    assert shown["Yang ditemui"] == ["Siti Aminah (Bendahara)", "Siti Aminah (Bendahara); Budi <b>"]
    (label,) = (name for name in shown if name.startswith("KL-01 ·"))
    assert shown[label] == ["Belum (Diamati): Belum ada buku tamu.", "Ya (Diamati): Belum ada buku tamu."]
    assert len(shown) == 5


def test_answers_scores_and_standing_follow(browser: Browser, visit: Stored) -> None:
    visit.send(visit.fields(**{"answers-KL-01-value": "yes"}))

    with browser.app.app_context():
        scores = {
            row.revision: row.score
            for row in reading().scalars(select(VisitScore).where(VisitScore.instrument_code == "KL"))
        }
        standing = reading().scalars(select(StandingScore).where(StandingScore.instrument_code == "KL")).one()
    assert current(browser, "KL-01") == "yes"
    assert scores[1] != scores[2] == standing.score
    assert browser.open(visit.page).has("diperbaiki 1 kali")


def test_a_visit_put_right_twice_says_so_in_order(browser: Browser, visit: Stored) -> None:
    visit.send(visit.fields(notes="Satu", reason="Lupa catatan."))

    page = visit.send(visit.fields(notes="Dua", reason="Catatannya salah."))

    assert page.has("diperbaiki 2 kali")
    assert page.texts(".corrections .strong") == ["Perbaikan: Lupa catatan.", "Perbaikan: Catatannya salah."]
    assert page.texts(".corrections del") == ["–", "Satu"]
    assert page.texts(".corrections ins") == ["Satu", "Dua"]
    timeline = browser.open(f"/koperasi/{GRAHA_INDAH}")
    assert timeline.status == 200
    assert timeline.has("Catatannya salah.")


def test_a_visit_that_moves_moves_the_standing(browser: Browser, visit: Stored) -> None:
    with browser.make() as make:
        make.visit(visit.facilitator, {"KL-01": ("yes", "diamati")}, visited_on=dt.date(2026, 4, 10))

    visit.send(visit.fields(visited_on="2026-04-09"))

    with browser.app.app_context():
        standing = reading().scalars(select(Standing)).one()
    assert current(browser, "KL-01") == "yes"
    assert standing.last_visit_on == dt.date(2026, 4, 10)


def test_the_words_on_record_are_the_offices_whatever_the_reader_speaks(browser: Browser, visit: Stored) -> None:
    with browser.make() as make:
        make.session.get_one(User, visit.facilitator.id).language = "en"

    visit.send(visit.fields(visited_on="2026-04-13", mode="jarak_jauh"))

    with browser.app.app_context():
        (correction,) = reading().scalars(select(Correction))
    assert correction.changes == [
        {"field": "Tanggal", "before": "14 April 2026", "after": "13 April 2026"},
        {"field": "Cara", "before": "Tatap muka", "after": "Jarak jauh"},
    ]


def test_the_same_correction_tapped_twice_is_one(app: Flask, browser: Browser, visit: Stored) -> None:
    fields = visit.fields(notes="Lain")
    clients = [browser.client, app.test_client()]
    with browser.client.session_transaction() as ours, clients[1].session_transaction() as theirs:
        theirs.update(ours)
    ready = threading.Barrier(2)
    answers: list[tuple[int, str | None]] = []

    def tap(client: Any) -> None:
        ready.wait()
        response = client.post(visit.url, data=fields)
        answers.append((response.status_code, response.headers.get("Location")))

    threads = [threading.Thread(target=tap, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(302, visit.page)] * 2
    assert (browser.count(Correction), visit.now().revision) == (1, 2)


# The versions and the stage of then -----------------------------------------------------------------------------------


def test_a_visit_is_put_right_on_the_version_it_was_answered_on(browser: Browser, visit: Stored) -> None:
    with browser.make() as make:
        without_kl01: dict[str, Any] = short_document("kelembagaan", ["KL-08", "KL-22"], "0.4.0")
        publish(make.session, without_kl01, position=0, effective_on=TODAY, actor=ACTOR, now=NOW)

    page = visit.send(visit.fields(**{"answers-KL-01-value": "yes"}))

    assert page.status == 200
    with browser.app.app_context():
        versions = set(reading().scalars(select(Answer.version_id).where(Answer.item_id == "KL-01")))
        scored = set(reading().scalars(select(VisitScore.version_id).where(VisitScore.instrument_code == "KL")))
        standing = reading().scalars(select(StandingScore).where(StandingScore.instrument_code == "KL")).one()
    assert len(versions) == len(scored) == 1
    assert versions == scored
    assert standing.version_id not in scored


def test_a_visit_is_put_right_at_the_stage_of_then(browser: Browser, visit: Stored) -> None:
    fields = visit.fields(notes="Lain")
    with browser.make() as make:
        make.cooperative().stage = Stage.FORMATION

    assert visit.send(fields).status == 200

    with browser.app.app_context():
        assert set(reading().scalars(select(VisitScore.stage))) == {Stage.OPERATION}
    assert browser.open(visit.url).status == 200


def test_a_decree_is_learnt_with_the_corrected_answer_that_needs_it(browser: Browser, visit: Stored) -> None:
    with browser.make() as make:
        later = make.visit(visit.facilitator, {"KL-09": ("not_done", "klaim")})
    about_the_decree = Stored(browser, visit.facilitator, later)
    fields = about_the_decree.fields(**{"answers-KL-09-value": "2026-01-02"})

    refused = about_the_decree.send(fields)
    stored = about_the_decree.send({**refused.fields(), "decree_on": "2025-07-14"})

    assert refused.status == 400
    assert "Tanggal SK badan hukum belum tercatat." in refused.text("#KL-09")
    assert stored.status == 200
    with browser.app.app_context():
        cooperative = reading().scalars(select(Cooperative).where(Cooperative.code == GRAHA_INDAH)).one()
        row = reading().get_one(VisitScore, (later.id, "KL", 2))
    assert cooperative.decree_on == dt.date(2025, 7, 14)
    assert row.facts["tanggal_sk_badan_hukum"] == "2025-07-14"


# Refused --------------------------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "selector", "message"),
    [
        ({"reason": ""}, "#reason-error", "Tulis mengapa kunjungan ini diperbaiki."),
        ({"reason": "a" * 1001}, "#reason-error", "Paling banyak 1000 karakter."),
        ({"notes": ""}, "[data-error-summary]", "Belum ada yang diubah."),
        ({"visited_on": "2026-04-15"}, "#visited_on-error", "Tanggal kunjungan belum tiba."),
        ({"visited_on": "2025-12-31"}, "#visited_on-error", "belum atau tidak lagi menjadi dampingan Anda"),
        ({"ended": "09:00"}, "#ended-error", "Jam selesai harus sesudah jam mulai."),
        ({"people_met-1-role": "Ketua"}, "#people_met-1-name-error", "Isi juga namanya."),
        ({"answers-KL-22-value": "banyak"}, "#KL-22", "Tulis angka"),
        ({"answers-KL-01-value": "mungkin"}, "#KL-01", "Pilih salah satu jawaban yang ditawarkan."),
        ({"answers-KL-02-value": "yes"}, "[data-error-summary]", "Butir KL-02 tidak ada"),
        ({"answers-ZZ-99-value": "yes"}, "[data-error-summary]", "Butir ZZ-99 tidak ada"),
        ({"base_revision": ""}, "[data-error-summary]", "Muat ulang halaman ini."),
        ({"csrf_token": "kedaluwarsa"}, "[data-error-summary]", "Halaman ini terlalu lama terbuka."),
    ],
)
def test_what_does_not_hold_is_said_at_its_place_and_nothing_typed_is_lost(
    browser: Browser, visit: Stored, changes: dict[str, str], selector: str, message: str
) -> None:
    fields = visit.fields(**{"notes": "Lain", "started": "09:15", **changes})
    if "notes" in changes:
        fields["started"] = "09:30"

    page = visit.send(fields)

    given_back = page.fields()
    nowhere = {"csrf_token", "answers-KL-02-value", "answers-ZZ-99-value", "answers-KL-01-value"}
    assert page.status == 400
    assert message in page.text(selector)
    assert {name: given_back.get(name) for name in fields if name not in nowhere} == {
        name: value for name, value in fields.items() if name not in nowhere
    }
    assert (visit.now().revision, browser.count(Correction), browser.count(Answer)) == (1, 0, len(ANSWERS))


def test_a_reason_of_invisible_characters_is_none(browser: Browser, visit: Stored) -> None:
    page = visit.send(visit.fields(notes="Lain", reason=" \u200b\u202e "))

    assert page.text("#reason-error") == "Tulis mengapa kunjungan ini diperbaiki."
    assert visit.now().revision == 1


def test_a_visit_moved_into_an_approved_month_is_said_at_its_day(browser: Browser, visit: Stored) -> None:
    with browser.make() as make:
        lock_month(make.session, visit.facilitator, dt.date(2026, 3, 1), actor=ACTOR, now=NOW)

    page = visit.send(visit.fields(visited_on="2026-03-31", notes="Lain"))

    assert page.status == 409
    assert page.text("#visited_on-error") == "Laporan bulan ini sudah disetujui, jadi kunjungannya terkunci."
    assert (page.fields()["notes"], visit.now().revision) == ("Lain", 1)


def test_an_hour_that_is_taken_is_said_at_the_start(browser: Browser, visit: Stored) -> None:
    with browser.make() as make:
        make.visit_with(visit.facilitator, code=KARIANGAU, started=dt.time(13), ended=dt.time(14))

    page = visit.send(visit.fields(ended="13:30", notes="Lain"))

    assert page.status == 409
    assert "KKMP Kariangau (13.00 sampai 14.00)" in page.text("#started-error")
    assert (page.fields()["ended"], page.fields()["notes"]) == ("13:30", "Lain")


def test_what_another_tab_put_right_is_not_overwritten_unseen(browser: Browser, visit: Stored) -> None:
    behind = visit.fields(notes="Tab dua", **{"answers-KL-22-value": "42"})
    visit.send(visit.fields(notes="Tab satu"))

    refused = visit.send(behind)
    assert refused.status == 409
    assert "sudah diperbaiki dari tempat lain" in refused.text("[data-error-summary]")
    assert visit.now().notes == "Tab satu"
    assert {**without_token(refused.fields()), "base_revision": "1"} == without_token(behind)

    saved = visit.send(refused.fields())
    assert saved.status == 200
    assert (visit.now().notes, visit.now().revision) == ("Tab dua", 3)
    assert saved.texts(".corrections del")[1] == "Tab satu"


def test_nobody_puts_a_colleagues_visit_right(browser: Browser, visit: Stored) -> None:
    ward = MANGGAR
    with browser.make() as make:
        first, successor = make.user(), make.user()
        make.assignment(first, ward, ends_on=dt.date(2026, 4, 13))
        make.assignment(successor, ward, starts_on=TODAY)
        page = f"/kunjungan/{make.visit(first, code=ward, visited_on=dt.date(2026, 4, 13)).id}"
    fields = visit.fields(notes="Lain", text="Lain")
    statuses = {}

    for name, user in {"successor": successor, "outsider": visit.facilitator}.items():
        browser.sign_in(user)
        opened = [browser.client.get(f"{page}{path}").status_code for path in ("", "/perbaiki", "/tambahan")]
        sent = [browser.client.post(f"{page}{path}", data=fields).status_code for path in ("/perbaiki", "/tambahan")]
        statuses[name] = opened + sent

    assert statuses == {"successor": [200, 403, 403, 403, 403], "outsider": [404] * 5}
    assert browser.count(Correction) == 0


def test_a_visit_that_nobody_made_is_not_there(browser: Browser, visit: Stored) -> None:
    for path in (f"/kunjungan/{uuid.uuid4()}/perbaiki", f"/kunjungan/{uuid.uuid4()}/tambahan"):
        assert browser.client.get(path).status_code == 404

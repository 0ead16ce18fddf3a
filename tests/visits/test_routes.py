import datetime as dt
import threading
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.service import publish
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.kernel.tables import Base
from pendamping.plans.models import Action
from pendamping.progress.models import Standing, StandingScore
from pendamping.visits.models import Answer, Attendance, Visit, VisitScore
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, short_document
from tests.only import on_sqlite
from tests.pages import Browser, Page
from tests.visits.sent import blank, without_token

URL = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"
WRITTEN = {
    "started": "09:30",
    "ended": "11.00",
    "purposes": ["pemeriksaan", "rapat"],
    "people_met-0-name": "Siti Aminah",
    "people_met-0-role": "Bendahara",
    "people_met-2-name": "Budi <b>Santoso</b>",
    "notes": "Rapat singkat.\n“Buku kas” dibuka & dibaca.",
    "place-lat": "-1.2379",
    "place-lon": "116.8529",
    "place-accuracy_m": "12.5",
    "written_at": "2026-04-14T01:30:00.000Z",
    "answers-KL-01-value": "yes",
    "answers-KL-01-proof": "dokumen_dilihat",
    "answers-KL-02-value": "no",
    "answers-KL-02-proof": "diamati",
    "answers-KL-02-note": "Buku belum ada.",
    "answers-KL-22-value": "40",
    "answers-TK-01-value": "2",
}


def rows(browser: Browser) -> dict[str, int]:
    """How many rows each table has."""
    with browser.app.app_context():
        tables = Base.metadata.sorted_tables
        return {table.name: reading().scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def stored(browser: Browser, column: Any) -> list[Any]:
    with browser.app.app_context():
        return list(reading().scalars(select(column)))


def own_action(number: int = 0, **changes: str) -> dict[str, str]:
    """An action that no item caused."""
    fields = {"item": "", "title": "Undang dinas", "owner_role": "ketua", "due_on": "2026-04-20", **changes}
    return {f"actions-{number}-{name}": value for name, value in fields.items()}


def agreed(fields: Mapping[str, Any], item_id: str) -> str:
    """The prefix of an item's proposal on the page."""
    return next(name for name, value in fields.items() if name.endswith("-item") and value == item_id)[: -len("item")]


def said_on_top(page: Page) -> str:
    return page.text("[data-error-summary]")


# Saved ----------------------------------------------------------------------------------------------------------------


def test_what_is_written_on_the_page_becomes_visit_answers_scores_plan_and_standing(
    browser: Browser, facilitator: User
) -> None:
    fields = browser.open(URL).fields()
    plan = {f"{agreed(fields, 'KL-02')}agreed": "y", **own_action(500)}

    response = browser.client.post(URL, data={**fields, **WRITTEN, **plan})

    assert response.status_code == 302
    assert response.headers["Location"] == f"/kunjungan/{fields['id']}"
    with browser.app.app_context():
        session = reading()
        visit = session.scalars(select(Visit)).one()
        met = session.scalars(select(Attendance).order_by(Attendance.position)).all()
        answers = session.scalars(select(Answer).order_by(Answer.item_id)).all()
        actions = session.scalars(select(Action).order_by(Action.due_on)).all()
        standing = session.scalars(select(Standing)).one()
        scores = {row.instrument_code: row.score for row in session.scalars(select(StandingScore))}
    assert (str(visit.id), visit.facilitator_id, visit.visited_on) == (fields["id"], facilitator.id, TODAY)
    assert (visit.started, visit.ended) == (dt.time(9, 30), dt.time(11, 0))
    assert visit.purposes == ["pemeriksaan", "rapat"]
    assert visit.notes == WRITTEN["notes"]
    assert (visit.latitude, visit.longitude, visit.accuracy_m) == (-1.2379, 116.8529, 12.5)
    assert visit.written_at == dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC)
    assert [(each.name, each.role) for each in met] == [("Siti Aminah", "Bendahara"), ("Budi <b>Santoso</b>", "")]
    assert [(each.item_id, each.value, each.proof, each.note) for each in answers] == [
        ("KL-01", "yes", "dokumen_dilihat", ""),
        ("KL-02", "no", "diamati", "Buku belum ada."),
        ("KL-22", "40", "klaim", ""),
        ("TK-01", "2", "klaim", ""),
    ]
    assert [(each.item_id, each.title, each.due_on) for each in actions] == [
        (None, "Undang dinas", dt.date(2026, 4, 20)),
        ("KL-02", actions[1].title, dt.date(2026, 4, 28)),
    ]
    assert (standing.last_visit_id, standing.open_actions, standing.next_due_on) == (visit.id, 2, dt.date(2026, 4, 20))
    assert scores["KL"] is not None
    assert scores["UK"] is None


def test_the_stored_visit_can_be_read_again(browser: Browser, facilitator: User) -> None:
    page = browser.send(URL, {**blank(browser), **WRITTEN, **own_action()})

    assert page.status == 200
    assert page.heading == "Kunjungan 14 April 2026"
    assert page.has("Kunjungan tersimpan.")
    for words in ("Siti Aminah", "Budi <b>Santoso</b>", "Ratna Wulandari", "Buku belum ada.", "Undang dinas"):
        assert page.has(words), words
    assert page.has("“Buku kas” dibuka & dibaca.")


def test_the_next_page_shows_what_was_answered_last_time(browser: Browser, facilitator: User) -> None:
    fields = browser.open(URL).fields()
    browser.send(URL, {**fields, **WRITTEN}, follow=False)

    page = browser.open(URL)

    assert page.fields()["id"] != fields["id"]
    assert "Belum" in page.text("#KL-02 .item__previous")
    assert "Buku belum ada." in page.text("#KL-02 .item__previous")
    assert "Belum pernah dinilai" in page.text("#KL-05 .item__previous")


def test_a_whole_real_visit_can_be_sent_back_as_it_stands_on_the_page(browser: Browser) -> None:
    """All 104 items of the three real instruments, nothing answered."""
    with browser.make() as make:
        browser.sign_in(make.facilitator())
    page = browser.open(URL)
    fields = page.fields()

    response = browser.client.post(URL, data=fields)

    assert len(page.soup.select("li.item")) == 104
    assert response.headers["Location"] == f"/kunjungan/{fields['id']}"
    assert rows(browser)["visit_score"] == 3


# Sent twice -----------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_visit(browser: Browser, facilitator: User) -> None:
    fields = {**blank(browser), **WRITTEN}
    first = browser.client.post(URL, data=fields)
    before, sha256 = rows(browser), stored(browser, Visit.body_sha256)

    again = browser.client.post(URL, data=fields)

    assert (first.status_code, again.status_code) == (302, 302)
    assert first.headers["Location"] == again.headers["Location"]
    assert rows(browser) == before
    assert stored(browser, Visit.body_sha256) == sha256


def test_a_second_tap_at_another_moment_is_the_same_visit(browser: Browser, facilitator: User) -> None:
    """The page writes down the moment of each tap."""
    fields = {**blank(browser), **WRITTEN}
    browser.client.post(URL, data=fields)

    again = browser.client.post(URL, data={**fields, "written_at": "2026-04-14T01:30:02.345Z"})

    assert again.status_code == 302
    assert rows(browser)["visit"] == 1
    assert stored(browser, Visit.written_at) == [dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC)]


def test_the_content_of_a_visit_has_one_hash_wherever_it_was_written(browser: Browser, facilitator: User) -> None:
    for _ in range(2):
        fields = blank(browser)
        browser.client.post(URL, data={**fields, **WRITTEN, "started": "", "ended": ""})

    hashes = stored(browser, Visit.body_sha256)

    assert len(hashes) == 2
    assert len(set(hashes)) == 1


def test_two_taps_at_once_are_one_visit(app: Flask, browser: Browser, facilitator: User) -> None:
    fields = {**blank(browser), **WRITTEN}
    ready = threading.Barrier(2)
    answers: list[tuple[int, str | None]] = []

    def tap(client: Any) -> None:
        ready.wait()
        response = client.post(URL, data=fields)
        answers.append((response.status_code, response.headers.get("Location")))

    clients = [browser.client, app.test_client()]
    with browser.client.session_transaction() as ours, clients[1].session_transaction() as theirs:
        theirs.update(ours)
    threads = [threading.Thread(target=tap, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(302, f"/kunjungan/{fields['id']}")] * 2
    assert rows(browser)["visit"] == 1
    assert rows(browser)["answer"] == 4


def test_other_content_under_a_stored_id_is_refused_and_given_back(browser: Browser, facilitator: User) -> None:
    fields = {**blank(browser), **WRITTEN}
    browser.client.post(URL, data=fields)
    before = rows(browser)

    page = browser.send(URL, {**fields, "notes": "Catatan yang lain."})

    assert page.status == 409
    assert "sudah tersimpan dengan isi yang lain" in said_on_top(page)
    assert page.fields()["notes"] == "Catatan yang lain."
    assert rows(browser) == before
    assert stored(browser, Visit.notes) == [WRITTEN["notes"]]


def test_the_id_of_another_cooperatives_visit_is_refused(browser: Browser, facilitator: User) -> None:
    fields = {**blank(browser), **WRITTEN}
    browser.client.post(URL, data=fields)
    before = rows(browser)

    response = browser.client.post(f"/koperasi/{KARIANGAU}/kunjungan/baru", data=fields)

    assert response.status_code == 409
    assert rows(browser) == before


def test_another_facilitators_id_is_refused(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        theirs = make.visit(make.facilitator(MANGGAR), code=MANGGAR)
    fields = {**blank(browser), "id": str(theirs.id)}
    before = rows(browser)

    response = browser.client.post(URL, data=fields)

    assert response.status_code == 409
    assert rows(browser) == before


def test_the_id_of_a_stored_action_is_refused_with_the_visit_that_names_it(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        visit = make.visit(make.facilitator(MANGGAR), code=MANGGAR)
        (theirs,) = make.agree(visit, facilitator, make.action_draft(title="Milik orang lain"))
    fields = blank(browser)
    before = rows(browser)

    response = browser.client.post(URL, data={**fields, **own_action(title="Milik saya", id=str(theirs.id))})

    assert response.status_code == 409
    assert rows(browser) == before
    assert stored(browser, Action.title) == ["Milik orang lain"]


def test_two_actions_may_have_one_title(browser: Browser, facilitator: User) -> None:
    response = browser.client.post(URL, data={**blank(browser), **own_action(0), **own_action(1)})

    assert response.status_code == 302
    assert stored(browser, Action.title) == ["Undang dinas"] * 2


# Refused --------------------------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "selector", "message"),
    [
        ({"visited_on": "kemarin"}, "#visited_on-error", "Tulis tanggal seperti 2026-04-14."),
        ({"visited_on": "2026-04-15"}, "#visited_on-error", "Tanggal kunjungan belum tiba."),
        ({"visited_on": "2025-12-31"}, "#visited_on-error", "belum atau tidak lagi menjadi dampingan Anda"),
        ({"started": "pagi"}, "#started-error", "Tulis jam seperti 09:30."),
        ({"ended": "08:00"}, "#ended-error", "Jam selesai harus sesudah jam mulai."),
        ({"people_met-1-role": "Ketua"}, "#people_met-1-name-error", "Isi juga namanya."),
        ({"notes": "a" * 10_001}, "#notes-error", "Paling banyak 10000 karakter."),
        ({"place-lat": "utara"}, "#place-lat-error", "Tulis angka."),
        ({"answers-KL-22-value": "12,5"}, "#KL-22", "Terlalu banyak angka di belakang koma."),
        ({"answers-KL-05-value": "na"}, "#KL-05", "Tulis alasan mengapa butir ini tidak berlaku."),
        ({"answers-KL-09-value": "2026-01-02"}, "#KL-09", "Tanggal SK badan hukum belum tercatat."),
        ({"answers-KL-31-note": "Tanpa jawaban"}, "#KL-31", "Catatan sudah ditulis; pilih juga jawabannya."),
        ({"answers-ZZ-99-value": "yes"}, "[data-error-summary]", "Butir ZZ-99 tidak ada"),
        ({"answers-UK-09-value": "yes"}, "[data-error-summary]", "Butir UK-09 belum ditanyakan pada tahap"),
        ({"id": "bukan-nomor"}, "[data-error-summary]", "Nomor kunjungan rusak."),
        ({"instruments-KL": "f" * 64}, "[data-error-summary]", "Daftar periksa halaman ini tidak dikenal."),
    ],
)
def test_a_refused_visit_says_why_at_its_place_and_gives_everything_back(
    browser: Browser, facilitator: User, changes: Mapping[str, str], selector: str, message: str
) -> None:
    sent = {**blank(browser), "people_met-1-name": "", **WRITTEN, **changes}
    before = rows(browser)

    page = browser.send(URL, sent)

    assert page.status == 400
    assert message in page.text(selector)
    assert said_on_top(page)
    assert rows(browser) == before
    shown_nowhere = {"answers-ZZ-99-value", "answers-UK-09-value", "instruments-KL", "place-lat"}
    given_back = page.fields()
    for name, value in without_token(sent).items():
        if name not in shown_nowhere:
            assert given_back.get(name) == value, name


@on_sqlite
@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("title", "   ", "Tulis tindakannya."),
        ("title", "a" * 161, "Paling banyak 160 karakter."),
        ("due_on", "besok", "Tulis tanggal seperti 2026-04-14."),
        ("due_on", "2026-04-13", "Tenggat lebih awal daripada tanggal kunjungan."),
    ],
)
def test_a_refused_action_says_why_at_its_item_and_gives_everything_back(
    browser: Browser, facilitator: User, part: str, value: str, message: str
) -> None:
    action = own_action(7, item="KL-02", agreed="y", **{part: value})
    sent = {**blank(browser), **WRITTEN, "people_met-1-name": "", **action}
    before = rows(browser)

    page = browser.send(URL, sent)

    assert page.status == 400
    assert message in page.text("#KL-02")
    assert rows(browser) == before
    given_back = page.fields()
    assert {name: given_back[name].strip() for name in action} == {name: text.strip() for name, text in action.items()}
    assert given_back["answers-KL-02-note"] == "Buku belum ada."


@pytest.mark.parametrize("item_id", ["ZZ-99", "UK-09"])
def test_an_action_of_an_item_that_is_not_asked_is_refused(browser: Browser, facilitator: User, item_id: str) -> None:
    fields = blank(browser)
    before = rows(browser)

    page = browser.send(URL, {**fields, **own_action(item=item_id, agreed="y")})

    assert page.status == 400
    assert f"Butir {item_id} tidak ada dalam instrumen ini." in said_on_top(page)
    assert rows(browser) == before


def test_a_page_that_is_too_old_gives_everything_back_and_can_be_sent_again(
    browser: Browser, facilitator: User
) -> None:
    fields = browser.open(URL).fields()
    sent = {**fields, **WRITTEN, "people_met-1-name": "", **own_action(500), "csrf_token": "kedaluwarsa"}
    before = rows(browser)

    page = browser.send(URL, sent)
    given_back = page.fields()
    response = browser.client.post(URL, data=given_back)

    assert page.status == 400
    assert "Halaman ini terlalu lama terbuka. Isian Anda tetap ada: kirim sekali lagi." in said_on_top(page)
    assert {name: given_back.get(name) for name in without_token(sent)} == without_token(sent)
    assert before["visit"] == 0
    assert response.headers["Location"] == f"/kunjungan/{fields['id']}"
    assert stored(browser, Visit.notes) == [WRITTEN["notes"]]


def test_without_any_token_nothing_is_stored(browser: Browser, facilitator: User) -> None:
    fields = without_token(blank(browser))

    assert browser.client.post(URL, data=fields).status_code == 400
    assert rows(browser)["visit"] == 0


@pytest.mark.parametrize("code", [MANGGAR, "64.71.99.9999", "64.71", "koperasi", "%01", "%FF%FE", "x" * 3000])
def test_a_cooperative_that_is_not_theirs_is_not_there(browser: Browser, facilitator: User, code: str) -> None:
    fields = blank(browser)
    before = rows(browser)

    asked = browser.client.get(f"/koperasi/{code}/kunjungan/baru")
    sent = browser.client.post(f"/koperasi/{code}/kunjungan/baru", data={**fields, **WRITTEN})

    assert (asked.status_code, sent.status_code) == (404, 404)
    assert rows(browser) == before


def test_after_the_assignment_ended_the_cooperative_is_not_there(browser: Browser) -> None:
    with browser.make() as make:
        user = make.user()
        make.assignment(user, ends_on=dt.date(2026, 4, 13))
    browser.sign_in(user)

    assert browser.open(URL).status == 404


# The date of the decree -----------------------------------------------------------------------------------------------


def test_the_date_of_the_decree_is_learnt_with_the_answer_that_needs_it(browser: Browser, facilitator: User) -> None:
    fields = blank(browser)
    answer = {"answers-KL-09-value": "2026-01-02", "answers-KL-09-proof": "dokumen_dilihat"}

    response = browser.client.post(URL, data={**fields, **answer, "decree_on": "2025-07-14"})

    assert response.status_code == 302
    with browser.app.app_context():
        cooperative = reading().scalars(select(Cooperative).where(Cooperative.code == GRAHA_INDAH)).one()
        change = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "change_facts")).one()
        score = reading().scalars(select(VisitScore).where(VisitScore.instrument_code == "KL")).one()
    assert cooperative.decree_on == dt.date(2025, 7, 14)
    assert (change.actor_id, change.before, change.after) == (
        facilitator.id,
        {"decree_on": None},
        {"decree_on": "2025-07-14"},
    )
    assert score.score == 100
    assert not browser.open(URL).soup.select("[name=decree_on]")


def test_the_date_of_the_decree_is_not_learnt_from_a_visit_that_is_refused(browser: Browser, facilitator: User) -> None:
    fields = blank(browser)
    before = rows(browser)

    for wrong in ({"visited_on": "2025-12-31"}, {"started": "x"}, {"decree_on": "2026-04-15"}):
        response = browser.client.post(URL, data={**fields, "decree_on": "2025-07-14", **wrong})
        assert response.status_code == 400

    assert rows(browser) == before
    assert set(stored(browser, Cooperative.decree_on)) == {None}


def test_a_known_date_of_the_decree_is_not_overwritten_by_a_forged_field(browser: Browser, facilitator: User) -> None:
    known = dt.date(2025, 7, 14)
    with browser.make() as make:
        make.cooperative().decree_on = known
    fields = blank(browser)

    response = browser.client.post(URL, data={**fields, "decree_on": "2025-08-01"})

    assert response.status_code == 302
    assert set(stored(browser, Cooperative.decree_on)) == {None, known}


def test_a_visit_page_keeps_judging_an_old_date_by_the_decree_that_was_known_then(
    browser: Browser, facilitator: User
) -> None:
    strict: dict[str, Any] = short_document("kelembagaan", ["KL-09"], "0.4.0")
    strict["items"][0]["date_rule"]["later_but_done"] = 0.2
    with browser.make() as make:
        publish(make.session, strict, position=0, effective_on=TODAY, actor=ACTOR, now=NOW)
        make.cooperative().decree_on = dt.date(2025, 7, 14)
        first = make.visit(facilitator, {"KL-09": ("2026-01-02", "dokumen_dilihat")})
        make.cooperative().decree_on = dt.date(2024, 7, 14)
        second = make.visit(facilitator, {"KL-09": ("2026-01-02", "dokumen_dilihat")})

    poor = [browser.open(f"/kunjungan/{each.id}").texts(".answered__words--poor") for each in (first, second)]

    assert poor == [[], ["2 Januari 2026"]]


# Pinned versions ------------------------------------------------------------------------------------------------------


def test_a_page_opened_before_a_new_version_is_scored_by_its_own_and_the_standing_by_the_new_one(
    browser: Browser, facilitator: User
) -> None:
    with browser.make() as make:
        old = {each.instrument.code: each.version_id for each in instruments_on(make.session, TODAY)}
    fields = browser.open(URL).fields()
    with browser.make() as make:
        make.short_instruments(version="0.4.0", effective_on=TODAY)
        new = {each.instrument.code: each.version_id for each in instruments_on(make.session, TODAY)}

    response = browser.client.post(URL, data={**fields, "answers-KL-01-value": "yes"})

    assert response.status_code == 302
    assert set(stored(browser, VisitScore.version_id)) == set(old.values())
    assert set(stored(browser, Answer.version_id)) == {old["KL"]}
    assert set(stored(browser, StandingScore.version_id)) == set(new.values())
    assert set(old.values()).isdisjoint(new.values())
    assert browser.open(f"/kunjungan/{fields['id']}").has("KL-01")


# Hostile --------------------------------------------------------------------------------------------------------------


@on_sqlite
def test_three_megabytes_of_notes_are_refused_at_their_place(browser: Browser, facilitator: User) -> None:
    fields = blank(browser)

    page = browser.send(URL, {**fields, "notes": "a" * 3 * 1024 * 1024})

    assert page.status == 400
    assert page.text("#notes-error") == "Paling banyak 10000 karakter."
    assert rows(browser)["visit"] == 0


def test_more_than_a_form_with_all_its_photos_can_hold_is_too_large(browser: Browser, facilitator: User) -> None:
    fields = blank(browser)

    page = browser.send(URL, {**fields, "notes": "a" * 65 * 1024 * 1024})

    assert page.status == 413
    assert page.heading == "Terlalu besar"
    assert rows(browser)["visit"] == 0


def test_who_may_not_write_visits_is_not_even_listened_to_for_long(browser: Browser) -> None:
    page = browser.send(URL, {"notes": "a" * 3 * 1024 * 1024})

    assert page.status == 413


@on_sqlite
def test_as_many_fields_as_fit_in_a_request_are_refused_and_nothing_is_stored(
    browser: Browser, facilitator: User
) -> None:
    fields = blank(browser)
    unknown = {f"answers-{number}-value": "1" for number in range(20_000)}

    response = browser.client.post(URL, data={**fields, **unknown})

    assert response.status_code == 400
    assert len(response.data) < 200_000
    assert rows(browser)["visit"] == 0


@pytest.mark.parametrize(
    "hostile",
    [
        b"notes=%01%1F%7F&answers-KL-02-note=a%08b&answers-KL-02-value=no",
        b"notes=%FF%FE&people_met-0-name=%C3%28",
        b"notes=%ED%A0%80&answers-KL-02-note=%ED%B0%80&answers-KL-02-value=no",
        b"people_met-0-name=a%E2%80%AEb&people_met-0-role=%0B",
        b"%FF=%FF&=&&==",
        b"purposes=rapat&purposes=rapat&purposes=rapat",
        b"written_at=0001-01-01T00:00:00%2B14:00",
        b"written_at=9999-12-31T23:59:59-14:00",
        b"notes=%F4%8F%BF%BF%EF%BF%BE",
    ],
)
def test_odd_characters_are_stored_without_harm_and_can_be_read_again(
    browser: Browser, facilitator: User, hostile: bytes
) -> None:
    fields = blank(browser)
    plain = "&".join(f"{name}={fields[name]}" for name in ("csrf_token", "id", "visited_on", "mode"))

    response = browser.client.post(
        URL, data=plain.encode() + b"&" + hostile, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 302
    page = browser.open(response.headers["Location"])
    assert page.status == 200
    assert "".join(stored(browser, Visit.notes) + stored(browser, Answer.note)).isprintable()
    assert stored(browser, Visit.purposes) in ([[]], [["rapat"]])


@on_sqlite
@pytest.mark.parametrize("field", ["visited_on", "notes", "answers-KL-02-note", "people_met-0-name", "kolom-lain"])
def test_a_nul_is_refused_wherever_it_stands(browser: Browser, facilitator: User, field: str) -> None:
    fields = blank(browser)

    page = browser.send(URL, {**fields, field: "a\x00b"})

    assert page.status == 400
    assert rows(browser)["visit"] == 0


@on_sqlite
def test_a_body_that_is_no_text_at_all_is_refused(browser: Browser, facilitator: User) -> None:
    response = browser.client.post(URL, data=b"\xff\xfe" * 100, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert rows(browser)["visit"] == 0


@on_sqlite
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_a_body_of_another_kind_is_refused(browser: Browser, facilitator: User, content_type: str) -> None:
    response = browser.client.post(URL, data=b'{"visited_on": "2026-04-14"}', content_type=content_type)

    assert response.status_code == 400
    assert rows(browser)["visit"] == 0


# Reading --------------------------------------------------------------------------------------------------------------


def test_after_a_hand_over_both_facilitators_can_read_the_earlier_visit(browser: Browser) -> None:
    with browser.make() as make:
        first, second, outsider = make.user(), make.user(), make.facilitator(KARIANGAU)
        make.assignment(first, ends_on=dt.date(2026, 3, 31))
        make.assignment(second, starts_on=dt.date(2026, 4, 1))
        visit = make.visit(first, visited_on=dt.date(2026, 3, 31))
        head = make.user(Role.AGENCY_HEAD)
        elsewhere = make.user(Role.AGENCY_HEAD, scope_prefix="64.710")
    statuses = {}

    for name, user in {"first": first, "second": second, "outsider": outsider, "head": head, "far": elsewhere}.items():
        browser.sign_in(user)
        statuses[name] = browser.open(f"/kunjungan/{visit.id}").status

    assert statuses == {"first": 200, "second": 200, "outsider": 404, "head": 200, "far": 404}


def test_only_the_page_of_a_stored_visit_says_that_it_is_stored(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        visit = make.visit(facilitator)
    named = [
        [each["data-visit"] for each in browser.open(f"/kunjungan/{id_}").soup.select("template[data-visit]")]
        for id_ in (visit.id, uuid.uuid4())
    ]

    assert named == [[str(visit.id)], []]


def test_a_visit_that_nobody_made_is_not_there(browser: Browser, facilitator: User) -> None:
    assert browser.open(f"/kunjungan/{uuid.uuid4()}").status == 404
    assert browser.open("/kunjungan/bukan-nomor").status == 404


def test_after_a_hand_over_ones_own_visit_leads_home_instead_of_nowhere(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.user(name="Ratna")
        rows.assignment(ratna, ends_on=dt.date(2026, 3, 31))
        visit = rows.visit(ratna, visited_on=dt.date(2026, 3, 10))
    browser.sign_in(ratna)

    page = browser.open(f"/kunjungan/{visit.id}")

    assert page.status == 200
    assert [str(link["href"]) for link in page.soup.select("a.back-link")] == ["/"]

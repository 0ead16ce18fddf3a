"""What the visit's form says to everything that can be wrong with it; the token of its page has tests elsewhere."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from wtforms import Field, FieldList, FormField

from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.reading.text import content_hash
from pendamping.instruments.scoring import NO_FACTS, Facts
from pendamping.visits.forms import VisitForm, fault_words
from tests.conftest import TODAY
from tests.instruments.cases import FACTS, INSTRUMENTS, NAMES, document

PUBLISHED = [
    PublishedInstrument(uuid.uuid4(), content_hash(document(name)), dt.date(2026, 1, 1), instrument)
    for name, instrument in zip(NAMES, INSTRUMENTS, strict=True)
]
PEOPLE = {"people_met-0-name": "Siti Aminah", "people_met-0-role": "Bendahara"}
PLACE = {"place-lat": "-1.2379", "place-lon": "116.8529", "place-accuracy_m": "12.5"}
ACTION = {
    "actions-7-id": "",
    "actions-7-item": "KL-02",
    "actions-7-title": "Lengkapi buku daftar anggota",
    "actions-7-owner_role": "sekretaris",
    "actions-7-due_on": "2026-04-28",
    "actions-7-agreed": "y",
}
GOOD = {
    "id": "3f0c7a52-8f0e-4d5f-9b6e-0a1b2c3d4e5f",
    "visited_on": "2026-04-14",
    "started": "09:30",
    "ended": "11.00",
    "mode": "tatap_muka",
    "purposes": ["pemeriksaan", "rapat"],
    "notes": "Rapat singkat.",
    "written_at": "2026-04-14T01:30:00.000Z",
    "answers-KL-01-value": "yes",
    "answers-KL-01-proof": "dokumen_dilihat",
    "answers-KL-01-note": "",
    **{f"instruments-{each.instrument.code}": each.sha256 for each in PUBLISHED},
    **PEOPLE,
    **PLACE,
    **ACTION,
}


@pytest.fixture
def app(sqlite_app: tuple[Flask, object], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Forms touch no database; one app will do for all."""
    app, _ = sqlite_app
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app


def faults_in(
    app: Flask, changes: Mapping[str, Any], *, stage: int = 2, facts: Facts = FACTS, today: dt.date = TODAY
) -> dict[str, str]:
    """Field -> message for the good visit with some fields changed, or left out where the change is None."""
    fields = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    with app.test_request_context(method="POST", data=fields):
        form = VisitForm(instruments=PUBLISHED, stage=stage, today=today)
        holds = form.validate_against(facts)
        said = dict(messages(form))
    assert holds == (not said), said
    return said


def messages(form: VisitForm) -> Iterator[tuple[str, str]]:
    for sentence in form.form_errors:
        yield "", sentence
    for field in form:
        yield from messages_of(field)
    for entry in form.actions.sent:
        yield from ((field.name, str(field.errors[0])) for field in entry if field.errors)
    for fault in form.answers.faults:
        if fault.item_id in form.asked:
            yield f"answers-{fault.item_id}-{fault.field}", fault_words(fault)


def messages_of(field: Field) -> Iterable[tuple[str, str]]:
    if isinstance(field, FormField | FieldList):
        return [message for inner in field for message in messages_of(inner)]
    return [(field.name, str(field.errors[0]))] if field.errors else []


def test_a_good_visit_holds(app: Flask) -> None:
    assert faults_in(app, {}) == {}


def test_a_visit_with_nothing_but_its_date_holds(app: Flask) -> None:
    left_out = dict.fromkeys(GOOD)

    assert faults_in(app, {**left_out, "visited_on": "2026-04-14"}) == {}


# The header -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("visited_on", None, "Isi tanggal kunjungan."),
        ("visited_on", "", "Isi tanggal kunjungan."),
        ("visited_on", "  ", "Isi tanggal kunjungan."),
        ("visited_on", "kemarin", "Tulis tanggal seperti 2026-04-14."),
        ("visited_on", "14-04-2026", "Tulis tanggal seperti 2026-04-14."),
        ("visited_on", "2026-02-30", "Tulis tanggal seperti 2026-04-14."),
        ("visited_on", "2026-04-14" + "9" * 5000, "Tulis tanggal seperti 2026-04-14."),
        ("visited_on", "\x00", "Isi tanggal kunjungan."),
        ("visited_on", "0026-04-14", "Periksa tahunnya."),
        ("visited_on", "2206-04-14", "Periksa tahunnya."),
        ("visited_on", "2026-04-15", "Tanggal kunjungan belum tiba."),
        ("started", "jam sembilan", "Tulis jam seperti 09:30."),
        ("started", "25:00", "Tulis jam seperti 09:30."),
        ("started", "9", "Tulis jam seperti 09:30."),
        ("started", "-1:00", "Tulis jam seperti 09:30."),
        ("ended", "\x0009:30", "Tulis jam seperti 09:30."),
        ("ended", "09:30", "Jam selesai harus sesudah jam mulai."),
        ("ended", "08:00", "Jam selesai harus sesudah jam mulai."),
        ("started", "", "Isi juga jam mulai."),
        ("mode", "telepati", "Pilih salah satu dari yang ditawarkan."),
        ("mode", "", "Pilih salah satu dari yang ditawarkan."),
        ("purposes", "menari", "Pilih dari yang ditawarkan."),
        ("purposes", ["rapat", "menari"], "Pilih dari yang ditawarkan."),
        ("people_met-0-name", "", "Isi juga namanya."),
        ("people_met-0-name", "\u200b \u202e", "Isi juga namanya."),
        ("people_met-0-name", "a" * 121, "Paling banyak 120 karakter."),
        ("people_met-0-role", "a" * 41, "Paling banyak 40 karakter."),
        ("notes", "a" * 10_001, "Paling banyak 10000 karakter."),
        ("place-lat", "utara", "Tulis angka."),
        ("place-lat", "90.1", "Lokasi tidak masuk akal."),
        ("place-lat", "nan", "Lokasi tidak masuk akal."),
        ("place-lon", "-180.5", "Lokasi tidak masuk akal."),
        ("place-lon", "inf", "Lokasi tidak masuk akal."),
        ("place-lon", "1e999", "Lokasi tidak masuk akal."),
        ("place-accuracy_m", "-1", "Lokasi tidak masuk akal."),
        ("place-accuracy_m", "sekitar sini", "Tulis angka."),
        ("decree_on", "dulu", "Tulis tanggal seperti 2026-04-14."),
        ("decree_on", "2026-04-15", "Tanggal ini belum tiba."),
    ],
)
def test_what_does_not_hold_is_said_at_its_field(app: Flask, field: str, value: object, message: str) -> None:
    said = faults_in(app, {field: value})

    place = "started" if message == "Isi juga jam mulai." else field
    assert said == {place: message}


def test_an_id_that_is_none_is_said_on_top(app: Flask) -> None:
    assert faults_in(app, {"id": "bukan-nomor"}) == {"": "Nomor kunjungan rusak. Muat ulang halaman ini."}


def test_more_than_sixty_people_are_too_many(app: Flask) -> None:
    sixty = {f"people_met-{number}-name": f"Orang {number}" for number in range(60)}

    assert faults_in(app, sixty) == {}
    assert faults_in(app, {**sixty, "people_met-60-name": "Orang 60"}) == {"": "Paling banyak 60 orang yang ditemui."}


@pytest.mark.parametrize("numbers", [(1,), (0, 2), (5, 7, 9), (9999,)])
def test_rows_that_are_left_out_between_people_double_nobody(app: Flask, numbers: tuple[int, ...]) -> None:
    rows = {f"people_met-{number}-name": f"Orang {number}" for number in numbers}
    with app.test_request_context(method="POST", data={"visited_on": "2026-04-14", **rows}):
        form = VisitForm(instruments=PUBLISHED, stage=2, today=TODAY)
        assert form.validate_against(FACTS)

    assert form.people == [(f"Orang {number}", "") for number in numbers]
    assert len(form.people_met) == 3


@pytest.mark.parametrize("longest", [{"people_met-0-name": "a" * 120}, {"notes": "a" * 10_000}, {"notes": ""}])
def test_the_longest_that_may_be_written_holds(app: Flask, longest: Mapping[str, str]) -> None:
    assert faults_in(app, longest) == {}


@pytest.mark.parametrize("written_at", ["", "kemarin", "2026-04-14T09:30:00", "0001-01-01T00:00:00+14:00", "\x00"])
def test_a_tablets_odd_clock_is_no_fault_of_the_person(app: Flask, written_at: str) -> None:
    assert faults_in(app, {"written_at": written_at}) == {}


def test_half_a_place_is_said_at_the_half_that_is_missing(app: Flask) -> None:
    assert faults_in(app, {"place-lon": ""}) == {"place-lon": "Lokasi tidak masuk akal."}
    assert faults_in(app, {"place-lat": None}) == {"place-lat": "Lokasi tidak masuk akal."}
    assert faults_in(app, {"place-lat": None, "place-lon": None}) == {}


def test_everything_wrong_is_said_at_once(app: Flask) -> None:
    wrong = {
        "visited_on": "kemarin",
        "started": "pagi",
        "place-lat": "utara",
        "people_met-1-role": "Ketua",
        "answers-KL-01-value": "mungkin",
        "answers-TK-02-note": "tanpa jawaban",
        "actions-7-title": "",
    }

    assert set(faults_in(app, wrong)) == {
        "visited_on",
        "started",
        "place-lat",
        "people_met-1-name",
        "answers-KL-01-value",
        "answers-TK-02-value",
        "actions-7-title",
    }


# Answers --------------------------------------------------------------------------------------------------------------

CHOOSE = "Pilih salah satu jawaban yang ditawarkan."


@pytest.mark.parametrize(
    ("item_id", "entry", "place", "message"),
    [
        ("KL-02", {"value": "mungkin"}, "value", CHOOSE),
        ("KL-02", {"value": "YES"}, "value", CHOOSE),
        ("KL-02", {"value": "accepted"}, "value", CHOOSE),
        ("KL-02", {"value": "a" * 100_000}, "value", CHOOSE),
        ("KL-05", {"value": "4"}, "value", CHOOSE),
        ("KL-05", {"value": "-1"}, "value", CHOOSE),
        ("KL-05", {"value": "1.0"}, "value", CHOOSE),
        ("KL-31", {"value": "yes"}, "value", CHOOSE),
        ("KL-22", {"value": "dua belas"}, "value", "Tulis angka, misalnya 12 atau 12,5."),
        ("KL-22", {"value": "1e3"}, "value", "Tulis angka, misalnya 12 atau 12,5."),
        ("KL-22", {"value": "nan"}, "value", "Tulis angka, misalnya 12 atau 12,5."),
        ("KL-22", {"value": "9" * 5_000}, "value", "Tulis angka, misalnya 12 atau 12,5."),
        ("KL-22", {"value": "12,5"}, "value", "Terlalu banyak angka di belakang koma."),
        ("KL-22", {"value": "-1"}, "value", "Terlalu kecil; paling sedikit 0."),
        ("KL-22", {"value": "501"}, "value", "Terlalu besar; paling banyak 500."),
        ("KL-09", {"value": "kapan-kapan"}, "value", "Tulis tanggal seperti 2026-04-14, atau pilih Belum."),
        ("KL-09", {"value": "2026-02-30"}, "value", "Tulis tanggal seperti 2026-04-14, atau pilih Belum."),
        ("KL-09", {"value": "2026-04-15"}, "value", "Tanggal ini sesudah hari kunjungan."),
        ("KL-09", {"value": "1889-01-01"}, "value", "Periksa tahunnya."),
        ("KL-02", {"value": "na", "note": "tidak perlu"}, "value", "Butir ini selalu berlaku; pilih jawaban lain."),
        ("KL-05", {"value": "na"}, "note", "Tulis alasan mengapa butir ini tidak berlaku."),
        ("KL-05", {"value": "na", "note": " \x00\n"}, "note", "Tulis alasan mengapa butir ini tidak berlaku."),
        ("KL-02", {"value": "no", "note": "a" * 1_001}, "note", "Catatan paling banyak 1.000 karakter."),
        ("KL-02", {"note": "tanpa jawaban"}, "value", "Catatan sudah ditulis; pilih juga jawabannya."),
        ("KL-02", {"value": "no", "proof": "mimpi"}, "proof", "Pilih salah satu bukti yang ditawarkan."),
    ],
)
def test_an_answer_that_does_not_hold_is_said_at_its_item(
    app: Flask, item_id: str, entry: Mapping[str, str], place: str, message: str
) -> None:
    fields = {f"answers-{item_id}-{part}": text for part, text in entry.items()}

    assert faults_in(app, fields) == {f"answers-{item_id}-{place}": message}


def test_a_date_that_counts_from_an_unknown_decree_is_asked_for_it(app: Flask) -> None:
    answer = {"answers-KL-09-value": "2026-01-02"}

    assert faults_in(app, answer, facts=NO_FACTS) == {
        "answers-KL-09-value": "Tanggal SK badan hukum belum tercatat. Isi di bawah pertanyaan ini."
    }
    assert faults_in(app, {"answers-KL-09-value": "not_done"}, facts=NO_FACTS) == {}


def test_a_date_is_held_against_the_day_of_the_visit_not_against_today(app: Flask) -> None:
    changes = {"visited_on": "2026-03-01", "answers-KL-09-value": "2026-03-02"}

    assert faults_in(app, changes) == {"answers-KL-09-value": "Tanggal ini sesudah hari kunjungan."}


@pytest.mark.parametrize("values", [["", "not_done"], ["not_done", ""], ["2026-01-02", "not_done"]])
def test_of_a_date_and_its_tick_box_the_last_that_says_something_counts(app: Flask, values: list[str]) -> None:
    with app.test_request_context(method="POST", data={**GOOD, "answers-KL-09-value": values}):
        form = VisitForm(instruments=PUBLISHED, stage=2, today=TODAY)
        assert form.validate_against(NO_FACTS)

    assert {each.item_id: each.value for each in form.answers.data}["KL-09"] == "not_done"


@pytest.mark.parametrize(
    ("item_id", "message"),
    [
        ("ZZ-99", "Butir ZZ-99 tidak ada dalam instrumen ini."),
        ("KL-1", "Butir KL-1 tidak ada dalam instrumen ini."),
        ("%(item)s", "Butir %(item)s tidak ada dalam instrumen ini."),
        ("UK-09", "Butir UK-09 belum ditanyakan pada tahap koperasi ini."),
    ],
)
def test_an_item_that_is_not_on_the_page_is_said_on_top(app: Flask, item_id: str, message: str) -> None:
    assert faults_in(app, {f"answers-{item_id}-value": "yes"}) == {"": message}


def test_what_is_asked_hangs_on_the_stage(app: Flask) -> None:
    answer = {"answers-UK-09-value": "yes", "answers-UK-09-proof": "dokumen_dilihat"}

    assert faults_in(app, answer, stage=3) == {}
    assert faults_in(app, {"answers-KL-08-value": "1"}, stage=1) == {
        "": "Butir KL-08 belum ditanyakan pada tahap koperasi ini."
    }


def test_a_forged_hash_of_an_instrument_is_said_on_top(app: Flask) -> None:
    message = "Daftar periksa halaman ini tidak dikenal. Muat ulang halaman ini."

    assert faults_in(app, {"instruments-KL": "0" * 64}) == {"": message}
    assert faults_in(app, {"instruments-KL": GOOD["instruments-TK"]}) == {"": message}
    assert faults_in(app, {"instruments-KL": ""}) == {}
    assert faults_in(app, {"instruments-KL": None}) == {}


# Actions --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "", "Tulis tindakannya."),
        ("title", None, "Tulis tindakannya."),
        ("title", "   ", "Tulis tindakannya."),
        ("title", "\u200b\x00", "Tulis tindakannya."),
        ("title", "a" * 161, "Paling banyak 160 karakter."),
        ("owner_role", "presiden", "Pilih salah satu dari yang ditawarkan."),
        ("owner_role", "", "Pilih salah satu dari yang ditawarkan."),
        ("due_on", "", "Isi tenggatnya."),
        ("due_on", None, "Isi tenggatnya."),
        ("due_on", "besok", "Tulis tanggal seperti 2026-04-14."),
        ("due_on", "20266-04-14", "Tulis tanggal seperti 2026-04-14."),
        ("due_on", "2200-04-14", "Periksa tahunnya."),
        ("due_on", "2026-04-13", "Tenggat lebih awal daripada tanggal kunjungan."),
    ],
)
def test_an_agreed_action_that_does_not_hold_says_so_at_its_field(
    app: Flask, field: str, value: object, message: str
) -> None:
    assert faults_in(app, {f"actions-7-{field}": value}) == {f"actions-7-{field}": message}


def test_a_proposal_that_nobody_agreed_to_may_hold_anything(app: Flask) -> None:
    odd = {"actions-7-agreed": None, "actions-7-title": "", "actions-7-due_on": "x", "actions-7-owner_role": "x"}

    assert faults_in(app, odd) == {}


@pytest.mark.parametrize("item_id", ["ZZ-99", "UK-09"])
def test_an_action_of_an_item_that_is_not_asked_is_said_on_top(app: Flask, item_id: str) -> None:
    assert faults_in(app, {"actions-7-item": item_id}) == {"": f"Butir {item_id} tidak ada dalam instrumen ini."}


def test_an_id_of_an_action_that_is_none_is_said_at_the_action(app: Flask) -> None:
    assert faults_in(app, {"actions-7-id": "bukan-nomor"}) == {
        "actions-7-id": "Nomor tindakan rusak. Muat ulang halaman ini."
    }


def test_an_action_of_ones_own_counts_as_soon_as_it_has_a_title(app: Flask) -> None:
    own = {"actions-90-title": "Undang BUMN", "actions-90-owner_role": "ketua", "actions-90-due_on": ""}

    assert faults_in(app, own) == {"actions-90-due_on": "Isi tenggatnya."}
    assert faults_in(app, {**own, "actions-90-title": "  "}) == {}


@pytest.mark.parametrize(
    "name",
    [
        "actions-²-title",
        "actions-٣-title",
        "actions--1-title",
        "actions-99999999-title",
        "actions-7",
        "actions-7-",
        "people_met-99999999-name",
        "people_met-²-name",
        "people_met",
        "place",
        "answers",
        "answers-" + "X" * 21 + "-value",
        "answers--value",
        "answers-KL-01-points",
        "\x00",
        "",
        "stage",
    ],
)
def test_names_that_no_page_has_are_ignored(app: Flask, name: str) -> None:
    assert faults_in(app, {name: "apa saja"}) == {}


def test_as_many_fields_as_fit_in_a_request_are_judged_in_time(app: Flask) -> None:
    unknown = {f"answers-{number}-value": "1" for number in range(90_000)}

    said = faults_in(app, unknown)

    assert said.keys() == {""}


def test_of_ten_thousand_actions_only_so_many_are_read(app: Flask) -> None:
    endless = {f"actions-{number}-title": "Tindakan" for number in range(10_000)}
    with app.test_request_context(method="POST", data={**GOOD, **endless}):
        form = VisitForm(instruments=PUBLISHED, stage=2, today=TODAY)
        form.validate_against(FACTS)

    assert len(form.actions.sent) == 300
    assert len(form.actions.proposals) == len(form.asked)

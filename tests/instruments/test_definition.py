"""Reading instruments: what ships is sound, every rule of the file is held, and no document can break the reader."""

import copy
import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.instruments.definition import (
    ActionTemplate,
    DateReference,
    Direction,
    InstrumentFault,
    InstrumentInvalid,
    OwnerRole,
    ReviewFrequency,
    UnknownItem,
    Verification,
    canonical_json,
    content_hash,
    parse,
    read_yaml,
)
from tests.instruments.cases import INSTRUMENTS, KL, NAMES, TK, UK, document, item, yaml_text

ABSENT = object()


def faults_of(broken: object) -> list[tuple[str, str]]:
    with pytest.raises(InstrumentInvalid) as invalid:
        parse(broken)  # type: ignore[arg-type]
    assert str(invalid.value) == "\n".join(f"{fault.where}: {fault.reason}" for fault in invalid.value.faults)
    return [(fault.where, fault.reason) for fault in invalid.value.faults]


def put(content: Any, path: tuple[Any, ...], value: object) -> None:
    """Set, or take away, what stands at the end of a path; an item goes by its id."""
    for step in path[:-1]:
        content = next(row for row in content if row["id"] == step) if str(step)[2:3] == "-" else content[step]
    if value is ABSENT:
        del content[path[-1]]
    else:
        content[path[-1]] = value


# What ships -----------------------------------------------------------------------------------------------------------


def test_the_three_shipped_instruments_can_be_read():
    assert [(each.code, each.version, len(each.items)) for each in INSTRUMENTS] == [
        ("KL", "0.2.0", 44),
        ("TK", "0.2.0", 40),
        ("UK", "0.2.0", 25),
    ]
    assert [sum(asked.is_critical for asked in each.items) for each in INSTRUMENTS] == [10, 10, 5]
    assert [each.applies_from_stage for each in INSTRUMENTS] == [1, 1, 2]


def test_an_item_is_read_whole():
    asked = item("KL-05")

    assert (asked.section, asked.label_id, asked.label_en) == ("KL-A", "Kesesuaian KBLI", "KBLI match")
    assert asked.question_en == "How many of the running businesses are covered by the KBLI codes on the NIB?"
    assert asked.levels[0] == "Belum ada usaha berjalan yang tercakup"
    assert dict(asked.choices) == {"0": 0, "1": 3333, "2": 6667, "3": 10_000}
    assert (asked.weight, asked.is_critical, asked.applies_from_stage) == (2, False, 1)
    assert (asked.na_allowed, asked.na_when) == (True, "Belum ada usaha yang berjalan")
    assert (asked.review_frequency, asked.review_months) == (ReviewFrequency.YEARLY, (10,))
    assert asked.verification is Verification.SYSTEM_CHECK
    assert asked.action == ActionTemplate(
        title_id="Tambahkan KBLI untuk usaha yang sudah berjalan",
        title_en="Add KBLI codes for running businesses",
        default_due_days=asked.action.default_due_days,
        owner_role=OwnerRole.CHAIR,
        done_when_id="Lampiran NIB terbaru memuat KBLI semua usaha yang berjalan.",
    )
    assert asked.source_confidence.startswith("sure untuk Juklak")
    assert (asked.number, asked.date_rule) == (None, None)


def test_rules_of_numbers_and_dates_are_read_exactly():
    advance, annual_meeting, first_meeting = item("TK-13").number, item("KL-29").date_rule, item("KL-09").date_rule

    assert advance is not None
    assert (advance.unit, advance.direction) == ("rupiah", Direction.AT_MOST)
    assert (advance.minimum, advance.maximum, advance.decimals) == (0, 1_000_000_000, 0)
    assert advance.steps == ((0, 10_000), (10_000, 8_000), (100_000, 4_000), (1_000_000_000, 0))
    assert annual_meeting is not None
    assert (annual_meeting.reference, annual_meeting.within_days) == (DateReference.BOOK_YEAR_END, None)
    assert annual_meeting.deadlines == ((3, 31, 10_000), (6, 30, 7_000))
    assert (annual_meeting.later_value, annual_meeting.not_done_value) == (3_000, 0)
    assert first_meeting is not None
    assert (first_meeting.within_days, first_meeting.within_value, first_meeting.deadlines) == (365, 10_000, ())


def test_bands_stand_best_first():
    assert [(band.code, band.minimum) for band in UK.bands] == [
        ("siap_bermitra", Decimal(80)),
        ("hampir_siap", Decimal(65)),
        ("perlu_persiapan", Decimal(45)),
        ("belum_siap", Decimal(0)),
    ]


def test_an_item_is_found_by_its_id_and_an_unknown_one_is_named():
    assert KL.item("KL-05") is item("KL-05")
    with pytest.raises(UnknownItem) as unknown:
        KL.item("TK-05")
    assert unknown.value.item_id == "TK-05"


def test_an_instrument_that_begins_at_a_stage_asks_nothing_before_it():
    later = parse(document() | {"instrument": {**document()["instrument"], "applies_from_stage": 3}})  # type: ignore[dict-item]

    assert KL.asks(item("KL-01"), 1)
    assert not KL.asks(item("KL-40"), 1)
    assert not any(later.asks(asked, 2) for asked in later.items)
    assert all(later.asks(asked, 3) for asked in later.items)


# Every rule of a file -------------------------------------------------------------------------------------------------

HEAD, SCORING = ("instrument",), ("scoring",)
VALUES = (*SCORING, "answer_value")
BAND = (*SCORING, "bands", 0)
DECREE, MEETING = ("items", "KL-09", "date_rule"), ("items", "KL-29", "date_rule")
GROWTH, STEPS = ("items", "KL-22"), ("items", "KL-22", "thresholds", "steps")

BREAKS = [
    # the document and its head
    (("typo",), 1, "berkas", "typo tidak dikenal atau tidak berlaku di sini"),
    (HEAD, ABSENT, "berkas", "instrument wajib diisi"),
    (HEAD, ["KL"], "berkas", "instrument harus berisi kunci dan isinya"),
    (SCORING, "none", "berkas", "scoring harus berisi kunci dan isinya"),
    ((*HEAD, "version"), 0.2, "instrument", "version harus teks paling panjang 20 huruf"),
    ((*HEAD, "version"), "1" * 21, "instrument", "version harus teks paling panjang 20 huruf"),
    ((*HEAD, "title_en"), "  ", "instrument", "title_en harus teks"),
    ((*HEAD, "code"), "kl", "instrument", "code harus 2 sampai 8 huruf besar atau angka"),
    ((*HEAD, "applies_from_stage"), 4, "instrument", "applies_from_stage harus bilangan bulat 1 sampai 3"),
    ((*HEAD, "applies_from_stag"), 2, "instrument", "applies_from_stag tidak dikenal atau tidak berlaku di sini"),
    ((*HEAD, "language"), ["id"], "instrument", "language harus teks"),
    ((*SCORING, "rounding"), 4, "scoring", "rounding harus teks"),
    # values of answers
    ((*VALUES, "yes_no_na"), {True: 1.0, False: 0.0}, "scoring", "answer_value.yes_no_na.yes dan no harus ditulis dalam tanda kutip"),
    ((*VALUES, "yes_no_na", "na"), 0.0, "scoring", "answer_value.yes_no_na.na tidak bernilai: tulis null"),
    ((*VALUES, "yes_no_na", "yes"), 0.5, "scoring", "answer_value.yes_no_na.nilai harus naik dari 0 sampai 1 menurut urutan no, yes"),
    ((*VALUES, "yes_no_na", "no"), ABSENT, "scoring", "answer_value.yes_no_na.no wajib diisi"),
    ((*VALUES, "yes_no_na", "no"), -0.1, "scoring", "answer_value.yes_no_na.no harus angka 0 sampai 1, paling banyak 4 desimal"),
    ((*VALUES, "scale_0_3", 1), 0.33333, "scoring", "answer_value.scale_0_3.1 harus angka 0 sampai 1, paling banyak 4 desimal"),
    ((*VALUES, "scale_0_3", 1), 0.7, "scoring", "answer_value.scale_0_3.nilai harus naik dari 0 sampai 1 menurut urutan 0, 1, 2, 3"),
    ((*VALUES, "scale_0_3", 2), 0.4, "scoring", "answer_value.scale_0_3.nilai 0,5 atau lebih hanya untuk 2 dan 3"),
    ((*VALUES, "scale_0_3", 4), 1.0, "scoring", "answer_value.scale_0_3.4 tidak dikenal atau tidak berlaku di sini"),
    ((*VALUES, "evidence_only"), ABSENT, "scoring", "answer_value.evidence_only wajib diisi"),
    ((*VALUES, "text"), {}, "scoring", "answer_value.text tidak dikenal atau tidak berlaku di sini"),
    # bands
    ((*SCORING, "bands"), [], "scoring", "bands harus daftar yang berisi"),
    ((*BAND, "min"), 101, "pita siap", "min harus angka 0 sampai 100, paling banyak 4 desimal"),
    ((*BAND, "min"), 85.00001, "pita siap", "min harus angka 0 sampai 100, paling banyak 4 desimal"),
    ((*BAND, "min"), 70, "scoring", "min pita harus turun sampai 0"),
    ((*SCORING, "bands", 3, "min"), 1, "scoring", "min pita harus turun sampai 0"),
    ((*BAND, "name_id"), "Cukup Sehat", "pita siap", "name_id tidak boleh memakai kata Sehat"),
    ((*BAND, "code"), "belum_siap", "scoring", "code pita berulang"),
    ((*BAND, "code"), None, "pita ke-1", "code wajib diisi"),
    ((*BAND, "color"), "red", "pita siap", "color tidak dikenal atau tidak berlaku di sini"),
    # sections
    (("sections",), {}, "berkas", "sections harus daftar yang berisi"),
    (("sections", 0, "name_en"), None, "KL-A", "name_en wajib diisi"),
    (("sections", 0, "weight"), 20.5, "KL-A", "weight harus bilangan bulat 1 sampai 100"),
    (("sections", 0, "note"), "x", "KL-A", "note tidak dikenal atau tidak berlaku di sini"),
    (("sections", 0, "code"), ["KL-A"], "seksi ke-1", "code harus teks"),
    # items, whatever their type
    (("items",), None, "berkas", "items wajib diisi"),
    (("items", "KL-01", "id"), "TK-01", "TK-01", "id harus KL- dan dua angka"),
    (("items", "KL-01", "id"), None, "butir ke-1", "id wajib diisi"),
    (("items", "KL-01", "id"), "KL-02", "KL-02", "id dipakai 2 kali"),
    (("items", "KL-01", "label_id"), "", "KL-01", "label_id harus teks"),
    (("items", "KL-01", "question_id"), ["Apakah?"], "KL-01", "question_id harus teks"),
    (("items", "KL-01", "guidance"), "\ud800", "KL-01", "guidance harus teks"),
    (("items", "KL-01", "type"), "ya_tidak", "KL-01", "type harus salah satu dari yes_no_na, scale_0_3, number, date, evidence_only"),
    (("items", "KL-01", "weight"), 0, "KL-01", "weight harus bilangan bulat 1 sampai 100"),
    (("items", "KL-01", "weight"), True, "KL-01", "weight harus bilangan bulat 1 sampai 100"),
    (("items", "KL-01", "critical"), "no", "KL-01", "critical harus true atau false"),
    (("items", "KL-01", "na_allowed"), None, "KL-01", "na_allowed wajib diisi"),
    (("items", "KL-01", "na_when"), "Kapan saja", "KL-01", "na_when harus ada bila na_allowed true, dan hanya bila itu"),
    (("items", "KL-05", "na_when"), ABSENT, "KL-05", "na_when harus ada bila na_allowed true, dan hanya bila itu"),
    (("items", "KL-01", "applies_from_stage"), 0, "KL-01", "applies_from_stage harus bilangan bulat 1 sampai 3"),
    (("items", "KL-01", "verification"), "phone", "KL-01", "verification harus salah satu dari document_seen, system_check, observation, interview"),
    (("items", "KL-02", "verification"), "interview", "KL-02", "butir critical perlu verification selain interview"),
    (("items", "KL-01", "levels"), {}, "KL-01", "levels tidak dikenal atau tidak berlaku di sini"),
    (("items", "KL-01", "weigth"), 3, "KL-01", "weigth tidak dikenal atau tidak berlaku di sini"),
    (("items", "KL-01", "source"), "UU 25/1992", "KL-01", "source harus berisi kunci dan isinya"),
    (("items", "KL-01", "source", "confidence"), "maybe", "KL-01", "source.confidence harus mulai dengan sure, likely atau unsure"),
    (("items", "KL-01", "source", "url"), "x", "KL-01", "source.url tidak dikenal atau tidak berlaku di sini"),
    # when an item is asked again
    (("items", "KL-01", "review_frequency"), "harian", "KL-01", "review_frequency harus salah satu dari sekali, bulanan, triwulanan, semesteran, tahunan"),
    (("items", "KL-01", "review_months"), [4], "KL-01", "review_months tidak dipakai bila review_frequency sekali"),
    (("items", "KL-40", "review_months"), [1], "KL-40", "review_months tidak dipakai bila review_frequency bulanan"),
    (("items", "KL-05", "review_months"), ABSENT, "KL-05", "review_months untuk tahunan harus berjarak 12 bulan, misalnya [1]"),
    (("items", "KL-08", "review_months"), [4, 9], "KL-08", "review_months untuk semesteran harus berjarak 6 bulan, misalnya [1, 7]"),
    (("items", "KL-22", "review_months"), [2, 5, 8], "KL-22", "review_months untuk triwulanan harus berjarak 3 bulan, misalnya [1, 4, 7, 10]"),
    # what a poor answer offers
    (("items", "KL-01", "action_template"), None, "KL-01", "action_template wajib diisi"),
    (("items", "KL-01", "action_template", "title_en"), 3, "KL-01", "action_template.title_en harus teks"),
    (("items", "KL-01", "action_template", "default_due_days"), 181, "KL-01", "action_template.default_due_days harus bilangan bulat 1 sampai 180"),
    (("items", "KL-01", "action_template", "cost"), 1, "KL-01", "action_template.cost tidak dikenal atau tidak berlaku di sini"),
    # scales
    (("items", "KL-05", "levels"), ABSENT, "KL-05", "levels wajib diisi"),
    (("items", "KL-05", "levels", 3), ABSENT, "KL-05", "levels.3 wajib diisi"),
    (("items", "KL-05", "levels", 4), "Lebih", "KL-05", "levels.4 tidak dikenal atau tidak berlaku di sini"),
    (("items", "KL-05", "levels"), dict(enumerate("abcA")), "KL-05", "levels.keempat tingkat harus berbeda"),
    # numbers
    ((*GROWTH, "unit"), ABSENT, "KL-22", "unit wajib diisi"),
    ((*GROWTH, "max"), "500", "KL-22", "max harus angka"),
    ((*GROWTH, "max"), 10**12, "KL-22", "max harus angka"),
    ((*GROWTH, "max"), float("nan"), "KL-22", "max harus angka"),
    ((*GROWTH, "max"), 500.5, "KL-22", "min, max dan ambang paling banyak 0 desimal"),
    ((*GROWTH, "decimals"), 3, "KL-22", "decimals harus bilangan bulat 0 sampai 2"),
    ((*GROWTH, "thresholds"), ABSENT, "KL-22", "thresholds wajib diisi"),
    ((*GROWTH, "thresholds", "direction"), "up", "KL-22", "thresholds.direction harus salah satu dari at_least, at_most"),
    ((*GROWTH, "thresholds", "unit"), "x", "KL-22", "thresholds.unit tidak dikenal atau tidak berlaku di sini"),
    (STEPS, [[0, 0.0], [10]], "KL-22", "thresholds.steps harus daftar [ambang, nilai 0 sampai 1]"),
    (STEPS, [[0, 0.0], [10, 1.5]], "KL-22", "thresholds.steps harus daftar [ambang, nilai 0 sampai 1]"),
    (STEPS, [[0, 0.0], [20, 0.5], [10, 1.0]], "KL-22", "ambang thresholds harus naik, antara min dan max"),
    (STEPS, [[0, 0.0], [501, 1.0]], "KL-22", "ambang thresholds harus naik, antara min dan max"),
    (STEPS, [[1, 0.0], [10, 1.0]], "KL-22", "ambang at_least yang pertama harus sama dengan min"),
    (STEPS, [[0, 0.0], [10, 0.9]], "KL-22", "nilai at_least harus naik dari 0 sampai 1"),
    (STEPS, [[0, 0.0], [10, 0.9], [20, 0.8], [30, 1.0]], "KL-22", "nilai at_least harus naik dari 0 sampai 1"),
    # dates
    ((*DECREE, "reference"), "hari_ini", "KL-09", "date_rule.reference harus salah satu dari tanggal_sk_badan_hukum, akhir_tahun_buku"),
    ((*DECREE, "on_or_before_mm_dd"), [["03-31", 1.0]], "KL-09", "date_rule.pakai tepat satu: within_days_365 atau on_or_before_mm_dd"),
    ((*DECREE, "within_days_365"), ABSENT, "KL-09", "date_rule.pakai tepat satu: within_days_365 atau on_or_before_mm_dd"),
    ((*DECREE, "within_days_365"), "1", "KL-09", "date_rule.within_days_365 harus angka 0 sampai 1, paling banyak 4 desimal"),
    ((*DECREE, "within_days_365"), 0.9, "KL-09", "date_rule.nilai harus turun dari 1 sampai 0"),
    ((*DECREE, "not_done"), 0.1, "KL-09", "date_rule.nilai harus turun dari 1 sampai 0"),
    ((*DECREE, "later_but_done"), ABSENT, "KL-09", "date_rule.later_but_done wajib diisi"),
    ((*DECREE, "within_days_30"), 1.0, "KL-09", "date_rule.within_days_30 tidak dikenal atau tidak berlaku di sini"),
    ((*MEETING, "later_but_done"), 0.8, "KL-29", "date_rule.nilai harus turun dari 1 sampai 0"),
    ((*MEETING, "on_or_before_mm_dd", 0, 0), "06-30", "KL-29", "date_rule.tanggal on_or_before_mm_dd harus naik"),
    ((*MEETING, "on_or_before_mm_dd", 0, 0), "02-29", "KL-29", "date_rule.on_or_before_mm_dd harus daftar [bulan-hari, nilai], misalnya [03-31, 1.0]"),
    ((*MEETING, "on_or_before_mm_dd", 0, 0), 331, "KL-29", "date_rule.on_or_before_mm_dd harus daftar [bulan-hari, nilai], misalnya [03-31, 1.0]"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where", "reason"), BREAKS)
def test_a_document_broken_in_one_place_has_that_one_fault(
    path: tuple[Any, ...], value: object, where: str, reason: str
) -> None:
    broken = document()
    put(broken, path, value)

    assert faults_of(broken) == [(where, reason)]

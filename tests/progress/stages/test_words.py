"""What a gate asks for and what was found, in words."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from pendamping.instruments.stages import (
    Assessed,
    Condition,
    Found,
    MinimumScore,
    Operator,
    ReachedStage,
    Requirement,
    ScoreOf,
    Sustained,
    UnmetReason,
)
from pendamping.kernel.i18n import force_locale
from pendamping.progress.stages.words import (
    REASON_WORDS,
    designation_word,
    found_words,
    label_of,
    next_step,
    reason_word,
    requirements_left,
    wanted_in_full,
    wanted_words,
)
from tests.instruments.cases import INSTRUMENTS, item

pytestmark = pytest.mark.usefixtures("request_context")
BY_CODE = {each.code: each for each in INSTRUMENTS}


def condition(item_id: str, operator: Operator, wanted: str | Decimal) -> Condition:
    return Condition(item(item_id), operator, wanted)


WANTED: list[tuple[Requirement, str, str]] = [
    (condition("KL-01", Operator.EQUALS, "yes"), "Akta pendirian", "jawabannya “Ya”"),
    (condition("KL-20", Operator.AT_LEAST, Decimal(2)), "Buku daftar anggota", "paling sedikit tingkat 2"),
    (condition("KL-25", Operator.AT_LEAST, Decimal(80)), "Pelunasan simpanan pokok", "paling sedikit 80 persen"),
    (condition("TK-03", Operator.VALUE_AT_LEAST, Decimal("0.6")), "Bukti transaksi", "paling sedikit 7 transaksi"),
    (condition("TK-13", Operator.VALUE_AT_LEAST, Decimal("0.8")), "Selisih kas", "paling banyak 10.000 rupiah"),
    (
        condition("KL-29", Operator.VALUE_AT_LEAST, Decimal("0.7")),
        "Tanggal RAT",
        "paling lambat 30 Juni sesudah akhir tahun buku",
    ),
    (
        condition("KL-29", Operator.VALUE_AT_LEAST, Decimal("0.3")),
        "Tanggal RAT",
        "sudah dilaksanakan, walaupun terlambat",
    ),
    (
        condition("KL-09", Operator.VALUE_AT_LEAST, Decimal(1)),
        "Penetapan ART",
        "paling lambat 365 hari sesudah SK badan hukum",
    ),
    (MinimumScore(ScoreOf("TK"), Decimal(60)), "Skor Transparansi keuangan", "paling sedikit 60"),
    (
        MinimumScore(ScoreOf("KL", "KL-A"), Decimal("72.5")),
        "Skor Kesiapan kelembagaan, bagian Legalitas",
        "paling sedikit 72,5",
    ),
    (Sustained(2), "Skor bertahan", "semua skor cukup pada akhir 2 triwulan terakhir berturut-turut"),
    (Assessed("UK"), "Penilaian Usaha dan kemitraan", "dinilai dalam 120 hari terakhir"),
    (ReachedStage(2), "Tahap koperasi", "paling rendah Operasional"),
]


@pytest.mark.parametrize(("requirement", "label", "words"), WANTED)
def test_what_is_wanted_is_said_plainly(requirement: Requirement, label: str, words: str) -> None:
    assert (label_of(requirement, BY_CODE), wanted_words(requirement)) == (label, words)


@pytest.mark.parametrize(
    ("requirement", "found", "words"),
    [
        (WANTED[0][0], "no", "Belum"),
        (WANTED[1][0], "1", f"tingkat 1: {item('KL-20').levels[1]}"),
        (WANTED[1][0], "na", "Tidak berlaku"),
        (WANTED[2][0], "72.5", "72,5 persen"),
        (WANTED[5][0], "2026-07-12", "12 Juli 2026"),
        (WANTED[0][0], None, None),
        (WANTED[8][0], Fraction(59), "59,0"),
        (WANTED[8][0], Fraction(5996, 100), "59,96"),
        (WANTED[8][0], Fraction(61), "61,0"),
        (WANTED[8][0], Fraction(5999999, 100000), "60,0000"),
        (WANTED[10][0], 1, "bertahan 1 triwulan"),
        (WANTED[11][0], dt.date(2026, 1, 2), "terakhir 2 Januari 2026"),
        (WANTED[12][0], 1, "Pembentukan"),
    ],
)
def test_what_was_found_is_said_beside_it(requirement: Requirement, found: Found, words: str | None) -> None:
    assert found_words(requirement, found) == words


def test_a_level_is_explained_where_there_is_room() -> None:
    assert wanted_in_full(WANTED[1][0]) == f"paling sedikit tingkat 2: {item('KL-20').levels[2]}"
    assert wanted_in_full(WANTED[2][0]) == "paling sedikit 80 persen"


def test_every_reason_has_a_word() -> None:
    assert set(REASON_WORDS) == set(UnmetReason)
    assert all(reason_word(each) for each in UnmetReason)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (UnmetReason.BELOW, "Saran: Lengkapi rencana bisnis dengan enam aspek"),
        (UnmetReason.EXPIRED, "Dinilai lagi pada kunjungan berikutnya."),
        (UnmetReason.UNANSWERED, "Dinilai pada kunjungan berikutnya."),
        (UnmetReason.UNPROVEN, "Siapkan buktinya untuk dilihat pada kunjungan berikutnya."),
    ],
)
def test_only_what_is_known_to_be_wrong_asks_for_the_items_action(reason: UnmetReason, words: str) -> None:
    assert next_step(item("UK-01"), reason) == words


def test_the_same_in_english() -> None:
    with force_locale("en"):
        assert requirements_left(1) == "1 requirement left"
        assert wanted_words(WANTED[5][0]) == "by 30 June after the end of the book year"
        assert label_of(WANTED[9][0], BY_CODE).startswith("Score of ")
        assert designation_word("percontohan") == "Pilot cooperative"


def test_a_designation_nobody_knows_is_called_by_its_code() -> None:
    assert designation_word("lain") == "lain"

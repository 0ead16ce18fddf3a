"""What moved a score, in words."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flask import Flask

from pendamping.instruments.answers import Answer
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import Proof
from pendamping.instruments.score_changes import Cause, Move
from pendamping.progress.explained.words import move_words
from tests.instruments.cases import FACTS, KL, answer, item

BEFORE = Assessment(KL, {}, 1, FACTS)
NOW = Assessment(replace(KL, version="0.9.0"), {}, 2, FACTS)
YES, CLAIM = answer("KL-01", "yes"), answer("KL-01", "yes", Proof.CLAIM)
NO = answer("KL-01", "no")


@pytest.mark.parametrize(
    ("cause", "item_id", "before", "now", "words"),
    [
        (Cause.VERSION, None, None, None, f"Instrumen versi {KL.version} menjadi versi 0.9.0"),
        (Cause.STAGE, None, None, None, "Tahap Pembentukan menjadi Operasional: butir yang ditanyakan berubah"),
        (Cause.FACTS, None, None, None, "Tanggal acuan koperasi berubah"),
        (Cause.LAPSED, "KL-01", YES, YES, "bukti tidak berlaku lagi"),
        (Cause.RENEWED, "KL-01", YES, YES, "dibuktikan lagi: Ya"),
        (Cause.ANSWER, "KL-01", NO, YES, "Belum menjadi Ya"),
        (Cause.ANSWER, "KL-01", CLAIM, YES, "Ya: klaim menjadi dokumen dilihat"),
        (Cause.ANSWER, "KL-01", None, YES, "baru dinilai: Ya"),
        (Cause.ANSWER, "KL-01", YES, None, "jawaban lama tidak dipakai lagi"),
        (Cause.ANSWER, "KL-05", answer("KL-05", "1"), answer("KL-05", "3"), "tingkat 1 menjadi 3"),
        (Cause.ANSWER, "KL-05", answer("KL-05", "na"), answer("KL-05", "3"), "Tidak berlaku menjadi tingkat 3"),
    ],
)
def test_a_move_says_what_happened(
    app: Flask, cause: Cause, item_id: str | None, before: Answer | None, now: Answer | None, words: str
) -> None:
    move = Move(cause, Fraction(1), item(item_id) if item_id else None, before, now)

    with app.test_request_context():
        assert move_words(move, BEFORE, NOW) == words

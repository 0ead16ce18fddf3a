"""One line in, one line out: what a line may say, every way it can be wrong, and what always holds of its score."""

import datetime as dt
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.answers import Answer, AnswerFaultCode
from pendamping.instruments.definition import Instrument, Proof
from pendamping.instruments.score_lines import FAULT_WORDS, LONGEST_LINE, LineRefused, score_line
from pendamping.instruments.scoring import score
from tests.instruments.cases import FACTS, INSTRUMENTS, KL, TK, UK, UNHURRIED, item, random_answers, values_of, worth

ON = dt.date(2027, 12, 31)
FACTS_TOLD = {"tanggal_sk_badan_hukum": "2025-07-14", "akhir_tahun_buku": "2025-12-31"}
SEEN = "dokumen_dilihat"
ENTRY = {"value": "yes", "proof": SEEN}


def assessment(answers: object, **others: object) -> dict[str, object]:
    return {"stage": 2, "on": ON.isoformat(), "facts": FACTS_TOLD, "answers": answers, **others}


def as_line(content: object) -> bytes:
    return json.dumps(content).encode()


def scored(answers: object, instrument: Instrument = KL, **others: object) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(score_line(instrument, as_line(assessment(answers, **others))))
    return result


def refused(line: bytes, instrument: Instrument = KL) -> list[tuple[str, str]]:
    with pytest.raises(LineRefused) as caught:
        score_line(instrument, line)
    return [(fault.where, fault.reason) for fault in caught.value.faults]


def refused_answers(answers: object, instrument: Instrument = KL, **others: object) -> list[tuple[str, str]]:
    return refused(as_line(assessment(answers, **others)), instrument)


# What comes out -------------------------------------------------------------------------------------------------------


def test_a_line_is_written_as_documented() -> None:
    line = score_line(TK, as_line(assessment({"TK-14": ENTRY, "TK-01": {"value": 2}})))

    assert line == (  # TK-A 0 of 5 for want of proof, TK-C 3 of 3: 100 * 16 / (18 + 16)
        '{"score": 47.0588, "band": "belum_transparan", "provisional": true, "complete": false, '
        '"answered": 2, "applicable": 40, "critical_unmet": ["TK-01"], '
        '"sections": {"TK-A": 0.0, "TK-B": null, "TK-C": 100.0, "TK-D": null, "TK-E": null, "TK-F": null, '
        '"TK-G": null, "TK-H": null}}'
    )


def test_nothing_answered_is_no_score_and_no_band() -> None:
    result = scored({})

    assert (result["score"], result["band"], result["critical_unmet"]) == (None, None, [])
    assert (result["provisional"], result["complete"], result["applicable"]) == (True, False, 44)


def test_where_nothing_is_applicable_nothing_is_missing() -> None:
    result = scored({}, UK, stage=1)

    assert (result["score"], result["band"], result["answered"], result["applicable"]) == (None, None, 0, 0)
    assert (result["provisional"], result["complete"]) == (False, True)


def test_what_a_later_stage_asks_counts_nothing_but_must_be_an_answer() -> None:
    assert scored({"KL-08": {"value": 0}, "KL-01": ENTRY}, stage=1) == scored({"KL-01": ENTRY}, stage=1)
    assert refused_answers({"KL-08": {"value": 4}}, stage=1) == [
        ("KL-08", "value harus salah satu dari 0, 1, 2, 3, na")
    ]


@pytest.mark.parametrize(
    "unanswered", [None, {}, {"value": None}, {"value": ""}, {"value": " ", "proof": "foto"}, {"value": "", "note": ""}]
)
def test_an_item_without_a_value_is_not_answered(unanswered: object) -> None:
    assert scored({"KL-01": ENTRY, "KL-02": unanswered}) == scored({"KL-01": ENTRY})


@pytest.mark.parametrize("value", [2, 2.0, "2", " 2 "])
def test_a_level_may_be_written_as_a_number_or_as_text(value: object) -> None:
    assert scored({"KL-20": {"value": value, "proof": SEEN}})["score"] == 66.67


@pytest.mark.parametrize("value", [40, 40.0, "40", "+040"])
def test_a_number_may_be_written_as_a_number_or_as_text(value: object) -> None:
    assert scored({"KL-22": {"value": value}})["score"] == 60.0


@pytest.mark.parametrize("key", ["reason", "note"])
def test_not_applicable_has_its_reason_under_either_name(key: str) -> None:
    assert scored({"KL-05": {"value": "na", key: "Belum ada usaha"}})["applicable"] == 43


def test_without_a_proof_an_answer_is_a_claim() -> None:
    assert scored({"KL-02": {"value": "yes"}}) == scored({"KL-02": {"value": "yes", "proof": "klaim"}})
    assert scored({"KL-02": {"value": "yes"}})["critical_unmet"] == ["KL-02"]


@pytest.mark.parametrize("facts", [None, {}, {"tanggal_sk_badan_hukum": None}])
def test_a_fact_that_no_answer_needs_may_be_missing(facts: object) -> None:
    assert scored({"KL-09": {"value": "not_done"}, "KL-01": ENTRY}, facts=facts)["answered"] == 2


def test_a_better_claim_on_a_critical_item_may_count_less_than_a_poor_one() -> None:
    """`evidence_rule`: only what is good needs proof."""
    poor, better = (scored({"KL-20": {"value": level}, "KL-22": {"value": 100}})["score"] for level in (1, 2))

    assert better < poor


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ({"stage": None}, "stage wajib diisi"),
        ({"stage": 0}, "stage harus bilangan bulat 1 sampai 3"),
        ({"stage": 4}, "stage harus bilangan bulat 1 sampai 3"),
        ({"stage": True}, "stage harus bilangan bulat 1 sampai 3"),
        ({"stage": "2"}, "stage harus bilangan bulat 1 sampai 3"),
        ({"stage": 1.5}, "stage harus bilangan bulat 1 sampai 3"),
        ({"on": None}, "on wajib diisi"),
        ({"on": "30-09-2026"}, "on harus tanggal seperti 2026-04-14, dari tahun 1945 sampai 2100"),
        ({"on": "2026-02-29"}, "on harus tanggal seperti 2026-04-14, dari tahun 1945 sampai 2100"),
        ({"on": "20260930"}, "on harus tanggal seperti 2026-04-14, dari tahun 1945 sampai 2100"),
        ({"on": 20260930}, "on harus tanggal seperti 2026-04-14, dari tahun 1945 sampai 2100"),
        ({"answers": None}, "answers wajib diisi"),
        ({"answers": []}, "answers harus berisi butir dan jawabannya"),
        ({"facts": []}, "facts harus berisi kunci dan isinya"),
        ({"facts": {"decree_on": "2025-07-14"}}, "facts.decree_on tidak dikenal atau tidak berlaku di sini"),
        (
            {"facts": {"akhir_tahun_buku": "9999-12-31"}},
            "facts.akhir_tahun_buku harus tanggal seperti 2026-04-14, dari tahun 1945 sampai 2100",
        ),
        ({"score": 61.2}, "score tidak dikenal atau tidak berlaku di sini"),
        ({"tahap\n": 2}, "'tahap\\n' tidak dikenal atau tidak berlaku di sini"),
    ],
)
def test_what_is_wrong_with_the_line_itself_is_named_by_its_key(others: dict[str, Any], reason: str) -> None:
    assert refused(as_line({**assessment({"KL-01": ENTRY}), **others})) == [("", reason)]


@pytest.mark.parametrize(
    ("item_id", "entry", "reason"),
    [
        ("KL-99", ENTRY, "tidak ada dalam instrumen ini"),
        ("TK-01", {"value": 2}, "tidak ada dalam instrumen ini"),
        ("KL-01", "yes", "harus berisi value, boleh proof dan reason; reason berupa teks"),
        ("KL-01", ["yes"], "harus berisi value, boleh proof dan reason; reason berupa teks"),
        ("KL-01", {**ENTRY, "note": 3}, "harus berisi value, boleh proof dan reason; reason berupa teks"),
        ("KL-01", {"value": True}, "value harus salah satu dari no, yes"),
        ("KL-01", {"value": "Yes"}, "value harus salah satu dari no, yes"),
        ("KL-05", {"value": 4}, "value harus salah satu dari 0, 1, 2, 3, na"),
        ("KL-05", {"value": True}, "value harus salah satu dari 0, 1, 2, 3, na"),
        ("KL-05", {"value": 1.5}, "value harus salah satu dari 0, 1, 2, 3, na"),
        ("KL-31", {"value": "yes"}, "value harus salah satu dari missing, accepted, na"),
        ("KL-22", {"value": "banyak"}, "value harus angka"),
        ("KL-22", {"value": False}, "value harus angka"),
        ("KL-22", {"value": 40.5}, "value paling banyak 0 angka di belakang koma"),
        ("KL-22", {"value": -1}, "value paling sedikit 0"),
        ("TK-02", {"value": 366}, "value paling banyak 365"),
        ("KL-09", {"value": "kemarin"}, "value harus tanggal seperti 2026-04-14, atau not_done"),
        ("KL-09", {"value": "2028-01-01"}, "value sesudah 2027-12-31, yaitu tanggal pada on"),
        ("KL-09", {"value": "1989-12-31"}, "value sebelum 1990-01-01"),
        ("KL-01", {"value": "na", "reason": "Tidak ada"}, "selalu berlaku; value tidak boleh na"),
        ("KL-05", {"value": "na"}, "value na tanpa reason"),
        ("KL-05", {"value": "na", "reason": "x" * 1_001}, "reason paling panjang 1000 huruf"),
        ("KL-05", {"reason": "Belum ada usaha"}, "value tidak ada, padahal reason ada"),
        ("KL-05", {"value": "na", "reason": "Belum", "note": "Belum"}, "pakai salah satu: reason atau note"),
        ("KL-01", {**ENTRY, "bukti": "foto"}, "bukti tidak dikenal"),
        ("KL-01", {"value": "yes", "proof": "cap"}, "proof harus klaim, dokumen_dilihat, diamati, foto atau sistem"),
        ("KL-01", {"value": "yes", "proof": 1}, "proof harus klaim, dokumen_dilihat, diamati, foto atau sistem"),
    ],
)
def test_what_is_wrong_with_an_answer_is_named_by_its_item(item_id: str, entry: object, reason: str) -> None:
    instrument = TK if reason.endswith("365") else KL

    assert refused_answers({item_id: entry}, instrument) == [(item_id, reason)]


@pytest.mark.parametrize(
    ("instrument", "item_id", "fact"),
    [(KL, "KL-09", "tanggal_sk_badan_hukum"), (KL, "KL-29", "akhir_tahun_buku"), (TK, "TK-39", "akhir_tahun_buku")],
)
def test_a_date_that_misses_its_fact_says_which(instrument: Instrument, item_id: str, fact: str) -> None:
    others = {name: day for name, day in FACTS_TOLD.items() if name != fact}

    answers = {item_id: {"value": "2026-01-15", "proof": SEEN}}

    assert refused_answers(answers, instrument, facts=others) == [(item_id, f"memerlukan facts.{fact}")]


def test_every_fault_of_a_line_is_named_at_once() -> None:
    assert refused_answers({"KL-02": {"value": 1}, "KL-01": {"value": "na"}}, stage=9) == [
        ("", "stage harus bilangan bulat 1 sampai 3"),
        ("KL-01", "selalu berlaku; value tidak boleh na"),
        ("KL-02", "value harus salah satu dari no, yes"),
    ]


def test_every_fault_an_answer_can_have_has_words() -> None:
    assert set(FAULT_WORDS) == set(AnswerFaultCode)


WHOLE = as_line(assessment({"KL-01": ENTRY}))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "kosong; setiap baris memuat satu penilaian"),
        (b" \t\r\n", "kosong; setiap baris memuat satu penilaian"),
        (b"\xef\xbb\xbf" + WHOLE, "dimulai dengan tanda BOM; simpan berkas sebagai UTF-8 tanpa BOM"),
        (b'{"stage": "\xff"}', "bukan UTF-8 (bita ke-12)"),
        (WHOLE.decode().encode("utf-16"), "bukan UTF-8 (bita ke-1)"),
        (b'{"stage": 2', "bukan JSON yang sah (huruf ke-12)"),
        (WHOLE + b" " + WHOLE, f"bukan JSON yang sah (huruf ke-{len(WHOLE) + 2})"),
        (b"{'stage': 2}", "bukan JSON yang sah (huruf ke-2)"),
        (b'{"stage": NaN}', "NaN bukan angka yang sah"),
        (b'{"stage": -Infinity}', "-Infinity bukan angka yang sah"),
        (b'{"stage": %s}' % (b"9" * 5_000), "memuat angka yang terlalu panjang"),
        (b"[]", "harus berisi kunci dan isinya"),
        (b"null", "harus berisi kunci dan isinya"),
        (b'"KL"', "harus berisi kunci dan isinya"),
        (WHOLE + b" " * LONGEST_LINE, "lebih panjang daripada 1000000 bita"),
        (WHOLE.replace(b'"stage": 2', b'"stage": 1, "stage": 2'), "stage tertulis dua kali"),
        (WHOLE.replace(b'"facts": {', b'"facts": {"akhir_tahun_buku": null, '), "akhir_tahun_buku tertulis dua kali"),
        (WHOLE.replace(b'"KL-01"', b'"KL-01": {"value": "no"}, "KL-01"'), "KL-01 tertulis dua kali"),
    ],
)
def test_what_is_no_line_of_json_is_one_fault(line: bytes, reason: str) -> None:
    assert refused(line) == [("", reason)]


def test_a_key_that_stands_twice_in_an_answer_is_named_by_its_item() -> None:
    line = WHOLE.replace(b'"value": "yes"', b'"value": "no", "value": "yes"')

    assert refused(line) == [("KL-01", "value tertulis dua kali")]


@pytest.mark.parametrize(("opened", "closed"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("around", [b"%s", b'{"stage": %s}', b'{"answers": {"KL-01": %s}}'])
def test_what_is_nested_5000_deep_is_refused(around: bytes, opened: bytes, closed: bytes) -> None:
    assert refused(around % (opened * 5_000 + b"0" + closed * 5_000))


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (b"79.9999999999999999999", "value paling banyak 0 angka di belakang koma"),
        (b"1e-400", "value harus angka"),
        (b"1e400", "value harus angka"),
        (b"1e99999999999999999999", "value harus angka"),
        (b"9" * 4_000, "value paling banyak 500"),
    ],
)
def test_a_number_is_never_bent_until_it_fits(number: bytes, reason: str) -> None:
    line = as_line(assessment({"KL-22": {"value": 12345}})).replace(b"12345", number)

    assert refused(line) == [("KL-22", reason)]


# What always holds ----------------------------------------------------------------------------------------------------


SETS = st.builds(
    lambda instrument, seed: (instrument, random_answers(instrument, random.Random(seed))),
    st.sampled_from(INSTRUMENTS),
    st.integers(0, 2**32),
)
STAGES = st.integers(1, 3)
AnswerSet = tuple[Instrument, dict[str, Answer]]


def told(answers: dict[str, Answer]) -> dict[str, dict[str, str]]:
    return {
        item_id: {"value": each.value, "proof": each.proof} | ({"reason": "Belum ada"} if each.value == "na" else {})
        for item_id, each in answers.items()
    }


@UNHURRIED
@given(drawn=SETS, stage=STAGES)
def test_a_line_says_what_the_scoring_says(drawn: AnswerSet, stage: int) -> None:
    instrument, answers = drawn
    expected = score(instrument, answers, stage=stage, facts=FACTS)

    result = scored(told(answers), instrument, stage=stage)

    assert result["score"] == (None if expected.rounded is None else float(expected.rounded))
    assert result["band"] == (None if expected.band is None else expected.band.code)
    assert result["critical_unmet"] == list(expected.critical_unmet)
    assert list(result["sections"]) == [section.code for section in instrument.sections]
    shown = [value for value in (result["score"], *result["sections"].values()) if value is not None]
    assert all(0 <= value <= 100 for value in shown)


@UNHURRIED
@given(drawn=SETS, stage=STAGES, chance=st.randoms(use_true_random=False))
def test_the_order_of_items_and_keys_never_matters(drawn: AnswerSet, stage: int, chance: random.Random) -> None:
    instrument, answers = drawn
    content = assessment(told(answers), stage=stage)
    shuffled = content | {"answers": dict(chance.sample(list(told(answers).items()), len(answers)))}
    shuffled = dict(chance.sample(list(shuffled.items()), len(shuffled)))

    assert score_line(instrument, as_line(shuffled)) == score_line(instrument, as_line(content))


@UNHURRIED
@given(drawn=SETS, chance=st.randoms(use_true_random=False))
def test_answering_better_never_lowers_the_score(drawn: AnswerSet, chance: random.Random) -> None:
    """With proof; a better claim on a critical item may count 0."""
    instrument, answers = drawn
    judged = {item_id: each for item_id, each in answers.items() if each.value != "na"}
    better = dict(answers)
    for item_id, each in chance.sample(list(judged.items()), len(judged) // 2):
        asked = item(item_id)
        values = [value for value in values_of(asked) if value != "na"]
        value = chance.choice([value for value in values if worth(asked, value) >= worth(asked, each.value)])
        better[item_id] = Answer(item_id, value, Proof.DOCUMENT_SEEN if asked.is_critical else each.proof)

    before, after = scored(told(answers), instrument, stage=3), scored(told(better), instrument, stage=3)

    assert (after["score"] or 0) >= (before["score"] or 0)
    assert set(after["critical_unmet"]) <= set(before["critical_unmet"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["yes", "na", "2026-01-15"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "proof", "reason", "KL-01", "KL-09"]) | st.text(), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@UNHURRIED
@given(line=st.binary() | st.builds(as_line, JSON | st.builds(lambda **keys: assessment(**keys), answers=JSON)))
def test_whatever_stands_in_a_line_is_scored_or_refused(line: bytes) -> None:
    try:
        said = [score_line(KL, line)]
    except LineRefused as refusal:
        said = [part for fault in refusal.faults for part in (fault.where, fault.reason)]

    assert said
    assert all(part.isprintable() for part in said)

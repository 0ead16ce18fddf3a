"""The words of what ships: short enough for a tablet, one thing asked at a time, and nothing left unexplained.

A facilitator reads them aloud at a table, and the board of a cooperative reads the actions on a telephone.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pendamping.instruments.definition import AnswerType, Item
from pendamping.visits.words import VALUE_WORDS
from tests.instruments.cases import INSTRUMENTS

ITEMS = [item for instrument in INSTRUMENTS for item in instrument.items]
GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"

ABBREVIATION = re.compile(r"\b[A-Z]{2,}(?:[/-][A-Z]{2,})*\b(?!-\d)")
REFERENCE = re.compile(r"\b(?:KL|TK|UK)-\d{2}\b")
SECOND_QUESTION = re.compile(
    r"\b(?:dan|atau|serta|lalu) (?:apakah|berapa|kapan|seberapa|bagaimana|sejauh)\b", re.IGNORECASE
)
INDONESIAN = re.compile(r"\b(?:apakah|atau|berapa|dan|dengan|koperasi|pada|untuk|yang)\b", re.IGNORECASE)

BEGINNINGS = {
    AnswerType.YES_NO_NA: ("Apakah ",),
    AnswerType.EVIDENCE_ONLY: ("Apakah ",),
    AnswerType.DATE: ("Kapan ",),
    AnswerType.NUMBER: ("Berapa ", "Dari sepuluh transaksi yang dipilih acak, berapa "),
    AnswerType.SCALE: ("Seberapa ", "Sejauh mana ", "Bagaimana ", "Berapa ", "Dari tiga sumber, berapa "),
}
"""How a question begins that its type of answer can answer."""

VERBS = {
    *("Adakan", "Ajak", "Ajukan", "Alihkan", "Bagikan", "Bahas", "Bayar", "Beri", "Buat", "Buka", "Calonkan", "Catat"),
    *("Cocokkan", "Daftarkan", "Ganti", "Hentikan", "Hitung", "Isi", "Jalankan", "Kembalikan", "Kirim", "Kumpulkan"),
    *("Laksanakan", "Lakukan", "Laporkan", "Lengkapi", "Lunasi", "Masukkan", "Minta", "Pasang", "Penuhi", "Perbarui"),
    *("Periksa", "Pisahkan", "Rapikan", "Sahkan", "Samakan", "Sampaikan", "Sediakan", "Selesaikan", "Sesuaikan"),
    *("Siapkan", "Simpan", "Sisihkan", "Susun", "Tagih", "Tambahkan", "Tandatangani", "Telusuri", "Terbitkan"),
    *("Tetapkan", "Tulis", "Tunjuk", "Ukur", "Umumkan", "Unduh", "Unggah", "Urus", "Urutkan"),
}
PHRASES = ("Tindak lanjuti ",)
"""Verbs of two words."""


def indonesian(item: Item) -> dict[str, str]:
    """Every text of an item that people read in Indonesian."""
    texts = {
        "label_id": item.label_id,
        "question_id": item.question_id,
        "evidence": item.evidence,
        "guidance": item.guidance,
        "na_when": item.na_when or "",
        "title_id": item.action.title_id,
        "done_when_id": item.action.done_when_id,
    }
    return texts | {f"levels.{level}": words for level, words in enumerate(item.levels)}


def english(item: Item) -> dict[str, str]:
    return {"label_en": item.label_en, "question_en": item.question_en, "title_en": item.action.title_en}


def texts() -> Iterator[tuple[str, str, str]]:
    """Item, which of its texts, and its words."""
    for item in ITEMS:
        for name, words in (indonesian(item) | english(item)).items():
            yield item.id, name, words


def not_so(holds: Callable[[Item], object]) -> list[str]:
    return [item.id for item in ITEMS if not holds(item)]


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("label_id", 40),
        ("label_en", 40),
        ("question_id", 100),
        ("question_en", 100),
        ("levels", 60),
        ("evidence", 80),
        ("guidance", 200),
        ("na_when", 60),
        ("title_id", 70),
        ("title_en", 70),
        ("done_when_id", 100),
    ],
)
def test_no_text_is_longer_than_its_place(name: str, most: int) -> None:
    lengths = {(item, of): len(words) for item, of, words in texts() if of.partition(".")[0] == name}

    assert len(lengths) >= len(ITEMS)
    assert {where: length for where, length in lengths.items() if length > most} == {}


def test_nothing_but_a_reason_for_not_applicable_is_empty() -> None:
    assert [(item, name) for item, name, words in texts() if not words.strip() and name != "na_when"] == []
    assert not_so(lambda item: bool(item.na_when) is item.na_allowed) == []


def test_a_question_asks_one_thing_and_ends_with_a_question_mark() -> None:
    for question in ("question_id", "question_en"):
        asked = {item.id: getattr(item, question) for item in ITEMS}
        assert [each for each, words in asked.items() if words.count("?") != 1 or not words.endswith("?")] == []
        assert [each for each, words in asked.items() if re.search(r"[.;!]", words)] == []
    assert not_so(lambda item: SECOND_QUESTION.search(item.question_id) is None) == []


def test_a_question_is_put_as_its_type_of_answer_answers_it() -> None:
    assert not_so(lambda item: item.question_id.startswith(BEGINNINGS[item.type])) == []


def test_no_two_items_have_the_same_label_question_or_action() -> None:
    for name in ("label_id", "label_en", "question_id", "question_en", "title_id", "title_en"):
        words = Counter(text.casefold() for _, of, text in texts() if of == name)
        assert [text for text, count in words.items() if count > 1] == []


def test_the_levels_of_a_scale_differ() -> None:
    scales = [item for item in ITEMS if item.type is AnswerType.SCALE]

    assert {len(item.levels) for item in scales} == {4}
    assert [item.id for item in scales if len({level.casefold() for level in item.levels}) != 4] == []
    assert [item.id for item in scales if any(level.endswith(".") for level in item.levels)] == []


def test_guidance_is_three_sentences_at_most() -> None:
    sentences = {item.id: re.split(r"(?<=[.?!])\s+", item.guidance) for item in ITEMS}

    assert [each for each, said in sentences.items() if len(said) > 3] == []
    assert not_so(lambda item: item.guidance.endswith(".")) == []


def test_an_answer_that_guidance_names_is_one_that_the_screen_offers() -> None:
    offered = {str(VALUE_WORDS[each]) for each in ("yes", "no", "not_done")}
    named = {
        (item.id, word) for item in ITEMS for word in re.findall(r"(?:[Jj]awab|[Pp]ilih) ([A-Z]\w+)", item.guidance)
    }

    assert len(named) >= 10
    assert {(item, word) for item, word in named if word not in offered} == set()


def test_an_action_begins_with_what_is_to_be_done_and_ends_with_what_proves_it() -> None:
    def begins_with_a_verb(item: Item) -> bool:
        return item.action.title_id.split()[0] in VERBS or item.action.title_id.startswith(PHRASES)

    assert not_so(begins_with_a_verb) == []
    assert not_so(lambda item: not item.action.title_id.endswith(".")) == []
    assert not_so(lambda item: re.fullmatch(r"[^.]+\.", item.action.done_when_id)) == []


def test_no_text_leaves_the_choice_to_a_stroke_or_has_stray_blanks() -> None:
    assert [(item, name) for item, name, words in texts() if re.search(r"dan/atau|and/or", words)] == []
    assert [(item, name) for item, name, words in texts() if words != " ".join(words.split())] == []


def test_the_english_words_are_english() -> None:
    found = [(item, name) for item, name, words in texts() if name.endswith("_en") and INDONESIAN.search(words)]

    assert found == []


def test_another_item_that_a_text_names_is_there() -> None:
    named = {(item, other) for item, _, words in texts() for other in REFERENCE.findall(words)}

    assert {other for _, other in named} <= {item.id for item in ITEMS}
    assert [item for item, other in named if item == other] == []


def test_every_abbreviation_is_in_the_glossary() -> None:
    section = GLOSSARY.read_text(encoding="utf-8").partition("## Abbreviations in the instruments\n")[2]
    explained = set(re.findall(r"^\| ([^|]+?) \| [^|]+ \| [^|]+ \|$", section, re.MULTILINE))
    used = {short for _, name, words in texts() for short in ABBREVIATION.findall(REFERENCE.sub("", words))}

    assert used - explained == {"ID"}  # an English word in "ID card"
    assert {short for short in explained if short.isupper()} - used == set()


def test_an_abbreviation_is_explained_where_a_visit_first_asks_with_it() -> None:
    first: dict[str, Item] = {}
    for item in ITEMS:
        for short in ABBREVIATION.findall(item.question_id):
            first.setdefault(short, item)

    assert len(first) >= 10
    unexplained = [
        (short, item.id)
        for short, item in first.items()
        if not re.search(rf"\({short}\b|\b{short} \(|\b{short}: ", f"{item.question_id} {item.guidance}")
    ]
    assert unexplained == []

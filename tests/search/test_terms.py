"""What is typed becomes words to look for; texts are shown with them marked."""

import re
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.search.terms import AROUND, MOST_WORDS, Terms, excerpt, marked, terms_of

NONSENSE = st.text(alphabet=st.sampled_from(list("ab1*\"'():&|!<>-^{}%_\\;\0 é\u0301OR")), max_size=60)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Buku  KAS", ("buku", "kas")),
        ('"buku" OR kas*', ("buku", "or", "kas")),
        ("64.71.03", ("64", "71", "03")),
        ("NOT (a NEAR b)", ("not", "a", "near", "b")),
        ("'; DROP TABLE visit; --", ("drop", "table", "visit")),
        ("buku_kas", ("buku", "kas")),
        ("*\"'&|!()\0", ()),
        ("", ()),
    ],
)
def test_only_letters_and_digits_make_words(typed: str, words: tuple[str, ...]) -> None:
    assert terms_of(typed).words == words


def test_what_is_too_much_is_cut_and_said() -> None:
    assert terms_of("kas " * 2_500).are_cut
    assert len(terms_of("kas " * 2_500).words) == MOST_WORDS
    assert terms_of("x" * 10_000).are_cut
    assert not terms_of("buku kas").are_cut


def test_one_letter_is_not_enough() -> None:
    assert not terms_of("a").are_enough
    assert terms_of("5 9").are_enough
    assert not terms_of("?!").are_enough


@settings(max_examples=60, deadline=None)
@given(NONSENSE)
def test_whatever_is_typed_both_databases_read_it_as_plain_words(typed: str) -> None:
    terms = terms_of(typed)
    if not terms.words:
        return
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (body)")

    assert connection.execute("SELECT 1 FROM words WHERE words MATCH ?", [terms.for_sqlite()]).fetchall() == []
    assert re.fullmatch(r"'[^\W_]+'( & '[^\W_]+')*:\*", terms.for_postgresql())
    connection.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Buku kas dilihat, buku kasbon tidak.", ["Buku", "kas", "buku", "kasbon"]),
        ("Bukunya kas.", ["kas"]),
        ("Perkasa", []),
    ],
)
def test_whole_words_are_marked_and_what_the_last_one_begins(text: str, found: list[str]) -> None:
    assert [part.text for part in marked(text, terms_of("buku kas")) if part.is_found] == found


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.lists(st.sampled_from(["buku", "kas", "é", "a"]), min_size=1, max_size=3))
def test_marking_loses_no_letter_and_an_excerpt_is_a_piece_of_the_text(text: str, words: list[str]) -> None:
    terms = Terms(tuple(words))
    shown = "".join(part.text for part in excerpt(text, terms)).removeprefix("… ").removesuffix(" …")

    assert "".join(part.text for part in marked(text, terms)) == text
    assert "…" in text or shown in " ".join(text.split())


def test_an_excerpt_stands_around_the_first_word_and_is_cut_between_words() -> None:
    text = "awal " * 60 + "bendahara hadir " + "akhir " * 60

    parts = excerpt(text, terms_of("bendahara"))

    assert [part.text for part in parts if part.is_found] == ["bendahara"]
    assert parts[0].text == "… "
    assert parts[-1].text == " …"
    assert len("".join(part.text for part in parts)) < 2 * AROUND + 40
    assert {word for part in parts for word in part.text.split()} == {"…", "awal", "bendahara", "hadir", "akhir"}

"""What somebody typed, as words to look for; and a text with those words marked. Pure."""

import re
import unicodedata
from dataclasses import dataclass

MOST_WORDS = 8
LONGEST_WORD = 64
FEWEST_LETTERS = 2
"""A single letter begins half of all words."""
AROUND = 90
"""Letters shown to either side of the first word found."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """Words that must all be there, the last one as the beginning of a word: people search while they still type.

    are_cut: more was typed than is looked for.
    """

    words: tuple[str, ...]
    are_cut: bool = False

    @property
    def are_enough(self) -> bool:
        return sum(len(word) for word in self.words) >= FEWEST_LETTERS

    def for_sqlite(self) -> str:
        """As FTS5 reads it: each word in quotes, so that none of them is taken for an operator."""
        return " ".join(f'"{word}"' for word in self.words) + "*"

    def for_postgresql(self) -> str:
        """As `to_tsquery` reads it."""
        return " & ".join(f"'{word}'" for word in self.words) + ":*"


def terms_of(typed: str) -> Terms:
    """Letters and digits make words, every other sign only parts them."""
    found = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", typed))]
    kept = tuple(word[:LONGEST_WORD] for word in found[:MOST_WORDS])
    return Terms(kept, are_cut=len(found) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in found))


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; whether it is a word that was looked for."""

    text: str
    is_found: bool = False


def marked(text: str, terms: Terms) -> list[Part]:
    """A whole text in pieces, the words that were looked for apart from the rest."""
    parts, end = [], 0
    for word in _WORD.finditer(text):
        if _is_wanted(word[0].lower(), terms):
            parts += [Part(text[end : word.start()]), Part(word[0], is_found=True)]
            end = word.end()
    return [part for part in (*parts, Part(text[end:])) if part.text]


def excerpt(text: str, terms: Terms) -> list[Part]:
    """A long text around the first word that was looked for, in pieces; cut between words, dots where it goes on."""
    whole = " ".join(text.split())
    first = next((word for word in _WORD.finditer(whole) if _is_wanted(word[0].lower(), terms)), None)
    begin = _cut_before(whole, first.start() - AROUND) if first else 0
    end = _cut_after(whole, (first.end() if first else 0) + AROUND)
    parts = marked(whole[begin:end], terms)
    return [*([Part("… ")] if begin else []), *parts, *([Part(" …")] if end < len(whole) else [])]


def _is_wanted(word: str, terms: Terms) -> bool:
    *whole, last = terms.words or ("",)
    return word in whole or (bool(last) and word.startswith(last))


def _cut_before(text: str, place: int) -> int:
    return 0 if place <= 0 else text.find(" ", place) + 1


def _cut_after(text: str, place: int) -> int:
    cut = text.rfind(" ", 0, place + 1) if place < len(text) else len(text)
    return cut if cut > 0 else place

"""What no keyboard should type, and what the engine may see: a paper never fails over a name."""

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.reports import typesetting
from pendamping.reports.papers import Line, visit_record_pdf
from pendamping.reports.typesetting import engrave, fonts, legible
from tests.reports.samples import Paper, visit_record


def read_back(name: str) -> str:
    """What a paper shows of a person's name."""
    people = Paper(visit_record_pdf(visit_record(people_met=[Line(name, "Ketua")], notes="")))
    return people.text.partition("Nama Jabatan")[2].partition("Ketua")[0].strip()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Siti Aminah", "Siti Aminah"),
        ("Łukasz Ngô", "Łukasz Ngô"),
        ("Andi 😀👍🏽", "Andi □"),
        ("Budi 漢字", "Budi □"),
        ("\u202eidub\u202c", "idub"),
        ("Ayu\u200f\u200e\u2066\ufeff", "Ayu"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("Dewi\ud83d", "Dewi"),
        ("\U0001d411\U0001d41a\U0001d42d\U0001d427\U0001d41a", "Ratna"),  # typed with a phone's fancy letters
        ("Zul\ue000", "Zul□"),
        ("Tab\tdan spasi", "Tab dan spasi"),
    ],
)
def test_a_name_is_shown_as_far_as_it_can_be_and_never_turns_the_line_around(typed: str, shown: str) -> None:
    assert legible(typed) == shown
    assert read_back(typed) == shown


def test_a_name_in_arabic_letters_is_set() -> None:
    assert set("محمد") <= set(read_back("محمد"))


def test_a_letter_drawn_from_two_glyphs_is_read_as_one() -> None:
    pdf = visit_record_pdf(visit_record(people_met=[Line("Ḥasan", "Ketua")]))

    (content,) = [page.get_contents() for page in Paper(pdf).reader.pages]

    assert legible("H\u0323asan") == "Ḥasan"
    assert content is not None
    assert b"/ActualText<FEFF1E24>" in content.get_data().replace(b" ", b"")


def test_every_character_that_we_say_we_can_set_can_be_set() -> None:
    said = [chr(code) for code in range(sys.maxunicode + 1) if typesetting._SET.fullmatch(chr(code))]
    source = (
        b'#set document(title: "x")\n#set text(font: ("Plus Jakarta Sans", "Libertinus Serif", "DejaVu Sans Mono"))\n'
    )
    source += b"#for each in json(bytes(sys.inputs.data)) [#each #parbreak()]"

    pdf = typst.compile(
        source,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps([f"a{each}b" for each in said])},
        pdf_standards=["ua-1"],
    )

    assert len(said) > 1500
    assert pdf.startswith(b"%PDF-")


def test_marks_piled_up_as_no_font_has_them_are_taken_off_and_the_words_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    compile_ = typst.compile

    def refusing_marks(*, sys_inputs: dict[str, str], **options: object) -> object:
        asked.append(sys_inputs["data"])
        if not sys_inputs["data"].isascii():
            raise typst.TypstError('the text "x" could not be displayed with font "y"', "")
        return compile_(sys_inputs=sys_inputs, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(typst, "compile", refusing_marks)

    assert read_back("Šarīf") == "Sarif"
    assert len(asked) == 2


def test_any_other_complaint_of_the_engine_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> bytes:
        raise typst.TypstError("unknown variable", "")

    monkeypatch.setattr(typst, "compile", broken)

    with pytest.raises(typst.TypstError, match="unknown variable"):
        visit_record_pdf(visit_record())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_no_text_keeps_a_paper_from_being_made(text: str) -> None:
    record = visit_record(people_met=[Line(text, text)], findings=(), actions=(), notes=text, cooperative=text)

    assert visit_record_pdf(record).startswith(b"%PDF-")


def test_a_long_word_may_break_and_reads_the_same() -> None:
    broken = legible("x" * 40)

    assert "\u200b" in broken
    assert re.sub("\u200b", "", broken) == "x" * 40
    assert "\u200b" not in legible("dinas.koperasi@balikpapan.go.id")


def test_the_papers_use_the_shipped_fonts_and_none_of_the_machines() -> None:
    assert "Plus Jakarta Sans" in fonts().families()
    assert "DejaVu Sans" not in fonts().families()

    used = {str(each["/BaseFont"]).partition("+")[2] for each in _fonts_in(visit_record_pdf(visit_record()))}

    assert used == {"PlusJakartaSans-Regular", "PlusJakartaSans-Bold"}


def _fonts_in(pdf: bytes) -> list[dict[str, object]]:
    pages: list[Any] = list(Paper(pdf).reader.pages)
    return [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]


def test_the_engine_reads_nothing_outside_the_papers_own_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "rahasia.txt").write_text("rahasia", encoding="utf-8")

    def curious(folder: Path) -> None:
        (folder / "curious.typ").write_text('#read("../rahasia.txt")', encoding="utf-8")

    monkeypatch.setattr(typesetting, "_lay_out", curious)

    with pytest.raises(typst.TypstError, match=r"(?i)escape|outside|not found|denied"):
        engrave("curious", {}, dated=visit_record().dated, format="pdf")


def test_nothing_stays_behind_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    visit_record_pdf(visit_record())

    assert list(tmp_path.iterdir()) == []

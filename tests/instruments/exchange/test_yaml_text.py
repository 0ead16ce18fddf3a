"""An instrument as YAML: it comes back the same, and reads like the files that ship."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pendamping.instruments.exchange.files import read_file
from pendamping.instruments.exchange.package import NOT_A_WORKBOOK
from pendamping.instruments.exchange.yaml_text import yaml_of
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.nodes import InstrumentInvalid
from pendamping.instruments.reading.text import canonical_json, content_hash, read_yaml
from tests.instruments.cases import NAMES, UNHURRIED, document, yaml_text
from tests.instruments.exchange.workbooks import plain, workbook


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_instrument_comes_back_from_its_yaml_the_same(name: str) -> None:
    stored = json.loads(canonical_json(document(name)))

    back = read_yaml(yaml_of(stored))

    assert parse(back) == parse(document(name))
    assert content_hash(back) == content_hash(document(name))


@pytest.mark.parametrize("name", NAMES)
def test_keys_stand_in_the_order_of_the_shipped_files(name: str) -> None:
    written, shipped = read_yaml(yaml_of(document(name))), read_yaml(yaml_text(name))

    assert list(written) == list(shipped)
    assert list(written["instrument"]) == list(shipped["instrument"])  # type: ignore[call-overload]
    for ours, theirs in zip(written["items"], shipped["items"], strict=True):  # type: ignore[call-overload]
        assert list(ours)[:7] == ["id", "section", "label_id", "label_en", "question_id", "question_en", "type"]
        assert list(ours)[-2:] == list(theirs)[-2:] == ["action_template", "source"]


def test_lists_of_plain_contents_stand_on_one_line_and_levels_are_numbers() -> None:
    text = yaml_of(document())

    assert "  review_months: [4, 10]\n" in text
    assert "    - [03-31, 1]\n" in text
    assert "    0: Belum ada usaha berjalan yang tercakup\n" in text
    assert max(map(len, text.splitlines())) <= 140


@UNHURRIED
@example(text="baris\x85berikut")
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip() != ""))
def test_whatever_text_an_item_has_comes_back(text: str) -> None:
    changed = plain(document())
    changed["items"][0]["guidance"] = text
    changed["items"][1]["label_id"] = text

    assert content_hash(read_yaml(yaml_of(changed))) == content_hash(changed)


# Files of either kind -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("uk.yaml", yaml_text("usaha_kemitraan").encode()),
        ("uk.txt", b"\xef\xbb\xbf" + yaml_text("usaha_kemitraan").replace("\n", "\r\n").encode()),
        ("uk.xlsx", workbook("usaha_kemitraan")),
        ("uk.yaml", workbook("usaha_kemitraan")),
    ],
)
def test_a_file_is_read_by_what_is_in_it(name: str, content: bytes) -> None:
    assert content_hash(read_file(name, content)) == content_hash(document("usaha_kemitraan"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("kl.csv", b"Kode;Bagian\n", f"berkas: {NOT_A_WORKBOOK}"),
        ("kl.XLS", b"Kode\tBagian\n", f"berkas: {NOT_A_WORKBOOK}"),
        ("kl.yaml", b"\xff\xfe\x00", "berkas: bukan teks UTF-8 dan bukan buku kerja Excel (.xlsx)"),
        ("kl.yaml", b"a: 1\na: 2\n", "baris 2, kolom 1: kunci a sudah ada"),
        ("kl.yaml", b"", "berkas: harus berisi kunci dan isinya"),
        ("kl.yaml", b"instrument: {}\n", "berkas: sections wajib diisi"),
    ],
)
def test_a_file_that_is_no_instrument_is_refused_with_its_place(name: str, content: bytes, said: str) -> None:
    with pytest.raises(InstrumentInvalid) as invalid:
        read_file(name, content)
    assert said in str(invalid.value).splitlines()

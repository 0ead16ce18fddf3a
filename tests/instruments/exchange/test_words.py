"""Changes in plain words: each kind of change has some, in the numbers and dates of the reader's language."""

import pytest
from flask_babel import force_locale

from pendamping.instruments import difference as differences
from pendamping.instruments.definition import (
    AnswerType,
    DateReference,
    Direction,
    Instrument,
    OwnerRole,
    ReviewFrequency,
    Verification,
)
from pendamping.instruments.difference import Change, ChangeKind, Subject, difference
from pendamping.instruments.exchange.words import (
    ADDED_WORDS,
    ANSWER_WORDS,
    CONTENT_WORDS,
    REMOVED_WORDS,
    change_words,
    summary_words,
)
from pendamping.instruments.reading.document import parse
from tests.instruments.cases import INSTRUMENTS, KL, NAMES, document, item
from tests.instruments.editions import edition


def of_item(what: str, before: object, after: object) -> Change:
    return Change(ChangeKind.CHANGED, Subject.ITEM, "KL-05", what, before, after)


SAID: list[tuple[Change, str]] = [
    (of_item("weight", 8, 10), "KL-05: bobot 8 menjadi 10"),
    (of_item("is_critical", False, True), "KL-05: butir kritis tidak menjadi ya"),
    (of_item("question_id", "Ada?", "Ada SK?"), "KL-05: pertanyaan “Ada?” menjadi “Ada SK?”"),
    (of_item("question_id", "100% ya?", "%(x)s"), "KL-05: pertanyaan “100% ya?” menjadi “%(x)s”"),
    (of_item("na_when", None, "Belum ada"), "KL-05: tidak berlaku bila kosong menjadi “Belum ada”"),
    (of_item("review_months", (4, 10), ()), "KL-05: bulan tinjau April, Oktober menjadi kosong"),
    (
        of_item("review_frequency", ReviewFrequency.ONCE, ReviewFrequency.YEARLY),
        "KL-05: jarak tinjau sekali menjadi tahunan",
    ),
    (
        of_item("action.owner_role", OwnerRole.CHAIR, OwnerRole.DEPUTY_BUSINESS),
        "KL-05: penanggung jawab Ketua menjadi Wakil ketua bidang usaha",
    ),
    (
        Change(ChangeKind.MOVED, Subject.ITEM, "KL-05", "section", "KL-A", "KL-B"),
        "KL-05: pindah dari bagian KL-A ke KL-B",
    ),
    (
        Change(ChangeKind.MOVED, Subject.SECTION, "KL-A", "position", 1, 7),
        "Bagian KL-A: pindah dari urutan 1 ke 7",
    ),
    (
        Change(ChangeKind.ADDED, Subject.ITEM, "KL-05", "", None, item("KL-05")),
        "KL-05: butir baru “Kesesuaian KBLI”",
    ),
    (
        Change(ChangeKind.REMOVED, Subject.SECTION, "KL-A", "", KL.sections[0], None),
        "Bagian KL-A: bagian “Legalitas” dihapus",
    ),
    (Change(ChangeKind.ADDED, Subject.BAND, "siap", "", None, KL.bands[0]), "Pita siap: pita baru “Siap”"),
]


@pytest.mark.parametrize(("change", "said"), SAID)
def test_a_change_is_said_in_one_line(request_context: None, change: Change, said: str) -> None:
    assert change_words(change) == said


def test_rules_are_said_with_the_numbers_and_months_of_the_language(request_context: None) -> None:
    (threshold,) = difference(*_pair("TK-13", {"thresholds": {"direction": "at_most", "steps": [[0, 1], [10**9, 0]]}}))
    (deadline,) = difference(*_pair("KL-29", {"date_rule": {
        "reference": "akhir_tahun_buku", "on_or_before_mm_dd": [["03-31", 1.0]], "later_but_done": 0.3, "not_done": 0,
    }}))  # fmt: skip

    assert change_words(threshold) == (
        "TK-13: ambang dan nilai 0 = 1; 10.000 = 0,8; 100.000 = 0,4; 1.000.000.000 = 0 menjadi 0 = 1; 1.000.000.000 = 0"
    )
    assert change_words(deadline) == ("KL-29: batas tanggal dan nilai 31 Maret = 1; 30 Juni = 0,7 menjadi 31 Maret = 1")
    with force_locale("en"):
        assert "10,000 = 0.8" in change_words(threshold)
        assert "31 March = 1; 30 June = 0.7" in change_words(deadline)


def _pair(item_id: str, update: dict[str, object]) -> tuple[Instrument, Instrument]:
    name = next(name for name, each in zip(NAMES, INSTRUMENTS, strict=True) if each.code == item_id[:2])
    content = document(name)
    next(each for each in content["items"] if each["id"] == item_id).update(update)  # type: ignore[attr-defined]
    return INSTRUMENTS[NAMES.index(name)], parse(content)


def test_everything_that_can_change_has_words() -> None:
    facts = {
        *differences._instrument_facts(KL),
        *differences._band_facts(KL.bands[0], KL.bands[0]),
        *differences._section_facts(KL.sections[0], KL.sections[0]),
        *(what for each in INSTRUMENTS for asked in each.items for what in differences._item_facts(asked, asked)),
    }

    assert facts == set(CONTENT_WORDS)
    assert set(ANSWER_WORDS) == {answer for each in INSTRUMENTS for asked in each.items for answer in asked.choices}
    assert set(ADDED_WORDS) == set(REMOVED_WORDS) == {Subject.BAND, Subject.SECTION, Subject.ITEM}


@pytest.mark.parametrize("kind", [AnswerType, ReviewFrequency, Verification, Direction, DateReference, OwnerRole])
def test_every_choice_has_a_word(request_context: None, kind: type[AnswerType]) -> None:
    first = next(iter(kind))

    said = [change_words(of_item("type", first, member)) for member in kind]

    assert len(set(said)) == len(list(kind))
    assert not any(f" {member.value} " in f" {line} " for member in kind for line in said if "_" in member.value)


def test_how_much_changed_is_counted(request_context: None) -> None:
    new = parse(
        edition(KL_01={"label_id": "Akta", "guidance": "Lihat."}, KL_02={"id": "KL-99"}, KL_03={"critical": False})
    )
    changes = difference(KL, new)

    assert summary_words(changes) == "2 butir berubah, 1 butir baru, 1 butir dihapus"
    assert summary_words(difference(KL, parse(edition()))) == "butir, bagian dan pita tidak berubah"

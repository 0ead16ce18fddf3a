"""The papers themselves: words in, a page that can be read, heard and signed out. No database."""

import re
from dataclasses import replace

import pytest
import typst

from pendamping.reports.papers import (
    MOST_PHOTOS,
    ActionLine,
    FindingLine,
    Line,
    Photo,
    Signature,
    file_name,
    improvement_plan_pdf,
    paper_number,
    visit_record_pdf,
)
from pendamping.reports.typesetting import engrave
from tests.pictures import photo
from tests.reports.samples import ACTIONS, FINDINGS, NOTE, SCORES, Paper, plan_paper, visit_record

LONGEST_ACTION = ActionLine(
    title=("Sangat panjang sekali " * 8)[:159] + "x",
    owner="Wakil ketua bidang anggota",
    due="30 September 2026",
    done_when=("Dokumen yang lengkap " * 15)[:299] + "x",
    is_critical=True,
)


@pytest.mark.parametrize(
    ("count", "code", "month", "number"),
    [
        (12, "BA-KKMP", 4, "0012/BA-KKMP/IV/2026"),
        (1, "BA-KKMP", 1, "0001/BA-KKMP/I/2026"),
        (12345, "500.3/BA", 9, "12345/500.3/BA/IX/2026"),
        (7, "", 12, "0007/XII/2026"),
    ],
)
def test_a_papers_number_is_its_count_the_offices_code_the_month_and_the_year(
    count: int, code: str, month: int, number: str
) -> None:
    assert paper_number(count, code, month=month, year=2026) == number


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("berita acara", "0012/BA-KKMP/IV/2026"), "berita-acara-0012-BA-KKMP-IV-2026.pdf"),
        (("rencana", 'KKMP "Söbat"\r\n; ../x'), "rencana-KKMP-Sobat-x.pdf"),
    ],
)
def test_a_files_name_says_what_it_is_and_holds_nothing_that_a_header_or_a_disk_minds(
    words: tuple[str, ...], name: str
) -> None:
    assert file_name(*words) == name


# Berita acara ---------------------------------------------------------------------------------------------------------


def test_an_ordinary_visit_is_one_page_with_everything_on_it() -> None:
    record = visit_record()
    assert len(NOTE) > 590

    paper = Paper(visit_record_pdf(record))

    assert len(paper.pages) == 1
    said = [record.opening, record.notes, record.signed_at, "Nomor: 0012/BA-KKMP/IV/2026", "Halaman 1 dari 1"]
    said += [
        words for line in (*record.facts, *record.people_met, *record.remarks) for words in (line.name, line.words)
    ]
    said += [words for each in SCORES for words in (each.title, each.score, each.band, each.change)]
    said += [words for each in FINDINGS for words in (each.label, each.answer, each.proof, each.note)]
    said += [words for each in ACTIONS for words in (each.title, each.owner, each.due, each.done_when)]
    said += ["PEMERINTAH KOTA BALIKPAPAN", "8 butir lain yang dinilai sudah baik.", "Ratna Wulandari", "KRITIS"]
    assert [words for words in said if not paper.has(words)] == []


def test_a_visit_at_which_everything_was_in_order_says_so() -> None:
    paper = Paper(visit_record_pdf(visit_record(findings=(), actions=(), notes="")))

    assert paper.has("Semua 12 butir yang dinilai sudah baik; tidak ada yang perlu dibenahi.")
    assert paper.has("Tidak ada tindakan baru yang disepakati.")
    assert not paper.has("Catatan")


def test_a_visit_of_which_little_was_written_down_is_a_whole_paper_all_the_same() -> None:
    empty = visit_record(
        people_met=(), scores=(), answered=0, findings=(), actions=(), notes="", remarks=(), officer=Signature("", "")
    )

    paper = Paper(visit_record_pdf(empty))

    assert paper.has("Tidak ada nama yang dicatat.")
    assert paper.has("Pada kunjungan ini tidak ada butir yang dinilai.")
    assert paper.has("Pengurus koperasi")


def test_a_long_visit_flows_on_under_a_repeated_head_and_nothing_is_cut() -> None:
    findings = [replace(FINDINGS[number % 4], label=f"Butir nomor {number:03}") for number in range(60)]
    actions = [replace(ACTIONS[number % 4], title=f"Tindakan nomor {number:03}") for number in range(40)]
    people = [Line(f"Pengurus {number:02}", "Anggota") for number in range(20)]
    notes = "\n\n".join(f"Alinea {number}. {NOTE}" for number in range(5))

    paper = Paper(
        visit_record_pdf(visit_record(findings=findings, actions=actions, people_met=people, notes=notes, answered=70))
    )

    assert len(paper.pages) > 3
    assert set(re.findall(r"Butir nomor (\d{3})", paper.text)) == {f"{number:03}" for number in range(60)}
    assert set(re.findall(r"Tindakan nomor (\d{3})", paper.text)) == {f"{number:03}" for number in range(40)}
    assert [paper.text.count(words) for words in (NOTE[:60], NOTE[-60:])] == [5, 5]
    for name, head in (("Butir nomor", "Butir yang perlu dibenahi"), ("Tindakan nomor", "Selesai bila")):
        assert [page for page in paper.pages if name in page and head not in page] == []
    assert [page for number, page in enumerate(paper.pages, 1) if f"Halaman {number} dari" not in page] == []
    assert paper.pages[-1].count("Ratna Wulandari") == 1


def test_a_record_a_little_too_long_for_its_page_is_set_a_little_smaller() -> None:
    longer = visit_record(findings=[*FINDINGS, *FINDINGS[1:3]])

    assert len(Paper(visit_record_pdf(longer)).pages) == 1


def test_a_very_long_word_breaks_inside_its_cell() -> None:
    name, title = "A" * 120, "B" * 160
    actions = [replace(ACTIONS[0], title=title)]

    paper = Paper(visit_record_pdf(visit_record(people_met=[Line(name, "Ketua")], actions=actions)))

    assert paper.text.count("A" * 8) > 3
    assert "".join(paper.text.split()).count("B") >= 160


# Photos and signatures ------------------------------------------------------------------------------------------------


def photos(count: int) -> list[Photo]:
    return [Photo(f"Foto ke-{number}", "14 April 2026, pukul 09.41 WITA", photo()) for number in range(1, count + 1)]


def test_photos_stand_on_an_annex_each_with_what_it_shows_and_when() -> None:
    paper = Paper(visit_record_pdf(visit_record(photos=photos(3))))

    assert len(paper.pages) == 2
    assert "Lampiran: foto kunjungan" in paper.pages[1]
    assert paper.pages[1].count("14 April 2026, pukul 09.41 WITA") == 3
    assert paper.alternatives() == ["Tanda tangan Siti Aminah", *(f"Foto: Foto ke-{number}" for number in (1, 2, 3))]


def test_the_annex_holds_twenty_photos_and_counts_the_others() -> None:
    paper = Paper(visit_record_pdf(visit_record(photos=photos(MOST_PHOTOS + 3))))

    assert sum(alternative.startswith("Foto: ") for alternative in paper.alternatives()) == MOST_PHOTOS
    assert paper.has("dan 3 foto lain")


def test_a_photo_that_has_not_arrived_is_listed_as_to_follow() -> None:
    awaited = Photo("Foto kunjungan", "belum terkirim dari tablet", None, "Foto menyusul")

    paper = Paper(visit_record_pdf(visit_record(photos=[awaited])))

    assert "Foto menyusul" in paper.pages[1]
    assert paper.alternatives() == ["Tanda tangan Siti Aminah"]


def test_without_a_signature_there_is_a_line_to_sign_by_hand() -> None:
    paper = Paper(visit_record_pdf(visit_record(officer=Signature("Siti Aminah", "Bendahara"))))

    assert paper.alternatives() == []
    assert paper.has("Siti Aminah")


# Rencana perbaikan ----------------------------------------------------------------------------------------------------


def numbered(count: int) -> list[ActionLine]:
    return [replace(ACTIONS[number % 4], title=f"Tindakan nomor {number + 1:03}") for number in range(count)]


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (4, 4), (10, 10), (11, 10), (40, 10)])
def test_the_plan_is_one_page_with_the_first_ten_actions_and_says_where_the_others_are(count: int, shown: int) -> None:
    paper = Paper(improvement_plan_pdf(plan_paper(actions=numbered(count))))

    assert len(paper.pages) == 1
    assert re.findall(r"Tindakan nomor (\d{3})", paper.text) == [f"{number + 1:03}" for number in range(shown)]
    assert paper.has(f"dan {count - shown} tindakan lain pada halaman Rencana perbaikan.") == (count > shown)


def test_a_plan_without_actions_says_what_comes_next() -> None:
    paper = Paper(improvement_plan_pdf(plan_paper(actions=())))

    assert len(paper.pages) == 1
    assert paper.has("Belum ada tindakan yang disepakati.")


def test_the_plan_names_the_cooperative_its_scores_its_actions_and_who_signs() -> None:
    plan = plan_paper()

    paper = Paper(improvement_plan_pdf(plan))

    said = [plan.cooperative, plan.place, plan.as_of, plan.signed_at, "RENCANA PERBAIKAN", "62,5 dari 100", "KRITIS"]
    said += [words for each in SCORES for words in (each.title, each.band)]
    said += [words for each in ACTIONS for words in (each.title, each.owner, each.due, each.done_when)]
    said += ["H. Muhammad Yusuf", "Ratna Wulandari", "Ketua koperasi"]
    assert [words for words in said if not paper.has(words)] == []


@pytest.mark.parametrize("count", [1, 10, 40])
def test_the_longest_names_and_actions_stay_on_the_one_page_and_are_counted_where_there_is_no_room(count: int) -> None:
    plan = plan_paper(
        cooperative="Koperasi Kelurahan Merah Putih Yang Bernama Panjang Sekali " * 2,
        place="Kelurahan " + "Panjang " * 15,
        actions=[LONGEST_ACTION] * count,
        chair=Signature("N" * 120, "Ketua koperasi"),
        facilitator=Signature("Nama Yang Panjang " * 6, "Pendamping koperasi"),
    )

    paper = Paper(improvement_plan_pdf(plan))

    whole = paper.text.count("30 September")
    assert len(paper.pages) == 1
    assert 1 <= whole <= min(count, 10)
    assert (count == whole) != paper.has(f"dan {count - whole} tindakan lain")
    assert paper.has(LONGEST_ACTION.done_when[-60:])


# What people wrote is data --------------------------------------------------------------------------------------------

HOSTILE = (
    '#panic("x")',
    "*tebal* _miring_ `kode` $x^2$",
    '= Judul\n- butir\n<label> @acuan // komentar /* x */ \\ \\u{41} ~ -- --- "kutip"',
    '#read("/etc/passwd") #import "house.typ": * #data',
    "]} )] #[ #{",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_people_wrote_stands_there_letter_by_letter(words: str) -> None:
    finding = FindingLine(words, words, words, words, is_critical=True)
    action = ActionLine(words, words, words, words, is_critical=False)
    record = visit_record(
        cooperative=words,
        number=words,
        facts=[Line(words, words)],
        people_met=[Line(words, words)],
        findings=[finding],
        actions=[action],
        notes=words,
        officer=Signature(words, words),
    )
    literal = " ".join(words.split())

    paper = Paper(visit_record_pdf(record))
    plan = Paper(improvement_plan_pdf(plan_paper(cooperative=words, actions=[action], place=words)))

    assert _bare(paper.text).count(_bare(literal)) >= 14
    assert _bare(plan.text).count(_bare(literal)) >= 6
    assert str(paper.reader.metadata.title if paper.reader.metadata else "").startswith("Berita acara kunjungan")


def _bare(text: str) -> str:
    """Where a line broke is the page's affair."""
    return "".join(text.split())


# A paper for everybody ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pdf", "title"),
    [
        (visit_record_pdf(visit_record(photos=photos(1))), "Berita acara kunjungan 0012/BA-KKMP/IV/2026"),
        (improvement_plan_pdf(plan_paper()), "Rencana perbaikan KKMP Graha Indah"),
    ],
)
def test_a_paper_is_tagged_titled_and_says_its_language(pdf: bytes, title: str) -> None:
    paper = Paper(pdf)

    assert paper.root["/MarkInfo"]["/Marked"]
    assert str(paper.root["/Lang"]).startswith("id")
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert paper.reader.metadata is not None
    assert paper.reader.metadata.title == title
    metadata = paper.root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part>\s*1\s*<|pdfuaid:part=.1.", metadata)


def test_tables_heads_headings_and_pictures_are_tagged_as_such() -> None:
    record, plan = (
        Paper(visit_record_pdf(visit_record(photos=photos(2)))).tags(),
        Paper(improvement_plan_pdf(plan_paper())).tags(),
    )

    assert record.count("/Table") == 4
    assert record.count("/TH") == 2 + 3 + 3 + 5
    assert record.count("/TD") == 3 * 2 + 3 * 3 + 4 * 3 + 4 * 5
    assert record.count("/Figure") == 3
    assert record.count("/Caption") == 2
    assert record.count("/H1") == 6
    assert (plan.count("/Table"), plan.count("/TH"), plan.count("/TD")) == (1, 5, 4 * 5)


def test_every_head_of_a_table_says_that_it_heads_a_column() -> None:
    heads = [each for each in Paper(visit_record_pdf(visit_record())).elements() if str(each["/S"]) == "/TH"]

    assert len(heads) == 13
    assert all("'/Scope': '/Column'" in str(each["/A"]) for each in heads)


def test_the_same_content_gives_the_same_bytes_and_other_content_other_bytes() -> None:
    record = visit_record(photos=photos(2))

    assert visit_record_pdf(record) == visit_record_pdf(record)
    assert visit_record_pdf(record) != visit_record_pdf(replace(record, answered=13))
    assert improvement_plan_pdf(plan_paper()) == improvement_plan_pdf(plan_paper())


def test_a_paper_is_dated_by_its_content_and_not_by_the_clock() -> None:
    metadata = Paper(visit_record_pdf(visit_record())).reader.metadata

    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.isoformat()[:10] in ("2026-04-13", "2026-04-14")  # midnight in Balikpapan, in UTC


@pytest.mark.parametrize("template", ["visit_record", "improvement_plan"])
def test_the_engine_has_nothing_to_warn_about(monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    monkeypatch.setattr(typst, "compile", typst.compile_with_warnings)
    content = visit_record(photos=photos(1)) if template == "visit_record" else plan_paper()

    _, warnings = engrave(template, content, dated=content.dated, format="pdf", pdf_standards=["ua-1"])

    assert warnings == []

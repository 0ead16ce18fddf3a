"""`pendamping score` as it is typed: the pencil's cases, all or nothing, and neither settings nor database."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pendamping.cli import main
from pendamping.instruments import cli
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.shipped import SHIPPED, shipped_text
from pendamping.instruments.reading.text import read_yaml
from tests.instruments.cases import yaml_text
from tests.instruments.hand_worked import CASES, WORKED, Case
from tests.instruments.test_score_lines import FACTS_TOLD, ON, as_line, assessment, told
from tests.instruments.test_scoring_by_hand import answers_of
from tests.operations.test_commands import PENDAMPING, run

GOOD_LINE = as_line(assessment({"KL-01": {"value": "yes", "proof": "foto"}}))
BAD_LINE = as_line(assessment({"KL-01": {"value": "ya"}}))
BAD_REASON = "KL-01: value harus salah satu dari no, yes"


def typed(*words: str | Path, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["score", *map(str, words)], input=given)


def scores(done: Result) -> list[dict[str, Any]]:
    assert (done.exit_code, done.stderr) == (0, ""), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def refusal(done: Result) -> list[str]:
    assert (done.exit_code, done.stdout) == (2, "")
    return done.stderr.splitlines()


def lines_of(*lines: bytes) -> bytes:
    return b"".join(line + b"\n" for line in lines)


# Scores ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["KL", "TK", "UK"])
def test_the_command_scores_as_the_pencil_does(code: str) -> None:
    given = [as_line(assessment(told(answers_of(code, case)), stage=case.stage)) for case in CASES[code]]

    results = scores(typed(code, "-", given=lines_of(*given)))

    for case, result in zip(CASES[code], results, strict=True):
        assert (case.claim, *figures(result, case)) == (case.claim, *worked(case))


def figures(result: dict[str, Any], case: Case) -> Sequence[object]:
    sections = {section: result["sections"][section] for section in case.sections}
    unmet, judged = " ".join(result["critical_unmet"]), f"{result['answered']}/{result['applicable']}"
    return result["score"], result["band"], result["provisional"], not result["complete"], judged, unmet, sections


def worked(case: Case) -> Sequence[object]:
    sections = {code: None if exact is None else round(float(exact), 4) for code, exact in case.sections.items()}
    rounded = None if case.rounded is None else float(case.rounded)
    provisional = case.is_provisional
    return rounded, case.band, provisional, provisional, case.answered_of_applicable, case.unmet, sections


@pytest.mark.parametrize("code", ["KL", "TK", "UK"])
def test_a_visits_answers_score_as_on_its_page(code: str) -> None:
    example = WORKED[code]
    answers = {item: {"value": value, "proof": proof, "note": n} for item, (value, proof, n) in example.answers.items()}

    (result,) = scores(typed(code, "-", given=as_line(assessment(answers, stage=example.stage))))

    assert result["score"] == float(example.score)
    assert (result["answered"], result["applicable"]) == (example.answered, example.applicable)
    assert result["critical_unmet"] == list(example.critical_unmet)


def test_lines_are_answered_one_by_one_in_their_order_however_they_end(tmp_path: Path) -> None:
    file = tmp_path / "penilaian.jsonl"
    levels = [as_line(assessment({"KL-20": {"value": level, "proof": "foto"}})) for level in (3, 0, 2, 1)]
    file.write_bytes(levels[0] + b"\n" + levels[1] + b"\r\n" + levels[2] + b" \n" + levels[3])

    assert [result["score"] for result in scores(typed("KL", file))] == [100.0, 0.0, 66.67, 33.33]


def test_the_same_lines_make_the_same_bytes() -> None:
    given = lines_of(*(as_line(assessment(told(answers_of("UK", case)), stage=case.stage)) for case in CASES["UK"]))

    assert typed("UK", "-", given=given).stdout_bytes == typed("UK", "-", given=given).stdout_bytes


def test_no_lines_are_no_scores() -> None:
    assert scores(typed("KL", "-")) == []


# Refusals: nothing is written -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [0, 1, 3_000])
def test_one_wrong_line_refuses_all_and_is_named(before: int) -> None:
    given = lines_of(*[GOOD_LINE] * before, BAD_LINE, GOOD_LINE)

    assert refusal(typed("KL", "-", given=given)) == [f"Error: baris {before + 1}, {BAD_REASON}"]


def test_all_wrong_lines_are_named_at_once() -> None:
    given = lines_of(BAD_LINE, GOOD_LINE, b"", b"{}", GOOD_LINE)

    assert refusal(typed("KL", "-", given=given)) == [
        f"Error: baris 1, {BAD_REASON}",
        "baris 3: kosong; setiap baris memuat satu penilaian",
        "baris 4: stage wajib diisi",
        "baris 4: on wajib diisi",
        "baris 4: answers wajib diisi",
    ]


def test_of_very_many_wrong_lines_only_the_first_are_named() -> None:
    *named, last = refusal(typed("KL", "-", given=lines_of(*[BAD_LINE] * 1_000)))

    assert len(named) == cli.REFUSALS_SAID
    assert last == "... perbaiki ini dahulu; selebihnya tidak diperiksa"


def test_a_line_of_20_megabytes_is_not_read_to_its_end() -> None:
    given = io.BytesIO(GOOD_LINE + b"\n" + b'{"stage":' + b"2" * 20_000_000)

    assert cli.score.callback is not None
    with pytest.raises(cli.Refused) as refused:
        cli.score.callback("KL", given, None)

    assert refused.value.message == "baris 2: lebih panjang daripada 1000000 bita"
    assert given.tell() < 2_000_000


def test_a_code_nobody_ships_is_refused() -> None:
    assert refusal(typed("XX", "-", given=GOOD_LINE))[-1].endswith("'XX' is not one of 'KL', 'TK', 'UK'.")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "penilaian.jsonl" in refusal(typed("KL", tmp_path / "penilaian.jsonl"))[-1]


def test_a_full_disk_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli, "TemporaryFile", full)

    done = typed("KL", "-", given=GOOD_LINE)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: tidak dapat membaca atau menulis: No space left on device\n"


# Another version ------------------------------------------------------------------------------------------------------


def test_shipped_files_stand_under_their_own_code() -> None:
    codes = {code: parse(read_yaml(shipped_text(code))).code for code in SHIPPED}

    assert codes == {"KL": "KL", "TK": "TK", "UK": "UK"}


@pytest.fixture
def version(tmp_path: Path) -> Path:
    """A version in which level 2 is worth more, and whose best band has another code."""
    text = yaml_text("kelembagaan").replace("2: 0.6667", "2: 0.9").replace("code: siap\n", "code: mantap\n")
    file = tmp_path / "versi.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_another_version_is_scored_by_its_own_rules(version: Path) -> None:
    given = as_line(assessment({"KL-20": {"value": 2, "proof": "foto"}}))

    (result,) = scores(typed("KL", "-", "--instrument", version, given=given))

    assert (result["score"], result["band"]) == (90.0, "mantap")


def test_another_instrument_is_not_mistaken_for_this_one(version: Path) -> None:
    done = typed("TK", "-", "--instrument", version, given=GOOD_LINE)

    assert refusal(done) == ["Error: instrumen: berkas ini memuat KL, bukan TK"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Error: instrumen, berkas: harus berisi kunci dan isinya"),
        (b"a: [", "Error: instrumen, baris 1, kolom 5: bukan YAML yang sah"),
        (b"\xff", "Error: instrumen: bukan UTF-8"),
        (b"#" * 2_000_000, "Error: instrumen, berkas: lebih panjang daripada 300000 huruf"),
    ],
)
def test_a_file_that_is_no_instrument_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "versi.yaml"
    file.write_bytes(content)

    (line,) = refusal(typed("KL", "-", "--instrument", file, given=GOOD_LINE))

    assert line.startswith(said)


# By itself ------------------------------------------------------------------------------------------------------------


def test_neither_settings_nor_an_instance_folder_are_needed(tmp_path: Path) -> None:
    file, instance = tmp_path / "penilaian.jsonl", tmp_path / "instance"
    file.write_bytes(GOOD_LINE)

    done = run(PENDAMPING, "score", "KL", file, PENDAMPING_INSTANCE=str(instance), DATABASE_URL="nonsense", PORT="x")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["score"] == 100.0
    assert not instance.exists()


def test_a_reader_that_has_seen_enough_is_not_an_error_worth_a_word(tmp_path: Path) -> None:
    file = tmp_path / "penilaian.jsonl"
    file.write_bytes(lines_of(*[GOOD_LINE] * 1_000))

    with subprocess.Popen([PENDAMPING, "score", "KL", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        assert command.stderr.read() == b""


WITH_EVERY_FILE_LARGE = "from pendamping.instruments import cli; cli.LARGE = 1; cli.score()"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)


@pytest.mark.parametrize(("lines", "code"), [([GOOD_LINE] * 50, 0), ([*[GOOD_LINE] * 50, BAD_LINE], 2)])
def test_who_waits_at_a_terminal_for_a_large_file_sees_how_far_it_is(
    tmp_path: Path, terminal: tuple[int, int], lines: list[bytes], code: int
) -> None:
    file = tmp_path / "penilaian.jsonl"
    file.write_bytes(lines_of(*lines))
    ours, theirs = terminal
    command = [sys.executable, "-c", WITH_EVERY_FILE_LARGE, "KL", str(file)]

    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=False, timeout=60)
    os.close(theirs)

    seen = os.read(ours, 65_536).decode()
    assert done.returncode == code
    assert len(done.stdout.splitlines()) == (50 if code == 0 else 0)
    assert "Menilai" in seen
    assert (f"baris 51, {BAD_REASON}" in seen) == (code == 2)


def test_a_small_file_shows_no_bar(tmp_path: Path, terminal: tuple[int, int]) -> None:
    file = tmp_path / "penilaian.jsonl"
    file.write_bytes(GOOD_LINE)
    ours, theirs = terminal
    os.set_blocking(ours, False)

    subprocess.run([PENDAMPING, "score", "KL", file], stdout=subprocess.PIPE, stderr=theirs, check=True, timeout=60)

    with pytest.raises(BlockingIOError):
        os.read(ours, 65_536)
    os.close(theirs)


def test_what_the_documentation_shows_is_scored() -> None:
    text = (Path(__file__).parents[2] / "docs" / "instruments.md").read_text(encoding="utf-8")
    section = text.partition("## Scoring from the command line")[2].partition("\n## ")[0]
    given, expected = (json.loads(line) for line in section.splitlines() if line.startswith("{"))

    assert given["facts"] == FACTS_TOLD
    assert given["on"] <= ON.isoformat()
    assert scores(typed("KL", "-", given=as_line(given))) == [expected]

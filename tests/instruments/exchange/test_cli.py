"""`pendamping instrument ...`: out, looked at, published; and what it says when it cannot."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from pendamping.instruments.exchange.cli import instrument_cli
from pendamping.instruments.exchange.files import read_file
from pendamping.instruments.exchange.sheets import workbook_of
from pendamping.instruments.exchange.yaml_text import yaml_of
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.text import content_hash
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from tests.instruments.cases import document
from tests.instruments.editions import edition
from tests.instruments.exchange.workbooks import MADE_AT, changes, edited


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def run(app: Flask, *words: str | Path) -> Result:
    with app.app_context():
        return CliRunner().invoke(instrument_cli, [str(word) for word in words])


def refusal(done: Result, exit_code: int = 1) -> list[str]:
    assert (done.exit_code, done.stdout) == (exit_code, "")
    return done.stderr.splitlines()


def count(app: Flask) -> int:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(InstrumentVersion)) or 0


@pytest.mark.parametrize("format_", ["xlsx", "yaml"])
def test_an_instrument_goes_out_and_in_again(app: Flask, folder: Path, format_: str) -> None:
    path = folder / f"kl.{format_}"

    done = run(app, "export", "kl", "--format", format_, "-o", path)

    assert (done.exit_code, done.stdout) == (0, f"KL 0.3.0: 44 butir ditulis ke {path}.\n")
    assert content_hash(read_file(path.name, path.read_bytes())) == content_hash(document())
    assert [each.name for each in folder.iterdir()] == [path.name]
    checked = run(app, "check", path)
    assert checked.stdout == (
        "KL 0.3.0: 44 butir, tanpa kesalahan.\nIsinya sama dengan versi 0.3.0 yang sudah terbit.\n"
    )


def test_what_cannot_go_out_is_said_in_one_line(app: Flask, folder: Path) -> None:
    nowhere = folder / "tidak" / "ada.xlsx"

    assert refusal(run(app, "export", "ZZ", "--format", "yaml", "-o", folder / "zz.yaml")) == [
        "Error: Tidak ada instrumen ZZ yang berlaku hari ini; yang ada: KL, TK, UK."
    ]
    assert refusal(run(app, "export", "KL", "--format", "xlsx", "-o", nowhere)) == [
        f"Error: {nowhere}: tidak dapat ditulis (No such file or directory)."
    ]
    assert refusal(run(app, "export", "KL", "--format", "xlsx", "-o", folder))[0].startswith(f"Error: {folder}: tidak")
    assert list(folder.iterdir()) == []


def test_a_file_that_is_there_is_replaced_as_a_whole(app: Flask, folder: Path) -> None:
    path = folder / "kl.yaml"
    path.write_text("lama" * 100_000)

    assert run(app, "export", "KL", "--format", "yaml", "-o", path).exit_code == 0
    assert content_hash(read_file(path.name, path.read_bytes())) == content_hash(document())


def test_a_sound_file_is_checked_against_the_version_in_force(app: Flask, folder: Path) -> None:
    path = folder / "kl.xlsx"
    changed = edition(KL_05={"weight": 3}, KL_06={"weight": 1})
    path.write_bytes(workbook_of(changed, made_at=MADE_AT))

    done = run(app, "check", path)

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "KL 0.4.0: 44 butir, tanpa kesalahan.",
        "Dibanding versi 0.3.0 yang berlaku: 2 butir berubah.",
        "- KL: versi 0.3.0 menjadi 0.4.0",
        "- KL-05: bobot 2 menjadi 3",
        "- KL-06: bobot 2 menjadi 1",
    ]
    assert count(app) == 3


def test_remarks_and_obstacles_are_told_by_a_check(app: Flask, folder: Path) -> None:
    remarked = edition("0.3.0")
    remarked["scoring"]["rounding"] = "satu desimal"
    path = folder / "kl.yaml"
    path.write_text(yaml_of(remarked))

    assert run(app, "check", path).stdout.splitlines()[1:] == [
        "Dibanding versi 0.3.0 yang berlaku: hanya keterangan yang berubah.",
        "Belum dapat diterbitkan: Versi 0.3.0 tidak lebih tinggi daripada versi 0.3.0 yang sudah terbit.",
    ]
    remarked["instrument"]["code"] = "XY"
    for entry in remarked["items"]:
        entry["id"] = entry["id"].replace("KL-", "XY-")
    path.write_text(yaml_of(remarked))
    assert run(app, "check", path).stdout.splitlines()[1:] == ["Belum ada versi XY yang berlaku hari ini."]


@pytest.mark.parametrize("words", [["check"], ["publish", "--from", "2026-09-01"]])
def test_every_fault_of_a_file_is_listed_and_nothing_is_stored(app: Flask, folder: Path, words: list[str]) -> None:
    path = folder / "uk.xlsx"
    path.write_bytes(
        edited(lambda book: (changes("UK-01", "Bukti", None)(book), changes("UK-02", "Bobot", "=1")(book)))
    )

    assert refusal(run(app, *words, path), exit_code=2) == [
        "Error: uk.xlsx: 2 kesalahan",
        "Butir!N2: Bukti wajib diisi",
        "Butir!F3: berisi rumus; tempelkan nilainya saja",
    ]
    assert count(app) == 3


@pytest.mark.parametrize("words", [["check"], ["publish", "--from", "2026-09-01"]])
def test_a_file_that_cannot_be_read_is_one_line(app: Flask, folder: Path, words: list[str]) -> None:
    assert refusal(run(app, *words, folder / "tidak-ada.yaml")) == [
        f"Error: {folder / 'tidak-ada.yaml'}: tidak dapat dibaca (No such file or directory)."
    ]
    assert refusal(run(app, *words, folder)) == [f"Error: {folder}: tidak dapat dibaca (Is a directory)."]


def test_an_edited_file_is_published_once_and_leaves_a_record(app: Flask, folder: Path) -> None:
    path = folder / "kl.xlsx"
    path.write_bytes(workbook_of(edition(), made_at=MADE_AT))

    first, again = (run(app, "publish", path, "--from", day) for day in ("2026-09-01", "2026-10-01"))

    assert first.stdout == "KL 0.4.0 terbit, berlaku mulai 1 September 2026.\n"
    assert again.stdout == "KL 0.4.0 sudah terbit, berlaku mulai 1 September 2026.\n"
    assert count(app) == 4
    with app.app_context():
        events = select(AuditEvent.actor_name).where(AuditEvent.verb == "publish_instrument")
        assert sorted(reading().scalars(events)) == ["perintah: instrument publish", "test", "test", "test"]


def test_what_cannot_follow_is_refused_in_one_line(app: Flask, folder: Path) -> None:
    path = folder / "kl.yaml"
    path.write_text(yaml_of(edition(KL_01={"type": "evidence_only"})))

    assert refusal(run(app, "publish", path, "--from", "2026-09-01")) == [
        "Error: Jenis jawaban berubah pada KL-01. Beri butir itu kode yang belum pernah dipakai."
    ]
    assert run(app, "publish", path, "--from", "September").exit_code == 2
    assert run(app, "publish", path).exit_code == 2
    assert count(app) == 3

"""What a later program brings along: it is offered, and nothing that is published moves."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from pendamping.instruments.exchange import cli
from pendamping.instruments.exchange import shipped_updates as module
from pendamping.instruments.exchange.service import publish_next
from pendamping.instruments.exchange.shipped_updates import Newer, newer_shipped
from pendamping.instruments.exchange.yaml_text import yaml_of
from pendamping.instruments.reading.shipped import shipped_text
from pendamping.instruments.reading.text import content_hash, read_yaml
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.cases import document
from tests.instruments.editions import edition


def bring(monkeypatch: pytest.MonkeyPatch, content: dict[str, Any]) -> None:
    """Let the program bring another KL; the other two stay."""
    text = yaml_of(content)
    for place in (module, cli):
        monkeypatch.setattr(place, "shipped_text", lambda code: text if code == "KL" else shipped_text(code))


def test_where_everything_that_ships_is_published_there_is_nothing_newer(session: Session) -> None:
    assert newer_shipped(session) == []


def test_a_higher_number_is_newer_until_it_is_published(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(monkeypatch, edition())

    before = newer_shipped(session)
    publish_next(session, edition(), effective_on=TODAY, actor=ACTOR, now=NOW)

    assert before == [Newer("KL", "0.4.0", "0.3.0")]
    assert newer_shipped(session) == []


@pytest.mark.parametrize("own", ["0.4.0", "0.5.0"])
def test_an_office_that_is_ahead_with_a_version_of_its_own_is_left_in_peace(
    session: Session, monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    bring(monkeypatch, edition())

    mine = edition(own, KL_01={"label_id": "Akta"})
    publish_next(session, mine, effective_on=TODAY + dt.timedelta(days=30), actor=ACTOR, now=NOW)

    assert newer_shipped(session) == []


def test_what_could_not_be_published_is_not_offered(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(monkeypatch, edition(KL_01={"type": "evidence_only"}))

    assert newer_shipped(session) == []


def test_an_instrument_that_is_not_published_at_all_is_for_the_first_start_to_load(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHIPPED", {"XY": "baru.yaml"})
    monkeypatch.setattr(
        module, "shipped_text", lambda code: shipped_text("KL").replace("code: KL\n", f"code: {code}\n")
    )

    assert newer_shipped(session) == []


def test_what_ships_goes_out_and_is_published_from_its_file(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(monkeypatch, edition(KL_05={"weight": 3}, KL_06={"weight": 1}))
    path = tmp_path / "kl-0.4.0.yaml"

    with app.app_context():
        out, checked, done = (
            CliRunner().invoke(cli.instrument_cli, words)
            for words in (
                ["shipped", "kl", "-o", str(path)],
                ["check", str(path)],
                ["publish", str(path), "--from", "2026-09-01"],
            )
        )

    assert (out.exit_code, out.stdout) == (0, f"KL 0.4.0: 44 butir ditulis ke {path}.\n")
    assert checked.stdout.splitlines()[1:] == [
        "Dibanding versi 0.3.0 yang berlaku: 2 butir berubah.",
        "- KL: versi 0.3.0 menjadi 0.4.0",
        "- KL-05: bobot 2 menjadi 3",
        "- KL-06: bobot 2 menjadi 1",
    ]
    assert done.stdout == "KL 0.4.0 terbit, berlaku mulai 1 September 2026.\n"


def test_the_file_that_goes_out_is_the_one_that_ships(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "kl.yaml"

    with app.app_context():
        CliRunner().invoke(cli.instrument_cli, ["shipped", "KL", "-o", str(path)])

    assert path.read_text(encoding="utf-8") == shipped_text("KL")
    assert content_hash(read_yaml(path.read_text(encoding="utf-8"))) == content_hash(document())


def test_an_instrument_that_does_not_ship_is_named_in_one_line(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        done = CliRunner().invoke(cli.instrument_cli, ["shipped", "ZZ", "-o", str(tmp_path / "zz.yaml")])

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: Program tidak membawa instrumen ZZ; yang ada: KL, TK, UK.\n"
    assert list(tmp_path.iterdir()) == []

"""`./dev demo`: never on the database that people work with."""

import hashlib
from pathlib import Path

from tests.operations.test_commands import REPOSITORY, dev, program

TOLD = 'echo "$1 ${2-} in $PENDAMPING_INSTANCE on ${DATABASE_URL-its own}"'


def environment(folder: Path) -> str:
    """An environment that is set up already, whose `pendamping` only tells what it is asked to do."""
    lock = (REPOSITORY / "requirements" / "run.txt").read_bytes()
    program(folder / "bin" / "python", "exit 0")
    program(folder / "bin" / "pendamping", TOLD)
    (folder / "stamp-run").write_text(hashlib.sha1(b"blob %d\0" % len(lock) + lock).hexdigest(), encoding="ascii")
    return str(folder)


def test_it_sets_up_simulates_and_serves_in_a_folder_of_its_own(tmp_path: Path) -> None:
    done = dev("demo", PENDAMPING_VENV=environment(tmp_path))

    own = f"in {REPOSITORY / 'instance' / 'demo'} on its own"
    assert (done.returncode, done.stderr) == (0, "")
    told = ("init ", "simulate --seed", "remind --on", "serve ")
    assert done.stdout.splitlines() == [f"{words} {own}" for words in told]


def test_it_leaves_the_office_that_the_settings_name_alone(tmp_path: Path) -> None:
    settings = {"PENDAMPING_INSTANCE": "/srv/kantor", "DATABASE_URL": "postgresql://kantor/pendamping"}

    done = dev("demo", PENDAMPING_VENV=environment(tmp_path), **settings)

    assert {line.partition(" in ")[2] for line in done.stdout.splitlines()} == {"/srv/kantor/demo on its own"}

"""The tablet's modules, tried by Node: no browser, no network."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
TESTS = sorted(str(path) for path in HERE.glob("*.test.mjs"))


def test_the_modules_of_the_tablet_hold() -> None:
    node = shutil.which("node")
    assert node, "These tests need Node 20 or newer. Install it (on Debian and Ubuntu: apt install nodejs)."

    done = subprocess.run([node, "--test", *TESTS], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr

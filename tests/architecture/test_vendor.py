"""What others made is known by version, licence and digest; and nothing points a machine to the network."""

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
STATIC = REPOSITORY / "pendamping" / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "vendor.toml"
FILES = {each["path"]: each for each in tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["file"]}

ADDRESS = re.compile(rb"//([a-z0-9][a-z0-9.-]*\.[a-z]{2,})", re.IGNORECASE)
KNOWN = {
    "evil.example",  # in tests of what must not be followed
    "getbootstrap.com",  # in a vendored file's own head
    "fengyuanchen.github.io",  # likewise
    "github.com",  # likewise
    "wa.me",  # opens a message that is ready to send, when a person touches the button
    "scripts.sil.org",  # in a licence
    "www.apache.org",  # in a licence
    "www.w3.org",  # the name of a namespace
}


def repository_files() -> list[Path]:
    """What is committed and what is about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (REPOSITORY / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("path", FILES)
def test_a_vendored_file_is_the_one_that_was_looked_at(path: str) -> None:
    assert hashlib.sha512((STATIC / path).read_bytes()).hexdigest() == FILES[path]["sha512"]


@pytest.mark.parametrize("path", FILES)
def test_a_vendored_file_comes_with_version_source_and_licence(path: str) -> None:
    entry = FILES[path]

    assert all(entry[name] for name in ("name", "version", "licence", "source", "changes"))
    assert (STATIC / entry["licence_file"]).read_text(encoding="utf-8").strip()


def test_no_file_is_vendored_without_being_listed() -> None:
    licences = {entry["licence_file"] for entry in FILES.values()}
    there = {path.relative_to(STATIC).as_posix() for path in VENDOR.rglob("*") if path.is_file()}

    assert there - set(FILES) - licences == {MANIFEST.relative_to(STATIC).as_posix()}


def test_no_file_points_to_a_place_on_the_network() -> None:
    """Code, locks and documents name no index, registry or CDN: the same files serve behind every mirror."""
    named = {
        f"{path.relative_to(REPOSITORY)}: {host.decode()}"
        for path in repository_files()
        if path.suffix not in {".png", ".woff2", ".mo"}
        for host in ADDRESS.findall(path.read_bytes())
        if host.decode().lower() not in KNOWN
    }

    assert named == set()

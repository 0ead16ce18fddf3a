"""What others made is known by version, licence and digest; and nothing points a machine to the network."""

import hashlib
import subprocess
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
STATIC = REPOSITORY / "pendamping" / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "vendor.toml"
FILES = {each["path"]: each for each in tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["file"]}

NETWORK = [
    ".".join(parts)
    for parts in (  # in pieces, or this file would name them
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare", "com"),
        ("esm", "sh"),
        ("skypack", "dev"),
        ("jspm", "io"),
        ("googleapis", "com"),
        ("gstatic", "com"),
        ("code", "jquery", "com"),
        ("bootstrapcdn", "com"),
        ("use", "typekit", "net"),
    )
]


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


def test_no_file_names_a_host_of_the_network() -> None:
    naming = {
        f"{path.relative_to(REPOSITORY)}: {host}"
        for path in repository_files()
        for host in NETWORK
        if host.encode() in path.read_bytes()
    }

    assert naming == set()

"""Finds a Chromium for the browser tests, installs one where it can, and otherwise says what to install."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
]
INSTALL = (
    "The browser tests need a Chromium. Install one (on Debian and Ubuntu: apt install chromium), "
    "or name one in PENDAMPING_CHROMIUM."
)


class NoChromium(Exception):
    def __init__(self) -> None:
        super().__init__(INSTALL)


@functools.cache
def chromium() -> str:
    """The path of a Chromium.

    Raises:
        NoChromium: there is none, and none could be installed; says what to do.
    """
    if named := os.environ.get("PENDAMPING_CHROMIUM"):
        if not shutil.which(named):
            raise NoChromium
        return named
    found = _found() or _installed_by_debian() or _installed_by_playwright()
    if not found:
        raise NoChromium
    return found


def _found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _installed_by_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(command, check=False, env=environment, timeout=600, **quiet)  # type: ignore[call-overload]
    return _found()


def _installed_by_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    subprocess.run(["playwright", "install", "chromium"], check=False, capture_output=True, timeout=600)
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None

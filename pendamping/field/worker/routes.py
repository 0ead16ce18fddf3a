"""The service worker, the manifest by which the product is installed, and the page for what the tablet has not got."""

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.kernel.access import public
from pendamping.kernel.web import static_url

bp = Blueprint("worker", __name__)

CARRIED = {".css", ".js", ".svg", ".woff2"}
"""The kinds of static files that pages are made of; licences and lists stay at the office."""
ICONS = (
    ("icons/mark-192.png", 192, "any"),
    ("icons/mark-512.png", 512, "any"),
    ("icons/mark-maskable.png", 512, "maskable"),
)
THEME = "#ffffff"
GROUND = "#f6f7f9"

RUNS = """import {{ startWorker }} from {module};

startWorker(self, {release});
"""
STEPS_DOWN = """self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(
    self.registration
      .unregister()
      .then(() => self.caches.keys())
      .then((names) => names.filter((name) => !name.startsWith("pins-")))
      .then((names) => Promise.all(names.map((name) => self.caches.delete(name))))
  );
});
"""


@bp.get("/sw.js")
@public()
def script() -> ResponseReturnValue:
    """The worker and the list of files of this build; or, with `FIELD_WORKER=off`, one that takes itself out."""
    answer = Response(_script(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _script() -> str:
    if not current_app.config["SETTINGS"].has_field_worker:
        return STEPS_DOWN
    release = {
        "build": current_app.config["BUILD"],
        "assets": [static_url(name) for name in carried_files(Path(current_app.root_path) / "static")],
        "fallback": url_for(".offline"),
    }
    return RUNS.format(module=json.dumps(static_url("js/worker/worker.js")), release=json.dumps(release, indent=2))


@cache
def carried_files(folder: Path) -> tuple[str, ...]:
    """The static files that a tablet keeps, by their path within `static/`."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in CARRIED)
    return tuple(sorted(files))


@bp.get("/manifest.webmanifest")
@public()
def manifest() -> ResponseReturnValue:
    answer = jsonify(
        name="Pendamping KKMP",
        short_name="Pendamping",
        description=_("Pendampingan koperasi: kunjungan, daftar periksa, rencana perbaikan."),
        id="/",
        start_url="/",
        scope="/",
        display="standalone",
        lang="id",
        theme_color=THEME,
        background_color=GROUND,
        icons=[
            {"src": static_url(name), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
            for name, side, purpose in ICONS
        ],
        shortcuts=[
            {"name": _("Jadwal"), "url": url_for("schedule.index")},
        ],
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/luring")
@public()
def offline() -> ResponseReturnValue:
    """What the worker shows without a network instead of a page that this tablet does not carry."""
    return render_template("field/offline.html")

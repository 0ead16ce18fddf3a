"""The field pack: a facilitator's own pages, made by the very views that show them, and named by what they say."""

import contextvars
import datetime as dt
import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog
from flask import Flask, current_app, request
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.kernel.pack import HEADER
from pendamping.kernel.web import static_url
from pendamping.visits.schedule.queries import plans_ahead

OWN_PAGES = ("/", "/jadwal", "/jadwal/baru", "/pengiriman")
PAGES_OF_A_COOPERATIVE = ("", "/kunjungan/baru", "/rencana", "/riwayat")
PLANS_CARRIED = 20
"""More than a facilitator plans ahead: two visits a month to each of a large caseload."""
CARRIED = frozenset({".css", ".js", ".svg", ".woff2"})
"""Static files that pages may ask for while there is no network."""
REVISION_LENGTH = 20
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page to keep; equal revisions are equal bytes."""

    url: str
    revision: str
    title: str


@dataclass(frozen=True, slots=True)
class FieldPack:
    build: str
    user: str
    pages: Sequence[PackedPage]
    assets: Sequence[str]

    def as_json(self) -> dict[str, object]:
        return {
            "build": self.build,
            "user": self.user,
            "pages": [asdict(page) for page in self.pages],
            "assets": [{"url": url} for url in self.assets],
        }

    @property
    def revision(self) -> str:
        """Of the pack as a whole: another as soon as a page of it is another."""
        return _digest(repr((self.build, self.user, self.pages, self.assets)).encode())


def pack_for(session: Session, user: User, *, today: dt.date) -> FieldPack:
    """The pages of a facilitator's caseload as they are now. Slow: each of them is made once."""
    own = visible_cooperatives(user, today=today).order_by(Cooperative.code)
    codes = session.scalars(own.with_only_columns(Cooperative.code)).all()
    urls = [
        *OWN_PAGES,
        *(f"/koperasi/{code}{page}" for code in codes for page in PAGES_OF_A_COOPERATIVE),
        *(f"/jadwal/{plan_id}" for plan_id in plans_ahead(session, user.id, today=today, limit=PLANS_CARRIED)),
    ]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    build = str(app.config["BUILD"])
    cookie, host, scheme = request.headers.get("Cookie", ""), request.host, request.scheme
    pages = []
    for url in urls:
        made = contextvars.copy_context().run(_page, app, url, cookie=cookie, base_url=f"{scheme}://{host}")
        if made is None:
            log.error("page_of_pack_failed", url=url)
            continue
        found = TITLE.search(made.decode())
        title = html.unescape(found[1]).strip() if found else url
        pages.append(PackedPage(url, f"{build}-{_digest(made)}", title))
    return FieldPack(build, str(user.id), pages, _assets(Path(app.root_path) / "static"))


def _page(app: Flask, url: str, *, cookie: str, base_url: str) -> bytes | None:
    """One page as the tablet will get it: asked of the app with the person's own cookie, through the same guard."""
    headers = {HEADER: "1", "Cookie": cookie}
    with app.app_context(), app.test_request_context(url, base_url=base_url, headers=headers):
        response = app.full_dispatch_request()
        if response.status_code != 200 or response.mimetype != "text/html":
            return None
        return response.get_data()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:REVISION_LENGTH]


def _assets(folder: Path) -> list[str]:
    files = sorted(each for each in folder.rglob("*") if each.suffix in CARRIED)
    return [static_url(each.relative_to(folder).as_posix()) for each in files]

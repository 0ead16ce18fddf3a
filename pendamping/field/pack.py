"""The field pack: a facilitator's own pages, made by the very views that show them, and named by what they say."""

import contextvars
import datetime as dt
import hashlib
import html
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog
from flask import Flask, current_app, request
from flask_babel import get_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.field.models import Receipt
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.clock import start_of_day
from pendamping.kernel.database import reading_anew
from pendamping.kernel.pack import HEADER
from pendamping.kernel.web import static_url
from pendamping.kernel.write_counts import changes
from pendamping.progress.models import Standing
from pendamping.visits.corrections.queries import still_correctable
from pendamping.visits.drafts.models import Draft
from pendamping.visits.schedule.queries import plans_ahead

OWN_PAGES = ("/", "/jadwal", "/jadwal/baru", "/pengiriman")
PAGES_OF_A_COOPERATIVE = ("", "/kunjungan/baru", "/rencana", "/riwayat", "/tindakan/baru")
PAGES_OF_A_VISIT = ("", "/perbaiki")
VISITS_CARRIED = 12
"""More than a facilitator makes within the time in which a visit is put right."""
PLANS_CARRIED = 20
"""More than a facilitator plans ahead: two visits a month to each of a large caseload."""
CARRIED = frozenset({".css", ".js", ".svg", ".woff2"})
"""Static files that pages may ask for while there is no network."""
SHOWN_NOWHERE = frozenset({"audit_event", "sign_in_failure", "ended_session", "device", "job_run"})
"""Tables that no page of a pack shows; they are written to by the way, the tablet's own among them at each contact."""
GOOD_FOR = dt.timedelta(hours=1)
"""After that a pack is made anew, whatever is known: what nobody thought of is old for an hour at most."""
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
    instruments: Mapping[str, str]
    """By code the hash of each version in force: what the visit forms of the pack must be pinned to."""

    def as_json(self) -> dict[str, object]:
        return {
            "build": self.build,
            "user": self.user,
            "pages": [asdict(page) for page in self.pages],
            "assets": [{"url": url} for url in self.assets],
            "instruments": dict(self.instruments),
        }

    @property
    def revision(self) -> str:
        """Of the pack as a whole: another as soon as a page of it is another."""
        return _digest(repr((self.build, self.user, self.pages, self.assets, self.instruments)).encode())


@dataclass(frozen=True, slots=True)
class MadePack:
    """A pack, and what was known of the rows that it was made from."""

    fingerprint: str
    made_at: dt.datetime
    pack: FieldPack


def pack_for(user_id: uuid.UUID, *, today: dt.date, now: dt.datetime) -> FieldPack:
    """The pages of a facilitator's caseload as they are now. While nothing was written that any page could show, the
    pack made before is as good; else each page is made once, which is slow.
    """
    counted = changes(without=SHOWN_NOWHERE)  # before the rows are read, never after
    session = reading_anew()
    user = session.get_one(User, user_id)
    place = (current_app.config["BUILD"], request.host_url, today)
    fingerprint = repr((*place, counted, *mark_of(session, user, today=today)))
    made: dict[uuid.UUID, MadePack] = current_app.extensions.setdefault("field_packs", {})
    kept = made.get(user_id)
    if kept and kept.fingerprint == fingerprint and now - kept.made_at < GOOD_FOR:
        return kept.pack
    urls = _urls(session, user, today=today)
    in_force = {each.instrument.code: each.sha256 for each in instruments_on(session, today)}
    pack = _made(user, urls, in_force)
    if len(pack.pages) == len(urls):
        made[user_id] = MadePack(fingerprint, now, pack)
    return pack


def mark_of(session: Session, user: User, *, today: dt.date) -> tuple[object, ...]:
    """What changes with rows that others than this process write, such as a command on the server: every verb leaves
    an event behind; what leaves none, a draft or a receipt, is counted by itself.
    """
    since = start_of_day(today - dt.timedelta(days=1))
    counts = session.execute(
        select(
            select(func.count()).where(AuditEvent.at >= since).scalar_subquery(),
            select(func.max(AuditEvent.at)).scalar_subquery(),
            select(func.max(Standing.refreshed_at)).scalar_subquery(),
            select(func.count()).where(Draft.author_id == user.id).scalar_subquery(),
            select(func.max(Draft.updated_at)).where(Draft.author_id == user.id).scalar_subquery(),
            select(func.count()).where(Receipt.user_id == user.id).scalar_subquery(),
        )
    ).one()
    return (user.name, str(get_locale()), *counts)


def _made(user: User, urls: Sequence[str], instruments: Mapping[str, str]) -> FieldPack:
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
    return FieldPack(build, str(user.id), pages, _assets(Path(app.root_path) / "static"), instruments)


def _urls(session: Session, user: User, *, today: dt.date) -> list[str]:
    """One's own pages, five of each cooperative, plans that can still be moved, visits that can still be put right."""
    own = visible_cooperatives(user, today=today).order_by(Cooperative.code)
    codes = session.scalars(own.with_only_columns(Cooperative.code)).all()
    plans = plans_ahead(session, user.id, today=today, limit=PLANS_CARRIED)
    visits = still_correctable(session, user.id, today=today, limit=VISITS_CARRIED)
    return [
        *OWN_PAGES,
        *(f"/koperasi/{code}{page}" for code in codes for page in PAGES_OF_A_COOPERATIVE),
        *(f"/jadwal/{plan_id}" for plan_id in plans),
        *(f"/kunjungan/{visit_id}{page}" for visit_id in visits for page in PAGES_OF_A_VISIT),
    ]


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

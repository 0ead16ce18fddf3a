"""What the pages of personal links show: who has which, and the one time that a link can be handed over."""

import datetime as dt
import io
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from pendamping.accounts.links.policy import visible_links
from pendamping.accounts.links.queries import LinkView, links_of
from pendamping.accounts.links.service import OfficeHolder
from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.cooperatives.queries import NameAndCode, OfficerView, name_and_code, officers_on
from pendamping.cooperatives.words import role_word
from pendamping.kernel.errors import NotThere
from pendamping.kernel.i18n import long_date
from pendamping.reports.papers import LinkOnPaper

QUIET_MODULES = 4
"""ISO/IEC 18004: the blank margin that a reader needs around a QR code."""
PAPER_SCALE = 8
"""Dots a module: sharp at the size that the paper shows it."""


@dataclass(frozen=True, slots=True)
class OfficerAccess:
    """An officer in office with the links that open something; `new_id` is the next link's, made with the page."""

    officer: OfficerView
    living: Sequence[LinkView]
    new_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class AccessPage:
    cooperative: NameAndCode
    officers: Sequence[OfficerAccess]
    past: Sequence[LinkView]
    """Links that open nothing any more."""


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link as it is handed over, on one answer and nowhere else."""

    officer: OfficerView
    url: str
    expires_at: dt.datetime
    qr: Markup
    whatsapp: str


def access_page(
    session: Session, cooperative: Cooperative, user: User, *, today: dt.date, now: dt.datetime
) -> AccessPage:
    links = links_of(
        session,
        visible_links(cooperative_ids=visible_cooperative_ids(user, today=today)),
        cooperative.id,
        now=now,
    )
    officers = officers_on(session, cooperative.id, on=today)
    serving = {officer.id for officer in officers}
    living = [link for link in links if link.is_living and link.officer_id in serving]
    return AccessPage(
        cooperative=name_and_code(cooperative),
        officers=[
            OfficerAccess(officer, [link for link in living if link.officer_id == officer.id], uuid.uuid4())
            for officer in officers
        ],
        past=[link for link in links if link not in living],
    )


def officer_or_404(session: Session, cooperative: Cooperative, officer_id: uuid.UUID, *, today: dt.date) -> OfficerView:
    """One of the cooperative's officers in office; whoever is not is not there."""
    for officer in officers_on(session, cooperative.id, on=today):
        if officer.id == officer_id:
            return officer
    raise NotThere


def office_holder(cooperative: Cooperative, officer: OfficerView) -> OfficeHolder:
    return OfficeHolder(officer.id, officer.name, cooperative.id, cooperative.city_code, officer.term_ends_on)


def made_link(cooperative: Cooperative, officer: OfficerView, url: str, expires_at: dt.datetime) -> MadeLink:
    """The address as text, as a QR code and as a message that WhatsApp has ready to send."""
    message = _(
        "Halaman %(cooperative)s untuk %(name)s (%(role)s): %(url)s\nTautan ini pribadi. Jangan diteruskan.",
        cooperative=cooperative.short_name,
        name=officer.name,
        role=role_word(officer.role),
        url=url,
    )
    return MadeLink(
        officer=officer,
        url=url,
        expires_at=expires_at,
        qr=qr_picture(url),
        whatsapp=f"https://wa.me/{whatsapp_number(officer.phone)}?text={quote(message)}",
    )


def whatsapp_number(phone: str | None) -> str:
    """62812...: the number as WhatsApp's own addresses want it; empty where there is none, and a contact is chosen."""
    digits = re.sub(r"\D", "", phone or "")
    if digits.startswith("0"):
        return f"62{digits[1:]}"
    return digits if digits.startswith("62") else ""


def qr_picture(url: str) -> Markup:
    """As SVG within the page, drawn by attributes alone: no script, no style, no second request that names the link."""
    import segno  # loads what few requests need

    drawn = segno.make_qr(url, error="m").svg_inline(
        border=QUIET_MODULES, light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704  # made of numbers by the library, of nothing that anybody typed


def link_on_paper(officer: OfficerView, url: str, expires_at: dt.datetime) -> LinkOnPaper:
    import segno

    picture = io.BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="png", scale=PAPER_SCALE, border=QUIET_MODULES)
    return LinkOnPaper(
        picture=picture.getvalue(), name=officer.name, role=role_word(officer.role), until=long_date(expires_at)
    )

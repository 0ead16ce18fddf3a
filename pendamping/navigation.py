"""The way around, by role."""

from dataclasses import dataclass, replace

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from pendamping.accounts.session import is_leaving
from pendamping.kernel.roles import STAFF, Role


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation.

    Attributes:
        icon: a name in the sprite.
        begins_group: a line parts it from what stands before.
    """

    label: str
    url: str
    icon: str
    is_current: bool
    begins_group: bool = False


def navigation() -> list[NavItem]:
    """What the signed-in person can go to; nothing for nobody."""
    if not current_user.is_authenticated or current_user.must_change_password or is_leaving():
        return []
    match current_user.role:
        case Role.FACILITATOR:
            shipping = _item(_("Pengiriman"), "field.shipping", "cloud-arrow-up")
            reports = _item(_("Laporan"), "monthly.index", "file-earmark-text", "monthly", "exports")
            return [_item(_("Beranda"), "home", "house"), _schedule(), _register(), _actions(), reports, shipping]
        case Role.AGENCY_HEAD:
            return _agency()
        case Role.ADMIN:
            return [*_agency(), *_group(*_administration())]
        case _other:
            return _own()


def _agency() -> list[NavItem]:
    """What needs the agency, what it looks into, and by what measure."""
    attention = _item(_("Perhatian"), "attention.index", "exclamation-triangle", "attention", "quarantine")
    reports = _item(_("Laporan"), "monthly.queue", "file-earmark-text", "monthly", "exports")
    people = _item(_("Pendamping"), "programme_view.people", "person-badge")
    programme = _item(_("Program"), "programme_view.index", "bar-chart", "evaluations")
    designations = _item(_("Penetapan"), "stages.designations", "award")
    return [
        *(_item(_("Ringkasan"), "home", "grid-1x2"), attention, reports),
        *_group(_register(), people, programme, _actions(), _schedule()),
        *_group(designations, _instruments()),
    ]


def _own() -> list[NavItem]:
    """A cooperative's own pages: as many as a bar under the thumb holds, in words of one piece."""
    return [
        _item(_("Rencana"), "portal.plan", "list-check", "home", "own_actions"),
        _item(_("Kemajuan"), "portal.progress", "graph-up-arrow", "portal.partnerships"),
        _item(_("Kunjungan"), "portal.visits", "calendar-check", "portal.activity"),
        _item(_("Dokumen"), "portal.documents", "folder2-open"),
        _item(_("Angka"), "own_figures.index", "bar-chart", "own_figures"),
    ]


def field_user() -> str | None:
    """Whose drafts and records a page may keep on the tablet: the signed-in facilitator's, nobody else's."""
    is_at_work = current_user.is_authenticated and not current_user.must_change_password
    return str(current_user.id) if is_at_work and current_user.role is Role.FACILITATOR else None


def can_search() -> bool:
    """Whether somebody has more to search than their own pages show at a glance; a cooperative has not."""
    is_at_work = current_user.is_authenticated and not current_user.must_change_password and not is_leaving()
    return is_at_work and current_user.role in STAFF


def _schedule() -> NavItem:
    return _item(_("Jadwal"), "schedule.index", "calendar3", "schedule", "activities")


def _register() -> NavItem:
    also = (
        "cooperatives",
        "records",
        "visits",
        "plans",
        "goals",
        "progress",
        "stages.detail",
        "links",
        "proposals",
        "partnerships",
    )
    return _item(_("Koperasi"), "cooperatives.index", "shop", *also)


def _actions() -> NavItem:
    return _item(_("Rencana"), "board.index", "list-check", "board", "actions")


def _instruments() -> NavItem:
    return _item(_("Instrumen"), "instruments.index", "clipboard-check", "instruments", "drafting")


def _administration() -> tuple[NavItem, ...]:
    return (
        _item(_("Pengguna"), "people.index", "people", "people"),
        _item(_("Penugasan"), "assignments.index", "person-check", "assignments", "handover"),
        _item(_("Tahun program"), "programme.years", "calendar-range", "programme.edit_year", "programme.next_year"),
        _item(_("Perangkat"), "devices.index", "tablet", "devices", "copies"),
        _item(_("Pengingat"), "reminder_admin.rules", "bell", "reminder_admin", "obligations"),
        _item(_("Pengaturan"), "programme.office", "gear"),
    )


def _group(first: NavItem, *others: NavItem) -> list[NavItem]:
    return [replace(first, begins_group=True), *others]


def _item(label: str, endpoint: str, icon: str, *also: str) -> NavItem:
    here = request.endpoint or ""
    is_current = here == endpoint or here in also or here.split(".")[0] in also
    return NavItem(label, url_for(endpoint), icon, is_current)

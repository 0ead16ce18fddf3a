"""The roles' words on screens, in the order in which they are offered."""

from flask_babel import lazy_gettext as _l

from pendamping.kernel.roles import Role

ROLE_WORDS = {
    Role.FACILITATOR: _l("Pendamping"),
    Role.COOPERATIVE: _l("Koperasi"),
    Role.AGENCY_HEAD: _l("Kepala dinas"),
    Role.ADMIN: _l("Admin"),
}


def account_word(role: Role | str) -> str:
    return str(ROLE_WORDS[Role(role)])

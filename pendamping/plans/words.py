"""The words of an action's life, the same on every screen."""

from flask_babel import lazy_gettext as _l

from pendamping.plans.models import ActionStatus

STATUS_WORDS = {
    ActionStatus.PROPOSED: _l("Usulan"),
    ActionStatus.AGREED: _l("Disepakati"),
    ActionStatus.RUNNING: _l("Berjalan"),
    ActionStatus.REPORTED_DONE: _l("Dilaporkan selesai"),
    ActionStatus.VERIFIED: _l("Terverifikasi"),
    ActionStatus.RETURNED: _l("Dikembalikan"),
    ActionStatus.CANCELLED: _l("Dibatalkan"),
}


def status_word(status: ActionStatus | str) -> str:
    return str(STATUS_WORDS[ActionStatus(status)])

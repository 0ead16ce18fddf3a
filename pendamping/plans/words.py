"""The words of an action's life, the same on every screen."""

from typing import Protocol

from flask_babel import lazy_gettext as _l

from pendamping.plans.models import ActionStatus, Priority, UpdateKind

STATUS_WORDS = {
    ActionStatus.PROPOSED: _l("Usulan"),
    ActionStatus.AGREED: _l("Disepakati"),
    ActionStatus.RUNNING: _l("Berjalan"),
    ActionStatus.REPORTED_DONE: _l("Dilaporkan selesai"),
    ActionStatus.VERIFIED: _l("Terverifikasi"),
    ActionStatus.RETURNED: _l("Dikembalikan"),
    ActionStatus.CANCELLED: _l("Dibatalkan"),
}
PRIORITY_WORDS = {
    Priority.PRESSING: _l("Mendesak"),
    Priority.USUAL: _l("Biasa"),
    Priority.CAN_WAIT: _l("Dapat menunggu"),
}
VERDICT_WORDS = {
    ActionStatus.VERIFIED: _l("Terbukti selesai"),
    ActionStatus.RETURNED: _l("Dikembalikan untuk dilengkapi"),
}
KIND_WORDS = {
    UpdateKind.NOTED: _l("Kabar"),
    UpdateKind.PROVED: _l("Bukti ditambahkan"),
    UpdateKind.DUE_CHANGED: _l("Tenggat dipindah"),
    UpdateKind.ACCEPTED: _l("Koperasi setuju"),
    UpdateKind.DISPUTED: _l("Koperasi tidak setuju"),
    UpdateKind.SETTLED: _l("Keberatan dijawab"),
}
"""What a step was called that did not move the action; one that did is called by where it led."""


def status_word(status: ActionStatus | str) -> str:
    return str(STATUS_WORDS[ActionStatus(status)])


def priority_word(priority: Priority) -> str:
    return str(PRIORITY_WORDS[priority])


class Step(Protocol):
    """What was done, by whichever query it was read."""

    @property
    def kind(self) -> UpdateKind: ...

    @property
    def status(self) -> ActionStatus: ...


def step_word(step: Step) -> str:
    """What a step was: “Dikembalikan”, “Tenggat dipindah”."""
    return str(KIND_WORDS.get(step.kind) or STATUS_WORDS[step.status])


WORDS = (priority_word, status_word, step_word)
"""What templates call by name."""

"""The words of the cooperative's own pages: as a village treasurer would say it."""

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pendamping.plans.models import ActionStatus, UpdateKind
from pendamping.plans.story import ActionStep
from pendamping.progress.queries import ScoreCell

KIND_WORDS = {
    UpdateKind.NOTED: _l("Kabar"),
    UpdateKind.PROVED: _l("Bukti ditambahkan"),
    UpdateKind.DUE_CHANGED: _l("Tenggat diubah"),
    UpdateKind.ACCEPTED: _l("Disetujui pengurus"),
    UpdateKind.DISPUTED: _l("Tidak disetujui pengurus"),
    UpdateKind.SETTLED: _l("Keberatan dijawab"),
}
MOVE_WORDS = {
    ActionStatus.PROPOSED: _l("Diusulkan"),
    ActionStatus.AGREED: _l("Disepakati"),
    ActionStatus.RUNNING: _l("Mulai dikerjakan"),
    ActionStatus.REPORTED_DONE: _l("Dilaporkan selesai"),
    ActionStatus.VERIFIED: _l("Diperiksa: sudah benar"),
    ActionStatus.RETURNED: _l("Dikembalikan: perlu dilengkapi"),
    ActionStatus.CANCELLED: _l("Dibatalkan"),
}

HARDLY = Decimal("0.5")


def step_words(step: ActionStep) -> str:
    """What a step in the life of an action was."""
    return str(MOVE_WORDS[step.status] if step.kind is UpdateKind.MOVED else KIND_WORDS[step.kind])


def own_progress_words(cell: ScoreCell) -> str:
    """Where one score stands, and whether it moved, in a sentence; half a point is too little to speak of."""
    if cell.change is None:
        return str(_("Ini penilaian yang pertama."))
    if abs(cell.change) < HARDLY:
        return str(_("Sama dengan kunjungan sebelumnya."))
    if cell.change > 0:
        return str(_("Naik sejak kunjungan sebelumnya. Teruskan."))
    return str(_("Turun sejak kunjungan sebelumnya. Lihat rencana perbaikan."))


WORDS = (own_progress_words, step_words)
"""What templates call by name."""

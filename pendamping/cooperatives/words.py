"""The register's words on screens, for templates and forms."""

from flask_babel import lazy_gettext as _l

from pendamping.cooperatives.models import Stage
from pendamping.instruments.definition import OwnerRole

ROLE_WORDS = {
    OwnerRole.CHAIR: _l("Ketua"),
    OwnerRole.DEPUTY_BUSINESS: _l("Wakil ketua bidang usaha"),
    OwnerRole.DEPUTY_MEMBERS: _l("Wakil ketua bidang anggota"),
    OwnerRole.SECRETARY: _l("Sekretaris"),
    OwnerRole.TREASURER: _l("Bendahara"),
    OwnerRole.SUPERVISOR: _l("Pengawas"),
    OwnerRole.BOARD: _l("Pengurus"),
    OwnerRole.FACILITATOR: _l("Pendamping"),
    OwnerRole.AGENCY: _l("Dinas"),
}
STAGE_WORDS = {
    Stage.FORMATION: _l("Pembentukan"),
    Stage.OPERATION: _l("Operasional"),
    Stage.PARTNERSHIP: _l("Kemitraan"),
}


def role_word(role: OwnerRole | str) -> str:
    return str(ROLE_WORDS[OwnerRole(role)])


def stage_word(stage: Stage | str) -> str:
    return str(STAGE_WORDS[Stage(stage)])


WORDS = (role_word, stage_word)
"""What templates call by name."""

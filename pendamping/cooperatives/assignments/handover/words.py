"""The words of hand-overs."""

from flask_babel import lazy_gettext as _l

from pendamping.cooperatives.assignments.models import HandoverState
from pendamping.cooperatives.assignments.queries import HandoverLine

STATE_WORDS = {
    HandoverState.PROPOSED: _l("Menunggu jawaban"),
    HandoverState.ACCEPTED: _l("Diterima"),
    HandoverState.DECLINED: _l("Ditolak"),
    HandoverState.FORCED: _l("Tanpa menunggu"),
}
WAITS_FOR_TABLET = _l("Diterima, menunggu tablet lama kosong")


def handover_word(line: HandoverLine) -> str:
    return str(WAITS_FOR_TABLET if line.waits_for_tablet else STATE_WORDS[line.state])


WORDS = (handover_word,)
"""What templates call by name."""

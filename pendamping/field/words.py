"""The words of what tablets hand in."""

from flask_babel import lazy_gettext as _l

from pendamping.field.models import RecordKind

RECORD_WORDS = {
    RecordKind.VISIT: _l("Kunjungan"),
    RecordKind.SCHEDULE: _l("Rencana kunjungan"),
    RecordKind.ACTION: _l("Tindakan"),
    RecordKind.ACTION_UPDATE: _l("Kabar tindakan"),
    RecordKind.CORRECTION: _l("Perbaikan kunjungan"),
}


def record_word(kind: RecordKind | str) -> str:
    return str(RECORD_WORDS[RecordKind(kind)])


WORDS = (record_word,)
"""What templates call by name."""

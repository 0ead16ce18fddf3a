"""The words of what needs attention, and of what can be done about it."""

from flask_babel import lazy_gettext as _l

from pendamping.progress.asking.models import Kind, Verb

KIND_WORDS = {
    Kind.CASH: _l("Selisih kas berulang"),
    Kind.STAGE: _l("Menunggu keputusan tahap"),
    Kind.UNASSIGNED: _l("Tanpa pendamping"),
    Kind.SILENT: _l("Lama tidak dikunjungi"),
    Kind.FALLING: _l("Skor turun"),
    Kind.OVERDUE: _l("Tindakan lama terlambat"),
    Kind.DISPUTE: _l("Keberatan koperasi"),
    Kind.HAND_OVER: _l("Serah terima menunggu"),
    Kind.REPORT_LATE: _l("Laporan terlambat"),
    Kind.REPORT_WAITING: _l("Laporan menunggu tinjauan"),
    Kind.QUARANTINE: _l("Kiriman tertahan"),
    Kind.UNSENT: _l("Tablet belum mengirim"),
    Kind.WEAK: _l("Bukti kunjungan lemah"),
}
SHORT_KIND_WORDS = {
    Kind.CASH: _l("Selisih kas"),
    Kind.STAGE: _l("Tahap"),
    Kind.UNASSIGNED: _l("Penugasan"),
    Kind.SILENT: _l("Kunjungan"),
    Kind.FALLING: _l("Skor"),
    Kind.OVERDUE: _l("Tindakan"),
    Kind.DISPUTE: _l("Keberatan"),
    Kind.HAND_OVER: _l("Serah terima"),
    Kind.REPORT_LATE: _l("Laporan"),
    Kind.REPORT_WAITING: _l("Laporan"),
    Kind.QUARANTINE: _l("Kiriman"),
    Kind.UNSENT: _l("Belum kirim"),
    Kind.WEAK: _l("Bukti"),
}
KIND_ICONS = {
    Kind.CASH: "cash-stack",
    Kind.STAGE: "flag",
    Kind.UNASSIGNED: "person-plus",
    Kind.SILENT: "geo-alt",
    Kind.FALLING: "arrow-down",
    Kind.OVERDUE: "clock",
    Kind.DISPUTE: "chat-left-text",
    Kind.HAND_OVER: "arrow-repeat",
    Kind.REPORT_LATE: "file-earmark-text",
    Kind.REPORT_WAITING: "file-earmark-text",
    Kind.QUARANTINE: "exclamation-triangle",
    Kind.UNSENT: "tablet",
    Kind.WEAK: "shield-check",
}
GRAVE = frozenset({Kind.CASH, Kind.UNASSIGNED, Kind.SILENT, Kind.FALLING, Kind.DISPUTE})
"""Shown in the colour of alarm; the word and the shape say it as well."""
VERB_WORDS = {
    Verb.ASK_VISIT: _l("Minta kunjungan"),
    Verb.ASK: _l("Tanya pendamping"),
    Verb.WATCH: _l("Pantau"),
}
SHORT_VERB_WORDS = {Verb.ASK_VISIT: _l("Minta kunjungan"), Verb.ASK: _l("Tanya"), Verb.WATCH: _l("Pantau")}
STEP_WORDS = {
    Verb.ASK_VISIT: _l("Kunjungan diminta"),
    Verb.ASK: _l("Ditanyakan"),
    Verb.WATCH: _l("Dipantau"),
}


def kind_word(kind: Kind) -> str:
    return str(KIND_WORDS[kind])


def short_kind_word(kind: Kind) -> str:
    return str(SHORT_KIND_WORDS[kind])


def asking_word(verb: Verb) -> str:
    return str(STEP_WORDS[verb])


def verb_word(verb: Verb) -> str:
    return str(VERB_WORDS[verb])


def short_verb_word(verb: Verb) -> str:
    """For the button beside one matter."""
    return str(SHORT_VERB_WORDS[verb])


def kind_icon(kind: Kind) -> str:
    return KIND_ICONS[kind]


def kind_tone(kind: Kind) -> str:
    """The tone of its pill."""
    return "late" if kind in GRAVE else "soon"


WORDS = (asking_word, kind_icon, kind_tone, kind_word, short_kind_word, short_verb_word, verb_word)
"""What templates call by name."""

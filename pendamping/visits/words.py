"""The words of visits and answers, for templates and forms."""

import datetime as dt
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import AnswerType, Item, Proof
from pendamping.instruments.due import DueReason
from pendamping.kernel.i18n import decimal, long_date, whole
from pendamping.visits.evidence import EvidenceGrade, Grade, Reason, ReasonCode
from pendamping.visits.models import Purpose, VisitMode

MODE_WORDS = {VisitMode.FACE_TO_FACE: _l("Tatap muka"), VisitMode.REMOTE: _l("Jarak jauh")}
PURPOSE_WORDS = {
    Purpose.CHECK: _l("Pemeriksaan"),
    Purpose.FOLLOW_UP: _l("Tindak lanjut"),
    Purpose.TRAINING: _l("Pelatihan"),
    Purpose.MEETING: _l("Rapat"),
    Purpose.PARTNERSHIP: _l("Kemitraan"),
    Purpose.OTHER: _l("Lainnya"),
}
PROOF_WORDS = {
    Proof.CLAIM: _l("Klaim"),
    Proof.DOCUMENT_SEEN: _l("Dokumen dilihat"),
    Proof.OBSERVED: _l("Diamati"),
    Proof.PHOTO: _l("Foto atau berkas"),
    Proof.SYSTEM: _l("Dicek di sistem"),
}
VALUE_WORDS = {
    "yes": _l("Ya"),
    "no": _l("Belum"),
    "na": _l("Tidak berlaku"),
    "accepted": _l("Ada bukti"),
    "missing": _l("Belum ada"),
    "not_done": _l("Belum"),
}

DUE_WORDS = {
    DueReason.NEVER_ANSWERED: _l("Belum pernah dinilai"),
    DueReason.CRITICAL_UNMET: _l("Kritis, belum terpenuhi"),
    DueReason.POOR: _l("Jawaban terakhir kurang"),
    DueReason.OPEN_ACTION: _l("Ada tindakan terbuka"),
    DueReason.ASKED_FOR: _l("Diminta dinas"),
    DueReason.COME_ROUND: _l("Jadwalnya tiba"),
}
DUE_ICONS = {
    DueReason.NEVER_ANSWERED: "circle",
    DueReason.CRITICAL_UNMET: "exclamation-diamond-fill",
    DueReason.POOR: "exclamation-triangle",
    DueReason.OPEN_ACTION: "list-check",
    DueReason.ASKED_FOR: "flag",
    DueReason.COME_ROUND: "calendar-event",
}

GRADE_WORDS = {Grade.STRONG: _l("Bukti kuat"), Grade.FAIR: _l("Bukti cukup"), Grade.WEAK: _l("Bukti lemah")}
REASON_WORDS = {
    ReasonCode.SIGNED: _l("ditandatangani pengurus"),
    ReasonCode.NEAR: _l("lokasi %(amount)s m dari koperasi"),
    ReasonCode.PHOTO_FRESH: _l("ada foto dari hari itu"),
    ReasonCode.NO_SIGNATURE: _l("tanpa tanda tangan"),
    ReasonCode.NO_PLACE: _l("tanpa lokasi"),
    ReasonCode.FAR: _l("lokasi %(amount)s m dari koperasi"),
    ReasonCode.PLACE_UNKNOWN: _l("letak koperasi belum tercatat"),
    ReasonCode.INACCURATE: _l("ketelitian lokasi hanya %(amount)s m"),
    ReasonCode.NO_PHOTO: _l("tanpa foto"),
    ReasonCode.PHOTO_OLD: _l("foto diambil %(amount)s hari sebelum atau sesudahnya"),
    ReasonCode.BACK_DATED: _l("ditulis %(amount)s hari kemudian"),
    ReasonCode.REMOTE: _l("jarak jauh, tidak dilihat di tempat"),
    ReasonCode.CLOCK_SKEWED: _l("jam perangkat lebih cepat %(amount)s menit"),
}


def grade_word(grade: Grade | str) -> str:
    return str(GRADE_WORDS[Grade(grade)])


def reason_words(reason: Reason) -> str:
    return str(REASON_WORDS[reason.code]) % {"amount": "" if reason.amount is None else whole(reason.amount)}


def evidence_sentence(evidence: EvidenceGrade) -> str:
    """“Bukti lemah: ditulis 6 hari kemudian, tanpa tanda tangan”; of a strong one, what makes it so."""
    reasons = ", ".join(reason_words(each) for each in evidence.weaknesses or evidence.reasons)
    return f"{grade_word(evidence.grade)}: {reasons}" if reasons else grade_word(evidence.grade)


def due_word(reason: DueReason | str) -> str:
    return str(DUE_WORDS[DueReason(reason)])


def due_icon(reason: DueReason | str) -> str:
    return DUE_ICONS[DueReason(reason)]


def mode_word(mode: VisitMode | str) -> str:
    return str(MODE_WORDS[VisitMode(mode)])


def purpose_word(purpose: Purpose | str) -> str:
    return str(PURPOSE_WORDS[Purpose(purpose)])


def proof_word(proof: Proof | str) -> str:
    return str(PROOF_WORDS[Proof(proof)])


def proof_choices() -> list[tuple[str, str]]:
    """Every way in which an answer can be known, with its word."""
    return [(str(proof), str(words)) for proof, words in PROOF_WORDS.items()]


def answer_words(item: Item, answer: Answer) -> str:
    """An answer as people say it: “Belum”, a level's description, “12,5 persen”, “14 April 2026”."""
    if answer.value in VALUE_WORDS:
        return str(VALUE_WORDS[answer.value])
    match item.type:
        case AnswerType.SCALE:
            return item.levels[int(answer.value)]
        case AnswerType.DATE:
            return long_date(dt.date.fromisoformat(answer.value))
        case AnswerType.NUMBER if item.number is not None:
            number = Decimal(answer.value)
            exponent = number.as_tuple().exponent
            digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
            return f"{decimal(number, digits)} {item.number.unit}"
        case _:
            return answer.value


WORDS = (due_icon, due_word, grade_word, mode_word, proof_choices, proof_word, purpose_word, reason_words)
"""What templates call by name."""

"""The changes between two versions in plain words, in the reader's language: “KL-05: bobot 8 menjadi 10”."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from babel import dates
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pendamping.cooperatives.words import role_word
from pendamping.instruments.definition import (
    AnswerType,
    DateReference,
    Direction,
    OwnerRole,
    ReviewFrequency,
    Verification,
)
from pendamping.instruments.difference import Change, ChangeKind, Subject
from pendamping.kernel.i18n import decimal, language, word

CONTENT_WORDS = {
    "code": _l("kode"),
    "version": _l("versi"),
    "title_id": _l("judul"),
    "title_en": _l("judul Inggris"),
    "name_id": _l("nama"),
    "name_en": _l("nama Inggris"),
    "minimum": _l("batas bawah"),
    "label_id": _l("judul"),
    "label_en": _l("judul Inggris"),
    "question_id": _l("pertanyaan"),
    "question_en": _l("pertanyaan Inggris"),
    "type": _l("jenis jawaban"),
    "weight": _l("bobot"),
    "is_critical": _l("butir kritis"),
    "na_allowed": _l("boleh tidak berlaku"),
    "na_when": _l("tidak berlaku bila"),
    "applies_from_stage": _l("mulai tahap"),
    "review_frequency": _l("jarak tinjau"),
    "review_months": _l("bulan tinjau"),
    "verification": _l("cara memeriksa"),
    "evidence": _l("bukti"),
    "guidance": _l("panduan"),
    "source_text": _l("sumber"),
    "source_confidence": _l("keyakinan sumber"),
    "levels.0": _l("tingkat 0"),
    "levels.1": _l("tingkat 1"),
    "levels.2": _l("tingkat 2"),
    "levels.3": _l("tingkat 3"),
    "number.unit": _l("satuan"),
    "number.minimum": _l("angka terkecil"),
    "number.maximum": _l("angka terbesar"),
    "number.decimals": _l("desimal"),
    "number.direction": _l("arah ambang"),
    "number.steps": _l("ambang dan nilai"),
    "date_rule.reference": _l("tanggal acuan"),
    "date_rule.within_days": _l("batas hari"),
    "date_rule.within_value": _l("nilai dalam batas hari"),
    "date_rule.deadlines": _l("batas tanggal dan nilai"),
    "date_rule.later_value": _l("nilai bila lewat"),
    "date_rule.not_done_value": _l("nilai bila belum"),
    "action.title_id": _l("tindakan"),
    "action.title_en": _l("tindakan Inggris"),
    "action.default_due_days": _l("tenggat dalam hari"),
    "action.owner_role": _l("penanggung jawab"),
    "action.done_when_id": _l("selesai bila"),
}
"""What changed, in the middle of a sentence."""

TYPE_WORDS = {
    AnswerType.YES_NO_NA: _l("ya atau tidak"),
    AnswerType.SCALE: _l("tingkat 0 sampai 3"),
    AnswerType.NUMBER: _l("angka"),
    AnswerType.DATE: _l("tanggal"),
    AnswerType.EVIDENCE_ONLY: _l("bukti saja"),
}
FREQUENCY_WORDS = {
    ReviewFrequency.ONCE: _l("sekali"),
    ReviewFrequency.MONTHLY: _l("bulanan"),
    ReviewFrequency.QUARTERLY: _l("triwulanan"),
    ReviewFrequency.HALF_YEARLY: _l("semesteran"),
    ReviewFrequency.YEARLY: _l("tahunan"),
}
VERIFICATION_WORDS = {
    Verification.DOCUMENT_SEEN: _l("dokumen dilihat"),
    Verification.SYSTEM_CHECK: _l("dicek di sistem"),
    Verification.OBSERVATION: _l("diamati"),
    Verification.INTERVIEW: _l("wawancara"),
}
DIRECTION_WORDS = {
    Direction.AT_LEAST: _l("makin tinggi makin baik"),
    Direction.AT_MOST: _l("makin rendah makin baik"),
}
REFERENCE_WORDS = {
    DateReference.DECREE: _l("tanggal SK badan hukum"),
    DateReference.BOOK_YEAR_END: _l("akhir tahun buku"),
}
ANSWER_WORDS = {
    "yes": _l("ya"),
    "no": _l("tidak"),
    "0": _l("tingkat 0"),
    "1": _l("tingkat 1"),
    "2": _l("tingkat 2"),
    "3": _l("tingkat 3"),
    "accepted": _l("bukti diterima"),
    "missing": _l("bukti tidak ada"),
}
ADDED_WORDS = {
    Subject.BAND: _l("%(subject)s: pita baru “%(name)s”"),
    Subject.SECTION: _l("%(subject)s: bagian baru “%(name)s”"),
    Subject.ITEM: _l("%(subject)s: butir baru “%(name)s”"),
}
REMOVED_WORDS = {
    Subject.BAND: _l("%(subject)s: pita “%(name)s” dihapus"),
    Subject.SECTION: _l("%(subject)s: bagian “%(name)s” dihapus"),
    Subject.ITEM: _l("%(subject)s: butir “%(name)s” dihapus"),
}


def summary_words(changes: Sequence[Change]) -> str:
    """“2 butir berubah, 1 butir baru”: how much there is to look at."""
    counts = [
        _items_changed(_count(changes, Subject.ITEM, ChangeKind.CHANGED, ChangeKind.MOVED)),
        _items_added(_count(changes, Subject.ITEM, ChangeKind.ADDED)),
        _items_removed(_count(changes, Subject.ITEM, ChangeKind.REMOVED)),
        _sections_changed(_count(changes, Subject.SECTION, *ChangeKind)),
        _bands_changed(_count(changes, Subject.BAND, *ChangeKind)),
    ]
    said = [words for words in counts if words]
    if said:
        return ", ".join(said)
    return str(_("butir, bagian dan pita tidak berubah"))


def _count(changes: Sequence[Change], subject: Subject, *kinds: ChangeKind) -> int:
    return len({change.subject_id for change in changes if change.subject is subject and change.kind in kinds})


def _items_changed(count: int) -> str:
    return str(ngettext("%(num)s butir berubah", "%(num)s butir berubah", count)) if count else ""


def _items_added(count: int) -> str:
    return str(ngettext("%(num)s butir baru", "%(num)s butir baru", count)) if count else ""


def _items_removed(count: int) -> str:
    return str(ngettext("%(num)s butir dihapus", "%(num)s butir dihapus", count)) if count else ""


def _sections_changed(count: int) -> str:
    return str(ngettext("%(num)s bagian berubah", "%(num)s bagian berubah", count)) if count else ""


def _bands_changed(count: int) -> str:
    return str(ngettext("%(num)s pita berubah", "%(num)s pita berubah", count)) if count else ""


def change_words(change: Change) -> str:
    """One change in one line, for screens and for the command line."""
    subject = _subject(change)
    match change.kind:
        case ChangeKind.ADDED:
            return str(ADDED_WORDS[change.subject]) % {"subject": subject, "name": _name(change.after)}
        case ChangeKind.REMOVED:
            return str(REMOVED_WORDS[change.subject]) % {"subject": subject, "name": _name(change.before)}
        case ChangeKind.MOVED if change.what == "section":
            said = _("%(subject)s: pindah dari bagian %(before)s ke %(after)s", subject=subject, **_sides(change))
        case ChangeKind.MOVED:
            said = _("%(subject)s: pindah dari urutan %(before)s ke %(after)s", subject=subject, **_sides(change))
        case ChangeKind.CHANGED:
            what = str(CONTENT_WORDS.get(change.what) or _answer(change))
            said = _("%(subject)s: %(what)s %(before)s menjadi %(after)s", subject=subject, what=what, **_sides(change))
    return str(said)


def _subject(change: Change) -> str:
    if change.subject is Subject.ANSWER:
        return str(_("Jawaban %(type)s", type=TYPE_WORDS[AnswerType(change.subject_id)]))
    if change.subject is Subject.BAND:
        return str(_("Pita %(code)s", code=change.subject_id))
    if change.subject is Subject.SECTION:
        return str(_("Bagian %(code)s", code=change.subject_id))
    return change.subject_id


def _answer(change: Change) -> str:
    return str(_("nilai “%(answer)s”", answer=ANSWER_WORDS.get(change.what, change.what)))


def _name(thing: Any) -> str:
    return word(thing, "label" if hasattr(thing, "label_id") else "name")


def _sides(change: Change) -> dict[str, str]:
    shown = _SHOWN.get(change.what, _content)
    if change.kind is ChangeKind.MOVED:
        shown = str
    return {"before": shown(change.before), "after": shown(change.after)}


def _content(content: object) -> str:
    """A content in the middle of a sentence; texts in quotation marks, so that one sees where they end."""
    match content:
        case None | "" | ():
            return str(_("kosong"))
        case bool():
            return str(_("ya") if content else _("tidak"))
        case StrEnum():
            return _member(content)
        case int() | Decimal():
            return _number(content)
        case _:
            return f"“{content}”"


def _member(member: StrEnum) -> str:
    if isinstance(member, OwnerRole):
        return role_word(member)
    tables: tuple[dict[Any, Any], ...] = (
        TYPE_WORDS,
        FREQUENCY_WORDS,
        VERIFICATION_WORDS,
        DIRECTION_WORDS,
        REFERENCE_WORDS,
    )
    return next(str(table[member]) for table in tables if member in table)


def _number(number: int | Decimal) -> str:
    exponent = Decimal(number).normalize().as_tuple().exponent
    return decimal(number, -exponent if isinstance(exponent, int) and exponent < 0 else 0)


def _months(months: Any) -> str:
    names = dates.get_month_names("wide", locale=language())
    return ", ".join(names[month] for month in months) if months else _content(None)


def _steps(steps: Any) -> str:
    return "; ".join(f"{_number(edge)} = {_number(value)}" for edge, value in steps)


def _deadlines(deadlines: Any) -> str:
    names = dates.get_month_names("wide", locale=language())
    said = "; ".join(f"{day} {names[month]} = {_number(value)}" for month, day, value in deadlines)
    return said or _content(None)


def _version(version: Any) -> str:
    return str(version)


_SHOWN: dict[str, Callable[[Any], str]] = {
    "review_months": _months,
    "number.steps": _steps,
    "date_rule.deadlines": _deadlines,
    "version": _version,
    "code": _version,
}

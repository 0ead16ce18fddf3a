"""The words of monthly reports: sections, states, steps, what changed."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pendamping.cooperatives.records.words import month_words
from pendamping.kernel.i18n import language, long_date
from pendamping.progress.queries import SHORT_TITLES
from pendamping.reports.monthly.content import PHOTOS, Change
from pendamping.reports.monthly.models import ReportStatus, Section, StepKind
from pendamping.reports.monthly.queries import DueReport, ReportLine
from pendamping.reports.monthly.visit_photos import VisitPhotoChoice

SECTION_WORDS = {
    Section.VISITS: _l("Kunjungan"),
    Section.SCORES: _l("Perubahan skor"),
    Section.ACTIONS: _l("Tindakan"),
    Section.FIGURES: _l("Angka koperasi"),
    Section.OBSTACLES: _l("Kendala"),
    Section.PLAN: _l("Rencana bulan depan"),
}

STEP_WORDS = {
    StepKind.SENT: _l("Dikirim"),
    StepKind.TAKEN_BACK: _l("Ditarik kembali"),
    StepKind.RETURNED: _l("Dikembalikan"),
    StepKind.APPROVED: _l("Disetujui"),
    StepKind.ADDENDUM: _l("Tambahan"),
}

OUTCOME_WORDS = {
    "": _l("Belum dijawab"),
    "dijawab": _l("Dijawab"),
    "disetujui": _l("Disetujui koperasi"),
    "dibatalkan": _l("Tindakan dibatalkan"),
}
"""By `voices.Voice.outcome`."""

HINTS = {
    Section.VISITS: _l("Misalnya mengapa satu koperasi tidak sempat dikunjungi."),
    Section.SCORES: _l("Apa yang menaikkan atau menurunkan skor."),
    Section.ACTIONS: _l("Mana yang berhasil, mana yang tersendat."),
    Section.FIGURES: _l("Apa yang terjadi di balik angkanya."),
    Section.OBSTACLES: _l("Kendala di lapangan dan bantuan yang diminta dari dinas."),
    Section.PLAN: _l("Yang akan dikerjakan bulan depan dan tujuannya."),
}


def section_word(section: Section | str) -> str:
    return str(_("Foto")) if section == PHOTOS else str(SECTION_WORDS[Section(section)])


def instrument_word(code: str) -> str:
    """What an instrument is called in a narrow column; its code, where it is one of a later day."""
    short_id, short_en = SHORT_TITLES.get(code, (code, code))
    return short_en if language() == "en" else short_id


def voice_outcome(outcome: str) -> str:
    return str(OUTCOME_WORDS[outcome])


def photo_words(photo: VisitPhotoChoice) -> str:
    """What stands under a photo that comes from a visit, until its facilitator says it better."""
    return f"{photo.cooperative}, {long_date(photo.on)}"


def report_step_word(kind: StepKind | str) -> str:
    return str(STEP_WORDS[StepKind(kind)])


@dataclass(frozen=True, slots=True)
class Look:
    """A state in words, with the tone and the shape of its pill."""

    word: str
    tone: str
    shape: str


def report_state(line: ReportLine | DueReport) -> Look:
    """Where a report stands, as lists show it; late stands beside it as a mark of its own."""
    match line.status:
        case None:
            return Look(str(_("Belum ditulis")), "", "circle")
        case ReportStatus.DRAFT:
            return Look(str(_("Draf")), "", "pencil")
        case ReportStatus.SENT:
            return Look(str(_("Menunggu tinjauan")), "soon", "hourglass-split")
        case ReportStatus.RETURNED:
            return Look(str(_("Dikembalikan")), "late", "arrow-counterclockwise")
        case ReportStatus.APPROVED:
            return Look(str(_("Disetujui")), "good", "check-circle-fill")


def report_due_words(due: DueReport) -> str:
    """The one line that a facilitator's home has of reports."""
    month = month_words(due.month)
    if due.status is ReportStatus.RETURNED:
        return str(_("Laporan %(month)s dikembalikan. Baca alasannya, perbaiki, lalu kirim lagi.", month=month))
    if due.days_late:
        return str(
            ngettext(
                "Laporan %(month)s terlambat %(num)s hari.",
                "Laporan %(month)s terlambat %(num)s hari.",
                due.days_late,
                month=month,
            )
        )
    return str(_("Laporan %(month)s ditunggu paling lambat tanggal %(day)s.", month=month, day=due.due_on.day))


def change_words(change: Change) -> str:
    """What changed in one section since the last sending, in one sentence."""
    parts = []
    if change.has_other_words:
        parts.append(str(_("kata pendamping berubah") if change.before else _("kata pendamping ditambahkan")))
    if change.added:
        parts.append(str(ngettext("%(num)s isi baru", "%(num)s isi baru", change.added)))
    if change.removed:
        parts.append(str(ngettext("%(num)s isi tidak ada lagi", "%(num)s isi tidak ada lagi", change.removed)))
    return ", ".join(parts)


WORDS = (
    change_words,
    instrument_word,
    voice_outcome,
    photo_words,
    report_due_words,
    report_state,
    report_step_word,
    section_word,
)
"""What templates call by name."""

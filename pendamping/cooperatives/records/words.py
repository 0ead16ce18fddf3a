"""The words of documents and monthly figures, for templates and forms."""

from babel import dates
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pendamping.cooperatives.models import DocumentKind
from pendamping.cooperatives.records.expiry import Expiry, Validity
from pendamping.cooperatives.records.figures import Jump, JumpKind, Month
from pendamping.kernel.i18n import language, rupiah, whole

DOCUMENT_WORDS = {
    DocumentKind.DEED: _l("Akta pendirian atau perubahan"),
    DocumentKind.DECREE: _l("SK badan hukum"),
    DocumentKind.NPWP: _l("NPWP"),
    DocumentKind.NIB: _l("NIB"),
    DocumentKind.LICENCE: _l("Izin"),
    DocumentKind.ACCOUNT: _l("Rekening bank"),
    DocumentKind.MEETING: _l("Berita acara RAT"),
    DocumentKind.AGREEMENT: _l("Perjanjian"),
    DocumentKind.OTHER: _l("Lainnya"),
}


def document_word(kind: DocumentKind | str) -> str:
    return str(DOCUMENT_WORDS[DocumentKind(kind)])


def expiry_words(expiry: Expiry) -> str:
    """“habis 12 hari lagi”; what a document's validity is called wherever it is shown."""
    match expiry.validity:
        case Validity.ENDLESS:
            return str(_("tanpa batas waktu"))
        case Validity.VALID:
            return str(_("berlaku"))
        case Validity.EXPIRED:
            return str(_("kedaluwarsa"))
        case Validity.ENDS_SOON if expiry.days_left == 0:
            return str(_("habis hari ini"))
        case Validity.ENDS_SOON:
            return str(ngettext("habis %(num)s hari lagi", "habis %(num)s hari lagi", expiry.days_left or 0))


def month_words(month: Month) -> str:
    """April 2026"""
    return str(dates.format_date(month.first_day, "MMMM y", locale=language()))


def jump_words(jump: Jump) -> str:
    """What is asked about before a figure that is hard to believe is stored."""
    if jump.kind is JumpKind.MEMBERS_HALVED:
        return str(
            _("Anggota turun dari %(before)s menjadi %(after)s.", before=whole(jump.before), after=whole(jump.after))
        )
    return str(_("Omzet naik dari %(before)s menjadi %(after)s.", before=rupiah(jump.before), after=rupiah(jump.after)))


WORDS = (document_word, expiry_words, month_words)
"""What templates call by name."""

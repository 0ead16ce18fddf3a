"""The words of one followed item."""

from babel import dates
from flask_babel import lazy_gettext as _l

from pendamping.cooperatives.records.figures import Month
from pendamping.instruments.definition import ReviewFrequency
from pendamping.kernel.i18n import language
from pendamping.progress.followed.page import Look

LOOK_WORDS = {
    Look.GOOD: _l("baik"),
    Look.UNPROVEN: _l("belum terbukti"),
    Look.POOR: _l("kurang"),
    Look.NA: _l("tidak berlaku"),
    Look.NONE: _l("tidak dinilai"),
}
FREQUENCY_WORDS = {
    ReviewFrequency.ONCE: _l("Sekali, sampai terpenuhi dan terbukti"),
    ReviewFrequency.MONTHLY: _l("Setiap bulan"),
    ReviewFrequency.QUARTERLY: _l("Setiap triwulan"),
    ReviewFrequency.HALF_YEARLY: _l("Setiap semester"),
    ReviewFrequency.YEARLY: _l("Setiap tahun"),
}
CONFIDENCE_WORDS = {
    "unsure": _l("sumber belum pasti, perlu dipastikan dinas"),
    "likely": _l("sumber mungkin, perlu dipastikan dinas"),
    "sure": _l("sumber pasti"),
}
"""The least sure first."""


def look_word(look: Look | str) -> str:
    return str(LOOK_WORDS[Look(look)])


def frequency_word(frequency: ReviewFrequency | str) -> str:
    return str(FREQUENCY_WORDS[ReviewFrequency(frequency)])


def short_month(month: Month) -> str:
    """Apr"""
    return str(dates.format_date(month.first_day, "LLL", locale=language()))


def confidence_word(confidence: str) -> str:
    """Of a source that is sure in one part and less so in another, the least."""
    least = next((words for sign, words in CONFIDENCE_WORDS.items() if sign in confidence.split()), "")
    return str(least)


WORDS = (confidence_word, frequency_word, look_word, short_month)
"""What templates call by name."""

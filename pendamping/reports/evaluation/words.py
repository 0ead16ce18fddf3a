"""What periods are called."""

from flask_babel import gettext as _

from pendamping.reports.evaluation.periods import Part, Period


def period_words(period: Period) -> str:
    if period.part is Part.HALF:
        return str(_("Semester pertama %(year)s", year=period.year))
    return str(_("Tahun program %(year)s", year=period.year))

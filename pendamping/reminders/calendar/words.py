"""How obligations are said: when they fall, who owes them."""

from flask_babel import gettext as _

from pendamping.kernel.i18n import language, translated
from pendamping.reminders.calendar.forms import DOERS
from pendamping.reminders.calendar.reading import Fault
from pendamping.reminders.calendar.written import written
from pendamping.reminders.obligations import Terms
from pendamping.reminders.rules import Doer


def when_word(terms: Terms) -> str:
    """ "setiap tanggal 10", "31 Maret setiap tahun"; in the law's own words where it hangs on the general meeting."""
    if terms.rule:
        return terms.rule
    dates = written(terms.dates, language())
    if terms.dates.day_of_month is not None:
        return str(_("setiap bulan, tanggal %(day)s", day=dates))
    return str(_("setiap tahun, %(days)s", days=dates)) if terms.dates.month_days else dates


def doer_word(doer: Doer) -> str:
    return str(DOERS[doer])


def fault_word(fault: Fault) -> str:
    return translated(fault.explanation, **fault.params)


WORDS = (doer_word, fault_word, when_word)

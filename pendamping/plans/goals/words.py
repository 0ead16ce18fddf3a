"""Words of goals."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pendamping.kernel.i18n import rupiah, whole
from pendamping.plans.goals.models import Outcome
from pendamping.plans.goals.rules import FIGURE, SCORE, Quarter

OUTCOME_WORDS: dict[Outcome, Any] = {
    Outcome.REACHED: _l("Tercapai"),
    Outcome.IN_PART: _l("Tercapai sebagian"),
    Outcome.MISSED: _l("Belum tercapai"),
    Outcome.REPLACED: _l("Diganti"),
}
OUTCOME_LOOKS = {
    Outcome.REACHED: ("good", "check-circle-fill"),
    Outcome.IN_PART: ("soon", "circle-half"),
    Outcome.MISSED: ("late", "exclamation-circle"),
    Outcome.REPLACED: ("", "slash-circle"),
}
"""Tone and shape of an outcome, for its pill."""
FIGURE_WORDS: dict[str, Any] = {
    "members": _l("Anggota"),
    "savings_idr": _l("Simpanan"),
    "turnover_idr": _l("Omzet sebulan"),
    "surplus_idr": _l("SHU berjalan"),
    "cashless_percent": _l("Transaksi nontunai"),
}
SCORE_WORDS: dict[str, Any] = {
    "KL": _l("Skor kelembagaan"),
    "TK": _l("Skor transparansi"),
    "UK": _l("Skor usaha"),
}
"""Of the instruments that are shipped; another one is called by its code."""
NUMERALS = ("I", "II", "III", "IV")


def quarter_words(quarter: Quarter) -> str:
    """“Triwulan II 2026”."""
    return str(_("Triwulan %(number)s %(year)s", number=NUMERALS[quarter.number - 1], year=quarter.year))


def outcome_looks(outcome: Outcome) -> tuple[str, str, str]:
    """(word, tone, shape) for a pill."""
    return str(OUTCOME_WORDS[outcome]), *OUTCOME_LOOKS[outcome]


def measure_word(measure: str) -> str:
    """What is measured: “Anggota”, “Skor transparansi”."""
    if measure.startswith(FIGURE):
        return str(FIGURE_WORDS.get(measure.removeprefix(FIGURE), measure))
    code = measure.removeprefix(SCORE)
    return str(SCORE_WORDS.get(code) or _("Skor %(code)s", code=code))


def measured_words(measure: str, value: int | None) -> str:
    """The value in its unit; a dash where nobody knows it yet."""
    if value is None:
        return "–"
    if measure.endswith("_idr"):
        return rupiah(value)
    return whole(value) + (" %" if measure.endswith("_percent") else "")


WORDS = (measure_word, measured_words, outcome_looks, quarter_words)
"""What templates call by name."""

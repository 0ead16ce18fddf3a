"""The words of the quarantine."""

from flask_babel import lazy_gettext as _l

from pendamping.field.quarantine.models import Verdict, WhyHeld

WHY_WORDS = {
    WhyHeld.FUTURE: _l("Tanggalnya belum tiba ketika sampai di kantor"),
    WhyHeld.OUTSIDE_ASSIGNMENT: _l("Di luar masa penugasan penulisnya"),
    WhyHeld.FOREIGN: _l("Koperasi ini tidak pernah ditugaskan kepada penulisnya"),
    WhyHeld.LEFT: _l("Akun penulisnya sudah ditutup, atau tabletnya dicabut"),
    WhyHeld.UNSIGNED: _l("Datang lewat berkas salinan tanpa tanda tangan tablet"),
    WhyHeld.ALTERED: _l("Datang lewat berkas salinan yang isinya tidak cocok dengan tanda tangannya"),
}
VERDICT_WORDS = {Verdict.ACCEPTED: _l("Diterima"), Verdict.RETURNED: _l("Dikembalikan")}


def why_word(why: WhyHeld | str) -> str:
    return str(WHY_WORDS[WhyHeld(why)])


def decided_word(verdict: Verdict | str) -> str:
    return str(VERDICT_WORDS[Verdict(verdict)])


WORDS = (decided_word, why_word)
"""What templates call by name."""

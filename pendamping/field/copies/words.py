"""The words of copied queues."""

from flask_babel import lazy_gettext as _l

from pendamping.field.copies.models import Signature

SIGNATURE_WORDS = {
    Signature.SIGNED: _l("Bertanda tangan tablet penulisnya"),
    Signature.UNSIGNED: _l("Tanpa tanda tangan"),
    Signature.ALTERED: _l("Tanda tangannya tidak cocok"),
}


def signature_word(signature: Signature | str) -> str:
    return str(SIGNATURE_WORDS[Signature(signature)])


WORDS = (signature_word,)
"""What templates call by name."""

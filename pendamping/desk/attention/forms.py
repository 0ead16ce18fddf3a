"""What the agency does about several matters at once, and what a facilitator answers."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from pendamping.desk.attention.words import default_question
from pendamping.kernel.forms import BaseForm, at_most, fail, optional, required, tidy
from pendamping.progress.asking.models import TEXT_LENGTH, Kind, Verb

MOST_AT_ONCE = 100
"""More than a page shows."""


class ActForm(BaseForm):
    """Ticked matters and one button for all of them; or the button beside one matter.

    `pilih` and `satu` are read beside the form: any number of `kind:code`, and `verb|kind:code`.
    """

    pesan = StringField(
        _l("Pesan untuk pendamping"),
        description=_l("Bila kosong, pendamping membaca pertanyaan yang biasa."),
        validators=[optional(), at_most(TEXT_LENGTH)],
        filters=[tidy],
    )
    chosen: list[tuple[Kind, str]]
    verb: Verb | None

    def read(self, *, ticked: list[str], button: str | None, single: str | None) -> bool:
        """Whether all of it makes sense; messages stand at the field otherwise."""
        verb, _bar, key = (single or "").partition("|")
        keys = [key] if single else ticked[:MOST_AT_ONCE]
        self.verb = _verb(verb if single else button or "")
        self.chosen = [matter for each in keys if (matter := _matter(each)) is not None]
        holds = self.is_submitted_and_valid()
        if holds and not self.chosen:
            fail(self.pesan, _("Centang dahulu yang dimaksud."))
        elif holds and self.verb is None:
            fail(self.pesan, _("Pilih apa yang diminta."))
        return holds and not self.pesan.errors

    def texts(self) -> Mapping[Kind, str]:
        """A wish and an eye kept on something need no words; a question always has some."""
        said = self.pesan.data or ""
        return {kind: said or (default_question(kind) if self.verb is Verb.ASK else "") for kind, _about in self.chosen}


def _verb(text: str) -> Verb | None:
    return next((verb for verb in Verb if verb == text), None)


def _matter(key: str) -> tuple[Kind, str] | None:
    word, _colon, about = key.partition(":")
    kind = next((kind for kind in Kind if kind == word), None)
    return (kind, about) if kind is not None and about else None


class AnswerForm(BaseForm):
    text = TextAreaField(
        _l("Jawaban Anda"), validators=[required(_l("Tulis jawabannya.")), at_most(2000)], filters=[tidy]
    )


class SeenForm(BaseForm):
    """The instant at which the page that was seen was made."""

    sampai = StringField(validators=[at_most(40)])

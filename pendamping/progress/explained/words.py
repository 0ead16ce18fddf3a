"""What moved a score and what would lift it, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.words import stage_word
from pendamping.instruments.answers import Answer
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import AnswerType, Item
from pendamping.instruments.lifting import Shortfall
from pendamping.instruments.score_changes import Cause, Move
from pendamping.visits.words import answer_words, proof_word

SHORTFALL_WORDS = {
    Shortfall.UNANSWERED: _l("belum dinilai"),
    Shortfall.POOR: _l("masih kurang"),
    Shortfall.LAPSED: _l("bukti tidak berlaku lagi"),
    Shortfall.UNPROVEN: _l("belum terbukti"),
    Shortfall.BETTER: _l("masih bisa lebih baik"),
}


def shortfall_word(shortfall: Shortfall | str) -> str:
    return str(SHORTFALL_WORDS[Shortfall(shortfall)])


def move_words(move: Move, before: Assessment, now: Assessment) -> str:
    """“tingkat 1 menjadi 3”: what happened to the item, or to the score as a whole."""
    match move.cause:
        case Cause.VERSION:
            return str(
                _(
                    "Instrumen versi %(before)s menjadi versi %(now)s",
                    before=before.instrument.version,
                    now=now.instrument.version,
                )
            )
        case Cause.STAGE:
            stages = list(Stage)
            return str(
                _(
                    "Tahap %(before)s menjadi %(now)s: butir yang ditanyakan berubah",
                    before=stage_word(stages[before.stage - 1]),
                    now=stage_word(stages[now.stage - 1]),
                )
            )
        case Cause.FACTS:
            return str(_("Tanggal acuan koperasi berubah"))
        case Cause.LAPSED:
            return str(_("bukti tidak berlaku lagi"))
        case Cause.RENEWED | Cause.ANSWER:
            return _answer_words(move)


def _answer_words(move: Move) -> str:
    if move.item is None or move.now is None:
        return str(_("jawaban lama tidak dipakai lagi"))
    if move.before is None:
        return str(_("baru dinilai: %(now)s", now=short_answer(move.item, move.now)))
    if move.cause is Cause.RENEWED:
        return str(_("dibuktikan lagi: %(now)s", now=short_answer(move.item, move.now)))
    if move.before.value == move.now.value:
        before, now = proof_word(move.before.proof).lower(), proof_word(move.now.proof).lower()
        return str(_("%(answer)s: %(before)s menjadi %(now)s", answer=_said(move), before=before, now=now))
    if move.item.type is AnswerType.SCALE and "na" not in (move.before.value, move.now.value):
        return str(_("tingkat %(before)s menjadi %(now)s", before=move.before.value, now=move.now.value))
    before, now = short_answer(move.item, move.before), short_answer(move.item, move.now)
    return str(_("%(before)s menjadi %(now)s", before=before, now=now))


def _said(move: Move) -> str:
    assert move.item is not None
    assert move.now is not None
    return short_answer(move.item, move.now)


def short_answer(item: Item, answer: Answer) -> str:
    """An answer where there is no room for the words of a level."""
    if item.type is AnswerType.SCALE and answer.value.isdigit():
        return str(_("tingkat %(level)s", level=answer.value))
    return answer_words(item, answer)


WORDS = (shortfall_word,)
"""What templates call by name."""

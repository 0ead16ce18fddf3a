"""Gates and designations in plain words: what is wanted, what was found, why it is not enough."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from babel import dates
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.words import stage_word
from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import FULL_VALUE, AnswerType, DateRule, Direction, Instrument, Item, Proof
from pendamping.instruments.stages import (
    Assessed,
    Condition,
    Found,
    MinimumScore,
    Operator,
    ReachedStage,
    Requirement,
    ScoreOf,
    Sustained,
    UnmetReason,
)
from pendamping.kernel.i18n import decimal, language, long_date, word
from pendamping.progress.stages.mark import AttentionCode, AttentionReason
from pendamping.progress.stages.models import Verdict
from pendamping.visits.words import answer_words

VERDICT_WORDS = {
    Verdict.PROMOTE: _l("Naik ke tahap berikutnya"),
    Verdict.CONFIRM: _l("Tahap dikonfirmasi"),
    Verdict.DECLINE: _l("Belum naik"),
    Verdict.SET: _l("Ditetapkan ke tahap lain"),
}
DESIGNATION_WORDS = {
    "percontohan": _l("Koperasi percontohan"),
    "gudang_gerai": _l("Percontohan gudang dan gerai"),
}
"""For what is on record; where the file of criteria is at hand, its own names are said."""

NEXT_STEP_WORDS = {
    UnmetReason.UNANSWERED: _l("Dinilai pada kunjungan berikutnya."),
    UnmetReason.EXPIRED: _l("Dinilai lagi pada kunjungan berikutnya."),
    UnmetReason.UNPROVEN: _l("Siapkan buktinya untuk dilihat pada kunjungan berikutnya."),
}
"""What to do where nothing is known to be wrong; else it is the item's own action."""

REASON_WORDS = {
    UnmetReason.UNANSWERED: _l("belum pernah dinilai"),
    UnmetReason.BELOW: _l("belum terpenuhi"),
    UnmetReason.UNPROVEN: _l("baru pernyataan, buktinya belum dilihat"),
    UnmetReason.EXPIRED: _l("jawabannya sudah lama, perlu dinilai lagi"),
    UnmetReason.SCORE_BELOW: _l("skor belum cukup"),
    UnmetReason.NOT_SUSTAINED: _l("belum cukup lama bertahan"),
    UnmetReason.TOO_OLD: _l("perlu dinilai lagi"),
    UnmetReason.STAGE_BELOW: _l("tahapnya belum sampai"),
}


def verdict_word(verdict: Verdict | str) -> str:
    return str(VERDICT_WORDS[Verdict(verdict)])


def designation_word(code: str) -> str:
    return str(DESIGNATION_WORDS.get(code, code))


def reason_word(reason: UnmetReason) -> str:
    return str(REASON_WORDS[reason])


def next_step(item: Item, reason: UnmetReason) -> str:
    """What somebody could do about an item on which there is no open action."""
    if reason in NEXT_STEP_WORDS:
        return str(NEXT_STEP_WORDS[reason])
    return str(_("Saran: %(action)s", action=word(item.action, "title")))


# What is wanted -------------------------------------------------------------------------------------------------------


def label_of(requirement: Requirement, instruments: Mapping[str, Instrument]) -> str:
    """What a requirement is about: “Buku daftar anggota”, “Skor Kelembagaan, bagian Legalitas”."""
    match requirement:
        case Condition(item=item):
            return word(item, "label")
        case MinimumScore(of=of):
            return _score_label(of, instruments)
        case Sustained():
            return str(_("Skor bertahan"))
        case Assessed(instrument=code):
            return str(_("Penilaian %(instrument)s", instrument=_title(code, instruments)))
        case ReachedStage():
            return str(_("Tahap koperasi"))


def _score_label(of: ScoreOf, instruments: Mapping[str, Instrument]) -> str:
    title = _title(of.instrument, instruments)
    if of.section is None:
        return str(_("Skor %(instrument)s", instrument=title))
    sections = instruments[of.instrument].sections if of.instrument in instruments else ()
    name = next((word(each, "name") for each in sections if each.code == of.section), of.section)
    return str(_("Skor %(instrument)s, bagian %(section)s", instrument=title, section=name))


def _title(code: str, instruments: Mapping[str, Instrument]) -> str:
    return word(instruments[code], "title") if code in instruments else code


def wanted_words(requirement: Requirement) -> str:
    """What it takes: “paling sedikit tingkat 2”, “skor paling sedikit 70”."""
    match requirement:
        case Condition():
            return _condition_words(requirement)
        case MinimumScore(wanted=wanted):
            return str(_("paling sedikit %(score)s", score=_short(wanted)))
        case Sustained(quarters=quarters):
            return str(
                ngettext(
                    "semua skor cukup pada akhir %(num)d triwulan terakhir",
                    "semua skor cukup pada akhir %(num)d triwulan terakhir berturut-turut",
                    quarters,
                )
            )
        case Assessed(within_days=days):
            return str(ngettext("dinilai dalam %(num)d hari terakhir", "dinilai dalam %(num)d hari terakhir", days))
        case ReachedStage(order=order):
            return str(_("paling rendah %(stage)s", stage=stage_word(list(Stage)[order - 1])))


def wanted_in_full(requirement: Requirement) -> str:
    """The same, with what a level means: “paling sedikit tingkat 2: tertulis untuk ketiga proses”."""
    words = wanted_words(requirement)
    if isinstance(requirement, Condition) and requirement.item.type is AnswerType.SCALE:
        return f"{words}: {requirement.item.levels[int(requirement.wanted)]}"
    return words


def _condition_words(condition: Condition) -> str:
    item, wanted = condition.item, condition.wanted
    if isinstance(wanted, str):
        return str(_("jawabannya “%(answer)s”", answer=_said(item, wanted)))
    if condition.operator is Operator.AT_LEAST:
        if item.type is AnswerType.SCALE:
            return str(_("paling sedikit tingkat %(level)s", level=int(wanted)))
        return str(_("paling sedikit %(amount)s", amount=_said(item, format(wanted, "f"))))
    return _worth_words(item, wanted)


def _worth_words(item: Item, wanted: Decimal) -> str:
    """What an answer worth so much looks like: the least number, or the last day, that is worth it."""
    worth = int(wanted * FULL_VALUE)
    if item.number is not None:
        edges = [edge for edge, value in item.number.steps if value >= worth]
        if item.number.direction is Direction.AT_LEAST:
            return str(_("paling sedikit %(amount)s", amount=_said(item, format(min(edges), "f"))))
        return str(_("paling banyak %(amount)s", amount=_said(item, format(max(edges), "f"))))
    return _deadline_words(item.date_rule, worth) if item.date_rule else decimal(wanted, 2)


def _deadline_words(rule: DateRule, worth: int) -> str:
    if rule.later_value >= worth:
        return str(_("sudah dilaksanakan, walaupun terlambat"))
    if rule.within_days is not None:
        return str(
            ngettext(
                "paling lambat %(num)d hari sesudah SK badan hukum",
                "paling lambat %(num)d hari sesudah SK badan hukum",
                rule.within_days,
            )
        )
    days = [(month, day) for month, day, value in rule.deadlines if value >= worth]
    month, day = max(days)
    # Any year will do: only the day and the month are said.
    on = dates.format_date(dt.date(2025, month, day), "d MMMM", locale=language())
    return str(_("paling lambat %(date)s sesudah akhir tahun buku", date=on))


# What was found -------------------------------------------------------------------------------------------------------


def found_words(wanted: Requirement, found: Found) -> str | None:
    """What there is: “tingkat 1: ...”, “63,2”; None where there is nothing."""
    if found is None:
        return None
    match wanted:
        case Condition(item=item):
            return answer_said(item, str(found))
        case MinimumScore() if isinstance(found, Fraction):
            return _beside(Decimal(found.numerator) / Decimal(found.denominator), wanted.wanted)
        case Sustained() if isinstance(found, int):
            return str(ngettext("bertahan %(num)d triwulan", "bertahan %(num)d triwulan", found))
        case Assessed() if isinstance(found, dt.date):
            return str(_("terakhir %(date)s", date=long_date(found)))
        case ReachedStage() if isinstance(found, int):
            return stage_word(list(Stage)[found - 1])
        case _other:
            return str(found)


def answer_said(item: Item, value: str) -> str:
    """An answer with its level, where it has one: a gate speaks of levels."""
    said = _said(item, value)
    if item.type is AnswerType.SCALE and value.isdigit():
        return str(_("tingkat %(level)s: %(words)s", level=value, words=said))
    return said


def _said(item: Item, value: str) -> str:
    return answer_words(item, Answer(item.id, value, Proof.CLAIM))


def _beside(score: Decimal, wanted: Decimal) -> str:
    """With as many decimals as it takes to stay on its side of what is wanted: 69,96 is not 70,0."""
    digits = next((each for each in (1, 2, 3) if (round(score, each) < wanted) == (score < wanted)), 4)
    return decimal(score, digits)


def _short(number: Decimal) -> str:
    return decimal(number, 0 if number == int(number) else 1)


# Marks ----------------------------------------------------------------------------------------------------------------


def requirements_left(count: int) -> str:
    """“3 syarat lagi”"""
    return str(ngettext("%(num)d syarat lagi", "%(num)d syarat lagi", count))


def listed(words: Sequence[str]) -> str:
    """“a, b dan c”"""
    if len(words) < 2:
        return "".join(words)
    return str(_("%(first)s dan %(last)s", first=", ".join(words[:-1]), last=words[-1]))


def attention_words(reason: AttentionReason) -> str:
    """“4 butir kritis belum terpenuhi”"""
    amount = reason.amount
    match reason.code:
        case AttentionCode.CRITICAL:
            return str(ngettext("%(num)d butir kritis belum terpenuhi", "%(num)d butir kritis belum terpenuhi", amount))
        case AttentionCode.NEVER_VISITED:
            return str(_("belum pernah dikunjungi"))
        case AttentionCode.SILENT:
            return str(ngettext("%(num)d hari tidak dikunjungi", "%(num)d hari tidak dikunjungi", amount))
        case AttentionCode.OVERDUE:
            return str(ngettext("ada tindakan terlambat %(num)d hari", "ada tindakan terlambat %(num)d hari", amount))
        case AttentionCode.LAPSED:
            return str(
                ngettext(
                    "%(num)d syarat tahap yang sudah dilalui tidak lagi terpenuhi",
                    "%(num)d syarat tahap yang sudah dilalui tidak lagi terpenuhi",
                    amount,
                )
            )


WORDS = (designation_word, requirements_left)
"""What templates call by name."""

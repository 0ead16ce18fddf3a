"""The words of instruments on pages: what the contents of an item are called, and how they are filled in."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel import dates
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.words import STAGE_WORDS
from pendamping.instruments.definition import AnswerType, DateRule, Item, NumberRule, ReviewFrequency
from pendamping.instruments.drafting.queries import DraftView
from pendamping.instruments.exchange.words import (
    DIRECTION_WORDS,
    FREQUENCY_WORDS,
    REFERENCE_WORDS,
    TYPE_WORDS,
    VERIFICATION_WORDS,
)
from pendamping.instruments.reading.nodes import InstrumentFault
from pendamping.kernel.forms import SelectChoice
from pendamping.kernel.i18n import clock_time, decimal, explained, language, long_date

LABELS: Mapping[str, tuple[Any, Any]] = {
    "label_id": (_l("Judul butir"), _l("Beberapa kata yang menyebut butir ini.")),
    "label_en": (_l("Judul butir (Inggris)"), ""),
    "question_id": (_l("Pertanyaan"), _l("Satu kalimat tanya.")),
    "question_en": (_l("Pertanyaan (Inggris)"), ""),
    "evidence": (_l("Bukti yang dilihat"), ""),
    "guidance": (_l("Panduan bagi pendamping"), ""),
    "weight": (_l("Bobot"), _l("Bilangan bulat; semua butir sebuah bagian berjumlah bobot bagian itu.")),
    "critical": (_l("Butir kritis: selama tidak terpenuhi, pita paling tinggi adalah pita ketiga"), ""),
    "na_allowed": (_l("Boleh tidak berlaku"), ""),
    "na_when": (_l("Tidak berlaku bila"), _l("Diisi bila butir ini boleh tidak berlaku.")),
    "verification": (_l("Cara memeriksa"), _l("Butir kritis perlu cara selain wawancara.")),
    "applies_from_stage": (_l("Mulai tahap"), ""),
    "review_frequency": (_l("Ditanyakan lagi"), ""),
    "review_months": (_l("Pada bulan"), ""),
    "levels.0": (_l("Tingkat 0"), ""),
    "levels.1": (_l("Tingkat 1"), ""),
    "levels.2": (_l("Tingkat 2"), ""),
    "levels.3": (_l("Tingkat 3"), ""),
    "unit": (_l("Satuan"), _l("Misalnya persen.")),
    "min": (_l("Angka terkecil"), ""),
    "max": (_l("Angka terbesar"), ""),
    "decimals": (_l("Angka di belakang koma"), _l("0, 1 atau 2.")),
    "thresholds.direction": (_l("Angka yang baik"), ""),
    "thresholds.steps": (
        _l("Ambang dan nilai"),
        _l("Satu baris untuk tiap ambang, dari rendah ke tinggi, misalnya 60 = 0,6. Nilai 0 sampai 1."),
    ),
    "date_rule.reference": (_l("Dihitung dari"), ""),
    "date_rule.within_days_365": (
        _l("Nilai bila dalam 365 hari"),
        _l("Isi ini atau batas tanggal, tidak keduanya."),
    ),
    "date_rule.on_or_before_mm_dd": (
        _l("Batas tanggal dan nilai"),
        _l("Pada tahun sesudah acuan; satu baris untuk tiap batas, misalnya 31 Maret = 1 atau 03-31 = 1."),
    ),
    "date_rule.later_but_done": (_l("Nilai bila lewat"), _l("Angka 0 sampai 1.")),
    "date_rule.not_done": (_l("Nilai bila belum"), _l("Angka 0 sampai 1.")),
    "action_template.title_id": (_l("Tindakan"), _l("Diusulkan bila jawabannya kurang.")),
    "action_template.title_en": (_l("Tindakan (Inggris)"), ""),
    "action_template.owner_role": (_l("Penanggung jawab"), ""),
    "action_template.default_due_days": (_l("Tenggat dalam hari"), _l("1 sampai 180.")),
    "action_template.done_when_id": (_l("Selesai bila"), _l("Satu kalimat yang membuktikan tindakan selesai.")),
    "source.text": (_l("Sumber"), _l("Peraturan, pasal, atau usulan kami.")),
    "source.confidence": (
        _l("Keyakinan sumber"),
        _l("Diawali sure (pasti), likely (mungkin) atau unsure (belum pasti)."),
    ),
}
"""Each content of an item: what it is called, and how it is filled in."""

GROUP_WORDS = {
    "ask": _l("Yang ditanyakan"),
    "answer": _l("Jawaban dan nilainya"),
    "judge": _l("Penilaian"),
    "when": _l("Kapan ditanyakan"),
    "act": _l("Tindakan yang diusulkan"),
    "source": _l("Sumber"),
}

STAGE_CHOICES = [SelectChoice(str(stage.order), STAGE_WORDS[stage]) for stage in Stage]
CHOICE_WORDS = {"yes": _l("Ya"), "no": _l("Belum"), "accepted": _l("Ada bukti"), "missing": _l("Belum ada")}


_SUM_OF_SECTION = re.compile(r"bobot butir berjumlah ([0-9]+), bobot seksi ([0-9]+)")
_SUM_OF_ALL = re.compile(r"bobot seksi berjumlah ([0-9]+), harus 100")


def group_word(name: str) -> str:
    return str(GROUP_WORDS[name])


def month_choices() -> list[SelectChoice]:
    names = dates.get_month_names("wide", locale=language())
    return [SelectChoice(str(month), names[month].capitalize()) for month in range(1, 13)]


def type_word(kind: AnswerType | str) -> str:
    return str(TYPE_WORDS[AnswerType(kind)])


def verification_word(item: Item) -> str:
    return str(VERIFICATION_WORDS[item.verification])


def asked_from(order: int) -> str:
    """mulai tahap Operasional"""
    return str(_("mulai tahap %(stage)s", stage=next(STAGE_WORDS[stage] for stage in Stage if stage.order == order)))


def schedule_words(item: Item) -> str:
    """tahunan: September"""
    often = str(FREQUENCY_WORDS[item.review_frequency])
    if not item.review_months:
        return often if item.review_frequency is ReviewFrequency.MONTHLY else str(_("sekali, sampai terpenuhi"))
    names = dates.get_month_names("wide", locale=language())
    return f"{often}: {', '.join(names[month] for month in item.review_months)}"


def answer_lines(item: Item) -> list[tuple[str, str]]:
    """Every answer that can be given, and what it is worth from 0 to 1."""
    if item.number is not None:
        return _number_lines(item.number)
    if item.date_rule is not None:
        return _date_lines(item.date_rule)
    if item.levels:
        return [(words, _worth(item.choices[str(level)])) for level, words in enumerate(item.levels)]
    return [(str(CHOICE_WORDS[answer]), _worth(value)) for answer, value in item.choices.items()]


def _number_lines(rule: NumberRule) -> list[tuple[str, str]]:
    sign = "≥" if rule.direction == "at_least" else "≤"
    said = [(f"{sign} {decimal(edge, rule.decimals)} {rule.unit}", _worth(value)) for edge, value in rule.steps]
    return [*said, (str(DIRECTION_WORDS[rule.direction]).capitalize(), "")]


def _date_lines(rule: DateRule) -> list[tuple[str, str]]:
    names = dates.get_month_names("wide", locale=language())
    since = str(REFERENCE_WORDS[rule.reference])
    lines = [
        (str(_("sampai %(day)s %(month)s tahun sesudah %(since)s", day=day, month=names[month], since=since)), value)
        for month, day, value in rule.deadlines
    ]
    if rule.within_value is not None:
        days = ngettext("dalam %(num)s hari", "dalam %(num)s hari", rule.within_days or 0)
        lines.append((str(_("%(days)s sejak %(since)s", days=days, since=since)), rule.within_value))
    lines += [(str(_("sesudah itu")), rule.later_value), (str(_("belum terlaksana")), rule.not_done_value)]
    return [(words, _worth(value)) for words, value in lines]


def _worth(value: int) -> str:
    """0,6667 as it is, 1 without decimals."""
    digits = len(f"{value % 10_000:04}".rstrip("0"))
    return decimal(Decimal(value).scaleb(-4), digits)


def fault_words(fault: InstrumentFault) -> str:
    """What does not hold together in a draft; sums, which are what editing item by item leaves open, in full words."""
    if found := _SUM_OF_SECTION.fullmatch(fault.reason):
        params = {"code": fault.where, "sum": found[1], "weight": found[2]}
        return str(_("Bagian %(code)s: bobot butirnya berjumlah %(sum)s, bobot bagiannya %(weight)s.", **params))
    if found := _SUM_OF_ALL.fullmatch(fault.reason):
        return str(_("Bobot semua bagian berjumlah %(sum)s, harus 100.", sum=found[1]))
    return str(fault)


def changed_by_words(draft: DraftView) -> str:
    """Whose change came in between, for who wanted to change the draft after it."""
    at = f"{long_date(draft.updated_at)}, {clock_time(draft.updated_at)}"
    return str(_("Draf ini diubah %(name)s pada %(at)s, sesudah halaman Anda dibuka.", name=draft.updated_by, at=at))


WORDS = (answer_lines, asked_from, fault_words, group_word, explained, schedule_words, type_word, verification_word)
"""What templates call by name."""

"""Forms of a draft: one for each thing; what a single field may hold is said here, all else by `reading.document`."""

import copy
import functools
import json
import re
import types
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, FormField, HiddenField, RadioField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Regexp

from pendamping.cooperatives.words import ROLE_WORDS
from pendamping.instruments.definition import AnswerType, OwnerRole, ReviewFrequency
from pendamping.instruments.drafting.fields import (
    BetweenAmounts,
    FilledIn,
    NumberField,
    Within,
    choices_of,
    column_field,
    text_field,
)
from pendamping.instruments.drafting.words import LABELS, STAGE_CHOICES, month_choices
from pendamping.instruments.exchange.faults import in_form
from pendamping.instruments.exchange.files import read_file
from pendamping.instruments.exchange.package import MAX_FILE_BYTES
from pendamping.instruments.exchange.words import (
    DIRECTION_WORDS,
    FREQUENCY_WORDS,
    REFERENCE_WORDS,
    TYPE_WORDS,
    VERIFICATION_WORDS,
)
from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid
from pendamping.instruments.reading.text import canonical_json
from pendamping.kernel.forms import (
    STALE_PAGE,
    BaseForm,
    BoundedFieldList,
    OfficeDateField,
    RevisionField,
    at_most,
    fail,
    required,
    tidy,
)

Item = dict[str, Any]

OF_TYPE = {
    AnswerType.SCALE: ("levels.0", "levels.1", "levels.2", "levels.3"),
    AnswerType.NUMBER: ("unit", "min", "max", "decimals", "thresholds.direction", "thresholds.steps"),
    AnswerType.DATE: (
        "date_rule.reference",
        "date_rule.within_days_365",
        "date_rule.on_or_before_mm_dd",
        "date_rule.later_but_done",
        "date_rule.not_done",
    ),
}
"""The contents that only items of a type have."""
GROUPS = (
    ("ask", ("label_id", "question_id", "evidence", "guidance", "label_en", "question_en")),
    ("judge", ("weight", "critical", "na_allowed", "na_when", "verification")),
    ("when", ("applies_from_stage", "review_frequency", "review_months")),
    (
        "act",
        (
            "action_template.title_id",
            "action_template.title_en",
            "action_template.owner_role",
            "action_template.default_due_days",
            "action_template.done_when_id",
        ),
    ),
    ("source", ("source.text", "source.confidence")),
)
"""The contents of every item, in the groups in which the form shows them."""
MAY_BE_EMPTY = {"na_when", "review_months", "date_rule.within_days_365", "date_rule.on_or_before_mm_dd"}
WORDS: Mapping[str, Any] = {
    "review_frequency": FREQUENCY_WORDS,
    "verification": VERIFICATION_WORDS,
    "thresholds.direction": DIRECTION_WORDS,
    "date_rule.reference": REFERENCE_WORDS,
    "action_template.owner_role": {role: ROLE_WORDS[role] for role in OwnerRole},
}
LONGEST = {"guidance": 2000, "source.text": 1000, "question_id": 400, "question_en": 400, "evidence": 400}
SHORT = {"label_id": 120, "label_en": 120, "unit": 40}
LIMITS = {"weight": (1, 100), "decimals": (0, 2), "action_template.default_due_days": (1, 180)}
SECTION_CODE = re.compile(r"[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,4})?\Z")


class DraftForm(BaseForm):
    """A form that changes a draft; it says which revision was on the page."""

    revision = RevisionField()


class FactsForm(DraftForm):
    version = StringField(
        _l("Nomor versi"),
        description=_l("Lebih tinggi daripada semua versi yang sudah terbit, misalnya 0.3.0."),
        validators=[FilledIn(), at_most(20)],
        filters=[tidy],
    )
    title_id = text_field(_l("Judul"), 120)
    title_en = text_field(_l("Judul (Inggris)"), 120)
    applies_from_stage = SelectField(_l("Mulai tahap"), coerce=int, choices=STAGE_CHOICES)

    def facts(self, before: Mapping[str, object]) -> dict[str, object]:
        """What was typed; a stage that is not written down is the first, and stays unwritten."""
        stage = self.applies_from_stage.data
        typed = {name: self[name].data for name in ("version", "title_id", "title_en")}
        return typed if "applies_from_stage" not in before and stage == 1 else {**typed, "applies_from_stage": stage}


class SectionForm(DraftForm):
    code = StringField(
        _l("Kode"),
        description=_l("Misalnya KL-H; tidak dapat diganti lagi."),
        validators=[FilledIn(), Regexp(SECTION_CODE, message=_l("Pakai huruf besar dan angka, misalnya KL-H."))],
        filters=[tidy],
        render_kw={"maxlength": 13},
    )
    name_id = text_field(_l("Nama"), 120)
    name_en = text_field(_l("Nama (Inggris)"), 120)
    weight = NumberField(
        _l("Bobot"),
        description=_l("Sama dengan jumlah bobot butirnya; semua bagian berjumlah 100."),
        validators=[FilledIn(), Within(1, 100)],
        render_kw={"inputmode": "numeric"},
    )

    def section(self, before: Mapping[str, object]) -> dict[str, object]:
        return {**before, **{name: self[name].data for name in ("code", "name_id", "name_en", "weight")}}


class BandForm(PlainForm):
    """One band; which one it is says its place."""

    name_id = text_field(_l("Nama"), 80)
    name_en = text_field(_l("Nama (Inggris)"), 80)
    min = NumberField(
        _l("Mulai skor"), validators=[FilledIn(), BetweenAmounts(0, 100)], render_kw={"inputmode": "decimal"}
    )


class BandsForm(DraftForm):
    bands = BoundedFieldList(FormField(BandForm))

    def has_as_many_as(self, before: Sequence[Mapping[str, object]]) -> bool:
        """False for a page on which other bands stood."""
        if len(self.bands) == len(before):
            return True
        self.form_errors = [*self.form_errors, str(STALE_PAGE)]
        return False

    def document_bands(self, before: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
        """The bands of the document with what was typed for each; codes and how many there are stay."""
        pairs = zip(before, self.bands, strict=False)
        return [{**band, **{name: entry[name].data for name in ("name_id", "name_en", "min")}} for band, entry in pairs]

    def place(self, faults: Sequence[InstrumentFault], before: Sequence[Mapping[str, object]]) -> bool:
        """Put faults of `parse` at their bands, or on top; True if there were any."""
        found = False
        for fault in faults:
            codes = [f"pita {band['code']}" for band in before]
            if fault.where in codes:
                fail(self.bands[codes.index(fault.where)].form.name_id, fault.reason.removeprefix("name_id "))
            elif fault.where == "scoring":
                self.form_errors = [*self.form_errors, fault.reason]
            else:
                continue
            found = True
        return found


class NewItemForm(BaseForm):
    """Before a new item: which answer it has decides what else is asked of it, and can never be changed."""

    class Meta(BaseForm.Meta):
        csrf = False

    section = SelectField(_l("Bagian"), validators=[InputRequired()])
    type = RadioField(
        _l("Jenis jawaban"),
        description=_l("Tidak dapat diganti sesudah butirnya terbit."),
        choices=choices_of(TYPE_WORDS),
        validators=[required(_l("Pilih jenis jawabannya."))],
    )


class ItemForm(DraftForm):
    """One item; `item_form` makes the form for a type of answer, with the fields that items of this type have."""

    type: AnswerType
    new_id = HiddenField()
    section = SelectField(_l("Bagian"), description=_l("Bagian lain berarti butir ini pindah ke sana."))

    def of(self, path: str) -> Field:
        """The field of a content, by its path in the document."""
        field: Field = self[field_name(path)]
        return field

    def take_another_code(self, code: str) -> None:
        """The code that was offered has gone to another item meanwhile."""
        self.new_id.data, self.new_id.raw_data = code, None

    @property
    def groups(self) -> list[tuple[str, list[Field]]]:
        special = [("answer", OF_TYPE[self.type])] if self.type in OF_TYPE else []
        return [(name, [self.of(path) for path in paths]) for name, paths in (GROUPS[0], *special, *GROUPS[1:])]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, then what one knows without the rest of the instrument."""
        holds = bool(super().validate(extra_validators))
        na_allowed, na_when = self.of("na_allowed").data, self.of("na_when").data
        if na_allowed and not na_when:
            fail(self.of("na_when"), str(_l("Tulis kapan butir ini tidak berlaku.")))
        elif na_when and not na_allowed:
            fail(self.of("na_when"), str(_l("Kosongkan, atau centang “Boleh tidak berlaku”.")))
        often, months = self.of("review_frequency").data, self.of("review_months")
        if often in (ReviewFrequency.ONCE, ReviewFrequency.MONTHLY) and months.data:
            fail(months, str(_l("Kosongkan: bulan hanya untuk triwulanan, semesteran, dan tahunan.")))
        return holds and not self.errors

    def item(self, before: Mapping[str, Any]) -> Item:
        """The item of the document as it was typed."""
        item: Item = copy.deepcopy(dict(before))
        item.update(section=self.section.data, type=str(self.type))
        for path in paths_of(self.type):
            _write(item, path, self.of(path).data)
        return item

    def place(self, faults: Sequence[InstrumentFault], item_id: str) -> bool:
        """Put what `parse` says of this item at its fields, or on top; True if it says anything.

        Of a field that has a message of its own, what could not be read is no news.
        """
        own = [fault for fault in faults if fault.where == item_id and not fault.reason.startswith("bobot butir")]
        for fault in own:
            path, words = in_form(fault)
            places = [each for each in paths_of(self.type) if each == path or each.startswith(f"{path}.")]
            fields = [self.section] if path == "section" else [self.of(each) for each in places]
            if fields and not any(field.errors for field in fields):
                fail(fields[0], words)
            elif not fields:
                self.form_errors = [*self.form_errors, words]
        return bool(own)


def field_name(path: str) -> str:
    return path.replace(".", "_")


def paths_of(kind: AnswerType) -> tuple[str, ...]:
    """Every content that the form of an item of this type holds."""
    return tuple(path for _name, paths in GROUPS for path in paths) + OF_TYPE.get(kind, ())


@functools.cache
def item_form(kind: AnswerType) -> type[ItemForm]:
    """The form of items that are answered this way."""
    fields = {field_name(path): _field(path) for path in paths_of(kind)}
    return types.new_class(f"ItemForm_{kind}", (ItemForm,), exec_body=lambda body: body.update(fields, type=kind))


def _field(path: str) -> Any:
    label, hint = LABELS[path]
    if path == "applies_from_stage":
        return SelectField(label, coerce=int, choices=STAGE_CHOICES)
    if path == "review_months":
        return column_field(path, label, words=month_choices)
    low_high = dict(zip(("low", "high"), LIMITS[path], strict=True)) if path in LIMITS else {}
    longest = LONGEST.get(path) or SHORT.get(path, 200)
    empty = {"may_be_empty": True} if path in MAY_BE_EMPTY else {}
    return column_field(path, label, hint=hint, words=WORDS.get(path), longest=longest, **low_high, **empty)


def typed_of(item: Mapping[str, Any], kind: AnswerType) -> dict[str, Any]:
    """What the form of an item begins with."""
    return {field_name(path): _read(item, path) for path in paths_of(kind)} | {"section": item.get("section")}


def _read(item: Any, path: str) -> Any:
    for key in path.split("."):
        item = item.get(key) if isinstance(item, Mapping) else None
    return item


def _write(item: Item, path: str, content: Any) -> None:
    *steps, last = path.split(".")
    for step in steps:
        item = item.setdefault(step, {})
    if content is None or content in ("", []):
        item.pop(last, None)
    else:
        item[last] = content


class UploadForm(DraftForm):
    file = FileField(
        _l("Berkas"),
        description=_l("XLSX atau YAML, paling banyak 5 MB. Menggantikan seluruh isi draf."),
        validators=[InputRequired(_l("Pilih berkasnya."))],
        render_kw={"accept": ".xlsx,.yaml,.yml"},
    )

    def document(self, code: str) -> dict[str, Any]:
        """The sound document in the file, in the types of JSON.

        Args:
            code: of the instrument that it must be for.

        Raises:
            InstrumentInvalid: every fault with its cell or line.
        """
        sent = self.file.data
        content = sent.stream.read(MAX_FILE_BYTES + 1)
        document: dict[str, Any] = json.loads(canonical_json(read_file(sent.filename or "", content)))
        if (other := document["instrument"]["code"]) != code:
            said = _("berkas ini untuk instrumen %(other)s, bukan %(own)s", other=other, own=code)
            raise InstrumentInvalid((InstrumentFault("instrument", said),))
        return document


class PublishForm(BaseForm):
    """The day, and the hash of what was looked through."""

    sha256 = HiddenField()
    effective_on = OfficeDateField(
        _l("Berlaku mulai"),
        description=_l("Kunjungan yang dibuka mulai hari itu memakai versi ini."),
        validators=[required(_l("Isi hari pertamanya."))],
    )

    def show_hash(self, sha256: str) -> None:
        """What stands on the page now is what the next press publishes."""
        self.sha256.data, self.sha256.raw_data = sha256, None

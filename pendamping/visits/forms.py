"""The visit's form: header and actions field by field; the answers as one field, defined by the instruments."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    FloatField,
    FormField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange

from pendamping.attachments.sent import FilesField
from pendamping.instruments.answers import AnswerFault, AnswerFaultCode
from pendamping.instruments.definition import Item
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Facts
from pendamping.kernel.forms import (
    BaseForm,
    BoundedFieldList,
    CheckboxesField,
    ClockField,
    OfficeDateField,
    SelectChoice,
    at_most,
    fail,
    optional,
    required,
    tidy,
)
from pendamping.kernel.ids import uuid_or_none
from pendamping.plans.forms import ActionEntries, EntryForm
from pendamping.visits.fields import AnswersField, PhotosField
from pendamping.visits.models import Purpose, VisitMode
from pendamping.visits.words import MODE_WORDS, PURPOSE_WORDS

NOTES_LENGTH = 10_000
MAX_PEOPLE_MET = 60
PEOPLE_ROWS = 3
FAULTS_SAID_ON_TOP = 5

FAULT_WORDS = {
    AnswerFaultCode.UNKNOWN_ITEM: _l("Butir %(item)s tidak ada dalam instrumen ini."),
    AnswerFaultCode.HIDDEN_ITEM: _l("Butir %(item)s belum ditanyakan pada tahap koperasi ini."),
    AnswerFaultCode.MALFORMED: _l("Isian butir ini tidak terbaca."),
    AnswerFaultCode.NOT_A_CHOICE: _l("Pilih salah satu jawaban yang ditawarkan."),
    AnswerFaultCode.NOT_A_NUMBER: _l("Tulis angka, misalnya 12 atau 12,5."),
    AnswerFaultCode.TOO_MANY_DECIMALS: _l("Terlalu banyak angka di belakang koma."),
    AnswerFaultCode.BELOW_MINIMUM: _l("Terlalu kecil; paling sedikit %(minimum)s."),
    AnswerFaultCode.ABOVE_MAXIMUM: _l("Terlalu besar; paling banyak %(maximum)s."),
    AnswerFaultCode.NOT_A_DATE: _l("Tulis tanggal seperti 2026-04-14, atau pilih Belum."),
    AnswerFaultCode.DATE_IN_FUTURE: _l("Tanggal ini sesudah hari kunjungan."),
    AnswerFaultCode.DATE_TOO_EARLY: _l("Periksa tahunnya."),
    AnswerFaultCode.NA_NOT_ALLOWED: _l("Butir ini selalu berlaku; pilih jawaban lain."),
    AnswerFaultCode.NA_WITHOUT_REASON: _l("Tulis alasan mengapa butir ini tidak berlaku."),
    AnswerFaultCode.NOTE_TOO_LONG: _l("Catatan paling banyak 1.000 karakter."),
    AnswerFaultCode.UNKNOWN_PROOF: _l("Pilih salah satu bukti yang ditawarkan."),
    AnswerFaultCode.MISSING_FACT: _l("Tanggal SK badan hukum belum tercatat. Isi di bawah pertanyaan ini."),
    AnswerFaultCode.NOTE_WITHOUT_VALUE: _l("Catatan sudah ditulis; pilih juga jawabannya."),
}


def fault_words(fault: AnswerFault) -> str:
    return str(FAULT_WORDS[fault.code]) % {"item": fault.item_id, **fault.params}


class PersonMetForm(EntryForm):
    name = StringField(_l("Nama"), validators=[optional(), at_most(120)], filters=[tidy])
    role = StringField(_l("Jabatan"), validators=[optional(), at_most(40)], filters=[tidy])


class PlaceForm(EntryForm):
    lat = FloatField(_l("Lintang"), validators=[optional(), NumberRange(-90, 90, _l("Lokasi tidak masuk akal."))])
    lon = FloatField(_l("Bujur"), validators=[optional(), NumberRange(-180, 180, _l("Lokasi tidak masuk akal."))])
    accuracy_m = FloatField(
        _l("Ketelitian (meter)"), validators=[optional(), NumberRange(0, 100_000, _l("Lokasi tidak masuk akal."))]
    )


class VisitForm(BaseForm):
    """One visit, whole: the same fields for the page, for its JavaScript and for a tablet that was offline."""

    id = HiddenField()
    visited_on = OfficeDateField(_l("Tanggal kunjungan"), validators=[required(_l("Isi tanggal kunjungan."))])
    started = ClockField(_l("Mulai"), validators=[optional()])
    ended = ClockField(_l("Selesai"), validators=[optional()])
    mode = RadioField(
        _l("Cara"),
        choices=[SelectChoice(str(mode), MODE_WORDS[mode]) for mode in VisitMode],
        default=str(VisitMode.FACE_TO_FACE),
    )
    purposes = CheckboxesField(
        _l("Tujuan"),
        choices=[SelectChoice(str(each), PURPOSE_WORDS[each]) for each in Purpose],
        default=[str(Purpose.CHECK)],
    )
    people_met = BoundedFieldList(FormField(PersonMetForm), label=_l("Yang ditemui"))
    notes = TextAreaField(_l("Catatan kunjungan"), validators=[optional(), at_most(NOTES_LENGTH)], filters=[tidy])
    place = FormField(PlaceForm)
    written_at = HiddenField()
    decree_on = OfficeDateField(_l("Tanggal SK badan hukum"), validators=[optional()])
    """Only asked while the register does not know it: the by-laws are due within a year of it."""
    answers = AnswersField()
    photos = PhotosField(_l("Foto"))
    photo_files = FilesField(_l("Foto"))
    """For pages without script; with it photos go ahead of the form, one by one, and come here as ids."""
    signature = HiddenField(_l("Tanda tangan"))
    signed_by = StringField(_l("Ditandatangani oleh"), validators=[optional(), at_most(120)], filters=[tidy])
    planned_visit = HiddenField()

    stored_id: uuid.UUID | None = None
    """The visit that this form became."""
    kept_as: uuid.UUID | None = None
    """The draft that this form became."""

    def __init__(
        self,
        *,
        instruments: Sequence[PublishedInstrument],
        stage: int,
        today: dt.date,
        draft: MultiDict[str, str] | None = None,
        formdata: MultiDict[str, str] | None = None,
        **defaults: Any,
    ) -> None:
        """Filled from `formdata`, a record that came over the wire; from what the request sent; from `draft`, what was
        typed and kept before; else from `defaults`.
        """
        is_page = formdata is None
        if is_page:
            formdata = request.form if self.is_submitted() else draft
        self.sent = formdata
        given = {} if formdata is None or formdata is request.form else {"formdata": formdata}
        super().__init__(**given, **{"visited_on": today, **defaults})
        while is_page and len(self.people_met) < PEOPLE_ROWS:  # `min_entries` would read a row left out a second time
            self.people_met.append_entry()
        self.instruments = instruments
        self.stage = stage
        self.today = today
        self.asked: dict[str, Item] = {
            item.id: item for each in instruments for item in each.instrument.items if each.instrument.asks(item, stage)
        }
        self.actions = ActionEntries(self.sent, self.asked.values(), today=today)

    def validate_against(self, facts: Facts) -> bool:
        """Validate everything, the answers by their instruments; every fault stands at its field afterwards."""
        holds = [
            self.is_submitted_and_valid(),
            self._day_holds(),
            self._people_hold(),
            self._place_holds(),
            self._id_holds(),
            self._versions_hold(),
            self.answers.hold_against(self.instruments, stage=self.stage, on=self._day(), facts=facts),
            self.actions.hold_for(self.visited_on.data),
            self.photos.holds(self.asked),
            self._signature_holds(),
        ]
        self._name_faults_without_a_place()
        return all(holds)

    def _day(self) -> dt.date:
        return min(self.visited_on.data or self.today, self.today)

    def _day_holds(self) -> bool:
        day, started, ended = self.visited_on, self.started.data, self.ended.data
        faults = [
            (day, bool(day.data and day.data > self.today), _l("Tanggal kunjungan belum tiba.")),
            (self.started, bool(ended and not started), _l("Isi juga jam mulai.")),
            (self.ended, bool(ended and started and ended <= started), _l("Jam selesai harus sesudah jam mulai.")),
            (
                self.decree_on,
                bool(self.decree_on.data and self.decree_on.data > self.today),
                _l("Tanggal ini belum tiba."),
            ),
        ]
        for field, is_faulty, message in faults:
            if is_faulty:
                fail(field, str(message))
        return not any(is_faulty for _, is_faulty, _ in faults)

    def _people_hold(self) -> bool:
        if len(self.people) > MAX_PEOPLE_MET:
            self._say(_l("Paling banyak 60 orang yang ditemui."))
            return False
        nameless = [entry.form for entry in self.people_met if entry.form.role.data and not entry.form.name.data]
        for entry in nameless:
            fail(entry.name, str(_l("Isi juga namanya.")))
        if nameless:
            self.people_met.errors = [entry.errors for entry in self.people_met]
        return not nameless

    def _place_holds(self) -> bool:
        """Half a place is none."""
        lat, lon = self.place.form.lat, self.place.form.lon
        missing = [half for half, other in ((lat, lon), (lon, lat)) if half.data is None and other.data is not None]
        for half in missing:
            if not half.errors:
                fail(half, str(_l("Lokasi tidak masuk akal.")))
        return not missing

    def _signature_holds(self) -> bool:
        if self.signature.data and self.signature_id is None:
            fail(self.signature, str(_l("Tanda tangan tidak terbaca. Mintalah sekali lagi.")))
            return False
        if self.signature.data and not self.signed_by.data:
            fail(self.signed_by, str(_l("Tulis nama yang menandatangani.")))
            return False
        return True

    def _id_holds(self) -> bool:
        if self.id.data and self.visit_id is None:
            self._say(_l("Nomor kunjungan rusak. Muat ulang halaman ini."))
            return False
        return True

    def _versions_hold(self) -> bool:
        """Answers are read by the very versions that the page was made of, or not at all."""
        sent: Mapping[str, str] = self.sent or {}
        pinned = {each.sha256: sent.get(f"instruments-{each.instrument.code}") for each in self.instruments}
        if all(said in (None, "", sha256) for sha256, said in pinned.items()):
            return True
        self._say(_l("Daftar periksa halaman ini tidak dikenal. Muat ulang halaman ini."))
        return False

    def _name_faults_without_a_place(self) -> None:
        """Faults of items that the page does not show are said on top."""
        lost = [fault for fault in self.answers.faults if fault.item_id not in self.asked]
        lost += [
            AnswerFault(item_id, "item", AnswerFaultCode.UNKNOWN_ITEM) for item_id in self.actions.of_unknown_items
        ]
        for fault in lost[:FAULTS_SAID_ON_TOP]:
            self._say(fault_words(fault))

    def _say(self, message: object) -> None:
        self.form_errors = [*self.form_errors, str(message)]

    @property
    def people(self) -> list[tuple[str, str]]:
        """(name, role) of those who were met; empty rows left out."""
        return [(entry.form.name.data, entry.form.role.data or "") for entry in self.people_met if entry.form.name.data]

    @property
    def signature_id(self) -> uuid.UUID | None:
        return uuid_or_none(self.signature.data)

    @property
    def visit_id(self) -> uuid.UUID | None:
        return uuid_or_none(self.id.data)

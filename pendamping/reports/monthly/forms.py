"""Forms of monthly reports: the facilitator's words and photos, the head's answer, an addendum."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired

from pendamping.attachments.sent import FilesField
from pendamping.kernel.forms import (
    BaseForm,
    BoundedFieldList,
    RevisionField,
    SelectChoice,
    at_most,
    fail,
    optional,
    tidy,
)
from pendamping.kernel.ids import uuid_or_none
from pendamping.plans.forms import EntryForm
from pendamping.reports.monthly.content import PhotoFact
from pendamping.reports.monthly.models import CAPTION_LENGTH, MOST_PHOTOS, WORDS_LENGTH, Section
from pendamping.reports.monthly.service import Written
from pendamping.reports.monthly.words import HINTS, SECTION_WORDS

SAVE, SEND = "simpan", "kirim"
APPROVE, RETURN = "setujui", "kembalikan"


class PhotoForm(EntryForm):
    id = HiddenField()
    caption = StringField(_l("Keterangan foto"), validators=[optional(), at_most(CAPTION_LENGTH)], filters=[tidy])
    drop = BooleanField(_l("Hapus foto ini"))


def _words(section: Section) -> TextAreaField:
    return TextAreaField(
        SECTION_WORDS[section],
        description=HINTS[section],
        validators=[optional(), at_most(WORDS_LENGTH)],
        filters=[tidy],
        render_kw={"rows": "3"},
    )


class ReportForm(BaseForm):
    """What a facilitator adds to one month's log. The buttons say whether it is kept or sent: `aksi`."""

    seen_revision = RevisionField()
    kunjungan = _words(Section.VISITS)
    skor = _words(Section.SCORES)
    tindakan = _words(Section.ACTIONS)
    angka = _words(Section.FIGURES)
    kendala = _words(Section.OBSTACLES)
    rencana = _words(Section.PLAN)
    photos = BoundedFieldList(FormField(PhotoForm), label=_l("Foto"))
    photo_files = FilesField(
        _l("Tambah foto"),
        description=_l("JPEG, PNG, WebP, atau HEIC; paling besar 15 MB. Jangan memotret KTP atau nomor rekening."),
    )
    from_visits = SelectMultipleField(
        _l("Ambil dari kunjungan bulan ini"),
        choices=(),
        validators=[optional()],
        description=_l("Foto yang dicentang masuk ke laporan; berkasnya tidak disalin."),
    )
    note = TextAreaField(
        _l("Pesan untuk dinas"), validators=[optional(), at_most(WORDS_LENGTH)], filters=[tidy], render_kw={"rows": "2"}
    )

    def add_photos(self, ids: Iterable[uuid.UUID]) -> None:
        """Photos that came as files with the form; the same photo stays one."""
        known = {entry.form.id.data for entry in self.photos}
        for id_ in ids:
            if str(id_) not in known:
                self.photos.append_entry({"id": str(id_), "caption": ""})

    def offer(self, photos: Mapping[uuid.UUID, str]) -> None:
        """The photos of visits that can be ticked, each with the words it gets; ticked ones stand in the report."""
        self.from_visits.choices = [(str(id_), words) for id_, words in photos.items()]
        ticked = {id_: photos[id_] for id_ in photos if str(id_) in (self.from_visits.data or ())}
        known = {entry.form.id.data for entry in self.photos}
        for id_, words in ticked.items():
            if str(id_) not in known:
                self.photos.append_entry({"id": str(id_), "caption": words[:CAPTION_LENGTH]})

    def written(self) -> Written:
        words = {str(section): self[str(section)].data or "" for section in Section}
        return Written(words, self.kept_photos())

    def kept_photos(self) -> list[PhotoFact]:
        return [
            PhotoFact(str(id_), entry.form.caption.data or "")
            for entry in self.photos
            if (id_ := uuid_or_none(entry.form.id.data)) and not entry.form.drop.data
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if len(self.kept_photos()) > MOST_PHOTOS:
            fail(self.photo_files, str(_l("Satu laporan memuat paling banyak 12 foto.")))
            return False
        return holds


class RevisionForm(BaseForm):
    """A button on a page that shows one revision."""

    seen_revision = RevisionField()


class ReviewForm(RevisionForm):
    """The head's answer. It is never empty: a report that nobody answers is what people complain about."""

    verdict = RadioField(
        _l("Keputusan"),
        choices=[
            SelectChoice(APPROVE, _l("Setujui dan kunci bulannya")),
            SelectChoice(RETURN, _l("Kembalikan untuk diperbaiki")),
        ],
        validators=[InputRequired(_l("Pilih keputusannya."))],
    )
    text = TextAreaField(
        _l("Jawaban atau alasan"),
        validators=[at_most(WORDS_LENGTH)],
        filters=[tidy],
        description=_l("Dibaca pendampingnya. Wajib untuk kedua keputusan."),
        render_kw={"rows": "4"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if not self.text.data and not self.text.errors:
            message = _l("Tulis alasan mengapa laporan dikembalikan.")
            if self.verdict.data == APPROVE:
                message = _l("Tulis jawabannya: apa yang dinas lakukan atau harapkan sesudah laporan ini.")
            fail(self.text, str(message))
            return False
        return holds


class ReportAddendumForm(RevisionForm):
    text = TextAreaField(
        _l("Tambahan"),
        validators=[DataRequired(_l("Tulis tambahannya.")), at_most(WORDS_LENGTH)],
        filters=[tidy],
        render_kw={"rows": "5"},
    )

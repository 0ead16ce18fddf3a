"""The form with which an admin brings in a copied queue."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from pendamping.kernel.forms import BaseForm


class CopyForm(BaseForm):
    file = FileField(_l("Berkas salinan"), validators=[FileRequired(_l("Pilih berkasnya."))])

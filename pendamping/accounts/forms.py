"""Forms of accounts: signing in and changing one's own password."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, Length

from pendamping.accounts.passwords import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from pendamping.kernel.forms import BaseForm, at_most, required


class SignInForm(BaseForm):
    username = StringField(
        _l("Nama pengguna"),
        validators=[required(_l("Isi nama pengguna.")), at_most(100)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Kata sandi"),
        validators=[required(_l("Isi kata sandi.")), at_most(MAX_PASSWORD_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(BaseForm):
    current = PasswordField(
        _l("Kata sandi sekarang"),
        validators=[required(_l("Isi kata sandi sekarang.")), at_most(MAX_PASSWORD_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("Kata sandi baru"),
        validators=[
            required(_l("Isi kata sandi baru.")),
            Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH, _l("Isi %(min)d sampai %(max)d karakter.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    repeat = PasswordField(
        _l("Ulangi kata sandi baru"),
        validators=[required(_l("Ulangi kata sandi baru.")), EqualTo("new", _l("Tidak sama dengan kata sandi baru."))],
        render_kw={"autocomplete": "new-password"},
    )

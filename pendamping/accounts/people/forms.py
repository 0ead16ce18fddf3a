"""Forms of the admin's pages about accounts: search, a new account."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Regexp

from pendamping.accounts.models import NAME_LENGTH, USERNAME_LENGTH
from pendamping.accounts.people.words import ROLE_WORDS
from pendamping.accounts.queries import PeopleFilter
from pendamping.accounts.service import USERNAME
from pendamping.kernel.forms import BaseForm, FilterForm, SelectChoice, at_most, fail, optional, tidy
from pendamping.kernel.roles import AGENCY, Role

ACTIVE, CLOSED = "aktif", "ditutup"
CODE_LENGTH = 13


def _username(text: str | None) -> str:
    return tidy(text).lower()


class PeopleFilterForm(FilterForm):
    """Search and filters of the list, as part of its address."""

    q = StringField(_l("Cari nama atau nama pengguna"), validators=[at_most(80)], filters=[tidy])
    peran = SelectField(
        _l("Peran"),
        choices=[
            SelectChoice("", _l("Semua peran")),
            *(SelectChoice(str(role), word) for role, word in ROLE_WORDS.items()),
        ],
        default="",
    )
    keadaan = SelectField(
        _l("Keadaan akun"),
        choices=[
            SelectChoice("", _l("Aktif dan ditutup")),
            SelectChoice(ACTIVE, _l("Hanya yang aktif")),
            SelectChoice(CLOSED, _l("Hanya yang ditutup")),
        ],
        default="",
    )

    def chosen(self) -> PeopleFilter:
        return PeopleFilter(
            text=self.q.data or "",
            role=Role(self.peran.data) if self.peran.data else None,
            is_active=self.keadaan.data == ACTIVE if self.keadaan.data else None,
        )


class PersonForm(BaseForm):
    """A new account. Which of the last two fields is asked for hangs on the role."""

    role = RadioField(
        _l("Peran"),
        choices=[SelectChoice(str(role), word) for role, word in ROLE_WORDS.items()],
        default=str(Role.FACILITATOR),
    )
    name = StringField(
        _l("Nama orang"),
        validators=[DataRequired(_l("Isi nama orangnya.")), at_most(NAME_LENGTH)],
        filters=[tidy],
        description=_l("Seperti yang tampil di layar dan berita acara."),
    )
    username = StringField(
        _l("Nama pengguna"),
        validators=[
            DataRequired(_l("Isi nama pengguna.")),
            at_most(USERNAME_LENGTH),
            Regexp(
                rf"{USERNAME.pattern}\Z",
                message=_l("Pakai 3 sampai 40 huruf kecil, angka, titik, atau garis; diawali huruf atau angka."),
            ),
        ],
        filters=[_username],
        description=_l("Dipakai untuk masuk; huruf kecil, tanpa spasi."),
    )
    code = StringField(
        _l("Kode koperasi"),
        validators=[optional(), at_most(CODE_LENGTH)],
        filters=[tidy],
        description=_l("Hanya untuk akun koperasi: kode kelurahannya, misalnya 64.71.03.1006."),
    )
    scope = SelectField(
        _l("Wilayah yang dilihat"),
        default="",
        description=_l("Hanya untuk kepala dinas dan admin. Pendamping melihat koperasi yang ditugaskan."),
    )

    @property
    def chosen_role(self) -> Role:
        return Role(self.role.data)

    def offer_regions(self, regions: Sequence[tuple[str, str]], *, has_all: bool) -> None:
        """What the select of regions offers; somebody without a region of their own may give everything."""
        first = _l("Semua wilayah") if has_all else _l("Pilih wilayah")
        self.scope.choices = [SelectChoice("", first), *(SelectChoice(code, name) for code, name in regions)]
        self._gives_all = has_all

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, then what the role asks for and what it forbids."""
        holds = bool(super().validate(extra_validators))
        if self.role.errors:
            return False
        return all([self._code_fits(), self._scope_fits()]) and holds

    def _code_fits(self) -> bool:
        is_cooperative = self.chosen_role is Role.COOPERATIVE
        if bool(self.code.data) == is_cooperative:
            return True
        wrong = _l("Isi kode koperasinya.") if is_cooperative else _l("Kosongkan: hanya akun koperasi yang memakainya.")
        fail(self.code, str(wrong))
        return False

    def _scope_fits(self) -> bool:
        if self.chosen_role not in AGENCY and self.scope.data:
            fail(self.scope, str(_l("Kosongkan: wilayah hanya untuk kepala dinas dan admin.")))
            return False
        if self.chosen_role in AGENCY and not self.scope.data and not self._gives_all:
            fail(self.scope, str(_l("Pilih wilayahnya.")))
            return False
        return True

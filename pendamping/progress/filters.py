"""The filters of every list and figure of the agency's, as part of the address: a filtered page is a link to share."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select
from sqlalchemy.orm import Session
from wtforms import SelectField

from pendamping.accounts.models import User
from pendamping.cooperatives.forms import CooperativeFilterForm
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.queries import CooperativeFilter, districts, facilitators
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.words import month_words
from pendamping.kernel.forms import SelectChoice
from pendamping.kernel.ids import uuid_or_none
from pendamping.progress.asking.models import Kind
from pendamping.progress.asking.words import KIND_WORDS
from pendamping.progress.matters import SIGNS
from pendamping.progress.narrowing import Chosen, Condition, Order, narrowed
from pendamping.progress.stages.words import DESIGNATION_WORDS

MONTHS_OFFERED = 13
CHOICES_OFFERED = 100
"""A longer list is no help: then only what the address names is offered."""
CONDITION_WORDS = {
    Condition.VISITED: _l("Sudah dikunjungi pada bulan itu"),
    Condition.UNVISITED: _l("Belum dikunjungi pada bulan itu"),
    Condition.LATE: _l("Ada tindakan terlambat"),
    Condition.OPEN: _l("Ada tindakan terbuka"),
}
ORDER_WORDS = {
    Order.NAME: _l("Nama"),
    Order.LAST_VISIT: _l("Paling lama tidak dikunjungi"),
    Order.INSTITUTION: _l("Skor kelembagaan terendah"),
    Order.TRANSPARENCY: _l("Skor transparansi terendah"),
    Order.ACTIONS: _l("Tindakan terbuka terbanyak"),
}


class ListFilterForm(CooperativeFilterForm):
    """Search and filters, with what only the agency's lists know."""

    penetapan = SelectField(
        _l("Penetapan"),
        choices=[
            SelectChoice("", _l("Semua")),
            *(SelectChoice(code, said) for code, said in DESIGNATION_WORDS.items() if code != "perlu_perhatian"),
        ],
        default="",
    )
    keadaan = SelectField(
        _l("Keadaan"),
        choices=[
            SelectChoice("", _l("Semua")),
            *(SelectChoice(str(each), said) for each, said in CONDITION_WORDS.items()),
            *(SelectChoice(str(kind), KIND_WORDS[kind]) for kind in SIGNS),
        ],
        default="",
    )
    bulan = SelectField(_l("Bulan kunjungan"), default="")
    urut = SelectField(
        _l("Urutkan"), choices=[SelectChoice(str(each), said) for each, said in ORDER_WORDS.items()], default="nama"
    )


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a page is narrowed to: the form that shows it, and the part of the address that says it."""

    form: ListFilterForm
    chosen: Chosen
    visible: Select[Cooperative]
    cooperatives: Select[Cooperative]
    kept: Mapping[str, Any]

    @property
    def is_filtered(self) -> bool:
        return self.chosen != Chosen(self.chosen.month, order=self.chosen.order)

    def without(self, *names: str) -> dict[str, Any]:
        """The address without some of its filters, for a link that sets them anew."""
        return {name: value for name, value in self.kept.items() if name not in names}


def narrowing(session: Session, user: User, *, today: dt.date) -> Narrowing:
    """Read the filters off the address. What makes no sense is left out, and said at its field."""
    form = ListFilterForm.from_address()
    form.kecamatan.choices = offered(
        _("Semua kecamatan"), form.kecamatan.data, districts(session, user.scope_prefix, limit=CHOICES_OFFERED + 1)
    )
    people = [(str(id_), name) for id_, name in facilitators(session, user, today=today, limit=CHOICES_OFFERED + 1)]
    form.pendamping.choices = offered(_("Semua pendamping"), str(uuid_or_none(form.pendamping.data) or ""), people)
    months = [Month.of(today).minus(back) for back in range(MONTHS_OFFERED)]
    form.bulan.choices = [("", _("Bulan ini")), *((str(month), month_words(month)) for month in months)]
    form.validate()
    said = {field.name: field.data for field in form if field.data and not field.errors and field.name in request.args}
    chosen = _chosen(said, months)
    visible = visible_cooperatives(user, today=today)
    return Narrowing(form, chosen, visible, narrowed(visible, chosen, today=today), said)


def _chosen(said: Mapping[str, Any], months: Sequence[Month]) -> Chosen:
    month = next((each for each in months if str(each) == said.get("bulan")), months[0])
    keadaan = said.get("keadaan")
    conditions: dict[str, Condition | Kind] = {str(each): each for each in (*Condition, *Kind)}
    return Chosen(
        month=month,
        cooperatives=CooperativeFilter(
            text=said.get("q", ""),
            district_code=said.get("kecamatan", ""),
            stage=Stage(said["tahap"]) if "tahap" in said else None,
            facilitator_id=uuid.UUID(said["pendamping"]) if "pendamping" in said else None,
        ),
        designation=said.get("penetapan", ""),
        decision=said.get("keputusan", ""),
        condition=conditions[keadaan] if keadaan else None,
        order=Order(said.get("urut", Order.NAME)),
    )


def offered(everything: str, value: str | None, found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """All of a short list; of a long one only what the address names, as it stands there."""
    if len(found) > CHOICES_OFFERED:
        found = [(code, name) for code, name in found if code == value] or ([(value, value)] if value else [])
    return [("", everything), *found]

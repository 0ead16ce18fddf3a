"""The form of an action, and the set of them that a visit's page holds."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import UUID, DataRequired

from pendamping.cooperatives.words import ROLE_WORDS
from pendamping.instruments.definition import Item, OwnerRole
from pendamping.kernel.forms import (
    MAX_ENTRIES,
    BaseForm,
    NewIdField,
    OfficeDateField,
    RevisionField,
    SelectChoice,
    at_most,
    entry_numbers,
    fail,
    optional,
    required,
    tidy,
)
from pendamping.kernel.ids import uuid_or_none
from pendamping.plans.life import NOTED_BY_FACILITATORS
from pendamping.plans.models import NOTE_LENGTH, TITLE_LENGTH, Action, ActionStatus
from pendamping.plans.words import STATUS_WORDS

FREE_ACTIONS = 2
FREE_ACTION_DAYS = 30
PREFIX = "actions"


class EntryForm(Form):
    """A part of a larger form, covered by the token of the whole."""

    class Meta(BaseForm.Meta):
        csrf = False


class ActionForm(EntryForm):
    """One action, proposed by an item or thought of by people; it counts only when somebody agreed to it."""

    id = HiddenField(validators=[optional(), UUID(_l("Nomor tindakan rusak. Muat ulang halaman ini."))])
    item = HiddenField()
    title = StringField(
        _l("Tindakan"), validators=[DataRequired(_l("Tulis tindakannya.")), at_most(TITLE_LENGTH)], filters=[tidy]
    )
    owner_role = SelectField(
        _l("Penanggung jawab"),
        choices=[SelectChoice(str(role), ROLE_WORDS[role]) for role in OwnerRole],
        default=str(OwnerRole.BOARD),
    )
    due_on = OfficeDateField(_l("Tenggat"), validators=[required(_l("Isi tenggatnya."))])
    agreed = BooleanField(_l("Masukkan rencana"))
    joins = HiddenField()
    """Instead of an action of its own: the id of one under way, or the item whose action of the same visit it is, that
    puts this item right too.
    """

    @property
    def is_joined(self) -> bool:
        return bool(self.item.data and self.joins.data)

    @property
    def counts(self) -> bool:
        """An item's proposal counts when it was agreed to, an action of one's own as soon as it has a title."""
        return bool(self.agreed.data or (not self.item.data and self.title.data))

    def holds_for(self, visited_on: dt.date | None) -> bool:
        if self.is_joined:  # title, owner and date are those of the other action
            return bool(self.id.validate(self))
        holds = bool(self.validate())
        if self.due_on.data and visited_on and self.due_on.data < visited_on:
            fail(self.due_on, str(_l("Tenggat lebih awal daripada tanggal kunjungan.")))
            return False
        return holds


class StepForm(BaseForm):
    """A step in an action's life: with the number of the last step that its page showed, and an id for its own."""

    id = NewIdField()
    action = HiddenField()
    """Which action, for a page that a tablet keeps."""
    revision = RevisionField()

    @property
    def terms(self) -> dict[str, Any]:
        """What the page knew, as verbs take it."""
        return {"update_id": self.id.as_uuid, "seen_revision": self.revision.number}

    def is_about(self, action: Action) -> None:
        """What the page shows is what its form is held to; what was typed stays."""
        self.action.data = str(action.id)
        self.revision.show(action.revision)


class ProgressForm(StepForm):
    """How an action goes, or that it is given up, by the facilitator's own look at it."""

    status = SelectField(
        _l("Status tindakan"), choices=[SelectChoice(str(each), STATUS_WORDS[each]) for each in NOTED_BY_FACILITATORS]
    )
    note = TextAreaField(
        _l("Catatan"),
        description=_l("Terbaca oleh pengurus dan dinas."),
        validators=[DataRequired(_l("Tulis perkembangannya.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
    )

    @property
    def new_status(self) -> ActionStatus:
        return ActionStatus(self.status.data)


class DueForm(StepForm):
    """Another day until which an action is to be done."""

    due_on = OfficeDateField(_l("Tenggat baru"), validators=[required(_l("Isi tenggat baru."))])
    reason = TextAreaField(
        _l("Alasan"),
        description=_l("Terbaca oleh pengurus dan dinas."),
        validators=[DataRequired(_l("Tulis alasannya.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
    )


class ActionEntries:
    """The actions of a visit's page: one proposal for each item that is asked, and a few of people's own.

    What was sent is found by the item it names, not by its number, so a page may send any part of the proposals.
    """

    def __init__(self, sent: MultiDict[str, str] | None, asked: Iterable[Item], *, today: dt.date) -> None:
        numbers = entry_numbers(PREFIX, sent or ())
        self.sent = [ActionForm(sent, prefix=f"{PREFIX}-{number}-") for number in numbers]
        self._today = today
        self._asked = {item.id: item for item in asked}
        self._by_item = {entry.item.data: entry for entry in reversed(self.sent) if entry.item.data}
        self._taken = frozenset(numbers)

    @cached_property
    def _unused(self) -> list[int]:
        return [number for number in range(2 * MAX_ENTRIES) if number not in self._taken]

    @cached_property
    def proposals(self) -> dict[str, ActionForm]:
        """By item; made when a page asks for them, as the free ones are, because a record from a tablet never does."""
        return {
            item_id: self._by_item.get(item_id) or _proposal(item, number, self._today)
            for number, (item_id, item) in zip(self._unused, self._asked.items(), strict=False)
        }

    @cached_property
    def free(self) -> list[ActionForm]:
        """Those that no item caused, and as many more for people to fill in as a page shows."""
        sent = [entry for entry in self.sent if not entry.item.data]
        due_on = self._today + dt.timedelta(days=FREE_ACTION_DAYS)
        numbers = self._unused[len(self._asked) :][: max(0, FREE_ACTIONS - len(sent))]
        return sent + [ActionForm(prefix=f"{PREFIX}-{number}-", due_on=due_on) for number in numbers]

    @property
    def agreed(self) -> list[ActionForm]:
        return [entry for entry in self.sent if entry.counts]

    @property
    def own(self) -> list[tuple[int, ActionForm]]:
        """Those that become actions, each with its place among all that were agreed."""
        return [(number, entry) for number, entry in enumerate(self.agreed) if not entry.is_joined]

    @property
    def joined(self) -> list[ActionForm]:
        """Those whose item another action puts right too."""
        return [entry for entry in self.agreed if entry.is_joined]

    def further_items(self, entry: ActionForm) -> list[str]:
        """The items that an action of this visit is to put right besides its own."""
        mine = entry.item.data
        return [str(each.item.data) for each in self.joined if mine and each.joins.data == mine]

    @property
    def of_unknown_items(self) -> list[str]:
        return [
            str(entry.item.data)[:20] for entry in self.agreed if entry.item.data and entry.item.data not in self._asked
        ]

    def hold_for(self, visited_on: dt.date | None) -> bool:
        """Whether every agreed action holds; messages stand at the fields of those that do not."""
        verdicts = [entry.holds_for(visited_on) for entry in self.agreed]  # each one, so that each says its faults
        verdicts += [self._joins_hold(entry) for entry in self.joined]
        return all(verdicts) and not self.of_unknown_items

    def _joins_hold(self, entry: ActionForm) -> bool:
        """Whether what an item is brought to can be an action under way, or is one that this visit agrees on."""
        own = {each.item.data for _number, each in self.own if each.item.data}
        if uuid_or_none(entry.joins.data) or entry.joins.data in own:
            return True
        fail(
            entry.joins, str(_l("Tindakan yang dituju tidak ada. Pilih tindakan lain, atau buat tindakan tersendiri."))
        )
        return False


def _proposal(item: Item, number: int, today: dt.date) -> ActionForm:
    return ActionForm(
        prefix=f"{PREFIX}-{number}-",
        item=item.id,
        title=item.action.title_id,  # the plan is written in the cooperative's language
        owner_role=str(item.action.owner_role),
        due_on=today + dt.timedelta(days=item.action.default_due_days),
    )

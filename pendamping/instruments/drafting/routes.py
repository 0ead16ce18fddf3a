"""The admin's pages of a draft: start it, edit it thing by thing or by a file, try it out, publish it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.instruments.definition import AnswerType
from pendamping.instruments.drafting import edits, page, service
from pendamping.instruments.drafting.forms import (
    BandsForm,
    DraftForm,
    FactsForm,
    ItemForm,
    NewItemForm,
    PublishForm,
    SectionForm,
    UploadForm,
    item_form,
    typed_of,
)
from pendamping.instruments.drafting.policy import can_draft
from pendamping.instruments.drafting.queries import DraftView, draft_of
from pendamping.instruments.drafting.words import changed_by_words
from pendamping.instruments.exchange.queries import Version, versions_of
from pendamping.instruments.exchange.sheets import DoesNotFit
from pendamping.instruments.reading.document import examine
from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid
from pendamping.instruments.routes import instrument_file
from pendamping.instruments.succession import CannotFollow, EffectiveTooEarly, refuse_number, types_by_id
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotAllowed, NotThere
from pendamping.kernel.i18n import explained, long_date
from pendamping.kernel.roles import Role

bp = Blueprint("drafting", __name__, url_prefix="/instrumen/<instrument>/draf")

BODY_MEGABYTES = 16
"""More than a file may have, so that one that is too large is answered at its field."""


@bp.before_request
def only_who_may_draft() -> None:
    if not can_draft(signed_in_user()):
        raise NotAllowed


@bp.post("/baru")
@access(Role.ADMIN)
def start(instrument: str) -> ResponseReturnValue:
    user, actor, instant = signed_in_user(), request_actor(), now()
    # Two presses at once: the second finds the draft that the first has begun.
    _draft, is_new = retry_on_conflict(
        lambda session: service.start_draft(session, instrument, author_id=user.id, actor=actor, now=instant)
    )
    if not is_new:
        flash(_("Draf instrumen ini sudah dimulai; lanjutkan di sini."), "info")
    return redirect(url_for(".draft", instrument=instrument))


@bp.get("")
@access(Role.ADMIN)
def draft(instrument: str) -> ResponseReturnValue:
    versions = _versions(instrument)
    found = draft_of(reading(), instrument)
    if found is None:
        flash(explained(service.DraftGone()), "info")
        return redirect(url_for("instruments.index"))
    return render_template("instruments/draft.html", page=page.draft_page(found, versions, today=today()))


@bp.post("/buang")
@access(Role.ADMIN)
def discard(instrument: str) -> ResponseReturnValue:
    try:
        with transaction() as session:
            was_there = service.discard_draft(
                session, instrument, known_revision=DraftForm().revision.number, actor=request_actor(), now=now()
            )
    except service.DraftChanged:
        flash(changed_by_words(_draft_or_gone(instrument)), "error")
        return redirect(url_for(".draft", instrument=instrument))
    flash(_("Draf dibuang; isinya tetap tercatat di log.") if was_there else _("Draf ini sudah tidak ada."), "success")
    return redirect(url_for("instruments.index"))


@bp.get("/berkas.<kind>")
@access(Role.ADMIN)
def file(instrument: str, kind: str) -> ResponseReturnValue:
    found = _draft_or_gone(instrument)
    try:
        return instrument_file(found.document, kind)
    except DoesNotFit:
        flash(_("Draf ini belum dapat diunduh sebagai XLSX: betulkan dahulu kesalahannya, atau pakai YAML."), "error")
        return redirect(url_for(".draft", instrument=instrument))


@bp.route("/unggah", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, body_megabytes=BODY_MEGABYTES)
def upload(instrument: str) -> ResponseReturnValue:
    found = _draft_or_gone(instrument)
    form = UploadForm(revision=str(found.revision))
    faults: tuple[InstrumentFault, ...] = ()
    if form.is_submitted_and_valid():
        try:
            document = form.document(instrument)
        except InstrumentInvalid as invalid:
            faults = invalid.faults
        else:
            stored = _stored(form, instrument, edits.replaced_by(document), _("Isi berkas masuk ke draf."))
            if stored:
                return stored
    return render_template("instruments/upload.html", form=form, draft=found, faults=faults), _status(form)


@bp.route("/fakta", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def facts(instrument: str) -> ResponseReturnValue:
    found = _draft_or_gone(instrument)
    head = found.document["instrument"]
    form = FactsForm(**{"applies_from_stage": 1, **head}, revision=str(found.revision))
    if form.is_submitted_and_valid():
        try:
            refuse_number(form.version.data or "", _versions(instrument))
        except CannotFollow as error:
            form.refuse(error, form.version)
        else:
            if stored := _stored(form, instrument, edits.with_facts(form.facts(head)), _("Data instrumen disimpan.")):
                return stored
    return render_template("instruments/facts.html", form=form, draft=found), _status(form)


@bp.route("/pita", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def bands(instrument: str) -> ResponseReturnValue:
    found = _draft_or_gone(instrument)
    before = found.document["scoring"]["bands"]
    form = BandsForm(bands=before, revision=str(found.revision))
    if form.is_submitted_and_valid() and form.has_as_many_as(before):
        edit = edits.with_bands(form.document_bands(before))
        is_sound = not form.place(examine(edit(found.document))[1], before)
        if is_sound and (stored := _stored(form, instrument, edit, _("Pita disimpan."))):
            return stored
    return render_template("instruments/bands.html", form=form, draft=found), _status(form)


# Sections -------------------------------------------------------------------------------------------------------------


@bp.route("/bagian/baru", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def add_section(instrument: str) -> ResponseReturnValue:
    found = _draft_or_gone(instrument)
    return _section_form(found, SectionForm(revision=str(found.revision)), {})


@bp.route("/bagian/<section>", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def section(instrument: str, section: str) -> ResponseReturnValue:
    found = _draft_or_gone(instrument)
    before = _entry(found.document["sections"], "code", section)
    return _section_form(found, SectionForm(**before, revision=str(found.revision)), before)


def _section_form(found: DraftView, form: SectionForm, before: Mapping[str, Any]) -> ResponseReturnValue:
    if before:
        form.code.data, form.code.raw_data = before["code"], [before["code"]]
    if form.is_submitted_and_valid():
        edit = edits.with_section(form.section(before), is_new=not before)
        try:
            stored = _stored(form, found.code, edit, _("Bagian %(code)s disimpan.", code=form.code.data))
        except edits.CodeTaken as error:
            form.refuse(error, form.code)
        else:
            if stored:
                return stored
    return render_template("instruments/section.html", form=form, draft=found, before=before), _status(form)


@bp.post("/bagian/<section>/hapus")
@access(Role.ADMIN)
def remove_section(instrument: str, section: str) -> ResponseReturnValue:
    return _removed(instrument, edits.without_section(section), _("Bagian %(code)s dihapus.", code=section))


# Items ----------------------------------------------------------------------------------------------------------------


@bp.route("/butir/baru", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def add_item(instrument: str) -> ResponseReturnValue:
    """First which kind of answer, in the address; then the form that belongs to it."""
    found = _draft_or_gone(instrument)
    sections = page.section_choices(found)
    choice = NewItemForm(request.args)
    choice.section.choices = sections
    if not choice.validate():
        is_sent = "type" in request.args
        return render_template("instruments/new_item.html", form=choice, draft=found, is_sent=is_sent), _status(choice)
    kind = AnswerType(choice.type.data)
    used = frozenset(types_by_id(_versions(instrument)))
    form = item_form(kind)(
        revision=str(found.revision),
        new_id=edits.free_code(found.document, used),
        **_BEGINNING,
        section=choice.section.data,
    )
    if not edits.may_be_code(form.new_id.data, instrument) or form.new_id.data in used:  # made up
        form.take_another_code(edits.free_code(found.document, used))
    return _item_form(found, form, {"id": form.new_id.data}, is_new=True)


_BEGINNING = {"applies_from_stage": 1, "action_template_default_due_days": 30}
"""What a new item's form begins with."""


@bp.route("/butir/<item>", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def item(instrument: str, item: str) -> ResponseReturnValue:
    found = _draft_or_gone(instrument)
    before = _entry(found.document["items"], "id", item)
    kind = AnswerType(before["type"])
    form = item_form(kind)(revision=str(found.revision), **typed_of(before, kind))
    return _item_form(found, form, before, is_new=False)


def _item_form(found: DraftView, form: ItemForm, before: Mapping[str, Any], *, is_new: bool) -> ResponseReturnValue:
    form.section.choices = page.section_choices(found)
    item_id = str(before["id"])
    if form.is_submitted():
        is_valid = form.is_submitted_and_valid()
        edit = edits.with_item(form.item(before), is_new=is_new)
        try:
            is_sound = not form.place(examine(edit(found.document))[1], item_id) and is_valid
            if is_sound and (stored := _stored(form, found.code, edit, _("Butir %(code)s disimpan.", code=item_id))):
                return stored
        except edits.CodeTaken as error:
            form.refuse(error)
            form.take_another_code(edits.free_code(found.document, frozenset(types_by_id(_versions(found.code)))))
    return render_template("instruments/item.html", form=form, draft=found, item_id=item_id, is_new=is_new), _status(
        form
    )


@bp.post("/butir/<item>/hapus")
@access(Role.ADMIN)
def remove_item(instrument: str, item: str) -> ResponseReturnValue:
    return _removed(instrument, edits.without_item(item), _("Butir %(code)s dihapus dari draf.", code=item))


# Trying and publishing ------------------------------------------------------------------------------------------------


@bp.get("/uji")
@access(Role.ADMIN)
def try_out(instrument: str) -> ResponseReturnValue:
    shown = page.draft_page(_draft_or_gone(instrument), _versions(instrument), today=today())
    if not shown.can_be_tried:
        flash(_("Betulkan dahulu kesalahan draf ini; sesudah itu ia dapat dicoba."), "error")
        return redirect(url_for(".draft", instrument=instrument))
    return render_template("instruments/try_out.html", page=shown, run=_dry_run(shown))


@bp.route("/terbit", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def publish(instrument: str) -> ResponseReturnValue:
    versions, found = _versions(instrument), draft_of(reading(), instrument)
    form = PublishForm(effective_on=max(today(), versions[-1].effective_on))
    if form.is_submitted_and_valid() and (answer := _published(form, instrument)):
        return answer
    found = draft_of(reading(), instrument) if form.is_submitted() else found
    if found is None:
        flash(explained(service.DraftGone()), "info")
        return redirect(url_for("instruments.index"))
    shown = page.draft_page(found, versions, today=today())
    if not shown.can_be_published:
        flash(_("Draf ini belum dapat diterbitkan; sebabnya tertulis di bawah."), "error")
        return redirect(url_for(".draft", instrument=instrument))
    form.show_hash(shown.sha256)
    return render_template("instruments/publish.html", form=form, page=shown, run=_dry_run(shown)), _status(form)


def _published(form: PublishForm, instrument: str) -> ResponseReturnValue | None:
    """Publish, or say at the form why not."""
    actor, instant, day = request_actor(), now(), form.effective_on.data
    assert day is not None
    try:
        # The same press twice: the second finds the version that the first has published.
        version, _is_new = retry_on_conflict(
            lambda session: service.publish_draft(
                session,
                instrument,
                sha256=form.sha256.data or "",
                effective_on=day,
                today=today(),
                actor=actor,
                now=instant,
            )
        )
    except (service.StartsInPast, EffectiveTooEarly) as error:
        form.refuse(error, form.effective_on)
    except service.DraftChanged as error:
        form.refuse(error)
        form.form_errors = [*form.form_errors, _("Periksa sekali lagi apa yang diterbitkan.")]
    except (service.NothingNew, CannotFollow) as error:
        form.refuse(error)
    else:
        params = {"code": version.code, "version": version.version, "date": long_date(version.effective_on)}
        flash(_("%(code)s versi %(version)s terbit dan berlaku mulai %(date)s.", **params), "success")
        return redirect(url_for("instruments.index"))
    return None


def _dry_run(shown: page.DraftPage) -> page.DryRun:
    visible = visible_cooperatives(signed_in_user(), today=today())
    return page.try_out(reading(), shown.follows.instrument, shown.instrument, visible, today=today())


# For all of them ------------------------------------------------------------------------------------------------------


def _versions(instrument: str) -> list[Version]:
    versions = versions_of(reading(), instrument)
    if not versions:
        raise NotThere
    return versions


def _draft_or_gone(instrument: str) -> DraftView:
    found = draft_of(reading(), instrument)
    if found is None:
        _versions(instrument)
        raise service.DraftGone
    return found


def _entry(entries: list[dict[str, Any]], key: str, code: str) -> dict[str, Any]:
    found = next((each for each in entries if each[key] == code), None)
    if found is None:
        raise NotThere
    return found


def _stored(form: DraftForm, instrument: str, edit: edits.Edit, said: str) -> Response | None:
    """Make the change and go back to the draft; None when somebody else's change must be told of first.

    Raises:
        CodeTaken: as the edit says.
    """
    try:
        with transaction() as session:
            service.change_draft(
                session,
                instrument,
                edit,
                known_revision=form.revision.number,
                author_id=signed_in_user().id,
                actor=request_actor(),
                now=now(),
            )
    except service.DraftChanged:
        latest = _draft_or_gone(instrument)
        form.form_errors = [
            *form.form_errors,
            changed_by_words(latest),
            _("Isian Anda masih ada di bawah: periksa, lalu simpan sekali lagi."),
        ]
        form.revision.show(latest.revision)
        return None
    flash(said, "success")
    return redirect(url_for(".draft", instrument=instrument))


def _removed(instrument: str, edit: edits.Edit, said: str) -> ResponseReturnValue:
    form = DraftForm()
    try:
        stored = _stored(form, instrument, edit, said)
    except DomainError as error:
        flash(explained(error), "error")
    else:
        if stored:
            return stored
        flash(form.form_errors[0], "error")
    return redirect(url_for(".draft", instrument=instrument))


def _status(form: Any) -> int:
    return 400 if form.is_submitted() else 200

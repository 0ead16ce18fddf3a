"""Tablets: registered by themselves at sign-in, listed, named and revoked by people."""

import uuid

import msgspec
from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.devices import service
from pendamping.accounts.devices.forms import DeviceNameForm
from pendamping.accounts.devices.keys import BadKey, read_key
from pendamping.accounts.devices.models import NAME_LENGTH, Device
from pendamping.accounts.devices.policy import visible_devices
from pendamping.accounts.devices.queries import device_lines
from pendamping.accounts.session import DEVICE, signed_in_user
from pendamping.cooperatives.assignments.policy import manageable_people
from pendamping.field.queries import receipt_count
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.forms import tidy
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_

bp = Blueprint("devices", __name__)


class BadDevice(DomainError):
    code = "bad_device"
    status = 422
    explanation = N_("Pendaftaran tablet ini tidak terbaca.")


class Registration(msgspec.Struct):
    """What a tablet says of itself; without https it has no key."""

    name: str = ""
    public_key: str | None = None


@bp.put("/api/v1/devices/<uuid:device_id>")
@access(Role.FACILITATOR)
def register(device_id: uuid.UUID) -> ResponseReturnValue:
    """Know this tablet from now on, and this session as one on it: 201 for the first time, 200 after that."""
    said = _said()
    user, actor, instant = signed_in_user(), request_actor(), now()
    name = tidy(said.name)[:NAME_LENGTH]
    device, is_new = retry_on_conflict(
        lambda store: service.register_device(
            store,
            device_id,
            user,
            name=name,
            public_key=said.public_key,
            receipts=receipt_count(store, user.id),
            actor=actor,
            now=instant,
        )
    )
    session[DEVICE] = str(device.id)
    if device.revoked_at is not None:
        raise service.DeviceRevoked
    return jsonify(id=str(device.id), name=device.name, has_key=device.public_key is not None), 201 if is_new else 200


def _said() -> Registration:
    try:
        said = msgspec.json.decode(request.get_data(cache=False), type=Registration)
        if said.public_key is not None:
            read_key(said.public_key)
    except (msgspec.DecodeError, BadKey, RecursionError) as error:
        raise BadDevice from error
    return said


@bp.get("/perangkat")
@access(Role.FACILITATOR, Role.ADMIN)
def index() -> ResponseReturnValue:
    """One's own tablets; an admin's page shows those of all accounts of the region."""
    user = signed_in_user()
    people = manageable_people(user, today=today())
    lines = device_lines(reading(), visible_devices(user, people=people))
    return render_template("devices/index.html", lines=lines, is_own=user.role is not Role.ADMIN)


@bp.post("/perangkat/<uuid:device_id>/nama")
@access(Role.FACILITATOR, Role.ADMIN)
def rename(device_id: uuid.UUID) -> ResponseReturnValue:
    device = _device_or_404(device_id)
    form = DeviceNameForm()
    if not form.is_submitted_and_valid():
        flash(str(form.name.errors[0]) if form.name.errors else _("Nama tablet tidak terbaca."), "error")
        return redirect(url_for(".index"))
    with transaction() as store:
        service.rename_device(store, device, form.name.data or "", actor=request_actor(), now=now())
    flash(_("Nama tablet disimpan."), "success")
    return redirect(url_for(".index"))


@bp.post("/perangkat/<uuid:device_id>/pencabutan")
@access(Role.FACILITATOR, Role.ADMIN)
def revoke(device_id: uuid.UUID) -> ResponseReturnValue:
    device = _device_or_404(device_id)
    with transaction() as store:
        service.revoke_device(store, device, by=signed_in_user(), actor=request_actor(), now=now())
    flash(_("Tablet %(name)s dicabut. Antreannya masih dapat diserahkan selama 60 hari.", name=device.name), "success")
    return redirect(url_for(".index"))


def _device_or_404(device_id: uuid.UUID) -> Device:
    user = signed_in_user()
    visible = visible_devices(user, people=manageable_people(user, today=today()))
    device = reading().scalar(visible.where(Device.id == device_id))
    if device is None:
        raise NotThere
    return device

"""The agency's pages of instruments: every version of each, to read and to take away as a file."""

import re
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.instruments.drafting import page
from pendamping.instruments.drafting.policy import can_draft
from pendamping.instruments.drafting.queries import version_called
from pendamping.instruments.exchange.queries import Version, document_of, in_force, versions_of
from pendamping.instruments.exchange.sheets import DoesNotFit, workbook_of
from pendamping.instruments.exchange.yaml_text import yaml_of
from pendamping.kernel.access import access, now, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.i18n import explained
from pendamping.kernel.roles import AGENCY

bp = Blueprint("instruments", __name__, url_prefix="/instrumen")

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml; charset=utf-8",
}


@bp.get("")
@access(AGENCY)
def index() -> ResponseReturnValue:
    lines = page.instrument_lines(reading(), today=today())
    return render_template("instruments/index.html", lines=lines, may_draft=can_draft(signed_in_user()))


@bp.get("/<instrument>/versi/<version>")
@access(AGENCY)
def version(instrument: str, version: str) -> ResponseReturnValue:
    versions = versions_of(reading(), instrument)
    found = _called(versions, version)
    state = "to_come" if found.effective_on > today() else "older"
    if found == in_force(versions, today()):
        state = "now"
    return render_template("instruments/version.html", version=found, instrument=found.instrument, state=state)


@bp.get("/<instrument>/versi/<version>/berkas.<kind>")
@access(AGENCY)
def file(instrument: str, version: str, kind: str) -> ResponseReturnValue:
    found = _called(versions_of(reading(), instrument), version)
    try:
        return instrument_file(document_of(reading(), found), kind)
    except DoesNotFit as error:
        flash(explained(error), "error")
        return redirect(url_for(".version", instrument=instrument, version=version))


def _called(versions: Sequence[Version], number: str) -> Version:
    found = version_called(versions, number)
    if found is None:
        raise NotThere
    return found


def instrument_file(document: Mapping[str, object], kind: str) -> Response:
    """A document as a file to take away: KL-0.2.0.xlsx.

    Raises:
        NotThere: no such kind of file is made.
        DoesNotFit: a workbook would give it back changed.
    """
    if kind not in FORMATS:
        raise NotThere
    content = workbook_of(document, made_at=now()) if kind == "xlsx" else yaml_of(document).encode()
    head = document["instrument"]
    assert isinstance(head, Mapping)
    name = re.sub(r"[^0-9A-Za-z.-]", "-", f"{head['code']}-{head['version']}.{kind}")
    response = Response(content, content_type=FORMATS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""The page of exports, and the files that it answers with."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from flask import Blueprint, Response, render_template, send_file, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.forms import fail
from pendamping.kernel.roles import STAFF
from pendamping.reports.exports.cells import Row, csv_chunks
from pendamping.reports.exports.columns import TABLES, Format, Kind
from pendamping.reports.exports.forms import KIND_WORDS, ExportForm
from pendamping.reports.exports.queries import Place, batches_of, count_rows, has_more_than, places_of
from pendamping.reports.exports.service import record_export
from pendamping.reports.exports.words import vocabulary_of
from pendamping.reports.exports.workbook import write_workbook

bp = Blueprint("exports", __name__)

MOST_ROWS_OF_A_WORKBOOK = 100_000
"""A workbook goes out once it is whole: beyond this a browser would wait too long. CSV flows, the command waits."""
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/ekspor", methods=["GET", "POST"])
@access(STAFF, keeps_typed=True)
def index() -> ResponseReturnValue:
    """What can be exported, with what each column means; posted, the file itself."""
    form = ExportForm()
    if form.is_submitted_and_valid() and _fits(form):
        return _file(form)
    tables = {kind: (KIND_WORDS[kind], TABLES[kind]) for kind in Kind}
    return render_template("exports/index.html", form=form, tables=tables), 400 if form.is_submitted() else 200


def _fits(form: ExportForm) -> bool:
    if form.format is Format.CSV:
        return True
    seen = visible_cooperatives(signed_in_user(), today=today())
    too_many = has_more_than(reading(), Kind(form.kind.data), seen, MOST_ROWS_OF_A_WORKBOOK, year=form.year.data)
    if too_many:
        words = _("Lebih dari 100.000 baris terlalu banyak untuk satu XLSX di sini. Pilih satu tahun, atau ambil CSV.")
        fail(form.form, words)
    return not too_many


def _file(form: ExportForm) -> Response:
    kind, year = Kind(form.kind.data), form.year.data
    seen = visible_cooperatives(signed_in_user(), today=today())
    places = places_of(reading(), seen)
    terms: dict[str, Any] = {"form": form.format, "year": year, "cooperatives": len(places)}
    with transaction() as session:  # on record before the first row goes
        record_export(session, kind, **terms, actor=request_actor(), now=now())
    batches = _batches(kind, places, year)
    name = "-".join(part for part in (TABLES[kind].name, str(year or ""), today().isoformat()) if part)
    if form.format is Format.CSV:
        response = _as_csv(kind, batches, form.separator, name)
        response.headers["X-Rows"] = str(count_rows(reading(), kind, seen, year=year))
        return response
    return _as_workbook(kind, batches, year, name)


def _batches(kind: Kind, places: Sequence[Place], year: int | None) -> Iterator[Sequence[Row]]:
    """Reads with the session of whoever takes the rows: an answer that flows outlives the one of its request."""
    for _done, rows in batches_of(reading(), kind, places, vocabulary_of(reading()), year=year):
        yield rows


def _as_csv(kind: Kind, batches: Iterator[Sequence[Row]], separator: str, name: str) -> Response:
    chunks = csv_chunks(TABLES[kind].columns, batches, separator=separator)
    response = Response(stream_with_context(chunks), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _as_workbook(kind: Kind, batches: Iterator[Sequence[Row]], year: int | None, name: str) -> Response:
    made_at = now().astimezone(OFFICE_TZ)
    about = [f"Tahun: {year or 'semua'}", f"Dibuat: {made_at:%Y-%m-%d %H:%M} WITA oleh {signed_in_user().name}"]
    with ExitStack() as unless_sent:
        file = unless_sent.enter_context(tempfile.TemporaryFile(prefix="pendamping-"))
        write_workbook(file, TABLES[kind], batches, about=about, made_at=made_at)
        unless_sent.pop_all()  # the answer that sends it closes it
    file.seek(0)
    return send_file(file, mimetype=WORKBOOK_TYPE, as_attachment=True, download_name=f"{name}.xlsx")

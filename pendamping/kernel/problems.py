"""Errors as people and machines see them: a page with a way out, or an `application/problem+json` document."""

import errno
import json
from dataclasses import dataclass, field

import structlog
from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from pendamping.kernel.access import SIGN_IN_ENDPOINT, forget_who_asks, is_api_request, login_manager
from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import explained

BUSY_CLASSES = ("40", "53", "55")
"""PostgreSQL's classes of errors that pass by themselves: deadlock, too many connections, a lock not to be had."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Problem:
    """One error, ready to be shown. `ways_out` are (label, address) pairs, the best first."""

    status: int
    code: str
    title: str
    explanation: str
    request_id: str | None = None
    ways_out: list[tuple[str, str]] = field(default_factory=list)


_SAID = {
    400: ("bad_request", _l("Permintaan tidak terbaca"), _l("Muat ulang halaman, lalu coba sekali lagi.")),
    401: ("not_signed_in", _l("Anda belum masuk"), _l("Masuk dahulu untuk melanjutkan.")),
    403: ("not_allowed", _l("Tidak berwenang"), _l("Akun Anda tidak berwenang membuka halaman ini.")),
    404: ("not_found", _l("Tidak ditemukan"), _l("Halaman atau data ini tidak ada, atau bukan bagian Anda.")),
    405: ("method_not_allowed", _l("Cara ini tidak dikenal"), _l("Alamat ini tidak menerima permintaan seperti itu.")),
    409: (
        "conflict",
        _l("Sudah berubah sementara itu"),
        _l("Data ini sudah diubah dari tempat lain. Buka lagi halamannya untuk melihat yang terbaru."),
    ),
    413: ("body_too_large", _l("Terlalu besar"), _l("Kiriman melebihi batas. Perkecil berkas atau persingkat isian.")),
    415: ("wrong_content_type", _l("Jenis isi tidak dikenal"), _l("Kirim isi dengan jenis yang diminta alamat ini.")),
    429: ("too_many_requests", _l("Terlalu sering"), _l("Tunggu beberapa menit, lalu coba lagi.")),
    500: (
        "internal_error",
        _l("Ada kesalahan pada sistem"),
        _l("Kesalahan sudah dicatat. Coba lagi; bila terulang, sampaikan nomor di bawah kepada admin."),
    ),
    503: ("busy", _l("Sedang sibuk"), _l("Basis data sedang dipakai penuh. Coba lagi sebentar lagi.")),
}


def register_error_pages(app: Flask) -> None:
    """Register one handler for each kind of error, and the answer to people who are not signed in."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(OSError, _file_error)
    app.register_error_handler(Exception, _unexpected)
    login_manager.unauthorized_handler(_not_signed_in)


def _not_signed_in() -> ResponseReturnValue:
    if is_api_request():
        return answer(problem(401))
    wanted = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
    return redirect(url_for(SIGN_IN_ENDPOINT, next=wanted))


def problem(status: int, *, code: str | None = None, explanation: str | None = None) -> Problem:
    known = status if status in _SAID else (500 if status >= 500 else 400)
    default_code, title, default_explanation = _SAID[known]
    return Problem(
        status=status,
        code=code or default_code,
        title=str(title),
        explanation=explanation or str(default_explanation),
        request_id=getattr(g, "request_id", None),
        ways_out=[] if _wants_document() else _ways_out(status),
    )


def _ways_out(status: int) -> list[tuple[str, str]]:
    home = (_("Ke beranda"), url_for("home"))
    again = (_("Muat ulang halaman ini"), request.full_path.rstrip("?"))
    match status:
        case 409 | 429 | 500 | 503 if request.method == "GET" and request.endpoint:
            return [again, home]
        case 400 | 409 | 413 if request.referrer and request.referrer.startswith(request.host_url):
            return [(_("Kembali ke halaman sebelumnya"), request.referrer), home]
        case 429:
            return [(_("Kembali ke halaman masuk"), url_for(SIGN_IN_ENDPOINT)), home]
        case _:
            return [home]


def _wants_document() -> bool:
    """A page leads somewhere, and from a host that no address can name nothing leads anywhere."""
    return is_api_request() or request_ctx.url_adapter is None


def answer(shown: Problem) -> Response:
    if _wants_document():
        body = {
            "type": f"urn:pendamping:problem:{shown.code}",
            "title": shown.title,
            "status": shown.status,
            "code": shown.code,
            "detail": shown.explanation,
            "request_id": shown.request_id,
        }
        response = make_response(json.dumps(body, ensure_ascii=False))
        response.content_type = "application/problem+json"
    else:
        response = make_response(render_template("errors/problem.html", problem=shown))
    response.status_code = shown.status
    response.headers["Cache-Control"] = "no-store"
    return response


def _domain_error(error: DomainError) -> Response:
    return answer(problem(error.status, code=error.code, explanation=explained(error)))


def _csrf_error(error: CSRFError) -> Response:
    explanation = _(
        "Halaman ini terlalu lama terbuka atau dikirim dari tempat lain. Muat ulang, lalu kirim sekali lagi."
    )
    return answer(problem(400, code="bad_csrf", explanation=explanation))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, InternalServerError):  # making another error's page has failed
        return _unexpected(error.original_exception or error)
    status = error.code or 500
    if status < 400:
        return error.get_response()
    shown = answer(problem(status))
    for name, value in error.get_headers():
        if name == "Allow" or name == "Retry-After":
            shown.headers[name] = value
    return shown


def _database_error(error: OperationalError) -> Response:
    if "database is locked" in str(error.orig) or str(getattr(error.orig, "sqlstate", None))[:2] in BUSY_CLASSES:
        log.warning("database_busy")
        return _come_again(problem(503), seconds=5)
    if _is_full(error):
        return _no_room(error)
    return _unexpected(error)


def _is_full(error: BaseException | None) -> bool:
    """SQLite gives up the whole transaction when the disk is full; then the savepoint cannot be given up, which is
    what is said last.
    """
    return error is not None and ("disk is full" in str(error) or _is_full(error.__context__))


def _file_error(error: OSError) -> Response:
    return _no_room(error) if error.errno in NO_ROOM else _unexpected(error)


def _no_room(error: Exception) -> Response:
    log.error("disk_full", exc_info=error)
    explanation = _("Penyimpanan server penuh. Isian tetap ada di perangkat; beri tahu admin, lalu kirim lagi.")
    return _come_again(problem(503, code="disk_full", explanation=explanation), seconds=60)


def _come_again(shown: Problem, *, seconds: int) -> Response:
    response = answer(shown)
    response.headers["Retry-After"] = str(seconds)
    return response


def _unexpected(error: BaseException) -> Response:
    log.error("unexpected_error", exc_info=error)
    forget_who_asks()  # the page must not need what just failed
    return answer(problem(InternalServerError.code))

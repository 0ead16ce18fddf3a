"""What every answer carries: strict headers, a request id, compression, and static files that never go stale."""

import base64
import hashlib
import re
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import structlog
from flask import Flask, Response, abort, current_app, g, has_request_context, request, send_from_directory, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_compress import Compress
from flask_login import current_user
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from pendamping.kernel.access import allow_large_bodies, is_known_to_be_signed_in, public
from pendamping.kernel.pack import HEADER as PACK_HEADER
from pendamping.kernel.stylesheets import whole

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
YEAR_IN_SECONDS = 31_536_000
BESIDE = re.compile(r'url\("\.\./([^"]+)"\)')
_STYLE_HERE = "pendamping.style_here"
COMPRESSED_TYPES = [
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/problem+json",
    "image/svg+xml",
]

log = structlog.get_logger()


class SchemeAwareSessions(SecureCookieSessionInterface):
    """Cookies are `Secure` exactly when the page is served over https, and static files carry none. One that lasts is
    made to last longer only where the session was looked at: that of a session which has ended runs out.
    """

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return session.modified or (session.permanent and "_login_user" in g)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        # A static file may be kept by any cache on the way; somebody's session must not be kept with it.
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_web(app: Flask) -> None:
    """Register headers, request id, access log, compression and the static route."""
    app.session_interface = SchemeAwareSessions()
    # Served on loopback, behind the office's web server: the last address it noted is the person's.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.config.update(
        COMPRESS_MIMETYPES=COMPRESSED_TYPES,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],  # static files; over plain http browsers know gzip only
        COMPRESS_BR_LEVEL=4,
        COMPRESS_REGISTER=False,
    )
    app.after_request(_compressing(Compress(app)))
    app.before_request(_begin)
    app.before_request(allow_large_bodies)
    app.before_request(_refuse_nul)
    app.after_request(_finish)
    _serve_static_files(app)


def _compressing(compress: Compress) -> Callable[[Response], Response]:
    """A page that comes back with its faults is as long as any, but the extension leaves alone what went wrong."""

    def compressed(response: Response) -> Response:
        status = response.status
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            response.status_code = HTTPStatus.OK
        answer: Response = compress.after_request(response)
        if answer.status_code == HTTPStatus.OK:
            answer.status = status
        return answer

    return compressed


def _begin() -> None:
    g.request_id = uuid.uuid4().hex
    g.began_at = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _refuse_nul() -> None:
    """No text of ours holds a NUL, no keyboard types one, and PostgreSQL fails on it instead of finding nothing."""
    sent = (value for values in request.form.listvalues() for value in values)
    if "\0" in request.path or b"%00" in request.query_string or any("\0" in value for value in sent):
        abort(400)


def _finish(response: Response) -> Response:
    if digest := request.environ.get(_STYLE_HERE):
        allowed = CONTENT_SECURITY_POLICY.replace("style-src 'self'", f"style-src 'self' '{digest}'")
        response.headers.setdefault("Content-Security-Policy", allowed)
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_IN_SECONDS}")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if response.mimetype == "text/html" and is_known_to_be_signed_in():
        # A tablet keeps pages apart by person, and the ones it keeps apart from those it shows at once.
        response.headers["X-Pendamping-User"] = str(current_user.id)
        response.vary.update((PACK_HEADER, "Cookie"))
    if request_id := getattr(g, "request_id", None):
        response.headers["X-Request-Id"] = request_id
    if request.endpoint != "static":
        took_ms = round((time.perf_counter() - getattr(g, "began_at", time.perf_counter())) * 1000, 1)
        response.headers["Server-Timing"] = f"app;dur={took_ms}"
        log.info(
            "request",
            method=request.method,
            endpoint=request.endpoint,
            path=request.path,
            status=response.status_code,
            took_ms=took_ms,
            user=str(current_user.id) if is_known_to_be_signed_in() else None,
        )
    return response


def _serve_static_files(app: Flask) -> None:
    folder = Path(app.root_path) / "static"
    build = build_of(folder)
    app.config["BUILD"] = build
    app.extensions["static_addresses"] = {}  # a page names its drawings a hundred times

    @public()
    def static(build: str, filename: str) -> Response:
        response = _whole_stylesheet(folder, filename) or send_from_directory(folder, filename, conditional=True)
        if close := getattr(response.response, "close", None):
            response.call_on_close(close)  # compression puts a body of its own in the file's place
        if build == current_app.config["BUILD"]:
            response.headers["Cache-Control"] = f"public, max-age={YEAR_IN_SECONDS}, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response

    app.add_url_rule("/static/<build>/<path:filename>", endpoint="static", view_func=static)
    app.add_template_global(static_url)
    app.add_template_global(style_here)


def _whole_stylesheet(folder: Path, filename: str) -> Response | None:
    """One that imports others is sent with them inside; None for any other file."""
    path = folder / filename
    if path.suffix != ".css" or path.parent.name != "css" or not path.is_file():
        return None
    text = whole(path)
    if text is None:
        return None
    response = Response(text, mimetype="text/css")
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:20])
    response.make_conditional(request)
    return response


def static_url(filename: str) -> str:
    """The address of a static file under the build it belongs to, so that browsers may keep it for ever."""
    if current_app.debug and not (Path(current_app.root_path) / "static" / filename).is_file():
        abort(500)
    build: str = current_app.config["BUILD"]
    if not has_request_context():
        return url_for("static", build=build, filename=filename)
    addresses: dict[tuple[str, str, str], str] = current_app.extensions["static_addresses"]
    key = request.script_root, build, filename
    if key not in addresses:
        addresses[key] = url_for("static", build=build, filename=filename)
    return addresses[key]


def style_here(filename: str, kept_by: str) -> Markup:
    """A stylesheet inside the page, for pages that are opened over a thin line: one wait less than a file beside it,
    and only the rules that the classes in the list `kept_by` ask for.

    The answer's policy names the hash of these very bytes, so no other style counts on that page either.
    """
    folder = Path(current_app.root_path) / "static"
    text = whole(folder / filename, folder / kept_by)
    if text is None:
        abort(500)
    text = BESIDE.sub(lambda found: f'url("{static_url(found[1])}")', text)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    request.environ[_STYLE_HERE] = f"sha256-{digest}"
    return Markup(f"<style>{text}</style>")  # noqa: S704  # the product's own file


def build_of(folder: Path) -> str:
    """A name for these very static files: it changes when any of them does."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

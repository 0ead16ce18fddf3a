"""Who may call which endpoint. Denied unless allowed: an endpoint without `@access` keeps the app from starting."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import flask
from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect

from pendamping.kernel.audit import Actor
from pendamping.kernel.clock import office_date
from pendamping.kernel.errors import DomainError, NotAllowed
from pendamping.kernel.roles import EVERYONE, Role, holds_a_city
from pendamping.kernel.words import N_

SIGN_IN_ENDPOINT = "accounts.sign_in"
LEAVING_ENDPOINT = "field.leaving"
CHANGE_PASSWORD_ENDPOINT = "accounts.change_password"  # noqa: S105  # an endpoint's name

login_manager = LoginManager()
login_manager.session_protection = None  # a tablet changes its address all day
csrf = CSRFProtect()

READING = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


class PasswordMustChange(DomainError):
    code = "password_must_change"
    status = 403
    explanation = N_("Ganti kata sandi sekali pakai Anda dahulu.")


@dataclass(frozen=True, slots=True)
class Access:
    """What one endpoint allows.

    is_public: anybody may, signed in or not.
    keeps_typed: the view's own form checks the CSRF token, so that a stale one gives back what was typed.
    before_password_change: may be used by someone who must change a one-time password first.
    body_megabytes: how much a request may carry, where that is more than the small limit of all others.
    for_leavers: also for whoever has left and only hands in what waits on a tablet.
    sets_for_all: what is sent holds for every region; an admin of less than a city only reads.
    """

    roles: frozenset[Role]
    keeps_typed: bool = False
    is_public: bool = False
    before_password_change: bool = False
    body_megabytes: int | None = None
    for_leavers: bool = False
    sets_for_all: bool = False

    def is_read_only_for(self, scope_prefix: str) -> bool:
        return self.sets_for_all and not holds_a_city(scope_prefix)


def access(
    *roles: Role | frozenset[Role],
    keeps_typed: bool = False,
    before_password_change: bool = False,
    body_megabytes: int | None = None,
    for_leavers: bool = False,
    sets_for_all: bool = False,
) -> Callable[[View], View]:
    """Say who may call a view: `@access(Role.FACILITATOR)` or `@access(STAFF)`."""
    allowed = frozenset[Role]().union(*({each} if isinstance(each, Role) else each for each in roles))
    return _marked(
        Access(allowed, keeps_typed, False, before_password_change, body_megabytes, for_leavers, sets_for_all)
    )


def public(*, keeps_typed: bool = False) -> Callable[[View], View]:
    """Say that anybody may call a view, signed in or not."""
    return _marked(Access(EVERYONE, is_public=True, keeps_typed=keeps_typed, before_password_change=True))


def _marked(rule: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        cast("Any", view).access = rule
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> Access:
    """The rule of an endpoint, for the guard and for the test that walks them all."""
    rule = getattr(app.view_functions[endpoint], "access", None)
    if not isinstance(rule, Access):
        raise RuntimeError(f"endpoint {endpoint} does not say who may call it: mark its view with @access or @public")
    return rule


def allow_large_bodies() -> None:
    """Before anything reads the body: endpoints that take files take more, from those who may call them."""
    if request.endpoint is None:
        return
    rule = access_of(current_app, request.endpoint)
    if rule.body_megabytes and current_user.is_authenticated and current_user.role in rule.roles:
        request.max_content_length = rule.body_megabytes * 1024 * 1024


def guard_every_endpoint(app: Flask) -> None:
    """Put the guard before every request, and refuse to start with an endpoint that has no rule."""
    for endpoint in app.view_functions:
        access_of(app, endpoint)
    app.before_request(_guard)


def is_for_leavers() -> bool:
    """Whether this request is for an endpoint at which a queue is handed in."""
    return request.endpoint is not None and access_of(current_app, request.endpoint).for_leavers


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: the router's own answer follows
    rule = access_of(current_app, request.endpoint)
    is_stranger = not rule.is_public and not current_user.is_authenticated
    if not rule.keeps_typed and not (is_stranger and is_api_request()):
        csrf.protect()  # a tablet whose session has ended must sign in, not fetch another token
    if rule.is_public:
        return None
    if is_stranger and g.get("leaving") and not is_api_request():
        return flask.redirect(flask.url_for(LEAVING_ENDPOINT))
    if is_stranger:
        refusal: ResponseReturnValue = login_manager.unauthorized()
        return refusal
    if not _may_call(rule):
        raise NotAllowed
    if current_user.must_change_password and not rule.before_password_change and not g.get("leaving"):
        return _ask_for_a_password()
    return None


def _may_call(rule: Access) -> bool:
    only_reads = rule.is_read_only_for(current_user.scope_prefix)
    return current_user.role in rule.roles and (not only_reads or request.method in READING)


def _ask_for_a_password() -> ResponseReturnValue:
    if is_api_request():
        raise PasswordMustChange
    return flask.redirect(flask.url_for(CHANGE_PASSWORD_ENDPOINT))


_PERSON = "_login_user"
"""Where Flask-Login keeps the person of a request: it has no public way to ask whether they were looked up already, nor
to make them nobody without signing them out.
"""


def is_known_to_be_signed_in() -> bool:
    """Whether somebody is signed in, as far as this request has asked: the answer costs no query."""
    return bool(g.get(_PERSON)) and bool(current_user.is_authenticated)


def forget_who_asks() -> None:
    """From here on the request is nobody's, so that its page asks the database nothing; they stay signed in."""
    setattr(g, _PERSON, login_manager.anonymous_user())


def is_read_only() -> bool:
    """Whether this page shows what its reader may not change, because it holds for more than their region."""
    if request.endpoint is None or not current_user.is_authenticated:
        return False
    return access_of(current_app, request.endpoint).is_read_only_for(current_user.scope_prefix)


def is_api_request() -> bool:
    """Whether a program asks rather than a person: it gets documents, no pages and no redirects to the sign-in."""
    return request.path.startswith("/api/") or request.mimetype == "application/json"


def now() -> dt.datetime:
    """The instant by the app's clock; services get it as an argument."""
    instant: dt.datetime = current_app.extensions["clock"]()
    return instant


def today() -> dt.date:
    """The office's date by the app's clock."""
    return office_date(now())


def request_actor() -> Actor:
    """The signed-in person as the audit log names them."""
    return Actor(current_user.id, current_user.name, getattr(g, "request_id", None))

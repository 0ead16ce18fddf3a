"""Puts the app together: settings, database, features, error pages. Knows every feature."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import assert_never

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_migrate import Migrate
from sqlalchemy import text

from pendamping import __version__
from pendamping.accounts.devices.routes import bp as devices
from pendamping.accounts.links.routes import bp as links
from pendamping.accounts.people.routes import bp as people
from pendamping.accounts.routes import bp as accounts
from pendamping.accounts.session import signed_in_user, unread_reminders
from pendamping.activities.routes import bp as activities
from pendamping.attachments.routes import bp as attachments
from pendamping.cooperatives.assignments.handover.routes import bp as handover
from pendamping.cooperatives.assignments.routes import bp as assignments
from pendamping.cooperatives.partnerships.routes import bp as partnerships
from pendamping.cooperatives.programme.routes import bp as programme
from pendamping.cooperatives.proposals.routes import bp as proposals
from pendamping.cooperatives.records.routes import bp as records
from pendamping.cooperatives.routes import bp as cooperatives
from pendamping.desk.attention.routes import bp as attention
from pendamping.desk.programme.routes import bp as programme_view
from pendamping.desk.routes import home as agencys_home
from pendamping.field.copies.routes import bp as copies
from pendamping.field.quarantine.routes import bp as quarantine
from pendamping.field.routes import bp as field
from pendamping.field.routes import home as facilitators_home
from pendamping.field.worker.routes import bp as field_worker
from pendamping.instruments.drafting.routes import bp as drafting
from pendamping.instruments.routes import bp as instruments
from pendamping.kernel.access import access, csrf, guard_every_endpoint, is_read_only, login_manager, public, today
from pendamping.kernel.clock import Clock, utc_now
from pendamping.kernel.database import db, prepare_engine
from pendamping.kernel.files import init_files
from pendamping.kernel.filestore import FileStore
from pendamping.kernel.i18n import init_i18n
from pendamping.kernel.icons import init_icons
from pendamping.kernel.logs import configure_logging
from pendamping.kernel.pack import init_pack
from pendamping.kernel.problems import register_error_pages
from pendamping.kernel.roles import EVERYONE, Role
from pendamping.kernel.web import init_web
from pendamping.navigation import can_search, field_user, navigation
from pendamping.operations.backup.jobs import NIGHTLY_COPY
from pendamping.plans.actions.routes import bp as actions
from pendamping.plans.board.routes import bp as board
from pendamping.plans.goals.routes import bp as goals
from pendamping.plans.routes import bp as plans
from pendamping.portal.actions.routes import bp as own_actions
from pendamping.portal.figures.routes import bp as own_figures
from pendamping.portal.routes import bp as portal
from pendamping.portal.routes import plan as cooperatives_own_plan
from pendamping.progress.explained.routes import bp as explained
from pendamping.progress.followed.routes import bp as followed
from pendamping.progress.routes import bp as progress
from pendamping.progress.stages.routes import bp as stages
from pendamping.reminders import models as _calendar_tables  # noqa: F401  # the database knows every table
from pendamping.reminders.admin.routes import bp as reminder_admin
from pendamping.reminders.calendar.routes import bp as obligations
from pendamping.reminders.jobs import JOBS
from pendamping.reminders.owed.routes import bp as duties
from pendamping.reminders.routes import bp as reminders
from pendamping.reminders.scheduler import register_jobs
from pendamping.reports.evaluation.routes import bp as evaluations
from pendamping.reports.exports.routes import bp as exports
from pendamping.reports.monthly.routes import bp as monthly
from pendamping.reports.routes import bp as reports
from pendamping.search.routes import bp as search
from pendamping.settings import Settings
from pendamping.template_globals import template_globals
from pendamping.visits.corrections.routes import bp as corrections
from pendamping.visits.drafts.routes import bp as drafts
from pendamping.visits.requests.routes import bp as requests
from pendamping.visits.routes import bp as visits
from pendamping.visits.schedule.routes import bp as schedule

MEGABYTE = 1024 * 1024
FEATURES = (
    people,
    devices,
    assignments,
    handover,
    programme,
    instruments,
    drafting,
    accounts,
    attachments,
    cooperatives,
    records,
    proposals,
    partnerships,
    visits,
    drafts,
    corrections,
    requests,
    schedule,
    plans,
    actions,
    board,
    goals,
    activities,
    progress,
    explained,
    followed,
    stages,
    reports,
    reminders,
    attention,
    monthly,
    duties,
    evaluations,
    exports,
    programme_view,
    reminder_admin,
    obligations,
    field,
    field_worker,
    quarantine,
    copies,
    portal,
    own_actions,
    own_figures,
    links,
    search,
)
SESSION_LASTS = dt.timedelta(days=30)


def create_app(
    settings: Settings | None = None, *, clock: Clock = utc_now, overrides: Mapping[str, object] = {}
) -> Flask:
    """Build the app.

    Args:
        clock: tells the time; tests hand in their own.
        overrides: Flask configuration that tests need to differ.

    Raises:
        BadSetting: naming the setting that cannot be used.
    """
    settings = settings or Settings.from_environment()
    app = Flask("pendamping", static_folder=None, instance_path=str(settings.instance))
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # an error that is logged must not tell what was typed
        PERMANENT_SESSION_LIFETIME=SESSION_LASTS,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="pendamping",
        WTF_CSRF_CHECK_DEFAULT=False,  # the guard asks for it, so that a form can keep what was typed
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        MAX_CONTENT_LENGTH=2 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=4000,
    )
    app.config.update(overrides)
    app.extensions.update(clock=clock, another_app=partial(create_app, clock=clock))
    configure_logging()
    init_web(app)
    init_icons(app)
    _open_database(app)
    init_files(app, FileStore(settings.instance / "berkas"))
    login_manager.init_app(app)
    csrf.init_app(app)
    init_i18n(app)
    register_error_pages(app)
    init_pack(app)
    register_jobs(app, (*JOBS, NIGHTLY_COPY))
    _init_templates(app)
    for feature in FEATURES:
        app.register_blueprint(feature)
    app.add_url_rule("/", endpoint="home", view_func=home)
    app.add_url_rule("/healthz", endpoint="healthz", view_func=healthz)
    guard_every_endpoint(app)
    return app


def _open_database(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=f"{app.root_path}/migrations", render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine)


def _init_templates(app: Flask) -> None:
    app.jinja_env.globals.update(template_globals())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(
        lambda: {
            "user": current_user if current_user.is_authenticated else None,
            "nav": navigation(),
            "field_user": field_user(),
            "can_search": can_search(),
            "is_read_only": is_read_only(),
            "unread_reminders": unread_reminders,
            "programme_label": f"KKMP Balikpapan · {today().year}",
        }
    )


@access(EVERYONE)
def home() -> ResponseReturnValue:
    """Everybody's first page."""
    match signed_in_user().role:
        case Role.FACILITATOR:
            return facilitators_home()
        case Role.AGENCY_HEAD | Role.ADMIN:
            return agencys_home()
        case Role.COOPERATIVE:
            return cooperatives_own_plan()
        case other:
            assert_never(other)


@public()
def healthz() -> ResponseReturnValue:
    """For whoever watches the server: 200 while the database answers."""
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok", version=__version__)

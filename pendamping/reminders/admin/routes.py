"""The admin's pages: rules with a preview, calendar, jobs and what became of digests."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pendamping.accounts.session import signed_in_user
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import date_in
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import Role
from pendamping.reminders.admin import page, service
from pendamping.reminders.admin.forms import KINDS, CalendarFileForm, DayOffForm, RuleForm
from pendamping.reminders.admin.reading import days_off_in
from pendamping.reminders.channels.gateway import faults_of
from pendamping.reminders.queries import rules_in_force
from pendamping.reminders.rules import Rule
from pendamping.reminders.scheduler import current_jobs
from pendamping.reminders.sending import ways_of
from pendamping.reminders.words import channel_word, counted_from, days_of_rule, hearer_word, outcome_word

bp = Blueprint("reminder_admin", __name__)
for word in (counted_from, days_of_rule, hearer_word, outcome_word):
    bp.add_app_template_global(word)


@bp.get("/pengingat")
@access(Role.ADMIN)
def rules() -> ResponseReturnValue:
    return render_template("reminder_admin/rules.html", groups=page.rule_groups(reading(), today=today()))


@bp.route("/pengingat/<rule_name>", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def rule(rule_name: str) -> ResponseReturnValue:
    """The form; sent with `lihat` it only shows what it would have done."""
    before = _rule_or_404(rule_name)
    form = RuleForm.about(before)
    seen = None
    if form.is_submitted_and_valid():
        wanted = form.rule(before)
        if "lihat" not in request.form:
            actor, instant = request_actor(), now()
            retry_on_conflict(lambda session: service.change_rule(session, wanted, actor=actor, now=instant))
            flash(_("Aturan disimpan. Berlaku mulai hari kerja berikutnya."), "success")
            return redirect(url_for(".rules"))
        seen = page.preview(reading(), wanted, today=today())
    status = 400 if form.is_submitted() and seen is None else 200
    return render_template("reminder_admin/rule.html", form=form, rule=before, preview=seen), status


def _rule_or_404(name: str) -> Rule:
    known = page.rule_code(name)
    if known is None:
        raise NotThere
    return rules_in_force(reading())[known]


@bp.route("/kalender", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def calendar() -> ResponseReturnValue:
    """Days off and obligations of a year; sent, one more day off."""
    form = DayOffForm()
    if form.is_submitted_and_valid():
        day, actor, instant = form.day_off(), request_actor(), now()
        retry_on_conflict(lambda session: service.add_days_off(session, [day], actor=actor, now=instant))
        flash(_("Hari libur disimpan."), "success")
        return redirect(url_for(".calendar", tahun=day.on.year))
    return _calendar(form, CalendarFileForm(formdata=None)), 400 if form.is_submitted() else 200


def _calendar(form: DayOffForm, file_form: CalendarFileForm) -> str:
    day = date_in(f"{request.args.get('tahun', '')}-01-01") or today()
    shown = page.calendar_page(reading(), day.year, today=today())
    terms: dict[str, Any] = {"page": shown, "form": form, "file_form": file_form, "kinds": KINDS}
    return render_template("reminder_admin/calendar.html", **terms)


@bp.post("/kalender/berkas")
@access(Role.ADMIN, keeps_typed=True, sets_for_all=True)
def import_calendar() -> ResponseReturnValue:
    """Taken whole, or refused whole with the line that cannot be read."""
    form = CalendarFileForm()
    if form.is_submitted_and_valid():
        try:
            days, actor, instant = days_off_in(form.file.data.read()), request_actor(), now()
        except DomainError as error:
            form.refuse(error, form.file)
        else:
            count = retry_on_conflict(lambda session: service.add_days_off(session, days, actor=actor, now=instant))
            flash(ngettext("%(num)s hari disimpan.", "%(num)s hari disimpan.", count), "success")
            return redirect(url_for(".calendar", tahun=days[0].on.year))
    return _calendar(DayOffForm(formdata=None), form), 400


@bp.post("/kalender/<day>/hapus")
@access(Role.ADMIN, sets_for_all=True)
def remove_day_off(day: str) -> ResponseReturnValue:
    on = date_in(day)
    if on is None:
        raise NotThere
    with transaction() as session:
        service.remove_day_off(session, on, actor=request_actor(), now=now())
    flash(_("Hari libur dihapus."), "success")
    return redirect(url_for(".calendar", tahun=on.year))


@bp.get("/pekerjaan")
@access(Role.ADMIN)
def jobs() -> ResponseReturnValue:
    """What the scheduler ran, and what became of digests."""
    session, settings = reading(), current_app.config["SETTINGS"]
    return render_template(
        "reminder_admin/jobs.html",
        lines=page.job_lines(session, current_jobs(), now=now()),
        failures=page.failures(session),
        counts=page.delivery_counts(session, today=today()),
        troubled=page.troubled_deliveries(session, signed_in_user(), today=today()),
        ways=[channel_word(way) for way in sorted(ways_of(settings))],
        faults=faults_of(settings.notify_urls) if settings.notify_urls else [],
    )

"""The admin's pages about accounts: list, new account, one-time password, closing and opening again."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts import service
from pendamping.accounts.models import User
from pendamping.accounts.passwords import one_time_password
from pendamping.accounts.people import page
from pendamping.accounts.people.forms import PeopleFilterForm, PersonForm
from pendamping.accounts.queries import PeopleFilter, person
from pendamping.accounts.session import signed_in_user
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import explained
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import Role
from pendamping.reminders import personal

bp = Blueprint("people", __name__, url_prefix="/pengguna")


@bp.get("")
@access(Role.ADMIN)
def index() -> ResponseReturnValue:
    form = PeopleFilterForm.from_address()
    chosen = form.chosen() if form.validate() else PeopleFilter()
    after = request.args.get("setelah")
    rows = page.people_rows(reading(), signed_in_user(), chosen, after=after, size=PAGE_SIZE, today=today())
    kept: dict[str, Any] = {field.name: request.args[field.name] for field in form if field.name in request.args}
    has_more = len(rows) > PAGE_SIZE
    return render_template(
        "people/index.html",
        form=form,
        rows=rows[:PAGE_SIZE],
        next_url=url_for(".index", **kept, setelah=rows[PAGE_SIZE - 1].person.username) if has_more else None,
        first_url=url_for(".index", **kept) if after else None,
        is_filtered=not chosen.is_empty,
    )


@bp.route("/baru", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True)
def create() -> ResponseReturnValue:
    admin = signed_in_user()
    form = PersonForm()
    form.offer_regions(page.regions_to_give(reading(), admin), has_all=not admin.scope_prefix)
    status = 200
    if form.is_submitted_and_valid():
        try:
            return _made(form, admin)
        except service.BadAccount as error:
            form.refuse(error, form.username)
        except page.UnknownCooperative as error:
            form.refuse(error, form.code)
        status = 400
    elif form.is_submitted():
        status = 400
    return render_template(
        "people/new.html", form=form, cooperatives=page.cooperatives_to_name(reading(), admin, today=today())
    ), status


def _made(form: PersonForm, admin: User) -> ResponseReturnValue:
    """Make the account, and show its password on this answer and nowhere else."""
    password = one_time_password()
    new = service.NewUser(
        username=form.username.data or "",
        name=form.name.data or "",
        role=form.chosen_role,
        password=password,
        scope_prefix=form.scope.data or "",
        cooperative_id=page.cooperative_id_of(reading(), admin, form.code.data or "", today=today()),
        must_change_password=True,
    )
    # The same name given twice at once: the second try finds the first's row and says so.
    user = retry_on_conflict(lambda session: service.add_user(session, new, actor=request_actor(), now=now()))
    return render_template("people/password.html", person=person(user), password=password, is_new=True)


@bp.get("/<uuid:user_id>")
@access(Role.ADMIN)
def detail(user_id: uuid.UUID) -> ResponseReturnValue:
    admin = signed_in_user()
    user = page.person_or_404(admin, user_id, today=today())
    return render_template("people/detail.html", page=page.person_page(reading(), admin, user, today=today()))


@bp.post("/<uuid:user_id>/kata-sandi")
@access(Role.ADMIN)
def reset_password(user_id: uuid.UUID) -> ResponseReturnValue:
    user = page.person_or_404(signed_in_user(), user_id, today=today())
    password = one_time_password()
    with transaction() as session:
        service.set_password(session, user, password, actor=request_actor(), now=now(), must_change=True)
        personal.end_what_needs_no_sign_in(session, user.id, actor=request_actor(), now=now())
    return render_template("people/password.html", person=person(user), password=password, is_new=False)


@bp.post("/<uuid:user_id>/penutupan")
@access(Role.ADMIN)
def deactivate(user_id: uuid.UUID) -> ResponseReturnValue:
    admin = signed_in_user()
    user = page.person_or_404(admin, user_id, today=today())
    try:
        with transaction() as session:
            service.deactivate_user(session, user, actor=request_actor(), now=now())
    except DomainError as error:
        shown = page.person_page(reading(), admin, user, today=today())
        return render_template("people/detail.html", page=shown, refused=explained(error)), error.status
    flash(_("Akun %(name)s ditutup. Semua yang pernah dicatatnya tetap ada.", name=user.name), "success")
    return redirect(url_for(".detail", user_id=user_id))


@bp.post("/<uuid:user_id>/pembukaan")
@access(Role.ADMIN)
def reactivate(user_id: uuid.UUID) -> ResponseReturnValue:
    user = page.person_or_404(signed_in_user(), user_id, today=today())
    with transaction() as session:
        service.reactivate_user(session, user, actor=request_actor(), now=now())
    flash(_("Akun %(name)s dibuka lagi. Kata sandinya masih yang lama.", name=user.name), "success")
    return redirect(url_for(".detail", user_id=user_id))

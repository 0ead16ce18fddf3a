"""The admin's page for queues that somebody carried to the office in a file."""

from contextlib import closing

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.assignments.policy import manageable_people
from pendamping.field.copies.forms import CopyForm
from pendamping.field.copies.page import author_among
from pendamping.field.copies.queries import last_imports
from pendamping.field.copies.reader import LARGEST_BY_PAGE, MEGABYTE, MOST_BY_PAGE, CopyTooLarge, read_copy
from pendamping.field.copies.taking import Taken, take_copy
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import DomainError
from pendamping.kernel.roles import Role

bp = Blueprint("copies", __name__)


@bp.route("/salinan", methods=["GET", "POST"])
@access(Role.ADMIN, keeps_typed=True, body_megabytes=LARGEST_BY_PAGE // MEGABYTE + 1)
def index() -> ResponseReturnValue:
    """Bring a file in, and see what became of it and of those before."""
    form, taken, status = CopyForm(), None, 200
    if form.is_submitted():
        status = 400
        if form.is_submitted_and_valid():
            try:
                taken, status = _take(form), 200
            except DomainError as error:
                form.refuse(error, form.file)
                status = error.status
    people = manageable_people(signed_in_user(), today=today())
    shown = last_imports(reading(), people)
    return render_template("copies/index.html", form=form, taken=taken, imports=shown), status


def _take(form: CopyForm) -> Taken:
    with closing(form.file.data) as file:
        data = file.read(LARGEST_BY_PAGE + 1)
    if len(data) > LARGEST_BY_PAGE:
        raise CopyTooLarge(megabytes=str(LARGEST_BY_PAGE // MEGABYTE))
    copy = read_copy(data, most=MOST_BY_PAGE)
    author = author_among(reading(), manageable_people(signed_in_user(), today=today()), copy.author_id)
    return take_copy(copy, author, actor=request_actor(), today=today(), now=now())

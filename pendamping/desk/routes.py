"""The agency's first page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.desk.attention.forms import ActForm
from pendamping.desk.page import agency_home
from pendamping.kernel.access import now, today
from pendamping.kernel.database import reading


def home() -> ResponseReturnValue:
    """Shown at the address of everybody's first page, by `app.py`."""
    day, instant = today(), now()
    page = agency_home(reading(), signed_in_user(), today=day, now=instant)
    form = ActForm()
    return render_template("desk/home.html", page=page, narrow=page.narrow, act_form=form, today=day, now=instant)

"""The facilitator's home: whom they accompany, what asks for action, how the month goes."""

import datetime as dt

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.queries import NameAndCode, programme_year_on
from pendamping.cooperatives.service import month_bounds
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.database import reading
from pendamping.plans.policy import visible_actions
from pendamping.plans.queries import actions_due
from pendamping.progress.queries import cooperative_rows
from pendamping.visits.policy import visible_visits
from pendamping.visits.queries import visit_counts

DUE_SOON_DAYS = 7
ATTENTION_SHOWN = 5
VISITS_PER_MONTH = 2


def home(user: User, *, today: dt.date, now: dt.datetime) -> ResponseReturnValue:
    session = reading()
    cooperatives = visible_cooperatives(user, today=today).order_by(Cooperative.short_name, Cooperative.code)
    rows = cooperative_rows(session, cooperatives, instruments_on(session, today), today=today)
    year = programme_year_on(session, today)
    first, last = month_bounds(today)
    counts = visit_counts(visible_visits(user, today=today), session, first=first, last=last)
    return render_template(
        "field/home.html",
        greeting=greeting(user.name, now),
        today=today,
        week_number=week_number(today, year.starts_on if year else today.replace(month=1, day=1)),
        rows=rows,
        attention=actions_due(
            session, visible_actions(user, today=today), today=today, within_days=DUE_SOON_DAYS, limit=ATTENTION_SHOWN
        ),
        visits_this_month=sum(counts.get(row.id, 0) for row in rows),
        visit_target=len(rows) * (year.visits_per_month if year else VISITS_PER_MONTH),
        not_visited=[NameAndCode(row.code, row.short_name) for row in rows if not counts.get(row.id)],
    )


def greeting(name: str, now: dt.datetime) -> str:
    first_name = name.split()[0]
    match now.astimezone(OFFICE_TZ).hour:
        case hour if 4 <= hour < 11:
            return str(_("Selamat pagi, %(name)s", name=first_name))
        case hour if 11 <= hour < 15:
            return str(_("Selamat siang, %(name)s", name=first_name))
        case hour if 15 <= hour < 18:
            return str(_("Selamat sore, %(name)s", name=first_name))
        case _other:
            return str(_("Selamat malam, %(name)s", name=first_name))


def week_number(today: dt.date, starts_on: dt.date) -> int:
    """The week of the programme: its first seven days are the first week."""
    return (today - starts_on).days // 7 + 1

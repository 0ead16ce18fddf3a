"""One item followed at one cooperative."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.ids import uuid_or_none
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import STAFF
from pendamping.progress.followed.page import item_page
from pendamping.visits.requests.policy import can_ask
from pendamping.visits.requests.queries import requests_for_item

bp = Blueprint("followed", __name__)

REQUESTS_SHOWN = 5


@bp.get("/koperasi/<code>/butir/<item_id>")
@access(STAFF)
def item(code: str, item_id: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    after = uuid_or_none(request.args.get("setelah"))
    page = item_page(reading(), cooperative, item_id, after=after, size=PAGE_SIZE, today=today())
    if page is None:
        raise NotThere
    here = url_for(".item", code=code, item_id=item_id)
    older = url_for(".item", code=code, item_id=item_id, setelah=str(page.next_after)) if page.next_after else None
    asked = requests_for_item(reading(), cooperative.id, item_id, limit=REQUESTS_SHOWN)
    may_ask = can_ask(signed_in_user()) and page.standing is not None and not any(each.is_open for each in asked)
    return render_template(
        "progress/followed.html",
        page=page,
        older_url=older,
        first_url=here if after else None,
        requests=asked,
        ask_url=url_for("requests.ask", code=code, item_id=item_id) if may_ask else None,
    )

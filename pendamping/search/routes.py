"""One box for everything."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.roles import STAFF
from pendamping.search.page import search_page
from pendamping.search.queries import Key
from pendamping.search.terms import terms_of
from pendamping.search.words import ADDRESSED

bp = Blueprint("search", __name__)

LONGEST = 200
"""Letters of what was typed that are looked at."""


@bp.get("/cari")
@access(STAFF)
def index() -> ResponseReturnValue:
    """Whatever is typed is words to look for; what makes none is told how to search."""
    typed = " ".join(request.args.get("q", "").split())
    terms = terms_of(typed[:LONGEST])
    only = ADDRESSED.get(request.args.get("jenis", ""))
    after = Key.parsed(request.args.get("setelah", ""))
    page = None
    if terms.are_enough:
        page = search_page(reading(), signed_in_user(), typed[:LONGEST], terms, only=only, after=after, today=today())
    return render_template(
        "search/index.html",
        typed=typed[:LONGEST],
        terms=terms,
        is_cut=terms.are_cut or len(typed) > LONGEST,
        page=page,
        only=only,
        is_further=bool(only and after),
    )

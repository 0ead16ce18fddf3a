"""What is closed is added to; nothing of it changes."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.corrections.queries import corrections_of
from pendamping.visits.corrections.service import add_addendum
from pendamping.visits.models import Visit
from pendamping.visits.queries import current_answers, scores_of_visit
from tests.conftest import ACTOR
from tests.make import Make
from tests.visits.corrections.correcting import LATER, correct


def add(make: Make, visit: Visit, author: User, text: str, body: str) -> Correction:
    return add_addendum(make.session, visit, text, body_sha256=body, author=author, actor=ACTOR, now=LATER)


def test_an_addendum_changes_nothing_of_the_visit(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator, {"KL-01": ("no", "klaim")}, visited_on=dt.date(2026, 3, 10))
    correct(make, visit, notes="Lain", today=dt.date(2026, 4, 3))
    before, current = scores_of_visit(session, visit.id), current_answers(session, make.cooperative().id)

    addendum = add(make, visit, facilitator, "Buku kas menyusul.", "d" * 64)

    session.expire_all()
    assert (addendum.number, addendum.kind, addendum.changes) == (2, CorrectionKind.ADDENDUM, [])
    assert (visit.revision, visit.notes) == (2, "Lain")
    assert scores_of_visit(session, visit.id) == before
    assert current_answers(session, make.cooperative().id) == current
    assert [(view.kind, view.reason) for view in corrections_of(session, visit.id)] == [
        (CorrectionKind.CORRECTION, "Salah ketik."),
        (CorrectionKind.ADDENDUM, "Buku kas menyusul."),
    ]


def test_an_addendum_sent_twice_stands_once_and_another_stands_beside_it(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)

    one, again = (add(make, visit, facilitator, "Menyusul.", "d" * 64) for _ in range(2))
    other = add(make, visit, facilitator, "Lain.", "e" * 64)

    assert again is one
    assert (one.number, other.number, session.scalar(select(func.count()).select_from(Correction))) == (1, 2, 2)

"""Which of several visits is the newest, where day and instant are the same."""

import uuid

from sqlalchemy.orm import Session

from pendamping.visits.queries import last_visit_of, scores_before
from tests.make import GRAHA_INDAH, Make


def test_of_visits_that_came_in_together_the_higher_number_is_the_newest(session: Session, make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH)
    visits = [make.visit(facilitator, {"KL-01": (value, "klaim")}) for value in ("yes", "no", "yes", "no", "yes")]
    assert len({visit.received_at for visit in visits}) == 1
    newest = last_visit_of(session, make.cooperative(GRAHA_INDAH).id)
    assert newest is not None
    assert newest.number == max(visit.number for visit in visits)


def test_the_newest_and_the_one_before_it_agree_on_the_order(session: Session, make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH)
    visits: dict[uuid.UUID, int] = {}
    for value in ("yes", "no", "yes"):
        visit = make.visit(facilitator, {"KL-01": (value, "klaim")})
        visits[visit.id] = visit.number
    newest = last_visit_of(session, make.cooperative(GRAHA_INDAH).id)
    assert newest is not None
    before = scores_before(session, newest, ["KL"])["KL"]
    assert visits[before.visit_id] == newest.number - 1

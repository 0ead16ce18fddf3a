"""A visit that comes in goes through visits, plans and standing in one transaction."""

import datetime as dt
import threading
import uuid
from collections.abc import Mapping

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.field.records import body_of, hash_of, store_visit, visit_draft
from pendamping.instruments.assessment import assessment
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.database import reading
from pendamping.plans.service import DueBeforeAgreed
from pendamping.progress.models import Standing, StandingScore
from pendamping.visits.drafts.models import Draft
from pendamping.visits.drafts.service import save_draft
from pendamping.visits.forms import VisitForm
from pendamping.visits.log import facts_of
from pendamping.visits.models import Answer, CurrentAnswer, Visit
from pendamping.visits.queries import current_answers
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, Make

COUNTS = ("KL-14", "KL-18", "KL-22", "KL-26")
"""An item for each thread, beside the one that they all answer."""
VISITS = 4
SENT = {
    "visited_on": "2026-04-14",
    "started": "09:30",
    "notes": "Rapat singkat.",
    "people_met-0-name": "Siti",
    "place-lat": "-1.2",
    "place-lon": "116.8",
    "answers-KL-01-value": "yes",
    "actions-0-title": "Undang dinas",
    "actions-0-owner_role": "ketua",
    "actions-0-due_on": "2026-05-01",
}


def test_visits_that_come_in_at_the_same_time_are_folded_one_after_the_other(app: Flask) -> None:
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    with make_rows() as make:
        facilitator_id = make.facilitator().id
    ready = threading.Barrier(len(COUNTS))
    failures: list[BaseException] = []

    def record(thread: int) -> None:
        ready.wait()
        try:
            for number in range(VISITS):
                with make_rows() as make:
                    facilitator = make.session.get_one(User, facilitator_id)
                    answers = {"KL-01": ("yes", "diamati"), COUNTS[thread]: (str(number), "diamati")}
                    moment = NOW + dt.timedelta(seconds=len(COUNTS) * number + thread)
                    make.visit(facilitator, answers, actions=(make.action_draft(),), now=moment, has_hours=False)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=record, args=(thread,)) for thread in range(len(COUNTS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with make_rows() as make:
        session, cooperative = make.session, make.cooperative()
        newest = select(func.max(Answer.recorded_at)).where(Answer.item_id == "KL-01").scalar_subquery()
        assert session.get_one(CurrentAnswer, (cooperative.id, "KL-01")).recorded_at == session.scalar(select(newest))
        assert session.get_one(Standing, cooperative.id).open_actions == len(COUNTS) * VISITS
        expected = assessment(
            instruments_on(session, TODAY)[0].instrument,
            current_answers(session, cooperative.id),
            stage=cooperative.stage.order,
            on=session.get_one(Standing, cooperative.id).last_visit_on or TODAY,
            facts=facts_of(cooperative, TODAY),
        ).score()
        assert session.get_one(StandingScore, (cooperative.id, "KL")).score == expected.rounded
        assert session.scalar(select(func.count()).select_from(Visit)) == len(COUNTS) * VISITS


def hash_in(app: Flask, **changes: str) -> str:
    """The hash of the visit above with some fields changed."""
    with app.test_request_context(method="POST", data={**SENT, **changes}):
        form = VisitForm(instruments=instruments_on(reading(), TODAY), stage=2, today=TODAY)
        cooperative = Make(reading(), now=NOW, today=TODAY, actor=ACTOR).cooperative(GRAHA_INDAH)
        form.validate_against(facts_of(cooperative, TODAY))
        assert visit_draft(form, cooperative, NOW).body_sha256 == hash_of(body_of(form, cooperative))
        return hash_of(body_of(form, cooperative))


def test_whatever_a_person_writes_changes_the_hash_and_nothing_else_does(app: Flask) -> None:
    as_sent = hash_in(app)
    written = {
        "visited_on": "2026-04-13",
        "started": "09:31",
        "ended": "10:00",
        "mode": "jarak_jauh",
        "purposes": "rapat",
        "notes": "Rapat singkat!",
        "people_met-0-name": "Sita",
        "people_met-0-role": "Ketua",
        "place-lat": "-1.3",
        "place-accuracy_m": "10",
        "decree_on": "2025-07-14",
        "answers-KL-01-value": "no",
        "answers-KL-01-proof": "foto",
        "answers-KL-01-note": "buku tamu",
        "answers-KL-06-value": "yes",
        "actions-0-title": "Undang BUMN",
        "actions-0-owner_role": "sekretaris",
        "actions-0-due_on": "2026-05-02",
        "actions-0-id": str(uuid.UUID(int=1)),
        "photos": str(uuid.UUID(int=3)),
        "answers-KL-01-photo": str(uuid.UUID(int=3)),
        "signature": str(uuid.UUID(int=4)),
        "signed_by": "Siti",
        "planned_visit": str(uuid.UUID(int=5)),
    }
    unwritten = {
        "written_at": "2026-04-14T01:30:00Z",
        "id": str(uuid.UUID(int=2)),
        "notes": "  Rapat singkat.\t ",
        "started": "09.30",
        "people_met-7-name": " ",
        "actions-9-title": "",
        "answers-KL-01-proof": "klaim",
        "answers-KL-06-proof": "foto",
        "sembarang": "apa saja",
        "draft_revision": "7",
        "base_revision": "2",
        "photos": "",
        "signature": "",
        "signed_by": " \u200b",
        "planned_visit": "",
    }

    assert {name: hash_in(app, **{name: text}) == as_sent for name, text in written.items()} == dict.fromkeys(
        written, False
    )
    assert {name: hash_in(app, **{name: text}) == as_sent for name, text in unwritten.items()} == dict.fromkeys(
        unwritten, True
    )


def test_a_visit_without_photos_and_signature_has_the_hash_it_had_before_there_were_any(app: Flask) -> None:
    """Tablets that were offline while the office got photos send visits that are stored already."""
    of_old = {"photos", "signature", "signed_by", "planned_visit"}
    with app.test_request_context(method="POST", data=SENT):
        form = VisitForm(instruments=instruments_on(reading(), TODAY), stage=2, today=TODAY)
        cooperative = Make(reading(), now=NOW, today=TODAY, actor=ACTOR).cooperative(GRAHA_INDAH)
        form.validate_against(facts_of(cooperative, TODAY))

        assert of_old.isdisjoint(body_of(form, cooperative))


def test_the_same_photo_counts_the_same_however_its_id_is_written(app: Flask) -> None:
    id_ = uuid.UUID("3f0c7a52-8f0e-4d5f-9b6e-0a1b2c3d4e5f")

    assert len({hash_in(app, photos=text) for text in (str(id_), str(id_).upper(), id_.hex, id_.urn)}) == 1


def store(make: Make, fields: Mapping[str, str]) -> Visit:
    """What the page does with a form that holds."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.test_request_context(method="POST", data=fields):
        instruments = instruments_on(make.session, TODAY)
        form = VisitForm(instruments=instruments, stage=2, today=TODAY)
        cooperative = make.cooperative(GRAHA_INDAH)
        form.validate_against(facts_of(cooperative, TODAY))
        facilitator = make.session.scalars(select(User).where(User.username == "ratna")).one()
        return store_visit(make.session, cooperative, form, facilitator=facilitator, actor=ACTOR, today=TODAY, now=NOW)


def test_the_draft_goes_with_its_visit_in_one_transaction_and_stays_when_it_fails(session: Session, make: Make) -> None:
    facilitator = make.facilitator(username="ratna")
    own, other = uuid.uuid4(), uuid.uuid4()
    for draft_id in (own, other):
        terms = {"known_revision": 0, "author_id": facilitator.id, "now": NOW}
        save_draft(session, make.cooperative(), draft_id, [("notes", "Rapat")], **terms)  # type: ignore[arg-type]

    with pytest.raises(DueBeforeAgreed), session.begin_nested():
        store(make, {**SENT, "id": str(own), "actions-0-due_on": "2026-04-13"})
    assert set(session.scalars(select(Draft.id))) == {own, other}
    assert session.scalar(select(func.count()).select_from(Visit)) == 0

    for _ in range(2):  # the same visit sent again has no draft either
        visit = store(make, {**SENT, "id": str(own)})
        assert set(session.scalars(select(Draft.id))) == {other}
    assert visit.id == own

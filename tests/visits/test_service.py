import datetime as dt
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Stage
from pendamping.instruments.answers import Answer as PlainAnswer
from pendamping.instruments.assessment import assessment
from pendamping.instruments.definition import Proof
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.audit import AuditEvent
from pendamping.visits.log import facts_of
from pendamping.visits.models import Answer, Attendance, CurrentAnswer, Visit, VisitScore
from pendamping.visits.queries import answers_as_of, current_answers
from pendamping.visits.service import (
    IncomingVisit,
    OutsideAssignment,
    PersonMet,
    Place,
    VisitConflict,
    VisitInFuture,
    record_visit,
)
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.cases import INSTRUMENTS, best_of, values_of
from tests.make import GRAHA_INDAH, KARIANGAU, Make, plain

MARCH, APRIL = dt.date(2026, 3, 10), dt.date(2026, 4, 10)
ONE_SECOND = dt.timedelta(seconds=1)
TABLES = (Visit, Attendance, Answer, CurrentAnswer, VisitScore, AuditEvent)


def record(
    make: Make,
    draft: IncomingVisit,
    facilitator: User,
    *,
    code: str = GRAHA_INDAH,
    today: dt.date = TODAY,
    now: dt.datetime = NOW,
) -> tuple[Visit, bool]:
    return record_visit(
        make.session,
        make.cooperative(code),
        make.in_a_free_hour(draft, facilitator),
        facilitator_id=facilitator.id,
        actor=ACTOR,
        today=today,
        now=now,
    )


def counts(session: Session) -> dict[str, int]:
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def scores(session: Session, visit: Visit) -> dict[str, Any]:
    rows = session.scalars(select(VisitScore).where(VisitScore.visit_id == visit.id))
    return {row.instrument_code: (row.score, row.band_code, row.answered, row.applicable, row.stage) for row in rows}


def value_now(session: Session, make: Make, item_id: str) -> str:
    return current_answers(session, make.cooperative().id)[item_id].answer.value


# Stored once, whole or not at all -------------------------------------------------------------------------------------


def test_a_visit_is_stored_with_its_people_answers_and_scores(session: Session, make: Make) -> None:
    people = [PersonMet("Siti Aminah", "Bendahara"), PersonMet("Budi", "")]
    draft = replace(
        make.draft({"KL-01": ("yes", "dokumen_dilihat", "buku tamu"), "TK-13": ("10000", "diamati")}),
        people_met=people,
        notes="Rapat singkat.",
        place=Place(-1.2, 116.8, 12.5),
    )

    visit, is_new = record(make, draft, make.facilitator())

    session.expire_all()
    stored = session.get_one(Visit, draft.id)
    met = session.scalars(select(Attendance).order_by(Attendance.position)).all()
    answers = session.scalars(select(Answer).order_by(Answer.item_id)).all()
    assert is_new
    assert visit is stored
    assert (stored.visited_on, stored.notes, stored.purposes) == (TODAY, "Rapat singkat.", ["pemeriksaan"])
    assert (stored.latitude, stored.longitude, stored.accuracy_m) == (-1.2, 116.8, 12.5)
    assert (stored.written_at, stored.received_at, stored.city_code) == (NOW, NOW, "64.71")
    assert [(each.name, each.role) for each in met] == [("Siti Aminah", "Bendahara"), ("Budi", "")]
    assert [(each.item_id, each.value, each.proof, each.note) for each in answers] == [
        ("KL-01", "yes", Proof.DOCUMENT_SEEN, "buku tamu"),
        ("TK-13", "10000", Proof.OBSERVED, ""),
    ]
    assert {each.answered_on for each in answers} == {TODAY}
    assert set(scores(session, stored)) == {"KL", "TK", "UK"}


def test_an_empty_visit_is_a_visit_too(session: Session, make: Make) -> None:
    visit, is_new = record(make, make.draft({}), make.facilitator())

    assert is_new
    assert scores(session, visit)["KL"] == (None, None, 0, 44, Stage.OPERATION)


def test_the_same_visit_sent_twice_is_stored_once(session: Session, make: Make) -> None:
    facilitator, draft = make.facilitator(), make.draft()

    first, is_new = record(make, draft, facilitator)
    before = counts(session)
    again, is_new_again = record(make, draft, facilitator, now=NOW + ONE_SECOND)

    assert (is_new, is_new_again) == (True, False)
    assert again is first
    assert counts(session) == before
    assert again.received_at == NOW


def test_the_same_visit_is_recognised_even_after_the_assignment_ended(session: Session, make: Make) -> None:
    facilitator, draft = make.user(), make.draft(visited_on=MARCH)
    assignment = make.assignment(facilitator, ends_on=MARCH)
    record(make, draft, facilitator)
    session.delete(assignment)

    _, is_new = record(make, draft, facilitator)

    assert not is_new


def test_other_content_under_a_known_id_is_a_conflict_and_changes_nothing(session: Session, make: Make) -> None:
    facilitator, draft = make.facilitator(), make.draft()
    record(make, draft, facilitator)
    before = counts(session)

    with pytest.raises(VisitConflict):
        record(make, replace(draft, notes="lain", body_sha256="b" * 64), facilitator)

    assert counts(session) == before
    assert session.get_one(Visit, draft.id).notes == ""


def test_another_facilitators_id_is_a_conflict_even_with_the_same_content(session: Session, make: Make) -> None:
    first, second, draft = make.facilitator(), make.facilitator(KARIANGAU), make.draft()
    record(make, draft, first)

    with pytest.raises(VisitConflict):
        record(make, draft, second)
    with pytest.raises(VisitConflict):
        record(make, draft, second, code=KARIANGAU)


def test_a_visit_cannot_lie_in_the_future(session: Session, make: Make) -> None:
    facilitator = make.facilitator()

    with pytest.raises(VisitInFuture):
        record(make, make.draft(visited_on=TODAY + dt.timedelta(days=1)), facilitator)
    record(make, make.draft(visited_on=TODAY), facilitator)

    assert counts(session)["visit"] == 1


@pytest.mark.parametrize("day", [dt.date(2026, 3, 1), dt.date(2026, 3, 31)])
def test_the_first_and_the_last_day_of_an_assignment_belong_to_it(make: Make, day: dt.date) -> None:
    facilitator = make.user()
    make.assignment(facilitator, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 31))

    _, is_new = record(make, make.draft(visited_on=day), facilitator)

    assert is_new


@pytest.mark.parametrize("day", [dt.date(2026, 2, 28), dt.date(2026, 4, 1)])
def test_a_visit_outside_of_the_assignment_is_refused(session: Session, make: Make, day: dt.date) -> None:
    facilitator = make.user()
    make.assignment(facilitator, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 31))

    with pytest.raises(OutsideAssignment):
        record(make, make.draft(visited_on=day), facilitator)

    assert counts(session)["visit"] == 0


def test_somebody_elses_cooperative_is_refused(make: Make) -> None:
    make.facilitator(KARIANGAU)
    facilitator = make.facilitator()

    with pytest.raises(OutsideAssignment):
        record(make, make.draft(), facilitator, code=KARIANGAU)


def nameless_person(draft: IncomingVisit) -> IncomingVisit:
    return replace(draft, people_met=[PersonMet("Siti", ""), PersonMet("", "Bendahara")])


def not_applicable_without_reason(draft: IncomingVisit) -> IncomingVisit:
    return replace(draft, answers=[*draft.answers, PlainAnswer("KL-05", "na", Proof.CLAIM)])


def two_answers_to_one_item(draft: IncomingVisit) -> IncomingVisit:
    return replace(draft, answers=[*draft.answers, *draft.answers])


def short_hash(draft: IncomingVisit) -> IncomingVisit:
    return replace(draft, body_sha256="abc")


@pytest.mark.parametrize("spoil", [nameless_person, not_applicable_without_reason, two_answers_to_one_item, short_hash])
def test_what_the_database_refuses_leaves_nothing_of_the_visit(
    app: Flask, spoil: Callable[[IncomingVisit], IncomingVisit]
) -> None:
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    with make_rows() as make:
        facilitator = make.facilitator()
        before = counts(make.session)

    def record_spoilt() -> None:
        with make_rows() as make:
            record(make, spoil(make.draft()), facilitator)

    with pytest.raises(IntegrityError):
        record_spoilt()
    with make_rows() as make:
        assert counts(make.session) == before


# Answers are a log, the score is a fold -------------------------------------------------------------------------------


def test_answers_are_appended_and_the_newest_is_current(session: Session, make: Make) -> None:
    facilitator = make.facilitator()

    record(make, make.draft({"KL-01": ("no", "klaim")}, visited_on=MARCH), facilitator)
    record(make, make.draft({"KL-01": ("yes", "diamati")}, visited_on=APRIL), facilitator)

    assert session.scalars(select(Answer.value).order_by(Answer.answered_on)).all() == ["no", "yes"]
    assert value_now(session, make, "KL-01") == "yes"


def test_what_a_visit_did_not_look_at_is_carried_over(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    record(make, make.draft({"KL-01": ("yes", "diamati")}, visited_on=MARCH), facilitator)

    visit, _ = record(make, make.draft({"KL-06": ("yes", "diamati")}, visited_on=APRIL), facilitator)

    assert set(current_answers(session, make.cooperative().id)) == {"KL-01", "KL-06"}
    assert scores(session, visit)["KL"][2] == 2


def test_of_two_visits_on_one_day_the_one_recorded_later_counts(session: Session, make: Make) -> None:
    facilitator = make.facilitator()

    record(make, make.draft({"KL-01": ("no", "klaim")}), facilitator, now=NOW)
    record(make, make.draft({"KL-01": ("yes", "klaim")}), facilitator, now=NOW + ONE_SECOND)

    assert value_now(session, make, "KL-01") == "yes"


def test_an_older_visit_that_arrives_late_does_not_displace_newer_answers(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    newer = make.draft({"KL-01": ("yes", "diamati")}, visited_on=APRIL)
    record(make, newer, facilitator)

    late = make.draft({"KL-01": ("no", "klaim"), "KL-06": ("yes", "diamati")}, visited_on=MARCH)
    record(make, late, facilitator, now=NOW + ONE_SECOND)

    assert value_now(session, make, "KL-01") == "yes"
    assert value_now(session, make, "KL-06") == "yes"


def test_a_visit_that_arrives_late_has_the_score_of_its_own_day(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    in_april, _ = record(make, make.draft({"KL-01": ("yes", "diamati")}, visited_on=APRIL), facilitator)
    before = scores(session, in_april)

    late, _ = record(make, make.draft({"KL-06": ("no", "klaim")}, visited_on=MARCH), facilitator, now=NOW + ONE_SECOND)

    assert scores(session, late)["KL"][:1] == (0,)
    assert scores(session, late)["KL"][2] == 1, "the answer of April was not known in March"
    assert scores(session, in_april) == before


def test_a_visits_score_stays_what_it_was(session: Session, make: Make) -> None:
    facilitator, cooperative = make.facilitator(), make.cooperative()
    visit, _ = record(make, make.draft({"KL-01": ("yes", "diamati")}, visited_on=MARCH), facilitator)
    before = scores(session, visit)

    record(make, make.draft({"KL-01": ("no", "klaim")}, visited_on=APRIL), facilitator)
    cooperative.stage = Stage.PARTNERSHIP
    cooperative.decree_on = dt.date(2025, 7, 14)
    session.flush()
    latest, _ = record(make, make.draft({"KL-06": ("yes", "diamati")}), facilitator)

    session.expire_all()
    assert scores(session, visit) == before
    assert before["UK"][3:] == (20, Stage.OPERATION)
    assert scores(session, latest)["UK"][3:] == (25, Stage.PARTNERSHIP)


def test_a_date_is_measured_against_the_facts_of_the_visits_day(session: Session, make: Make) -> None:
    facilitator, cooperative = make.facilitator(), make.cooperative()
    cooperative.decree_on = dt.date(2025, 7, 14)

    visit, _ = record(make, make.draft({"KL-09": ("2026-01-02", "dokumen_dilihat")}), facilitator)

    row = session.get_one(VisitScore, (visit.id, "KL", 1))
    assert row.facts == {"tanggal_sk_badan_hukum": "2025-07-14", "akhir_tahun_buku": "2025-12-31"}
    assert row.score == 100


def test_visits_with_one_and_the_same_instant_are_folded_the_same_way_everywhere(session: Session, make: Make) -> None:
    """A tablet's queue comes in as one batch: its visits share the moment at which they were recorded."""
    facilitator, cooperative = make.facilitator(), make.cooperative()

    for number in range(12):
        record(make, make.draft({"KL-14": (str(number), "klaim")}), facilitator)

        assert answers_as_of(session, cooperative.id, TODAY) == current_answers(session, cooperative.id)


def random_draft(make: Make, chance: random.Random, day: dt.date) -> IncomingVisit:
    items = [item for instrument in INSTRUMENTS for item in instrument.items if item.applies_from_stage <= 2]
    looked_at = chance.sample(items, chance.randint(0, 12))
    answers = [
        PlainAnswer(item.id, chance.choice([best_of(item), *values_of(item)]), chance.choice(list(Proof)), "alasan")
        for item in looked_at
    ]
    return replace(make.draft({}, visited_on=day), answers=answers)


def rebuilt(log: Sequence[Answer], until: dt.date) -> dict[str, uuid.UUID]:
    """The fold, worked out the slow way."""
    current: dict[str, uuid.UUID] = {}
    for answer in sorted(log, key=lambda each: (each.answered_on, each.recorded_at, each.id)):
        if answer.answered_on <= until:
            current[answer.item_id] = answer.id
    return current


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_order_visits_come_in_the_fold_is_that_of_the_log_and_scores_are_those_of_the_fold(
    session: Session, make: Make, seed: int
) -> None:
    chance = random.Random(seed)
    facilitator, cooperative = make.facilitator(), make.cooperative()
    cooperative.decree_on = dt.date(2025, 7, 14)
    instruments = instruments_on(session, TODAY)
    now = NOW

    for _ in range(30):
        day = TODAY - dt.timedelta(days=chance.randint(0, 20))
        now += chance.choice([dt.timedelta(0), ONE_SECOND])
        visit, _ = record(make, random_draft(make, chance, day), facilitator, now=now)

        log = session.scalars(select(Answer).where(Answer.cooperative_id == cooperative.id)).all()
        folded = session.execute(select(CurrentAnswer.item_id, CurrentAnswer.answer_id)).all()
        assert dict(folded) == rebuilt(log, TODAY)
        by_id = {answer.id: answer for answer in log}
        known_then = {
            item_id: PlainAnswer(item_id, by_id[id_].value, by_id[id_].proof, by_id[id_].note)
            for item_id, id_ in rebuilt(log, day).items()
        }
        as_of, facts = answers_as_of(session, cooperative.id, day), facts_of(cooperative, day)
        assert plain(as_of) == known_then
        for published in instruments:
            expected = assessment(published.instrument, as_of, stage=2, on=day, facts=facts).score()
            stored = session.get_one(VisitScore, (visit.id, published.instrument.code, 1))
            assert (stored.score, stored.is_provisional, tuple(stored.critical_unmet)) == (
                expected.rounded,
                expected.is_provisional,
                expected.critical_unmet,
            )
            assert stored.band_code == (expected.band.code if expected.band else None)

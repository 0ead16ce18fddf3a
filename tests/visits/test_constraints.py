import datetime as dt
import itertools
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from pendamping.cooperatives.models import Stage
from pendamping.instruments.definition import Proof
from pendamping.instruments.models import InstrumentVersion
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.drafts.models import Draft
from pendamping.visits.models import (
    Answer,
    Attendance,
    CurrentAnswer,
    MonthLock,
    PaperCounter,
    Visit,
    VisitMode,
    VisitPhoto,
    VisitScore,
)
from pendamping.visits.schedule.models import PlannedVisit
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make

TODAY = dt.date(2026, 4, 14)
numbers = itertools.count(1)


def version_id(make: Make) -> uuid.UUID:
    return make.session.scalars(select(InstrumentVersion.id).where(InstrumentVersion.code == "KL")).one()


def add_visit(make: Make, **changed: object) -> uuid.UUID:
    visit_id = uuid.uuid4()
    sound = {
        "id": visit_id,
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "facilitator_id": make.user().id,
        "visited_on": TODAY,
        "started": dt.time(9, 30),
        "ended": dt.time(11, 0),
        "mode": VisitMode.FACE_TO_FACE,
        "purposes": [],
        "notes": "",
        "latitude": -1.2,
        "longitude": 116.8,
        "accuracy_m": 12.0,
        "written_at": make.now,
        "received_at": make.now,
        "body_sha256": "0" * 64,
        "number_year": 2026,
        "number": next(numbers),
    }
    add_row(make, Visit, **{**sound, **changed})
    return visit_id


def add_attendance(make: Make, **changed: object) -> None:
    sound = {"visit_id": add_visit(make), "position": 0, "city_code": "64.71", "name": "Siti", "role": "Bendahara"}
    add_row(make, Attendance, **{**sound, **changed})


def add_answer(make: Make, **changed: object) -> uuid.UUID:
    answer_id = uuid.uuid4()
    sound = {
        "id": answer_id,
        "visit_id": changed.get("visit_id") or add_visit(make),
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "version_id": version_id(make),
        "item_id": "KL-01",
        "value": "yes",
        "proof": Proof.CLAIM,
        "note": "",
        "answered_on": TODAY,
        "recorded_at": make.now,
    }
    add_row(make, Answer, **{**sound, **changed})
    return answer_id


def answer_one_item_twice(make: Make) -> None:
    visit_id = add_visit(make)
    add_answer(make, visit_id=visit_id)
    add_answer(make, visit_id=visit_id, value="no")


def add_photo(make: Make, **changed: object) -> None:
    sound = {"visit_id": changed.get("visit_id") or add_visit(make), "position": 0, "city_code": "64.71"}
    add_row(make, VisitPhoto, **{**sound, "attachment_id": uuid.uuid4(), **changed})


def show_one_photo_twice(make: Make) -> None:
    visit_id, attachment_id = add_visit(make), uuid.uuid4()
    add_photo(make, visit_id=visit_id, attachment_id=attachment_id)
    add_photo(make, visit_id=visit_id, attachment_id=attachment_id, position=1)


def plan_one_visit(make: Make) -> uuid.UUID:
    planned = PlannedVisit(
        cooperative_id=make.cooperative().id,
        city_code="64.71",
        facilitator_id=make.user().id,
        planned_on=TODAY,
        mode=VisitMode.FACE_TO_FACE,
        created_at=make.now,
    )
    make.session.add(planned)
    make.session.flush()
    return planned.id


def make_one_plan_good_twice(make: Make) -> None:
    planned_visit_id = plan_one_visit(make)
    add_visit(make, planned_visit_id=planned_visit_id)
    add_visit(make, planned_visit_id=planned_visit_id)


def give_one_number_twice(make: Make) -> None:
    add_visit(make, number=9000)
    add_visit(make, number=9000)


def add_correction(make: Make, **changed: object) -> None:
    sound = {
        "visit_id": changed.get("visit_id") or add_visit(make),
        "city_code": "64.71",
        "number": 1,
        "kind": CorrectionKind.CORRECTION,
        "reason": "Salah ketik.",
        "changes": [],
        "body_sha256": "0" * 64,
        "author_id": make.user().id,
        "made_at": make.now,
    }
    add_row(make, Correction, **{**sound, **changed})


def number_two_corrections_alike(make: Make) -> None:
    visit_id = add_visit(make)
    add_correction(make, visit_id=visit_id)
    add_correction(make, visit_id=visit_id)


def add_lock(make: Make, **changed: object) -> None:
    sound = {"facilitator_id": make.user().id, "year": 2026, "month": 4, "locked_at": make.now}
    add_row(make, MonthLock, **{**sound, **changed})


def add_counter(make: Make, **changed: object) -> None:
    add_row(make, PaperCounter, **{"city_code": "64.71", "year": 2020, "last_number": 1, **changed})


def add_draft(make: Make, **changed: object) -> None:
    sound = {
        "city_code": "64.71",
        "author_id": make.user().id,
        "cooperative_id": make.cooperative().id,
        "fields": [],
        "revision": 1,
        "created_at": make.now,
        "updated_at": make.now,
    }
    add_row(make, Draft, **{**sound, **changed})


def add_current_answer(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "item_id": "KL-01",
        "answer_id": add_answer(make),
        "answered_on": TODAY,
        "recorded_at": make.now,
    }
    add_row(make, CurrentAnswer, **{**sound, **changed})


def add_score(make: Make, **changed: object) -> None:
    sound = {
        "visit_id": add_visit(make),
        "instrument_code": "KL",
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "version_id": version_id(make),
        "stage": Stage.OPERATION,
        "facts": {},
        "score": Decimal(50),
        "band_code": "cukup",
        "is_provisional": True,
        "answered": 1,
        "applicable": 40,
        "critical_unmet": [],
        "measured_on": TODAY,
        "recorded_at": make.now,
    }
    add_row(make, VisitScore, **{**sound, **changed})


BROKEN: Broken = {
    "ck_visit_visitmode": lambda make: add_visit(make, mode=raw("telepati")),
    "ck_visit_ends_after_it_started": lambda make: add_visit(make, ended=dt.time(9, 30)),
    "ck_visit_body_sha256_length": lambda make: add_visit(make, body_sha256="0" * 63),
    "ck_visit_revision_positive": lambda make: add_visit(make, revision=0),
    "ck_visit_place_is_whole": lambda make: add_visit(make, longitude=None),
    "ck_visit_place_is_on_earth": lambda make: add_visit(make, longitude=180.1),
    "ck_visit_accuracy_is_of_a_place": lambda make: add_visit(make, latitude=None, longitude=None),
    "fk_visit_cooperative_id_cooperative": lambda make: add_visit(make, cooperative_id=uuid.uuid4()),
    "fk_visit_facilitator_id_user": lambda make: add_visit(make, facilitator_id=uuid.uuid4()),
    "ck_visit_distance_is_of_a_place": lambda make: add_visit(make, distance_m=-1.0),
    "ck_visit_number_positive": lambda make: add_visit(make, number=0),
    "uq_visit_city_code_number_year_number": give_one_number_twice,
    "uq_visit_planned_visit_id": make_one_plan_good_twice,
    "fk_visit_planned_visit_id_planned_visit": lambda make: add_visit(make, planned_visit_id=uuid.uuid4()),
    "ck_visit_photo_position_not_negative": lambda make: add_photo(make, position=-1),
    "uq_visit_photo_visit_id_attachment_id": show_one_photo_twice,
    "fk_visit_photo_visit_id_visit": lambda make: add_photo(make, visit_id=uuid.uuid4()),
    "ck_correction_correctionkind": lambda make: add_correction(make, kind=raw("hapus")),
    "ck_correction_number_positive": lambda make: add_correction(make, number=0),
    "ck_correction_reason_is_given": lambda make: add_correction(make, reason=""),
    "uq_correction_visit_id_number": number_two_corrections_alike,
    "ck_month_lock_month_is_one": lambda make: add_lock(make, month=13),
    "ck_month_lock_year_in_reach": lambda make: add_lock(make, year=20266),
    "fk_month_lock_facilitator_id_user": lambda make: add_lock(make, facilitator_id=uuid.uuid4()),
    "ck_paper_counter_last_number_positive": lambda make: add_counter(make, last_number=0),
    "ck_draft_revision_positive": lambda make: add_draft(make, revision=0),
    "fk_draft_author_id_user": lambda make: add_draft(make, author_id=uuid.uuid4()),
    "ck_attendance_position_not_negative": lambda make: add_attendance(make, position=-1),
    "ck_attendance_name_is_given": lambda make: add_attendance(make, name=""),
    "fk_attendance_visit_id_visit": lambda make: add_attendance(make, visit_id=uuid.uuid4()),
    "ck_answer_proof": lambda make: add_answer(make, proof=raw("mimpi")),
    "ck_answer_value_is_given": lambda make: add_answer(make, value=""),
    "ck_answer_not_applicable_has_a_reason": lambda make: add_answer(make, value="na"),
    "ck_answer_revision_positive": lambda make: add_answer(make, revision=0),
    "uq_answer_visit_id_item_id_revision": answer_one_item_twice,
    "fk_answer_visit_id_visit": lambda make: add_answer(make, visit_id=uuid.uuid4()),
    "fk_answer_version_id_instrument_version": lambda make: add_answer(make, version_id=uuid.uuid4()),
    "fk_current_answer_answer_id_answer": lambda make: add_current_answer(make, answer_id=uuid.uuid4()),
    "ck_visit_score_revision_positive": lambda make: add_score(make, revision=0),
    "ck_visit_score_stage": lambda make: add_score(make, stage=raw("bubar")),
    "ck_visit_score_score_in_range": lambda make: add_score(make, score=Decimal("100.0001")),
    "ck_visit_score_band_goes_with_score": lambda make: add_score(make, score=None),
    "ck_visit_score_answered_within_applicable": lambda make: add_score(make, answered=41),
    "fk_visit_score_visit_id_visit": lambda make: add_score(make, visit_id=uuid.uuid4()),
    "fk_visit_score_version_id_instrument_version": lambda make: add_score(make, version_id=uuid.uuid4()),
}

REWRITTEN: Broken = {
    "answer_is_append_only: update": rewrites(Answer, value="no"),
    "answer_is_append_only: delete": removes(Answer),
    "visit_score_is_append_only: update": rewrites(VisitScore, score=Decimal(100)),
    "visit_score_is_append_only: delete": removes(VisitScore),
    "correction_is_append_only: update": rewrites(Correction, reason="Lain."),
    "correction_is_append_only: delete": removes(Correction),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_attendance(make)
    add_current_answer(make)
    add_score(make)
    add_photo(make)
    add_correction(make)
    add_lock(make)
    add_counter(make)
    add_draft(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_database_rewrites_no_log(make: Make) -> None:
    make.visit(make.facilitator())
    add_correction(make)

    assert misjudged(make, REWRITTEN) == {}


def test_a_visit_with_answers_is_not_removed(make: Make) -> None:
    add_answer(make)
    removed: Broken = {"fk_answer_visit_id_visit": lambda make: make.session.execute(delete(Visit))}

    assert misjudged(make, removed) == {}


@pytest.mark.parametrize(
    ("started", "ended"), [(None, None), (dt.time(9, 30), None)], ids=["nothing known", "only the start known"]
)
def test_a_visit_without_times_is_sound(make: Make, started: dt.time | None, ended: dt.time | None) -> None:
    add_visit(make, started=started, ended=ended)

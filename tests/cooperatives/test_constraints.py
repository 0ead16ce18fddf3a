import datetime as dt
import uuid

from sqlalchemy import delete, update

from pendamping.cooperatives.assignments.models import Assignment, Handover, HandoverState, LeaveCover
from pendamping.cooperatives.models import (
    Baseline,
    Cooperative,
    Document,
    DocumentKind,
    MonthlyFigures,
    Officer,
    Region,
    RegionKind,
    Stage,
)
from pendamping.cooperatives.programme.models import Office, ProgrammeYear
from pendamping.cooperatives.proposals.models import FiguresDecision, FiguresProposal
from pendamping.instruments.definition import OwnerRole
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, KARIANGAU, Make

NEW_WARD = "64.71.03.1999"
NEW_YEAR, END_OF_YEAR = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def add_region(make: Make, **changed: object) -> None:
    sound = {
        "code": NEW_WARD,
        "name": "KELURAHAN BARU",
        "display_name": "Kelurahan Baru",
        "kind": RegionKind.WARD,
        "parent_code": "64.71.03",
    }
    add_row(make, Region, **{**sound, **changed})


def add_cooperative(make: Make, **changed: object) -> None:
    add_region(make)
    sound = {
        "code": NEW_WARD,
        "city_code": "64.71",
        "short_name": "KKMP Baru",
        "legal_name": "Koperasi Kelurahan Merah Putih Baru",
        "stage": Stage.FORMATION,
        "latitude": -1.2,
        "longitude": 116.8,
    }
    add_row(make, Cooperative, **{**sound, **changed})


def add_baseline(make: Make, **changed: object) -> None:
    cooperative_id = uuid.uuid4()
    add_cooperative(make, id=cooperative_id)
    sound = {
        "cooperative_id": cooperative_id,
        "city_code": "64.71",
        "as_of": NEW_YEAR,
        "source": "SIMKOPDES",
        "has_account": True,
        "has_npwp": True,
        "has_nib": True,
        "transaction_count": 0,
        "transaction_value_idr": 0,
        "principal_savings_idr": 0,
        "principal_savings_members": 0,
        "mandatory_savings_idr": 0,
        "mandatory_savings_members": 0,
        "news": [],
    }
    add_row(make, Baseline, **{**sound, **changed})


def add_officer(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "name": "Siti Aminah",
        "role": OwnerRole.TREASURER,
        "term_starts_on": NEW_YEAR,
        "term_ends_on": END_OF_YEAR,
    }
    add_row(make, Officer, **{**sound, **changed})


def add_programme_year(make: Make, **changed: object) -> None:
    sound = {
        "year": 2030,
        "starts_on": dt.date(2030, 1, 1),
        "ends_on": dt.date(2030, 12, 31),
        "visits_per_month": 2,
        "caseload_min": 4,
        "caseload_max": 5,
    }
    add_row(make, ProgrammeYear, **{**sound, **changed})


def add_assignment(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "facilitator_id": make.user().id,
        "starts_on": NEW_YEAR,
        "ends_on": END_OF_YEAR,
    }
    add_row(make, Assignment, **{**sound, **changed})


def add_office(make: Make, **changed: object) -> None:
    add_region(make, code="64.72", kind=RegionKind.CITY, parent_code="64")
    sound = {
        "city_code": "64.72",
        "government": "Pemerintah Kota Balikpapan",
        "name": "Dinas Koperasi",
        "address": "",
        "contact": "",
        "number_code": "",
    }
    add_row(make, Office, **{**sound, **changed})


def add_document(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "kind": DocumentKind.DEED,
        "title": "Akta pendirian",
        "number": "",
        "issued_on": NEW_YEAR,
        "expires_on": END_OF_YEAR,
        "added_by_id": make.user().id,
        "added_at": NOW,
    }
    add_row(make, Document, **{**sound, **changed})


def add_figures(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "year": 2026,
        "month": 3,
        "revision": 1,
        "members": 0,
        "savings_idr": 0,
        "turnover_idr": 0,
        "surplus_idr": -1,
        "cashless_percent": 100,
        "author_id": make.user().id,
        "recorded_at": NOW,
    }
    add_row(make, MonthlyFigures, **{**sound, **changed})


def add_proposal(make: Make, **changed: object) -> uuid.UUID:
    sound = {
        "id": uuid.uuid4(),
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "year": 2026,
        "month": 3,
        "members": 0,
        "savings_idr": 0,
        "turnover_idr": 0,
        "surplus_idr": -1,
        "cashless_percent": 100,
        "author_id": make.user().id,
        "made_at": NOW,
    }
    row = {**sound, **changed}
    add_row(make, FiguresProposal, **row)
    return uuid.UUID(str(row["id"]))


def add_decision(make: Make, **changed: object) -> None:
    sound = {
        "proposal_id": add_proposal(make),
        "city_code": "64.71",
        "reason": "Omzet belum termasuk gerai.",
        "decided_by_id": make.user().id,
        "decided_at": NOW,
    }
    add_row(make, FiguresDecision, **{**sound, **changed})


def rewrite_decision(make: Make) -> None:
    add_decision(make)
    rewrites(FiguresDecision, reason="lain")(make)


def remove_decision(make: Make) -> None:
    add_decision(make)
    removes(FiguresDecision)(make)


def rewrite_proposal(make: Make) -> None:
    add_proposal(make)
    rewrites(FiguresProposal, members=1)(make)


def remove_proposal(make: Make) -> None:
    add_proposal(make)
    removes(FiguresProposal)(make)


def add_figures_twice(make: Make) -> None:
    add_figures(make)
    add_figures(make, members=1)


def assign_twice_on_one_day(make: Make) -> None:
    add_assignment(make)
    add_assignment(make, starts_on=END_OF_YEAR, ends_on=END_OF_YEAR)


def move_an_assignment_into_another(make: Make) -> None:
    add_assignment(make)
    later = dt.date(2027, 1, 1)
    add_assignment(make, starts_on=later, ends_on=later)
    make.session.execute(update(Assignment).where(Assignment.starts_on == later).values(starts_on=END_OF_YEAR))


def hand_an_assignment_to_an_assigned_cooperative(make: Make) -> None:
    kariangau = make.cooperative(KARIANGAU).id
    add_assignment(make)
    add_assignment(make, cooperative_id=kariangau)
    make.session.execute(
        update(Assignment)
        .where(Assignment.cooperative_id == kariangau)
        .values(cooperative_id=make.cooperative(GRAHA_INDAH).id)
    )


def rewrite_figures(make: Make) -> None:
    add_figures(make)
    rewrites(MonthlyFigures, members=1)(make)


def remove_figures(make: Make) -> None:
    add_figures(make)
    removes(MonthlyFigures)(make)


def add_handover(make: Make, **changed: object) -> None:
    assignment = make.assignment(make.user())
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": assignment.cooperative_id,
        "assignment_id": assignment.id,
        "former_id": assignment.facilitator_id,
        "successor_id": make.user().id,
        "ends_on": make.today,
        "note": "",
        "proposed_at": make.now,
        "state": HandoverState.PROPOSED,
        "answer": "",
    }
    add_row(make, Handover, **{**sound, **changed})


def add_cover(make: Make, **changed: object) -> None:
    assignment = make.assignment(make.user())
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": assignment.cooperative_id,
        "assignment_id": assignment.id,
        "facilitator_id": make.user().id,
        "starts_on": make.today,
        "ends_on": make.today,
        "reason": "Cuti",
        "made_at": make.now,
    }
    add_row(make, LeaveCover, **{**sound, **changed})


BROKEN: Broken = {
    "ck_handover_an_answer_has_its_day": lambda make: add_handover(make, answered_at=make.now),
    "ck_handover_a_refusal_has_its_reason": lambda make: add_handover(
        make, state=HandoverState.DECLINED, answered_at=make.now
    ),
    "ck_handover_effect_follows_a_yes": lambda make: add_handover(make, effective_at=make.now),
    "ck_handover_force_takes_effect_at_once": lambda make: add_handover(
        make, state=HandoverState.FORCED, answered_at=make.now, answer="Pindah"
    ),
    "ck_handover_handoverstate": lambda make: add_handover(make, state=raw("entah"), answered_at=make.now),
    "ck_leave_cover_runs_forward": lambda make: add_cover(make, ends_on=make.today - dt.timedelta(days=1)),
    "ck_leave_cover_reason_is_given": lambda make: add_cover(make, reason=""),
    "ck_region_regionkind": lambda make: add_region(make, kind=raw("desa")),
    "ck_region_code_lies_within_parent": lambda make: add_region(make, code="64.71.031999"),
    "ck_region_only_provinces_have_no_parent": lambda make: add_region(make, parent_code=None),
    "fk_region_parent_code_region": lambda make: add_region(make, code="64.71.99.1001", parent_code="64.71.99"),
    "ck_cooperative_stage": lambda make: add_cooperative(make, stage=raw("bubar")),
    "ck_cooperative_code_lies_within_city": lambda make: add_cooperative(make, city_code="64.72"),
    "ck_cooperative_names_are_given": lambda make: add_cooperative(make, legal_name=""),
    "ck_cooperative_place_is_whole": lambda make: add_cooperative(make, longitude=None),
    "ck_cooperative_place_is_on_earth": lambda make: add_cooperative(make, latitude=-90.1),
    "uq_cooperative_code": lambda make: add_cooperative(make, code=GRAHA_INDAH),
    "fk_cooperative_code_region": lambda make: add_cooperative(make, code="64.71.03.1998"),
    "ck_baseline_transactions_not_negative": lambda make: add_baseline(make, transaction_value_idr=-1),
    "ck_baseline_savings_not_negative": lambda make: add_baseline(make, mandatory_savings_idr=-1),
    "ck_baseline_members_not_negative": lambda make: add_baseline(make, principal_savings_members=-1),
    "fk_baseline_cooperative_id_cooperative": lambda make: add_baseline(make, cooperative_id=uuid.uuid4()),
    "ck_officer_ownerrole": lambda make: add_officer(make, role=raw("raja")),
    "ck_officer_name_is_given": lambda make: add_officer(make, name=""),
    "ck_officer_term_runs_forward": lambda make: add_officer(make, term_ends_on=dt.date(2025, 12, 31)),
    "fk_officer_cooperative_id_cooperative": lambda make: add_officer(make, cooperative_id=uuid.uuid4()),
    "ck_programme_year_runs_forward": lambda make: add_programme_year(make, ends_on=dt.date(2030, 1, 1)),
    "ck_programme_year_target_is_reachable": lambda make: add_programme_year(make, visits_per_month=0),
    "ck_programme_year_caseload_is_a_range": lambda make: add_programme_year(make, caseload_max=3),
    "ck_assignment_runs_forward": lambda make: add_assignment(make, starts_on=dt.date(2027, 1, 1)),
    "fk_assignment_cooperative_id_cooperative": lambda make: add_assignment(make, cooperative_id=uuid.uuid4()),
    "fk_assignment_facilitator_id_user": lambda make: add_assignment(make, facilitator_id=uuid.uuid4()),
    "ck_office_name_is_given": lambda make: add_office(make, name=""),
    "fk_office_city_code_region": lambda make: add_office(make, city_code="99.99"),
    "ck_document_documentkind": lambda make: add_document(make, kind=raw("ktp")),
    "ck_document_title_is_given": lambda make: add_document(make, title=""),
    "ck_document_runs_forward": lambda make: add_document(make, expires_on=dt.date(2025, 12, 31)),
    "fk_document_cooperative_id_cooperative": lambda make: add_document(make, cooperative_id=uuid.uuid4()),
    "fk_document_attachment_id_attachment": lambda make: add_document(make, attachment_id=uuid.uuid4()),
    "fk_document_added_by_id_user": lambda make: add_document(make, added_by_id=uuid.uuid4()),
    "fk_document_replaced_by_id_document": lambda make: add_document(make, replaced_by_id=uuid.uuid4()),
    "ck_monthly_figures_month_is_one": lambda make: add_figures(make, month=13),
    "ck_monthly_figures_revision_positive": lambda make: add_figures(make, revision=0),
    "ck_monthly_figures_not_negative": lambda make: add_figures(make, members=-1),
    "ck_monthly_figures_cashless_is_a_share": lambda make: add_figures(make, cashless_percent=101),
    "uq_monthly_figures_cooperative_id_year_month_revision": add_figures_twice,
    "fk_monthly_figures_cooperative_id_cooperative": lambda make: add_figures(make, cooperative_id=uuid.uuid4()),
    "fk_monthly_figures_author_id_user": lambda make: add_figures(make, author_id=uuid.uuid4()),
    "monthly_figures_is_append_only: update": rewrite_figures,
    "monthly_figures_is_append_only: delete": remove_figures,
    "ck_figures_proposal_month_is_one": lambda make: add_proposal(make, month=13),
    "ck_figures_proposal_not_negative": lambda make: add_proposal(make, turnover_idr=-1),
    "ck_figures_proposal_cashless_is_a_share": lambda make: add_proposal(make, cashless_percent=101),
    "fk_figures_proposal_cooperative_id_cooperative": lambda make: add_proposal(make, cooperative_id=uuid.uuid4()),
    "fk_figures_proposal_author_id_user": lambda make: add_proposal(make, author_id=uuid.uuid4()),
    "figures_proposal_is_append_only: update": rewrite_proposal,
    "figures_proposal_is_append_only: delete": remove_proposal,
    "ck_figures_decision_refused_with_a_reason": lambda make: add_decision(make, reason=""),
    "fk_figures_decision_proposal_id_figures_proposal": lambda make: add_decision(make, proposal_id=uuid.uuid4()),
    "fk_figures_decision_figures_id_monthly_figures": lambda make: add_decision(make, figures_id=uuid.uuid4()),
    "fk_figures_decision_decided_by_id_user": lambda make: add_decision(make, decided_by_id=uuid.uuid4()),
    "figures_decision_is_append_only: update": rewrite_decision,
    "figures_decision_is_append_only: delete": remove_decision,
    "assignment_overlaps: insert": assign_twice_on_one_day,
    "assignment_overlaps: update": move_an_assignment_into_another,
    "assignment_overlaps: hand-over": hand_an_assignment_to_an_assigned_cooperative,
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_baseline(make)
    add_officer(make)
    add_programme_year(make)
    add_assignment(make)
    add_document(make)
    add_figures(make)
    add_decision(make)
    add_office(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_assignments_may_follow_each_other_day_by_day(make: Make) -> None:
    add_assignment(make, ends_on=dt.date(2026, 6, 30))
    add_assignment(make, starts_on=dt.date(2026, 7, 1))


def test_a_cooperative_with_a_past_is_not_removed(make: Make) -> None:
    removed: Broken = {
        "fk_baseline_cooperative_id_cooperative": lambda make: make.session.execute(
            delete(Cooperative).where(Cooperative.code == GRAHA_INDAH)
        )
    }

    assert misjudged(make, removed) == {}

import datetime as dt
import uuid

from pendamping.cooperatives.partnerships.models import BusinessPlan, Partnership, PartnershipStatus, PartnershipStep
from tests.breaking import Broken, add_row, after, misjudged, raw, removes, rewrites
from tests.make import Make

MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


def add_partnership(make: Make, **changed: object) -> uuid.UUID:
    id_ = uuid.uuid4()
    sound = {"id": id_, "cooperative_id": make.cooperative().id, "city_code": "64.71", "added_at": make.now}
    add_row(make, Partnership, **{**sound, **changed})
    return id_


def add_step(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "partnership_id": changed.get("partnership_id") or add_partnership(make),
        "number": 1,
        "partner": "Bulog",
        "is_bumn": True,
        "goods": "",
        "status": PartnershipStatus.RUNNING,
        "since_on": MARCH,
        "ends_on": MARCH,
        "monthly_value_idr": 0,
        "note": "",
        "is_verified": True,
        "author_id": make.user().id,
        "recorded_at": make.now,
    }
    add_row(make, PartnershipStep, **{**sound, **changed})


def add_plan(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": make.cooperative().id,
        "revision": 1,
        "businesses": ["sembako"],
        "potential": "",
        "author_id": make.user().id,
        "recorded_at": make.now,
    }
    add_row(make, BusinessPlan, **{**sound, **changed})


def add_one_step_twice(make: Make) -> None:
    partnership_id = add_partnership(make)
    add_step(make, partnership_id=partnership_id)
    add_step(make, partnership_id=partnership_id, partner="PLN")


def add_one_revision_twice(make: Make) -> None:
    add_plan(make)
    add_plan(make, potential="Pasar")


BROKEN: Broken = {
    "fk_partnership_cooperative_id_cooperative": lambda make: add_partnership(make, cooperative_id=uuid.uuid4()),
    "uq_partnership_step_partnership_id_number": add_one_step_twice,
    "ck_partnership_step_partnershipstatus": lambda make: add_step(make, status=raw("kenalan")),
    "ck_partnership_step_number_positive": lambda make: add_step(make, number=0),
    "ck_partnership_step_partner_is_given": lambda make: add_step(make, partner=""),
    "ck_partnership_step_value_not_negative": lambda make: add_step(make, monthly_value_idr=-1),
    "ck_partnership_step_runs_forward": lambda make: add_step(make, since_on=APRIL),
    "ck_partnership_step_an_end_has_its_reason": lambda make: add_step(make, status=PartnershipStatus.STOPPED),
    "ck_partnership_step_somebody_verified_it": lambda make: add_step(make, author_id=None),
    "fk_partnership_step_partnership_id_partnership": lambda make: add_step(make, partnership_id=uuid.uuid4()),
    "fk_partnership_step_author_id_user": lambda make: add_step(make, author_id=uuid.uuid4()),
    "uq_business_plan_cooperative_id_revision": add_one_revision_twice,
    "ck_business_plan_revision_positive": lambda make: add_plan(make, revision=0),
    "fk_business_plan_cooperative_id_cooperative": lambda make: add_plan(make, cooperative_id=uuid.uuid4()),
    "fk_business_plan_author_id_user": lambda make: add_plan(make, author_id=uuid.uuid4()),
    "partnership_is_append_only: update": after(add_partnership, rewrites(Partnership, city_code="64.72")),
    "partnership_is_append_only: delete": after(add_partnership, removes(Partnership)),
    "partnership_step_is_append_only: update": after(add_step, rewrites(PartnershipStep, goods="Beras")),
    "partnership_step_is_append_only: delete": after(add_step, removes(PartnershipStep)),
    "business_plan_is_append_only: update": after(add_plan, rewrites(BusinessPlan, potential="Pasar")),
    "business_plan_is_append_only: delete": after(add_plan, removes(BusinessPlan)),
}


def test_the_database_refuses_what_the_table_says(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_step(make, is_verified=False, since_on=None, ends_on=None, author_id=None)
    add_step(make, status=PartnershipStatus.STOPPED, note="Stok kosong.")
    add_plan(make)

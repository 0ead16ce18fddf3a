import uuid

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import SignInFailure, User
from pendamping.kernel.roles import Role
from tests.breaking import Broken, add_row, misjudged, raw
from tests.make import Make


def add_user(make: Make, **changed: object) -> None:
    sound = {
        "username": "siti",
        "name": "Siti Aminah",
        "role": Role.AGENCY_HEAD,
        "scope_prefix": "64.71",
        "password_hash": "x",
        "created_at": make.now,
    }
    add_row(make, User, **{**sound, **changed})


def add_failure(make: Make, **changed: object) -> None:
    sound = {"key": "0" * 64, "failures": 1, "window_started_at": make.now}
    add_row(make, SignInFailure, **{**sound, **changed})


def add_device(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "user_id": make.user().id,
        "name": "Tablet",
        "registered_at": make.now,
        "last_seen_at": make.now,
        "waiting_records": 0,
        "receipts": 0,
    }
    add_row(make, Device, **{**sound, **changed})


def add_the_same_username_twice(make: Make) -> None:
    add_user(make)
    add_user(make, name="Siti Lain")


def add_officers_account(make: Make, **changed: object) -> None:
    sound = {
        "role": Role.COOPERATIVE,
        "scope_prefix": "",
        "cooperative_id": make.cooperative().id,
        "officer_id": make.officer().id,
        "password_hash": None,
    }
    add_user(make, **{**sound, **changed})


def add_an_officers_account_twice(make: Make) -> None:
    officer_id = make.officer().id
    add_officers_account(make, officer_id=officer_id)
    add_officers_account(make, officer_id=officer_id, username="siti.lain")


BROKEN: Broken = {
    "ck_device_name_is_given": lambda make: add_device(make, name=""),
    "ck_device_waiting_not_negative": lambda make: add_device(make, waiting_records=-1),
    "ck_device_receipts_not_negative": lambda make: add_device(make, receipts=-1),
    "ck_device_somebody_revoked_it": lambda make: add_device(make, revoked_at=make.now),
    "fk_device_user_id_user": lambda make: add_device(make, user_id=uuid.uuid4()),
    "ck_user_role": lambda make: add_user(make, role=raw("walikota"), scope_prefix=""),
    "ck_user_cooperative_accounts_have_one": lambda make: add_user(make, role=Role.COOPERATIVE, scope_prefix=""),
    "ck_user_username_is_lower_case": lambda make: add_user(make, username="Siti"),
    "ck_user_name_is_given": lambda make: add_user(make, name=""),
    "ck_user_scope_is_for_the_agency": lambda make: add_user(make, role=Role.FACILITATOR),
    "ck_user_language_is_spoken_here": lambda make: add_user(make, language="fr"),
    "uq_user_username": add_the_same_username_twice,
    "ck_user_officers_belong_to_a_cooperative": lambda make: add_user(
        make, officer_id=make.officer().id, password_hash=None
    ),
    "ck_user_officers_come_by_link_alone": lambda make: add_user(make, password_hash=None),
    "uq_user_officer_id": add_an_officers_account_twice,
    "fk_user_officer_id_officer": lambda make: add_officers_account(make, officer_id=uuid.uuid4()),
    "fk_user_cooperative_id_cooperative": lambda make: add_user(
        make, role=Role.COOPERATIVE, scope_prefix="", cooperative_id=uuid.uuid4()
    ),
    "ck_sign_in_failure_failures_positive": lambda make: add_failure(make, failures=0),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_user(make)
    add_officers_account(make, username="pengurus")
    add_failure(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_a_username_of_two_letters_is_too_short(make: Make) -> None:
    too_short: Broken = {"ck_user_username_is_lower_case": lambda make: add_user(make, username="si")}

    assert misjudged(make, too_short) == {}

import datetime as dt
import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import SignInFailure, User
from pendamping.accounts.passwords import is_password
from pendamping.accounts.service import (
    BadAccount,
    NewUser,
    SignInLocked,
    WrongPassword,
    add_user,
    change_own_password,
    check_password,
    choose_language,
    deactivate_user,
    note_failed_sign_in,
    note_sign_in,
    refuse_when_locked,
    set_password,
)
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW
from tests.make import PASSWORD, Make

NEW_PASSWORD = "sandi-yang-baru"
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.4"
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
RATNA = NewUser("ratna", "Ratna Dewi", Role.FACILITATOR, PASSWORD)


def users(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User)) or 0


def verbs(session: Session) -> list[str]:
    return list(
        session.scalars(select(AuditEvent.verb).where(AuditEvent.subject_type == "user").order_by(AuditEvent.at))
    )


# Making an account ----------------------------------------------------------------------------------------------------


def test_a_new_account_signs_in_with_its_password(session: Session) -> None:
    user = add_user(session, RATNA, actor=ACTOR, now=NOW)

    assert check_password(session, username="ratna", password=PASSWORD) is user
    assert (user.role, user.scope_prefix, user.language, user.created_at) == (Role.FACILITATOR, "", "id", NOW)
    assert not user.must_change_password
    assert PASSWORD not in str(user.password_hash)


def test_a_username_is_the_same_however_it_is_typed(session: Session) -> None:
    user = add_user(session, replace(RATNA, username=" Ratna.D ", name=" Ratna Dewi "), actor=ACTOR, now=NOW)

    assert (user.username, user.name) == ("ratna.d", "Ratna Dewi")
    assert check_password(session, username="RATNA.d ", password=PASSWORD) is user


USERNAME_RULE = "Nama pengguna: 3 sampai 40 huruf"
PERSON_RULE = "Nama orang wajib diisi, paling banyak 120"
PASSWORD_RULE = "Kata sandi: %(min)s sampai %(max)s karakter."
COOPERATIVE_RULE = "Akun koperasi, dan hanya akun koperasi"
SCOPE_RULE = "Wilayah hanya untuk kepala dinas dan admin"

BAD = {
    "no username": (replace(RATNA, username=" "), USERNAME_RULE),
    "a username of two letters": (replace(RATNA, username="ra"), USERNAME_RULE),
    "a username of 41 letters": (replace(RATNA, username="r" * 41), USERNAME_RULE),
    "a username that begins with a dot": (replace(RATNA, username=".ratna"), USERNAME_RULE),
    "a username with a space": (replace(RATNA, username="ratna dewi"), USERNAME_RULE),
    "a username with a letter that only looks Latin": (replace(RATNA, username="rаtna"), USERNAME_RULE),
    "a username with a line end inside": (replace(RATNA, username="rat\nna"), USERNAME_RULE),
    "a username that is taken": (replace(RATNA, username="SUDAH-ADA"), "sudah dipakai"),
    "no name": (replace(RATNA, name=" "), PERSON_RULE),
    "a name of 121 letters": (replace(RATNA, name="R" * 121), PERSON_RULE),
    "no password": (replace(RATNA, password=""), PASSWORD_RULE),
    "a password of 9 characters": (replace(RATNA, password="x" * 9), PASSWORD_RULE),
    "a password of 201 characters": (replace(RATNA, password="x" * 201), PASSWORD_RULE),
    "a cooperative's account without a cooperative": (replace(RATNA, role=Role.COOPERATIVE), COOPERATIVE_RULE),
    "a facilitator's account with a cooperative": (replace(RATNA, cooperative_id=uuid.uuid4()), COOPERATIVE_RULE),
    "a facilitator with a scope": (replace(RATNA, scope_prefix="64.71"), SCOPE_RULE),
    "a cooperative with a scope": (
        replace(RATNA, role=Role.COOPERATIVE, cooperative_id=uuid.uuid4(), scope_prefix="64.71"),
        SCOPE_RULE,
    ),
}


def test_an_account_that_breaks_a_rule_is_refused_with_the_rule(session: Session, make: Make) -> None:
    make.user(username="sudah-ada")
    said = {}

    for name, (new, _) in BAD.items():
        with pytest.raises(BadAccount) as refused:
            add_user(session, new, actor=ACTOR, now=NOW)
        said[name] = refused.value.explanation

    assert {name: rule for name, (_, rule) in BAD.items() if rule not in said[name]} == {}
    assert users(session) == 1
    assert verbs(session) == []


def test_the_longest_and_the_shortest_that_the_rules_allow_are_allowed(session: Session, make: Make) -> None:
    longest = NewUser("r" * 40, "R" * 120, Role.ADMIN, "x" * 200, scope_prefix="64.71.03.1006")
    shortest = NewUser("r.2", "R", Role.COOPERATIVE, "x" * 10, cooperative_id=make.cooperative().id)

    for new in (longest, shortest):
        add_user(session, new, actor=ACTOR, now=NOW)

    assert users(session) == 2


# Passwords ------------------------------------------------------------------------------------------------------------


def test_a_person_changes_their_own_password(session: Session, make: Make) -> None:
    user = make.user(must_change_password=True)

    change_own_password(session, user, current=PASSWORD, new=NEW_PASSWORD, actor=ACTOR, now=NOW)

    assert check_password(session, username=user.username, password=NEW_PASSWORD) is user
    assert check_password(session, username=user.username, password=PASSWORD) is None
    assert not user.must_change_password
    assert user.session_version == 2


REFUSED_CHANGES = [
    ("bukan-kata-sandinya", NEW_PASSWORD, WrongPassword),
    (PASSWORD, PASSWORD, BadAccount),
    (PASSWORD, "pendek", BadAccount),
    (PASSWORD, "x" * 201, BadAccount),
]


def test_a_change_that_is_refused_leaves_password_and_sessions_as_they_were(session: Session, make: Make) -> None:
    user = make.user()

    for current, new, refusal in REFUSED_CHANGES:
        with pytest.raises(refusal):
            change_own_password(session, user, current=current, new=new, actor=ACTOR, now=NOW)

    assert is_password(user.password_hash, PASSWORD)
    assert user.session_version == 1
    assert verbs(session) == []


def test_a_password_that_the_admin_sets_ends_the_sessions_and_lifts_the_lock(session: Session, make: Make) -> None:
    user = make.user()
    session_id = user.get_id()
    fail(session, user.username, times=5)

    set_password(session, user, NEW_PASSWORD, actor=ACTOR, now=NOW, must_change=True)

    assert user.get_id() != session_id
    assert not is_locked(session, user.username)
    assert check_password(session, username=user.username, password=NEW_PASSWORD) is user
    assert user.must_change_password


# Closing an account, choosing a language ------------------------------------------------------------------------------


def test_a_closed_account_signs_in_no_more_and_its_sessions_end(session: Session, make: Make) -> None:
    user = make.user()
    session_id = user.get_id()

    deactivate_user(session, user, actor=ACTOR, now=NOW)

    assert check_password(session, username=user.username, password=PASSWORD) is None
    assert user.get_id() != session_id
    assert (user.is_active, user.deactivated_at) == (False, NOW)


def test_closing_an_account_twice_closes_it_once(session: Session, make: Make) -> None:
    user = make.user()
    deactivate_user(session, user, actor=ACTOR, now=NOW)

    deactivate_user(session, user, actor=ACTOR, now=NOW + MINUTE)

    assert (user.deactivated_at, user.session_version) == (NOW, 2)
    assert verbs(session) == ["deactivate_user"]


# Failed sign-ins ------------------------------------------------------------------------------------------------------


def fail(session: Session, username: str, *, times: int = 1, address: str = OFFICE, now: dt.datetime = NOW) -> None:
    for _ in range(times):
        note_failed_sign_in(session, username=username, address=address, now=now)


def is_locked(session: Session, username: str, *, address: str = OFFICE, now: dt.datetime = NOW) -> bool:
    try:
        refuse_when_locked(session, username=username, address=address, now=now)
    except SignInLocked:
        return True
    return False


def test_five_failures_lock_the_name_for_15_minutes_wherever_it_signs_in_from(session: Session) -> None:
    fail(session, "ratna", times=4)
    assert not is_locked(session, "ratna")

    fail(session, "ratna")

    assert is_locked(session, "ratna")
    assert is_locked(session, "ratna", address=ELSEWHERE)
    assert is_locked(session, "ratna", now=NOW + 15 * MINUTE - SECOND)
    assert not is_locked(session, "ratna", now=NOW + 15 * MINUTE)
    assert not is_locked(session, "budi")


def test_failures_count_for_one_name_however_it_is_typed_and_from_wherever(session: Session) -> None:
    for typed, address in (
        ("ratna", OFFICE),
        ("Ratna", ELSEWHERE),
        (" RATNA ", "192.0.2.1"),
        ("ratna ", "192.0.2.2"),
        ("rATNA", "192.0.2.3"),
    ):
        fail(session, typed, address=address)

    assert is_locked(session, "ratna")


def test_failures_that_lie_further_apart_than_the_window_do_not_lock(session: Session) -> None:
    fail(session, "ratna", times=4)

    fail(session, "ratna", times=4, now=NOW + 15 * MINUTE + SECOND)

    assert not is_locked(session, "ratna", now=NOW + 15 * MINUTE + SECOND)


def test_failures_within_the_window_lock_from_the_last_one_on(session: Session) -> None:
    fail(session, "ratna", times=4)
    last = NOW + 14 * MINUTE

    fail(session, "ratna", now=last)

    assert is_locked(session, "ratna", now=last + 15 * MINUTE - SECOND)
    assert not is_locked(session, "ratna", now=last + 15 * MINUTE)


def test_after_a_lock_one_more_failure_does_not_lock_again(session: Session) -> None:
    fail(session, "ratna", times=5)

    for later in (NOW + 15 * MINUTE, NOW + 16 * MINUTE):
        fail(session, "ratna", now=later)
        assert not is_locked(session, "ratna", now=later)


def test_a_sign_in_that_goes_well_forgets_the_failures_of_its_name(session: Session, make: Make) -> None:
    user = make.user(username="ratna")
    fail(session, "ratna", times=4)

    note_sign_in(session, user, actor=ACTOR, now=NOW)
    fail(session, "ratna")

    assert not is_locked(session, "ratna")


def test_fifty_failures_from_one_address_lock_the_address_and_none_of_the_names(session: Session) -> None:
    for number in range(49):
        fail(session, f"orang{number}")
    assert not is_locked(session, "ratna")

    fail(session, "orang49")

    assert is_locked(session, "ratna")
    assert not is_locked(session, "ratna", address=ELSEWHERE)
    assert not is_locked(session, "orang1", address=ELSEWHERE)
    assert not is_locked(session, "ratna", now=NOW + 15 * MINUTE)


def test_names_that_nobody_has_count_like_all_others(session: Session) -> None:
    assert check_password(session, username="tidak.ada", password=PASSWORD) is None

    fail(session, "tidak.ada", times=5)

    assert is_locked(session, "tidak.ada")


def test_nothing_that_was_typed_and_no_address_is_stored_in_clear(session: Session) -> None:
    fail(session, PASSWORD)

    keys = session.scalars(select(SignInFailure.key)).all()

    assert [len(bytes.fromhex(key)) for key in keys] == [32, 32]


def test_failures_are_forgotten_after_half_an_hour(session: Session) -> None:
    fail(session, "ratna", address=OFFICE)

    fail(session, "budi", address=ELSEWHERE, now=NOW + 30 * MINUTE)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 4
    fail(session, "budi", address=ELSEWHERE, now=NOW + 30 * MINUTE + SECOND)

    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 2


def test_failures_at_the_same_moment_all_count(app: Flask) -> None:
    ready = threading.Barrier(4)

    def fail_once() -> None:
        with app.app_context():
            ready.wait()
            retry_on_conflict(lambda session: note_failed_sign_in(session, username="ratna", address=OFFICE, now=NOW))

    threads = [threading.Thread(target=fail_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        assert reading().scalars(select(SignInFailure.failures)).all() == [4, 4]


# The record -----------------------------------------------------------------------------------------------------------


def test_the_record_tells_an_accounts_life_without_any_password(session: Session) -> None:
    user = add_user(session, RATNA, actor=ACTOR, now=NOW)
    life: list[Callable[[dt.datetime], None]] = [
        lambda now: note_sign_in(session, user, actor=ACTOR, now=now),
        lambda now: choose_language(session, user, "en", actor=ACTOR, now=now),
        lambda now: change_own_password(session, user, current=PASSWORD, new=NEW_PASSWORD, actor=ACTOR, now=now),
        lambda now: set_password(session, user, PASSWORD, actor=ACTOR, now=now, must_change=True),
        lambda now: fail(session, "ratna", now=now),
        lambda now: deactivate_user(session, user, actor=ACTOR, now=now),
    ]

    for minutes, live in enumerate(life, start=1):
        live(NOW + minutes * MINUTE)

    assert verbs(session) == [
        "add_user",
        "sign_in",
        "choose_language",
        "set_password",
        "set_password",
        "deactivate_user",
    ]
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == str(user.id)))
    told = json.dumps([[event.before, event.after] for event in events])
    assert not [secret for secret in (PASSWORD, NEW_PASSWORD, str(user.password_hash), "argon2") if secret in told]

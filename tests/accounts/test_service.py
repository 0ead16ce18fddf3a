import datetime as dt
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from pendamping.accounts import service
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
from pendamping.kernel.roles import Role
from tests import only
from tests.conftest import ACTOR, NOW
from tests.make import GRAHA_INDAH, PASSWORD, Make

SITI = NewUser("siti", "Siti Aminah", Role.FACILITATOR, PASSWORD)
NEW_PASSWORD = "sandi-yang-baru"
HOME, ELSEWHERE = "203.0.113.9", "203.0.113.10"
MINUTE, SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)


def on_record(make: Make, verb: str) -> list[AuditEvent]:
    make.session.flush()
    return list(make.session.scalars(select(AuditEvent).where(AuditEvent.verb == verb)))


def test_an_account_is_made_as_it_was_asked_for(make: Make) -> None:
    new = replace(SITI, username="  Siti.Aminah ", name=" Siti Aminah ")

    user = add_user(make.session, new, actor=ACTOR, now=NOW)

    assert (user.username, user.name, user.role, user.scope_prefix) == (
        "siti.aminah",
        "Siti Aminah",
        Role.FACILITATOR,
        "",
    )
    assert (user.is_active, user.must_change_password, user.language, user.created_at) == (True, False, "id", NOW)
    assert is_password(user.password_hash, PASSWORD)


def test_a_new_account_is_on_record_without_its_password(make: Make) -> None:
    user = add_user(make.session, SITI, actor=ACTOR, now=NOW)

    (event,) = on_record(make, "add_user")
    assert (event.subject_id, event.actor_name, event.at) == (str(user.id), ACTOR.name, NOW)
    assert event.after is not None
    assert event.after.keys() == {"username", "name", "role", "scope", "cooperative_id"}


@only.on_sqlite
@pytest.mark.parametrize(
    ("new", "said"),
    [
        (replace(SITI, username=""), "Nama pengguna: 3 sampai 40"),
        (replace(SITI, username="ab"), "Nama pengguna: 3 sampai 40"),
        (replace(SITI, username="a" * 41), "Nama pengguna: 3 sampai 40"),
        (replace(SITI, username="siti aminah"), "Nama pengguna: 3 sampai 40"),
        (replace(SITI, username=".siti"), "Nama pengguna: 3 sampai 40"),
        (replace(SITI, username="sití"), "Nama pengguna: 3 sampai 40"),
        (replace(SITI, username="siti\n"), None),
        (replace(SITI, name=" "), "Nama orang wajib diisi"),
        (replace(SITI, name="x" * 121), "Nama orang wajib diisi"),
        (replace(SITI, role=Role.COOPERATIVE), "hanya akun koperasi"),
        (replace(SITI, cooperative_id=uuid.uuid4()), "hanya akun koperasi"),
        (replace(SITI, scope_prefix="64.71"), "Wilayah hanya untuk"),
        (replace(SITI, role=Role.COOPERATIVE, cooperative_id=uuid.uuid4(), scope_prefix="64"), "Wilayah hanya untuk"),
        (replace(SITI, password="x" * 9), "Kata sandi: "),
        (replace(SITI, password="x" * 201), "Kata sandi: "),
        (replace(SITI, username="Ada"), "sudah dipakai"),
    ],
)
def test_an_account_that_does_not_hold_is_refused(make: Make, new: NewUser, said: str | None) -> None:
    make.user(username="ada")

    if said is None:
        assert add_user(make.session, new, actor=ACTOR, now=NOW).username == "siti"
        return
    with pytest.raises(BadAccount) as caught:
        add_user(make.session, new, actor=ACTOR, now=NOW)

    assert said in caught.value.explanation
    assert make.session.scalars(select(User.username)).all() == ["ada"]


def test_a_cooperatives_account_belongs_to_it_and_a_head_may_have_a_region(make: Make) -> None:
    cooperative = make.cooperative(GRAHA_INDAH)
    board = replace(SITI, username="pengurus", role=Role.COOPERATIVE, cooperative_id=cooperative.id)
    head = replace(SITI, username="kepala", role=Role.AGENCY_HEAD, scope_prefix="64.71")

    assert add_user(make.session, board, actor=ACTOR, now=NOW).cooperative_id == cooperative.id
    assert add_user(make.session, head, actor=ACTOR, now=NOW).scope_prefix == "64.71"


def test_another_password_ends_the_sessions_of_the_old_one(make: Make) -> None:
    user = make.user()

    set_password(make.session, user, NEW_PASSWORD, actor=ACTOR, now=NOW, must_change=True)

    assert is_password(user.password_hash, NEW_PASSWORD)
    assert not is_password(user.password_hash, PASSWORD)
    assert (user.session_version, user.must_change_password) == (2, True)
    (event,) = on_record(make, "set_password")
    assert (event.before, event.after) == (None, {"must_change": True})


@only.on_sqlite
@pytest.mark.parametrize("password", ["", "x" * 9, "x" * 201])
def test_a_password_too_short_or_too_long_changes_nothing(make: Make, password: str) -> None:
    user = make.user()

    with pytest.raises(BadAccount, match="bad_account"):
        set_password(make.session, user, password, actor=ACTOR, now=NOW)

    assert is_password(user.password_hash, PASSWORD)
    assert user.session_version == 1


@only.on_sqlite
@pytest.mark.parametrize("password", ["x" * 10, "x" * 200])
def test_the_shortest_and_the_longest_password_are_taken(make: Make, password: str) -> None:
    user = make.user()

    set_password(make.session, user, password, actor=ACTOR, now=NOW)

    assert is_password(user.password_hash, password)


def test_changing_ones_own_password_takes_the_current_one(make: Make) -> None:
    user = make.user(must_change_password=True)

    change_own_password(make.session, user, current=PASSWORD, new=NEW_PASSWORD, actor=ACTOR, now=NOW)

    assert is_password(user.password_hash, NEW_PASSWORD)
    assert user.must_change_password is False


@only.on_sqlite
@pytest.mark.parametrize(
    ("current", "new", "error"),
    [("salah-sekali", NEW_PASSWORD, WrongPassword), (PASSWORD, PASSWORD, BadAccount), (PASSWORD, "pendek", BadAccount)],
)
def test_ones_own_password_stays_when_the_change_does_not_hold(
    make: Make, current: str, new: str, error: type[Exception]
) -> None:
    user = make.user(must_change_password=True)

    with pytest.raises(error):
        change_own_password(make.session, user, current=current, new=new, actor=ACTOR, now=NOW)

    assert is_password(user.password_hash, PASSWORD)
    assert (user.session_version, user.must_change_password) == (1, True)


def test_a_closed_account_signs_in_no_more_and_stays_on_record(make: Make) -> None:
    user = make.user()

    deactivate_user(make.session, user, actor=ACTOR, now=NOW)
    deactivate_user(make.session, user, actor=ACTOR, now=NOW + MINUTE)

    assert (user.is_active, user.deactivated_at, user.session_version) == (False, NOW, 2)
    assert check_password(make.session, username=user.username, password=PASSWORD) is None
    assert len(on_record(make, "deactivate_user")) == 1


def test_a_language_is_chosen_for_the_account(make: Make) -> None:
    user = make.user()

    choose_language(make.session, user, "en", actor=ACTOR, now=NOW)

    assert user.language == "en"
    (event,) = on_record(make, "choose_language")
    assert (event.before, event.after) == ({"language": "id"}, {"language": "en"})


@only.on_sqlite
@pytest.mark.parametrize("typed", ["siti", " Siti ", "SITI"])
def test_the_right_password_finds_the_person_however_the_name_is_typed(make: Make, typed: str) -> None:
    user = make.user(username="siti")

    assert check_password(make.session, username=typed, password=PASSWORD) is user


@only.on_sqlite
@pytest.mark.parametrize(("username", "password"), [("siti", "salah-sekali"), ("siti", ""), ("sita", PASSWORD)])
def test_the_wrong_name_or_password_finds_nobody(make: Make, username: str, password: str) -> None:
    make.user(username="siti")

    assert check_password(make.session, username=username, password=password) is None


@only.on_sqlite
@pytest.mark.parametrize("username", ["siti", "tutup", "tidak-ada"])
def test_nobody_learns_from_the_time_it_takes_who_has_an_account(
    make: Make, monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    make.user(username="siti")
    make.user(username="tutup", deactivated_at=NOW)
    verified: list[str] = []
    monkeypatch.setattr(service, "is_password", lambda stored, password: verified.append(stored))

    check_password(make.session, username=username, password="salah-sekali")

    (stored,) = verified
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def fail(make: Make, times: int, *, username: str = "siti", address: str = HOME, at: dt.datetime = NOW) -> None:
    for _ in range(times):
        note_failed_sign_in(make.session, username=username, address=address, now=at)


def is_locked(make: Make, *, username: str = "siti", address: str = HOME, at: dt.datetime = NOW) -> bool:
    try:
        refuse_when_locked(make.session, username=username, address=address, now=at)
    except SignInLocked:
        return True
    return False


def test_the_fifth_failure_locks_the_name_wherever_it_is_tried(make: Make) -> None:
    fail(make, 4)
    assert not is_locked(make)

    fail(make, 1)
    assert is_locked(make)
    assert is_locked(make, address=ELSEWHERE)
    assert not is_locked(make, username="rahmat")


def test_the_lock_lasts_fifteen_minutes(make: Make) -> None:
    fail(make, 5)

    assert is_locked(make, at=NOW + 15 * MINUTE - SECOND)
    assert not is_locked(make, at=NOW + 15 * MINUTE)


def test_after_the_lock_a_person_has_five_tries_again(make: Make) -> None:
    fail(make, 5)
    later = NOW + 16 * MINUTE

    fail(make, 4, at=later)
    assert not is_locked(make, at=later)

    fail(make, 1, at=later)
    assert is_locked(make, at=later)


def test_failures_far_apart_do_not_add_up(make: Make) -> None:
    fail(make, 4)
    later = NOW + 15 * MINUTE + SECOND

    fail(make, 4, at=later)

    assert not is_locked(make, at=later)


def test_a_sign_in_that_goes_well_forgets_the_failures_before_it(make: Make) -> None:
    user = make.user(username="siti")
    fail(make, 4)

    note_sign_in(make.session, user, actor=ACTOR, now=NOW)
    fail(make, 4)

    assert not is_locked(make)
    assert len(on_record(make, "sign_in")) == 1


def test_another_password_from_the_admin_ends_the_lock(make: Make) -> None:
    user = make.user(username="siti")
    fail(make, 5)

    set_password(make.session, user, NEW_PASSWORD, actor=ACTOR, now=NOW)

    assert not is_locked(make)


def test_fifty_failures_from_one_address_lock_the_address_for_every_name(make: Make) -> None:
    for number in range(49):
        fail(make, 1, username=f"nama{number}")
    assert not is_locked(make, username="siti")

    fail(make, 1, username="nama49")
    assert is_locked(make, username="siti")
    assert not is_locked(make, username="siti", address=ELSEWHERE)


@only.on_sqlite
@pytest.mark.parametrize("typed", ["Siti", " siti ", "SITI"])
def test_a_name_typed_otherwise_is_the_same_name(make: Make, typed: str) -> None:
    fail(make, 5, username=typed)

    assert is_locked(make, username="siti")


def test_names_that_nobody_has_are_counted_like_others(make: Make) -> None:
    fail(make, 5, username="tidak-ada")

    assert is_locked(make, username="tidak-ada")


def test_what_is_counted_is_stored_as_a_hash_only(make: Make) -> None:
    fail(make, 1, username="sandi-di-kolom-nama")

    keys = make.session.scalars(select(SignInFailure.key)).all()
    assert len(keys) == 2
    assert all(len(key) == 64 and int(key, 16) for key in keys)


def test_old_counts_are_swept_away(make: Make) -> None:
    fail(make, 1, username="lama")

    fail(make, 1, username="baru", address=ELSEWHERE, at=NOW + 31 * MINUTE)

    assert len(make.session.scalars(select(SignInFailure.key)).all()) == 2

"""The admin's pages about accounts: list, new account, one-time password, closing and opening again."""

import datetime as dt
import json
import re
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.cli import user_cli
from pendamping.accounts.models import User
from pendamping.accounts.passwords import MIN_PASSWORD_LENGTH, is_password, one_time_password
from pendamping.accounts.policy import may_give_scope
from pendamping.accounts.service import LastAdmin, OwnAccount, deactivate_user, reactivate_user
from pendamping.cooperatives.assignments.covering import cover_leave
from pendamping.cooperatives.assignments.handing_over import propose
from pendamping.kernel.audit import Actor, AuditEvent
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import Role
from pendamping.visits.models import VisitMode
from pendamping.visits.schedule.models import PlannedVisit
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page

Logged = Callable[[], list[dict[str, object]]]

NEW_URL = "/pengguna/baru"
BALIKPAPAN, WEST = "64.71", "64.71.02"
"""The city, and the kecamatan in which KKMP Kariangau lies."""
NEW = {"role": "facilitator", "name": "Ratna Dewi", "username": "ratna", "code": "", "scope": ""}
LONG_NAME = "Raden Ayu Bernadetta Kusumaningtyasningrum Wulandariputri"


@pytest.fixture
def admin(browser: Browser) -> User:
    with browser.make() as make:
        user: User = make.user(Role.ADMIN, name="Admin Dinas")
    browser.sign_in(user)
    return user


def made(browser: Browser, role: Role = Role.FACILITATOR, **fields: Any) -> User:
    with browser.make() as make:
        user: User = make.user(role, **fields)
    return user


def stored(browser: Browser, username: str) -> User | None:
    with browser.app.app_context():
        return reading().scalar(select(User).where(User.username == username))


def listed(page: Page) -> list[str]:
    return page.texts("main table tbody th a")


def at(user: User, noun: str = "") -> str:
    return f"/pengguna/{user.id}{noun}"


def send(browser: Browser, user: User, noun: str, *, follow: bool = True) -> Page:
    """Press a button of an account's page, with the token of that page."""
    token = browser.open(at(user)).fields("form[method=post]")["csrf_token"]
    return browser.send(at(user, noun), {"csrf_token": token}, follow=follow)


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_shows_everybody_with_what_they_are_about(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH, KARIANGAU, name="Budi")
        make.user(name="Citra")
        make.cooperative_user(name="Pengurus Graha")
        make.user(Role.AGENCY_HEAD, name="Kepala", scope_prefix=BALIKPAPAN)

    page = browser.open("/pengguna")

    assert listed(page) == ["Admin Dinas", "Budi", "Citra", "Kepala", "Pengurus Graha"]
    assert page.texts("main tbody td:nth-of-type(2)") == [
        "Semua wilayah",
        "mendampingi 2 koperasi",
        "belum ada koperasi",
        "Kota Balikpapan",
        "KKMP Graha Indah",
    ]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("q=bud", ["Budi"]),
        ("q=BUDI", ["Budi"]),
        ("q=pengguna.budi", ["Budi"]),
        ("q=%25", []),
        ("q=_", []),
        ("peran=admin", ["Admin Dinas"]),
        ("peran=cooperative", []),
        ("keadaan=ditutup", ["Citra"]),
        ("keadaan=aktif", ["Admin Dinas", "Budi"]),
        ("peran=facilitator&keadaan=aktif", ["Budi"]),
        ("peran=raja", ["Admin Dinas", "Budi", "Citra"]),
        ("q=" + "a" * 81, ["Admin Dinas", "Budi", "Citra"]),
        ("setelah=%FF&_external=1&_scheme=javascript", ["Admin Dinas", "Budi", "Citra"]),
    ],
)
def test_search_and_filters_narrow_the_list(browser: Browser, admin: User, address: str, names: list[str]) -> None:
    made(browser, name="Budi", username="pengguna.budi")
    made(browser, name="Citra", deactivated_at=NOW)

    page = browser.open(f"/pengguna?{address}")

    assert (page.status, listed(page)) == (200, names)
    assert "javascript:" not in page.response.text


def test_a_long_list_is_read_page_by_page_and_nobody_is_missing_or_twice(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        for number in range(PAGE_SIZE * 2):
            make.user(name="Kembar" if number % 2 else f"Orang {number:02}")

    seen, url = list[str](), "/pengguna?peran=facilitator"
    while url:
        page = browser.open(url)
        seen += [str(link["href"]) for link in page.soup.select("main table th a")]
        onward = page.soup.select_one("a[rel=next]")
        url = str(onward["href"]) if onward else ""

    assert (len(seen), len(set(seen))) == (PAGE_SIZE * 2, PAGE_SIZE * 2)


def test_an_admin_of_a_region_manages_only_its_people(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        here = make.facilitator(KARIANGAU, name="Sini")
        elsewhere = make.facilitator(GRAHA_INDAH, name="Sana")
        make.user(name="Baru")
        make.cooperative_user(KARIANGAU, name="Koperasi Sini")
        make.cooperative_user(GRAHA_INDAH, name="Koperasi Sana")
        make.user(Role.AGENCY_HEAD, name="Kepala Kota", scope_prefix=BALIKPAPAN)
        make.user(Role.AGENCY_HEAD, name="Kepala Barat", scope_prefix=WEST)
        browser.sign_in(make.user(Role.ADMIN, name="Admin Barat", scope_prefix=WEST))

    assert listed(browser.open("/pengguna")) == ["Admin Barat", "Baru", "Kepala Barat", "Koperasi Sini", "Sini"]
    assert browser.open(at(here)).status == 200
    assert [browser.client.get(at(each)).status_code for each in (elsewhere, admin)] == [404, 404]


def tie(make: Make, user: User, tie: str) -> None:
    """Give a facilitator of Kariangau something to do with Graha Indah, which lies in another kecamatan."""
    if tie == "accompanied there before":
        make.assignment(user, GRAHA_INDAH, starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31))
        return
    if tie == "accompanies there now":
        make.assignment(user, GRAHA_INDAH)
        return
    theirs = make.assignment(make.user(), GRAHA_INDAH)
    if tie == "covers there":
        cover_leave(make.session, theirs, user, starts_on=TODAY, ends_on=TODAY, reason="Cuti", actor=ACTOR, now=NOW)
    if tie == "is to take over there":
        propose(make.session, theirs, user, ends_on=TODAY, note="", last_visit_on=None, actor=ACTOR, now=NOW)


@on_sqlite
@pytest.mark.parametrize(
    "how", ["accompanied there before", "accompanies there now", "covers there", "is to take over there"]
)
@pytest.mark.parametrize("was_here", [True, False], ids=["with one here", "with none here"])
def test_who_has_to_do_with_another_region_is_not_managed_from_this_one(
    browser: Browser, admin: User, how: str, was_here: bool
) -> None:
    with browser.make() as make:
        user = make.user(name="Budi")
        if was_here:
            make.assignment(user, KARIANGAU, starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31))
        tie(make, user, how)
        browser.sign_in(make.user(Role.ADMIN, name="Admin Barat", scope_prefix=WEST))
    token = browser.open(NEW_URL).fields()["csrf_token"]

    for noun in ("/kata-sandi", "/penutupan", "/pembukaan"):
        assert browser.send(at(user, noun), {"csrf_token": token}).status == 404, noun
    assert browser.open(at(user)).status == 404
    assert listed(browser.open("/pengguna")) == ["Admin Barat"]
    browser.sign_in(admin)
    assert send(browser, user, "/kata-sandi").status == 200


@on_sqlite
def test_who_accompanies_here_and_elsewhere_can_be_named_here(browser: Browser) -> None:
    with browser.make() as make:
        make.facilitator(KARIANGAU, GRAHA_INDAH, name="Budi")
        make.facilitator("64.71.01.1001", name="Sana")
        browser.sign_in(make.user(Role.ADMIN, scope_prefix=WEST))

    page = browser.open("/penugasan?tahun=2026")

    assert (page.status, page.has("Budi"), page.has("Sana")) == (200, True, False)


def test_a_name_of_many_letters_and_marks_that_cannot_be_seen_is_shown_as_people_mean_it(
    browser: Browser, admin: User
) -> None:
    fields = browser.open(NEW_URL).fields()

    page = browser.send(NEW_URL, {**fields, **NEW, "name": f"  \u202e{LONG_NAME}\u200b\u2066 "})

    assert page.text("main h2") == LONG_NAME
    user = stored(browser, "ratna")
    assert user is not None
    assert user.name == LONG_NAME


# A new account --------------------------------------------------------------------------------------------------------


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(browser: Browser, admin: User) -> None:
    fields = browser.open(NEW_URL).fields()

    page = browser.send(NEW_URL, {**fields, **NEW, "username": " Ratna.D "}, follow=False)

    user = stored(browser, "ratna.d")
    assert user is not None
    password = page.text(".one-time--secret")
    assert (page.status, page.response.headers["Cache-Control"]) == (200, "no-store")
    assert is_password(user.password_hash, password)
    assert (user.name, user.role, user.must_change_password) == ("Ratna Dewi", Role.FACILITATOR, True)
    assert password not in browser.open(at(user)).response.text
    assert password not in all_audit(browser)


def all_audit(browser: Browser) -> str:
    with browser.app.app_context():
        return json.dumps([[row.before, row.after] for row in reading().scalars(select(AuditEvent))])


def test_a_password_is_in_no_log(browser: Browser, admin: User, logged: Logged) -> None:
    password = send(browser, made(browser), "/kata-sandi").text(".one-time--secret")

    lines = logged()
    assert lines[-1]["endpoint"] == "people.reset_password"
    assert password not in json.dumps(lines)


def test_accounts_of_every_role_are_made(browser: Browser, admin: User) -> None:
    fields = browser.open(NEW_URL).fields()
    given = {
        "ketua": {"role": "cooperative", "code": GRAHA_INDAH},
        "kadis": {"role": "agency_head", "scope": BALIKPAPAN},
        "admin2": {"role": "admin"},
    }

    for username, values in given.items():
        assert browser.send(NEW_URL, {**fields, **NEW, **values, "username": username}).status == 200

    with browser.app.app_context():
        wanted = select(User).where(User.username.in_(given)).order_by(User.username)
        reach = [(user.role, user.scope_prefix, bool(user.cooperative_id)) for user in reading().scalars(wanted)]
    assert reach == [
        (Role.ADMIN, "", False),
        (Role.AGENCY_HEAD, BALIKPAPAN, False),
        (Role.COOPERATIVE, "", True),
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name": ""}, "name", "Isi nama orangnya."),
        ({"name": " \u200b\u202e "}, "name", "Isi nama orangnya."),
        ({"name": "a" * 121}, "name", "Paling banyak 120 karakter."),
        ({"username": ""}, "username", "Isi nama pengguna."),
        ({"username": "ra"}, "username", "Pakai 3 sampai 40 huruf kecil"),
        ({"username": "ratna dewi"}, "username", "Pakai 3 sampai 40 huruf kecil"),
        ({"username": "ratna\ndewi"}, "username", "Pakai 3 sampai 40 huruf kecil"),
        ({"username": "-ratna"}, "username", "Pakai 3 sampai 40 huruf kecil"),
        ({"username": "sudah.ada"}, "username", "Nama pengguna “sudah.ada” sudah dipakai."),
        ({"username": "SUDAH.ADA"}, "username", "Nama pengguna “sudah.ada” sudah dipakai."),
        ({"role": "cooperative"}, "code", "Isi kode koperasinya."),
        ({"role": "cooperative", "code": "64.71.99.9999"}, "code", "Tidak ada koperasi dengan kode ini"),
        ({"role": "cooperative", "code": GRAHA_INDAH, "scope": BALIKPAPAN}, "scope", "Kosongkan: wilayah hanya"),
        ({"code": GRAHA_INDAH}, "code", "Kosongkan: hanya akun koperasi"),
        ({"scope": BALIKPAPAN}, "scope", "Kosongkan: wilayah hanya"),
        ({"role": "admin", "scope": "99"}, "scope", "Pilih salah satu dari yang ditawarkan."),
        ({"role": "raja"}, "role", "Pilih salah satu dari yang ditawarkan."),
        ({"role": ""}, "role", "Pilih salah satu dari yang ditawarkan."),
    ],
)
def test_bad_input_is_answered_at_its_place_and_keeps_what_was_typed(
    browser: Browser, admin: User, values: dict[str, str], field: str, message: str
) -> None:
    made(browser, username="sudah.ada")
    fields = browser.open(NEW_URL).fields()
    before = browser.count(User)

    page = browser.send(NEW_URL, {**fields, **NEW, **values})

    assert page.status == 400
    assert page.text(f"#{field}-error").startswith(message)
    assert page.has("Ada yang perlu diperbaiki")
    assert page.soup.select_one(f"#{field}") is not None
    if "name" not in values:
        assert page.fields()["name"] == NEW["name"]
    assert browser.count(User) == before


def test_an_admin_gives_nobody_more_than_they_have(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.ADMIN, scope_prefix=WEST))
    page = browser.open(NEW_URL)
    fields = {**page.fields(), **NEW, "role": "admin"}
    before = browser.count(User)

    assert page.texts("select[name=scope] option") == ["Pilih wilayah", "Balikpapan Barat"]
    assert browser.send(NEW_URL, fields).text("#scope-error") == "Pilih wilayahnya."
    assert browser.send(NEW_URL, {**fields, "scope": BALIKPAPAN}).status == 400
    foreign = {**fields, "role": "cooperative", "code": GRAHA_INDAH}
    assert browser.send(NEW_URL, foreign).text("#code-error").startswith("Tidak ada koperasi")
    assert browser.count(User) == before


@pytest.mark.parametrize(
    ("own", "given", "may"),
    [
        ("", "", True),
        ("", "64", True),
        ("64.71", "64.71", True),
        ("64.71", "64.71.02", True),
        ("64.71", "64", False),
        ("64.71", "", False),
        ("64.7", "64.71", False),
    ],
)
def test_a_region_is_given_only_within_ones_own(own: str, given: str, may: bool) -> None:
    assert may_give_scope(User(role=Role.ADMIN, scope_prefix=own), given) == may


def test_the_same_name_given_twice_at_once_makes_one_account(app: Flask, browser: Browser, admin: User) -> None:
    devices = [Browser(app, browser.make) for _ in range(3)]
    for device in devices:
        device.sign_in(admin)
    forms = [{**device.open(NEW_URL).fields(), **NEW} for device in devices]
    statuses: list[int] = []

    def tap(device: Browser, fields: dict[str, str]) -> None:
        statuses.append(device.client.post(NEW_URL, data=fields).status_code)

    at_once([threading.Thread(target=tap, args=each) for each in zip(devices, forms, strict=True)])

    assert sorted(statuses) == [200, 400, 400]
    assert browser.count(User) == 2


def at_once(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# Password -------------------------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_sessions_and_is_shown_once(browser: Browser, admin: User) -> None:
    user = made(browser)

    page = send(browser, user, "/kata-sandi", follow=False)

    again = stored(browser, user.username)
    assert again is not None
    password = page.text(".one-time--secret")
    assert is_password(again.password_hash, password)
    assert (again.must_change_password, again.session_version) == (True, user.session_version + 1)
    assert password not in page.response.request.url
    assert password not in browser.open(at(user)).response.text


def test_one_time_passwords_are_long_enough_easy_to_read_and_never_alike() -> None:
    passwords = [one_time_password() for _ in range(200)]

    assert len(set(passwords)) == 200
    assert all(len(each) >= MIN_PASSWORD_LENGTH for each in passwords)
    assert not [each for each in passwords if re.search("[^a-z2-9-]|[ilo]", each)]


def test_an_admin_changes_the_own_password_on_its_own_page(browser: Browser, admin: User) -> None:
    page = browser.open(at(admin))

    assert page.has("Ganti kata sandi saya")
    assert not page.soup.select("main form[action]")


# Closing and opening again --------------------------------------------------------------------------------------------


def test_what_hangs_on_an_account_is_said_before_it_is_closed(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        user = make.facilitator(GRAHA_INDAH, KARIANGAU)
        make.assignment(user, MANGGAR, starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 4, 13))
        for day, cancelled_at in ((TODAY, None), (dt.date(2026, 5, 1), None), (dt.date(2026, 5, 2), NOW)):
            make.session.add(planned(make, user, day, cancelled_at))
        make.session.add(planned(make, user, dt.date(2026, 4, 13), None))

    page = browser.open(at(user))

    assert page.texts("main .notice li") == ["mendampingi 2 koperasi", "2 kunjungan terjadwal"]
    assert len(page.soup.select("main a[href$=serah-terima]")) == 2


def planned(make: Make, user: User, day: dt.date, cancelled_at: dt.datetime | None) -> PlannedVisit:
    cooperative = make.cooperative()
    return PlannedVisit(
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        facilitator_id=user.id,
        planned_on=day,
        mode=VisitMode.FACE_TO_FACE,
        created_at=NOW,
        cancelled_at=cancelled_at,
        cancelled_because="hujan" if cancelled_at else "",
    )


def test_a_closed_account_can_be_opened_again_with_its_password(browser: Browser, admin: User) -> None:
    user = made(browser, name="Budi")

    closed = send(browser, user, "/penutupan")
    assert closed.has("Akun Budi ditutup.")
    assert not closed.soup.select("main form[action$=kata-sandi]")
    opened = send(browser, user, "/pembukaan")

    again = stored(browser, user.username)
    assert again is not None
    assert opened.has("Akun Budi dibuka lagi.")
    assert (again.is_active, again.password_hash) == (True, user.password_hash)
    assert again.session_version > user.session_version


def test_nobody_closes_the_own_account(browser: Browser, admin: User) -> None:
    made(browser, Role.ADMIN)
    token = browser.open(NEW_URL).fields()["csrf_token"]

    page = browser.send(at(admin, "/penutupan"), {"csrf_token": token})

    assert page.status == 409
    assert page.text("main [role=alert]") == "Akun sendiri tidak dapat ditutup. Minta admin lain melakukannya."
    again = stored(browser, admin.username)
    assert again is not None
    assert again.is_active


def test_the_last_admin_is_not_closed_by_whomever(session: Session, make: Make) -> None:
    last, closed = make.user(Role.ADMIN, name="Dewi"), make.user(Role.ADMIN)
    deactivate_user(session, closed, actor=ACTOR, now=NOW)

    with pytest.raises(LastAdmin) as refused:
        deactivate_user(session, last, actor=Actor(None, "perintah: user deactivate"), now=NOW)
    with pytest.raises(OwnAccount):
        deactivate_user(session, last, actor=Actor(last.id, last.name), now=NOW)

    assert refused.value.params == {"name": "Dewi"}
    assert (last.is_active, last.session_version) == (True, 1)


def test_the_command_does_not_close_the_last_admin_either(app: Flask) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        user_id = make.user(Role.ADMIN, username="dewi", name="Dewi").id

    with app.app_context():
        done = CliRunner().invoke(user_cli, ["deactivate", "dewi"])

    assert done.exit_code == 1
    assert done.stderr == ("Error: Dewi adalah admin terakhir yang aktif. Buat atau buka akun admin lain dahulu.\n")
    with app.app_context():
        assert reading().get_one(User, user_id).is_active


def test_of_two_admins_who_close_each_other_at_once_one_stays(app: Flask) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        people = [make.user(Role.ADMIN).id, make.user(Role.ADMIN).id]
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def close(own: uuid.UUID, other: uuid.UUID) -> None:
        ready.wait()
        try:
            with app.app_context(), transaction() as session:
                deactivate_user(session, session.get_one(User, other), actor=Actor(own, "admin"), now=NOW)
        except LastAdmin:
            outcomes.append("last")
        else:
            outcomes.append("closed")

    at_once([threading.Thread(target=close, args=each) for each in (people, people[::-1])])

    assert sorted(outcomes) == ["closed", "last"]
    with app.app_context():
        active = select(func.count()).where(User.role == Role.ADMIN, User.deactivated_at.is_(None))
        assert reading().scalar(active) == 1


def test_opening_an_open_account_changes_nothing(session: Session, make: Make) -> None:
    user = make.user()

    reactivate_user(session, user, actor=ACTOR, now=NOW)

    assert session.scalar(select(func.count()).where(AuditEvent.verb == "reactivate_user")) == 0


@pytest.mark.parametrize("noun", ["/kata-sandi", "/penutupan", "/pembukaan"])
def test_nothing_is_done_to_an_account_without_a_token(browser: Browser, admin: User, noun: str) -> None:
    user = made(browser)

    assert browser.client.post(at(user, noun)).status_code == 400
    again = stored(browser, user.username)
    assert again is not None
    assert (again.is_active, again.session_version) == (True, 1)

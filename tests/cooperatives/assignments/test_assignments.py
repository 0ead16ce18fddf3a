"""The admin's pages about assignments: a whole year in one form, hand-over, history; and the verbs behind them."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.service import deactivate_user
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.assignments.page import ROWS_ON_A_SCREEN
from pendamping.cooperatives.assignments.service import (
    AssignmentOverlaps,
    AssignmentsRefused,
    LastDayOutside,
    NewAssignment,
    NotAFacilitator,
    SameFacilitator,
    VisitsAfterLastDay,
    assign_all,
    end_assignment,
    hand_over,
)
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.roles import Role
from pendamping.visits.models import VisitMode
from pendamping.visits.schedule.models import PlannedVisit
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page

URL = "/penugasan"
NEW_YEAR, YEAR_END = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
MAY_31, JUNE_1, JUNE_30, JULY_1 = (
    dt.date(2026, 5, 31),
    dt.date(2026, 6, 1),
    dt.date(2026, 6, 30),
    dt.date(2026, 7, 1),
)
EVENT: dict[str, Any] = {"actor": ACTOR, "now": NOW}


def field(code: str) -> str:
    return f"pendamping-{code}"


def people(browser: Browser, *names: str) -> list[User]:
    with browser.make() as make:
        return [make.user(name=name) for name in names]


def stored(session: Session) -> list[tuple[str, str, dt.date, dt.date]]:
    """Who accompanies what from when to when, by cooperative and day."""
    query = (
        select(Cooperative.code, User.name, Assignment.starts_on, Assignment.ends_on)
        .join(Cooperative, Cooperative.id == Assignment.cooperative_id)
        .join(User, User.id == Assignment.facilitator_id)
        .order_by(Cooperative.code, Assignment.starts_on)
    )
    return [(code, name, first, last) for code, name, first, last in session.execute(query)]


def stored_in(browser: Browser) -> list[tuple[str, str, dt.date, dt.date]]:
    with browser.app.app_context():
        return stored(reading())


def assigned(browser: Browser, user: User, code: str = GRAHA_INDAH, **dates: dt.date) -> uuid.UUID:
    with browser.make() as make:
        assignment_id: uuid.UUID = make.assignment(make.session.get_one(User, user.id), code, **dates).id
    return assignment_id


def faults(page: Page) -> list[str]:
    return page.texts(".assignee .field__error")


# The year at once -----------------------------------------------------------------------------------------------------


def test_34_cooperatives_are_given_to_seven_people_with_one_button(browser: Browser, admin: User) -> None:
    team = people(browser, *(f"Pendamping {number}" for number in range(1, 8)))
    page = browser.open(URL)
    fields = page.fields()
    rows = [name for name in fields if name.startswith("pendamping-")]
    chosen = {name: str(team[number % 7].id) for number, name in enumerate(rows)}

    done = browser.send(URL, {**fields, **chosen, "starts_on": "2026-01-01"})

    assert (len(rows), done.status) == (34, 200)
    assert done.has("34 penugasan disimpan.")
    assert {(first, last) for _, _, first, last in stored_in(browser)} == {(NEW_YEAR, YEAR_END)}
    assert len(stored_in(browser)) == 34
    assert not done.soup.select("main select")
    assert done.texts(".load .pill") == ["Sesuai"] * 7
    assert sorted(done.texts(".load .strong")) == ["4 koperasi"] + ["5 koperasi"] * 6


def test_a_row_that_has_somebody_shows_who_and_until_when(browser: Browser, admin: User) -> None:
    (ratna,) = people(browser, "Ratna")
    assignment_id = assigned(browser, ratna)

    page = browser.open(URL)

    row = page.soup.select_one(f"a[href='/penugasan/{assignment_id}/serah-terima']")
    assert row is not None
    assert page.text(".assignee__line .strong") == "Ratna"
    assert page.has("1 Jan sampai 31 Desember 2026")
    assert field(GRAHA_INDAH) not in page.fields()
    assert len(page.soup.select("main select")) == 33


def test_a_caseload_outside_the_usual_is_marked_with_a_word(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        codes = list(make.session.scalars(select(Cooperative.code).order_by(Cooperative.code)))
        make.facilitator(*codes[:3], name="A")
        make.facilitator(*codes[3:7], name="B")
        make.facilitator(*codes[7:13], name="C")

    page = browser.open(URL)

    assert page.texts(".load .line-link") == ["A", "B", "C"]
    assert page.texts(".load .pill") == ["Kurang", "Sesuai", "Lebih"]
    assert all(pill.select_one("svg") for pill in page.soup.select(".load .pill"))


def test_all_are_stored_or_none_and_each_fault_stands_at_its_row(browser: Browser, admin: User) -> None:
    ratna, budi, tutup = people(browser, "Ratna", "Budi", "Citra")
    fields = browser.open(URL).fields()
    assigned(browser, ratna)  # meanwhile, by somebody else
    with browser.make() as make:
        closed = make.session.get_one(User, tutup.id)
        deactivate_user(make.session, closed, **EVENT)
    chosen = {
        field(GRAHA_INDAH): str(budi.id),
        field(KARIANGAU): str(tutup.id),
        field(MANGGAR): str(budi.id),
    }

    page = browser.send(URL, {**fields, **chosen})

    assert page.status == 400
    assert faults(page) == [
        "KKMP Graha Indah sudah didampingi Ratna dari 1 Januari 2026 sampai 31 Desember 2026.",
        "Citra bukan pendamping yang aktif.",
    ]
    assert {name: page.fields()[name] for name in chosen} == chosen
    assert len(page.soup.select("[data-error-summary] a")) == 2
    assert [row[1] for row in stored_in(browser)] == ["Ratna"]


@on_sqlite
@pytest.mark.parametrize("value", ["siapa", "00000000-0000-0000-0000-000000000000", "' OR 1=1--", "\u202e"])
def test_somebody_who_cannot_be_chosen_is_refused_at_the_row(browser: Browser, admin: User, value: str) -> None:
    fields = browser.open(URL).fields()

    page = browser.send(URL, {**fields, field(GRAHA_INDAH): value})

    assert (page.status, faults(page)) == (400, ["Pilih salah satu dari yang ditawarkan."])
    assert stored_in(browser) == []


def test_a_head_cannot_be_chosen_as_a_facilitator(browser: Browser, admin: User) -> None:
    fields = browser.open(URL).fields()

    page = browser.send(URL, {**fields, field(GRAHA_INDAH): str(admin.id)})

    assert (page.status, stored_in(browser)) == (400, [])


@on_sqlite
@pytest.mark.parametrize(
    ("starts_on", "message"),
    [
        ("", "Isi tanggal mulai."),
        ("kemarin", "Tulis tanggal seperti 2026-04-14."),
        ("2025-12-31", "Isi tanggal dalam tahun program: 1 Januari 2026 sampai 31 Desember 2026."),
        ("2027-01-01", "Isi tanggal dalam tahun program: 1 Januari 2026 sampai 31 Desember 2026."),
    ],
)
def test_a_first_day_outside_the_year_is_refused_and_what_was_chosen_stays(
    browser: Browser, admin: User, starts_on: str, message: str
) -> None:
    (ratna,) = people(browser, "Ratna")
    chosen = {field(GRAHA_INDAH): str(ratna.id), "starts_on": starts_on}

    page = browser.send(URL, {**browser.open(URL).fields(), **chosen})

    assert (page.status, page.text("#starts_on-error")) == (400, message)
    assert page.fields()[field(GRAHA_INDAH)] == str(ratna.id)
    assert stored_in(browser) == []


def test_within_the_year_assignments_begin_today_unless_said_otherwise(browser: Browser, admin: User) -> None:
    (ratna,) = people(browser, "Ratna")
    fields = browser.open(URL).fields()

    browser.send(URL, {**fields, field(GRAHA_INDAH): str(ratna.id)})

    assert stored_in(browser) == [(GRAHA_INDAH, "Ratna", TODAY, YEAR_END)]


def test_what_is_sent_twice_is_stored_once(browser: Browser, admin: User) -> None:
    (ratna,) = people(browser, "Ratna")
    fields = {**browser.open(URL).fields(), field(GRAHA_INDAH): str(ratna.id)}

    pages = [browser.send(URL, fields) for _ in range(2)]

    assert pages[0].has("1 penugasan disimpan.")
    assert pages[1].has("Tidak ada yang baru untuk disimpan.")
    assert len(stored_in(browser)) == 1


def test_after_somebody_has_left_the_rest_of_the_year_is_open_again(browser: Browser, admin: User) -> None:
    ratna, budi = people(browser, "Ratna", "Budi")
    assigned(browser, ratna, ends_on=JUNE_30)
    page = browser.open(URL)

    browser.send(URL, {**page.fields(), field(GRAHA_INDAH): str(budi.id)})

    assert page.has("mulai 1 Juli 2026")
    assert stored_in(browser) == [
        (GRAHA_INDAH, "Ratna", NEW_YEAR, JUNE_30),
        (GRAHA_INDAH, "Budi", JULY_1, YEAR_END),
    ]


def test_another_year_is_chosen_in_the_address_and_nonsense_there_shows_the_year_that_runs(
    browser: Browser, admin: User
) -> None:
    with browser.make() as make:
        make.session.add(next_year())
        make.facilitator(name="Ratna")
    (budi,) = people(browser, "Budi")
    url = f"{URL}?tahun=2027"

    fields = browser.open(url).fields()
    browser.send(url, {**fields, field(KARIANGAU): str(budi.id)})

    assert fields["starts_on"] == "2027-01-01"
    assert browser.open(url).texts(".assignee__line .strong") == ["Budi"]
    for nonsense in ("1999", "tahun", "9" * 500, "2027%27"):
        assert browser.open(f"{URL}?tahun={nonsense}").heading == "Penugasan 2026"


def next_year() -> ProgrammeYear:
    dates = {"starts_on": dt.date(2027, 1, 1), "ends_on": dt.date(2027, 12, 31)}
    return ProgrammeYear(year=2027, **dates, visits_per_month=2, caseload_min=4, caseload_max=5)


@on_sqlite
def test_more_cooperatives_than_a_screen_holds_are_assigned_screen_by_screen(browser: Browser, admin: User) -> None:
    (ratna,) = people(browser, "Ratna")
    with browser.make() as make:
        for number in range(ROWS_ON_A_SCREEN):
            make.new_cooperative(f"64.71.0{number % 6 + 1}.2{number:03}", f"KKMP Baru {number:03}")
    first = browser.open(URL)
    onward = first.soup.select_one("a[rel=next]")
    assert onward is not None
    second = browser.open(str(onward["href"]))
    names = [{name for name in page.fields() if name.startswith("pendamping-")} for page in (first, second)]

    code = min(names[1])
    done = browser.send(str(onward["href"]), {**second.fields(), code: str(ratna.id)})

    assert [len(each) for each in names] == [ROWS_ON_A_SCREEN, 34]
    assert not names[0] & names[1]
    assert done.has("1 penugasan disimpan.")
    assert set(done.fields()) >= names[1] - {code}


def test_an_admin_of_a_region_assigns_only_there(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH, name="Sana")
        ratna = make.user(name="Ratna")
        browser.sign_in(make.user(Role.ADMIN, scope_prefix="64.71.02"))
    page = browser.open(URL)

    browser.send(URL, {**page.fields(), field(MANGGAR): str(ratna.id), field(KARIANGAU): str(ratna.id)})

    assert len(page.soup.select(".assignee")) == 6
    assert page.texts(f"select[name='{field(KARIANGAU)}'] option") == ["Belum ada", "Ratna"]
    assert [row[0] for row in stored_in(browser) if row[1] == "Ratna"] == [KARIANGAU]


# Many at once, below the web ------------------------------------------------------------------------------------------


def new(make: Make, facilitator: User, code: str = GRAHA_INDAH, starts_on: dt.date = NEW_YEAR) -> NewAssignment:
    return NewAssignment(make.cooperative(code), facilitator, starts_on, YEAR_END)


def test_every_fault_is_named_by_its_cooperative(session: Session, make: Make) -> None:
    ratna, head = make.facilitator(), make.user(Role.AGENCY_HEAD)

    with pytest.raises(AssignmentsRefused) as refused:
        assign_all(session, [new(make, make.user()), new(make, head, KARIANGAU)], **EVENT)

    assert {code: type(fault) for code, fault in refused.value.faults.items()} == {
        GRAHA_INDAH: AssignmentOverlaps,
        KARIANGAU: NotAFacilitator,
    }
    assert [row[1] for row in stored(session)] == [ratna.name]


def test_of_two_admins_who_save_at_once_one_is_told_what_the_other_did(app: Flask) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        team = [make.user().id, make.user().id]
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def save(user_id: uuid.UUID, codes: tuple[str, ...]) -> None:
        ready.wait()
        try:
            with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
                facilitator = make.session.get_one(User, user_id)
                assign_all(make.session, [new(make, facilitator, code) for code in codes], **EVENT)
        except AssignmentsRefused as refused:
            outcomes.append(f"refused {len(refused.faults)}")
        else:
            outcomes.append("stored")

    orders = ((GRAHA_INDAH, KARIANGAU), (KARIANGAU, GRAHA_INDAH))
    threads = [threading.Thread(target=save, args=each) for each in zip(team, orders, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused 2", "stored"]
    with app.app_context():
        assert len(stored(reading())) == 2


# Hand-over ------------------------------------------------------------------------------------------------------------


AT_ONCE = {"way": "langsung", "note": "Ratna sudah pindah."}


def test_a_hand_over_ends_one_and_begins_the_other_the_next_day_and_keeps_both(browser: Browser, admin: User) -> None:
    ratna, budi = people(browser, "Ratna", "Budi")
    url = f"{URL}/{assigned(browser, ratna)}/serah-terima"

    page = browser.send(
        url, {**browser.open(url).fields(), "ends_on": "2026-05-31", "successor": str(budi.id), **AT_ONCE}
    )

    assert page.has("Serah terima kepada Budi disimpan.")
    assert page.heading == "Riwayat penugasan KKMP Graha Indah"
    assert page.texts("main ol .line-link") == ["Budi", "Ratna"]
    assert page.texts("main ol .pill") == ["Akan datang", "Berjalan"]
    assert stored_in(browser) == [
        (GRAHA_INDAH, "Ratna", NEW_YEAR, MAY_31),
        (GRAHA_INDAH, "Budi", JUNE_1, YEAR_END),
    ]


def test_without_a_successor_the_assignment_ends_and_the_cooperative_waits(browser: Browser, admin: User) -> None:
    (ratna,) = people(browser, "Ratna")
    url = f"{URL}/{assigned(browser, ratna)}/serah-terima"

    page = browser.send(url, {**browser.open(url).fields(), "ends_on": "2026-05-31"})

    assert page.has("Penugasan berakhir pada 31 Mei 2026.")
    assert stored_in(browser) == [(GRAHA_INDAH, "Ratna", NEW_YEAR, MAY_31)]
    assert field(GRAHA_INDAH) in browser.open(URL).fields()


def test_before_a_hand_over_is_said_what_goes_on_and_what_stays(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.short_instruments()
        ratna = make.facilitator(name="Ratna")
        make.visit(ratna, actions=(make.action_draft("KL-02"), make.action_draft()))
        cooperative = make.cooperative()
        for day in (TODAY, JUNE_1):
            row = PlannedVisit(
                cooperative_id=cooperative.id,
                city_code=cooperative.city_code,
                facilitator_id=ratna.id,
                planned_on=day,
                mode=VisitMode.FACE_TO_FACE,
                created_at=NOW,
            )
            make.session.add(row)
        assignment_id = make.session.scalars(select(Assignment.id)).one()

    page = browser.open(f"{URL}/{assignment_id}/serah-terima")

    assert page.texts("main dd") == [
        "Ratna",
        "1 Januari 2026 sampai 31 Desember 2026",
        "14 April 2026",
        "2 tindakan terbuka",
    ]
    assert page.text("main .notice").startswith("2 kunjungan terjadwal tetap atas nama pendamping lama.")


@on_sqlite
@pytest.mark.parametrize(
    ("values", "name", "message"),
    [
        ({"ends_on": ""}, "ends_on", "Isi hari terakhirnya."),
        ({"ends_on": "2025-12-31"}, "ends_on", "Hari terakhir harus antara 1 Januari 2026 dan 30 Desember 2026."),
        ({"ends_on": "2026-12-31"}, "ends_on", "Hari terakhir harus antara 1 Januari 2026 dan 30 Desember 2026."),
        ({"ends_on": "2027-01-01"}, "ends_on", "Hari terakhir harus antara 1 Januari 2026 dan 30 Desember 2026."),
        (
            {"ends_on": "2026-04-13"},
            "ends_on",
            "Ratna masih mencatat kunjungan pada 14 April 2026. Hari terakhirnya paling awal hari itu.",
        ),
        ({"successor": "siapa"}, "successor", "Pilih salah satu dari yang ditawarkan."),
        ({"successor": "ratna"}, "successor", "Pilih salah satu dari yang ditawarkan."),
        ({"way": "langsung", "note": " "}, "note", "Tulis alasan mengapa tidak menunggu."),
    ],
)
def test_a_hand_over_that_does_not_hold_is_answered_at_its_place(
    browser: Browser, admin: User, values: dict[str, str], name: str, message: str
) -> None:
    with browser.make() as make:
        make.short_instruments()
        ratna, budi = make.facilitator(name="Ratna"), make.user(name="Budi")
        make.visit(ratna)
        assignment_id = make.session.scalars(select(Assignment.id)).one()
    url = f"{URL}/{assignment_id}/serah-terima"
    sent = {"ends_on": "2026-05-31", "successor": str(budi.id), **values}
    if values.get("successor") == "ratna":
        sent["successor"] = str(ratna.id)

    page = browser.send(url, {**browser.open(url).fields(), **sent})

    assert (page.status, page.text(f"#{name}-error")) == (400, message)
    assert stored_in(browser) == [(GRAHA_INDAH, "Ratna", NEW_YEAR, YEAR_END)]


def test_what_is_over_is_not_handed_over(browser: Browser, admin: User) -> None:
    (ratna,) = people(browser, "Ratna")
    assignment_id = assigned(browser, ratna, ends_on=dt.date(2026, 4, 13))

    page = browser.open(f"{URL}/{assignment_id}/serah-terima")

    assert page.status == 409
    assert page.has("Penugasan ini sudah berakhir pada 13 April 2026.")
    assert "serah-terima" not in browser.open(f"{URL}/{GRAHA_INDAH}/riwayat").response.text


def test_a_hand_over_sent_twice_is_made_once(session: Session, make: Make) -> None:
    assignment, budi = make.assignment(make.user(name="Ratna")), make.user(name="Budi")
    when: dict[str, Any] = {"ends_on": MAY_31, "last_visit_on": None, **EVENT}

    first = hand_over(session, assignment, budi, **when)
    again = hand_over(session, assignment, budi, **when)

    assert again is first
    assert len(stored(session)) == 2
    assert session.scalar(select(func.count()).where(AuditEvent.verb == "hand_over")) == 1


def test_a_hand_over_that_fails_leaves_the_old_one_as_it_was(app: Flask) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        assignment_id = make.assignment(make.user(name="Ratna")).id
        head_id = make.user(Role.AGENCY_HEAD).id

    def hand_over_to_a_head() -> None:
        with transaction() as session:
            assignment, head = session.get_one(Assignment, assignment_id), session.get_one(User, head_id)
            hand_over(session, assignment, head, ends_on=MAY_31, last_visit_on=None, **EVENT)

    with app.app_context():
        with pytest.raises(NotAFacilitator):
            hand_over_to_a_head()
        assert stored(reading()) == [(GRAHA_INDAH, "Ratna", NEW_YEAR, YEAR_END)]


def test_nobody_takes_over_from_oneself(session: Session, make: Make) -> None:
    ratna = make.user()
    assignment = make.assignment(ratna)

    with pytest.raises(SameFacilitator):
        hand_over(session, assignment, ratna, ends_on=MAY_31, last_visit_on=None, **EVENT)


def test_an_assignment_is_not_lengthened_by_ending_it_and_ending_it_again_is_nothing_new(
    session: Session, make: Make
) -> None:
    assignment = make.assignment(make.user(), ends_on=JUNE_30)

    with pytest.raises(LastDayOutside):
        end_assignment(session, assignment, ends_on=JULY_1, last_visit_on=None, **EVENT)
    with pytest.raises(VisitsAfterLastDay):
        end_assignment(session, assignment, ends_on=MAY_31, last_visit_on=JUNE_1, **EVENT)
    for _ in range(2):
        end_assignment(session, assignment, ends_on=JUNE_1, last_visit_on=JUNE_1, **EVENT)

    assert assignment.ends_on == JUNE_1
    assert session.scalar(select(func.count()).where(AuditEvent.verb == "end_assignment")) == 1


def test_a_history_without_anybody_says_what_to_do(browser: Browser, admin: User) -> None:
    page = browser.open(f"{URL}/{GRAHA_INDAH}/riwayat")

    assert page.has("Belum pernah ada pendamping.")
    assert page.soup.select("main a[href='/penugasan']")


def test_without_a_programme_year_the_page_says_so(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.session.delete(make.session.scalars(select(ProgrammeYear)).one())

    assert browser.open(URL).has("Belum ada tahun program.")

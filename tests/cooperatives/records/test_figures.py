"""Figures of a month: how they are typed, asked about, and kept revision by revision."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Form

from pendamping.accounts.models import User
from pendamping.cooperatives.models import MonthlyFigures
from pendamping.cooperatives.records.figures import Figures, Jump, JumpKind, Month, jumps
from pendamping.cooperatives.records.forms import RupiahField
from pendamping.cooperatives.records.queries import figures_before, figures_between, latest_figures, revisions_of
from pendamping.cooperatives.records.service import FiguresChanged, MonthHasNotBegun, record_figures
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page

HERE = f"/koperasi/{GRAHA_INDAH}"
MARCH, FEBRUARY, APRIL = Month(2026, 3), Month(2026, 2), Month(2026, 4)
OF_MARCH = f"{HERE}/angka/2026-03"
TYPED = {
    "members": "240",
    "savings_idr": "12.500.000",
    "turnover_idr": "Rp 38.000.000",
    "surplus_idr": "-350.000",
    "cashless_percent": "36",
}
MEANT = Figures(240, 12_500_000, 38_000_000, -350_000, 36)


def stored(browser: Browser) -> list[MonthlyFigures]:
    with browser.app.app_context():
        return list(reading().scalars(select(MonthlyFigures).order_by(MonthlyFigures.revision)))


def send(browser: Browser, fields: Mapping[str, Any], url: str = OF_MARCH) -> Page:
    return browser.send(url, {**browser.open(url).fields(), **fields})


# Months and jumps -----------------------------------------------------------------------------------------------------


def test_months_are_counted_across_the_turn_of_the_year() -> None:
    january = Month(2026, 1)

    assert [str(january.minus(back)) for back in (0, 1, 12, 13)] == ["2026-01", "2025-12", "2025-01", "2024-12"]
    assert Month(2025, 12) < january < Month(2026, 2)
    assert Month.of(TODAY) == APRIL


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (Figures(members=240), Figures(members=121), []),
        (Figures(members=240), Figures(members=120), [Jump(JumpKind.MEMBERS_HALVED, 240, 120)]),
        (Figures(members=240), Figures(members=0), [Jump(JumpKind.MEMBERS_HALVED, 240, 0)]),
        (Figures(members=0), Figures(members=0), []),
        (Figures(members=240), Figures(), []),
        (Figures(), Figures(members=1, turnover_idr=10**9), []),
        (Figures(members=10), Figures(members=1000), []),
        (Figures(turnover_idr=1_000), Figures(turnover_idr=9_999), []),
        (Figures(turnover_idr=1_000), Figures(turnover_idr=10_000), [Jump(JumpKind.TURNOVER_TENFOLD, 1_000, 10_000)]),
        (Figures(turnover_idr=0), Figures(turnover_idr=10_000), []),
        (Figures(turnover_idr=10_000), Figures(turnover_idr=1), []),
    ],
)
def test_what_a_slip_of_the_finger_makes_is_noticed(before: Figures, after: Figures, found: list[Jump]) -> None:
    assert jumps(before, after) == found


# Rupiah ---------------------------------------------------------------------------------------------------------------


class OneAmount(Form):
    amount = RupiahField()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.250.000", 1_250_000),
        ("Rp 1.250.000", 1_250_000),
        ("Rp1.250.000", 1_250_000),
        ("rp. 1.250.000", 1_250_000),
        ("1250000", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1.250.000,00", 1_250_000),
        ("1250000,00", 1_250_000),
        ("0", 0),
        ("-350.000", -350_000),
        ("−350.000", -350_000),
        ("-Rp350.000", -350_000),
        ("999", 999),
        ("", None),
        ("   ", None),
    ],
)
def test_rupiah_are_read_the_ways_people_write_them(typed: str, meant: int | None) -> None:
    form = OneAmount(MultiDict({"amount": typed}))

    assert form.validate()
    assert form.amount.data == meant


@pytest.mark.parametrize(
    "typed",
    [
        "1.25",
        "1.250.00",
        "12.50.000",
        "1,250.000",
        "1.250,5",
        "satu juta",
        "1e6",
        "--5",
        "1.250.000x",
        "१२३",
        "$5",
        "9" * 40,
        "Rp",
        "-",
        ".",
        "0x10",
        "1_000",
        "NaN",
        "1.250.000,01",
    ],
)
def test_what_could_mean_two_amounts_is_asked_again(sqlite_app: tuple[Any, object], typed: str) -> None:
    with sqlite_app[0].test_request_context():
        form = OneAmount(MultiDict({"amount": typed}))

        assert not form.validate()
        assert form.amount.data is None
        assert form.amount.errors == ["Tulis rupiah seperti 1.250.000."]
        assert form.amount._value() == typed


# Verbs ----------------------------------------------------------------------------------------------------------------


def record(make: Make, month: Month, figures: Figures, *, seen: int = 0, code: str = GRAHA_INDAH) -> Any:
    return record_figures(
        make.session,
        make.cooperative(code),
        month,
        figures,
        seen_revision=seen,
        author_id=make.user().id,
        actor=make.actor,
        today=TODAY,
        now=NOW,
    )


def test_a_change_is_a_further_revision_and_the_old_one_stays(session: Session, make: Make) -> None:
    record(make, MARCH, Figures(members=240))
    record(make, MARCH, Figures(members=241), seen=1)

    cooperative_id = make.cooperative().id
    kept = revisions_of(session, cooperative_id, MARCH)
    assert [(each.revision, each.figures.members) for each in kept] == [(2, 241), (1, 240)]
    latest = latest_figures(session, cooperative_id, MARCH)
    assert latest is not None
    assert (latest.figures, latest.recorded_at) == (Figures(members=241), NOW)


def test_what_does_not_differ_is_not_stored_again(session: Session, make: Make) -> None:
    assert record(make, MARCH, Figures()) is None
    record(make, MARCH, MEANT)

    assert record(make, MARCH, MEANT, seen=1) is None
    assert record(make, MARCH, MEANT, seen=0) is None
    assert len(session.scalars(select(MonthlyFigures)).all()) == 1


def test_nobody_overwrites_what_they_have_not_seen(make: Make) -> None:
    record(make, MARCH, Figures(members=240))

    with pytest.raises(FiguresChanged):
        record(make, MARCH, Figures(members=1))


def test_a_month_that_has_not_begun_has_no_figures(make: Make) -> None:
    assert record(make, APRIL, MEANT).revision == 1
    with pytest.raises(MonthHasNotBegun):
        record(make, Month(2026, 5), MEANT)


def test_of_each_month_the_latest_revision_is_read_and_only_of_ones_own(session: Session, make: Make) -> None:
    record(make, Month(2025, 12), Figures(members=1))
    record(make, FEBRUARY, Figures(members=2))
    record(make, FEBRUARY, Figures(members=3), seen=1)
    record(make, MARCH, Figures(members=4))
    record(make, MARCH, Figures(members=99), code=KARIANGAU)
    cooperative_id = make.cooperative().id

    found = figures_between(session, cooperative_id, Month(2026, 1), APRIL)
    earlier = figures_before(session, cooperative_id, FEBRUARY)

    assert [(str(each.month), each.figures.members) for each in found] == [("2026-03", 4), ("2026-02", 3)]
    assert earlier is not None
    assert (earlier.month, earlier.figures.members) == (Month(2025, 12), 1)
    assert figures_before(session, cooperative_id, Month(2025, 12)) is None


# The form -------------------------------------------------------------------------------------------------------------


def test_a_month_is_stored_and_shown(browser: Browser, facilitator: User) -> None:
    page = send(browser, TYPED)

    assert page.has("Angka Maret 2026 disimpan.")
    (row,) = page.texts(".figures-table tbody tr")
    assert row == "Maret 2026 240 Rp12.500.000 Rp38.000.000 −Rp350.000 36 %"
    (kept,) = stored(browser)
    assert Figures(kept.members, kept.savings_idr, kept.turnover_idr, kept.surplus_idr, kept.cashless_percent) == MEANT
    assert (kept.author_id, kept.revision) == (facilitator.id, 1)


def test_the_form_begins_with_what_is_known_and_sent_back_it_changes_nothing(
    browser: Browser, facilitator: User
) -> None:
    send(browser, TYPED)

    fields = browser.open(OF_MARCH).fields()
    page = send(browser, {})

    assert {name: fields[name] for name in TYPED} == {**TYPED, "turnover_idr": "38.000.000", "surplus_idr": "−350.000"}
    assert page.has("Tidak ada yang berubah pada angka Maret 2026.")
    assert len(stored(browser)) == 1


def test_the_history_of_a_month_names_who_changed_it(browser: Browser, facilitator: User) -> None:
    send(browser, TYPED)
    send(browser, {"members": "241", "savings_idr": ""})

    page = browser.open(OF_MARCH)

    first, second = page.texts("main section li")
    assert first.startswith(f"{facilitator.name} · 14 April 2026 · 09.30 WITA")
    assert "Anggota 241" in first
    assert "Simpanan Belum tercatat" in first
    assert "Anggota 240" in second


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("members", "dua ratus", "Tulis angka seperti 1.250."),
        ("members", "-1", "Isi antara 0 dan 1.000.000."),
        ("members", "1000001", "Isi antara 0 dan 1.000.000."),
        ("savings_idr", "-1", "Isi antara 0 dan 1.000.000.000.000.000."),
        ("turnover_idr", "1.25", "Tulis rupiah seperti 1.250.000."),
        ("turnover_idr", "9" * 20, "Isi antara 0 dan 1.000.000.000.000.000."),
        ("surplus_idr", "rugi", "Tulis rupiah seperti 1.250.000."),
        ("cashless_percent", "101", "Isi antara 0 dan 100."),
        ("cashless_percent", "12,5", "Tulis angka seperti 1.250."),
    ],
)
def test_what_does_not_hold_is_said_at_its_field_and_everything_is_given_back(
    browser: Browser, facilitator: User, field: str, value: str, message: str
) -> None:
    page = send(browser, {**TYPED, field: value})

    assert page.status == 400
    assert message in page.text(f"#{field}-error")
    shown = page.fields()
    assert {name: shown[name] for name in TYPED} == {**TYPED, field: value}
    assert stored(browser) == []


def test_a_jump_is_asked_about_once_and_then_believed(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        make.figures(FEBRUARY, members=240, turnover_idr=1_000_000)

    asked = send(browser, {"members": "24", "turnover_idr": "38.000.000"})
    again = browser.send(OF_MARCH, asked.fields())

    assert asked.status == 400
    assert "Anggota turun dari 240 menjadi 24. Benar?" in asked.text("#members-error")
    assert "Omzet naik dari Rp1.000.000 menjadi Rp38.000.000. Benar?" in asked.text("#turnover_idr-error")
    assert again.has("Angka Maret 2026 disimpan.")
    assert [row.members for row in stored(browser) if row.month == 3] == [24]


def test_another_jump_is_asked_about_anew(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        make.figures(FEBRUARY, members=240)

    asked = send(browser, {"members": "24"})
    again = browser.send(OF_MARCH, {**asked.fields(), "members": "2"})
    put_right = browser.send(OF_MARCH, {**again.fields(), "members": "239"})

    assert "menjadi 2. Benar?" in again.text("#members-error")
    assert put_right.has("Angka Maret 2026 disimpan.")


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_changed_again(
    browser: Browser, facilitator: User
) -> None:
    fields = {**browser.open(OF_MARCH).fields(), **TYPED}
    with browser.make() as make:
        make.figures(MARCH, members=500)

    page = browser.send(OF_MARCH, fields)
    again = browser.send(OF_MARCH, page.fields())

    assert page.status == 400
    assert page.has("Angka bulan ini baru saja diubah orang lain.")
    assert page.has("Anggota 500")
    assert page.fields()["savings_idr"] == TYPED["savings_idr"]
    assert again.has("Angka Maret 2026 disimpan.")
    assert [row.members for row in stored(browser)] == [500, 240]


def test_a_form_of_a_page_that_is_too_old_is_given_back(browser: Browser, facilitator: User) -> None:
    page = send(browser, {**TYPED, "csrf_token": "lama"})

    assert page.status == 400
    assert page.has("Isian Anda tetap ada: kirim sekali lagi.")
    assert page.fields()["turnover_idr"] == TYPED["turnover_idr"]
    assert stored(browser) == []


def test_a_month_that_has_not_begun_is_refused_before_anybody_fills_it_in(browser: Browser, facilitator: User) -> None:
    fields = {**browser.open(OF_MARCH).fields(), **TYPED}

    opened = browser.client.get(f"{HERE}/angka/2026-05")
    sent = browser.client.post(f"{HERE}/angka/2026-05", data=fields)

    assert (opened.status_code, sent.status_code) == (400, 400)
    assert "Bulan ini belum tiba" in opened.get_data(as_text=True)
    assert stored(browser) == []


@pytest.mark.parametrize(
    "month", ["2026-00", "2026-13", "2026-3", "1999-12", "26-03", "0000-00", "2026-03-01", "maret"]
)
def test_a_month_that_is_none_is_not_there(browser: Browser, facilitator: User, month: str) -> None:
    assert browser.client.get(f"{HERE}/angka/{month}").status_code == 404


def test_a_foreign_cooperatives_month_is_not_there(browser: Browser, facilitator: User) -> None:
    fields = {**browser.open(OF_MARCH).fields(), **TYPED}

    assert browser.client.get(f"/koperasi/{MANGGAR}/angka/2026-03").status_code == 404
    assert browser.client.post(f"/koperasi/{MANGGAR}/angka/2026-03", data=fields).status_code == 404
    assert stored(browser) == []


# On the cooperative's page --------------------------------------------------------------------------------------------


def test_the_page_shows_twelve_months_and_the_way_to_those_that_are_missing(
    browser: Browser, facilitator: User
) -> None:
    with browser.make() as make:
        for back in (0, 1, 11, 12):
            make.figures(APRIL.minus(back), members=100 + back, turnover_idr=1_000 * (back + 1))

    page = browser.open(HERE)

    rows = page.texts(".figures-table tbody th")
    assert rows == ["April 2026", "Maret 2026", "Mei 2025"]
    assert page.has("9 bulan belum diisi")
    links = {str(link["href"]) for link in page.soup.select(".figures-table__foot a")}
    assert links == {f"{HERE}/angka/{APRIL.minus(back)}" for back in (0, *range(2, 11))}
    assert len(page.soup.select(".figures-table .bar")) == 3


def test_the_head_reads_the_figures_and_is_offered_no_form(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
        make.figures(MARCH, members=240)
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    page = browser.open(HERE)

    assert page.texts(".figures-table tbody th") == ["Maret 2026"]
    assert not page.soup.select("a[href*='/angka/']")


def test_without_figures_the_page_says_what_to_do(browser: Browser, facilitator: User) -> None:
    assert browser.open(HERE).has("Belum ada angka. Tanyakan anggota, simpanan, dan omzet")

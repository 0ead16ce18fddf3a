"""Obligations as the admin keeps them: written as people write, changed from a day on, taken from a file."""

import datetime as dt
import io
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.reminders.calendar import service
from pendamping.reminders.calendar.reading import rows_in, table_of, taken
from pendamping.reminders.calendar.written import NotDates, dates_in, written
from pendamping.reminders.models import Notification
from pendamping.reminders.obligations import MONTHLY_REPORT, Dates, Obligation, Terms, Version
from pendamping.reminders.queries import obligation
from pendamping.reminders.rules import Doer, Hearer, RuleCode
from pendamping.reminders.service import remind, settle
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import KARIANGAU, Make
from tests.pages import Browser

ONE_DAY = dt.timedelta(days=1)
DATA = Terms(
    "Data SIMKOPDES", "SIMKOPDES data", Dates(on_days=(dt.date(2026, 4, 21),)), days=(7,), hearers=(Hearer.DOER,)
)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("31 Maret, 30 September", Dates(month_days=("03-31", "09-30"))),
        ("30/9; 31-03 dan 31 mar", Dates(month_days=("03-31", "09-30"))),
        ("29 Februari", Dates(month_days=("02-29",))),
        ("10", Dates(day_of_month=10)),
        ("setiap tanggal 10", Dates(day_of_month=10)),
        ("30 September 2026, 2026-12-15", Dates(on_days=(dt.date(2026, 9, 30), dt.date(2026, 12, 15)))),
        ("15 December 2026", Dates(on_days=(dt.date(2026, 12, 15),))),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, dates: Dates) -> None:
    assert dates_in(text) == dates


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Isi kapan"),
        ("besok", "bukan tanggal"),
        ("31", "1 sampai 28"),
        ("31 Februari", "tidak ada"),
        ("30 Juni 2226", "tahunnya"),
        ("10, 20", "satu macam"),
        ("31 Maret, 30 September 2026", "satu macam"),
        ("1/1,2/1,3/1,4/1,5/1,6/1,7/1,8/1,9/1,10/1,11/1,12/1,13/1", "dua belas"),
    ],
)
def test_what_is_no_date_says_why(text: str, reason: str) -> None:
    with pytest.raises(NotDates) as caught:
        dates_in(text)

    assert reason in caught.value.explanation


@given(
    st.one_of(
        st.builds(Dates, day_of_month=st.integers(1, 28)),
        st.builds(
            Dates,
            on_days=st.sets(st.dates(dt.date(1945, 1, 1), dt.date(2100, 12, 31)), min_size=1, max_size=4)
            .map(sorted)
            .map(tuple),
        ),
        st.builds(
            Dates,
            month_days=st.sets(st.dates().map(lambda day: day.strftime("%m-%d")), min_size=1, max_size=4)
            .map(sorted)
            .map(tuple),
        ),
    ),
    st.sampled_from(["id", "en"]),
)
@settings(max_examples=40, deadline=None)
def test_dates_that_were_written_are_read_again(dates: Dates, language: str) -> None:
    assert dates_in(written(dates, language)) == dates


KNOWN = [
    Obligation(
        "UNDANGAN_RAT", [Version("UNDANGAN_RAT", 1, TODAY, Terms("Undangan RAT", "Notice", rule="14 hari sebelum RAT"))]
    ),
    Obligation(
        "TRIWULAN",
        [
            Version(
                "TRIWULAN", 1, TODAY, Terms("Laporan triwulan", "Quarterly", Dates(month_days=("01-10",)), source="SE")
            )
        ],
    ),
    Obligation("DATA", [Version("DATA", 1, TODAY, DATA)]),
    Obligation(
        MONTHLY_REPORT,
        [Version(MONTHLY_REPORT, 1, TODAY, Terms("Laporan pendamping", "Report", Dates(day_of_month=5)))],
    ),
]


def test_a_line_changes_what_it_names_and_leaves_what_it_says_nothing_of() -> None:
    text = (
        "Nama,Jatuh tempo,Oleh,Hari,Dasar\n"
        '"Laporan triwulan","10 Januari, 10 April",,"7, 1",\n\n'
        "data simkopdes,21 April 2026,,,\n"
        "Rapat evaluasi,12,pendamping,3,Kesepakatan\n"
    )

    rows, faults = rows_in(text)
    found, more = taken(rows, KNOWN)

    assert faults == more == []
    assert [(each.before.code if each.before else None, each.is_same) for each in found] == [
        ("TRIWULAN", False),
        ("DATA", False),
        (None, False),
    ]
    assert found[0].terms == Terms("Laporan triwulan", "Quarterly", Dates(month_days=("01-10", "04-10")), source="SE")
    assert found[2].terms == Terms(
        "Rapat evaluasi",
        "Rapat evaluasi",
        Dates(day_of_month=12),
        doer=Doer.FACILITATOR,
        days=(3,),
        hearers=(Hearer.DOER,),
        source="Kesepakatan",
    )


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ("Uji;besok\nRapat;10\n", [(1, "bukan tanggal")]),
        (
            "nama;jatuh tempo;oleh;hari\n;10\nRapat;10;tetangga\nRapat;10;;900\nRapat;10;;3;SE;\n",
            [(2, "kosong"), (3, "koperasi atau"), (4, "enam bilangan"), (5, "kolom")],
        ),
        ("Rapat;10\nrapat;11\n", [(2, "baris lain")]),
        ("Undangan RAT;10\n", [(1, "dihitung dari RAT")]),
        ("Rapat;\n", [(1, "Isi kapan")]),
        ("Laporan pendamping;7\n", [(1, "keterlambatan")]),
        ("nama;jatuh tempo;kode\nRapat;10;ENTAH\n", [(2, "tidak dikenal")]),
        ("nama;jatuh tempo\n", [(0, "satu baris pun")]),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_with_its_reason(lines: str, faults: list[tuple[int, str]]) -> None:
    rows, wrong = rows_in(lines)
    _, more = taken(rows, KNOWN)

    found = [*wrong, *more]
    assert [fault.line for fault in found] == [line for line, _ in faults]
    assert all(reason in fault.explanation for fault, (_, reason) in zip(found, faults, strict=True))


ICS = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Dinas//ID",
        *("BEGIN:VEVENT", "UID:1", "DTSTART;VALUE=DATE:20270310", "SUMMARY:Data; SIMKOPDES", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:2", "DTSTART:20270610T010000Z", "SUMMARY:Data; SIMKOPDES", "END:VEVENT"),
        *(
            "BEGIN:VEVENT",
            "UID:3",
            "DTSTART;VALUE=DATE:20270115",
            "RRULE:FREQ=YEARLY",
            "SUMMARY:Stok opname",
            "END:VEVENT",
        ),
        *("BEGIN:VEVENT", "UID:4", "DTSTART;VALUE=DATE:20270112", "RRULE:FREQ=MONTHLY", "SUMMARY:Kas", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:5", "DTSTART;VALUE=DATE:20270115", "RRULE:FREQ=WEEKLY", "SUMMARY:Rapat", "END:VEVENT"),
        "END:VCALENDAR",
        "",
    ]
).encode()


def test_a_calendar_becomes_a_table_that_can_be_put_right() -> None:
    assert table_of(ICS) == (
        "nama;jatuh tempo\nData, SIMKOPDES;10 Maret 2027, 10 Juni 2027\n"
        "Stok opname;15 Januari\nKas;12\nRapat;FREQ=WEEKLY\n"
    )
    assert [fault.line for fault in rows_in(table_of(ICS) or "")[1]] == [5]
    assert table_of(b"BEGIN:VCALENDAR\nrusak") is table_of(b"\xff\xfe") is table_of(b"PK\x03\x04\0") is None


def add(make: Make, author: User, terms: Terms = DATA) -> str:
    return service.add_obligation(make.session, terms, in_force_on=TODAY, author_id=author.id, actor=ACTOR, now=NOW)


def heard(make: Make, day: dt.date = TODAY) -> list[tuple[str, str]]:
    """Who was reminded of an obligation without a rule of its own, and in which words."""
    remind(make.session, day, now=NOW)
    rows = select(User.name, Notification.title).join(User, User.id == Notification.person_id)
    where = (Notification.rule == RuleCode.OTHER_OBLIGATION, Notification.day == day)
    return sorted((name, title) for name, title in make.session.execute(rows.where(*where)))


def test_an_obligation_with_its_own_days_is_reminded_of_and_a_change_leaves_what_was(make: Make) -> None:
    author = make.user(Role.ADMIN)
    make.facilitator(name="Ratna")
    make.facilitator(KARIANGAU, name="Yoga")
    make.cooperative_user(name="Pengurus")
    code = add(make, author)
    again = add(
        make, author, Terms("Data SIMKOPDES", "", DATA.dates, doer=Doer.FACILITATOR, days=(7,), hearers=(Hearer.DOER,))
    )

    assert (code, again) == ("DATA_SIMKOPDES", "DATA_SIMKOPDES_2")
    of_the_day = [(name, "Data SIMKOPDES") for name in ("Pengurus", "Ratna", "Yoga", "Yoga")]
    assert heard(make) == of_the_day

    said: dict[str, Any] = {"author_id": author.id, "actor": ACTOR, "now": NOW, "today": TODAY}
    moved = Terms("Data baru", "New data", Dates(on_days=(dt.date(2026, 4, 22),)), days=(7,), hearers=(Hearer.DOER,))
    for seen, on, error in ((1, TODAY - ONE_DAY, service.TooEarly), (7, TODAY, service.ChangedMeanwhile)):
        with pytest.raises(error):
            service.change_obligation(make.session, code, moved, seen=seen, in_force_on=on, **said)
    with pytest.raises(service.BadObligation):
        service.change_obligation(make.session, code, Terms("Tanpa tanggal", ""), seen=1, in_force_on=TODAY, **said)
    with pytest.raises(service.DatesAreFixed):
        service.end_obligation(make.session, MONTHLY_REPORT, seen=1, last_on=TODAY, **said)
    assert service.change_obligation(make.session, code, moved, seen=1, in_force_on=dt.date(2026, 4, 22), **said)
    assert not service.change_obligation(make.session, code, moved, seen=2, in_force_on=TODAY, **said)

    settle(make.session, now=NOW, today=TODAY)
    assert make.session.scalars(select(Notification.settled_at).where(Notification.day == TODAY)).all() == [None] * 4
    assert heard(make) == of_the_day
    assert heard(make, TODAY + ONE_DAY) == [("Pengurus", "Data baru"), ("Yoga", "Data baru")]
    service.end_obligation(make.session, code, seen=2, last_on=dt.date(2026, 4, 21), **said)
    settle(make.session, now=NOW, today=TODAY + ONE_DAY)
    left = make.session.scalars(select(Notification.title).where(Notification.settled_at.is_(None)))
    assert sorted(left) == ["Data SIMKOPDES"] * 4


def test_the_admin_adds_changes_and_ends_an_obligation(app: Flask, browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.ADMIN))
    fields = browser.open("/kalender/kewajiban/baru").fields()
    new = {**fields, "name_id": "Data SIMKOPDES", "dates": "30 September", "days": "14, 3"}

    wrong = browser.send("/kalender/kewajiban/baru", {**new, "dates": "31 Juni", "days": "-1"})
    page = browser.send("/kalender/kewajiban/baru", new, follow=True)
    here = "/kalender/kewajiban/DATA_SIMKOPDES"
    typed = page.fields("form[novalidate]")
    changed = {**typed, "dates": "30 Oktober", "in_force_on": "2026-05-01"}
    past = browser.send(here, {**changed, "in_force_on": "2026-04-13"})
    after = browser.send(here, changed, follow=True)
    late = browser.send(here, {**changed, "dates": "1 Desember"})
    ended = browser.send(f"{here}/akhir", after.fields(f"form[action='{here}/akhir']"), follow=True)
    listed = browser.open("/kalender/kewajiban")

    assert wrong.texts(".field__error") == [
        "“31 Juni”: tanggal itu tidak ada.",
        "Tulis satu sampai enam bilangan berbeda, 0 sampai 365, misalnya 7, 1.",
    ]
    assert wrong.fields()["name_id"] == "Data SIMKOPDES"
    assert past.texts(".field__error") == [
        "Perubahan berlaku paling awal hari ini; yang sudah lewat tetap seperti semula."
    ]
    assert all(after.has(words) for words in ("mulai 1 Mei 2026", "setiap tahun, 30 September"))
    assert (late.status, late.has("baru saja diubah orang lain")) == (409, True)
    assert ended.has("Simpan dan berlakukan lagi")
    assert all(listed.has(words) for words in ("setiap tahun, 30 September", "Berakhir mulai 15 April 2026"))
    with app.app_context():
        kept = obligation(reading(), "DATA_SIMKOPDES")
        assert kept is not None
        assert [each.number for each in kept.versions] == [1, 2, 3]
        verbs = (
            select(AuditEvent.verb)
            .where(AuditEvent.subject_type == "obligation")
            .order_by(AuditEvent.at, AuditEvent.id)
        )
        assert sorted(reading().scalars(verbs)) == ["add_obligation", "change_obligation", "end_obligation"]


def test_a_file_is_looked_at_put_right_and_taken_whole(app: Flask, browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.ADMIN))
    address = "/kalender/kewajiban/berkas"
    fields = browser.open(address).fields()

    nothing = browser.send(address, fields)
    broken = browser.send(address, {**fields, "file": (io.BytesIO(ICS), "dinas.ics")})
    typed = {
        **broken.fields(),
        "lines": "Data SIMKOPDES;10 Maret\nStock opname akhir tahun;15 Januari\nHari Koperasi Nasional;12 Juli\n",
    }
    looked = browser.send(address, typed)
    stored = browser.send(address, {**looked.fields(), "simpan": "1"}, follow=True)

    assert nothing.texts(".field__error") == ["Pilih berkasnya."]
    assert (broken.status, broken.has("Baris 5: “FREQ=WEEKLY” bukan tanggal")) == (400, True)
    assert looked.texts(".pill") == ["Baru", "Berubah", "Sudah begitu"]
    assert looked.has("semula: Stock opname akhir tahun, setiap tahun, 10 Januari")
    assert all(stored.has(words) for words in ("2 kewajiban disimpan.", "setiap tahun, 10 Maret"))
    with app.app_context():
        kept = obligation(reading(), "DATA_SIMKOPDES")
        assert kept is not None
        assert kept.newest.terms.dates == Dates(month_days=("03-10",))

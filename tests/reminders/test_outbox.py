"""The outbox on a real database: what is done is struck out, and nobody hears of one thing twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import DocumentKind
from pendamping.kernel.roles import Role
from pendamping.plans.models import Action, ActionStatus
from pendamping.reminders.cli import remind_command
from pendamping.reminders.models import DayOff, DayOffKind, GeneralMeeting, Notification, ObligationMet
from pendamping.reminders.page import address_of
from pendamping.reminders.queries import NotificationView
from pendamping.reminders.rules import RuleCode
from pendamping.reminders.service import remind, settle
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus
from pendamping.visits.models import MonthLock
from tests import only
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.pages import Browser

IN_A_WEEK = dt.date(2026, 4, 21)


def of_day(make: Make, day: dt.date = TODAY) -> list[tuple[str, str, int]]:
    """What is in the outbox for a day: rule, whom, step."""
    remind(make.session, day, now=NOW)
    rows = select(Notification.rule, User.name, Notification.step).join(User, User.id == Notification.person_id)
    return sorted((rule, name, step) for rule, name, step in make.session.execute(rows.where(Notification.day == day)))


def open_rules(make: Make, today: dt.date = TODAY) -> list[str]:
    settle(make.session, now=NOW, today=today)
    return sorted(make.session.scalars(select(Notification.rule).where(Notification.settled_at.is_(None))))


def agreed(make: Make, facilitator: User, due_on: dt.date) -> Action:
    visit = make.visit(facilitator, visited_on=dt.date(2026, 4, 10))
    (action,) = make.agree(visit, facilitator, make.action_draft(due_on=due_on))
    return action


def test_a_day_is_worked_out_once_however_often_it_is_asked(make: Make) -> None:
    facilitator = make.facilitator(name="Ratna")
    make.cooperative_user(name="Pengurus")
    agreed(make, facilitator, IN_A_WEEK)
    make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 15))

    first, again = (remind(make.session, TODAY, now=NOW) for _ in range(2))

    assert (first.reminders, first.people, first.there) == (2, 2, 0)
    assert (again.reminders, again.people, again.there) == (0, 0, 2)
    assert of_day(make) == [
        ("kunjungan_direncanakan", "Ratna", -1),
        ("tindakan_mendekati_tenggat", "Pengurus", -7),
    ]


def test_everything_that_can_be_done_is_struck_out_once_it_is(make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    action = agreed(make, facilitator, IN_A_WEEK)
    plan = make.planned_visit(facilitator, KARIANGAU, planned_on=dt.date(2026, 4, 15))
    document = make.document(kind=DocumentKind.NIB, title="NIB", expires_on=dt.date(2026, 5, 14))
    officer = make.officer()
    officer.term_ends_on = dt.date(2026, 5, 14)
    make.session.flush()
    remind(make.session, TODAY, now=NOW)
    before = open_rules(make)

    action.status = ActionStatus.REPORTED_DONE
    plan.cancelled_at, plan.cancelled_because = NOW, "Hujan"
    document.withdrawn_at = NOW
    make.officer()  # the next term of the same post
    make.session.flush()

    assert before == [
        "dokumen_berakhir",
        "kunjungan_direncanakan",
        "masa_jabatan_berakhir",
        "tindakan_mendekati_tenggat",
    ]
    assert open_rules(make) == []


def test_a_date_that_was_moved_and_a_cooperative_that_was_handed_over_remind_nobody_of_before(make: Make) -> None:
    ratna, yoga = make.facilitator(), make.user()
    action = agreed(make, ratna, dt.date(2026, 4, 13))
    document = make.document(expires_on=dt.date(2026, 5, 14))
    remind(make.session, TODAY, now=NOW)
    assert open_rules(make) == ["dokumen_berakhir", "tindakan_terlambat"]

    action.due_on = dt.date(2026, 5, 5)
    make.session.flush()
    assert open_rules(make) == ["dokumen_berakhir"]

    own = select(Assignment).where(Assignment.facilitator_id == ratna.id)
    assignment = make.session.scalars(own).one()
    assignment.ends_on = dt.date(2026, 4, 13)
    make.session.flush()
    make.assignment(yoga, starts_on=TODAY)
    assert open_rules(make) == []
    assert document.expires_on == dt.date(2026, 5, 14)


def test_what_is_ignored_reaches_the_head_once(make: Make) -> None:
    facilitator = make.facilitator(name="Ratna")
    make.user(Role.AGENCY_HEAD, name="Kepala", scope_prefix="64.71")
    make.user(Role.AGENCY_HEAD, name="Kepala lain", scope_prefix="64.72")
    action = agreed(make, facilitator, dt.date(2026, 4, 14))
    days = [action.due_on + dt.timedelta(days=number) for number in range(1, 40)]

    late = [row for day in days for row in of_day(make, day) if row[0] == RuleCode.ACTION_OVERDUE]

    assert late == [(RuleCode.ACTION_OVERDUE, "Ratna", step) for step in (1, 7, 14)] + [
        (RuleCode.ACTION_OVERDUE, "Kepala", 21)
    ]


def test_silence_is_counted_from_the_last_visit_or_from_the_assignment(make: Make) -> None:
    ratna, yoga = make.user(name="Ratna"), make.user(name="Yoga")
    make.assignment(ratna)
    make.assignment(yoga, KARIANGAU, starts_on=dt.date(2026, 3, 24))
    make.visit(ratna, visited_on=dt.date(2026, 3, 24))

    assert [row for row in of_day(make) if row[0] == RuleCode.UNVISITED] == [
        (RuleCode.UNVISITED, "Ratna", 21),
        (RuleCode.UNVISITED, "Yoga", 21),
    ]


def test_proof_waits_for_the_facilitator_from_the_day_it_was_reported(make: Make) -> None:
    facilitator = make.facilitator(name="Ratna")
    action = agreed(make, facilitator, dt.date(2026, 5, 5))
    action.status = ActionStatus.REPORTED_DONE
    make.session.flush()

    assert [row for row in of_day(make, dt.date(2026, 4, 17)) if row[0] == RuleCode.PROOF_WAITING] == [
        (RuleCode.PROOF_WAITING, "Ratna", 3)
    ]


def test_items_come_round_in_one_reminder_for_each_cooperative(make: Make) -> None:
    facilitator = make.facilitator(name="Ratna")
    make.visit(facilitator, {"TK-07": ("3", "diamati"), "TK-14": ("yes", "diamati")}, visited_on=dt.date(2026, 3, 2))

    found = {day: [row for row in of_day(make, day) if row[0] == RuleCode.ITEMS_DUE] for day in _april()}
    titles = make.session.scalars(select(Notification.title).where(Notification.rule == RuleCode.ITEMS_DUE)).all()

    assert [rows for rows in found.values() if rows] == [[(RuleCode.ITEMS_DUE, "Ratna", 0)]]
    assert titles == ["2"]


def _april() -> list[dt.date]:
    return [dt.date(2026, 4, day) for day in range(1, 31)]


def test_the_chain_of_the_general_meeting(make: Make) -> None:
    facilitator = make.facilitator(name="Ratna")
    cooperative = make.cooperative()
    meeting = GeneralMeeting(
        cooperative_id=cooperative.id,
        city_code="64.71",
        year=2026,
        planned_on=dt.date(2026, 4, 28),
        author_id=facilitator.id,
        noted_at=NOW,
    )
    make.session.add(meeting)
    make.session.flush()

    def chain(day: dt.date) -> list[tuple[str, int]]:
        return [(rule, step) for rule, name, step in of_day(make, day) if rule.startswith("rat_") and name == "Ratna"]

    assert chain(dt.date(2026, 3, 25)) == [("rat_laporan_tahunan", -3)]
    assert chain(dt.date(2026, 4, 13)) == [("rat_undangan", -1)]
    assert chain(dt.date(2026, 5, 29)) == [("rat_uu", -30)]

    make.document(kind=DocumentKind.MEETING, title="Berita acara RAT", issued_on=dt.date(2026, 4, 28))
    assert "rat_uu" not in open_rules(make, dt.date(2026, 5, 29))
    assert chain(dt.date(2026, 6, 23)) == []


def test_an_obligation_that_is_met_is_reminded_of_no_more(make: Make) -> None:
    facilitator = make.facilitator(name="Ratna")
    due_on, day = dt.date(2026, 7, 10), dt.date(2026, 7, 9)
    make.session.add(
        ObligationMet(
            cooperative_id=make.cooperative().id,
            city_code="64.71",
            obligation="TRIWULAN",
            due_on=due_on,
            author_id=facilitator.id,
            noted_at=NOW,
        )
    )
    make.assignment(facilitator, KARIANGAU)

    assert [row for row in of_day(make, day) if row[0] == RuleCode.QUARTERLY] == [(RuleCode.QUARTERLY, "Ratna", -1)]


def test_a_monthly_report_is_owed_until_the_month_is_closed(make: Make) -> None:
    ratna = make.facilitator(name="Ratna")
    make.facilitator(KARIANGAU, name="Yoga")
    make.user(Role.AGENCY_HEAD, name="Kepala")
    make.session.add(MonthLock(facilitator_id=ratna.id, year=2026, month=4, locked_at=NOW))
    make.session.flush()

    reports = {day: _about_reports(of_day(make, dt.date(2026, 5, day))) for day in (5, 6, 8)}

    assert reports == {5: [("Yoga", 0)], 6: [("Yoga", 1)], 8: [("Kepala", 3)]}


def test_a_report_is_owed_until_it_is_with_the_head_and_again_when_it_comes_back(make: Make) -> None:
    people = {
        make.facilitator(GRAHA_INDAH, name="Ratna"): ReportStatus.SENT,
        make.facilitator(KARIANGAU, name="Yoga"): ReportStatus.RETURNED,
        make.facilitator(MANGGAR, name="Budi"): ReportStatus.APPROVED,
    }
    for number, (person, status) in enumerate(people.items(), 1):
        make.session.add(sent_report(person, number, status))
    make.session.flush()

    assert _about_reports(of_day(make, dt.date(2026, 5, 5))) == [("Yoga", 0)]


def sent_report(facilitator: User, number: int, status: ReportStatus) -> MonthlyReport:
    at = {"first_sent_at": NOW, "sent_at": NOW, "created_at": NOW, "updated_at": NOW}
    return MonthlyReport(
        city_code="64.71",
        facilitator_id=facilitator.id,
        year=2026,
        month=4,
        status=status,
        words={},
        number_year=2026,
        number=number,
        **at,
    )


def test_a_tablet_with_unsent_records_is_reminded_of_until_it_is_heard_of(make: Make) -> None:
    ratna = make.facilitator(name="Ratna")
    make.user(Role.AGENCY_HEAD, name="Kepala")
    tablet = Device(user_id=ratna.id, name="Tablet biru", registered_at=NOW, last_seen_at=NOW, waiting_records=3)
    make.session.add(tablet)
    make.session.flush()

    heard = {day: of_day(make, dt.date(2026, 4, day)) for day in (15, 16, 20)}

    rule = RuleCode.TABLET_UNSENT
    assert {day: [row for row in rows if row[0] == rule] for day, rows in heard.items()} == {
        15: [],
        16: [(rule, "Ratna", 2)],
        20: [(rule, "Kepala", 5)],  # the 19th is a Sunday
    }
    assert open_rules(make, dt.date(2026, 4, 20)).count(rule) == 2
    tablet.last_seen_at = NOW + dt.timedelta(days=6)
    make.session.flush()
    assert rule not in open_rules(make, dt.date(2026, 4, 20))


@pytest.mark.parametrize(
    ("rule", "role", "address"),
    [
        (RuleCode.MONTHLY_REPORT, Role.FACILITATOR, "/laporan/2026-03"),
        (RuleCode.MONTHLY_REPORT_LATE, Role.AGENCY_HEAD, "/laporan/tinjau"),
        (RuleCode.TABLET_UNSENT, Role.FACILITATOR, "/pengiriman"),
        (RuleCode.TABLET_UNSENT, Role.ADMIN, "/pendamping"),
        (RuleCode.DOCUMENT_EXPIRES, Role.COOPERATIVE, "/dokumen"),
        (RuleCode.MEETING_LAW, Role.COOPERATIVE, f"/koperasi/{GRAHA_INDAH}/kewajiban"),
        (RuleCode.TERM_ENDS, Role.COOPERATIVE, f"/koperasi/{GRAHA_INDAH}/kewajiban#jabatan-None"),
        (RuleCode.PROOF_WAITING, Role.COOPERATIVE, None),
    ],
)
@only.on_sqlite
def test_each_reader_is_led_to_a_page_of_theirs(app: Flask, rule: RuleCode, role: Role, address: str | None) -> None:
    view = NotificationView(
        **{field.name: None for field in fields(NotificationView)}  # type: ignore[arg-type]
        | {"rule": rule, "title_id": "2026-03", "cooperative_code": GRAHA_INDAH}
    )

    with app.test_request_context():
        assert address_of(view, role) == address


def test_people_of_a_cooperative_are_led_to_the_term_that_ends(browser: Browser) -> None:
    with browser.make() as make:
        make.facilitator()
        account = make.cooperative_user()
        officer = make.officer()
        officer.term_ends_on = dt.date(2026, 5, 14)
        make.session.flush()
        remind(make.session, TODAY, now=NOW)
    browser.sign_in(account)

    (link,) = browser.open("/pemberitahuan").soup.select(".reminder a")
    page = browser.open(str(link["href"]))

    assert page.status == 200
    assert page.text(f"[id='{str(link['href']).partition('#')[2]}'] .strong") == officer.name
    assert page.has("Siapkan pergantiannya")


def _about_reports(rows: Sequence[tuple[str, str, int]]) -> list[tuple[str, int]]:
    return [(name, step) for rule, name, step in rows if rule.startswith("laporan_bulanan")]


def test_in_december_the_admin_hears_that_the_next_years_holidays_are_missing(make: Make) -> None:
    make.user(Role.ADMIN, name="Admin")

    assert of_day(make, dt.date(2026, 12, 1)) == [(RuleCode.NO_HOLIDAYS, "Admin", 0)]

    make.session.add(DayOff(on=dt.date(2027, 1, 1), name="Tahun baru", kind=DayOffKind.HOLIDAY))
    make.session.flush()
    assert open_rules(make, dt.date(2026, 12, 2)) == []
    assert of_day(make, dt.date(2026, 12, 15)) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--on", "2026-04-14", "--dry-run"], "2 pengingat akan dibuat untuk 1 orang."),
        (["--on", "2026-04-14"], "2 pengingat dibuat untuk 1 orang."),
        (["--on", "2026-04-05"], "0 pengingat dibuat untuk 0 orang."),  # a Sunday
    ],
)
def test_the_command_says_how_many_it_made(app: Flask, browser: Browser, arguments: list[str], says: str) -> None:
    with browser.make() as make:
        facilitator = make.facilitator()
        agreed(make, facilitator, IN_A_WEEK)
        make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 15))

    with app.app_context():
        said = [CliRunner().invoke(remind_command, arguments).stdout.splitlines()[-1] for _ in range(2)]

    stored = "--dry-run" not in arguments and "dibuat untuk 1" in says
    assert said == [says, "0 pengingat dibuat untuk 0 orang; 2 sudah ada." if stored else says]


@pytest.mark.parametrize("day", ["kemarin", "2026-13-01", ""])
def test_the_command_refuses_what_is_no_date(sqlite_app: tuple[Flask, object], day: str) -> None:
    app, _ = sqlite_app
    with app.app_context():
        result = CliRunner().invoke(remind_command, ["--on", day])

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: --on: ")


def test_the_bell_counts_what_waits_and_the_page_leads_to_the_very_thing(browser: Browser) -> None:
    with browser.make() as make:
        facilitator = make.facilitator()
        account = make.cooperative_user()
        action = agreed(make, facilitator, dt.date(2026, 4, 13))
        make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 15))
        remind(make.session, TODAY, now=NOW)
    browser.sign_in(account)
    own = browser.open("/pemberitahuan")
    browser.sign_in(facilitator)

    page = browser.open("/pemberitahuan")
    links = [str(each["href"]) for each in page.soup.select(".reminder a")]
    typed = page.fields("form.reminder__act")
    answer = browser.send(str(page.soup.select("form.reminder__act")[0]["action"]), typed)
    browser.sign_in(account)
    foreign = browser.client.post(str(page.soup.select("form.reminder__act")[1]["action"]), data=own.fields())

    assert page.text(".bell__count [aria-hidden]") == "2"
    assert f"/tindakan/{action.id}" in links
    assert answer.text(".bell__count [aria-hidden]") == "1"
    assert [str(each["href"]) for each in own.soup.select(".reminder a")] == [f"/rencana/{action.id}"]
    assert foreign.status_code == 404


def test_all_are_marked_read_at_once_and_what_is_done_needs_no_reading(browser: Browser) -> None:
    with browser.make() as make:
        facilitator = make.facilitator()
        plan = make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 15))
        agreed(make, facilitator, dt.date(2026, 4, 13))
        remind(make.session, TODAY, now=NOW)
        plan.cancelled_at, plan.cancelled_because = NOW, "Hujan"
        make.session.flush()
        settle(make.session, now=NOW, today=TODAY)
    browser.sign_in(facilitator)
    page = browser.open("/pemberitahuan")

    after = browser.send("/pemberitahuan/dibaca", page.fields())

    assert page.text(".bell__count [aria-hidden]") == "1"
    assert page.texts(".pill--good") == ["Selesai"]
    assert after.soup.select(".bell__count") == []
    assert after.has("2 ditandai sudah dibaca.")

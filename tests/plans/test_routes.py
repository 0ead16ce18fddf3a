import datetime as dt

import pytest
from sqlalchemy import select

from pendamping.kernel.roles import Role
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser, Page

HERE = f"/koperasi/{GRAHA_INDAH}/rencana"
APRIL_1 = dt.date(2026, 4, 1)


def become(rows: Make, title: str, status: ActionStatus, *, at: dt.datetime = NOW) -> None:
    """Let an action move on, as the next step of its life will do."""
    action = rows.session.scalars(select(Action).where(Action.title == title)).one()
    author_id = rows.session.scalars(select(ActionUpdate.author_id).where(ActionUpdate.action_id == action.id)).one()
    action.status = status
    rows.session.add(
        ActionUpdate(
            action_id=action.id,
            city_code=action.city_code,
            number=2,
            status=status,
            note="",
            author_id=author_id,
            made_at=at,
        )
    )
    rows.session.flush()


def open_titles(page: Page) -> list[str]:
    return page.texts(".action__title")


def test_the_plan_says_what_who_until_when_and_what_proves_it(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(name="Ratna")
        draft = rows.action_draft("KL-02", title="Ambil SK di notaris", due_on=dt.date(2026, 4, 21))
        visit = rows.visit(ratna, {"KL-02": ("no", "diamati")}, actions=(draft,))
        done_when = rows.session.get_one(Action, draft.id).done_when
    browser.sign_in(ratna)

    page = browser.open(HERE)

    action = page.text("article.action")
    assert (page.status, page.heading) == (200, "Rencana aksi KKMP Graha Indah")
    assert page.has("Disusun bersama Ratna · diperbarui 14 April 2026")
    assert open_titles(page) == ["Ambil SK di notaris"]
    assert "Bendahara · tenggat 21 April 2026" in action
    assert "7 hari lagi" in action
    assert f"Selesai bila: {done_when}" in action
    assert "Dari butir KL-02: SK badan hukum" in action
    assert page.soup.select_one(f"article a[href='/kunjungan/{visit.id}']") is not None


@pytest.mark.parametrize("status", [ActionStatus.VERIFIED, ActionStatus.CANCELLED])
def test_a_finished_action_counts_no_days_on_its_visits_page(browser: Browser, status: ActionStatus) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(name="Ratna")
        draft = rows.action_draft("KL-02", title="Ambil SK di notaris", due_on=APRIL_1)
        visit = rows.visit(ratna, {"KL-02": ("no", "diamati")}, visited_on=dt.date(2026, 3, 2), actions=(draft,))
        become(rows, "Ambil SK di notaris", status)
    browser.sign_in(ratna)

    assert "hari" not in browser.open(f"/kunjungan/{visit.id}").text("article.action .cluster")


def test_critical_comes_first_then_the_earliest_and_late_is_said(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator()
        drafts = (
            rows.action_draft(title="Juni", due_on=dt.date(2026, 6, 1)),
            rows.action_draft(title="Terlambat", due_on=dt.date(2026, 4, 4)),
            rows.action_draft(title="Hari ini", due_on=TODAY),
            rows.action_draft("KL-02", title="Kritis", due_on=dt.date(2026, 7, 1)),
        )
        rows.visit(ratna, visited_on=APRIL_1, actions=drafts)
    browser.sign_in(ratna)

    page = browser.open(HERE)

    assert open_titles(page) == ["Kritis", "Terlambat", "Hari ini", "Juni"]
    assert page.texts("article.action > p:first-child") == [
        "Disepakati",
        "Terlambat 10 hari Disepakati",
        "Jatuh tempo hari ini Disepakati",
        "Disepakati",
    ]


def test_done_is_what_is_verified_and_what_was_cancelled_does_not_count(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator()
        titles = ("Sepakat", "Berjalan", "Dilaporkan", "Dikembalikan", "Selesai", "Batal")
        rows.visit(ratna, visited_on=APRIL_1, actions=tuple(rows.action_draft(title=title) for title in titles))
        become(rows, "Berjalan", ActionStatus.RUNNING)
        become(rows, "Dilaporkan", ActionStatus.REPORTED_DONE)
        become(rows, "Dikembalikan", ActionStatus.RETURNED)
        become(rows, "Selesai", ActionStatus.VERIFIED)
        become(rows, "Batal", ActionStatus.CANCELLED)
    browser.sign_in(ratna)

    page = browser.open(HERE)

    assert page.has("Tindakan selesai 1 dari 5")
    assert sorted(open_titles(page)) == ["Berjalan", "Dikembalikan", "Dilaporkan", "Sepakat"]
    finished = page.texts("details.reveal li")
    assert sorted(finished) == [
        "Dibatalkan 5 Mei 2026 Batal Bendahara",
        "Terverifikasi 5 Mei 2026 Selesai Bendahara",
    ]


def test_the_plan_was_updated_when_an_action_last_moved_on_by_the_offices_calendar(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator()
        rows.visit(ratna, visited_on=APRIL_1, actions=(rows.action_draft(),))
        become(rows, "Rapikan buku kas", ActionStatus.RUNNING, at=dt.datetime(2026, 4, 19, 16, 30, tzinfo=dt.UTC))
    browser.sign_in(ratna)

    assert browser.open(HERE).text(".page-head time") == "20 April 2026"


def test_a_plan_without_actions_says_where_they_come_from(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator()
    browser.sign_in(ratna)

    page = browser.open(HERE)

    assert page.has("Tidak ada tindakan yang menunggu.")
    assert page.has("Tindakan selesai 0 dari 0")
    assert page.soup.select(".page-head time") == []


def test_a_score_leads_to_its_explanation_once_there_is_one(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator()
        rows.visit(ratna)
    browser.sign_in(ratna)

    page = browser.open(HERE)

    assert [str(link["href"]) for link in page.soup.select("a.score__name")] == [f"/koperasi/{GRAHA_INDAH}/skor/KL"]
    assert page.texts(".score__name") == ["Kelembagaan", "Transparansi", "Usaha"]


def test_a_plan_is_of_one_cooperative(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(GRAHA_INDAH, KARIANGAU)
        rows.visit(ratna, actions=(rows.action_draft(title="Graha Indah"),))
        rows.visit(ratna, code=KARIANGAU, actions=(rows.action_draft(title="Kariangau"),))
    browser.sign_in(ratna)

    assert open_titles(browser.open(HERE)) == ["Graha Indah"]
    assert open_titles(browser.open(f"/koperasi/{KARIANGAU}/rencana")) == ["Kariangau"]


@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.ADMIN])
def test_the_agency_reads_the_plans_of_its_region(browser: Browser, role: Role) -> None:
    with browser.make() as rows:
        rows.visit(rows.facilitator(), actions=(rows.action_draft(title="Graha Indah"),))
        of_this_region, of_another = (rows.user(role, scope_prefix=code) for code in ("64.71.03", "64.71.02"))

    browser.sign_in(of_this_region)
    here = browser.open(HERE)
    browser.sign_in(of_another)
    elsewhere = browser.open(HERE)

    assert open_titles(here) == ["Graha Indah"]
    assert (elsewhere.status, elsewhere.has("Graha Indah")) == (404, False)


def test_how_an_action_goes_is_noted_in_its_place_by_whoever_accompanies(browser: Browser) -> None:
    with browser.make() as rows:
        ratna, head = rows.facilitator(), rows.user(Role.AGENCY_HEAD)
        rows.visit(ratna, {}, actions=(rows.action_draft("KL-02"), rows.action_draft("KL-05")))
    browser.sign_in(ratna)
    forms = browser.open(f"/koperasi/{GRAHA_INDAH}/rencana").soup.select("form[data-record-kind=action_update]")
    note, due, _, other_due = forms  # of each of two actions: how it goes, and until when it is to be done now
    noted, moved = (
        {str(each["name"]): str(each.get("value", "")) for each in form.select("input")} for form in (note, other_due)
    )

    browser.client.post(str(note["action"]), data={**noted, "note": "Berkas sudah diserahkan."})
    browser.client.post(str(other_due["action"]), data={**moved, "due_on": "2026-12-24", "reason": "Notaris cuti."})

    page = browser.open(f"/koperasi/{GRAHA_INDAH}/rencana")
    assert due["data-record-part"] != other_due["data-record-part"]
    assert "Berjalan" in " ".join(page.texts(".action .pill"))
    assert page.has("24 Desember 2026")
    browser.sign_in(head)
    assert not browser.open(f"/koperasi/{GRAHA_INDAH}/rencana").soup.select("form[data-record-kind]")

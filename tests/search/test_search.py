"""One box for everything: what is found, for whom, how it is shown; and an index that follows whatever changes."""

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import delete, select, text

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Officer
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.roles import Role
from pendamping.plans.models import Action
from pendamping.reports.monthly.models import MonthlyReport, MonthlyReportStep, ReportStatus, StepKind
from pendamping.search.index import ENTRIES
from pendamping.search.service import refresh
from pendamping.visits.models import Answer, Visit
from tests import only
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser

EVERY_ENTRY = f"SELECT kind, row_id, body FROM {ENTRIES} ORDER BY kind, row_id"
HARD = '<b>Buku</b> & "kas" o\'clock'


class People:
    """Two facilitators with a cooperative each, and something to find at both."""

    def __init__(self, browser: Browser) -> None:
        with browser.make() as make:
            make.short_instruments()
            self.ours, self.theirs = make.facilitator(GRAHA_INDAH), make.facilitator(KARIANGAU)
            self.head, self.admin = make.user(Role.AGENCY_HEAD), make.user(Role.ADMIN)
            self.cooperative = make.cooperative_user()
            make.officer(GRAHA_INDAH)
            for who, code in ((self.ours, GRAHA_INDAH), (self.theirs, KARIANGAU)):
                visit = make.visit_with(who, code=code, notes=f"Rapat kopdarma di gudang {code}")
                make.agree(visit, who, make.action_draft())


@pytest.fixture
def people(browser: Browser) -> People:
    return People(browser)


def found(browser: Browser, user: User, typed: str) -> dict[str, list[str]]:
    browser.sign_in(user)
    page = browser.open(f"/cari?q={typed}")
    groups = page.soup.select("section.panel")
    return {
        str(group["aria-labelledby"]).removeprefix("hasil-"): [
            " ".join(hit.get_text(" ").split()) for hit in group.select("h3")
        ]
        for group in groups
    }


def test_everybody_finds_what_is_theirs_and_nothing_else_shows_or_counts(browser: Browser, people: People) -> None:
    own = found(browser, people.ours, "kopdarma")
    everything = found(browser, people.head, "kopdarma")
    browser.sign_in(people.ours)
    page = browser.open("/cari?q=kopdarma")

    assert own == {"kunjungan": ["KKMP Graha Indah"]}
    assert sorted(everything["kunjungan"]) == ["KKMP Graha Indah", "KKMP Kariangau"]
    assert page.has("1 ditemukan")
    assert "Kariangau" not in page.response.get_data(as_text=True)
    assert found(browser, people.ours, "kariangau") == {}
    assert found(browser, people.ours, people.theirs.name) == {}
    assert people.theirs.name in found(browser, people.head, people.theirs.name)["pengguna"]
    browser.sign_in(people.cooperative)
    assert browser.client.get("/cari?q=kopdarma").status_code == 403


def test_whatever_is_typed_gets_a_sensible_page(browser: Browser, people: People) -> None:
    browser.sign_in(people.head)

    for typed in (
        "",
        "*",
        '"',
        "%22OR%22",
        "a",
        "%27%29--",
        "<script>",
        "x" * 3_000,
        "kas+" * 900,
    ):
        assert browser.open(f"/cari?q={typed}&jenis=entah&setelah=entah").status == 200
    assert browser.open("/cari?q=" + "x" * 10_000).has("Yang dicari")
    assert browser.open("/cari?q=kopdarma%00").status == 400  # as everywhere
    assert browser.open("/cari?q=a").has("sedikitnya dua huruf")
    assert browser.open("/cari?q=tidakadakatainidimanapun").has("Tidak ada yang memuat")


def test_texts_are_shown_as_they_are_with_the_words_marked(browser: Browser, people: People) -> None:
    with browser.make() as make:
        make.visit_with(people.ours, notes=HARD)
    browser.sign_in(people.ours)

    page = browser.open("/cari?q=buku+kas")

    assert page.texts(".hit__text mark") == ["Buku", "kas"]
    assert page.text(".hit__text").replace(" ", "") == HARD.replace(" ", "")
    assert str(escape("<b>")) in page.response.get_data(as_text=True)


def test_a_long_list_goes_on_page_by_page_and_ends(browser: Browser, people: People) -> None:
    with browser.make() as make:
        actions = [make.action_draft(title=f"Susun kopdarma {number:02}") for number in range(45)]
        make.visit(people.ours, actions=tuple(actions))
    browser.sign_in(people.ours)

    every = browser.open("/cari?q=kopdarma")
    first = browser.open(str(every.soup.select_one(".hit__more a")["href"]))  # type: ignore[index]
    second = browser.open(str(first.soup.select_one("a[rel=next]")["href"]))  # type: ignore[index]

    titles = first.texts("h3") + second.texts("h3")
    assert len(every.texts("h3")) == 6
    assert sorted(titles) == [f"Susun kopdarma {number:02}" for number in range(45)]
    assert not second.soup.select("a[rel=next]")


def test_what_changes_is_found_by_its_new_words_only(app: Flask, browser: Browser, people: People) -> None:
    with app.app_context(), transaction() as session:
        visit = session.scalars(select(Visit).where(Visit.facilitator_id == people.ours.id)).one()
        visit.notes = "Gudang dipindah ke dermaga"
        session.execute(delete(Officer))
        action = session.scalars(select(Action).where(Action.visit_id == visit.id)).one()
        action.title = "Cat ulang dermaga"

    now = found(browser, people.ours, "dermaga")

    assert now == {"kunjungan": ["KKMP Graha Indah"], "tindakan": ["Cat ulang dermaga"]}
    assert found(browser, people.ours, "kopdarma") == {}


def put_right(make: Make, visit: Visit, note: str) -> None:
    """The visit's only answer once more, under its next revision."""
    before = make.session.scalars(select(Answer).where(Answer.visit_id == visit.id)).one()
    kept = ("city_code", "visit_id", "cooperative_id", "version_id", "item_id", "value", "proof", "answered_on")
    same = {name: getattr(before, name) for name in kept}
    make.session.add(Answer(**same, note=note, revision=2, recorded_at=NOW))


def add_to_report(make: Make, facilitator: User, text: str) -> None:
    report = MonthlyReport(
        city_code="64.71",
        facilitator_id=facilitator.id,
        year=2026,
        month=3,
        status=ReportStatus.APPROVED,
        words={},
        number_year=2026,
        number=1,
        first_sent_at=NOW,
        sent_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )
    make.session.add(report)
    make.session.flush()
    terms = {"report_id": report.id, "author_id": facilitator.id, "made_at": NOW, "city_code": "64.71", "changed": []}
    for number, (kind, said) in enumerate(((StepKind.RETURNED, f"Bukan {text}"), (StepKind.ADDENDUM, text)), start=1):
        make.session.add(MonthlyReportStep(**terms, number=number, kind=kind, text=said, content=None, revision=number))


def test_notes_on_answers_addenda_and_kecamatan_lead_to_where_they_stand(browser: Browser, people: People) -> None:
    with browser.make() as make:
        visit = make.visit(people.ours, {"KL-01": ("no", "diamati", "Kwitansi tercecer")})
        put_right(make, visit, "Kwitansi di laci")
        add_to_report(make, people.ours, "Kwitansi menyusul")

    everywhere = found(browser, people.ours, "kwitansi")
    own = {hit["href"] for hit in browser.open("/cari?q=kwitansi").soup.select("h3 a")}
    by_the_head = found(browser, people.head, "kwitansi")
    its_page = [str(hit["href"]) for hit in browser.open("/cari?q=kwitansi").soup.select("h3 a")]

    assert everywhere == by_the_head == {"catatan": ["KKMP Graha Indah"], "tambahan": ["Maret 2026"]}
    assert own == {f"/kunjungan/{visit.id}", "/laporan/2026-03"}
    assert any(address.startswith("/laporan/tinjau/") for address in its_page)
    assert found(browser, people.ours, "tercecer") == found(browser, people.theirs, "kwitansi") == {}
    for who, others in ((people.ours, 1), (people.head, 6)):
        kecamatan = found(browser, who, "balikpapan")["kecamatan"]
        assert len(kecamatan) == min(others, 5)
    (hit,) = browser.open("/cari?q=balikpapan+utara&jenis=kecamatan").soup.select("h3 a")
    assert browser.open(str(hit["href"])).has("KKMP Graha Indah")


@only.on_sqlite
def test_the_index_made_anew_says_what_the_index_that_was_kept_says(
    app: Flask, browser: Browser, people: People
) -> None:
    before = found(browser, people.head, "kopdarma")
    with app.app_context(), transaction() as session:
        kept = session.execute(text(EVERY_ENTRY)).all()
        session.execute(text(f"DELETE FROM {ENTRIES} WHERE kind IN ('visit', 'answer', 'region')"))

    assert found(browser, people.head, "kopdarma") == {}
    with app.app_context(), transaction() as session:
        refresh(session)
    with app.app_context():
        assert reading().execute(text(EVERY_ENTRY)).all() == kept
    assert found(browser, people.head, "kopdarma") == before


def test_making_the_index_anew_harms_nothing(app: Flask, browser: Browser, people: People) -> None:
    before = found(browser, people.head, "graha")
    with app.app_context(), transaction() as session:
        refresh(session)

    assert before["koperasi"] == ["KKMP Graha Indah"]
    assert found(browser, people.head, "graha") == before

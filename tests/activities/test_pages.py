"""A group activity as it is written down, read by each who may, put right, and found again in the plans."""

import datetime as dt
import io
import uuid
from typing import Any

from sqlalchemy import func, select

from pendamping.accounts.models import User
from pendamping.activities.models import Activity, ActivityStep
from pendamping.activities.policy import visible_activities
from pendamping.activities.rules import Presence
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.plans.models import Action, ActionStatus
from pendamping.progress.models import Standing
from pendamping.visits.models import Visit
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser, Page
from tests.pictures import photo
from tests.reports.samples import Paper

NEW = "/kegiatan/baru"


def typed(page: Page, *, people: dict[str, str], **more: Any) -> dict[str, Any]:
    """The form filled in; who came by the name of the cooperative."""
    fields = {**page.fields(), "kind": "pelatihan", "topic": "Pembukuan kas", "place": "Aula kelurahan"}
    fields |= {"held_on": "2026-04-10", "minutes": "Semua mencoba buku kas."}
    for row in page.soup.select(".came-row"):
        name = row.select_one(".came-row__name")
        number, who = row.select("input")[1:3]
        assert name is not None
        said = people.get(name.get_text().strip(), "")
        fields |= {str(number["name"]): said, str(who["name"]): "Siti, Rahmat" if said else ""}
    return {**fields, **more}


BOTH = {"KKMP Graha Indah": "3", "KKMP Kariangau": "2"}
AGREED = {
    "sepakat-0-title": "Tutup buku tiap Sabtu",
    "sepakat-0-owner_role": "bendahara",
    "sepakat-0-due_on": "2026-05-10",
}


def counts(browser: Browser) -> tuple[int, int, int]:
    """Activities, steps of their records, actions."""
    return browser.count(Activity), browser.count(ActivityStep), browser.count(Action)


def test_an_activity_is_one_record_and_its_agreement_an_action_in_each_plan(
    browser: Browser, facilitator: User
) -> None:
    sent = typed(browser.open(NEW), people=BOTH, **AGREED)
    page = browser.send(NEW, {**sent, "files": [(io.BytesIO(photo()), "aula.jpg")]})
    again = browser.send(NEW, sent)

    assert (page.status, page.heading, again.heading) == (200, "Pembukuan kas", "Pembukuan kas")
    assert counts(browser) == (1, 1, 2)
    assert page.has("5 orang")
    assert page.has("Siti, Rahmat")
    assert browser.client.get(str(page.soup.select(".photo img")[0]["src"])).status_code == 200
    assert browser.open("/kegiatan?jenis=pelatihan").has("5 orang · 2 koperasi · 2 tindakan")
    assert not browser.open("/kegiatan?jenis=sosialisasi").has("Pembukuan kas")
    for code in (GRAHA_INDAH, KARIANGAU):
        plan = browser.open(f"/koperasi/{code}/rencana")
        assert plan.has("Tutup buku tiap Sabtu")
        assert plan.has("Disepakati pada pelatihan 10 April 2026")
        assert browser.open(f"/koperasi/{code}/riwayat?jenis=kegiatan").has("Pembukuan kas")
    with browser.app.app_context():
        actions = list(reading().scalars(select(Action)))
        assert {(each.status, each.agreed_on, each.visit_id) for each in actions} == {
            (ActionStatus.AGREED, dt.date(2026, 4, 10), None)
        }
        assert reading().scalar(select(func.count()).select_from(Visit)) == 0
        assert {each.open_actions for each in reading().scalars(select(Standing))} == {1}


def test_a_correction_keeps_what_was_said_before(browser: Browser, facilitator: User) -> None:
    page = browser.send(NEW, typed(browser.open(NEW), people=BOTH, **AGREED))
    link = str(page.soup.select(".page-head__actions a")[0]["href"])
    opened = browser.open(link)
    changed = typed(opened, people={"KKMP Graha Indah": "4"}, topic="Pembukuan dan pajak")
    refused = browser.send(link, changed)

    assert (refused.status, refused.text("#reason-error")) == (400, "Tulis alasan perbaikannya.")
    assert refused.fields()["topic"] == "Pembukuan dan pajak"
    stored = browser.send(link, {**changed, "reason": "Salah hitung"})
    assert stored.has("Diperbaiki: Salah hitung")
    assert stored.has("Pembukuan kas")
    assert stored.has("4 orang")
    stale = browser.send(link, {**changed, "new_id": str(uuid.uuid4()), "topic": "Lain", "reason": "Lupa"})
    assert (stale.status, stale.has("diperbaiki orang lain"), stale.fields()["seen_number"]) == (409, True, "2")
    assert counts(browser) == (1, 2, 2)
    with browser.make() as make:
        agency, other = make.user(Role.AGENCY_HEAD), make.facilitator(MANGGAR)
    browser.sign_in(agency)
    assert browser.client.get(link).status_code == 403
    browser.sign_in(other)
    assert browser.client.get(link).status_code == 404
    with browser.make() as make:
        officer = make.cooperative_user(KARIANGAU)
        (activity_id,) = make.session.scalars(select(Activity.id))
    browser.sign_in(officer)  # taken out of the record, but its action comes from there
    own = browser.open(f"/kunjungan/kegiatan/{activity_id}")
    assert (own.texts("h3.action__title"), own.has("Siti, Rahmat")) == (["Tutup buku tiap Sabtu"], False)


@on_sqlite
def test_a_correction_under_the_id_of_somebody_elses_is_told_and_not_stored(
    browser: Browser, facilitator: User
) -> None:
    with browser.make() as make:
        own, theirs = make.activity(facilitator, GRAHA_INDAH).id, make.activity(make.user(), KARIANGAU).id
    link = f"/kegiatan/{own}/perbaikan"
    changed = typed(browser.open(link), people={"KKMP Graha Indah": "4"}, reason="Salah hitung")

    page = browser.send(link, {**changed, "new_id": str(theirs)})

    assert (page.status, counts(browser)) == (409, (2, 2, 0))


def test_whoever_no_longer_accompanies_a_cooperative_agrees_nothing_for_it(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
        bayu = make.facilitator(KARIANGAU)
        link = f"/kegiatan/{make.activity(bayu, GRAHA_INDAH, KARIANGAU).id}/perbaikan"
        lost = f"/kegiatan/{make.activity(bayu, GRAHA_INDAH).id}/perbaikan"
    browser.sign_in(bayu)
    page = browser.open(link)

    assert [each["value"] for each in page.soup.select("[name='sepakat-0-only_for']")] == [KARIANGAU]
    assert (
        browser.send(link, {**page.fields(), **AGREED, "sepakat-0-due_on": "2026-05-20", "reason": "Lupa"}).status
        == 200
    )
    refused = browser.send(lost, {**browser.open(lost).fields(), **AGREED, "reason": "Lupa"})
    assert (refused.status, refused.has("tidak ada yang Anda dampingi")) == (400, True)
    with browser.app.app_context():
        codes = select(Cooperative.code).join(Action, Action.cooperative_id == Cooperative.id)
        assert list(reading().scalars(codes)) == [KARIANGAU]


def test_each_reads_what_is_theirs(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
        agency, bayu = make.user(Role.AGENCY_HEAD), make.facilitator(KARIANGAU)
        officer, stranger = make.cooperative_user(), make.cooperative_user(MANGGAR)
    browser.sign_in(agency)
    page = browser.send(NEW, typed(browser.open(NEW), people=BOTH, **AGREED))
    with browser.make() as make:
        found = make.session.scalars(select(Activity.id)).one()
        people = {"officer": officer, "stranger": stranger, "bayu": bayu}
        seen = {
            name: make.session.scalar(visible_activities(user, today=TODAY).with_only_columns(Activity.id)) == found
            for name, user in people.items()
        }

    assert str(page.soup).count("Siti, Rahmat") == 2
    assert seen == {"officer": True, "stranger": False, "bayu": True}
    browser.sign_in(officer)
    visits = browser.open("/kunjungan")
    own = browser.open(str(visits.soup.select("#bersama + ul a")[0]["href"]))
    assert own.has("Siti, Rahmat")
    assert own.has("bersama 1 koperasi lain")
    assert not own.has("Kariangau")
    assert own.texts("h3.action__title") == ["Tutup buku tiap Sabtu"]
    assert browser.open("/rencana").has("Disepakati pada pelatihan 10 April 2026")
    assert Paper(browser.client.get("/rencana.pdf").get_data()).has("Asal: pelatihan 10 April 2026")
    browser.sign_in(bayu)
    theirs = browser.open(f"/kegiatan/{found}")
    assert theirs.has("KKMP Graha Indah")
    assert str(theirs.soup).count("Siti, Rahmat") == 1


BAD: dict[str, tuple[dict[str, Any], dict[str, str], str]] = {
    "nobody": ({}, {}, "sedikitnya dari satu koperasi"),
    "future": ({"held_on": "2026-04-15"}, BOTH, "Tanggal ini belum tiba."),
    "too many": ({}, {"KKMP Graha Indah": "2001"}, "0 sampai 2000"),
    "no due date": ({"sepakat-0-title": "Rapat lagi"}, BOTH, "Isi tenggatnya."),
    "early": ({**AGREED, "sepakat-0-due_on": "2026-04-09"}, BOTH, "lebih awal daripada tanggal kegiatan"),
    "no picture": ({"files": [(io.BytesIO(b"%PDF-1.4 bukan"), "a.pdf")]}, BOTH, "a.pdf:"),
}


@on_sqlite
def test_an_admin_or_head_of_one_region_reads_no_names_of_another_and_corrects_nothing_there(
    browser: Browser,
) -> None:
    with browser.make() as make:
        ratna = make.facilitator(GRAHA_INDAH, KARIANGAU)
        graha, kariangau = make.cooperative(GRAHA_INDAH), make.cooperative(KARIANGAU)
        came = (Presence(graha.id, 1, "Orang Graha"), Presence(kariangau.id, 2, "Orang Kariangau"))
        shared = make.activity(ratna, GRAHA_INDAH, KARIANGAU, presences=came).id
        own = make.activity(ratna, presences=came[:1]).id
        district, city = GRAHA_INDAH[:8], GRAHA_INDAH[:5]
        readers = {
            "head of one": make.user(Role.AGENCY_HEAD, scope_prefix=district),
            "admin of one": make.user(Role.ADMIN, scope_prefix=district),
            "admin of both": make.user(Role.ADMIN, scope_prefix=city),
            "author": ratna,
        }
    seen = {}
    for name, user in readers.items():
        browser.sign_in(user)
        page = browser.open(f"/kegiatan/{shared}")
        names = page.has("Orang Graha"), page.has("Orang Kariangau"), page.has("KKMP Kariangau")
        forms = [browser.client.get(f"/kegiatan/{each}/perbaikan").status_code for each in (shared, own)]
        seen[name] = (*names, page.has("Perbaiki"), *forms)

    assert seen == {
        "head of one": (True, False, True, False, 403, 403),
        "admin of one": (True, False, True, False, 403, 200),
        "admin of both": (True, True, True, True, 200, 200),
        "author": (True, True, True, True, 200, 200),
    }


@on_sqlite
def test_bad_input_is_told_keeps_what_was_typed_and_stores_nothing(browser: Browser, facilitator: User) -> None:
    for name, (fields, people, said) in BAD.items():
        page = browser.send(NEW, typed(browser.open(NEW), people=people, **fields))
        assert (page.status, page.has(said), page.fields()["topic"]) == (400, True, "Pembukuan kas"), name
    absent = {**AGREED, "sepakat-0-only_for": KARIANGAU}
    page = browser.send(NEW, typed(browser.open(NEW), people={"KKMP Graha Indah": "3"}, **absent))
    assert (page.status, page.has("Pilih hanya koperasi yang hadir.")) == (400, True)
    assert counts(browser) == (0, 0, 0)

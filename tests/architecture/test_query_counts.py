"""How many statements each page asks of the database: the same few, however long the history and the list behind it."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, select

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.records.figures import Month
from pendamping.instruments.drafting.service import start_draft
from pendamping.kernel.database import db
from pendamping.kernel.roles import Role
from pendamping.progress.asking.models import Kind
from pendamping.progress.stages.models import Verdict
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser

STATED = {
    "facilitator's home": 12,
    "head's home": 15,
    "list": 6,
    "search": 5,
    "search of one kind": 3,
    "what needs attention": 8,
    "one kind of it": 8,
    "question": 3,
    "programme": 15,
    "chart of the programme": 5,
    "facilitators": 8,
    "evaluations": 5,
    "evaluations of a cooperative": 5,
    "cooperative": 16,
    "stage": 9,
    "designations": 2,
    "history": 3,
    "score chart": 4,
    "partnerships": 7,
    "partnership form": 2,
    "businesses form": 3,
    "cooperative's partnerships": 7,
    "documents": 3,
    "document form": 2,
    "month of figures": 4,
    "facts form": 2,
    "officer form": 2,
    "officers' access": 4,
    "plan": 12,
    "form of a goal": 3,
    "score": 10,
    "score after a visit": 10,
    "unproven": 4,
    "unproven everywhere": 4,
    "item": 11,
    "visit form": 8,
    "visit": 16,
    "preparation": 6,
    "accounts": 6,
    "new account": 3,
    "account": 7,
    "assignments": 7,
    "form of a hand-over": 7,
    "assignments of a cooperative": 3,
    "programme years": 2,
    "programme year": 2,
    "next programme year": 4,
    "office": 3,
    "instruments": 3,
    "instrument": 2,
    "draft of an instrument": 3,
    "item of a draft": 2,
    "dry run": 6,
    "form of publishing": 6,
    "schedule of a month": 5,
    "schedule of a week": 5,
    "head's schedule": 6,
    "form of a new plan": 2,
    "planned visit": 6,
    "form of a move": 3,
    "cooperative's own plan": 19,
    "cooperative's own action": 9,
    "cooperative's progress": 5,
    "cooperative's visits": 5,
    "cooperative's activity": 8,
    "activities": 2,
    "activity": 8,
    "form of an activity": 2,
    "cooperative's documents": 4,
    "cooperative's figures": 4,
    "form of the cooperative's figures": 4,
    "proposed figures": 4,
    "visit's paper": 17,
    "plan's paper": 14,
    "board": 5,
    "list of actions": 4,
    "what waits": 5,
    "action": 9,
    "check of a proof": 9,
    "form of an action": 4,
    "tablet's session": 2,
    "what was sent": 3,
    "quarantine": 5,
    "reminders": 2,
    "own reports": 3,
    "month of a report": 16,
    "reports to review": 4,
    "tablets": 2,
    "copied queues": 2,
    "hand-overs": 2,
    "cover during leave": 8,
    "own tablets": 2,
    "choice of reminders": 5,
    "obligations": 7,
    "calendar's obligations": 3,
    "an obligation": 4,
    "rules": 4,
    "rule": 2,
    "calendar": 4,
    "jobs": 5,
}
"""A page that needs one query more says so here, or gives the query back."""

WITH_GATES = {"cooperative": 17, "stage": 10, "designations": 4, "head's home": 15, "cooperative's own plan": 19}

AT_MOST = {"facilitator's home": 12, "cooperative": 17}
"""For the two pages that facilitators open all day. A cooperative's page gathers standing, a year of scores, section
profile, plan, timeline, documents, figures, people and designations: one query for each, and one for all that happened.
Its gate asks for nothing of its own.
"""

ADMINS_LISTS = {
    "accounts": "/pengguna",
    "assignments": "/penugasan",
    "programme years": "/tahun-program",
    "next programme year": "/tahun-program/berikutnya",
    "dry run": "/instrumen/KL/draf/uji",
}

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SET ")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that asks the database something meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def count(browser: Browser, user: User, url: str) -> int:
    browser.sign_in(user)
    with statements(browser.app) as asked:
        response = browser.client.get(url)
    assert response.status_code == 200
    return len(asked)


ANSWERS = {
    "KL-01": ("yes", "diamati"),
    "KL-02": ("no", "klaim", "Kas belum rapi."),
    "KL-08": ("2", "klaim"),
    "TK-01": ("3", "diamati"),
    "TK-02": ("1", "diamati"),
}
YEAR_BEGAN = dt.date(2026, 1, 1)


class World:
    """One cooperative with its people, and as much behind it as a test asks for."""

    def __init__(self, browser: Browser, *, has_gates: bool = False) -> None:
        self.browser = browser
        self.visits = 0
        self.action_id = uuid.UUID(int=0)
        self.action_id = uuid.uuid4()
        with browser.make() as rows:
            if not has_gates:
                rows.short_instruments()
            self.facilitator = rows.facilitator(GRAHA_INDAH, KARIANGAU)
            self.head = rows.user(Role.AGENCY_HEAD)
            self.admin = rows.user(Role.ADMIN)
            of_facilitator = select(Assignment.id).where(Assignment.facilitator_id == self.facilitator.id)
            self.assignment_id = rows.session.scalars(of_facilitator.limit(1)).one()
            self.account = rows.cooperative_user()
            rows.personal_link(rows.officer())
            rows.officer()
            self.step = rows.asked(kind=Kind.CASH)
            rows.proposal(Month(2026, 3), members=240)
            start_draft(rows.session, "KL", author_id=self.admin.id, actor=ACTOR, now=NOW)
            self.activity_id = rows.activity(self.facilitator, GRAHA_INDAH, KARIANGAU).id

    def add_visits(self, count: int, *, actions: int) -> None:
        """Visits on one day after the other; an action is agreed at each of the first of them."""
        with self.browser.make() as rows:
            for number in range(count):
                drafts = (rows.action_draft("KL-02"),) if number < actions else ()
                self.action_id = drafts[0].id if drafts else self.action_id
                day = YEAR_BEGAN + dt.timedelta(days=self.visits)
                self.last_visit = rows.visit(self.facilitator, ANSWERS, visited_on=day, actions=drafts)
                self.action_id = drafts[0].id if drafts else self.action_id
                ahead = TODAY + dt.timedelta(days=self.visits)
                self.plan = rows.planned_visit(self.facilitator, KARIANGAU, planned_on=ahead)
                self.visits += 1

    def counted(self, names: Collection[str] = tuple(STATED)) -> dict[str, int]:
        count(self.browser, self.admin, "/instrumen")  # a process reads each instrument's text once
        here = f"/koperasi/{GRAHA_INDAH}"
        pages: dict[str, tuple[User, str]] = {
            "facilitator's home": (self.facilitator, "/"),
            "head's home": (self.head, "/"),
            "list": (self.head, "/koperasi"),
            "search": (self.admin, "/cari?q=ka"),
            "search of one kind": (self.head, "/cari?q=kkmp&jenis=koperasi"),
            "what needs attention": (self.head, "/perlu-perhatian"),
            "one kind of it": (self.head, "/perlu-perhatian?jenis=lama-tidak-dikunjungi&setelah=64.71.01.1001"),
            "what the head asks": (self.facilitator, f"/perlu-perhatian/{self.step.id}"),
            "programme": (self.head, "/program"),
            "chart of the programme": (self.head, f"/program/grafik/tahap-{'0' * 20}.svg"),
            "facilitators": (self.head, "/pendamping"),
            "evaluations": (self.head, "/program/evaluasi"),
            "evaluations of a cooperative": (self.facilitator, f"{here}/evaluasi"),
            "question": (self.facilitator, f"/perlu-perhatian/{self.step.id}"),
            "cooperative": (self.facilitator, here),
            "stage": (self.facilitator, f"{here}/tahap"),
            "designations": (self.head, "/penetapan"),
            "history": (self.facilitator, f"{here}/riwayat"),
            "score chart": (self.facilitator, f"{here}/grafik/skor-{'0' * 20}.svg"),
            "partnerships": (self.facilitator, f"{here}/kemitraan"),
            "partnership form": (self.facilitator, f"{here}/kemitraan/baru"),
            "businesses form": (self.facilitator, f"{here}/kemitraan/usaha"),
            "cooperative's partnerships": (self.account, "/kemitraan"),
            "documents": (self.facilitator, f"{here}/dokumen"),
            "document form": (self.facilitator, f"{here}/dokumen/baru"),
            "month of figures": (self.facilitator, f"{here}/angka/2026-03"),
            "facts form": (self.facilitator, f"{here}/data"),
            "officer form": (self.facilitator, f"{here}/pengurus/baru"),
            "officers' access": (self.facilitator, f"{here}/akses"),
            "plan": (self.facilitator, f"{here}/rencana"),
            "form of a goal": (self.facilitator, f"{here}/sasaran/baru"),
            "score": (self.facilitator, f"{here}/skor/KL"),
            "score after a visit": (self.facilitator, f"/kunjungan/{self.last_visit.id}/skor/KL"),
            "unproven": (self.facilitator, f"{here}/belum-terbukti"),
            "unproven everywhere": (self.head, "/belum-terbukti"),
            "item": (self.facilitator, f"{here}/butir/KL-02"),
            "visit form": (self.facilitator, f"{here}/kunjungan/baru"),
            "preparation": (self.facilitator, f"{here}/kunjungan/persiapan"),
            "visit": (self.facilitator, f"/kunjungan/{self.last_visit.id}"),
            "accounts": (self.admin, "/pengguna"),
            "new account": (self.admin, "/pengguna/baru"),
            "account": (self.admin, f"/pengguna/{self.facilitator.id}"),
            "assignments": (self.admin, "/penugasan"),
            "form of a hand-over": (self.admin, f"/penugasan/{self.assignment_id}/serah-terima"),
            "assignments of a cooperative": (self.admin, f"/penugasan/{GRAHA_INDAH}/riwayat"),
            "programme years": (self.admin, "/tahun-program"),
            "programme year": (self.admin, "/tahun-program/2026"),
            "next programme year": (self.admin, "/tahun-program/berikutnya"),
            "office": (self.admin, "/pengaturan"),
            "instruments": (self.admin, "/instrumen"),
            "instrument": (self.head, "/instrumen/KL/versi/0.3.1"),
            "draft of an instrument": (self.admin, "/instrumen/KL/draf"),
            "item of a draft": (self.admin, "/instrumen/KL/draf/butir/KL-01"),
            "dry run": (self.admin, "/instrumen/KL/draf/uji"),
            "form of publishing": (self.admin, "/instrumen/KL/draf/terbit"),
            "schedule of a month": (self.facilitator, "/jadwal"),
            "schedule of a week": (self.facilitator, "/jadwal?pekan=2026-W16"),
            "head's schedule": (self.head, "/jadwal"),
            "form of a new plan": (self.facilitator, "/jadwal/baru"),
            "planned visit": (self.facilitator, f"/jadwal/{self.plan.id}"),
            "form of a move": (self.facilitator, f"/jadwal/{self.plan.id}/pindah"),
            "cooperative's own plan": (self.account, "/rencana"),
            "cooperative's own action": (self.account, f"/rencana/{self.action_id}"),
            "cooperative's progress": (self.account, "/kemajuan"),
            "cooperative's visits": (self.account, "/kunjungan"),
            "cooperative's activity": (self.account, f"/kunjungan/kegiatan/{self.activity_id}"),
            "activities": (self.facilitator, "/kegiatan"),
            "activity": (self.facilitator, f"/kegiatan/{self.activity_id}"),
            "form of an activity": (self.facilitator, "/kegiatan/baru"),
            "cooperative's documents": (self.account, "/dokumen"),
            "cooperative's figures": (self.account, "/angka"),
            "form of the cooperative's figures": (self.account, "/angka/2026-03"),
            "proposed figures": (self.facilitator, f"{here}/usulan-angka"),
            "visit's paper": (self.facilitator, f"/kunjungan/{self.last_visit.id}/berita-acara.pdf"),
            "plan's paper": (self.facilitator, f"{here}/rencana.pdf"),
            "board": (self.facilitator, "/rencana-aksi"),
            "list of actions": (self.facilitator, "/rencana-aksi/daftar"),
            "what waits": (self.facilitator, "/rencana-aksi/menunggu"),
            "action": (self.facilitator, f"/tindakan/{self.action_id}"),
            "check of a proof": (self.facilitator, f"/tindakan/{self.action_id}/pemeriksaan"),
            "form of an action": (self.facilitator, f"{here}/tindakan/baru"),
            "tablet's session": (self.facilitator, "/api/v1/session"),
            "what was sent": (self.facilitator, "/pengiriman"),
            "quarantine": (self.head, "/karantina"),
            "reminders": (self.facilitator, "/pemberitahuan"),
            "own reports": (self.facilitator, "/laporan"),
            "month of a report": (self.facilitator, "/laporan/2026-04"),
            "reports to review": (self.head, "/laporan/tinjau"),
            "tablets": (self.admin, "/perangkat"),
            "copied queues": (self.admin, "/salinan"),
            "hand-overs": (self.facilitator, "/serah-terima"),
            "cover during leave": (self.admin, f"/penugasan/{self.assignment_id}/pengganti"),
            "own tablets": (self.facilitator, "/perangkat"),
            "choice of reminders": (self.facilitator, "/pemberitahuan/pengaturan"),
            "calendar's obligations": (self.admin, "/kalender/kewajiban"),
            "an obligation": (self.admin, "/kalender/kewajiban/TRIWULAN"),
            "rules": (self.admin, "/pengingat"),
            "rule": (self.admin, "/pengingat/tindakan_terlambat"),
            "calendar": (self.admin, "/kalender"),
            "jobs": (self.admin, "/pekerjaan"),
            "obligations": (self.facilitator, f"{here}/kewajiban"),
        }
        return {name: count(self.browser, *page) for name, page in pages.items() if name in names}


@pytest.fixture
def world(browser: Browser) -> World:
    return World(browser)


def test_every_page_asks_as_much_after_sixty_visits_as_after_two(world: World) -> None:
    """After the very first there is no visit before it to hold a score against."""
    world.add_visits(2, actions=1)
    world.counted()  # a process reads each version once
    after_two = world.counted()
    world.add_visits(58, actions=38)
    after_sixty = world.counted()

    assert after_two == STATED
    assert after_sixty == STATED


def test_gates_and_designations_cost_the_same_after_many_visits_and_decisions(browser: Browser) -> None:
    world = World(browser, has_gates=True)
    world.add_visits(1, actions=1)
    after_one = world.counted(WITH_GATES)
    world.add_visits(15, actions=10)
    with browser.make() as rows:
        for stage in (Stage.FORMATION, Stage.OPERATION) * 3:
            rows.stage_decision(verdict=Verdict.SET, stage=stage)
        for is_given in (True, False) * 3:
            rows.designation(GRAHA_INDAH, KARIANGAU, is_given=is_given)

    assert after_one == WITH_GATES
    assert world.counted(WITH_GATES) == WITH_GATES


def test_the_pages_that_are_open_all_day_ask_little() -> None:
    asked = {name: max(STATED[name], WITH_GATES.get(name, 0)) for name in AT_MOST}

    assert {name: count for name, count in asked.items() if count > AT_MOST[name]} == {}


def test_the_lists_ask_as_much_for_many_cooperatives_as_for_one(world: World) -> None:
    world.add_visits(1, actions=1)
    with world.browser.make() as rows:
        for number in range(10):
            rows.new_cooperative(f"64.71.01.2{number:03}", f"KKMP Baru {number}")
            rows.facilitator(f"64.71.01.2{number:03}")
        ward = rows.user(Role.AGENCY_HEAD, scope_prefix=GRAHA_INDAH)

    addresses = ("/koperasi", "/", "/belum-terbukti")
    of_one, of_44 = ([count(world.browser, user, each) for each in addresses] for user in (ward, world.head))

    assert of_one == of_44 == [STATED["list"], STATED["head's home"], STATED["unproven everywhere"]]


def test_the_admins_pages_ask_as_much_for_a_city_full_of_people_as_for_few(world: World) -> None:
    with world.browser.make() as rows:
        for number in range(10):
            rows.new_cooperative(f"64.71.01.2{number:03}", f"KKMP Baru {number}")
            rows.facilitator(f"64.71.01.2{number:03}")
            rows.cooperative_user(f"64.71.01.2{number:03}")
            rows.user(Role.AGENCY_HEAD, scope_prefix="64.71.01")

    count(world.browser, world.admin, "/instrumen")  # a process reads each instrument's text once
    counted = {name: count(world.browser, world.admin, url) for name, url in ADMINS_LISTS.items()}

    assert counted == {name: STATED[name] for name in ADMINS_LISTS}


def test_a_search_or_a_further_page_asks_no_more_than_the_list(world: World) -> None:
    count(world.browser, world.head, "/koperasi")  # a process reads each instrument's text once
    addresses = ("?q=graha&tahap=operasional", "?setelah=64.71.03.1006", "?kecamatan=64.71.03", "?tahap=entah")

    counted = {address: count(world.browser, world.head, f"/koperasi{address}") for address in addresses}

    assert counted == dict.fromkeys(addresses, STATED["list"])

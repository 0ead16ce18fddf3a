"""Hand-overs that are proposed and answered, wait for a tablet or are forced; and cover during leave."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment, Handover, HandoverState, LeaveCover
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.visits.models import Visit
from tests.conftest import NOW
from tests.field import records
from tests.field.records import codes, hand_in, record
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser, Page

DEVICE = uuid.UUID(int=13)


class Office:
    """Ratna accompanies Graha Indah and has a tablet on which something waits; Budi is to go on."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        with browser.make() as rows:
            rows.short_instruments()
            self.ratna: User = rows.facilitator(name="Ratna")
            self.budi: User = rows.facilitator(KARIANGAU, name="Budi")
            self.admin: User = rows.user(Role.ADMIN)
            rows.visit(self.ratna, {"KL-02": ("no", "klaim")}, actions=(rows.action_draft("KL-02"),))
            rows.officer()
            mine = select(Assignment.id).where(Assignment.facilitator_id == self.ratna.id)
            self.assignment_id = rows.session.scalars(mine).one()
            rows.session.add(
                Device(
                    id=DEVICE,
                    user_id=self.ratna.id,
                    name="Tab merah",
                    registered_at=NOW,
                    last_seen_at=NOW,
                    waiting_records=2,
                )
            )

    def propose(self, **changed: str) -> Page:
        self.browser.sign_in(self.admin)
        url = f"/penugasan/{self.assignment_id}/serah-terima"
        said = {"ends_on": "2026-04-30", "successor": str(self.budi.id), "note": "Ratna pindah bagian.", **changed}
        return self.browser.send(url, {**self.browser.open(url).fields(), **said})

    def answer(self, who: User, **said: str) -> Page:
        self.browser.sign_in(who)
        url = f"/serah-terima/{self.handover().id}"
        return self.browser.send(url, {"csrf_token": self.browser.token, **said})

    def handover(self) -> Handover:
        with self.browser.app.app_context():
            return reading().scalars(select(Handover)).one()

    def assignments(self) -> list[tuple[str, str, str]]:
        with self.browser.app.app_context():
            rows = reading().execute(
                select(User.name, Assignment.starts_on, Assignment.ends_on)
                .join(User, User.id == Assignment.facilitator_id)
                .where(Assignment.city_code == "64.71")
                .order_by(Assignment.starts_on, User.name)
            )
            return [(name, str(first), str(last)) for name, first, last in rows]

    def tablet_says(self, waiting: int) -> None:
        self.browser.sign_in(self.ratna)
        with self.browser.client.session_transaction() as session:
            session["device"] = str(DEVICE)
        self.browser.client.get("/api/v1/session", headers={"X-Pendamping-Waiting": f"{waiting}"})
        with self.browser.client.session_transaction() as session:
            session.pop("device")


@pytest.fixture
def office(browser: Browser) -> Office:
    return Office(browser)


def test_an_accepted_hand_over_waits_for_the_former_tablet_to_be_empty(browser: Browser, office: Office) -> None:
    before = office.assignments()
    proposed = office.propose()
    accepted = office.answer(office.budi, answer="terima")
    waits = office.assignments()
    office.tablet_says(1)
    still = office.assignments()
    office.tablet_says(0)

    assert proposed.has("Serah terima kepada Budi diusulkan. Menunggu jawabannya.")
    assert accepted.has("Serah terima diterima. Berlaku begitu tablet pendamping lama kosong.")
    assert accepted.has("Diterima, menunggu tablet lama kosong")
    assert before == waits == still
    assert ("Ratna", "2026-01-01", "2026-04-30") in office.assignments()
    assert ("Budi", "2026-05-01", "2026-12-31") in office.assignments()
    with browser.app.app_context():
        verbs = set(reading().scalars(select(AuditEvent.verb)))
    assert {"propose_handover", "answer_handover", "hand_over"} <= verbs


def test_the_summary_tells_what_goes_on(browser: Browser, office: Office) -> None:
    office.propose()
    browser.sign_in(office.budi)

    page = browser.open(f"/serah-terima/{office.handover().id}")

    for words in ("Rapikan buku kas", "KL-02", "Siti Aminah", "Tab merah: 2 catatan menunggu", "Ratna pindah bagian."):
        assert page.has(words), words


@on_sqlite
def test_who_declined_or_has_handed_over_does_not_go_on_reading_the_cooperative(
    browser: Browser, office: Office
) -> None:
    office.propose(ends_on="2026-04-14")
    url = f"/serah-terima/{office.handover().id}"
    office.answer(office.budi, answer="tolak", reason="Sudah lima koperasi.")
    declined = browser.open(url)
    office.propose(ends_on="2026-04-14")
    with browser.app.app_context():
        second = reading().scalars(select(Handover).where(Handover.state == HandoverState.PROPOSED)).one()
    browser.sign_in(office.admin)
    browser.send(f"/serah-terima/{second.id}", {"csrf_token": browser.token, "reason": "Tabletnya hilang."})
    url = f"/serah-terima/{second.id}"
    shown = {}
    for name, day in (("last day", 0), ("first day", 1)):
        browser.app.extensions["clock"] = lambda day=day: NOW + dt.timedelta(days=day)
        for user in (office.ratna, office.budi):
            browser.sign_in(user)
            page = browser.open(url)
            shown[user.name, name] = page.has("0812 3456 7890"), page.has("Tab merah"), page.has("Rapikan buku kas")
    browser.app.extensions["clock"] = lambda: NOW

    assert [declined.has(each) for each in ("Sudah lima koperasi.", "Rapikan buku kas", "Siti", "Tab merah")] == [
        True,
        False,
        False,
        False,
    ]
    assert shown == {
        ("Ratna", "last day"): (True, True, True),
        ("Budi", "last day"): (True, True, True),
        ("Ratna", "first day"): (False, False, False),
        ("Budi", "first day"): (True, True, True),
    }


@on_sqlite
def test_an_offer_that_nobody_answered_shows_nothing_once_its_assignment_is_over(
    browser: Browser, office: Office
) -> None:
    office.propose()
    browser.sign_in(office.budi)
    browser.app.extensions["clock"] = lambda: NOW.replace(year=2027)
    page = browser.open(f"/serah-terima/{office.handover().id}")
    browser.app.extensions["clock"] = lambda: NOW

    assert (page.status, page.has("Ratna pindah bagian."), page.has("Siti Aminah")) == (200, True, False)


def test_a_declined_hand_over_changes_nothing_and_another_may_follow(browser: Browser, office: Office) -> None:
    before = office.assignments()
    office.propose()

    wordless = office.answer(office.budi, answer="tolak", reason=" ")
    declined = office.answer(office.budi, answer="tolak", reason="Sudah lima koperasi.")
    again = office.answer(office.budi, answer="terima")

    assert (wordless.status, wordless.text("#reason-error")) == (400, "Tulis alasan menolaknya.")
    assert declined.has("Sudah lima koperasi.")
    assert (again.status, again.has("Usulan serah terima ini sudah dijawab.")) == (409, True)
    assert office.assignments() == before
    assert office.propose().has("diusulkan")


def test_an_admin_need_not_wait_but_says_why(browser: Browser, office: Office) -> None:
    office.propose()
    twice = office.propose()

    wordless = office.answer(office.admin, reason="")
    forced = office.answer(office.admin, reason="Tabletnya hilang.")
    again = office.answer(office.admin, reason="Sekali lagi.")

    assert twice.has("Serah terima koperasi ini sudah diusulkan dan belum selesai.")
    assert wordless.text("#reason-error") == "Tulis alasan mengapa tidak menunggu."
    assert forced.has("Serah terima berlaku tanpa menunggu.")
    assert again.status == 409
    assert ("Budi", "2026-05-01", "2026-12-31") in office.assignments()


def test_nobody_but_the_successor_answers(browser: Browser, office: Office) -> None:
    office.propose()
    with browser.make() as rows:
        stranger = rows.facilitator(MANGGAR)

    assert office.answer(stranger, answer="terima").status == 404
    assert office.answer(office.ratna, answer="terima").status == 404
    assert str(office.handover().state) == "proposed"


def test_a_visit_after_the_agreed_day_moves_the_last_day(browser: Browser, office: Office) -> None:
    office.propose(ends_on="2026-04-14")
    office.answer(office.budi, answer="terima")
    browser.app.extensions["clock"] = lambda: NOW + dt.timedelta(days=3)
    browser.sign_in(office.ratna)
    hand_in(browser, record(records.body(visited_on="2026-04-16")))
    office.tablet_says(0)
    browser.app.extensions["clock"] = lambda: NOW

    assert ("Ratna", "2026-01-01", "2026-04-16") in office.assignments()


def covered(office: Office, **changed: str) -> Page:
    office.browser.sign_in(office.admin)
    url = f"/penugasan/{office.assignment_id}/pengganti"
    said = {"facilitator": str(office.budi.id), "starts_on": "2026-04-14", "ends_on": "2026-04-20", "reason": "Cuti"}
    return office.browser.send(url, {**office.browser.open(url).fields(), **said, **changed})


def test_whoever_covers_sees_and_writes_for_the_cooperative_until_it_ends(browser: Browser, office: Office) -> None:
    page = f"/koperasi/{GRAHA_INDAH}"
    browser.sign_in(office.budi)
    before = browser.client.get(page).status_code

    said = covered(office)
    browser.sign_in(office.budi)
    during = browser.client.get(page).status_code
    inside, outside = hand_in(
        browser,
        record(records.body(visited_on="2026-04-14", started="13:00", ended="14:00")),
        record(records.body(visited_on="2026-04-13", started=None, ended=None)),
    )
    browser.app.extensions["clock"] = lambda: NOW + dt.timedelta(days=7)
    after = browser.client.get(page).status_code
    browser.app.extensions["clock"] = lambda: NOW

    assert said.has("Budi menggantikan sampai 20 April 2026.")
    assert (before, during, after) == (404, 200, 404)
    assert inside["outcome"] == "created"
    assert codes(outside) == ["in_quarantine"]
    with browser.app.app_context():
        assert office.budi.id in set(reading().scalars(select(Visit.facilitator_id)))
    assert [row[0] for row in office.assignments()] == ["Budi", "Ratna"]  # no assignment has changed


@on_sqlite
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_on": "2026-04-13"}, "Tanggal selesai harus sama dengan atau sesudah tanggal mulai."),
        ({"ends_on": "2027-01-01"}, "Pengganti sementara hanya dalam masa penugasan: 1 Januari 2026 sampai"),
        ({"reason": " "}, "Tulis alasannya."),
        ({"facilitator": ""}, "Pilih penggantinya."),
        ({"facilitator": "siapa"}, "Pilih salah satu dari yang ditawarkan."),
        ({"starts_on": "besok"}, "Tulis tanggal seperti 2026-04-14."),
    ],
)
def test_a_cover_that_does_not_hold_is_said_and_stores_nothing(
    browser: Browser, office: Office, changed: dict[str, Any], words: str
) -> None:
    page = covered(office, **changed)

    assert page.status in (400, 409)
    assert page.has(words)
    assert browser.count(LeaveCover) == 0


def test_two_do_not_cover_on_one_day_and_a_cover_may_end_early(browser: Browser, office: Office) -> None:
    covered(office)
    with browser.make() as rows:
        other = rows.user(name="Citra")

    twice = covered(office, facilitator=str(other.id), starts_on="2026-04-20", ends_on="2026-04-25")
    with browser.app.app_context():
        cover_id = reading().scalars(select(LeaveCover.id)).one()
    ended = browser.send(f"/penugasan/pengganti/{cover_id}/akhir", {"csrf_token": browser.token})

    assert twice.has("Pada hari-hari itu sudah ada pengganti sementara: Budi sampai 20 April 2026.")
    assert ended.has("14 April 2026 sampai 14 April 2026")
    with browser.app.app_context():
        assert {"cover_leave", "end_cover"} <= set(reading().scalars(select(AuditEvent.verb)))


@pytest.mark.parametrize(
    ("said", "outcome", "is_settled"),
    [(records.body(visited_on="2026-04-16"), "created", True), ("{}", "rejected", False)],
    ids=["taken in", "refused"],
)
def test_the_last_records_of_a_tablet_come_before_the_hand_over_that_waits_for_them(
    browser: Browser, office: Office, said: str, outcome: str, is_settled: bool
) -> None:
    office.propose(ends_on="2026-04-14")
    office.answer(office.budi, answer="terima")
    browser.app.extensions["clock"] = lambda: NOW + dt.timedelta(days=3)
    browser.sign_in(office.ratna)
    with browser.client.session_transaction() as session:
        session["device"] = str(DEVICE)

    answer = records.post(browser, json.dumps({"records": [record(said)]}), **{"X-Pendamping-Waiting": "0"})

    browser.app.extensions["clock"] = lambda: NOW
    (result,) = answer.get_json()["results"]
    assert result["outcome"] == outcome
    with browser.app.app_context():
        assert (reading().scalars(select(Handover)).one().effective_at is not None) == is_settled

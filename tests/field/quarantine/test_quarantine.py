"""Records that wait for the head: held once, told honestly, accepted by the way of every record, or given back."""

import datetime as dt
import json
import uuid

import pytest
from sqlalchemy import select

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.accounts.service import deactivate_user
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.field.models import Receipt
from pendamping.field.quarantine.models import HeldRecord, QuarantineDecision
from pendamping.field.quarantine.policy import visible_held
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.plans.models import Action, ActionUpdate
from pendamping.progress.asking.models import Kind, Verb
from pendamping.progress.asking.policy import visible_steps
from pendamping.progress.asking.service import Matter, act_on
from pendamping.visits.models import Visit
from tests.conftest import ACTOR, NOW, TODAY
from tests.field import records
from tests.field.records import codes, hand_in, outcomes, record
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser

URL = "/karantina"


@pytest.fixture
def ratna(browser: Browser) -> User:
    """She accompanied Graha Indah until the end of March; Kariangau is hers all year."""
    with browser.make() as rows:
        user: User = rows.facilitator(KARIANGAU, username="ratna", name="Ratna Dewi")
        rows.assignment(user, GRAHA_INDAH, ends_on=dt.date(2026, 3, 31))
    browser.sign_in(user)
    return user


@pytest.fixture
def head(browser: Browser) -> User:
    with browser.make() as rows:
        user: User = rows.user(Role.AGENCY_HEAD, name="Ibu Kepala")
    return user


def decided(browser: Browser, head: User, verdict: str, *, reason: str = "", at_most: int = 10) -> str:
    """What the page says after everything that waits was decided at once."""
    browser.sign_in(head)
    page = browser.open(URL)
    boxes = [str(each["value"]) for each in page.soup.select("input[name=records]")][:at_most]
    sent = {**page.fields(), "records": boxes, "verdict": verdict, "reason": reason}
    return " ".join(browser.send(URL, sent).text("main").split())


def test_a_late_visit_of_an_assignment_that_has_ended_is_stored(browser: Browser, ratna: User) -> None:
    (result,) = hand_in(browser, record(records.body(visited_on="2026-03-31")))

    assert (result["outcome"], result["errors"]) == ("created", [])
    assert (browser.count(Visit), browser.count(HeldRecord)) == (1, 0)


@pytest.mark.parametrize(
    ("changes", "why", "path"),
    [
        ({"cooperative": KARIANGAU, "visited_on": "2026-04-15"}, "future", "visited_on"),
        ({"cooperative": KARIANGAU, "visited_on": "2099-01-01"}, "future", "visited_on"),
        ({"cooperative": KARIANGAU, "visited_on": "1970-01-01"}, "outside_assignment", "visited_on"),
        ({"visited_on": "2026-04-01"}, "outside_assignment", "visited_on"),
        ({"cooperative": MANGGAR}, "foreign", "cooperative"),
    ],
)
def test_what_cannot_simply_be_stored_waits_and_is_never_said_to_be_sent(
    browser: Browser, ratna: User, changes: dict[str, str], why: str, path: str
) -> None:
    sent = record(records.body(**changes))

    (first,), (again, and_again) = hand_in(browser, sent), hand_in(browser, sent, sent)

    assert (first["outcome"], codes(first), first["errors"][0]["path"]) == ("later", ["in_quarantine"], path)
    assert (first["sha256"], first["received_at"]) == (records.sha256(sent["body"]), "2026-04-14T01:30:00Z")
    assert first["errors"][0]["message"].startswith("Sudah di kantor, menunggu keputusan dinas.")
    assert outcomes([again, and_again]) == ["later", "later"]
    assert (browser.count(Visit), browser.count(Receipt), browser.count(HeldRecord)) == (0, 0, 1)
    with browser.app.app_context():
        held = reading().scalars(select(HeldRecord)).one()
        assert (held.why, held.body, held.brought_by) == (why, sent["body"], "Ratna Dewi")
        assert "hold_record" in set(reading().scalars(select(AuditEvent.verb)))


def test_a_day_that_begins_within_minutes_is_no_future(browser: Browser, ratna: User) -> None:
    ten_to_midnight = dt.datetime(2026, 4, 14, 15, 50, tzinfo=dt.UTC)
    browser.app.extensions["clock"] = lambda: ten_to_midnight

    (result,) = hand_in(browser, record(records.body(cooperative=KARIANGAU, visited_on="2026-04-15")))

    browser.app.extensions["clock"] = lambda: dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC)
    assert (result["outcome"], codes(result)) == ("later", ["visit_in_future"])
    assert browser.count(HeldRecord) == 0


def test_what_the_head_accepts_is_stored_with_its_author_once(browser: Browser, ratna: User, head: User) -> None:
    late, foreign = record(records.body(visited_on="2026-04-01")), record(records.body(cooperative=MANGGAR))
    hand_in(browser, late, foreign)

    said = decided(browser, head, "accepted")

    assert "2 catatan diterima." in said
    assert "Tidak ada yang menunggu." in said
    browser.sign_in(ratna)
    assert outcomes(hand_in(browser, late, foreign)) == ["duplicate", "duplicate"]
    with browser.app.app_context():
        visits = reading().scalars(select(Visit)).all()
        assert {(str(each.id), each.facilitator_id) for each in visits} == {
            (late["id"], ratna.id),
            (foreign["id"], ratna.id),
        }
        recorded = reading().scalars(select(AuditEvent.actor_name).where(AuditEvent.verb == "record_visit")).all()
        assert recorded == ["Ibu Kepala", "Ibu Kepala"]
        assert browser.count(Action) == 2


def test_what_the_head_gives_back_is_put_right_on_the_tablet(browser: Browser, ratna: User, head: User) -> None:
    sent = record(records.body(cooperative=KARIANGAU, visited_on="2026-04-15"))
    hand_in(browser, sent)

    said = decided(browser, head, "returned", reason="Jam tablet salah; kunjungannya kemarin.")

    assert "1 catatan dikembalikan." in said
    browser.sign_in(ratna)
    (returned,) = hand_in(browser, sent)
    mended = {**sent, "body": records.body(cooperative=KARIANGAU, visited_on="2026-04-13")}
    (stored,) = hand_in(browser, mended)
    assert (returned["outcome"], codes(returned)) == ("rejected", ["returned"])
    assert returned["errors"][0]["message"] == "Dikembalikan dinas: Jam tablet salah; kunjungannya kemarin."
    assert stored["outcome"] == "created"


def test_a_future_that_has_not_come_cannot_be_accepted_and_keeps_waiting(
    browser: Browser, ratna: User, head: User
) -> None:
    hand_in(browser, record(records.body(cooperative=KARIANGAU, visited_on="2026-04-15")))

    said = decided(browser, head, "accepted")

    assert "Belum dapat diterima: Tanggal kunjungan belum tiba." in said
    assert (browser.count(Visit), browser.count(QuarantineDecision)) == (0, 0)


@on_sqlite
def test_a_decision_that_does_not_hold_is_said_at_its_place(browser: Browser, ratna: User, head: User) -> None:
    hand_in(browser, record(records.body(visited_on="2026-04-01")))
    browser.sign_in(head)
    page = browser.open(URL)
    box = str(page.soup.select("input[name=records]")[0]["value"])

    wordless = browser.send(URL, {**page.fields(), "records": box, "verdict": "returned", "reason": "  "})
    nothing = browser.send(URL, {**page.fields(), "verdict": "accepted"})
    unknown = browser.send(URL, {**page.fields(), "records": str(uuid.uuid4()), "verdict": "accepted"})
    odd = browser.send(URL, {**page.fields(), "records": "'; --", "verdict": "dibakar"})

    assert (wordless.status, "Tulis alasan" in wordless.text("#reason-error")) == (400, True)
    assert (nothing.status, nothing.text("#records-error")) == (400, "Pilih dahulu catatannya.")
    assert unknown.status == 404
    assert odd.status == 400
    assert browser.count(QuarantineDecision) == 0


def test_a_visit_and_what_refers_to_it_are_accepted_together(browser: Browser, ratna: User, head: User) -> None:
    with browser.make() as rows:
        successor = rows.user()
        rows.assignment(successor, GRAHA_INDAH, starts_on=dt.date(2026, 4, 1))
        agreed = rows.agree(rows.visit(successor), successor, rows.action_draft())[0].id
    update = json.dumps({"action": str(agreed), "status": "berjalan", "note": "Sudah dimulai."})
    hand_in(browser, record(update, kind="action_update"), record(records.body(visited_on="2026-04-01")))

    decided(browser, head, "accepted")

    with browser.app.app_context():
        authors = reading().scalars(select(ActionUpdate.author_id).where(ActionUpdate.action_id == agreed)).all()
    assert ratna.id in authors
    assert browser.count(QuarantineDecision) == 2


def test_a_plan_of_somebody_who_left_can_only_be_given_back(browser: Browser, ratna: User, head: User) -> None:
    plan = json.dumps({"cooperative": GRAHA_INDAH, "planned_on": "2026-04-20", "mode": "tatap_muka"})
    (result,) = hand_in(browser, record(plan, kind="schedule"))

    said = decided(browser, head, "accepted")

    assert codes(result) == ["in_quarantine"]
    assert "Belum dapat diterima" in said
    assert "1 catatan dikembalikan." in decided(browser, head, "returned", reason="Sudah ada penggantinya.")


def test_the_content_reads_as_a_visit_and_odd_shapes_break_nothing(browser: Browser, ratna: User, head: User) -> None:
    odd = {
        "cooperative": MANGGAR,
        "answers": ["x"],
        "actions": [1, {"title": 5}],
        "people_met": [{"name": {}}, 3],
        "mode": [],
        "purposes": {"a": 1},
        "photos": [None, "x"],
        "visited_on": 7,
        "written_at": "9999-99-99",
    }
    hand_in(browser, record(records.body(visited_on="2026-04-01")), record(json.dumps(odd)))
    browser.sign_in(head)

    links = [str(each["href"]) for each in browser.open(URL).soup.select("a[href^='/karantina/']")]
    whole, strange = sorted((browser.open(link) for link in links), key=lambda page: page.has("KKMP Graha Indah"))[::-1]

    for words in ("1 April 2026", "Siti Aminah (bendahara)", "KL-01", "Dokumen dilihat", "Lengkapi buku tamu"):
        assert whole.has(words), words
    assert strange.status == 200
    assert browser.open(f"{URL}/{uuid.uuid4()}").status == 404


@on_sqlite
def test_what_names_no_cooperative_is_seen_where_its_author_accompanies_now(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        deactivate_user(rows.session, rows.session.get_one(User, ratna.id), actor=ACTOR, now=NOW)
    hand_in(browser, record("{}"))
    with browser.make() as rows:
        graha, kariangau = (rows.user(Role.AGENCY_HEAD, scope_prefix=code[:8]) for code in (GRAHA_INDAH, KARIANGAU))
        march = dt.date(2026, 3, 31)
        for head, kind, day in ((graha, Kind.REPORT_LATE, march), (kariangau, Kind.UNSENT, TODAY)):
            act_on(
                rows.session,
                [Matter(kind, None, ratna.id)],
                verb=Verb.ASK,
                texts={kind: "Kapan?"},
                author_id=head.id,
                actor=ACTOR,
                today=day,
                now=NOW,
            )
    after_all = dt.date(2027, 2, 1)
    with browser.app.app_context():
        held = {
            (name, day): len(reading().scalars(visible_held(user, today=day)).all())
            for name, user in (("graha", graha), ("kariangau", kariangau))
            for day in (march, TODAY, after_all)
        }
        steps = {
            name: sorted(each.made_on for each in reading().scalars(visible_steps(user, today=TODAY)))
            for name, user in (("graha", graha), ("kariangau", kariangau))
        }

    assert [count for (name, _), count in held.items() if name == "graha"] == [1, 0, 0]
    assert [count for (name, _), count in held.items() if name == "kariangau"] == [1, 1, 1]
    assert steps == {"graha": [march], "kariangau": [march, TODAY]}


def test_a_head_of_another_region_neither_sees_nor_decides(browser: Browser, ratna: User) -> None:
    hand_in(browser, record(records.body(visited_on="2026-04-01")))
    with browser.make() as rows:
        elsewhere = rows.user(Role.AGENCY_HEAD, scope_prefix="64.71.05")
    with browser.app.app_context():
        held_id = reading().scalars(select(HeldRecord.id)).one()
    browser.sign_in(elsewhere)
    page = browser.open(URL)

    answer = browser.send(URL, {"csrf_token": browser.token, "records": str(held_id), "verdict": "accepted"})

    assert page.has("Tidak ada yang menunggu.")
    assert browser.open(f"{URL}/{held_id}").status == 404
    assert (answer.status, browser.count(Visit)) == (404, 0)


def test_what_was_decided_is_decided_once(browser: Browser, ratna: User, head: User) -> None:
    hand_in(browser, record(records.body(visited_on="2026-04-01")))
    browser.sign_in(head)
    page = browser.open(URL)
    box = str(page.soup.select("input[name=records]")[0]["value"])
    both = [{**page.fields(), "records": box, "verdict": "accepted"} for _ in range(2)]

    for fields in both:
        browser.send(URL, fields)

    assert (browser.count(Visit), browser.count(QuarantineDecision)) == (1, 1)


def test_an_assignment_made_later_does_not_release_what_the_head_has_yet_to_see(browser: Browser, ratna: User) -> None:
    sent = record(records.body(visited_on="2026-04-01"))
    hand_in(browser, sent)
    with browser.make() as rows:
        rows.session.scalars(
            select(Assignment).where(Assignment.ends_on == dt.date(2026, 3, 31))
        ).one().ends_on = dt.date(2026, 12, 31)

    assert outcomes(hand_in(browser, sent)) == ["later"]


def test_what_met_another_version_is_not_said_to_be_accepted(browser: Browser, ratna: User, head: User) -> None:
    id_ = uuid.uuid4()
    ahead = record(records.body(cooperative=KARIANGAU, visited_on="2026-04-15", notes="Dari tablet satu"), id_=id_)
    stored = record(records.body(cooperative=KARIANGAU, notes="Dari tablet dua"), id_=id_)
    assert outcomes(hand_in(browser, ahead, stored)) == ["later", "created"]
    browser.app.extensions["clock"] = lambda: NOW + dt.timedelta(days=1)

    said = decided(browser, head, "accepted")

    browser.app.extensions["clock"] = lambda: NOW
    assert "Belum dapat diterima: Di kantor sudah tersimpan versi lain dari catatan ini." in said
    assert (browser.count(QuarantineDecision), browser.count(Receipt)) == (0, 1)
    decided(browser, head, "returned", reason="Sudah ada dari tablet lain.")
    browser.sign_in(ratna)
    assert outcomes(hand_in(browser, ahead)) == ["rejected"]


def test_second_versions_are_accepted_with_the_first_in_whatever_order_they_lie(
    browser: Browser, ratna: User, head: User
) -> None:
    with browser.make() as rows:
        rows.session.get_one(User, ratna.id)
        left = Device(
            id=uuid.UUID(int=7), user_id=ratna.id, name="Tab", registered_at=NOW, last_seen_at=NOW, revoked_at=NOW
        )
        left.revoked_by_id = head.id
        rows.session.add(left)
    with browser.client.session_transaction() as session:
        session["device"] = str(left.id)
    sent = []
    for day in range(1, 5):
        id_, first = uuid.uuid4(), records.body(cooperative=KARIANGAU, visited_on=f"2026-04-0{day}")
        second = json.dumps({**json.loads(first), "notes": "Versi dua"})
        sent += [record(first, id_=id_), record(second, id_=id_, base_sha256=records.sha256(first))]
    assert {each for result in hand_in(browser, *sent) for each in codes(result)} == {"in_quarantine"}
    with browser.client.session_transaction() as session:
        session.clear()

    said = decided(browser, head, "accepted")

    assert "8 catatan diterima." in said
    with browser.app.app_context():
        assert set(reading().scalars(select(Visit.notes))) == {"Versi dua"}


def test_who_decides_second_is_told_so(browser: Browser, ratna: User, head: User) -> None:
    hand_in(browser, record(records.body(visited_on="2026-04-01")))
    browser.sign_in(head)
    page = browser.open(URL)
    sent = {**page.fields(), "records": str(page.soup.select("input[name=records]")[0]["value"])}

    browser.send(URL, {**sent, "verdict": "accepted"})
    returned = browser.send(URL, {**sent, "verdict": "returned", "reason": "Bukan milik Anda"})
    accepted = browser.send(URL, {**sent, "verdict": "accepted"})

    for page in (returned, accepted):
        assert page.has("1 catatan sudah diputuskan.")
        assert not page.has("1 catatan dikembalikan.")
        assert not page.has("1 catatan diterima.")
    assert (browser.count(Visit), browser.count(QuarantineDecision)) == (1, 1)


@on_sqlite
@pytest.mark.parametrize("changes", [{"purposes": [["x"], {"a": 1}]}, {"actions": 3, "photos": True}], ids=str)
def test_the_head_can_read_whatever_was_sent(
    browser: Browser, ratna: User, head: User, changes: dict[str, object]
) -> None:
    hand_in(browser, record(records.body(cooperative=MANGGAR, **changes)))
    with browser.app.app_context():
        held = reading().scalars(select(HeldRecord.id)).one()
    browser.sign_in(head)

    assert browser.open(f"{URL}/{held}").status == 200

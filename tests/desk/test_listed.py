"""What other features hand to the head's desk: counted by cooperative or by person, in words, with its page."""

import datetime as dt
import uuid

from sqlalchemy import select

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment, Handover
from pendamping.field.models import RecordKind
from pendamping.field.quarantine.models import HeldRecord, WhyHeld
from pendamping.kernel.roles import Role
from pendamping.plans import dialogue
from pendamping.plans.models import Action
from pendamping.progress.asking.models import Kind, Verb
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus
from tests import only
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser

NORTH = [f"64.71.03.100{number}" for number in range(1, 4)]
LONG_AGO = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
THREE_DAYS = dt.timedelta(days=3)


def dispute(make: Make, facilitator: User, code: str) -> uuid.UUID:
    draft = make.action_draft()
    make.visit(facilitator, code=code, actions=(draft,))
    action = make.session.get_one(Action, draft.id)
    speaker = make.cooperative_user(code)
    terms = {"author_id": speaker.id, "actor": make.actor, "now": NOW, "seen_revision": None}
    dialogue.respond(make.session, action, agrees=False, reason="Bukan tugas kami.", **terms)  # type: ignore[arg-type]
    return draft.id


def report(make: Make, facilitator: User, month: int, status: ReportStatus) -> uuid.UUID:
    sent_at = None if status is ReportStatus.DRAFT else NOW - THREE_DAYS
    row = MonthlyReport(
        city_code="64.71",
        facilitator_id=facilitator.id,
        year=2026,
        month=month,
        status=status,
        words={},
        number_year=2026 if sent_at else None,
        number=month if sent_at else None,
        first_sent_at=sent_at,
        sent_at=sent_at,
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
    )
    make.session.add(row)
    make.session.flush()
    return row.id


def held(make: Make, author: User, code: str | None) -> uuid.UUID:
    row = HeldRecord(
        city_code="64.71" if code else None,
        cooperative_id=make.cooperative(code).id if code else None,
        author_id=author.id,
        record_id=uuid.uuid4(),
        kind=RecordKind.VISIT,
        v=1,
        body="{}",
        sha256="a" * 64,
        why=WhyHeld.FUTURE,
        brought_by=author.name,
        held_at=NOW - THREE_DAYS,
    )
    make.session.add(row)
    make.session.flush()
    return row.id


def tablet(make: Make, owner: User, *, waiting: int, last_seen_at: dt.datetime) -> None:
    row = Device(
        user_id=owner.id,
        name="Tablet",
        registered_at=LONG_AGO,
        last_seen_at=last_seen_at,
        waiting_records=waiting,
    )
    make.session.add(row)
    make.session.flush()


def handover(make: Make, former: User, successor: User, code: str) -> uuid.UUID:
    own = select(Assignment).where(Assignment.facilitator_id == former.id)
    assignment = make.session.scalars(own.limit(1)).one()
    row = Handover(
        city_code="64.71",
        cooperative_id=make.cooperative(code).id,
        assignment_id=assignment.id,
        former_id=former.id,
        successor_id=successor.id,
        ends_on=dt.date(2026, 4, 30),
        note="",
        proposed_at=NOW - THREE_DAYS,
    )
    make.session.add(row)
    make.session.flush()
    return row.id


def test_what_other_features_have_waiting_stands_on_the_desk_with_its_page(browser: Browser, head: User) -> None:
    with browser.make() as make:
        ratna = make.facilitator(NORTH[0], NORTH[1], name="Ratna", created_at=LONG_AGO)
        budi = make.facilitator(KARIANGAU, name="Budi", created_at=LONG_AGO)
        action_id = dispute(make, ratna, NORTH[0])
        handover_id = handover(make, budi, ratna, KARIANGAU)
        report_id = report(make, ratna, 3, ReportStatus.SENT)
        report(make, budi, 3, ReportStatus.DRAFT)
        held_ids = [held(make, ratna, NORTH[1]), held(make, budi, None)]
        tablet(make, budi, waiting=4, last_seen_at=NOW - THREE_DAYS)
        tablet(make, budi, waiting=2, last_seen_at=NOW - THREE_DAYS)
        tablet(make, ratna, waiting=9, last_seen_at=NOW)

    said = {}
    for kind in (Kind.DISPUTE, Kind.HAND_OVER, Kind.REPORT_LATE, Kind.REPORT_WAITING, Kind.QUARANTINE, Kind.UNSENT):
        page = browser.open(f"/perlu-perhatian?jenis={kind}")
        rows = page.soup.select(".finding")
        links = [str(link["href"]) for row in rows for link in row.select("a[href]")]
        said[kind] = (page.texts(".finding__said"), links)

    assert said[Kind.DISPUTE] == (["1 tindakan tidak disetujui"], [f"/tindakan/{action_id}"])
    assert said[Kind.HAND_OVER] == (["Serah terima menunggu sejak 11 April 2026"], [f"/serah-terima/{handover_id}"])
    assert said[Kind.REPORT_WAITING] == (
        ["Laporan Maret 2026 menunggu tinjauan"],
        [f"/laporan/tinjau/{report_id}"] * 2,
    )
    late, to_the_queue = said[Kind.REPORT_LATE]
    assert sorted(late) == [
        "2 laporan belum dikirim, yang terlama Januari 2026",
        "3 laporan belum dikirim, yang terlama Januari 2026",
    ]
    assert set(to_the_queue) == {"/laporan/tinjau"}
    words, links = said[Kind.QUARANTINE]
    assert words == ["1 catatan menunggu putusan"] * 2
    assert {f"/karantina/{id_}" for id_ in held_ids} < set(links)
    assert said[Kind.UNSENT] == (
        ["6 catatan belum terkirim; tabletnya terakhir terhubung 11 April 2026"],
        ["/pendamping"],
    )
    kinds = " ".join(browser.open("/").texts(".kind"))
    assert "Keberatan koperasi 1" in kinds
    assert "Kiriman tertahan 2" in kinds
    assert "Tablet belum mengirim 1" in kinds


@only.on_sqlite
def test_what_was_asked_about_a_tablet_waits_and_other_regions_see_nothing(browser: Browser, head: User) -> None:
    with browser.make() as make:
        ratna = make.facilitator(NORTH[0], name="Ratna")
        tablet(make, ratna, waiting=4, last_seen_at=NOW - THREE_DAYS)
        elsewhere: User = make.user(Role.AGENCY_HEAD, scope_prefix=GRAHA_INDAH, username="lain")
    page = browser.open("/perlu-perhatian?jenis=belum-terkirim")
    fields = {"csrf_token": page.fields()["csrf_token"], "satu": f"{Verb.ASK}|{Kind.UNSENT}:{ratna.id}"}

    asked = browser.send("/perlu-perhatian/langkah", fields)

    assert asked.has("1 pertanyaan dikirim.")
    assert browser.open("/perlu-perhatian?jenis=belum-terkirim").texts(".finding") == []
    browser.sign_in(elsewhere)
    assert browser.open("/perlu-perhatian?jenis=belum-terkirim").texts(".finding") == []

"""What needs the agency: each kind is found, decided with one tap or several at once, answered, and settled."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.desk.attention.findings import all_of_kind, groups
from pendamping.desk.attention.listed import counted
from pendamping.desk.attention.words import sentence
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.roles import Role
from pendamping.progress.asking.models import Kind, Step, Verb
from pendamping.progress.models import Standing
from pendamping.progress.signs import CASH_ITEM, CASH_TOLERANCE_IDR, CashCount, deepest_fall, differences_in_a_row
from pendamping.visits.evidence import Grade
from tests import only
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make, shipped
from tests.pages import Browser

NORTH = [f"64.71.03.100{number}" for number in range(1, 7)]
STEPS = "/perlu-perhatian/langkah"


@pytest.fixture
def head(browser: Browser) -> User:
    with browser.make() as make:
        make.short_instruments()
        user: User = make.user(Role.AGENCY_HEAD, scope_prefix="64.71.03")
    browser.sign_in(user)
    return user


def stand(make: Make, code: str, **columns: object) -> Standing:
    """A visited cooperative's standing, otherwise as a test wants it."""
    standing = make.session.get_one(Standing, make.cooperative(code).id)
    for name, value in columns.items():
        setattr(standing, name, value)
    return standing


def cash(*values: str) -> list[CashCount]:
    """One count a month, the newest last."""
    days = [TODAY - dt.timedelta(days=30 * back) for back in reversed(range(len(values)))]
    return [CashCount(uuid.uuid4(), 1, value, day, NOW) for value, day in zip(values, days, strict=True)]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((), 0),
        (("50000",), 1),
        (("50000", "25000"), 2),
        (("50000", "10000"), 0),
        (("0", "50000", "60000", "70000"), 3),
        (("50000", "na"), 0),
        (("50000", "na", "50000"), 1),
    ],
)
def test_differences_count_as_far_back_as_they_go_on(values: tuple[str, ...], found: int) -> None:
    assert differences_in_a_row(cash(*values)) == found


def test_the_tolerance_is_a_step_of_the_checklist() -> None:
    items = {each["id"]: each for each in shipped("transparansi_keuangan")["items"]}

    assert [CASH_TOLERANCE_IDR, 0.8] in items[CASH_ITEM]["thresholds"]["steps"]


def test_a_count_that_was_put_right_counts_as_it_was_put_right() -> None:
    first, second = cash("90000", "80000")
    corrected = CashCount(second.visit_id, 2, "0", second.answered_on, NOW + dt.timedelta(days=1))

    assert differences_in_a_row([corrected, first, second]) == 0


@pytest.mark.parametrize(
    ("before", "now", "fall"),
    [
        ({}, {"KL": Decimal(50)}, None),
        ({"KL": Decimal(60)}, {"KL": Decimal(60)}, None),
        ({"KL": Decimal(60), "TK": Decimal(70)}, {"KL": Decimal(50), "TK": Decimal(45)}, ("TK", Decimal(25))),
        ({"KL": Decimal(60)}, {"KL": None}, None),
    ],
)
def test_the_deepest_fall_is_told(
    before: dict[str, Decimal], now: dict[str, Decimal | None], fall: tuple[str, Decimal] | None
) -> None:
    assert deepest_fall(before, now) == fall


def test_every_kind_is_found_with_its_sentence_and_settles_by_itself(browser: Browser, head: User) -> None:
    with browser.make() as make:
        user = make.facilitator(*NORTH[:5], name="Ratna")
        late = make.action_draft(due_on=dt.date(2026, 3, 20))
        for code, day in zip(NORTH[:5], (TODAY, TODAY, TODAY, dt.date(2026, 3, 10), TODAY), strict=True):
            make.visit(user, code=code, visited_on=day, actions=(late,) if day < TODAY else ())
        stand(make, NORTH[0], cash_differences=3)
        stand(make, NORTH[1], quarter_fall=Decimal("8.5"), quarter_fall_code="TK")
        stand(make, NORTH[2], last_visit_grade=Grade.WEAK)
        stand(make, NORTH[4], gate_met=3, gate_count=3, awaits_stage_decision=True, last_visit_grade=Grade.STRONG)
        for code in (NORTH[0], NORTH[1], NORTH[3]):
            stand(make, code, last_visit_grade=Grade.FAIR)

    page = browser.open("/perlu-perhatian")

    assert page.texts("h2") == [
        "Selisih kas berulang",
        "Menunggu keputusan tahap",
        "Tanpa pendamping",
        "Lama tidak dikunjungi",
        "Skor turun",
        "Tindakan lama terlambat",
        "Bukti kunjungan lemah",
    ]
    assert page.texts(".finding__said") == [
        "Selisih kas pada 3 pemeriksaan berturut-turut",
        "Semua syarat tahap berikutnya terpenuhi",
        "Belum pernah mempunyai pendamping",
        "Belum pernah dikunjungi",
        "Belum dikunjungi 35 hari",
        "Transparansi turun 8,5 poin dalam 90 hari",
        "Tindakan terlama terlambat 25 hari",
        "Kunjungan terakhir, 14 April 2026, buktinya lemah",
    ]
    with browser.make() as make:
        make.visit(user, code=NORTH[3])
    assert browser.open("/perlu-perhatian?jenis=lama-tidak-dikunjungi").texts(".finding__said") == [
        "Belum pernah dikunjungi"
    ]


def test_three_are_decided_at_once_and_wait_until_they_are_answered_or_visited(browser: Browser, head: User) -> None:
    with browser.make() as make:
        user = make.facilitator(*NORTH[:3])
        for code in NORTH[:3]:
            make.visit(user, code=code, visited_on=dt.date(2026, 3, 1))
    page = browser.open("/perlu-perhatian?jenis=lama-tidak-dikunjungi")
    keys = [str(box["value"]) for box in page.soup.select("input[name=pilih]")]
    assert len(keys) == 6
    ours = [key for key in keys if key.partition(":")[2] in NORTH[:3]]
    token = {"csrf_token": page.fields()["csrf_token"]}

    done = browser.send(STEPS, {**token, "pilih": keys, "putusan": "minta-kunjungan", "pesan": "Mohon pekan ini."})

    assert done.texts(".notice p")[:2] == [
        "3 kunjungan diminta. Pendamping melihatnya di beranda.",
        "3 tidak mempunyai pendamping yang dapat ditanya.",
    ]
    assert len(done.texts(".finding--waiting")) == 3
    again = browser.send(STEPS, {**token, "pilih": ours, "putusan": "minta-kunjungan"})
    assert "3 sudah diminta sebelumnya." in again.texts(".notice p")
    browser.sign_in(user)
    at_home = browser.open("/")
    assert at_home.text("#dari-dinas") == "Dari dinas"
    links = [str(link["href"]) for link in at_home.soup.select("a[href^='/perlu-perhatian/']")]
    question = browser.open(links[0])
    assert question.has("Mohon pekan ini.")
    answered = browser.send(links[0], {**question.fields(), "text": "Besok saya ke sana."})
    assert answered.has("Besok saya ke sana.")
    with browser.make() as make:
        code = str(question.soup.select_one("a[href^='/koperasi/']")["href"]).rsplit("/", 1)[1]  # type: ignore[index]
        visited = next(each for each in NORTH[:3] if each != code)
        make.visit(user, code=visited, now=NOW + dt.timedelta(hours=1))
    browser.sign_in(head)
    after = browser.open("/perlu-perhatian")
    assert len(after.texts(".finding--waiting")) == 1, "one is answered, one visited"
    assert after.has("Besok saya ke sana."), "what is answered and not settled comes back with its answer"


def test_a_question_is_answered_once_and_by_whoever_accompanies_the_cooperative(browser: Browser, head: User) -> None:
    with browser.make() as make:
        user, other = make.facilitator(NORTH[0]), make.facilitator(KARIANGAU)
        step = make.asked(NORTH[0])
        watched = make.asked(NORTH[0], kind=Kind.WEAK, verb=Verb.WATCH, text="")
    here = f"/perlu-perhatian/{step.id}"
    browser.sign_in(user)
    fields = browser.open(here).fields()
    assert browser.send(here, {**fields, "text": "  "}).texts(".field__error") == ["Tulis jawabannya."]

    browser.send(here, {**fields, "text": "Sudah dijadwalkan."})

    second = browser.send(here, {**fields, "text": "Lain lagi."})
    assert second.status == 409
    assert second.has("Pertanyaan ini sudah dijawab.")
    assert second.has("Sudah dijadwalkan.")
    assert browser.client.get(f"/perlu-perhatian/{watched.id}").status_code == 404, (
        "what is watched is the agency's alone"
    )
    browser.sign_in(other)
    assert browser.client.get(here).status_code == 404


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Centang dahulu yang dimaksud."),
        ({"pilih": ["cuaca:64.71.03.1001", "x"], "putusan": "tanya"}, "Centang dahulu yang dimaksud."),
        ({"pilih": f"skor-turun:{NORTH[0]}", "putusan": "marah"}, "Pilih apa yang diminta."),
        ({"pilih": f"skor-turun:{NORTH[0]}", "putusan": "tanya", "pesan": "a" * 501}, "Paling banyak 500 karakter."),
    ],
    ids=["nothing", "nonsense", "no verb", "too long"],
)
@only.on_sqlite
def test_what_makes_no_sense_is_said_and_keeps_what_was_typed(
    browser: Browser, head: User, fields: dict[str, object], message: str
) -> None:
    token = browser.open("/perlu-perhatian").fields()["csrf_token"]

    page = browser.send(STEPS, {"csrf_token": token, "pesan": "Mohon kabar", **fields})

    assert (page.status, page.texts(".field__error")[:1]) == (400, [message])
    typed = page.soup.select_one("input[name=pesan]")
    assert typed is not None
    assert typed["value"] == fields.get("pesan", "Mohon kabar")


@only.on_sqlite
def test_nobody_acts_on_what_is_not_theirs(browser: Browser, head: User) -> None:
    with browser.make() as make:
        make.facilitator(KARIANGAU)
    token = browser.open("/perlu-perhatian").fields()["csrf_token"]

    page = browser.send(STEPS, {"csrf_token": token, "satu": f"tanya|skor-turun:{KARIANGAU}"})

    assert page.has("Tidak ada yang dapat ditindak")
    with browser.make() as make:
        assert make.session.scalars(select(Step)).all() == []


def test_what_is_watched_stays_quiet_until_its_day(session: Session, make: Make) -> None:
    head = make.user(Role.AGENCY_HEAD, scope_prefix=GRAHA_INDAH)
    make.asked(kind=Kind.SILENT, verb=Verb.WATCH, text="")
    own = visible_cooperatives(head, today=TODAY)

    kinds = {
        day: [group.kind for group in groups(session, head, own, each=1, today=day)]
        for day in (TODAY, TODAY + dt.timedelta(days=15))
    }

    assert kinds == {TODAY: [Kind.UNASSIGNED], TODAY + dt.timedelta(days=15): [Kind.UNASSIGNED, Kind.SILENT]}


def test_pages_of_a_kind_lead_past_every_cooperative_once(session: Session, make: Make) -> None:
    head = make.user(Role.AGENCY_HEAD)
    user = make.facilitator(*NORTH)
    for number, code in enumerate(NORTH[:3]):
        make.visit(user, {}, code=code, visited_on=dt.date(2026, 1, 5 + number))
    own = visible_cooperatives(head, today=TODAY)
    walked: list[str | None] = []
    after = None

    while page := all_of_kind(session, head, own, Kind.SILENT, after=after, size=10, today=TODAY):
        walked += [each.code for each in page[:10]]
        after = page[:10][-1].code

    assert len(walked) == len(set(walked)) == 34
    assert walked[-3:] == NORTH[:3], "the never visited first, then the longest unvisited"


def test_another_feature_plugs_in_its_own_kind(session: Session, make: Make) -> None:
    """Of a facilitator, not of a cooperative; what was asked about it waits like everything else."""
    head, late = make.user(Role.AGENCY_HEAD), make.facilitator(name="Dimas")
    of_march = counted(
        select(User).where(User.id == late.id), since=User.created_at, facilitator_id=User.id, detail=literal("202603")
    )
    listers = {Kind.REPORT_LATE: lambda *_: of_march}
    own = visible_cooperatives(head, today=TODAY).where(Cooperative.code == GRAHA_INDAH)

    found = groups(session, head, own, each=2, today=TODAY, listers=listers)

    assert [group.kind for group in found] == [Kind.SILENT, Kind.REPORT_LATE]
    assert sentence(found[1].findings[0], today=TODAY) == "Laporan Maret 2026 belum dikirim"
    make.session.add(
        Step(
            city_code="64.71",
            facilitator_id=late.id,
            kind=Kind.REPORT_LATE,
            verb=Verb.ASK,
            text="Mengapa?",
            author_id=head.id,
            made_at=NOW,
            made_on=TODAY,
        )
    )
    make.session.flush()
    assert [group.kind for group in groups(session, head, own, each=2, today=TODAY, listers=listers)] == [Kind.SILENT]


def test_what_came_since_the_last_look_is_told_and_a_look_never_goes_back(browser: Browser, head: User) -> None:
    page = browser.open("/")
    assert "Tiga hari terakhir" in page.text(".news__title")
    seen = {**page.fields(".news form"), "sampai": (NOW - dt.timedelta(days=2)).isoformat()}
    browser.send("/sudah-dilihat", seen)
    with browser.make() as make:
        user = make.facilitator(NORTH[0], NORTH[1])
        make.visit(user, code=NORTH[0], visited_on=dt.date(2026, 3, 13), now=NOW - dt.timedelta(days=3))
        make.visit(user, code=NORTH[1], visited_on=dt.date(2026, 1, 1), now=NOW - dt.timedelta(days=1))

    page = browser.open("/")

    assert page.texts(".news__list li")[0] == "1 kunjungan masuk"
    silent = browser.open("/perlu-perhatian?jenis=lama-tidak-dikunjungi")
    assert silent.texts(".finding__new") == ["baru"], "it has been silent for 31 days since the day after the look"
    for no_instant in ("entah", "0001-01-01T00:00+14:00"):
        assert browser.send("/sudah-dilihat", {**seen, "sampai": no_instant}).status == 200
    browser.send("/sudah-dilihat", seen)
    assert browser.open("/").texts(".news__list li")[0] == "0 kunjungan masuk"
    with browser.make() as make:
        looks = make.session.scalars(select(AuditEvent.verb).where(AuditEvent.verb == "see_desk")).all()
        assert len(looks) == 4

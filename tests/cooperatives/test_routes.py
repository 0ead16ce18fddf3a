import datetime as dt
import re
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Officer, Stage
from pendamping.cooperatives.records.figures import Month
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.paging import PAGE_SIZE
from pendamping.kernel.roles import Role
from pendamping.progress.models import StandingScore
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser, Page

FACTS_URL = f"/koperasi/{GRAHA_INDAH}/data"
OFFICER_URL = f"/koperasi/{GRAHA_INDAH}/pengurus/baru"
LINK = re.compile(r"/koperasi/([0-9.]+)")


def listed(page: Page) -> list[str]:
    """The codes of the cooperatives on a list, in its order."""
    links = (LINK.fullmatch(str(link["href"])) for link in page.soup.select("main table a[href]"))
    return [match[1] for match in links if match]


# The list -------------------------------------------------------------------------------------------------------------


def test_the_whole_city_stands_on_one_page_in_the_order_of_names(browser: Browser, head: User) -> None:
    page = browser.open("/koperasi")

    codes, names = listed(page), page.texts("main table tbody th a")
    assert len(codes) == len(set(codes)) == 34
    assert names == sorted(names)
    assert not page.soup.select("a[rel=next]")


def test_a_facilitators_list_is_their_caseload(browser: Browser, facilitator: User) -> None:
    assert listed(browser.open("/koperasi")) == [GRAHA_INDAH, KARIANGAU]
    assert listed(browser.open("/koperasi?kecamatan=64.71.01")) == []


def test_a_list_without_anything_says_what_to_do(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user())

    assert browser.open("/koperasi").has("Hubungi admin dinas")


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("q=graha", ["KKMP Graha Indah"]),
        ("q=GRAHA%20INDAH", ["KKMP Graha Indah"]),
        ("q=%20graha%20", ["KKMP Graha Indah"]),
        ("q=64.71.03.1006", ["KKMP Graha Indah"]),
        ("q=Kelurahan%20Merah%20Putih%20Graha", ["KKMP Graha Indah"]),
        ("kecamatan=64.71.01", ["KKMP Lamaru", "KKMP Manggar", "KKMP Manggar Baru", "KKMP Teritip"]),
        ("kecamatan=64.71.01&q=baru", ["KKMP Manggar Baru"]),
        ("kecamatan=64.71.01&tahap=pembentukan", []),
        ("tahap=kemitraan", []),
        ("q=%25", []),
        ("q=_", []),
        ("q=%5C", []),
        ("q=%27%20OR%201%3D1--", []),
        ("q=%E2%80%8Bgraha", ["KKMP Graha Indah"]),
    ],
)
def test_search_and_filters_narrow_the_list(browser: Browser, head: User, address: str, names: list[str]) -> None:
    page = browser.open(f"/koperasi?{address}")

    assert page.status == 200
    assert page.texts("main table tbody th a") == names
    assert page.has("Hapus semua saringan") or page.has("Tampilkan semua")


def test_a_list_can_be_narrowed_to_a_stage_and_to_a_facilitator(browser: Browser, head: User) -> None:
    with browser.make() as make:
        user = make.facilitator(GRAHA_INDAH, KARIANGAU)
        late = make.user()
        make.assignment(late, MANGGAR, starts_on=dt.date(2026, 5, 1))

    assert len(listed(browser.open("/koperasi?tahap=pembentukan"))) == 10
    assert len(listed(browser.open("/koperasi?tahap=operasional"))) == 24
    assert listed(browser.open(f"/koperasi?pendamping={user.id}")) == [GRAHA_INDAH, KARIANGAU]
    assert listed(browser.open(f"/koperasi?pendamping={late.id}")) == []
    assert listed(browser.open(f"/koperasi?pendamping={user.id}&tahap=pembentukan")) == [KARIANGAU]


@pytest.mark.parametrize(
    "address",
    [
        "kecamatan=99.99.99",
        "kecamatan=64.71.01%25",
        "tahap=bubar",
        "tahap=PEMBENTUKAN",
        "pendamping=siapa-saja",
        "pendamping=00000000-0000-0000-0000-000000000000",
        "q=" + "a" * 81,
        "q=" + "%F0%9F%98%80" * 500,
        "setelah=tidak-ada",
        "setelah=%FF%FE",
        "setelah=" + "9" * 5_000,
        "lain=1&q=&kecamatan=&tahap=&pendamping=&setelah=",
        "endpoint=home&setelah=x",
        "_external=1&_scheme=javascript&setelah=x",
        "code=x&values=y&setelah=x",
        "q[]=graha",
    ],
)
def test_nonsense_in_the_address_filters_nothing(browser: Browser, head: User, address: str) -> None:
    page = browser.open(f"/koperasi?{address}")

    assert page.status == 200
    assert len(listed(page)) == 34
    assert "javascript:" not in page.response.text


def test_of_a_filter_given_twice_the_first_counts(browser: Browser, head: User) -> None:
    assert listed(browser.open("/koperasi?q=graha&q=manggar")) == [GRAHA_INDAH]


def test_an_agency_of_another_region_can_filter_only_by_its_own_kecamatan(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD, scope_prefix="64.71.01"))

    page = browser.open("/koperasi")

    assert len(listed(page)) == 4
    assert page.texts("select[name=kecamatan] option") == ["Semua kecamatan", "Balikpapan Timur"]


def test_a_long_list_is_read_page_by_page_and_nobody_is_missing_or_twice(browser: Browser, head: User) -> None:
    with browser.make() as make:
        for number in range(60):
            name = "KKMP Kembar" if number % 2 else f"KKMP Baru {number:02}"
            make.new_cooperative(f"64.71.0{number % 6 + 1}.2{number:03}", name)

    seen, url, pages = list[str](), "/koperasi", 0
    while url:
        page = browser.open(url)
        codes = listed(page)
        onward = page.soup.select_one("a[rel=next]")
        assert len(codes) == PAGE_SIZE or not onward
        seen += codes
        url = str(onward["href"]) if onward else ""
        pages += 1

    assert (len(seen), len(set(seen)), pages) == (94, 94, 3)
    assert PAGE_SIZE >= 25


def test_the_address_of_the_next_page_keeps_the_filters(browser: Browser, head: User) -> None:
    with browser.make() as make:
        for number in range(45):
            make.new_cooperative(f"64.71.02.2{number:03}", f"KKMP Baru {number:02}", stage=Stage.PARTNERSHIP)

    first = browser.open("/koperasi?tahap=kemitraan&q=baru")
    onward = first.soup.select_one("a[rel=next]")
    assert onward is not None
    second = browser.open(str(onward["href"]))

    assert (len(listed(first)), len(listed(second))) == (40, 5)
    back = second.soup.select_one("nav.paging a")
    assert back is not None
    assert listed(browser.open(str(back["href"]))) == listed(first)


def test_a_page_that_begins_after_a_cooperative_of_another_region_shows_only_ones_own(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD, scope_prefix="64.71.01"))

    page = browser.open(f"/koperasi?setelah={GRAHA_INDAH}")

    assert page.texts("main table tbody th a") == ["KKMP Lamaru", "KKMP Manggar", "KKMP Manggar Baru", "KKMP Teritip"]


# One cooperative ------------------------------------------------------------------------------------------------------


def test_the_page_of_a_cooperative_shows_where_it_stands(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        make.officer(name="Siti Aminah")
        make.visit(facilitator, {"KL-01": ("yes", "diamati")}, actions=(make.action_draft(title="Rapikan buku kas"),))

    page = browser.open(f"/koperasi/{GRAHA_INDAH}")

    assert page.heading == "KKMP Graha Indah"
    for words in ("Siti Aminah", "Rapikan buku kas", facilitator.name, "perlu verifikasi", "14 April 2026"):
        assert page.has(words), words
    links = {str(link["href"]) for link in page.soup.select("main a[href]")}
    assert {f"/koperasi/{GRAHA_INDAH}/kunjungan/baru", FACTS_URL, OFFICER_URL} <= links


def test_the_head_reads_a_cooperative_but_is_offered_no_form(browser: Browser, head: User) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}")

    links = {str(link["href"]) for link in page.soup.select("main a[href]")}
    assert page.status == 200
    assert not links & {f"/koperasi/{GRAHA_INDAH}/kunjungan/baru", FACTS_URL, OFFICER_URL}


@pytest.mark.parametrize(
    "path",
    ["", "/data", "/pengurus/baru", "/rencana", "/skor/KL", "/kunjungan/baru", "/riwayat", "/dokumen", "/dokumen/baru"],
)
def test_a_foreign_cooperative_is_not_there(browser: Browser, facilitator: User, path: str) -> None:
    for code in (MANGGAR, "64.71.99.9999", "64.71", "%01", "%F0%9F%98%80", "..%2f..%2fetc"):
        assert browser.client.get(f"/koperasi/{code}{path}").status_code == 404, code


# Facts ----------------------------------------------------------------------------------------------------------------

FACTS = {
    "legal_name": "Koperasi Kelurahan Merah Putih Graha Indah",
    "decree_number": "AHU-0001234.AH.01.29.TAHUN 2025",
    "decree_on": "2025-07-14",
    "registration_number": "6471 0310 06001",
    "npwp": "01.234.567.8-901.000",
    "nib": "0220 1010 10101",
    "latitude": "-1.2379",
    "longitude": "116.8529",
}


def test_facts_are_stored_and_shown(browser: Browser, facilitator: User) -> None:
    fields = browser.open(FACTS_URL).fields()

    page = browser.send(FACTS_URL, {**fields, **FACTS, "legal_name_is_verified": "y"})

    assert page.status == 200
    assert page.has("Data koperasi disimpan.")
    assert page.has("AHU-0001234.AH.01.29.TAHUN 2025, 14 Juli 2025")
    (cooperative,) = browser.stored(Cooperative, Cooperative.code == GRAHA_INDAH)
    assert (cooperative.npwp, cooperative.nib) == (FACTS["npwp"], FACTS["nib"])
    assert (cooperative.latitude, cooperative.longitude) == (-1.2379, 116.8529)
    assert cooperative.legal_name_is_verified


def test_an_empty_field_is_a_fact_that_is_not_known(browser: Browser, facilitator: User) -> None:
    fields = browser.open(FACTS_URL).fields()
    browser.send(FACTS_URL, {**fields, **FACTS}, follow=False)

    emptied = {name: " " for name in FACTS if name not in ("legal_name", "decree_on")}
    response = browser.client.post(FACTS_URL, data={**fields, **FACTS, **emptied})

    assert response.status_code == 302
    (cooperative,) = browser.stored(Cooperative, Cooperative.code == GRAHA_INDAH)
    assert [getattr(cooperative, name) for name in emptied] == [None] * len(emptied)


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("legal_name", "", "Isi nama resmi."),
        ("legal_name", "   ", "Isi nama resmi."),
        ("legal_name", "\u200b\u202e", "Isi nama resmi."),
        ("legal_name", "a" * 201, "Paling banyak 200 karakter."),
        ("decree_number", "a" * 61, "Paling banyak 60 karakter."),
        ("decree_on", "kemarin", "Tulis tanggal seperti 2026-04-14."),
        ("decree_on", "0025-07-14", "Periksa tahunnya."),
        ("decree_on", "2026-04-15", "Tanggal ini belum tiba."),
        ("registration_number", "nomor", "Tulis angkanya saja."),
        ("registration_number", "1" * 31, "Tulis angkanya saja."),
        ("npwp", "1234", "NPWP berisi 15 atau 16 angka."),
        ("npwp", "-" * 15, "NPWP berisi 15 atau 16 angka."),
        ("npwp", "1" * 17, "NPWP berisi 15 atau 16 angka."),
        ("nib", "1" * 14, "NIB berisi 13 angka."),
        ("nib", "1           2", "NIB berisi 13 angka."),
        ("latitude", "utara", "Tulis angka."),
        ("latitude", "91", "Isi antara -90 dan 90."),
        ("latitude", "nan", "Isi antara -90 dan 90."),
        ("longitude", "1e999", "Isi antara -180 dan 180."),
        ("latitude", "", "Isi lintang dan bujur, atau kosongkan keduanya."),
        ("longitude", "", "Isi lintang dan bujur, atau kosongkan keduanya."),
    ],
)
def test_a_fact_that_does_not_hold_says_so_at_its_field_and_everything_is_given_back(
    browser: Browser, facilitator: User, field: str, value: str, message: str
) -> None:
    sent = {**browser.open(FACTS_URL).fields(), **FACTS, field: value}
    before = browser.count(AuditEvent)

    page = browser.send(FACTS_URL, sent)

    assert page.status == 400
    assert message in page.text(f"#{field}-error")
    assert_given_back(page, sent, field)
    assert browser.count(AuditEvent) == before
    assert browser.stored(Cooperative.decree_on, Cooperative.code == GRAHA_INDAH) == [None]


def assert_given_back(page: Page, sent: Mapping[str, Any], changed: str) -> None:
    shown = page.fields()
    for name, value in sent.items():
        if name not in ("csrf_token", changed):
            assert shown[name] == value, name
    assert "".join(shown[changed].split()) in "".join(sent[changed].split())


def test_a_known_date_of_the_decree_cannot_be_emptied(browser: Browser, facilitator: User) -> None:
    fields = {**browser.open(FACTS_URL).fields(), **FACTS}
    browser.send(FACTS_URL, fields, follow=False)

    page = browser.send(FACTS_URL, {**fields, "decree_on": "", "nib": ""})

    assert page.status == 400
    assert "tidak dapat dikosongkan lagi" in page.text("#decree_on-error")
    (cooperative,) = browser.stored(Cooperative, Cooperative.code == GRAHA_INDAH)
    assert (cooperative.decree_on, cooperative.nib) == (dt.date(2025, 7, 14), FACTS["nib"])


def test_a_corrected_decree_moves_the_standing_at_once(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        make.cooperative().decree_on = dt.date(2025, 7, 14)
        make.visit(facilitator, {"KL-09": ("2026-01-02", "dokumen_dilihat")})
    of_kl = StandingScore.instrument_code == "KL"
    before = browser.stored(StandingScore.score, of_kl)

    fields = browser.open(FACTS_URL).fields()
    browser.send(FACTS_URL, {**fields, "decree_on": "2024-01-01"}, follow=False)

    assert before == [100]
    assert browser.stored(StandingScore.score, of_kl) == [60]


def test_facts_of_a_page_that_is_too_old_are_given_back(browser: Browser, facilitator: User) -> None:
    sent = {**browser.open(FACTS_URL).fields(), **FACTS, "csrf_token": "lama"}

    page = browser.send(FACTS_URL, sent)
    again = browser.client.post(FACTS_URL, data=page.fields())

    assert page.status == 400
    assert page.has("Isian Anda tetap ada: kirim sekali lagi.")
    assert again.status_code == 302
    assert browser.stored(Cooperative.nib, Cooperative.code == GRAHA_INDAH) == [FACTS["nib"]]


# Officers -------------------------------------------------------------------------------------------------------------

OFFICER = {
    "name": "Siti Aminah",
    "role": "bendahara",
    "phone": "0812-3456 7890",
    "term_starts_on": "2025-07-01",
    "term_ends_on": "2030-06-30",
}


def test_an_officer_is_stored_and_shown(browser: Browser, facilitator: User) -> None:
    fields = browser.open(OFFICER_URL).fields()

    page = browser.send(OFFICER_URL, {**fields, **OFFICER})

    assert page.status == 200
    assert page.has("Siti Aminah masuk daftar pengurus dan pengawas.")
    (officer,) = browser.stored(Officer)
    assert (officer.name, officer.role, officer.phone) == ("Siti Aminah", OwnerRole.TREASURER, "0812-3456 7890")


def test_a_second_tap_is_no_second_officer_and_another_person_under_its_id_is_told(
    browser: Browser, facilitator: User
) -> None:
    fields = {**browser.open(OFFICER_URL).fields(), **OFFICER}
    with browser.make() as make:
        theirs = make.officer(MANGGAR, name="Orang lain").id

    twice = [browser.client.post(OFFICER_URL, data=fields).status_code for _ in range(2)]
    another = browser.send(OFFICER_URL, {**fields, "name": "Rahmat"})
    foreign = browser.send(OFFICER_URL, {**fields, "new_id": str(theirs)})

    assert twice == [302, 302]
    assert (another.status, another.fields()["name"], foreign.status) == (409, "Rahmat", 409)
    assert another.has("Nomor isian ini sudah dipakai kiriman lain.")
    assert sorted(each.name for each in browser.stored(Officer)) == ["Orang lain", "Siti Aminah"]


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Isi nama."),
        ("name", " \u200b ", "Isi nama."),
        ("name", "a" * 121, "Paling banyak 120 karakter."),
        ("role", "raja", "Pilih salah satu dari yang ditawarkan."),
        ("role", "pendamping", "Pilih salah satu dari yang ditawarkan."),
        ("phone", "telepon saya", "Tulis nomor seperti 0812 3456 7890."),
        ("phone", "0812", "Tulis nomor seperti 0812 3456 7890."),
        ("phone", "081234567890" * 100, "Tulis nomor seperti 0812 3456 7890."),
        ("phone", "081234567890 <script>", "Tulis nomor seperti 0812 3456 7890."),
        ("term_starts_on", "dulu", "Tulis tanggal seperti 2026-04-14."),
        ("term_ends_on", "2025-06-30", "Akhir masa jabatan lebih awal daripada mulainya."),
        ("term_ends_on", "9999-12-31", "Periksa tahunnya."),
    ],
)
def test_an_officer_who_does_not_hold_is_said_at_the_field_and_given_back(
    browser: Browser, facilitator: User, field: str, value: str, message: str
) -> None:
    sent = {**browser.open(OFFICER_URL).fields(), **OFFICER, field: value}

    page = browser.send(OFFICER_URL, sent)

    assert page.status == 400
    assert message in page.text(f"#{field}-error")
    if field != "role":
        assert_given_back(page, sent, field)
    assert browser.count(Officer) == 0


def test_a_term_is_ended_by_a_press_and_the_person_leaves_the_list(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        officer = make.officer(name="Siti Aminah")
    page = browser.open(f"/koperasi/{GRAHA_INDAH}")
    url = f"/koperasi/{GRAHA_INDAH}/pengurus/{officer.id}/akhir"
    fields = page.fields(f"form[action='{url}']")

    ended = browser.send(url, fields)
    again = browser.send(url, fields)

    assert ended.has("Masa jabatan Siti Aminah diakhiri.")
    assert ended.has("Belum ada pengurus yang tercatat.")
    assert again.status == 200
    assert browser.stored(Officer.term_ends_on) == [TODAY - dt.timedelta(days=1)]
    assert browser.stored(AuditEvent.verb, AuditEvent.verb == "end_officer_term") == ["end_officer_term"]


def test_the_term_of_another_cooperatives_officer_cannot_be_ended(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        theirs = make.officer(MANGGAR)
    token = {"csrf_token": browser.open(OFFICER_URL).fields()["csrf_token"]}

    for url in (
        f"/koperasi/{GRAHA_INDAH}/pengurus/{theirs.id}/akhir",
        f"/koperasi/{MANGGAR}/pengurus/{theirs.id}/akhir",
        f"/koperasi/{GRAHA_INDAH}/pengurus/{uuid.uuid4()}/akhir",
        f"/koperasi/{GRAHA_INDAH}/pengurus/bukan-nomor/akhir",
    ):
        assert browser.client.post(url, data=token).status_code == 404, url

    assert browser.stored(Officer.term_ends_on) == [dt.date(2030, 6, 30)]


def test_without_a_token_no_term_ends(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        officer = make.officer()

    assert browser.client.post(f"/koperasi/{GRAHA_INDAH}/pengurus/{officer.id}/akhir").status_code == 400
    assert browser.stored(Officer.term_ends_on) == [dt.date(2030, 6, 30)]


# The page, part by part -----------------------------------------------------------------------------------------------

HERE = f"/koperasi/{GRAHA_INDAH}"
HISTORY = f"{HERE}/riwayat"


def test_every_part_of_the_page_that_is_linked_is_there(browser: Browser, facilitator: User) -> None:
    page = browser.open(HERE)

    links = [str(link["href"]) for link in page.soup.select("nav.parts a")]
    assert len(links) == 8
    assert [link for link in links if page.soup.select_one(link) is None] == []


def test_a_facilitator_is_offered_what_can_be_done_from_here(browser: Browser, facilitator: User) -> None:
    links = [str(link["href"]) for link in browser.open(HERE).soup.select(".page-head__actions a")]

    assert links == [
        f"{HERE}/kunjungan/baru",
        f"/jadwal/baru?koperasi={GRAHA_INDAH}",
        f"{HERE}/kunjungan/persiapan",
        f"{HERE}/rencana",
        f"{HERE}/kewajiban",
        f"{HERE}/kemitraan",
        f"{HERE}/evaluasi",
        f"{HERE}/rencana.pdf",
    ]


def test_the_head_is_offered_what_the_next_visit_opens_the_plan_and_its_paper(browser: Browser, head: User) -> None:
    links = [str(link["href"]) for link in browser.open(HERE).soup.select(".page-head__actions a")]

    parts = ("kunjungan/persiapan", "rencana", "kewajiban", "kemitraan", "evaluasi", "rencana.pdf")
    assert links == [f"{HERE}/{part}" for part in parts]


def test_a_place_opens_the_devices_own_map_and_without_one_the_page_says_how_to_note_it(
    browser: Browser, facilitator: User
) -> None:
    before = browser.open(HERE)
    with browser.make() as make:
        cooperative = make.cooperative()
        cooperative.latitude, cooperative.longitude = -1.2379, 116.8529
    link = browser.open(HERE).soup.select_one("a[href^='geo:']")

    assert before.has("salin lintang dan bujur")
    assert link is not None
    assert link["href"] == "geo:-1.237900,116.852900?q=-1.237900,116.852900(KKMP%20Graha%20Indah)"
    assert link.get_text(strip=True) == "−1,23790; 116,85290"


@pytest.mark.parametrize(
    ("days", "marked"),
    [(0, "masa jabatan habis hari ini"), (1, "1 hari lagi"), (90, "90 hari lagi"), (91, None), (None, None)],
)
def test_a_term_that_ends_soon_is_marked(
    browser: Browser, facilitator: User, days: int | None, marked: str | None
) -> None:
    with browser.make() as make:
        make.officer().term_ends_on = None if days is None else TODAY + dt.timedelta(days=days)

    pills = browser.open(HERE).texts(".person .pill")

    assert len(pills) == (1 if marked else 0)
    assert marked is None or marked in pills[0]


def test_what_comes_next_stands_above_what_happened(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        make.planned_visit(facilitator, planned_on=TODAY + dt.timedelta(days=3), agenda="Periksa buku kas")
        make.document(title="Izin gerai", expires_on=TODAY + dt.timedelta(days=2))
        make.document(title="Sewa gerai", expires_on=TODAY + dt.timedelta(days=100))

    ahead = browser.open(HERE).texts(".ahead li")

    assert [line.split(" · ")[0] for line in ahead] == ["16 April 2026", "17 April 2026"]
    assert "Dokumen habis berlaku Izin gerai" in ahead[0]
    assert "habis 2 hari lagi" in ahead[0]
    assert f"Direncanakan Kunjungan oleh {facilitator.name}" in ahead[1]
    assert "Periksa buku kas" in ahead[1]


def test_the_page_tells_the_newest_and_leads_to_everything(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        for number in range(13):
            make.visit(facilitator, {}, visited_on=TODAY - dt.timedelta(days=number))

    page = browser.open(HERE)

    assert len(page.texts("#riwayat .timeline li")) == 12
    assert f'href="{HISTORY}"' in str(page.soup.select_one("#riwayat"))
    assert len(browser.open(HISTORY).texts(".timeline li")) == 14


# The whole history ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("kunjungan", ["14 April 2026 · Kunjungan", "14 April 2026 · Kunjungan batal"]),
        ("tindakan", ["14 April 2026 · Tindakan disepakati"]),
        ("dokumen", ["14 April 2026 · Dokumen masuk", "1 April 2026 · Dokumen kedaluwarsa"]),
        ("angka", ["14 April 2026 · Angka bulanan"]),
        ("tahap", ["1 April 2026 · Keputusan tahap"]),
        ("penugasan", ["1 Januari 2026 · Penugasan pendamping"]),
        ("perbaikan", []),
    ],
)
def test_a_history_is_narrowed_to_one_kind(browser: Browser, facilitator: User, kind: str, said: list[str]) -> None:
    with browser.make() as make:
        make.visit(facilitator, actions=(make.action_draft(),))
        plan = make.planned_visit(facilitator)
        plan.cancelled_at, plan.cancelled_because = NOW, "Hujan"
        make.document(expires_on=dt.date(2026, 4, 1))
        make.figures(Month(2026, 3), members=240)
        make.stage_decision(decided_on=dt.date(2026, 4, 1))

    page = browser.open(f"{HISTORY}?jenis={kind}")

    assert page.texts(".timeline li p:first-child") == said
    assert page.texts(".chip[aria-current]") != ["Semua"]
    assert page.has("Belum ada yang tercatat dari jenis ini.") is (not said)


@pytest.mark.parametrize("address", ["jenis=entah", "jenis=", "setelah=x", "setelah=..", "lain=1&endpoint=home"])
def test_nonsense_in_the_address_of_a_history_narrows_nothing(
    browser: Browser, facilitator: User, address: str
) -> None:
    page = browser.open(f"{HISTORY}?{address}")

    assert page.status == 200
    assert page.texts(".chip[aria-current]") == ["Semua"]
    assert len(page.texts(".timeline li")) == 1


def test_a_long_history_is_read_page_by_page(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        for number in range(PAGE_SIZE + 3):
            make.visit(facilitator, {}, visited_on=TODAY - dt.timedelta(days=number))

    first = browser.open(f"{HISTORY}?jenis=kunjungan")
    onward = first.soup.select_one("a[rel=next]")
    assert onward is not None
    second = browser.open(str(onward["href"]))

    assert (len(first.texts(".timeline li")), len(second.texts(".timeline li"))) == (PAGE_SIZE, 3)
    assert not set(first.texts(".timeline time")) & set(second.texts(".timeline time"))
    assert second.soup.select_one("a[rel=next]") is None

"""Every page at four widths: nothing scrolls sideways, axe finds nothing, nothing is too small to touch."""

import pytest

from tests.e2e.conftest import LAPTOP, DeviceMaker, Server
from tests.e2e.sound import faults_of
from tests.only import served_from_sqlite

GRAHA_INDAH = "64.71.03.1006"
PATHS = {
    "pamong": [
        "/",
        "/koperasi",
        "/koperasi?q=tidak+ada",
        f"/koperasi/{GRAHA_INDAH}",
        f"/koperasi/{GRAHA_INDAH}/data",
        f"/koperasi/{GRAHA_INDAH}/pengurus/baru",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru#KL-A",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru#temuan",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru#bukti",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru#periksa",
        "/jadwal",
        "/jadwal?pekan=2026-W15",
        "/jadwal/baru",
        f"/koperasi/{GRAHA_INDAH}/rencana",
        f"/koperasi/{GRAHA_INDAH}/skor/KL",
        f"/koperasi/{GRAHA_INDAH}/belum-terbukti",
        f"/koperasi/{GRAHA_INDAH}/butir/KL-02",
        "/belum-terbukti?hanya=kritis",
        f"/koperasi/{GRAHA_INDAH}/riwayat",
        f"/koperasi/{GRAHA_INDAH}/tahap",
        f"/koperasi/{GRAHA_INDAH}/dokumen",
        f"/koperasi/{GRAHA_INDAH}/dokumen/baru",
        f"/koperasi/{GRAHA_INDAH}/angka/2026-04",
        f"/koperasi/{GRAHA_INDAH}/akses",
        "/pengiriman",
        "/pemberitahuan",
        "/pemberitahuan/pengaturan",
        f"/koperasi/{GRAHA_INDAH}/kewajiban",
        "/kata-sandi",
    ],
    "kepala": [
        "/",
        "/koperasi",
        "/koperasi?keputusan=menunggu",
        f"/koperasi/{GRAHA_INDAH}",
        f"/koperasi/{GRAHA_INDAH}/tahap",
        "/penetapan",
        "/belum-terbukti",
        "/penetapan?untuk=gudang_gerai",
    ],
    "pengurus": ["/rencana", "/kemajuan", "/kunjungan", "/dokumen", "/angka"],
    None: ["/masuk", "/luring", "/tautan/palsu"],
}


@pytest.fixture(scope="module")
def people(server: Server) -> Server:
    server.add_facilitator("pamong", "Bayu Saputra", "64.71.01.1001", "64.71.02.1004")
    server.add_user("agency_head", "kepala", "Kepala Dinas")
    server.add_user("cooperative", "pengurus", "Pengurus Manggar", "--cooperative", "64.71.01.1001")
    return server


@served_from_sqlite
@pytest.mark.parametrize("username", list(PATHS))
def test_pages_are_sound_at_every_width(people: Server, device: DeviceMaker, username: str | None) -> None:
    screen = device(dict(LAPTOP))
    if username:
        screen.sign_in(username)

    faults = [
        fault for path in PATHS[username] for fault in faults_of(screen, path.replace(GRAHA_INDAH, _own(username)))
    ]

    assert not faults, "\n".join(faults)


def _own(username: str | None) -> str:
    return "64.71.01.1001" if username == "pamong" else GRAHA_INDAH

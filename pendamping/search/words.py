"""What each kind of find is called."""

from flask_babel import lazy_gettext as _l

from pendamping.search.index import Source

SOURCE_WORDS = {
    Source.COOPERATIVE: _l("Koperasi"),
    Source.OFFICER: _l("Pengurus dan pengawas"),
    Source.ACCOUNT: _l("Pengguna"),
    Source.VISIT: _l("Kunjungan"),
    Source.NOTE: _l("Catatan butir"),
    Source.ACTION: _l("Tindakan"),
    Source.ADDENDUM: _l("Tambahan laporan"),
    Source.DISTRICT: _l("Kecamatan"),
}
ADDRESSED = {
    "koperasi": Source.COOPERATIVE,
    "pengurus": Source.OFFICER,
    "pengguna": Source.ACCOUNT,
    "kunjungan": Source.VISIT,
    "catatan": Source.NOTE,
    "tindakan": Source.ACTION,
    "tambahan": Source.ADDENDUM,
    "kecamatan": Source.DISTRICT,
}
"""What an address calls each kind."""
NAMES = {source: name for name, source in ADDRESSED.items()}


def source_word(source: Source | str) -> str:
    return str(SOURCE_WORDS[Source(source)])

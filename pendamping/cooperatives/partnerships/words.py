"""Words of partnerships and businesses."""

from typing import Any

from flask_babel import lazy_gettext as _l

from pendamping.cooperatives.partnerships.models import Business, PartnershipStatus

STATUS_WORDS: dict[PartnershipStatus, Any] = {
    PartnershipStatus.EXPLORING: _l("Penjajakan"),
    PartnershipStatus.AGREED: _l("MoU/PKS ditandatangani"),
    PartnershipStatus.RUNNING: _l("Berjalan"),
    PartnershipStatus.STOPPED: _l("Berhenti"),
}
STATUS_LOOKS = {
    PartnershipStatus.EXPLORING: ("", "search"),
    PartnershipStatus.AGREED: ("stage", "file-earmark-text"),
    PartnershipStatus.RUNNING: ("good", "check-circle-fill"),
    PartnershipStatus.STOPPED: ("", "slash-circle"),
}
"""Tone and shape of a status, for its pill."""

BUSINESS_WORDS: dict[Business, Any] = {
    Business.STAPLES: _l("Sembako"),
    Business.LPG: _l("LPG nonsubsidi"),
    Business.PHARMACY: _l("Apotek"),
    Business.CLINIC: _l("Klinik"),
    Business.LIVESTOCK: _l("Peternakan"),
    Business.FERTILISER: _l("Kios pupuk"),
    Business.COLD_STORAGE: _l("Gudang pendingin"),
    Business.LOGISTICS: _l("Logistik"),
    Business.SAVINGS_AND_LOANS: _l("Simpan pinjam"),
    Business.BANK_AGENT: _l("Agen bank"),
    Business.POST_AGENT: _l("Agen pos"),
    Business.ELECTRICITY_AGENT: _l("Agen listrik"),
    Business.OTHER: _l("Lainnya"),
}

SUGGESTED_PARTNERS = (
    "Bulog",
    "Pertamina Patra Niaga",
    "PT Pos Indonesia",
    "PLN",
    "BRI",
    "BNI",
    "Bank Mandiri",
    "BTN",
    "BSI",
    "Kimia Farma",
)
"""Names to pick from; whether one is a BUMN is for the facilitator to say, and any other name may be typed."""


def status_looks(status: PartnershipStatus) -> tuple[str, str, str]:
    """(word, tone, shape) for a pill."""
    return str(STATUS_WORDS[status]), *STATUS_LOOKS[status]


def business_words(businesses: Any) -> list[str]:
    return [str(BUSINESS_WORDS[each]) for each in businesses]

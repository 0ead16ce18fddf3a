"""Partnerships, how each has gone, and the businesses a cooperative has chosen."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin, Rupiah

PARTNER_LENGTH, GOODS_LENGTH, NOTE_LENGTH, POTENTIAL_LENGTH = 120, 200, 500, 500


class PartnershipStatus(enum.StrEnum):
    """How far a partnership has come; our proposal, after the forms that are filled in elsewhere (partner, date,
    status, value).
    """

    EXPLORING = "penjajakan"
    AGREED = "kesepakatan"
    """An MoU or an agreement (PKS) is signed, and nothing has been traded yet."""
    RUNNING = "berjalan"
    STOPPED = "berhenti"


class Business(enum.StrEnum):
    """What a cooperative may have chosen to do: the kinds of outlet and the partnership packages that SIMKOPDES names,
    with livestock and LPG without subsidy as the city speaks of them.
    """

    STAPLES = "sembako"
    LPG = "lpg_nonsubsidi"
    PHARMACY = "apotek"
    CLINIC = "klinik"
    LIVESTOCK = "ternak"
    FERTILISER = "pupuk"
    COLD_STORAGE = "gudang_pendingin"
    LOGISTICS = "logistik"
    SAVINGS_AND_LOANS = "simpan_pinjam"
    BANK_AGENT = "agen_bank"
    POST_AGENT = "agen_pos"
    ELECTRICITY_AGENT = "agen_listrik"
    OTHER = "lainnya"


class Partnership(IdMixin, CityMixin, Base):
    """One partnership of a cooperative's. What is known of it stands in its steps; neither is ever changed."""

    __tablename__ = "partnership"
    __table_args__ = (Index(None, "cooperative_id"),)

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    added_at: Mapped[dt.datetime]


class PartnershipStep(IdMixin, CityMixin, Base):
    """All that was known of a partnership from one moment on; the one with the highest number holds now."""

    __tablename__ = "partnership_step"
    __table_args__ = (
        UniqueConstraint("partnership_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(partner) > 0", name="partner_is_given"),
        CheckConstraint("monthly_value_idr >= 0", name="value_not_negative"),
        CheckConstraint("since_on <= ends_on", name="runs_forward"),
        CheckConstraint("status <> 'berhenti' OR length(note) > 0", name="an_end_has_its_reason"),
        CheckConstraint(
            "NOT is_verified OR (since_on IS NOT NULL AND author_id IS NOT NULL)", name="somebody_verified_it"
        ),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("partnership.id"))
    number: Mapped[int]
    partner: Mapped[str] = mapped_column(String(PARTNER_LENGTH))
    is_bumn: Mapped[bool]
    """Whether the partner is a state-owned enterprise (BUMN)."""
    goods: Mapped[str] = mapped_column(String(GOODS_LENGTH))
    status: Mapped[PartnershipStatus]
    since_on: Mapped[dt.date | None]
    """Since when it has had this status; None only where nobody has looked yet."""
    ends_on: Mapped[dt.date | None]
    """Last day of the agreement, if it has one."""
    monthly_value_idr: Mapped[Rupiah | None]
    """What is traded in a month, in whole rupiah, as the facilitator was told."""
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    is_verified: Mapped[bool]
    """False for what was only read in the news before the first visit: initial data, to be verified."""
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[dt.datetime]


class BusinessPlan(IdMixin, CityMixin, Base):
    """The businesses a cooperative has chosen and what its kelurahan has to offer; a change is a further revision."""

    __tablename__ = "business_plan"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "revision"),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    revision: Mapped[int]
    businesses: Mapped[list[str]]
    """Values of `Business`, in its order."""
    potential: Mapped[str] = mapped_column(String(POTENTIAL_LENGTH))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[dt.datetime]

"""Regions, the register of cooperatives, the people who run them, their papers and their figures."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.tables import Base, CityMixin, IdMixin, Rupiah

CODE_LENGTH = 13


class RegionKind(enum.StrEnum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    WARD = "ward"


class Region(Base):
    """A node of the tree of regions: its code is Kemendagri's, and a parent's code begins its children's."""

    __tablename__ = "region"
    __table_args__ = (
        CheckConstraint("code LIKE parent_code || '.%'", name="code_lies_within_parent"),
        CheckConstraint("(kind = 'province') = (parent_code IS NULL)", name="only_provinces_have_no_parent"),
    )

    code: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    """The official name, for export and matching."""
    display_name: Mapped[str] = mapped_column(String(120))
    """The everyday spelling, for screens."""
    kind: Mapped[RegionKind]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    is_simulated: Mapped[bool] = mapped_column(default=False)
    """Made up for a demonstration: no such place exists."""


class Stage(enum.StrEnum):
    """Where a cooperative stands; names are the agency's (January 2026)."""

    FORMATION = "pembentukan"
    OPERATION = "operasional"
    PARTNERSHIP = "kemitraan"

    @property
    def order(self) -> int:
        return list(Stage).index(self) + 1


class Cooperative(IdMixin, CityMixin, Base):
    """One Koperasi Kelurahan Merah Putih; its public code and address is the kelurahan's code."""

    __tablename__ = "cooperative"
    __table_args__ = (
        CheckConstraint("substr(code, 1, 5) = city_code", name="code_lies_within_city"),
        CheckConstraint("length(short_name) > 0 AND length(legal_name) > 0", name="names_are_given"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_is_whole"),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="place_is_on_earth"),
        Index(None, "short_name", "code"),
    )

    code: Mapped[str] = mapped_column(String(CODE_LENGTH), ForeignKey("region.code"), unique=True)
    short_name: Mapped[str] = mapped_column(String(120))
    legal_name: Mapped[str] = mapped_column(String(200))
    """As the decree spells it; presumed from the rule of naming until somebody has seen the decree."""
    legal_name_is_verified: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[Stage]
    stage_confirmed_on: Mapped[dt.date | None]
    """None while the stage is only read off the baseline and the agency has not confirmed it."""
    decree_number: Mapped[str | None] = mapped_column(String(60))
    decree_on: Mapped[dt.date | None]
    """Date of the legal-entity decree: the by-laws are due within a year of it."""
    registration_number: Mapped[str | None] = mapped_column(String(30))
    npwp: Mapped[str | None] = mapped_column(String(30))
    nib: Mapped[str | None] = mapped_column(String(30))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    region: Mapped[Region] = relationship(lazy="raise")


class Baseline(CityMixin, Base):
    """What SIMKOPDES showed of a cooperative before the first visit: initial data, to be verified, never scored."""

    __tablename__ = "baseline"
    __table_args__ = (
        CheckConstraint("transaction_count >= 0 AND transaction_value_idr >= 0", name="transactions_not_negative"),
        CheckConstraint("principal_savings_idr >= 0 AND mandatory_savings_idr >= 0", name="savings_not_negative"),
        CheckConstraint(
            "principal_savings_members >= 0 AND mandatory_savings_members >= 0", name="members_not_negative"
        ),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    as_of: Mapped[dt.date]
    source: Mapped[str] = mapped_column(String(500))
    has_account: Mapped[bool]
    has_npwp: Mapped[bool]
    has_nib: Mapped[bool]
    transaction_count: Mapped[int]
    transaction_value_idr: Mapped[Rupiah]
    principal_savings_idr: Mapped[Rupiah]
    principal_savings_members: Mapped[int]
    mandatory_savings_idr: Mapped[Rupiah]
    mandatory_savings_members: Mapped[int]
    news: Mapped[list[str]]

    @property
    def savings_total_idr(self) -> int:
        return self.principal_savings_idr + self.mandatory_savings_idr


OFFICER_ROLES = (
    OwnerRole.CHAIR,
    OwnerRole.DEPUTY_BUSINESS,
    OwnerRole.DEPUTY_MEMBERS,
    OwnerRole.SECRETARY,
    OwnerRole.TREASURER,
    OwnerRole.SUPERVISOR,
)
"""The posts a person can hold in a cooperative; the other owners of actions are bodies, not posts."""


class Officer(IdMixin, CityMixin, Base):
    """A person on the board or among the supervisors, for one term. A new term is a new row."""

    __tablename__ = "officer"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_is_given"),
        CheckConstraint("term_starts_on <= term_ends_on", name="term_runs_forward"),
        Index(None, "cooperative_id", "term_ends_on"),
        Index(None, "term_ends_on"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[OwnerRole]
    phone: Mapped[str | None] = mapped_column(String(20))
    term_starts_on: Mapped[dt.date | None]
    term_ends_on: Mapped[dt.date | None]


class DocumentKind(enum.StrEnum):
    DEED = "akta"
    DECREE = "sk_badan_hukum"
    NPWP = "npwp"
    NIB = "nib"
    LICENCE = "izin"
    ACCOUNT = "rekening"
    MEETING = "berita_acara_rat"
    AGREEMENT = "perjanjian"
    OTHER = "lainnya"


class Document(IdMixin, CityMixin, Base):
    """A paper of the cooperative's, perhaps with a last day. A renewal is a new row that replaces the old."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("length(title) > 0", name="title_is_given"),
        CheckConstraint("issued_on <= expires_on", name="runs_forward"),
        Index(None, "cooperative_id", "expires_on"),
        Index(None, "expires_on"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    kind: Mapped[DocumentKind]
    title: Mapped[str] = mapped_column(String(160))
    number: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[dt.date | None]
    expires_on: Mapped[dt.date | None]
    attachment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attachment.id"))
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[dt.datetime]
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    withdrawn_at: Mapped[dt.datetime | None]
    """Set when it was entered by mistake or holds no longer; the row stays."""


class MonthlyFigures(IdMixin, CityMixin, Base):
    """A cooperative's figures of one month, each None where it is not known. A change is a further revision; the
    database refuses to change or remove a row.
    """

    __tablename__ = "monthly_figures"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "year", "month", "revision"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month_is_one"),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("members >= 0 AND savings_idr >= 0 AND turnover_idr >= 0", name="not_negative"),
        CheckConstraint("cashless_percent BETWEEN 0 AND 100", name="cashless_is_a_share"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    year: Mapped[int]
    month: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    members: Mapped[int | None]
    savings_idr: Mapped[Rupiah | None]
    turnover_idr: Mapped[Rupiah | None]
    surplus_idr: Mapped[Rupiah | None]
    """SHU of the year so far; a loss is negative."""
    cashless_percent: Mapped[int | None]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[dt.datetime]

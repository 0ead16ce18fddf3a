"""Figures that a cooperative proposes, and what became of them."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin, Rupiah


class FiguresProposal(IdMixin, CityMixin, Base):
    """A month's figures as the cooperative itself wrote them, until the facilitator has looked at them.

    A later one of the same month takes an earlier one's place; the database refuses to change or remove a row.
    """

    __tablename__ = "figures_proposal"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12", name="month_is_one"),
        CheckConstraint("members >= 0 AND savings_idr >= 0 AND turnover_idr >= 0", name="not_negative"),
        CheckConstraint("cashless_percent BETWEEN 0 AND 100", name="cashless_is_a_share"),
        Index(None, "cooperative_id", "year", "month"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    year: Mapped[int]
    month: Mapped[int]
    members: Mapped[int | None]
    savings_idr: Mapped[Rupiah | None]
    turnover_idr: Mapped[Rupiah | None]
    surplus_idr: Mapped[Rupiah | None]
    cashless_percent: Mapped[int | None]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]


class FiguresDecision(CityMixin, Base):
    """What the facilitator made of a proposal: the revision it became, or why it was sent back. Never changed."""

    __tablename__ = "figures_decision"
    __table_args__ = (CheckConstraint("figures_id IS NOT NULL OR length(reason) > 0", name="refused_with_a_reason"),)

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("figures_proposal.id"), primary_key=True)
    figures_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("monthly_figures.id"))
    """The revision that says what was proposed; None where it was sent back."""
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[dt.datetime]

    @property
    def id(self) -> uuid.UUID:
        """What the audit log calls it."""
        return self.proposal_id

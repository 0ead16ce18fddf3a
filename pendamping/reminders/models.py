"""The calendar of obligations and days off."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base


class DayOffKind(enum.StrEnum):
    HOLIDAY = "holiday"
    COLLECTIVE_LEAVE = "collective_leave"


class DayOff(Base):
    """A day on which the office does not work, beside weekends. Decreed anew each year."""

    __tablename__ = "day_off"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name_is_given"),)

    on: Mapped[dt.date] = mapped_column("on_date", primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[DayOffKind]


class Obligation(Base):
    """Something a cooperative or its facilitator owes by a date, every year, quarter or month."""

    __tablename__ = "obligation"
    __table_args__ = (
        CheckConstraint("day_of_month BETWEEN 1 AND 28", name="day_exists_in_every_month"),
        CheckConstraint("day_of_month IS NULL OR rule = ''", name="one_kind_of_date"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    month_days: Mapped[list[str]]
    """Dates within a year as MM-DD; empty for the other kinds."""
    day_of_month: Mapped[int | None]
    rule: Mapped[str] = mapped_column(String(200))
    """In words, where the date hangs on another date (the RAT's); empty for the other kinds."""
    only_if: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(500))
    confidence: Mapped[str] = mapped_column(String(80))

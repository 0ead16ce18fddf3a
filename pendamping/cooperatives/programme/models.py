"""The programme's years, and the agency's offices."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base


class ProgrammeYear(Base):
    """One year of accompaniment, with its targets."""

    __tablename__ = "programme_year"
    __table_args__ = (
        CheckConstraint("starts_on < ends_on", name="runs_forward"),
        CheckConstraint("visits_per_month BETWEEN 1 AND 31", name="target_is_reachable"),
        CheckConstraint("0 < caseload_min AND caseload_min <= caseload_max", name="caseload_is_a_range"),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    visits_per_month: Mapped[int]
    """Visits each cooperative should have in a month."""
    caseload_min: Mapped[int]
    caseload_max: Mapped[int]

    @property
    def id(self) -> str:
        """What the audit log calls it."""
        return str(self.year)


class Office(Base):
    """The agency of a city as its papers name it."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name_is_given"),)

    city_code: Mapped[str] = mapped_column(String(5), ForeignKey("region.code"), primary_key=True)
    government: Mapped[str] = mapped_column(String(160))
    """First line of the letterhead, e.g. Pemerintah Kota Balikpapan."""
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    """Telephone, e-mail and web address, as one line."""
    number_code: Mapped[str] = mapped_column(String(40), default="")
    """What stands in a paper's number after the count, e.g. BA-KKMP."""

    @property
    def id(self) -> str:
        """What the audit log calls it."""
        return self.city_code

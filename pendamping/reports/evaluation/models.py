"""Which evaluations were issued, and under which number."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin
from pendamping.reports.evaluation.periods import Part


class EvaluationPaper(IdMixin, CityMixin, Base):
    """One issued evaluation, of a city or of a cooperative in it. The database refuses to change or remove one."""

    __tablename__ = "evaluation_paper"
    __table_args__ = (
        UniqueConstraint("subject_code", "year", "part"),
        UniqueConstraint("city_code", "number_year", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(subject_code) >= 5", name="subject_is_a_region"),
    )

    subject_code: Mapped[str] = mapped_column(String(13))
    """The region's: a city's, or the kelurahan's of a cooperative."""
    year: Mapped[int]
    part: Mapped[Part] = mapped_column(
        Enum(
            Part,
            native_enum=False,
            create_constraint=True,
            length=12,
            values_callable=lambda parts: [str(each.value) for each in parts],
            validate_strings=True,
        )
    )
    number_year: Mapped[int]
    number: Mapped[int]
    """From the city's one count of papers."""
    issued_on: Mapped[dt.date]
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[dt.datetime]

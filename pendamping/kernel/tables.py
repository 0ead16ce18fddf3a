"""The base class and column types of every table, for the models of all features."""

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, MetaData, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

TEN_THOUSANDTHS = 10_000

Rupiah = Annotated[int, mapped_column(BigInteger)]
"""Money is whole rupiah; a cooperative's turnover outgrows 32 bits."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant. Takes only values that know their time zone, stores and returns UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value.isoformat()}")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class ScoreNumber(TypeDecorator[Decimal]):
    """A score with four decimals, kept as an integer so that it is the same number on every database."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * TEN_THOUSANDTHS).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(value) / TEN_THOUSANDTHS).quantize(Decimal("0.0001"))


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """Every table's base: names of constraints follow one convention, so migrations and tests can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        uuid.UUID: Uuid(),
        dt.datetime: UtcDateTime(),
        Decimal: ScoreNumber(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=_values,
            validate_strings=True,
        ),
    }


class IdMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, sort_order=-10)


class CityMixin:
    """Rows of a cooperative carry their city's code, so that a nation's data can be spread by city."""

    city_code: Mapped[str] = mapped_column(String(5), sort_order=-5)

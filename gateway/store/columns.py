"""How the tables keep instants, JSON and ids, the same on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970 UTC, the form in which every table keeps it."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the aware UTC instant for ``micros`` microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=micros)


def span_to_micros(span: timedelta) -> int:
    """Return a span as microseconds, the form in which every table keeps it."""
    return span // _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as an integer so that both databases compare it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse naive datetimes: comparing them later would be a guess."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC."""
        return None if value is None else from_micros(value)


class Interval(TypeDecorator[timedelta]):
    """A span of time, kept as microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """Return whole microseconds."""
        return None if value is None else span_to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        """Return the span."""
        return None if value is None else timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """A small structure kept as JSON text, the same on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return compact JSON; None stays NULL."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the structure."""
        return None if value is None else orjson.loads(value)


Id = BigInteger().with_variant(Integer, "sqlite")

"""How the tables keep instants, JSON, ids and people's words, the same on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, Dialect, Integer, Text, TypeDecorator

from gateway.domain.covering import EVERYTHING, CoverRules, cover
from gateway.domain.covering_html import cover_html

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


_RULES = "cover_rules"


def cover_by(dialect: Dialect, rules: CoverRules) -> None:
    """Have every ``Covered`` column written through an engine of this dialect covered by ``rules``."""
    setattr(dialect, _RULES, rules)  # the one thing of an engine that its column types are shown


def rules_of(dialect: Dialect) -> CoverRules:
    """Return by what words are covered there; by default everything is."""
    found: CoverRules = getattr(dialect, _RULES, EVERYTHING)
    return found


def covered(tx: Connection, words: str) -> str:
    """Return words as a ``Covered`` column of this database holds them."""
    return cover(words, rules_of(tx.dialect))


def covered_html(tx: Connection, html: str) -> str | None:
    """Return HTML as a ``CoveredHtml`` column of this database holds it."""
    return cover_html(html, rules_of(tx.dialect))


class Covered(TypeDecorator[str]):
    """Words of people, with the personal data in them covered: no way of writing such a column can forget it.

    What is looked for in it is covered, too, so that a whole telephone number finds its covered form.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the covered words."""
        return None if value is None else cover(value, rules_of(dialect))


class CoveredHtml(TypeDecorator[str]):
    """HTML of a message, likewise; NULL where it cannot be covered surely."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the covered HTML."""
        return None if value is None else cover_html(value, rules_of(dialect))


class CoveredJson(Json):
    """A small structure whose every string is covered as ``Covered`` is."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return compact JSON of covered strings."""
        rules = rules_of(dialect)
        return super().process_bind_param(cover_strings(value, rules), dialect)


def cover_strings(value: Any, rules: CoverRules) -> Any:
    """Return a structure with every string in it covered; names of fields stay."""
    match value:
        case str():
            return cover(value, rules)
        case dict():
            return {name: cover_strings(one, rules) for name, one in value.items()}
        case list() | tuple():
            return [cover_strings(one, rules) for one in value]
        case _:
            return value


Id = BigInteger().with_variant(Integer, "sqlite")

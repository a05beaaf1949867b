"""The settings of the customer directory: where the house's records are, and which of their fields are ever read."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from adapters.outgoing import Egress
from adapters.outgoing.egress import BadAddress
from gateway.domain.actions import StatusWord
from gateway.domain.claims import OrderForm
from gateway.domain.records import ATTRS
from gateway.settings.directory_query import checked_query
from gateway.settings.fields import Place, Span, Text, parse_text
from gateway.settings.mistakes import Mistake, written
from gateway.settings.rules import Strict
from gateway.settings.rules_entities import Pattern

FieldName = Literal[("order", "customer", *ATTRS)]  # type: ignore[valid-type] # the very names a record has
Column = Annotated[str, Field(min_length=1, max_length=128)]
LONGEST_CACHE = timedelta(seconds=60)


def checked_cache(span: timedelta) -> timedelta:
    """Return how long an answer may be kept.

    Raises:
        ValueError: it is longer than a minute: personal data stay where they are kept.
    """
    if span > LONGEST_CACHE:
        raise ValueError("60s at most")
    return span


class CsvFile(Strict):
    """``[directory.csv]``: a file that the shop system writes anew."""

    file: Place | None = None
    encoding: Literal["auto", "utf-8", "gb18030"] = "auto"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    stale_after: Span = timedelta(hours=24)


class SqlQuery(Strict):
    """``[directory.sql]``: one question to a database that is only read."""

    url: SecretStr | None = None
    query: Annotated[str, AfterValidator(checked_query)] = ""


class HttpEndpoint(Strict):
    """``[directory.http]``: the shop's own small service."""

    url: str = ""
    secret: SecretStr | None = None
    compares: bool = True
    ca: Place | None = None
    certificate: Place | None = None
    key: Place | None = None

    @model_validator(mode="after")
    def both_or_neither(self) -> Self:
        """A certificate of ours needs its key."""
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key, both or neither")
        return self


class StatusRule(Strict):
    """One coarse status."""

    records: tuple[str, ...]
    said: Text


def statuses_of_the_sample() -> dict[str, StatusRule]:
    """Return the five that a sample shop knows."""
    words = {
        "unpaid": (("待付款", "unpaid"), "待付款", "waiting for payment"),
        "paid": (("已付款", "paid"), "已付款，备货中", "paid and being packed"),
        "packed": (("已打包", "packed"), "已打包，等待发出", "packed and waiting for the courier"),
        "shipped": (("已发货", "shipped"), "已发货，运输中", "shipped and on its way"),
        "delivered": (("已签收", "delivered"), "已签收", "delivered"),
        "cancelled": (("已取消", "cancelled"), "已取消", "cancelled"),
    }
    return {
        name: StatusRule(records=records, said=parse_text({"zh-CN": zh, "en": en}))
        for name, (records, zh, en) in words.items()
    }


def sample_fields() -> dict[FieldName, Column]:
    """Return what the columns of the sample are called."""
    return {"order": "order", "customer": "customer"} | {name: name for name in ATTRS}


class DirectoryChoice(Strict):
    """``[directory]``."""

    kind: Literal["none", "csv", "sql", "http"] = "none"
    order_number: Pattern = "[0-9A-Z]{6,32}"
    check_digit: Literal["", "luhn", "mod97"] = ""
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "CN"
    cache: Annotated[Span, AfterValidator(checked_cache)] = timedelta(seconds=30)
    fields: dict[FieldName, Column] = Field(default_factory=sample_fields)
    statuses: dict[str, StatusRule] = Field(default_factory=statuses_of_the_sample)
    csv: CsvFile = Field(CsvFile(), validate_default=True)
    sql: SqlQuery = SqlQuery()
    http: HttpEndpoint = HttpEndpoint()

    @model_validator(mode="after")
    def is_complete(self) -> Self:
        """Each kind needs its own keys, and all need to know where the order number stands."""
        missing = {
            "csv": [] if self.csv.file else ["csv.file"],
            "sql": [
                *([] if self.sql.url else ['sql.url = {env = "NAME"}']),
                *([] if self.sql.query else ["sql.query"]),
            ],
            "http": [
                *([] if self.http.url else ["http.url"]),
                *([] if self.http.secret else ['http.secret = {env = "NAME"}']),
            ],
        }.get(self.kind, [])
        if "order" not in self.fields:
            missing.append('fields.order = "the column of the order number"')
        if missing:
            raise ValueError(f"{' and '.join(missing)} beside kind = {self.kind!r}")
        return self

    def form(self) -> OrderForm:
        """Return what an order number looks like."""
        return OrderForm(pattern=re.compile(self.order_number), check=self.check_digit)

    def status_words(self) -> tuple[StatusWord, ...]:
        """Return the statuses as a step reads them."""
        return tuple(
            StatusWord(records=frozenset(word.strip().casefold() for word in rule.records), said=rule.said)
            for rule in self.statuses.values()
        )


def mistakes_of_directory(chosen: DirectoryChoice, egress: Egress) -> Iterator[Mistake]:
    """Yield an address that requests may not go to, and a database of a kind that nobody here can ask."""
    if chosen.kind == "http":
        try:
            egress.check(chosen.http.url)
        except BadAddress as error:
            yield Mistake(
                key=("directory", "http", "url"),
                found=written(chosen.http.url.partition("?")[0].rpartition("@")[2]),
                wanted='an address such as "https://crm.shop.example/orders"',
                remedy=str(error),
            )
    url = chosen.sql.url.get_secret_value() if chosen.sql.url else ""
    if chosen.kind == "sql" and not url.startswith(("sqlite:///", "postgresql://")):
        wanted = '"sqlite:///path" or "postgresql://login:password@host/name"'
        yield Mistake(key=("directory", "sql", "url"), found="another address", wanted=wanted)

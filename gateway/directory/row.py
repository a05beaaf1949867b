"""One row of the records, whatever they are: its configured fields and nothing else. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from gateway.directory.contract import Trouble
from gateway.domain.claims import OrderForm
from gateway.domain.records import Found

LONGEST = 2000
_NO = frozenset({"0", "false", "no", "n", "否", "f"})


def found_of(row: Mapping[str, object], fields: Mapping[str, str], key: str, form: OrderForm) -> Found:
    """Return what a row says about the order ``key``.

    Raises:
        Trouble: a configured column is not there, a value is no plain one, or the row is about another order.
    """
    values = {name: _plain(row, column) for name, column in fields.items()}
    order = values.pop("order")
    if form.key(order) != key:
        raise Trouble("other_order", "the records answered with another order than was asked for")
    customer = values.pop("customer", "") or f"order {key}"
    if values.get("private", "").casefold() in _NO:
        values["private"] = ""
    return Found(
        customer_ref=customer,
        order_ref=order,
        attrs={name: value for name, value in values.items() if value},
    )


def _plain(row: Mapping[str, object], column: str) -> str:
    if column not in row:
        raise Trouble("bad_row", f"the records have no column {column!r} (directory.fields)")
    match row[column]:
        case None:
            return ""
        case bool() as value:
            return "1" if value else ""
        case str() as value if len(value) <= LONGEST:
            return value.strip()
        case datetime() as value:
            return value.isoformat(" ", "seconds")
        case date() as value:
            return value.isoformat()
        case int() | float() | Decimal() as number:
            return str(number)
        case _:
            raise Trouble("bad_row", f"column {column!r} holds no plain value, or one that is too long")

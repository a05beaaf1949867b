"""What is said about a ticket's orders, in and out."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from gateway.web.api.models_base import Model


class OrderField(Model):
    """One field of the records; personal ones are covered. ``name`` is one of ``directory.fields``."""

    name: str
    value: str


class OrderSeen(Model):
    """An order. ``level`` is what the customer has proven of it: L0 means that anybody could have named it."""

    order: str
    source: Literal["verified", "named", "entered"]
    state: Literal["found", "not_found", "unavailable"]
    level: Literal["L0", "L1", "L2", "L3", "L4"]
    status: str | None
    """What a customer would be told, in the reader's language."""
    fields: list[OrderField]


class OrdersSeen(Model):
    """All orders of a ticket; ``connected`` false: the house has no customer records to ask."""

    connected: bool
    orders: list[OrderSeen]


class OrderAsked(Model):
    """The number, as it stands on the parcel or in the mail."""

    order: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]

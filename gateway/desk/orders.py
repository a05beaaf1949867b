"""The orders beside a ticket: asked of the customer records outside every transaction, shown covered.

Those a customer proved or named come with the ticket. Any other number that an agent types is a look into somebody's
data: it is in the audit before it is shown, and there is an end to how many an hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from gateway.desk.rights import Who
from gateway.directory.contract import Directory
from gateway.directory.shown import shown
from gateway.domain.identity import Level
from gateway.domain.records import Found, NotFound
from gateway.errors import TooMany
from gateway.store import audit, orders
from gateway.store.database import Database, Tx
from gateway.store.orders import AboutOrders

LOOK_UPS = 100
WITHIN = timedelta(hours=1)

Source = Literal["verified", "named", "entered"]
State = Literal["found", "not_found", "unavailable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFace:
    """One order as an agent sees it."""

    order: str
    source: Source
    state: State
    level: Level = Level.L0
    """What the customer has proven of it; L0: anybody could have named this number."""
    fields: dict[str, str] = field(default_factory=dict)


async def of_ticket(
    database: Database, directory: Directory, number: str, now: datetime
) -> Sequence[OrderFace]:
    """Return the orders a ticket's customer proved and named, the proven one first; none without a directory."""
    if not directory.is_there:
        return ()
    about = await database.read(lambda tx: orders.about_orders(tx, number, now))
    faces = [await _face(directory, about, about.proven, "verified")] if about.proven else []
    for order in about.named:
        face = await _face(directory, about, order, "named")
        if face.order not in {one.order for one in faces}:
            faces.append(face)
    return faces


async def look_up(
    database: Database, directory: Directory, who: Who, number: str, order: str, now: datetime
) -> OrderFace:
    """Return an order that an agent typed.

    Raises:
        TooMany: they have looked up too many within the hour.
    """
    actor = f"agent:{who.number}"

    def note(tx: Tx) -> bool:
        allowed = orders.looked_up(tx, actor, now, WITHIN) < LOOK_UPS
        outcome = "done" if allowed else "refused"
        audit.write(
            tx,
            actor=actor,
            act=orders.LOOK_UP,
            about=f"ticket:{number}",
            outcome=outcome,
            now=now,
            order=order,
        )
        return allowed

    if not await database.write(note):
        raise TooMany(f"{actor} looked up {LOOK_UPS} orders within the hour", retry_after=WITHIN)
    about = await database.read(lambda tx: orders.about_orders(tx, number, now))
    return await _face(directory, about, order, "entered")


async def _face(directory: Directory, about: AboutOrders, order: str, source: Source) -> OrderFace:
    match await directory.find(order):
        case Found() as found:
            level = _proven(about, found)
            return OrderFace(
                order=found.order_ref,
                source="verified" if level > Level.L0 else source,
                state="found",
                level=level,
                fields=shown(found),
            )
        case NotFound():
            return OrderFace(order=order, source=source, state="not_found")
        case _:
            return OrderFace(order=order, source=source, state="unavailable")


def _proven(about: AboutOrders, found: Found) -> Level:
    """An order is proven by itself at L1, and by whose it is above."""
    if about.level > Level.L1:
        return about.level if about.customer == found.customer_ref else Level.L0
    return about.level if about.proven and about.proven == found.order_ref else Level.L0

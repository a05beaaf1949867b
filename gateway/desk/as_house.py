"""What the house does by itself, outside any turn: the same door as an agent's verb, with the same audit."""

from collections.abc import Callable

from gateway.house import House
from gateway.pipeline.plan import Plan
from gateway.store.applying import Actor
from gateway.store.database import Tx
from gateway.store.desk import StaleTicket, apply_desk
from gateway.store.feed import Committed
from gateway.store.snapshot import Snapshot

SYSTEM = Actor(word="system")
TRIES = 3


async def act_as_house(house: House, number: str, plan_for: Callable[[Snapshot], Plan]) -> Committed:
    """Carry out on the ticket ``number`` what ``plan_for`` decides about the state the transaction sees.

    An empty plan is carried out, too, and changes nothing but the thread's version; decide beforehand.

    Raises:
        NotFound: no such ticket.
        Conflict: its status does not allow it.
        StaleTicket: others wrote on the thread at each of the tries.
    """

    def unit(tx: Tx) -> Committed:
        return apply_desk(
            tx,
            number,
            plan_for,
            actor=SYSTEM,
            now=house.clock.now(),
            policy=house.policy,
            kind=house.kind,
            key=house.fresh_key,
            is_served=house.is_served,
        )

    for left in reversed(range(TRIES)):
        try:
            committed = await house.database.write(unit)
        except StaleTicket:
            if not left:
                raise
        else:
            house.feed.publish(committed)
            return committed
    raise AssertionError("unreachable")

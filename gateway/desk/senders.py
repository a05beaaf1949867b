"""Blocking senders: their mail is kept in the spam view and answered by nobody, until somebody unblocks them."""

from collections.abc import Sequence
from typing import Any

from gateway.desk.accounts import Clock
from gateway.desk.rights import Who
from gateway.domain.senders import is_too_wide, pattern_of
from gateway.errors import NotFound, Refusal, Said
from gateway.store import senders
from gateway.store.database import Database, Tx


def checked(text: str) -> str:
    """Return the pattern for what an agent wrote.

    Raises:
        Refusal: it is neither an address nor a domain (``invalid``), or half the country writes from there
            (``too_wide``).
    """
    pattern = pattern_of(text)
    if pattern is None:
        said = Said(
            "请填写邮箱地址（如 a@b.example）或域名（如 b.example）。",
            "Write a mail address (a@b.example) or a domain (b.example).",
        )
        raise Refusal("not an address", public=said, code="invalid", field="sender")
    if is_too_wide(pattern):
        said = Said(
            "这是公共邮箱服务，屏蔽整个域名会挡住许多客户；请只屏蔽具体地址。",
            "Anybody may have a mailbox there; block the one address instead.",
        )
        raise Refusal(f"{pattern} is a public provider", public=said, code="too_wide", field="sender")
    return pattern


class Senders:
    """The list of blocked senders, and who may change it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def all(self) -> Sequence[Any]:
        """Return the blocked ones, the latest first."""
        return await self._database.read(senders.list_blocked)

    async def block(self, who: Who, sender: str, reason: str) -> str:
        """Block an address or a domain; return the pattern it is kept under. Blocking twice changes nothing."""
        pattern, now = checked(sender), self._clock.now()

        def unit(tx: Tx) -> None:
            if senders.add_blocked(tx, pattern, who.agent_id, reason, now):
                senders.record_sender(tx, "blocked", pattern, f"agent:{who.number}", reason, now)

        await self._database.write(unit)
        return pattern

    async def unblock(self, who: Who, sender: str) -> None:
        """Take a sender off the list.

        Raises:
            NotFound: it is not on it.
        """
        pattern, now = pattern_of(sender) or "", self._clock.now()

        def unit(tx: Tx) -> bool:
            if not senders.drop_blocked(tx, pattern):
                return False
            senders.record_sender(tx, "unblocked", pattern, f"agent:{who.number}", "", now)
            return True

        if not await self._database.write(unit):
            raise NotFound(f"{sender} is not blocked")

    async def unblock_all(self, who: Who, address: str) -> None:
        """Take whatever blocks an address off the list, the address itself and its domains."""
        now = self._clock.now()

        def unit(tx: Tx) -> None:
            while (pattern := senders.blocked_by(tx, address)) is not None:
                senders.drop_blocked(tx, pattern)
                senders.record_sender(tx, "unblocked", pattern, f"agent:{who.number}", "", now)

        await self._database.write(unit)

    async def of_ticket(self, number: str) -> str:
        """Return the address a ticket's contact writes from.

        Raises:
            NotFound: there is no such ticket.
        """
        found = await self._database.read(lambda tx: senders.address_of(tx, number))
        if found is None:
            raise NotFound(f"no ticket {number}")
        return found

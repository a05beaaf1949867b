"""Customers and agents at work on a house, through the doors the gateway itself uses. No web, no waiting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from adapters.contract import Accepted, Adapter, Inbound
from gateway.clock import FakeClock
from gateway.desk import actions
from gateway.desk.actions import Case, Verb
from gateway.desk.rights import Role, Who
from gateway.house import House
from gateway.intake.arrival import from_body, make_arrival
from gateway.intake.inbox import Inbox
from gateway.intake.turns import Job, Turns
from gateway.intake.worker import Worker
from gateway.store import accounts, receiving
from gateway.store import tables as t
from gateway.store.applying import Actor
from gateway.store.database import Tx
from gateway.store.desk import apply_desk
from gateway.store.feed import Committed
from gateway.store.receiving import Received
from gateway.store.snapshot import Snapshot
from tests.building import WEB
from tests.sealed_rows import read_row


@dataclass(kw_only=True)
class Street:
    """Everybody outside the house."""

    house: House
    adapters: Mapping[str, Adapter] = field(default_factory=dict)
    said: int = 0
    _turns: Turns | None = None

    def inbound(self, text: str = "转人工", *, who: str = "wang", channel: str = WEB, **more: Any) -> Inbound:
        """A message with an id of its own, on the writer's own thread."""
        self.said += 1
        usual = Inbound(
            channel=channel, external_id=f"m{self.said}", address=who, thread=f"of {who}", text=text
        )
        return usual.with_(**more)

    async def deliver(self, inbound: Inbound, cursor: str | None = None) -> Accepted:
        """Hand a message to the inbox, as an adapter does; nobody decides about it yet."""
        return await Inbox(self.house, Worker(self.house, self.adapters)).receive(inbound, cursor)

    async def receive(self, inbound: Inbound, *, owner: str | None = None) -> Received:
        """Store a message by transaction (a) itself."""
        house, now = self.house, self.house.clock.now()
        arrival = await make_arrival(house, inbound, None)
        return await house.database.write(
            lambda tx: receiving.receive(tx, arrival, now=now, zone=house.zone, owner=owner, until=now)
        )

    async def say(self, text: str = "转人工", **more: Any) -> int:
        """A customer writes and the turn is taken; return the inbox row's id."""
        accepted = await self.deliver(self.inbound(text, **more))
        await self.take(accepted.id)
        return accepted.id

    async def take(self, inbox_id: int) -> None:
        """Take the turn of a stored message."""
        row = await self.one(t.inbox, t.inbox.c.id == inbox_id)
        job = Job(
            inbox_id=inbox_id,
            inbound=from_body(row["body"], row["raw"]),
            attempts=row["attempts"],
            received_at=row["received_at"],
            raw_blob=row["raw_blob"],
        )
        if self._turns is None:
            self._turns = Turns(self.house, self.adapters)
        await self._turns.take(job)

    def later(self, span: timedelta) -> None:
        """Let time pass, and nothing else happen."""
        assert isinstance(self.house.clock, FakeClock)
        self.house.clock.jump(span)

    async def rows(
        self, table: Table, where: ColumnElement[bool] | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """Return a table's rows in the order they were made."""
        found = select(table) if where is None else select(table).where(where)
        ordered = found.order_by(*table.primary_key)
        return await self.house.database.read(
            lambda tx: [read_row(tx, table, row._mapping) for row in tx.execute(ordered)]
        )

    async def one(self, table: Table, where: ColumnElement[bool] | None = None) -> Mapping[str, Any]:
        """Return the only row there is."""
        (row,) = await self.rows(table, where)
        return row

    async def agent(self, number: str = "1001", *, state: str = "offline") -> int:
        """Employ somebody."""
        now = self.house.clock.now()

        def hire(tx: Tx) -> int:
            row = accounts.add_agent(tx, f"a{number}", number, f"客服{number}", "agent", "none", now)
            tx.execute(t.agent.update().where(t.agent.c.id == row.id).values(state=state))
            return row.id

        return await self.house.database.write(hire)

    async def act(self, agent_id: int, ticket: str, verb: Verb, **view: int) -> Committed:
        """Have an agent do something to a ticket; ``view`` says what they saw (``version``, ``seen_seq``)."""
        house, now = self.house, self.house.clock.now()
        number = f"100{agent_id}"
        who = Who(role=Role.AGENT, name=f"客服{number}", number=number, agent_id=agent_id)

        def plan_for(snapshot: Snapshot) -> Any:
            assert snapshot.ticket is not None
            lang = snapshot.conversation.lang if snapshot.conversation else "zh-CN"
            return verb(
                Case(
                    ticket=snapshot.ticket,
                    lang=lang,
                    who=who,
                    now=now,
                    policy=house.policy,
                    texts=house.texts,
                    kind=house.kind(snapshot.channel),
                )
            )

        actor = Actor(word=f"agent:{number}", agent_id=agent_id, name=who.name, number=number)
        committed = await house.database.write(
            lambda tx: apply_desk(
                tx,
                ticket,
                plan_for,
                actor=actor,
                now=now,
                policy=house.policy,
                kind=house.kind,
                key=house.fresh_key,
                is_served=house.is_served,
                **view,
            )
        )
        house.feed.publish(committed)
        return committed


def resolving(outcome: str = "已退款") -> Verb:
    """The verb of being done."""
    return lambda case: actions.resolve(case, outcome)


def replying(text: str, id: str = "r1") -> Verb:
    """The verb of answering with these words."""
    return lambda case: actions.reply(case, id=id, text=text)

"""Open a ticket for what an agent heard on the phone or at the counter: one transaction, then the news."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from adapters.contract import Capabilities, Inbound
from gateway.desk.accounts import Clock
from gateway.desk.actions import Case
from gateway.desk.life.logged import Judged, checked, opened, taken
from gateway.desk.rights import Action, Who, authorize, sight_of
from gateway.desk.tickets import actor_of
from gateway.domain.phone import phone_key
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.wording import Texts
from gateway.errors import Refusal, Said
from gateway.pipeline.language import detect
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Knows, Load, Turn
from gateway.store import visible
from gateway.store.apply import apply
from gateway.store.database import Database, Tx
from gateway.store.desk import ReplyIdTaken
from gateway.store.feed import Committed, Feed
from gateway.store.logged import known_contact, take_down, ticket_on
from gateway.store.snapshot import Snapshot, read_ticket_snapshot
from gateway.store.visible import Face
from gateway.store.visible_sight import EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an agent writes down; ``id`` is made by the desk, so that a repeated request is one ticket."""

    id: str
    channel: str
    text: str
    number: str | None = None
    """A customer's number."""
    name: str | None = None
    phone: str | None = None
    lang: str | None = None
    at: datetime | None = None
    """When it was, if not now."""
    judged: Judged = field(default_factory=Judged)
    answer: str = ""
    """What the agent said."""
    outcome: str = ""
    """What came of it, where that was all."""
    takes: bool = True
    """Whether the agent keeps it; otherwise it waits in its department's queue."""


class CallLog:
    """The agents' pen."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        feed: Feed,
        policy: Policy,
        texts: Texts,
        knowledge: Knows,
        kind: Callable[[str], ChannelKind],
    ) -> None:
        self._database, self._clock, self._feed = database, clock, feed
        self._policy, self._texts, self._knowledge, self._kind = policy, texts, knowledge, kind

    async def open(self, who: Who, heard: Heard) -> Face:
        """Return the ticket of what was heard; the same request again finds the same one.

        Raises:
            Refusal: no such channel, nobody named, a time to come.
            ReplyIdTaken: the id was used for other words.
        """
        authorize(who, Action.LOG)
        if heard.channel not in self._policy.life.logged:
            said = Said("没有这个渠道。", "There is no such channel.")
            raise Refusal(f"no logged channel {heard.channel}", public=said, code="invalid", field="channel")
        checked(
            self._clock.now(),
            heard.at,
            heard.phone,
            phone_key(heard.phone) if heard.phone else None,
            heard.number,
        )
        face, news = await self._database.write(lambda tx: self._unit(tx, who, heard))
        for committed in news:
            self._feed.publish(committed)
        return face

    def _unit(self, tx: Tx, who: Who, heard: Heard) -> tuple[Face, list[Committed]]:
        key, now = f"log-{heard.id}", self._clock.now()
        phone = phone_key(heard.phone) if heard.phone else None
        contact_id = known_contact(tx, sight_of(who), heard.number, phone)
        inbound = Inbound(
            channel=heard.channel,
            external_id=key,
            address=phone or heard.number or "",
            thread=key,
            text=heard.text,
            name=heard.name,
            lang=heard.lang or detect(heard.text, default=self._policy.languages[0]),
            sent_at=heard.at,
            may_autorespond=False,
        )
        received = take_down(tx, inbound, contact_id, now=now, zone=self._policy.hours.zone)
        if received.id_taken:
            raise ReplyIdTaken(f"id {heard.id} was used before")
        news: list[Committed] = []
        if not received.duplicate:
            assert received.snapshot is not None
            turn = self._turn(inbound, received.snapshot, now)
            plan = opened(turn, heard.judged, by=f"agent {who.number}")
            news.append(self._apply(tx, who, received.snapshot, plan, now, received.message_id))
        found = ticket_on(tx, heard.channel, key)
        assert found is not None
        number, ticket_id, thread_id = found
        if not received.duplicate and (heard.takes or heard.outcome.strip()):
            snapshot = read_ticket_snapshot(tx, thread_id, ticket_id)
            plan = taken(
                self._case(who, snapshot, now), id=heard.id, answer=heard.answer, outcome=heard.outcome
            )
            news.append(self._apply(tx, who, snapshot, plan, now, None))
        face = visible.ticket_face(tx, EVERYTHING, number)
        assert face is not None
        return face, news

    def _apply(
        self, tx: Tx, who: Who, snapshot: Snapshot, plan: Plan, now: datetime, message_id: int | None
    ) -> Committed:
        committed = apply(
            tx,
            snapshot,
            plan,
            actor=actor_of(who),
            now=now,
            policy=self._policy,
            kind=self._kind(snapshot.channel),
            key=lambda: self._clock.chance(16).hex(),
            served=True,
            message_id=message_id,
        )
        assert committed is not None, "nobody else knows of this thread yet"
        return committed

    def _turn(self, inbound: Inbound, snapshot: Snapshot, now: datetime) -> Turn:
        return Turn(
            inbound=inbound,
            now=now,
            kind=self._kind(inbound.channel),
            capabilities=Capabilities(served=True, chat_like=False),
            contact=snapshot.contact,
            conversation=None,
            ticket=None,
            load=Load(handling=self._policy.handling_default),
            policy=self._policy,
            texts=self._texts,
            knowledge=self._knowledge,
        )

    def _case(self, who: Who, snapshot: Snapshot, now: datetime) -> Case:
        assert snapshot.ticket is not None
        return Case(
            ticket=snapshot.ticket,
            lang=snapshot.contact.lang,
            who=who,
            now=now,
            policy=self._policy,
            texts=self._texts,
            kind=self._kind(snapshot.channel),
            channel=snapshot.channel,
        )

"""Carry out what an agent asks for: one transaction, then the news for everybody who watches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from gateway.desk.accounts import Clock
from gateway.desk.actions import Case, Taken
from gateway.desk.rights import Action, Who, authorize
from gateway.desk.rights import sight_of as sight_of
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.wording import Texts
from gateway.errors import Conflict, NotFound, Said
from gateway.pipeline.plan import Plan
from gateway.store import accounts, visible
from gateway.store import tables as t
from gateway.store.again import send_again
from gateway.store.applying import Actor
from gateway.store.columns import covered
from gateway.store.database import Database, Tx
from gateway.store.desk import StaleTicket, StaleView, apply_desk
from gateway.store.feed import Committed, Feed
from gateway.store.merging import threads_of
from gateway.store.snapshot import Snapshot, read_ticket_snapshot
from gateway.store.visible import Face, Sight
from gateway.store.visible_sight import EVERYTHING, standing_of


class Outdated(Conflict):
    """A conflict that shows the agent what they missed: ``shown`` goes out with it."""

    def __init__(self, error: Conflict, shown: Mapping[str, Any]) -> None:
        super().__init__(str(error), public=error.public, code=error.kind)
        self.shown = shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The ticket after it, and what was committed."""

    ticket: Face
    committed: Committed


class Desk:
    """The agents' verbs, with all they need."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        feed: Feed,
        policy: Policy,
        texts: Texts,
        is_served: Callable[[str], bool],
        kind: Callable[[str], ChannelKind],
    ) -> None:
        self._database, self._clock, self._feed = database, clock, feed
        self._policy, self._texts, self._is_served, self._kind = policy, texts, is_served, kind

    async def act(
        self,
        who: Who,
        number: str,
        verb: Callable[[Case], Plan],
        *,
        version: int | None = None,
        seen_seq: int | None = None,
    ) -> Done:
        """Carry out a verb of ``actions`` on a ticket.

        Raises:
            Outdated: codes ``stale`` (with ``by`` and ``ticket``) and ``stale_view`` (with ``missed``).
            NotFound, Forbidden, Conflict, Refusal: as the verb and ``apply_desk`` say.
        """
        now, policy, sight = self._clock.now(), self._policy, sight_of(who)

        def unit(tx: Tx) -> Done:
            must_see(tx, who, number)
            committed = apply_desk(
                tx,
                number,
                lambda snapshot: verb(self._case(who, snapshot)),
                actor=actor_of(who),
                now=now,
                policy=policy,
                kind=self._kind,
                key=lambda: self._clock.chance(16).hex(),
                is_served=self._is_served,
                version=version,
                seen_seq=seen_seq,
            )
            # What they just did, they are shown, even if it took the ticket out of their sight.
            face = visible.ticket_face(tx, EVERYTHING, number)
            assert face is not None
            return Done(ticket=face, committed=committed)

        try:
            done = await self._database.write(unit)
        except (StaleTicket, Taken) as error:
            shown = await self._database.read(lambda tx: _holder(tx, sight, number))
            raise Outdated(error, shown) from error
        except StaleView as error:
            missed = error.missed
            faces = await self._database.read(lambda tx: _missed(tx, number, missed))
            raise Outdated(error, {"missed": faces}) from error
        self._feed.publish(done.committed)
        return done

    async def said_before(self, who: Who, number: str, id: str, text: str) -> int | None:
        """Return the ``seq`` of this very reply if it was stored before, whatever became of the ticket since."""

        def unit(tx: Tx) -> int | None:
            m = t.message.c
            row = tx.execute(
                select(m.seq, m.text, m.agent_id).where(
                    m.thread_id.in_(threads_of(number)), m.public_id == id
                )
            ).first()
            return (
                row.seq
                if row and row.text == covered(tx, text.strip()) and row.agent_id == who.agent_id
                else None
            )

        return await self._database.read(unit)

    async def send_again(self, who: Who, number: str, message: str) -> None:
        """Try a message anew that was refused, held, or of unknown fate."""
        now = self._clock.now()

        def unit(tx: Tx) -> Committed:
            must_see(tx, who, number)
            snapshot = _snapshot(tx, number)
            assert snapshot.ticket is not None
            authorize(who, Action.RETRY, snapshot.ticket)
            return send_again(tx, snapshot.ticket, message, actor=f"agent:{who.number}", now=now)

        self._feed.publish(await self._database.write(unit))

    async def agent_id(self, number: str) -> int:
        """Return whose number this is.

        Raises:
            NotFound: nobody who can sign in has it.
        """
        found = await self._database.read(lambda tx: accounts.find_number(tx, number))
        if found is None:
            raise NotFound(
                f"no agent {number}",
                public=Said("没有这位客服。", "There is no such agent."),
                code="no_agent",
            )
        return found.id

    def _case(self, who: Who, snapshot: Snapshot) -> Case:
        assert snapshot.ticket is not None
        lang = snapshot.conversation.lang if snapshot.conversation else snapshot.contact.lang
        return Case(
            ticket=snapshot.ticket,
            lang=lang,
            who=who,
            now=self._clock.now(),
            policy=self._policy,
            texts=self._texts,
            kind=self._kind(snapshot.channel),
            channel=snapshot.channel,
        )


def must_see(tx: Tx, who: Who, number: str) -> None:
    """Return if somebody sees the ticket in the state this transaction sees.

    Raises:
        NotFound: there is no such ticket, or it is not for them.
    """
    standing = standing_of(tx, number)
    if standing is None:
        raise NotFound(f"no ticket {number}")
    authorize(who, Action.SEE_TICKETS, standing)


def actor_of(who: Who) -> Actor:
    """Return who acts, as the audit trail and the customer see them."""
    return Actor(word=f"agent:{who.number}", agent_id=who.agent_id, name=who.name, number=who.number)


def _snapshot(tx: Tx, number: str) -> Snapshot:
    k = t.ticket.c
    row = tx.execute(select(k.id, k.thread_id).where(k.number == number)).first()
    if row is None:
        raise NotFound(f"no ticket {number}")
    return read_ticket_snapshot(tx, row.thread_id, row.id)


def _holder(tx: Tx, sight: Sight, number: str) -> Face:
    face = visible.ticket_face(tx, sight, number)
    return {} if face is None else {"by": face["agent"], "ticket": face}


def _missed(tx: Tx, number: str, seqs: tuple[int, ...]) -> list[Face]:
    thread_id = select(t.ticket.c.thread_id).where(t.ticket.c.number == number).scalar_subquery()
    m = t.message.c
    return [face for _, face in visible.message_faces(tx, (m.thread_id == thread_id) & m.seq.in_(seqs))]

"""take(): one stored message, its Turn, the steps, the Plan applied."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from adapters.contract import Adapter, Completes, Inbound, SenderCheck, Unreadable
from adapters.text import to_plain
from gateway.domain.conversation import State
from gateway.domain.identity import Level, Standing
from gateway.domain.rules_version import rules_version
from gateway.domain.verification import Awaited
from gateway.domain.verification_claims import read_given
from gateway.house import House
from gateway.intake.arrival import look_over, store_files, told_unsafe
from gateway.intake.breaker import Breaker
from gateway.intake.crowd import Crowd
from gateway.intake.own_words import Sent, without_ours
from gateway.intake.shown import with_files
from gateway.intake.worded import worded
from gateway.pipeline.compose import must_be_silent
from gateway.pipeline.late_welcome import late_welcome
from gateway.pipeline.plan import Plan, Record, Reply
from gateway.pipeline.run import decide
from gateway.pipeline.turn import Turn
from gateway.store import lease, receiving
from gateway.store.accounts import is_colleague
from gateway.store.apply import apply
from gateway.store.database import Tx
from gateway.store.emergencies import concerned_by
from gateway.store.feed import Committed
from gateway.store.files import StoredFile, keep_files, list_files
from gateway.store.finding import Found, find_thread
from gateway.store.load import read_ahead, read_automatic
from gateway.store.proofs import Where, read_awaited, read_standing
from gateway.store.receiving import Received
from gateway.store.senders import blocked_by, refuses_mail
from gateway.store.sent import read_sent
from gateway.store.snapshot import Snapshot, read_snapshot

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

RETRIES = 8
"""So often may a thread change under a turn before it is put back for later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A leased inbox row and what is known of it already."""

    inbox_id: int
    inbound: Inbound
    attempts: int = 0
    raw_blob: str | None = None
    received: Received | None = None
    received_at: datetime | None = None
    after: asyncio.Event | None = None
    """Set once the message before it on its channel has its place: where only the content tells the thread (mail),
    an answer must not be placed before what it answers, however much longer that one takes to read."""
    placed: asyncio.Event = field(default_factory=asyncio.Event)


def warnings_of(inbound: Inbound, found: Found) -> tuple[str, ...]:
    """Return what an agent must know of a message whose thread was found by its content."""
    warnings = []
    if found.mentions is not None:
        warnings.append(f"possible follow-up of {found.mentions}")
    if found.key is not None and inbound.sender.aligned != "pass":
        warnings.append("sender not verified")
    return tuple(warnings)


def labels_of(inbound: Inbound, found: Found, *, blocked: bool) -> tuple[str, ...]:
    """Return what an agent is to see of it at a glance; the words for it are the desk's."""
    told = {
        "automatic": inbound.automatic is not None,
        **({str(inbound.automatic): True} if inbound.automatic is not None else {}),
        "spam": inbound.spam is not None,
        "blocked": blocked,
        "pending": found.pending,
        "unverified": found.key is not None and inbound.sender.aligned != "pass",
        "forged": inbound.sender.aligned == "fail",
    }
    return (*inbound.labels, *(label for label, holds in told.items() if holds))


class Turns:
    """Takes turns: everything a Turn needs is read here, everything it decides is written here."""

    def __init__(self, house: House, adapters: Mapping[str, Adapter]) -> None:
        self._house = house
        self._adapters = adapters
        self._crowd = Crowd(house)
        self._rules = rules_version(house.policy)
        self._breaker = Breaker(house.policy, house.notices)

    async def take(self, job: Job) -> None:
        """Decide about one message and carry the decision out, or leave everything as it was.

        Raises:
            Unreadable: nothing will ever make sense of it.
            StoreUnavailable: not now.
        """
        job, snapshot, message_id = await self._placed(job)
        for _ in range(RETRIES):
            if snapshot is None:
                return
            turn = await self.turn(job.inbound, snapshot)
            plan = late_welcome(turn, decide(turn), job.received_at)
            unit = partial(
                self._carry_out,
                job=job,
                snapshot=snapshot,
                plan=plan,
                turn=turn,
                message_id=message_id,
            )
            committed = await self._house.database.write(unit)
            if committed is not None:
                self._house.feed.publish(committed)
                self._count(job, plan, committed)
                self._watch_for_loops(turn, plan)
                return
            self._house.metrics.channel_events.labels(snapshot.channel, "turn_repeated").inc()
            snapshot = await self._house.database.read(partial(read_snapshot, thread_id=snapshot.thread_id))
        raise RuntimeError("the thread kept changing under the turn")

    def _watch_for_loops(self, turn: Turn, plan: Plan) -> None:
        """Count what is mailed without being asked for, and call out when a budget stops it."""
        if turn.kind != "mail" or not turn.inbound.may_autorespond:
            return
        channel, address, now = turn.inbound.channel, turn.inbound.address, turn.now
        if any(isinstance(effect, Reply) for effect in plan.effects):
            self._breaker.count(address, now)
        elif any(isinstance(effect, Record) and effect.kind == "reply.withheld" for effect in plan.effects):
            self._house.metrics.automatic_withheld.labels(channel).inc()
            if self._breaker.alarm(channel, address, now):
                log.error("automatic_mail.stopped", channel=channel, because=must_be_silent(turn))

    def _count(self, job: Job, plan: Plan, committed: Committed) -> None:
        metrics = self._house.metrics
        if committed.queue_delta > 0:
            outcome = "handover"
        else:
            outcome = plan.outcome.kind if plan.outcome is not None and committed.shown else "none"
        metrics.outcomes.labels(outcome).inc()
        if committed.shown and job.received_at is not None:
            waited = self._house.clock.now() - job.received_at
            metrics.answer_seconds.labels(committed.channel).observe(waited.total_seconds())

    def _carry_out(
        self, tx: Tx, *, job: Job, snapshot: Snapshot, plan: Plan, turn: Turn, message_id: int | None
    ) -> Committed | None:
        """Transaction (b): the Plan, and the inbox row done."""
        house = self._house
        committed = apply(
            tx,
            snapshot,
            plan,
            now=turn.now,
            policy=house.policy,
            kind=turn.kind,
            key=house.fresh_key,
            served=house.is_served(snapshot.channel),
            message_id=message_id,
        )
        if committed is not None:
            lease.finish_inbound(tx, job.inbox_id)
        return committed

    async def _placed(self, job: Job) -> tuple[Job, Snapshot | None, int | None]:
        """The message completed and in its thread; no snapshot means there is nothing left to do."""
        needs_completing = job.inbound.kind == "raw" or any(
            one.ref is not None for one in job.inbound.attachments
        )
        if not needs_completing and job.received is not None and job.received.snapshot is not None:
            return job, job.received.snapshot, job.received.message_id
        files: tuple[StoredFile, ...] = ()
        if needs_completing:
            job, files = await self._completed(job)
        else:
            _, files = await store_files(self._house, job.inbound)
        if job.after is not None:
            await job.after.wait()
        unit = partial(self._find_place, job=job, files=files, now=self._house.clock.now())
        if self._house.database.dialect == "sqlite":
            job.placed.set()  # its one writer works in the order of the asking: the next may share the commit
        snapshot, message_id = await self._house.database.write(unit)
        job.placed.set()
        return job, snapshot, message_id

    def _find_place(
        self, tx: Tx, *, job: Job, files: tuple[StoredFile, ...], now: datetime
    ) -> tuple[Snapshot | None, int | None]:
        """Give the completed message its thread; if it has one from before, only its files are new."""
        house, inbound = self._house, job.inbound
        placed = receiving.find_placed(tx, job.inbox_id, inbound)
        if placed is not None:
            thread = placed.snapshot
            if files:
                keep_files(tx, thread.thread_id, inbound.channel, thread.key, files, now)
                list_files(tx, placed.message_id, inbound, files)
            return thread, placed.message_id
        key = inbound.thread
        if key is None:
            found = find_thread(tx, inbound, house.siblings(inbound.channel))
            if found.duplicate:
                lease.finish_inbound(tx, job.inbox_id)
                if found.twin is not None:
                    receiving.save_place(tx, job.inbox_id, *found.twin)
                return None, None
            key = found.key or house.clock.chance(10).hex()
            inbound = inbound.with_(
                channel=found.channel,
                defects=(*inbound.defects, *warnings_of(inbound, found)),
                html=with_files(inbound.html, inbound.attachments) if inbound.html else None,
                labels=labels_of(inbound, found, blocked=blocked_by(tx, inbound.address) is not None),
            )
            inbound = told_unsafe(inbound, house.policy.cover, house.kind(inbound.channel))
        inbound = worded(inbound, house.texts, house.zone, house.policy.languages[0])
        keep_ref = not house.is_served(inbound.channel)
        done = receiving.place(
            tx, job.inbox_id, inbound, key, files, now=now, zone=house.zone, keep_ref=keep_ref
        )
        return done.snapshot, done.message_id

    async def _completed(self, job: Job) -> tuple[Job, tuple[StoredFile, ...]]:
        adapter: object = self._adapters.get(job.inbound.channel)
        inbound = job.inbound
        if inbound.kind == "raw" and inbound.raw is None and job.raw_blob is not None:
            inbound = inbound.with_(raw=await self._house.blobs.read(job.raw_blob))
        if not isinstance(adapter, Completes):
            raise Unreadable(f"channel {inbound.channel} is not configured any more")
        inbound = await self._with_own_words(await self._forwarded(await adapter.complete(inbound)))
        inbound, files = await store_files(self._house, inbound)
        await look_over(self._house, inbound)
        return replace(job, inbound=inbound, received=None), files

    async def _forwarded(self, inbound: Inbound) -> Inbound:
        """Take a mail that a colleague hands on for its first sender's, where the server vouches for the colleague.

        Otherwise anybody could put words into a customer's mouth by claiming to be one of us.
        """
        if inbound.forwarded_from is None or inbound.sender.aligned != "pass":
            return inbound
        if not await self._house.database.read(lambda tx: is_colleague(tx, inbound.address)):
            return inbound
        address, name = inbound.forwarded_from
        return inbound.with_(
            address=address,
            name=name or None,
            refs=(),
            token=None,
            sender=SenderCheck(),
            labels=(*inbound.labels, "forwarded"),
            defects=(*inbound.defects, f"handed on by {inbound.address}"),
            may_autorespond=False,
        )

    async def _with_own_words(self, inbound: Inbound) -> Inbound:
        """Take out of a mail's new words what we wrote ourselves, where the thread it refers to is known."""
        channels = self._house.siblings(inbound.channel)
        if not channels or inbound.automatic is not None or not (inbound.refs or inbound.token):
            return inbound
        rows = await self._house.database.read(lambda tx: read_sent(tx, inbound, channels))
        sent = [Sent(text=to_plain(text), signed=signed) for text, signed in rows]
        return inbound.with_(text=without_ours(inbound.text, sent, inbound.recipients)) if sent else inbound

    async def turn(self, inbound: Inbound, snapshot: Snapshot) -> Turn:
        """Read everything a step may know; also what `gateway replay` decides upon."""
        house = self._house
        load = await self._crowd.load()
        conversation, now, kind = snapshot.conversation, house.clock.now(), house.kind(inbound.channel)
        if conversation is not None and conversation.state is State.QUEUED and conversation.queued_at:
            waiting = conversation.id
            ahead = await house.database.read(lambda tx: read_ahead(tx, waiting))
            load = replace(load, waiting=ahead)
        blocked = no_mail = None
        if kind == "mail" and inbound.address:
            contact_id, channel = snapshot.contact.id, snapshot.channel
            blocked, no_mail = await house.database.read(
                lambda tx: (blocked_by(tx, inbound.address), refuses_mail(tx, contact_id, channel))
            )
        sent: tuple[int, ...] = ()
        if kind == "mail" and inbound.may_autorespond:
            spans = [limit.within for limit in house.policy.automatic_mail]
            sent = await house.database.read(lambda tx: read_automatic(tx, snapshot.contact.id, now, spans))
        emergencies, concerned = house.emergencies.now, frozenset[int]()
        if emergencies and conversation is not None:
            conversation_id = conversation.id
            concerned = await house.database.read(lambda tx: concerned_by(tx, conversation_id))
        inbound, proving = await self._proving(inbound, snapshot, now)
        return Turn(
            inbound=inbound,
            **proving,
            now=now,
            kind=kind,
            capabilities=house.capabilities[inbound.channel],
            contact=snapshot.contact,
            conversation=conversation,
            ticket=snapshot.ticket,
            load=load,
            policy=house.policy,
            texts=house.texts,
            knowledge=house.library,
            triager=house.triager,
            blocked=blocked,
            no_mail=no_mail,
            automatic_sent=sent,
            rules=self._rules,
            emergencies=emergencies,
            concerned=concerned,
            stopped=self._breaker.stops(inbound.address, now) if kind == "mail" else None,
        )

    async def _proving(
        self, inbound: Inbound, snapshot: Snapshot, now: datetime
    ) -> tuple[Inbound, dict[str, Any]]:
        """Return the message without what it gives for a check, and what a Turn knows of proofs.

        A house without customer records asks its database nothing here.
        """
        rules, current = self._house.policy.verification, snapshot.conversation
        if not rules.enabled:
            return inbound, {}
        where = Where(
            conversation_id=current.id if current else None,
            channel=snapshot.channel,
            thread_key=snapshot.key,
            contact_id=snapshot.contact.id,
        )

        asked_since = now - rules.spans[Level.L1].idle

        def unit(tx: Tx) -> tuple[Standing, Awaited | None]:
            standing = read_standing(tx, where, now)
            return standing, read_awaited(tx, current.id, asked_since) if current else None

        standing, awaited = await self._house.database.read(unit)
        given = read_given(inbound.text, awaited.step if awaited else None, self._house.policy.entities)
        if given.is_secret:
            inbound = inbound.with_(text=given.words, full_text=None, html=None)
        ticket = self._house.clock.chance(32).hex() if rules.page else ""
        return inbound, {"standing": standing, "awaited": awaited, "given": given, "page_ticket": ticket}

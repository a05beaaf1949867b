"""Attempts are looked up outside every transaction, and their outcome is said at a fixed time, whatever it is."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import select

from adapters.contract import Inbound
from gateway.desk.verification_looking import Seen, look, said_of
from gateway.domain.identity import Level, Standing
from gateway.domain.verification import Checked, Kind, Outcome, VerificationRules, granted, say_at
from gateway.house import LEASE, House
from gateway.pipeline.turn import Load, Turn
from gateway.pipeline.verified import settle
from gateway.store import attempts, proofs
from gateway.store import tables as t
from gateway.store.apply import apply
from gateway.store.apply_verify import AlreadySettled
from gateway.store.applying import BOT
from gateway.store.attempts import Attempt
from gateway.store.database import StoreUnavailable, Tx
from gateway.store.feed import Committed
from gateway.store.load import read_load
from gateway.store.proofs import Where
from gateway.store.snapshot import Snapshot, read_snapshot

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST = timedelta(seconds=30)
BATCH = 50
TRIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """What an outcome is said with."""

    snapshot: Snapshot
    words: str
    load: Load
    checked: Checked


class Verification:
    """The one task that settles attempts; rows are leased, so that a crash gives them back, once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._changed = asyncio.Event()
        self._tasks: asyncio.TaskGroup | None = None
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Settle what is reserved, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            if self._house.database.dialect == "sqlite":
                await self._take_back()
            while True:
                self._changed.clear()
                next_at = None
                try:
                    while await self._take():
                        pass
                    next_at = await self._house.database.read(attempts.next_lease)
                except StoreUnavailable as error:
                    log.warning("verification.unavailable", error=str(error))
                await self._sleep(next_at)

    async def _take_back(self) -> None:
        """One process has this database: what another held, it held before it died."""
        owner = self._house.owner
        await self._house.database.write(lambda tx: attempts.give_back(tx, owner))

    async def _take(self) -> int:
        house, now = self._house, self._house.clock.now()
        unit = partial(attempts.take, owner=house.owner, now=now, until=now + LEASE, limit=BATCH)
        taken = await house.database.write(unit)
        assert self._tasks is not None
        for each in taken:
            self._tasks.create_task(self._guarded(each))
        return len(taken) if len(taken) == BATCH else 0

    async def _guarded(self, attempt: Attempt) -> None:
        """One attempt that breaks something hurts only itself: its lease runs out, and it is taken once more."""
        try:
            await self.settle(attempt)
        except AlreadySettled:
            return
        except StoreUnavailable as error:
            log.warning("verification.not_settled", attempt=attempt.id, error=str(error))
        except Exception:  # one check that fails must not end the task: the next start takes it up again
            log.exception("verification.failed", attempt=attempt.id)

    async def settle(self, attempt: Attempt) -> None:
        """Look it up, wait until it may be said, and say it.

        Raises:
            AlreadySettled: somebody else did.
        """
        house, rules = self._house, self._house.policy.verification
        seen = await look(house, attempt)
        due_at = say_at(attempt.at, house.clock.now(), rules.deadline)
        await house.clock.wait(due_at - house.clock.now())
        number = f"{int.from_bytes(house.clock.chance(4), 'big') % 90 + 10}"
        unit = partial(self._settled, attempt=attempt, seen=seen, number=number)
        for _ in range(TRIES):
            done = await house.database.write(unit)
            if done is None:
                continue  # only where several gateways share a database: another wrote on the thread just now
            committed, checked = done
            if committed is not None:
                house.feed.publish(committed)
            house.metrics.checks.labels(checked.kind.value, checked.outcome.value).inc()
            return
        raise RuntimeError("the thread kept changing under the outcome")

    def _settled(
        self, tx: Tx, *, attempt: Attempt, seen: Seen, number: str
    ) -> tuple[Committed | None, Checked] | None:
        """One transaction: decide on what is there now, and carry it out; None if the thread changed meanwhile."""
        house = self._house
        prepared = self._prepared(tx, attempt=attempt, seen=seen)
        if prepared is None:
            attempts.settle(tx, attempt.id, Outcome.BLOCKED, attempt.why, house.clock.now())
            nobody = Checked(
                kind=attempt.kind, outcome=Outcome.BLOCKED, awaited=attempt.awaited, attempt_id=attempt.id
            )
            return None, nobody
        checked = replace(prepared.checked, number=number)
        turn = self._turn(attempt, prepared, checked)
        committed = self._carry_out(tx, turn=turn, snapshot=prepared.snapshot)
        return None if committed is None else (committed, checked)

    def _prepared(self, tx: Tx, *, attempt: Attempt, seen: Seen) -> "_Prepared | None":
        """Everything the outcome is said with; None where the thread has gone on to another conversation."""
        house, now = self._house, self._house.clock.now()
        rules = house.policy.verification
        snapshot = read_snapshot(tx, attempt.thread_id)
        current = snapshot.conversation
        if current is None or current.id != attempt.conversation_id:
            return None
        where = Where(
            conversation_id=attempt.conversation_id,
            channel=snapshot.channel,
            thread_key=snapshot.key,
            contact_id=attempt.contact_id,
        )
        before = proofs.read_standing(tx, where, now)
        awaited = attempt.awaited
        if attempt.kind is Kind.CODE:
            awaited = proofs.read_awaited(tx, attempt.conversation_id) or awaited
        if seen.used is not None:
            awaited = replace(awaited, order=seen.used.order)
        standing = _raised(before, seen, attempt, rules, now)
        outcome, said = seen.outcome, ""
        if outcome is Outcome.MATCH and awaited.action and seen.found is not None:
            kind = house.kind(snapshot.channel)
            shown = said_of(house, attempt, awaited.action, seen.found, standing, kind, current.lang)
            said = shown or ""
            if shown is None and attempt.kind is Kind.SHOW:
                outcome = Outcome.MISS  # somebody else's order looks like none
        failed = outcome in (Outcome.MISS, Outcome.BLOCKED)
        missed = attempts.order_missed(tx, attempt, rules, now) + 1
        return _Prepared(
            snapshot=snapshot,
            words=_last_words(tx, attempt.conversation_id),
            load=read_load(tx, house.policy.handling_default),
            checked=Checked(
                kind=attempt.kind,
                outcome=outcome,
                awaited=awaited,
                attempt_id=attempt.id,
                why=attempt.why,
                standing=standing,
                method=seen.method if outcome is Outcome.MATCH else None,
                code_id=seen.used.id if seen.used is not None else None,
                misses=attempts.misses_of(tx, attempt.conversation_id, rules, now) + failed,
                hint=seen.hint if before.level >= Level.L1 else "",
                said=said,
                is_first=_is_first(tx, attempt.conversation_id),
                lock_order=outcome is Outcome.MISS and missed == rules.order_misses,
            ),
        )

    def _turn(self, attempt: Attempt, prepared: "_Prepared", checked: Checked) -> Turn:
        house, snapshot = self._house, prepared.snapshot
        inbound = Inbound(
            channel=snapshot.channel,
            external_id=f"attempt:{attempt.id}",
            thread=snapshot.key,
            text=prepared.words,
            subject=snapshot.subject,
        )
        return Turn(
            inbound=inbound,
            now=house.clock.now(),
            kind=house.kind(snapshot.channel),
            capabilities=house.capabilities[snapshot.channel],
            contact=snapshot.contact,
            conversation=snapshot.conversation,
            ticket=snapshot.ticket,
            load=prepared.load,
            policy=house.policy,
            texts=house.texts,
            knowledge=house.library,
            triager=house.triager,
            standing=checked.standing,
            awaited=checked.awaited,
            checked=checked,
        )

    def _carry_out(self, tx: Tx, *, turn: Turn, snapshot: Snapshot) -> Committed | None:
        house = self._house
        return apply(
            tx,
            snapshot,
            settle(turn),
            actor=BOT,
            now=turn.now,
            policy=house.policy,
            kind=turn.kind,
            key=house.fresh_key,
            served=house.is_served(snapshot.channel),
            is_served=house.is_served,
        )

    async def _sleep(self, next_at: datetime | None) -> None:
        now = self._house.clock.now()
        left = LONGEST if next_at is None else min(LONGEST, max(next_at - now, timedelta(milliseconds=50)))
        tick = asyncio.ensure_future(self._house.clock.wait(left))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((tick, changed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            changed.cancel()

    def _heard(self, committed: Committed) -> None:
        if any(one.kind == "verification" for one in committed.events):
            self._changed.set()


def _raised(
    before: Standing, seen: Seen, attempt: Attempt, rules: VerificationRules, now: datetime
) -> Standing:
    """Return what is proven with this attempt; what was proven before goes on for itself."""
    if seen.outcome is not Outcome.MATCH or seen.found is None or seen.level is Level.L0:
        return before
    return granted(
        seen.level,
        rules,
        now,
        conversation=attempt.conversation_id,
        identity=proofs.identity_of(attempt.contact_id),
        order=seen.found.order_ref if seen.level is Level.L1 else "",
        customer=seen.found.customer_ref,
    )


def _last_words(tx: Tx, conversation_id: int) -> str:
    """Return what the contact last said that was no answer to a check: what it is all about."""
    m = t.message.c
    theirs = select(m.text).where(m.conversation_id == conversation_id, m.author == "customer")
    rows = tx.execute(theirs.order_by(m.seq.desc()).limit(20)).scalars().all()
    plain = [text for text in rows if "****" not in text and len(text.strip()) > 8]
    return str((plain or list(rows) or [""])[0])


def _is_first(tx: Tx, conversation_id: int) -> bool:
    m = t.message.c
    said = select(m.id).where(m.conversation_id == conversation_id, m.author != "customer").limit(1)
    return tx.execute(said).first() is None

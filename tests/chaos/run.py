"""One run: so many cycles of load, kill -9 and restart on one database; then drain, look, and judge."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp

from gateway.safety.reading import reading
from gateway.store.columns import to_micros
from tests.chaos import installation
from tests.chaos.chat import ChatLoad
from tests.chaos.checker import Verdict, check
from tests.chaos.installation import Installation
from tests.chaos.journal import Journal
from tests.chaos.providers import MailLoad, MessengerLoad, SlowBotApi, keep_carried
from tests.chaos.rows import read_rows, unfinished
from tests.servers.dovecot import PASSWORD, running_dovecot
from tests.servers.postgres import running_postgres
from tests.servers.smtp import running_relay
from tests.servers.telegram import TOKEN

DRAIN_WITHIN = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do; the same plan with the same seed kills at the same instants and writes the same words.

    How the processes are scheduled in between is the machine's, so a failing seed is a good guess, not a film.
    """

    cycles: int
    database: str
    seed: int
    sender: bool = False
    """Kill while replies are on their way, with providers that answer slowly."""
    cold_every: int = 10
    """Every so many starts is a cold one of the installed command; recovery is measured on those too."""
    channels: tuple[str, ...] = ("web", "tg", "mail")


@dataclass(slots=True, kw_only=True)
class Outcome:
    """The verdict, and how long everything took."""

    plan: Plan
    verdict: Verdict
    kills: int
    seconds: float = 0.0
    worst_recovery_cold: float = 0.0
    worst_recovery_warm: float = 0.0
    drained_in: float = 0.0
    stopped_in: float = 0.0
    left_behind: list[int] = field(default_factory=list)
    kept_in: str = ""
    """The folder, if something was wrong."""


async def carry_out(plan: Plan) -> Outcome:
    """Do it."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="chaos"))
    async with _rig(plan, folder) as rig:
        outcome = await rig.carry_out()
    outcome.seconds = time.monotonic() - began
    outcome.kept_in = str(folder) if outcome.verdict.broken else ""
    return outcome


@dataclass(kw_only=True)
class Rig:
    """Everything that takes part."""

    plan: Plan
    database: str
    gateway: Installation
    journal: Journal
    api: SlowBotApi
    chat: ChatLoad
    messenger: MessengerLoad
    mail: MailLoad
    recoveries: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})

    async def carry_out(self) -> Outcome:
        """Cycles, drain, judgement."""
        rng = Random(f"{self.plan.seed}/kills")
        await self.gateway.warm_up()
        async with asyncio.TaskGroup() as tasks:
            for each in self._loads():
                tasks.create_task(each)
            try:
                for cycle in range(self.plan.cycles):
                    is_cold = cycle % self.plan.cold_every == 0
                    await self._start(cold=is_cold)
                    await self._instant(rng, longest=5.0 if is_cold else 1.5)
                    await self.gateway.kill()
                    self.journal.kills += 1
            finally:
                for load in (self.chat, self.messenger, self.mail):
                    load.stopping.set()
            await self._start(cold=True)
        drained_in = await self._drain()
        for visitor in self.chat.visitors:
            self.journal.transcripts[visitor.thread] = await visitor.fetch(0)
        stopped_in = await self.gateway.stop()
        left = await self.gateway.left_behind()
        async with reading(self.database) as database:
            rows = await database.read(read_rows)
        verdict = check(rows, self.journal, now=_now())
        if stopped_in > 10:
            verdict.broken.append(f"stop: took {stopped_in:.1f} s")
        if left:
            verdict.broken.append(f"processes: {sorted(left)} outlived their gateway")
        return Outcome(
            plan=self.plan,
            verdict=verdict,
            kills=self.journal.kills,
            worst_recovery_cold=max(self.recoveries[True], default=0),
            worst_recovery_warm=max(self.recoveries[False], default=0),
            drained_in=drained_in,
            stopped_in=stopped_in,
            left_behind=sorted(left),
        )

    def _loads(self) -> "list[asyncio._CoroutineLike[None]]":
        loads: list[asyncio._CoroutineLike[None]] = []
        if "web" in self.plan.channels:
            loads += [self.chat.by_http(n) for n in range(2)] + [self.chat.by_socket(n) for n in range(3)]
        if "tg" in self.plan.channels:
            loads += [self.messenger.run(n) for n in range(2)]
        if "mail" in self.plan.channels:
            loads.append(self.mail.run())
        return loads

    async def _start(self, *, cold: bool) -> None:
        began = time.monotonic()
        await self.gateway.start(cold=cold)
        if self.journal.kills:
            self.recoveries[cold].append(time.monotonic() - began)

    async def _instant(self, rng: Random, *, longest: float) -> None:
        """Wait for the instant to kill; a longer life now and then lets mail get as far as it can be caught."""
        if not self.plan.sender:
            await asyncio.sleep(rng.uniform(0.05, longest))
            return
        self.api.sending.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                await self.api.sending.wait()
        await asyncio.sleep(rng.uniform(0, 0.3))

    async def _drain(self) -> float:
        """Wait until everything sent is acknowledged and everything owed is done."""
        began = time.monotonic()
        async with reading(self.database) as database:
            while time.monotonic() - began < DRAIN_WITHIN:
                self.messenger.note_confirmed()
                is_taken = all(sent.acked for sent in self.journal.sent.values())
                rows = await database.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM message WHERE author = 'customer'").scalar_one())  # fmt: skip
                if is_taken and rows >= len(self.journal.sent) and not await database.read(unfinished):
                    break
                await asyncio.sleep(0.1)
        return time.monotonic() - began


@contextlib.asynccontextmanager
async def _rig(plan: Plan, folder: Path) -> AsyncIterator[Rig]:
    journal, slow = Journal(), 0.25 if plan.sender else 0.0
    async with contextlib.AsyncExitStack() as stack:
        database = f"sqlite:///{folder}/data/gateway.db"
        if plan.database == "postgres":
            database = stack.enter_context(running_postgres()).create()
        dovecot = stack.enter_context(running_dovecot())
        relay = stack.enter_context(running_relay())
        api = await stack.enter_async_context(SlowBotApi(journal, Random(f"{plan.seed}/api"), slow))
        keep_carried(relay, journal, Random(f"{plan.seed}/relay"), slow, api.sending)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        port = installation.quiet_port(Random())
        installation.write_files(
            folder,
            port=port,
            database=database,
            token=TOKEN,
            password=PASSWORD,
            bot_api=api.base_url,
            imap=dovecot.imap,
            relay=relay.port,
        )
        gateway = Installation(folder=folder, port=port, session=session)
        stack.callback(gateway.close)
        seed = f"{plan.database}.{plan.seed}"
        yield Rig(
            plan=plan,
            database=database,
            gateway=gateway,
            journal=journal,
            api=api,
            chat=ChatLoad(url=gateway.url, session=session, journal=journal, seed=seed),
            messenger=MessengerLoad(api=api, journal=journal, seed=seed, pace=0.08 if plan.sender else 0.25),
            mail=MailLoad(
                dovecot=dovecot, relay=relay, journal=journal, seed=seed, pace=0.3 if plan.sender else 1.0
            ),
        )


def _now() -> int:
    from datetime import UTC, datetime

    return to_micros(datetime.now(UTC))

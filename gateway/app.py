"""Builds everything from Settings; the only module that knows all others; nobody imports it but the commands."""

import asyncio
import gc
import os
import signal
import ssl
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from adapters.contract import Adapter, Capabilities, HasRoutes, LiveNotice, Outbound, Rendered, Renders
from adapters.outgoing import Outgoing
from adapters.reading import parser_is_fast
from gateway import __version__, control, memory
from gateway.admin import admin_verbs
from gateway.clock import SystemClock
from gateway.desk.alarm_hook import AlarmHook
from gateway.desk.alarms import Alarms
from gateway.desk.assigning import Assigning
from gateway.desk.closing import Closing
from gateway.desk.delays import Delays
from gateway.desk.emergencies import Emergencies
from gateway.desk.escalation import Escalation
from gateway.desk.post import HousePost
from gateway.desk.presence import Presence
from gateway.desk.seal_watch import SealWatch
from gateway.desk.shifts import Shifts
from gateway.desk.verification import Verification
from gateway.desk.verification_codes import Codes
from gateway.directory.opening import open_directory
from gateway.errors import OutsideFailure
from gateway.gauges import Gauges
from gateway.house import House
from gateway.intake.alone import Alone
from gateway.intake.context import ChannelContext, Live
from gateway.intake.inbox import Inbox
from gateway.intake.keeper import ChannelReport, Keeper
from gateway.intake.places import Places
from gateway.intake.worker import Worker
from gateway.keeping import eraser_in, keepers, note_start
from gateway.kept_knowledge import KeptKnowledge
from gateway.keys_admin import key_verbs
from gateway.knowledge_gauges import knowledge_verbs, show_knowledge
from gateway.library import Library
from gateway.metrics import Metrics
from gateway.node import claim_place
from gateway.outbox.dispatcher import Dispatcher
from gateway.outbox.rescue import Rescue
from gateway.privacy import privacy_verbs
from gateway.settings import Settings
from gateway.settings.limits import LimitRules
from gateway.sms import open_sms
from gateway.store.accounts import hashed
from gateway.store.blobs import Blobs
from gateway.store.database import Database, SqliteDatabase, open_database
from gateway.store.feed import Feed
from gateway.store.links import make_setup_link
from gateway.store.migrate import migrate
from gateway.store.root_file import ring_of
from gateway.texts import load_texts
from gateway.web.limits import Limits, Pace
from gateway.web.server import STOP_WITHIN, build_app
from gateway.web.world import PARTS, ChannelState, World, as_text

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

FINISH_WITHIN = timedelta(seconds=4)
"""What a stop may wait for turns and sends in hand; what is not done is done after the next start."""


PROTOCOL: dict[str, Any] = {"keepalive_timeout": 75, "auto_decompress": False}
"""A line that says nothing, or not the whole of a request's head, is closed after so many seconds; what came packed
stays packed, and is refused by every reader of ours."""


class CannotListen(OutsideFailure):
    """The address is somebody else's, or not ours to take."""


class SlowParser(OutsideFailure):
    """aiohttp came without its compiled parser."""


class Application:
    """One gateway process: built, run until told to stop, stopped in order."""

    def __init__(self, settings: Settings, *, clock: SystemClock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self._stop = asyncio.Event()
        self._hear: Callable[[str, str], None] = lambda channel, thread: None
        settings.data.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._ring = ring_of(settings, self.clock.now)
        self.database: Database = open_database(settings.database_url, self._ring)
        self.database.cover_by(settings.policy().cover)
        migrate(self.database)
        self._place = claim_place(settings.data.dir, self.clock)
        self.house = self._house()
        self.seals = SealWatch(self.house)
        self._ring.on_unreadable = self.seals.heard
        self.escalation = Escalation(self.house)
        self.rescue = Rescue(self.house, "" if isinstance(self.database, SqliteDatabase) else self._place)
        self.live = Live(self.house)
        self.keeper = Keeper(self.clock)
        self.adapters: dict[str, Adapter] = {}
        self._kept: dict[str, Adapter] = {}
        self.worker = Worker(self.house, self.adapters)
        self._inbox = Inbox(self.house, self.worker)
        secret = root_secret(settings.data.dir, self.clock)
        for channel in settings.channels.values():
            self.keeper.register(channel.name, channel.kind)
            context = ChannelContext(
                channel.name,
                self.house,
                self._inbox,
                self.live,
                root_secret=secret,
                public_url=settings.server.public_url or self.address,
                consent=settings.privacy.consent,
                on_progress=lambda detail, name=channel.name: self.keeper.progress(name, detail),  # type: ignore[misc] # bound now
                on_typing=self._hear_typing,
            )
            self.adapters[channel.name] = channel.spec.create(channel.settings, context)
            self._kept[channel.name] = (
                self._alone(channel.name, context) if channel.spec.exclusive else self.adapters[channel.name]
            )
        self.dispatchers = [
            Dispatcher(self.house, name, adapter)
            for name, adapter in self.adapters.items()
            if not self.house.is_served(name)
        ]

    def _alone(self, channel: str, context: ChannelContext) -> Alone:
        """The adapter of a channel that only one process at a time may read."""
        return Alone(
            self.adapters[channel],
            channel,
            self.house,
            place="" if isinstance(self.database, SqliteDatabase) else self._place,
            fence=context.read_under,
            stand_by=lambda detail: self.keeper.progress(channel, detail),
        )

    def _delays(self) -> Delays:
        delays = Delays(self.house)
        self.escalation.on_fired.append(delays.heard)
        return delays

    def _house(self) -> House:
        settings, clock = self.settings, self.clock
        policy = settings.policy()
        metrics = Metrics()
        if isinstance(self.database, SqliteDatabase):
            self.database.on_batch = metrics.commit_writes.observe
            self.database.on_commit = metrics.commit_seconds.observe
        library = Library(
            settings.knowledge.folder,
            lambda: clock.now().astimezone(policy.hours.zone).date(),
            clock=clock,
            semantic=settings.knowledge.semantic,
            kept=KeptKnowledge(settings.data.dir / "cache", settings.knowledge.folder, policy.languages[0]),
            first_language=policy.languages[0],
        )
        show_knowledge(metrics, library, clock)
        outgoing = Outgoing(settings.outgoing.egress())
        return House(
            database=self.database,
            feed=Feed(),
            blobs=Blobs(settings.data.dir / "blobs"),
            policy=policy,
            texts=load_texts(),
            library=library,
            clock=clock,
            metrics=metrics,
            capabilities={
                **dict.fromkeys(policy.life.logged, Capabilities(served=True, chat_like=False)),
                **{one.name: one.spec.capabilities for one in settings.channels.values()},
            },
            owner=self._place + clock.chance(8).hex(),
            triager=settings.triager(),
            outgoing=outgoing,
            directory=open_directory(settings.directory, clock, metrics, outgoing),
            uploads=settings.uploads.gate(),
        )

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the gateway."""
        return self.settings.server.address

    def stop(self) -> None:
        """Ask for an orderly end; may be called from a signal handler."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until ``stop``; then finish what is in hand, within ten seconds in all."""
        await self._take_back()
        await note_start(self.house, self.settings)
        site = self._web()
        self._hear = site[PARTS].typing.heard
        runner = web.AppRunner(
            site, access_log=None, shutdown_timeout=STOP_WITHIN, handle_signals=False, **PROTOCOL
        )
        await runner.setup()
        try:
            await self._listen(runner)
        except CannotListen:
            await runner.cleanup()
            await self.database.close()
            raise
        rest_garbage_collector()
        async with asyncio.TaskGroup() as tasks:
            work = [tasks.create_task(each) for each in self._tasks(site)]
            await self._welcome()
            await self._stop.wait()
            log.info("stopping")
            await self._finish(runner)
            for task in work:
                task.cancel()
        await self.house.directory.close()
        await self.database.close()
        log.info("stopped")

    def _tasks(self, site: web.Application) -> list[Coroutine[Any, Any, None]]:
        presence = Presence(self.house)

        async def shut_out() -> None:
            await site[PARTS].hub.recheck()
            presence.nudge()

        return [
            self.worker.run(),
            self.house.library.watch(polling=self.settings.knowledge.watch == "polling"),
            Places(self.house, self.live).run(),
            self.escalation.run(),
            self._delays().run(),
            Assigning(self.house).run(),
            presence.run(),
            Shifts(self.house).run(),
            self._alarms().run(),
            Emergencies(self.house, self._works).run(),
            Closing(self.house).run(),
            self.seals.run(),
            *keepers(self.house, self.settings),
            self.house.directory.run(),
            Verification(self.house).run(),
            self._codes().run(),
            Gauges(self.house, self.keeper, self.live).run(),
            self.rescue.run(),
            control.serve(
                self.settings.data.dir,
                {
                    **admin_verbs(self.database, self.clock, shut_out),
                    **key_verbs(self.database, self._ring, self.clock),
                    **knowledge_verbs(self.house.library),
                    **privacy_verbs(eraser_in(self.house, self.settings), self.settings, self.house.metrics),
                },
            ),
            *(dispatcher.run() for dispatcher in self.dispatchers),
            *(self.keeper.keep(name, adapter) for name, adapter in self._kept.items()),
        ]

    def _codes(self) -> Codes:
        chosen = self.settings
        sms = open_sms(chosen.sms, self.house.outgoing, self.clock)
        return Codes(
            self.house, self.adapters, sms, mailbox=chosen.mailbox_of_codes, region=chosen.sms.region
        )

    def _alarms(self) -> Alarms:
        chosen = self.settings.alarms
        hook = None
        if chosen.webhook and chosen.webhook_secret is not None:
            hook = AlarmHook(chosen.webhook, chosen.keys(), self.house.outgoing, self.clock)
        base = self.settings.server.public_url or self.address
        return Alarms(self.house, self.adapters, base=base, hook=hook)

    async def _take_back(self) -> None:
        """What a process before us held when it died is due again."""
        await self.rescue.once()

    async def _listen(self, runner: web.AppRunner) -> None:
        server = self.settings.server
        tls = None
        if server.tls_certificate and server.tls_key:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(server.tls_certificate, server.tls_key)
        site = web.TCPSite(runner, server.host, server.port, ssl_context=tls, backlog=1024)
        try:
            await site.start()
        except OSError as error:
            raise CannotListen(
                f"cannot listen on {server.host}:{server.port} ({error.strerror}): set server.port to a free port, "
                f"for example GATEWAY__SERVER__PORT={server.port + 1}, or stop what uses it"
            ) from error
        log.info("ready", address=self.address, version=__version__, channels=list(self.adapters))

    async def _welcome(self) -> None:
        """Print where to go; while there is no administrator, the one-time link that makes one."""
        token = self.clock.chance(32).hex()
        now = self.clock.now()
        base = self.settings.server.public_url or self.address
        print(f"\n  Intake Gateway {__version__}\n  shop page  {base}/\n  desk       {base}/desk", flush=True)
        if await self.database.write(lambda tx: make_setup_link(tx, hashed(token), now)):
            print(
                f"  first administrator (once, within 15 minutes): {base}/desk/setup#{token}\n"
                f"  首位管理员请在 15 分钟内打开上面的一次性链接。",
                flush=True,
            )
        print(flush=True)

    async def _finish(self, runner: web.AppRunner) -> None:
        """No new messages, then the turns and sends in hand; what remains is in the tables."""
        for adapter in self.adapters.values():
            await adapter.close()
        await runner.cleanup()
        await self.house.outgoing.close()
        try:
            async with asyncio.timeout(FINISH_WITHIN.total_seconds()):
                await self.worker.finish()
                for dispatcher in self.dispatchers:
                    await dispatcher.finish()
        except TimeoutError:
            log.warning("stopping.unfinished")  # leased rows come back with the next start

    def _web(self) -> web.Application:
        server = self.settings.server
        routes: list[web.AbstractRouteDef] = []
        for adapter in self.adapters.values():
            if isinstance(adapter, HasRoutes):
                routes.extend(adapter.routes())
        world = World(
            triager=self.house.triager,
            directory=self.house.directory,
            database=self.database,
            feed=self.house.feed,
            blobs=self.house.blobs,
            policy=self.house.policy,
            texts=self.house.texts,
            library=self.house.library,
            clock=self.clock,
            metrics=self.house.metrics,
            version=__version__,
            channels=self._channel_states,
            is_served=self.house.is_served,
            kind=self.house.kind,
            tell_typing=self._tell_typing,
            render=self._render,
            uploads=self.house.uploads,
            limits=limits_of(self.settings.limits),
            accounts=self.settings.accounts.rules(),
            outgoing=self.house.outgoing,
            post=HousePost(self.house, self.adapters),
            public_url=server.public_url,
            local_url=self.address,
            trusted_proxies=server.trusted_proxies,
        )
        return build_app(world, routes)

    def _render(self, channel: str, outbound: Outbound) -> Sequence[Rendered]:
        adapter = self.adapters.get(channel)
        return adapter.render(outbound) if isinstance(adapter, Renders) else as_text(channel, outbound)

    def _works(self) -> Sequence[tuple[str, bool, str]]:
        return [(one.name, one.state in ("up", "starting"), one.detail) for one in self.keeper.reports()]

    def _channel_states(self) -> Sequence[ChannelState]:
        return [self._channel_state(one) for one in self.keeper.reports()]

    def _channel_state(self, one: ChannelReport) -> ChannelState:
        """A trouble of the channel itself comes before a notice about what it carries."""
        notice = None if one.detail else self.house.notices.of(one.name, self.house.clock.now())
        return ChannelState(
            name=one.name,
            kind=one.kind,
            state=one.state,
            detail=f"{notice.found.zh} {notice.found.en}" if notice else one.detail or None,
            remedy=f"{notice.remedy.zh} {notice.remedy.en}" if notice else None,
            progress_at=one.progress_at,
        )

    def _hear_typing(self, channel: str, thread: str) -> None:
        """Adapters are built before the web server that tells the desks."""
        self._hear(channel, thread)

    def _tell_typing(self, channel: str, thread: str, agent_name: str) -> None:
        self.live.tell(channel, thread, LiveNotice(kind="typing", agent_name=agent_name))


def limits_of(rules: LimitRules) -> Limits:
    """Return the paces that the web server holds to."""
    return Limits(
        reads=Pace(amount=rules.reads_per_minute),
        writes=Pace(amount=rules.writes_per_minute),
        strangers=Pace(amount=rules.strangers_per_minute),
        visitors=Pace(amount=rules.visitors_per_minute),
    )


def rest_garbage_collector() -> None:
    """What was built at start lives as long as we do: the collector need not walk it for every few messages."""
    memory.trim()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def root_secret(folder: Path, clock: SystemClock) -> bytes:
    """Return the gateway's own 32 secret bytes, made at the first start and kept beside the data (mode 0600)."""
    path = folder / "secret.key"
    if path.exists():
        return path.read_bytes()
    secret = clock.chance(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return secret


async def run(settings: Settings) -> None:
    """Run a gateway until SIGTERM or SIGINT."""
    if not parser_is_fast():
        raise SlowParser(
            "aiohttp has no compiled HTTP parser here, and the other one reads some requests otherwise: install aiohttp "
            "from a wheel for this machine, and do not set AIOHTTP_NO_EXTENSIONS"
        )
    application = Application(settings)
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, application.stop)
    await application.run()

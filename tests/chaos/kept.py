"""A small run in which every promise was kept, made by the gateway's own store functions; tests break it by hand."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.contract import Inbound
from gateway.domain.conversation import State
from gateway.domain.ticket import Classification
from gateway.pipeline.plan import Effect, MoveConversation, OpenTicket, Plan, Reply, StartConversation
from gateway.safety.reading import read_file
from gateway.store import lease
from gateway.store.apply import apply
from gateway.store.columns import to_micros
from gateway.store.database import SqliteDatabase, Tx
from gateway.store.migrate import migrate
from gateway.store.outcomes import record_outcome
from gateway.store.receiving import Arrival, receive
from tests.building import a_policy
from tests.chaos.checker import Verdict, check
from tests.chaos.journal import Carried, Journal, Seen, Sent
from tests.chaos.rows import read_rows
from tests.keyring import a_ring

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
OWNER = "here-1"


class KeptRun:
    """The database in ``path`` and the journal that goes with it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "gateway.db"
        self.journal = Journal(kills=3)
        self._keys = count(1)

    async def make(self) -> "KeptRun":
        """Two messages on the web, two in a Telegram chat, one mail; the second web message asked for a person."""
        database = SqliteDatabase(self.path, ring=a_ring())
        migrate(database)
        for channel, thread, name, hands_over in (
            ("web", "v1", "v1:a", False),
            ("web", "v1", "v1:b", True),
            ("tg", "7", "7/1", False),
            ("tg", "7", "7/3", False),
            ("mail", "c1@cust.example", "<m1@cust.example>", False),
        ):
            await database.write(
                lambda tx, said=(channel, thread, name, hands_over): self._turn(tx, *said)  # type: ignore[misc] # bound now
            )
            await database.write(self._deliver)
        transcript = [seen for (thread, _), seen in sorted(self.journal.seen.items()) if thread == "v1"]
        self.journal.transcripts["v1"] = transcript
        await database.close()
        return self

    def verdict(self) -> Verdict:
        """Check what is there now."""
        return check(read_file(self.path, read_rows), self.journal, now=to_micros(NOW))

    def _turn(self, tx: Tx, channel: str, thread: str, name: str, hands_over: bool) -> None:
        text = f"text of {name}"
        own_id = None if channel == "web" else name
        inbound = Inbound(
            channel=channel, external_id=name, address=thread, thread=thread, text=text, own_id=own_id
        )
        arrival = Arrival(inbound=inbound, body="{}", body_hash="h")
        done = receive(tx, arrival, now=NOW, zone=ZONE, owner=OWNER, until=NOW)
        assert done.snapshot is not None
        assert done.shown is not None
        effects: list[Effect] = []
        if done.snapshot.conversation is None:
            effects.append(StartConversation(lang="en", because="first"))
        if hands_over:
            effects += [MoveConversation(to=State.QUEUED, because="asked"), _ticket()]
        plan = Plan(lang="en").then(*effects, Reply(text=f"answer to {name}", lang="en", because="answer"))
        committed = apply(
            tx,
            done.snapshot,
            plan,
            now=NOW + timedelta(milliseconds=20),
            policy=a_policy(),
            kind="chat" if channel == "web" else "social",
            key=lambda: f"key{next(self._keys)}",
            served=channel == "web",
            message_id=done.message_id,
        )
        assert committed is not None
        lease.finish_inbound(tx, done.inbox_id)
        self.journal.write(Sent(channel=channel, id=name, thread=thread, text=text))
        self.journal.ack(channel, name, done.seq if channel == "web" else None)
        for shown in (done.shown, *committed.shown) if channel == "web" else ():
            own = shown.id.rpartition(":")[2] if shown.author == "customer" else shown.id
            seen = Seen(thread=thread, seq=shown.seq, id=own, author=shown.author, text=shown.text)
            self.journal.see(seen)

    def _deliver(self, tx: Tx) -> None:
        for channel in ("tg", "mail"):
            for row in lease.take_outbound(tx, owner=OWNER, now=NOW + timedelta(seconds=1), until=NOW, channel=channel, limit=8):  # fmt: skip
                sends = sum(it.channel == "tg" for it in self.journal.carried)
                name = str(2 + 2 * sends) if channel == "tg" else row.key
                self.journal.carried.append(Carried(channel=channel, thread=row.thread_key, id=name))
                record_outcome(
                    tx,
                    leased=row,
                    owner=OWNER,
                    state="delivered",
                    now=NOW,
                    wait=None,
                    error=None,
                    provider_ids=(f"7/{name}",) if channel == "tg" else (f"<{name}@shop.example>",),
                )


def _ticket() -> OpenTicket:
    return OpenTicket(
        classification=Classification(department="support"),
        subject="s",
        summary="s",
        lang="en",
        because="asked",
    )

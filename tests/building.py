"""Values for tests: name only what the test is about, the rest is a house on a Monday morning with nobody waiting."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from adapters.contract import Capabilities, Inbound
from gateway.clock import FakeClock
from gateway.domain.calendar import BusinessHours, Slot
from gateway.domain.contact import Contact
from gateway.domain.conversation import Conversation, State
from gateway.domain.policy import Policy
from gateway.domain.ticket import Anomaly, Status, Ticket, TicketType, Urgency
from gateway.house import House
from gateway.library import Library
from gateway.metrics import Metrics
from gateway.pipeline.turn import Load, Turn
from gateway.settings import Settings
from gateway.store.blobs import Blobs
from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.migrate import migrate
from gateway.texts import load_texts
from knowledge.entry import Action, KnowledgeEntry, Level, Wording
from knowledge.match import Match, Outcome
from tests.keyring import a_ring

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai: the house of the defaults is open."""
NIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""The same day, 22:00: closed until Tuesday 09:00."""

WEB, MAIL, BOT = "web", "support", "bot"
CAPABILITIES: Mapping[str, Capabilities] = {
    WEB: Capabilities(served=True, buttons=10),
    MAIL: Capabilities(subject=True, chat_like=False),
    BOT: Capabilities(buttons=8, edits=True),
}


@lru_cache(1)
def _policy() -> Policy:
    return Settings().policy()


def a_policy(**changes: Any) -> Policy:
    """The house rules of the defaults."""
    return replace(_policy(), **changes)


def hours(*slots: tuple[int, int]) -> BusinessHours:
    """The same hours on every day; no slot means never open."""
    day = tuple(Slot(opens=time(opens), closes=time(closes % 24)) for opens, closes in slots)
    return BusinessHours(zone=_policy().hours.zone, weekly=(day,) * 7)


def always_open(**changes: Any) -> Policy:
    """The defaults, day and night."""
    return a_policy(hours=hours((0, 24)), **changes)


def a_contact(**changes: Any) -> Contact:
    """Somebody who writes."""
    return replace(Contact(id=1, number="C20261123001", name="王芳"), **changes)


def a_conversation(**changes: Any) -> Conversation:
    """An enquiry the bot is talking about, its last message a minute old."""
    usual = Conversation(
        id=1,
        state=State.BOT,
        lang="zh-CN",
        started_at=MORNING - timedelta(minutes=5),
        last_at=MORNING - timedelta(minutes=1),
    )
    return replace(usual, **changes)


def a_ticket(**changes: Any) -> Ticket:
    """Work owed, not yet taken."""
    usual = Ticket(
        id=1,
        number="T20261123-0001",
        status=Status.OPEN,
        type=TicketType.AFTERSALE,
        urgency=Urgency.NORMAL,
        anomaly=Anomaly.NONE,
        department="support",
    )
    return replace(usual, **changes)


def an_entry(
    id: str = "hours",
    *,
    question: str = "营业时间",
    answer: str = "每天九点到十八点。",
    level: Level = "L0",
    choices: tuple[str, ...] = (),
    action: Action | None = None,
    en: str | None = None,
) -> KnowledgeEntry:
    """Something the house knows."""
    wordings = {"zh-CN": Wording(lang="zh-CN", question=question, answer=answer)}
    if en is not None:
        wordings["en"] = Wording(lang="en", question=f"{question} (en)", answer=en)
    return KnowledgeEntry(id=id, wordings=wordings, level=level, choices=choices, action=action)


@dataclass
class Asked:
    """One question put to the fake knowledge base."""

    text: str
    lang: str | None
    topic: str | None
    channel: str | None


class FakeKnowledge:
    """Says what the test told it to say, and remembers what it was asked."""

    def __init__(self, outcome: Outcome, entries: Iterable[KnowledgeEntry]) -> None:
        self.outcome = outcome
        self.entries = {entry.id: entry for entry in entries}
        self.asked: list[Asked] = []

    def match(
        self, text: str, *, lang: str | None = None, topic: str | None = None, channel: str | None = None
    ) -> Outcome:
        """Return the outcome of this test."""
        self.asked.append(Asked(text, lang, topic, channel))
        return self.outcome

    def entry(self, id: str) -> KnowledgeEntry:
        """Return an entry of this test; KeyError for any other."""
        return self.entries[id]


def a_knowledge(
    *entries: KnowledgeEntry, answers: str | None = None, offers: tuple[str, ...] = (), small_talk: str = ""
) -> FakeKnowledge:
    """A knowledge base that answers with one entry, offers some, chats, or (as it is) knows nothing."""
    kind, ids = ("answer", (answers,)) if answers else ("choices", offers) if offers else ("none", ())
    held = entries or tuple(an_entry(each) for each in ids)
    by_id = {entry.id: entry for entry in held}
    matches = tuple(
        Match(id=each, question=by_id[each].question if each in by_id else each, score=0.95) for each in ids
    )
    outcome = Outcome(
        kind=kind,  # type: ignore[arg-type] # one of the three
        matches=matches,
        because="the test says so",
        lang="zh-CN",
        small_talk=small_talk,
    )
    return FakeKnowledge(outcome, held)


def an_inbound(text: str = "你好", **changes: Any) -> Inbound:
    """A message a customer wrote on the web chat."""
    usual = Inbound(channel=WEB, external_id="m1", address="visitor", thread="visitor", text=text)
    return usual.with_(**changes)


def a_turn(
    text: str = "你好", *, channel: str = WEB, inbound: Mapping[str, Any] | None = None, **changes: Any
) -> Turn:
    """A first message on a thread; ``inbound`` holds what is special about the message itself."""
    kind = {WEB: "chat", MAIL: "mail", BOT: "social"}[channel]
    usual = Turn(
        inbound=an_inbound(text, channel=channel, **(inbound or {})),
        now=MORNING,
        kind=kind,  # type: ignore[arg-type] # one of the three
        capabilities=CAPABILITIES[channel],
        contact=a_contact(),
        conversation=None,
        ticket=None,
        load=Load(online=1, handling=timedelta(minutes=5)),
        policy=a_policy(),
        texts=load_texts(),
        knowledge=a_knowledge(),
    )
    return replace(usual, **changes)


ENTRIES = {
    "退货政策.md": "---\nquestion: 怎么退货？\nphrasings:\n  - 退货流程\n---\n请在七天内把商品寄回。\n",
    "退货政策.en.md": "---\nquestion: How do I return goods?\n---\nSend them back within seven days.\n",
}


@asynccontextmanager
async def a_house(
    folder: Path,
    url: str = "",
    *,
    clock: FakeClock | None = None,
    capabilities: Mapping[str, Capabilities] = CAPABILITIES,
    owner: str = "test",
    **policy: Any,
) -> AsyncIterator[House]:
    """A house with an open, migrated database (SQLite in ``folder`` unless ``url`` names another)."""
    clock = clock or FakeClock()
    known = folder / "entries"
    known.mkdir(parents=True, exist_ok=True)
    for name, text in ENTRIES.items():
        (known / name).write_text(text, "utf-8")
    database = open_database(url or f"sqlite:///{folder / 'gateway.db'}", a_ring())
    try:
        migrate(database)
        yield House(
            database=database,
            feed=Feed(),
            blobs=Blobs(folder / "blobs"),
            policy=a_policy(**policy),
            texts=load_texts(),
            library=Library(known, lambda: clock.now().date()),
            clock=clock,
            metrics=Metrics(),
            capabilities=capabilities,
            owner=owner,
        )
    finally:
        await database.close()

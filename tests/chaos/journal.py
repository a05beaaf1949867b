"""What the outside world knows: what was sent, what was acknowledged, what was shown. Written by the load, read by the checker."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Sent:
    """One customer message, under the id by which the gateway must know it in ``message.public_id``."""

    channel: str
    id: str
    thread: str
    """Who wrote; messages of one thread are in the order they were written."""
    text: str
    answered: bool = True
    """Whether it calls for exactly one automatic answer; what is written while people have the floor may not."""
    ordered: bool = True
    """Whether it was written only after the one before it on its thread had been taken."""
    acked: bool = False
    seq: int | None = None
    """What the acknowledgement said, on channels that say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A message as a client of the web chat was shown it."""

    thread: str
    seq: int
    id: str
    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A message a provider took: its id, and whom it was for. Mail repeats our key, Telegram gives its own id."""

    channel: str
    thread: str
    id: str
    life: int = 0
    """How many kills there had been."""


@dataclass(slots=True, kw_only=True)
class Journal:
    """Everything of one run, in the order it happened."""

    sent: dict[tuple[str, str], Sent] = field(default_factory=dict)
    seen: dict[tuple[str, int], Seen] = field(default_factory=dict)
    carried: list[Carried] = field(default_factory=list)
    transcripts: dict[str, list[Seen]] = field(default_factory=dict)
    """What a client that comes back at the very end is shown, by thread."""
    contradictions: list[str] = field(default_factory=list)
    kills: int = 0

    def write(self, sent: Sent) -> Sent:
        """Note a message before it leaves the customer."""
        self.sent[sent.channel, sent.id] = sent
        return sent

    def ack(self, channel: str, id: str, seq: int | None = None) -> None:
        """Note an acknowledgement; a second one must say the same."""
        sent = self.sent[channel, id]
        if sent.acked and seq != sent.seq:
            self.contradictions.append(f"{channel} {id}: acknowledged as {sent.seq}, later as {seq}")
        sent.acked, sent.seq = True, seq

    def see(self, seen: Seen) -> None:
        """Note a message shown to a client; another one under its number is a contradiction."""
        known = self.seen.setdefault((seen.thread, seen.seq), seen)
        if known != seen:
            self.contradictions.append(f"{seen.thread}: number {seen.seq} was {known}, later {seen}")

    def acked(self) -> Iterator[Sent]:
        """Go through what was acknowledged."""
        return (sent for sent in self.sent.values() if sent.acked)

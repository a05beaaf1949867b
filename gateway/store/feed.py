"""What a commit made, told inside this process after it: rows are the truth, the feed only saves looking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.contract import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One row of the event table: ``kind`` is ``message``, ``ticket``, ``note``, ``agent``, ``channel``, ``alarm`` or ``emergency``."""

    id: int
    at: datetime
    kind: str
    ticket: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """All that one transaction changed and somebody may be waiting for."""

    channel: str = ""
    thread_id: int = 0
    thread_key: str = ""
    conversation_id: int = 0
    ticket: str | None = None
    """The number of the ticket this concerns, if there is one."""
    shown: tuple[Shown, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why each of ``shown`` was said, in the same order; empty for the contact's own words."""
    events: tuple[Happened, ...] = ()
    queue_delta: int = 0
    """How many more contacts wait for a person than before."""
    has_outgoing: bool = False
    state: str | None = None
    """The conversation's state, where it changed."""


class Feed:
    """Fan-out on the event loop; a listener must return at once and not raise."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Committed], None]] = []

    def subscribe(self, listener: Callable[[Committed], None]) -> Callable[[], None]:
        """Call ``listener`` after every commit, until the returned function is called."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def publish(self, committed: Committed) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(committed)

"""Emergencies (rulebook X1): when something is far above its usual rate, and what an emergency is while it lasts."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from gateway.domain.localized import Localized
from gateway.domain.ticket import Anomaly

TAG = "应急-"
"""With the emergency's id: the tag of the tickets it concerns."""
MOST_TERMS = 10_000
"""A Poisson tail beyond so many terms is nothing."""


class Cause(StrEnum):
    """What brought it about."""

    BURST = "burst"
    """A topic, or complaints, far above their usual rate."""
    CHANNEL = "channel"
    """A channel that failed for longer than the house bears."""
    OWN = "own"
    """The gateway itself was away."""
    HAND = "hand"
    """A supervisor began it."""


class EmergencyState(StrEnum):
    """``dismissed``: proposed, and a person found nothing in it."""

    PROPOSED = "proposed"
    RUNNING = "running"
    ENDED = "ended"
    DISMISSED = "dismissed"


MOVES: Mapping[EmergencyState, frozenset[EmergencyState]] = {
    EmergencyState.PROPOSED: frozenset({EmergencyState.RUNNING, EmergencyState.DISMISSED}),
    EmergencyState.RUNNING: frozenset({EmergencyState.ENDED}),
    EmergencyState.ENDED: frozenset(),
    EmergencyState.DISMISSED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """One emergency; ``topics`` are what messages must be about to be concerned by it, none means all of them."""

    id: int
    cause: Cause
    topics: frozenset[str] = frozenset()
    notice: Localized
    """Said to whoever is concerned; it names the time of the next news."""
    updates: int = 0
    """How many times news were given."""
    channel: str = ""
    """The one channel it is about; empty for all."""

    def concerns(self, topics: Iterable[str], channel: str) -> bool:
        """Return whether a message about ``topics`` (see ``topics_of``) on ``channel`` is concerned."""
        if self.channel and self.channel != channel:
            return False
        return not self.topics or not self.topics.isdisjoint(topics)


@dataclass(slots=True)
class Running:
    """What runs now, as this process knows it: looked up every few seconds and after each change of ours."""

    now: tuple[Emergency, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRules:
    """When the house speaks of an emergency, and what it does then; hangs on ``Policy``."""

    window: timedelta = timedelta(minutes=15)
    at_least: int = 5
    odds: float = 1e-5
    """How improbable a count must be by its usual rate."""
    past: timedelta = timedelta(weeks=4)
    channel_down_after: timedelta = timedelta(minutes=10)
    own_gap: timedelta = timedelta(minutes=15)
    start: Mapping[str, Literal["propose", "auto"]] = field(
        default_factory=lambda: {"burst": "propose", "channel": "propose", "own": "propose"}
    )
    """By cause: whether it begins by itself."""
    notice: Localized = field(default_factory=lambda: Localized({}))
    end: Localized = field(default_factory=lambda: Localized({}))
    news_every: timedelta = timedelta(hours=1)
    review_within: timedelta = timedelta(days=7)
    quiet: timedelta = timedelta(hours=6)
    """After a dismissal the same topic is not proposed again for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How often a topic came within the window, and how often it usually does."""

    topic: str
    count: int
    usual: float


def topics_of(*, anomaly: str, subtype: str | None, topic: str | None = None) -> Iterator[str]:
    """Yield what a message is about, as emergencies name it; complaints of any kind share a topic."""
    if anomaly != "none":
        yield f"anomaly:{anomaly}"
        yield "complaints"
    if subtype:
        yield f"subtype:{subtype}"
    if topic:
        yield f"entry:{topic}"


def is_topic(word: str) -> bool:
    """Return whether a word is in the form in which ``topics_of`` names topics."""
    kind, _, rest = word.partition(":")
    if kind == "anomaly":
        return rest in set(Anomaly) - {Anomaly.NONE}
    return word == "complaints" or (kind in ("subtype", "entry") and bool(rest))


def bursts(seen: Iterable[Seen], rules: EmergencyRules) -> list[Seen]:
    """Return the topics that came far more often than usual, the least probable first."""
    found = [(tail(one.count, one.usual), one) for one in seen if one.count >= rules.at_least]
    return [
        one for odds, one in sorted(found, key=lambda pair: (pair[0], pair[1].topic)) if odds < rules.odds
    ]


def usual_rate(same_hours: float, overall: float, floor: float = 0.25) -> float:
    """Return how many to expect in a window.

    ``same_hours`` is the mean at this hour of the week, ``overall`` the mean of all windows: neither alone is
    trusted, since few weeks say little of one hour and the whole week little of its peaks; ``floor`` is for the
    house that has no past.
    """
    return max(same_hours, overall / 2, floor)


def tail(count: int, rate: float) -> float:
    """Return how probable ``count`` or more are where ``rate`` are usual (Poisson)."""
    if count <= 0:
        return 1.0
    term = math.exp(count * math.log(rate) - rate - math.lgamma(count + 1))
    total = 0.0
    for n in range(MOST_TERMS):
        total += term
        term *= rate / (count + n + 1)
        if term < total * 1e-12:
            break
    return min(total, 1.0)

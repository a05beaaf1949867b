"""The figures of a simulation: waits and lateness by kind, department and hour. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from gateway.domain.simulation import Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one group of tickets. Waits are until somebody takes it; what nobody took is counted, not averaged."""

    count: int
    untaken: int
    wait_p50: timedelta | None
    wait_p90: timedelta | None
    late: int

    @property
    def late_share(self) -> float:
        """The share whose first answer came after its time."""
        return self.late / self.count if self.count else 0.0


Groups = Mapping[str, Figures]


def figures(fates: Sequence[Fate]) -> Figures:
    """Return the figures of these tickets."""
    waits = sorted(one.taken_at - one.came_at for one in fates if one.taken_at is not None)
    return Figures(
        count=len(fates),
        untaken=len(fates) - len(waits),
        wait_p50=_at(waits, 0.5),
        wait_p90=_at(waits, 0.9),
        late=sum(one.is_late for one in fates),
    )


def by_kind(fates: Iterable[Fate]) -> Groups:
    """Return the figures of each kind of channel."""
    return _grouped(fates, lambda one: one.kind)


def by_department(fates: Iterable[Fate]) -> Groups:
    """Return the figures of each department."""
    return _grouped(fates, lambda one: one.department)


def by_hour(fates: Iterable[Fate], zone: tzinfo) -> Groups:
    """Return the figures of each hour of the day at which tickets came, on the house's clock."""
    return _grouped(fates, lambda one: f"{one.came_at.astimezone(zone):%H}")


def _grouped(fates: Iterable[Fate], key: Callable[[Fate], str]) -> Groups:
    groups: dict[str, list[Fate]] = {}
    for one in fates:
        groups.setdefault(key(one), []).append(one)
    return {name: figures(groups[name]) for name in sorted(groups)}


def _at(waits: Sequence[timedelta], share: float) -> timedelta | None:
    """The nearest-rank percentile."""
    if not waits:
        return None
    return waits[min(len(waits) - 1, max(0, -(-int(share * 100) * len(waits) // 100) - 1))]

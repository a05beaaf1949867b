"""``gateway simulate``: past arrivals against another roster or other rules, beside what really was. Reads only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.roster import Person
from gateway.domain.simulation import Fate, Played, play
from gateway.house import kind_of
from gateway.safety.reading import reading
from gateway.safety.trouble import NotDone
from gateway.settings import Settings
from gateway.settings.roster_file import RosterError, RosterFile, people_of
from gateway.store.arrivals import Past, read_past
from gateway.store.database import Tx
from gateway.store.roster import Profile, read_profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What was, what the present rules and people come to, and what the others would."""

    since: datetime
    until: datetime
    measured: int
    """Tickets whose handling was measured; the rest is assumed."""
    real: tuple[Fate, ...]
    present: Played
    other: Played | None
    unknown: tuple[str, ...]
    """Agents of the roster whom the database does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What is read before anything is played."""

    past: Past
    profiles: tuple[Profile, ...]


async def simulate(
    settings: Settings,
    since: datetime,
    until: datetime,
    roster: RosterFile | None = None,
    other: Settings | None = None,
) -> Simulated:
    """Play what came between ``since`` and ``until``.

    Raises:
        NotDone: nothing came, nobody works, or the roster names what is not there.
    """
    policy = settings.policy()
    loaded = await read(settings, since, until)
    arrivals = [one for one in loaded.past.arrivals if one.matter.waits_since <= until]
    if not arrivals:
        raise NotDone(
            "这段时间没有工单，无可模拟。请用 --since 选更长的时间，或先让系统运行一段时间。",
            "No tickets came in this time: there is nothing to simulate. Choose a longer --since, or come back "
            "after some days of work.",
        )
    present = [one.person for one in loaded.profiles]
    if not present and roster is None:
        raise NotDone(
            "还没有客服人员。请用 gateway agent add 添加，或用 --roster 给出排班。",
            "Nobody handles tickets yet: add people with gateway agent add, or give a --roster.",
        )
    changed = (other or settings).policy()
    people, unknown = _others(roster, present, changed)
    is_other = roster is not None or other is not None
    return Simulated(
        since=since,
        until=until,
        measured=loaded.past.measured,
        real=loaded.past.fates,
        present=play(arrivals, present, policy, until),
        other=play(arrivals, people, changed, until) if is_other else None,
        unknown=tuple(unknown),
    )


async def read(settings: Settings, since: datetime, until: datetime) -> Loaded:
    """Return past tickets and present people."""
    policy, kind = settings.policy(), kinds(settings)

    def unit(tx: Tx) -> Loaded:
        return Loaded(
            past=read_past(tx, kind, since, until, policy.handling_default),
            profiles=tuple(read_profiles(tx, policy.dispatch, policy.hours, kind)),
        )

    async with reading(settings.database_url) as database:
        return await database.read(unit)


def kinds(settings: Settings) -> Callable[[str], ChannelKind]:
    """Return how fast an answer is expected on each channel."""
    capabilities = {name: one.spec.capabilities for name, one in settings.channels.items()}
    return lambda name: kind_of(capabilities.get(name))


def _others(
    roster: RosterFile | None, present: Sequence[Person], policy: Policy
) -> tuple[Sequence[Person], Sequence[str]]:
    if roster is None:
        return present, ()
    known = {one.number: one.id for one in present}
    try:
        return people_of(roster, known, tuple(one.id for one in policy.departments), policy.hours)
    except RosterError as error:
        raise NotDone(str(error), str(error)) from None

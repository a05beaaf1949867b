"""What another roster or other rules would have done with past arrivals: played through in virtual time. Pure.

Whoever is at work takes what routing gives them without delay; each ticket takes the room and the time it really
took, or the median where that was not measured. Nothing here is chance: the same values give the same answer.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from gateway.domain.calendar import BusinessHours, closing_time, is_open, next_opening, working_time_between
from gateway.domain.policy import Policy
from gateway.domain.promise import Stage
from gateway.domain.promise_rules import About, owed
from gateway.domain.roster import PRESENT, Person, share_of
from gateway.domain.routing_batch import Alike, alike
from gateway.domain.routing_route import Matter, route

_FULL = 1.0 - 1e-9
_FAR = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One ticket as it came, with what it took."""

    number: str
    matter: Matter
    """Its ``waits_since`` is when it came."""
    tags: tuple[str, ...] = ()
    occupies: timedelta
    """How long it kept room with a person."""
    reply_after: timedelta
    """How long after being taken it was first answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one ticket."""

    number: str
    department: str
    kind: str
    came_at: datetime
    taken_at: datetime | None
    """None if nobody had room for it before the end."""
    answered_at: datetime | None
    due_at: datetime
    until: datetime
    """When looking ended: what was not due by then cannot be late."""
    agent: str | None = None

    @property
    def is_late(self) -> bool:
        """Whether the first answer came after its time, or not at all by the end although it was due."""
        return (self.answered_at or self.until) > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """All fates in the order of coming, and how busy each person was."""

    fates: tuple[Fate, ...]
    busy: dict[str, float]
    """By agent number: the share of their working time that was in use; 1 is full all day."""
    given: dict[str, int]


class _Desk:
    """The people as they are at an instant: at work by their hours, with so much in hand."""

    def __init__(self, people: Sequence[Person], house: BusinessHours) -> None:
        self.people = {one.id: replace(one, load=0.0, turn=0, state="offline", hours=None) for one in people}
        self._hours = {one.id: one.hours or house for one in people}
        self._until: dict[BusinessHours, tuple[bool, datetime]] = {}
        self.turn = 0

    def at(self, now: datetime) -> list[Person]:
        """Return everybody with the state that their hours give them."""
        for hours in set(self._hours.values()):
            if hours not in self._until or self._until[hours][1] <= now:
                self._until[hours] = (is_open(now, hours), _change_after(now, hours))
        for key, one in self.people.items():
            state = PRESENT if self._until[self._hours[key]][0] else "offline"
            if one.state != state:
                self.people[key] = replace(one, state=state)
        return list(self.people.values())

    def changes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Yield every instant between at which somebody's hours begin."""
        for hours in set(self._hours.values()):
            at = start
            while (at := _change_after(at, hours)) < end:
                yield at

    def give(self, one: Person, share: float) -> None:
        """Let somebody have a ticket more."""
        self.turn += 1
        self.people[one.id] = replace(self.people[one.id], load=one.load + share, turn=self.turn)

    def take(self, id: int, share: float) -> None:
        """A ticket is done."""
        one = self.people[id]
        self.people[id] = replace(one, load=max(0.0, one.load - share))

    def has_room(self) -> bool:
        """Return whether anybody at work could take anything."""
        return any(one.state == PRESENT and one.load < _FULL for one in self.people.values())


def play(arrivals: Sequence[Arrival], people: Sequence[Person], policy: Policy, end: datetime) -> Played:
    """Play the arrivals through, up to ``end``; what is not taken by then stays untaken."""
    ordered = sorted(arrivals, key=lambda one: (one.matter.waits_since, one.number))
    desk, order, rules = _Desk(people, policy.hours), count(), policy.dispatch
    events: list[tuple[datetime, int, tuple[int, float] | int | None]] = [
        (one.matter.waits_since, next(order), index) for index, one in enumerate(ordered)
    ]
    events += [(one.matter.waits_since + rules.relax_after, next(order), None) for one in ordered]
    if ordered:
        start = ordered[0].matter.waits_since
        events += [(at, next(order), None) for at in desk.changes(start, end)]
    heapq.heapify(events)
    waiting: list[tuple[int, datetime, int]] = []
    taken: dict[int, tuple[datetime, Person]] = {}
    while events and events[0][0] <= end:
        now = events[0][0]
        while events and events[0][0] == now:
            what = heapq.heappop(events)[2]
            if isinstance(what, tuple):
                desk.take(*what)
            elif what is not None:
                one = ordered[what]
                rank = rules.rank(urgency=one.matter.urgency, is_vip=one.matter.is_vip, tags=one.tags)
                heapq.heappush(waiting, (rank, one.matter.waits_since, what))
        if not waiting:
            continue
        for index, person in _given(waiting, ordered, desk, policy, now):
            taken[index] = (now, person)
            share = share_of(ordered[index].matter.kind, person.capacity, rules.capacity) or 0.0
            heapq.heappush(events, (now + ordered[index].occupies, next(order), (person.id, share)))
    fates = tuple(_fate(one, taken.get(index), policy, end) for index, one in enumerate(ordered))
    used = _used(ordered, taken, people, policy, end)
    given = Counter(person.number for _, person in taken.values())
    return Played(
        fates=fates,
        busy=_busy(used, people, policy.hours, fates[0].came_at if fates else end, end),
        given={one.number: given[one.number] for one in people},
    )


def _given(
    waiting: list[tuple[int, datetime, int]],
    ordered: Sequence[Arrival],
    desk: _Desk,
    policy: Policy,
    now: datetime,
) -> list[tuple[int, Person]]:
    """Give out what waits, in order; who finds nobody stays, and so does everything just like it."""
    found, stays = [], []
    in_vain: set[Alike] = set()
    desk.at(now)
    while waiting and desk.has_room():
        place = heapq.heappop(waiting)
        matter = ordered[place[2]].matter
        kind = alike(matter, policy.dispatch, now)
        person = None
        if kind not in in_vain:
            person = route(matter, list(desk.people.values()), policy.dispatch, now).person
        if person is None:
            in_vain.add(kind)
            stays.append(place)
            continue
        desk.give(person, share_of(matter.kind, person.capacity, policy.dispatch.capacity) or 0.0)
        found.append((place[2], person))
    for place in stays:
        heapq.heappush(waiting, place)
    return found


def _fate(one: Arrival, taken: tuple[datetime, Person] | None, policy: Policy, end: datetime) -> Fate:
    matter = one.matter
    kind = matter.kind if matter.kind in ("chat", "social", "mail") else "mail"
    about = About(
        channel=kind,  # type: ignore[arg-type] # one of the three
        urgency=matter.urgency,
        anomaly=matter.anomaly,
        subtype=matter.subtype,
        department=matter.department,
    )
    due = owed(Stage.FIRST_RESPONSE, policy, about, now=matter.waits_since, because="simulated").due_at
    answered = taken[0] + one.reply_after if taken else None
    return Fate(
        number=one.number,
        department=matter.department,
        kind=matter.kind,
        came_at=matter.waits_since,
        taken_at=taken[0] if taken else None,
        answered_at=answered if answered is not None and answered <= end else None,
        due_at=due,
        until=end,
        agent=taken[1].number if taken else None,
    )


def _used(
    ordered: Sequence[Arrival],
    taken: Mapping[int, tuple[datetime, Person]],
    people: Sequence[Person],
    policy: Policy,
    end: datetime,
) -> dict[str, float]:
    """Return by agent number the working seconds of their whole capacity that were in use."""
    hours = {one.id: one.hours or policy.hours for one in people}
    used: dict[str, float] = {}
    for index, (at, person) in taken.items():
        share = share_of(ordered[index].matter.kind, person.capacity, policy.dispatch.capacity) or 0.0
        until = max(at, min(at + ordered[index].occupies, end))
        # Overtime makes no day longer: only what lies in working hours counts.
        span = working_time_between(at, until, hours[person.id])
        used[person.number] = used.get(person.number, 0.0) + share * span.total_seconds()
    return used


def _busy(
    used: Mapping[str, float], people: Sequence[Person], house: BusinessHours, start: datetime, end: datetime
) -> dict[str, float]:
    worked: dict[BusinessHours, float] = {}
    busy = {}
    for one in people:
        hours = one.hours or house
        if hours not in worked:
            worked[hours] = working_time_between(start, max(start, end), hours).total_seconds()
        busy[one.number] = used.get(one.number, 0.0) / worked[hours] if worked[hours] else 0.0
    return busy


def _change_after(now: datetime, hours: BusinessHours) -> datetime:
    """Return when the hours next begin or end; far away if never."""
    closes = closing_time(now, hours)
    if closes is not None:
        return closes
    if is_open(now, hours):
        return now + _FAR
    try:
        return next_opening(now, hours)
    except ValueError:
        return now + _FAR

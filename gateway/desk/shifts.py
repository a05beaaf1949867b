"""The end of the working day: what is open is shown half an hour before; what nobody took is told (rulebook L7)."""

from datetime import datetime, timedelta
from functools import partial

import structlog

from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.roster import Person, shift_end
from gateway.house import House
from gateway.store.alarms import raise_alarm
from gateway.store.database import StoreUnavailable, Tx
from gateway.store.feed import Committed, Happened
from gateway.store.handovers import count_left
from gateway.store.roster import read_people
from gateway.store.shifts import show_shift, shown_shifts, tell_shift

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

EVERY = timedelta(seconds=30)


class Shifts:
    """The one task that looks at the clock for the people at the desk."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self) -> None:
        """Look every half minute, until cancelled."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as error:
                log.warning("shifts.unavailable", error=str(error))
            await self._house.clock.wait(EVERY)

    async def look(self) -> None:
        """Show what is due to be shown, tell what is due to be told."""
        now = self._house.clock.now()
        if not await self._house.database.read(partial(self._due, now=now)):
            return
        happened = await self._house.database.write(partial(self._see_to, now=now))
        if happened:
            self._house.feed.publish(Committed(events=tuple(happened)))

    def _due(self, tx: Tx, now: datetime) -> list[tuple[Person, datetime, bool, int]]:
        """Whose shift ends now (the end, whether it is over, what is open); cheap while nobody's does."""
        policy, known = self._house.policy, shown_shifts(tx)
        people = read_people(tx, policy.dispatch, policy.hours, self._house.kind)
        ends: dict[object, datetime | None] = {}
        due = []
        for one in people:
            hours = one.hours or policy.hours
            if hours not in ends:
                ends[hours] = shift_end(now, hours)
            end, (shown, told) = ends[hours], known.get(one.id, (None, None))
            if end is not None and end - now <= policy.spans.day_end_reminder and shown != end:
                due.append((one, end, False))
            elif shown is not None and shown <= now and told != shown:
                due.append((one, shown, True))
        left = count_left(tx, [one.id for one, _, _ in due]) if due else {}
        return [
            (one, end, over, left.get(one.id, 0)) for one, end, over in due if over or left.get(one.id, 0)
        ]

    def _see_to(self, tx: Tx, now: datetime) -> list[Happened]:
        happened = []
        for one, end, is_over, left in self._due(tx, now):
            if is_over:
                happened += self._tell(tx, one, end, left, now)
            else:
                data = {"number": one.number, "what": "ending", "ends_at": end.isoformat(), "open": left}
                shown = show_shift(tx, one.id, end, data, now)
                happened += [shown] if shown else []
        return happened

    def _tell(self, tx: Tx, one: Person, end: datetime, left: int, now: datetime) -> list[Happened]:
        tell_shift(tx, one.id, end)
        if not left:
            return []
        alarm = Alarm(
            kind=AlarmKind.HANDOVER,
            name=f"shift:{one.number}:{end:%Y%m%dT%H%M}",
            gaps={"agent": one.number, "count": str(left)},
        )
        because = "the shift is over and tickets are left"
        raised = raise_alarm(tx, alarm, ways=self._house.policy.alarms.ways, now=now, because=because)
        return [raised] if raised else []

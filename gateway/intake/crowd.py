"""How busy the people are, kept current from the feed, so that no turn has to count."""

from dataclasses import replace
from datetime import timedelta

from gateway.house import House
from gateway.pipeline.turn import Load
from gateway.store.database import Tx
from gateway.store.feed import Committed
from gateway.store.load import read_load
from gateway.store.roster import next_due, read_profiles

FRESH = timedelta(seconds=5)
"""After so long it is counted again: other nodes and agents' comings and goings."""


class Crowd:
    """The present Load; every commit of this process corrects it at once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._load = Load(handling=house.policy.handling_default)
        self._read_at: float | None = None
        house.feed.subscribe(self._heard)

    async def load(self) -> Load:
        """Return how busy the people are."""
        clock = self._house.clock
        if self._read_at is None or clock.monotonic() - self._read_at > FRESH.total_seconds():
            self._read_at = clock.monotonic()
            self._load = await self._house.database.read(self._read)
        return self._load

    def _read(self, tx: Tx) -> Load:
        house, policy = self._house, self._house.policy
        load = read_load(tx, policy.handling_default)
        if load.online:
            return load
        people = read_profiles(tx, policy.dispatch, policy.hours, house.kind)
        return replace(load, next_person=next_due(people, house.clock.now()))

    def _heard(self, committed: Committed) -> None:
        if committed.queue_delta:
            waiting = max(0, self._load.waiting + committed.queue_delta)
            self._load = replace(self._load, waiting=waiting)
        if any(happened.kind == "agent" for happened in committed.events):
            self._read_at = None

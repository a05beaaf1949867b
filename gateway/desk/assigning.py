"""Find a person for each ticket that waits: ask one, or give it to one, as the house wishes (rulebook T5, T6)."""

import asyncio
from datetime import timedelta
from functools import partial

import structlog

from gateway.desk.as_house import act_as_house
from gateway.desk.waking import wait_for
from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.conversation import State
from gateway.domain.promise import Stage
from gateway.domain.promise_rules import About, owed
from gateway.domain.roster import PRESENT
from gateway.domain.routing_batch import Decision, decide_all
from gateway.domain.routing_route import Routed
from gateway.domain.ticket import Status, Urgency
from gateway.errors import Conflict, NotFound
from gateway.house import House
from gateway.pipeline.effects_alarm import RaiseAlarm
from gateway.pipeline.effects_routing import Assign, Suggest, Watch
from gateway.pipeline.plan import Effect, MoveConversation, Owe, Plan, Transfer
from gateway.store.assigning import Unrouted, read_unrouted
from gateway.store.database import StoreUnavailable, Tx
from gateway.store.feed import Committed
from gateway.store.roster import read_people
from gateway.store.snapshot import Snapshot

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

GATHER = timedelta(milliseconds=500)
"""Changes within so little are looked at together."""
LONGEST = timedelta(seconds=30)
"""Looked at again after so long: shifts begin, waits grow long, other nodes have tickets, too."""


class Assigning:
    """The one task that brings waiting tickets to people."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._changed = asyncio.Event()
        self._moved: set[str] = set()
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Look whenever something changed, until cancelled."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as error:
                log.warning("routing.unavailable", error=str(error))
            await wait_for(self._house.clock, self._changed, LONGEST, gather=GATHER)

    async def look(self) -> int:
        """Decide about everything that waits; return about how much something was done."""
        done = 0
        for one, decision in await self._house.database.read(self._decided):
            try:
                await act_as_house(self._house, one.number, partial(self._plan, one, decision))
            except (Conflict, NotFound) as error:  # somebody was quicker: there is nothing left to decide
                log.info("routing.overtaken", ticket=one.number, error=str(error))
                continue
            done += 1
            if decision.routed is not None and decision.routed.person is not None:
                self._house.metrics.routed.labels(decision.routed.rule).inc()
        return done

    def _decided(self, tx: Tx) -> list[tuple[Unrouted, Decision]]:
        house = self._house
        now, rules = house.clock.now(), house.policy.dispatch
        people = read_people(tx, rules, house.policy.hours, house.kind)
        if not people:
            return []
        nobody = not any(one.state == PRESENT for one in people)
        waiting = read_unrouted(tx, house.kind, now=now, remember=rules.remember, only_special=nobody)
        found = {one.number: one for one in waiting}
        decisions = decide_all(waiting, people, rules, now)
        return [(found[one.number], one) for one in decisions if self._is_due(one)]

    def _is_due(self, decision: Decision) -> bool:
        """A ticket that stays without people because the last department has none, either, is told once."""
        if not decision.has_no_people or decision.watch or decision.is_unwatched:
            return True
        is_new = decision.number not in self._moved
        self._moved.add(decision.number)
        return is_new

    def _plan(self, one: Unrouted, decision: Decision, snapshot: Snapshot) -> Plan:
        ticket, policy = snapshot.ticket, self._house.policy
        if ticket is None or ticket.status is not Status.OPEN or ticket.agent_id is not None:
            raise Conflict(f"{one.number} does not wait any more")
        effects: list[Effect] = []
        if decision.watch is not None or decision.is_unwatched:
            effects += self._watched(one, decision)
        if decision.has_no_people:
            effects += self._unowned(one)
        elif decision.routed is not None:
            effects += self._routed(one, decision, decision.routed)
        lang = snapshot.conversation.lang if snapshot.conversation else policy.languages[0]
        return Plan(lang=lang).then(*effects)

    def _watched(self, one: Unrouted, decision: Decision) -> list[Effect]:
        supervisor, matter = decision.watch, one.matter
        effects: list[Effect] = [
            Watch(
                supervisor_id=supervisor.id if supervisor else 0,
                number=supervisor.number if supervisor else None,
                because=one.because,
            )
        ]
        if matter.urgency != Urgency.NORMAL:
            alarm = Alarm(kind=AlarmKind.URGENT, name=f"urgent:{one.number}")
            effects.append(RaiseAlarm(alarm=alarm, ways=self._house.policy.alarms.ways, because=one.because))
        return effects

    def _unowned(self, one: Unrouted) -> list[Effect]:
        policy, department = self._house.policy, one.matter.department
        alarm = Alarm(kind=AlarmKind.UNOWNED, name=f"unowned:{one.number}", gaps={"department": department})
        because = "its department has no people"
        effects: list[Effect] = [RaiseAlarm(alarm=alarm, ways=policy.alarms.ways, because=because)]
        if department != policy.routing.otherwise:
            effects.append(Transfer(department=policy.routing.otherwise, because=because))
        return effects

    def _routed(self, one: Unrouted, decision: Decision, routed: Routed) -> list[Effect]:
        policy, person = self._house.policy, routed.person
        if policy.dispatch.mode == "offer" or person is None:
            return [
                Suggest(
                    agent_id=person.id if person else None,
                    instead_of=decision.instead_of,
                    record=routed.record(),
                    because=routed.because,
                )
            ]
        effects: list[Effect] = [
            Assign(agent_id=person.id, record=routed.record(), because=routed.because),
            MoveConversation(to=State.WITH_AGENT, because=routed.because),
        ]
        if one.matter.kind == "chat":
            promise = owed(
                Stage.AGENT_GREETING,
                policy,
                About(channel="chat", urgency=one.matter.urgency, department=one.matter.department),
                now=self._house.clock.now(),
                owner=f"agent:{person.number}",
                agent_id=person.id,
                because=routed.because,
            )
            effects.append(Owe(promise=promise, because=routed.because))
        return effects

    def _heard(self, committed: Committed) -> None:
        if committed.queue_delta or any(one.kind in ("agent", "ticket") for one in committed.events):
            self._changed.set()

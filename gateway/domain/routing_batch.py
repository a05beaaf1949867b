"""What is to be done about all who wait: each ticket in turn, with the room that those before it leave. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from gateway.domain.roster import PRESENT, Person, share_of
from gateway.domain.routing_route import Matter, Routed, has_people, route, supervisors_of
from gateway.domain.routing_rules import Dispatch


class Waits(Protocol):
    """A ticket in the queue."""

    @property
    def number(self) -> str:
        """What people quote."""
        ...

    @property
    def matter(self) -> Matter:
        """What it is about."""
        ...

    @property
    def suggested(self) -> int | None:
        """Who was asked to take it."""
        ...

    @property
    def supervisor(self) -> int | None:
        """Who watches it; None while nobody was looked for."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done about one ticket; what is None needs nothing."""

    number: str
    routed: Routed | None = None
    """Somebody new is asked, or has it."""
    instead_of: int | None = None
    watch: Person | None = None
    """The supervisor who is told."""
    is_unwatched: bool = False
    """A supervisor was looked for, and the house has none."""
    has_no_people: bool = False
    """Nobody at all works in its department."""

    @property
    def is_anything(self) -> bool:
        """Whether there is something to be done."""
        return bool(self.routed or self.watch or self.is_unwatched or self.has_no_people)


def decide_all(
    waiting: Iterable[Waits], people: Sequence[Person], rules: Dispatch, now: datetime
) -> list[Decision]:
    """Return what to do, in the order of the tickets.

    Who was asked and is still there is not asked anew; everybody else's room shrinks with each ticket given.
    """
    at_desk = {one.id: one for one in people}
    in_vain: set[Alike] = set()
    found = []
    for one in waiting:
        decision = _decide(one, at_desk, in_vain, rules, now)
        if decision.routed and decision.routed.person:
            chosen = decision.routed.person
            turn = 1 + max(each.turn for each in at_desk.values())
            share = share_of(one.matter.kind, chosen.capacity, rules.capacity) or 0.0
            at_desk[chosen.id] = replace(at_desk[chosen.id], load=chosen.load + share, turn=turn)
        if decision.is_anything:
            found.append(decision)
    return found


Alike = tuple[object, ...]


def alike(matter: Matter, rules: Dispatch, now: datetime) -> Alike:
    """Return what all matters have in common that the same people can take, or cannot."""
    is_long = now - matter.waits_since >= rules.relax_after
    return (
        matter.department, matter.type, matter.subtype, matter.urgency, matter.anomaly, matter.lang, matter.kind,
        matter.line, matter.is_vip, matter.own_agent, matter.knows, is_long,
    )  # fmt: skip


def _decide(
    one: Waits, at_desk: dict[int, Person], in_vain: set[Alike], rules: Dispatch, now: datetime
) -> Decision:
    matter, everybody = one.matter, tuple(at_desk.values())
    decision = Decision(number=one.number, instead_of=one.suggested)
    oversight = rules.oversight(type=matter.type, urgency=matter.urgency, anomaly=matter.anomaly)
    if oversight != "no" and one.supervisor is None:
        supervisors = supervisors_of(matter.department, everybody)
        watch = supervisors[0] if supervisors else None
        decision = replace(decision, watch=watch, is_unwatched=watch is None)
    if everybody and not has_people(matter.department, everybody):
        return replace(decision, has_no_people=True)
    if rules.mode == "queue":
        return decision
    asked = at_desk.get(one.suggested) if one.suggested is not None else None
    if rules.mode == "offer" and asked is not None and asked.state == PRESENT and asked.is_due_now(now):
        return decision
    kind = alike(matter, rules, now)
    if kind in in_vain and one.suggested is None:
        return decision  # room only shrinks from one ticket to the next
    routed = route(matter, everybody, rules, now)
    if routed.person is None:
        in_vain.add(kind)
    is_news = routed.person is not None or one.suggested is not None
    return replace(decision, routed=routed) if is_news else decision

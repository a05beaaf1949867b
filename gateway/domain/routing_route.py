"""route(): which person a ticket goes to, and of everybody else why not (rulebook T5, T6, T7). Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.roster import PRESENT, Person, share_of
from gateway.domain.routing_rules import Dispatch

_HALF_A_MAIL = 0.005
"""Loads that differ by less are equal: a float is no reason to prefer somebody."""
FULL = 1.0 + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A ticket, as far as routing needs to know it."""

    department: str
    type: str = "aftersale"
    subtype: str | None = None
    urgency: str = "normal"
    anomaly: str = "none"
    lang: str = "zh-CN"
    kind: str = "chat"
    """The kind of channel: chat, social or mail."""
    line: int = 1
    is_vip: bool = False
    own_agent: int | None = None
    """Who looks after this very customer."""
    knows: tuple[int, ...] = ()
    """Who handled this ticket or the customer's earlier ones, the first in charge first."""
    waits_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The one chosen, or None: it waits in the queue. ``why_not`` says of everybody else why."""

    person: Person | None
    rule: str
    because: str
    why_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By reason, the numbers of those it holds for."""

    def record(self) -> dict[str, object]:
        """Return it as the audit trail keeps it."""
        chosen = self.person.number if self.person else None
        return {
            "rule": self.rule,
            "agent": chosen,
            "why_not": {why: list(who) for why, who in self.why_not.items()},
        }


Hindrance = str | None
_Rule = tuple[str, str, Callable[[Person], Hindrance]]


def route(matter: Matter, people: Sequence[Person], rules: Dispatch, now: datetime) -> Routed:
    """Return who gets it: the first rule under which somebody can, among equals the one whose turn it is.

    Rules in order: a VIP's own agent; a supervisor for what goes to supervisors; who knows the customer; then
    department, line, skill and language. Always: present, at work by their own hours, with room for it. The
    order of ``people`` does not matter, and the same values give the same answer.
    """
    able = {one.id: _hindered(one, matter, rules, now) for one in people}
    supervised = rules.oversight(type=matter.type, urgency=matter.urgency, anomaly=matter.anomaly) == "assign"
    # A house without a second line has its supervisors for one.
    supervised |= matter.line > 1 and all(one.line < matter.line for one in people)
    refusals: dict[str, str] = {}
    for name, because, fits in _rules(matter, people, rules, now, supervised=supervised):
        free: list[Person] = []
        for one in people:
            why = able[one.id] or fits(one)
            if why is None:
                free.append(one)
            else:
                refusals[one.number] = why
        if free:
            chosen = min(free, key=_order)
            for one in free:
                refusals[one.number] = "more in hand" if _load(one) > _load(chosen) else "not their turn"
            del refusals[chosen.number]
            return Routed(person=chosen, rule=name, because=because, why_not=_by_reason(refusals))
    because = "nobody can take it now" if any(one.state == PRESENT for one in people) else "nobody is at work"
    return Routed(person=None, rule="queue", because=because, why_not=_by_reason(refusals))


def has_people(department: str, people: Iterable[Person]) -> bool:
    """Return whether anybody at all, present or not, takes the department's tickets."""
    return any(one.works_in(department) for one in people)


def supervisors_of(department: str, people: Iterable[Person]) -> list[Person]:
    """Return who supervises a department: those named for it, else whoever supervises all, present ones first."""
    watching = [one for one in people if one.watches(department)]
    named = [one for one in watching if department in one.supervises]
    return sorted(
        named or watching, key=lambda one: (one.state != PRESENT, one.role != "supervisor", one.number)
    )


def _rules(
    matter: Matter, people: Sequence[Person], rules: Dispatch, now: datetime, *, supervised: bool
) -> Iterable[_Rule]:
    if matter.is_vip and matter.own_agent is not None:
        own = matter.own_agent
        yield "own_agent", "a VIP's own agent", lambda one: None if one.id == own else "not their own agent"
    if supervised:
        chosen = {one.id for one in supervisors_of(matter.department, people)}
        yield (
            "supervisor",
            "complaints and urgent matters go to a supervisor",
            lambda one: None if one.id in chosen else "not a supervisor of the department",
        )
    if matter.line == 1:
        for known in matter.knows:
            yield "knows", "the agent who knows the customer", _only(known)
    yield "skill", "department, skill and language fit", _general(matter, people, rules, relaxed=False)
    if now - matter.waits_since >= rules.relax_after:
        relaxed = _general(matter, people, rules, relaxed=True)
        yield "anybody", "waited long: anybody who speaks the language", relaxed


def _only(id: int) -> Callable[[Person], Hindrance]:
    return lambda one: None if one.id == id else "does not know the customer"


def _hindered(one: Person, matter: Matter, rules: Dispatch, now: datetime) -> Hindrance:
    """What keeps a person from any ticket like this, whatever the rule."""
    if one.state != PRESENT:
        return one.state
    share = share_of(matter.kind, one.capacity, rules.capacity)
    if share is None:
        return "takes none of this kind"
    if one.load + share > FULL:
        return "no room"
    return None if one.is_due_now(now) else "not their hours"


def _general(
    matter: Matter, people: Sequence[Person], rules: Dispatch, *, relaxed: bool
) -> Callable[[Person], Hindrance]:
    wanted = rules.skills_for(matter.subtype)
    # A skill that nobody has is no reason to let the customer wait for ever.
    is_known = any(wanted & one.skills for one in people)
    has_agents = any(
        one.role == "agent" and one.works_in(matter.department) and one.line == matter.line for one in people
    )
    has_line = any(one.line == matter.line for one in people)

    def hindrance(one: Person) -> Hindrance:
        if not one.speaks(matter.lang):
            return "other language"
        if has_line and one.line != matter.line:
            return "other line"
        if relaxed:
            return None
        if not one.works_in(matter.department):
            return "other department"
        if one.is_supervisor and has_agents:
            return "a supervisor"
        if is_known and not wanted & one.skills:
            return "lacks the skill" if one.skills else "no skills: general matters only"
        return None

    return hindrance


def _load(one: Person) -> int:
    return round(one.load / _HALF_A_MAIL)


def _order(one: Person) -> tuple[int, int, str]:
    return _load(one), one.turn, one.number


def _by_reason(refusals: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for number, why in refusals.items():
        grouped.setdefault(why, []).append(number)
    return {why: tuple(sorted(numbers)) for why, numbers in sorted(grouped.items())}

"""How long it takes to find a person for one ticket among 200 agents."""

import random
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.domain.roster import Person
from gateway.domain.routing_batch import decide_all
from gateway.domain.routing_route import Matter, route
from gateway.domain.routing_rules import Dispatch
from gateway.domain.simulation import Arrival, play
from gateway.settings import Settings

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
SKILLS = ("refund", "invoice", "delivery", "warranty", "account")
DEPARTMENTS = ("support", "tech", "logistics", "aftersales")


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A ticket that waits."""

    number: str
    matter: Matter
    suggested: int | None = None
    supervisor: int | None = None


def people(count: int, chance: random.Random) -> list[Person]:
    """Return agents of every kind, every other one with working hours of their own."""
    house = Settings().policy().hours
    return [
        Person(
            id=n,
            number=str(1000 + n),
            role="supervisor" if n % 20 == 0 else "agent",
            state=chance.choice(("online", "online", "online", "away", "offline")),
            departments=frozenset(chance.sample(DEPARTMENTS, 2)),
            skills=frozenset(chance.sample(SKILLS, 2)),
            languages=chance.choice((("zh-CN",), ("zh-CN", "en"), ())),
            hours=replace(house) if n % 2 else None,
            line=2 if n % 10 == 0 else 1,
            load=chance.choice((0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
            turn=chance.randrange(1000),
        )
        for n in range(1, count + 1)
    ]


def measure(count: int = 200, tickets: int = 2000) -> dict[str, Any]:
    """Return median, 99th percentile and worst of routing one ticket, in ms."""
    chance = random.Random(7)
    roster, rules, spent = people(count, chance), Dispatch(), []
    for _ in range(tickets):
        matter = Matter(
            department=chance.choice(DEPARTMENTS),
            type=chance.choice(("presale", "aftersale", "complaint")),
            subtype=chance.choice((*SKILLS, None)),
            urgency=chance.choice(("normal", "normal", "urgent")),
            lang=chance.choice(("zh-CN", "en")),
            knows=(chance.randrange(1, count + 1),),
            waits_since=NOW - timedelta(minutes=chance.randrange(20)),
        )
        began = time.perf_counter()
        route(matter, roster, rules, NOW)
        spent.append((time.perf_counter() - began) * 1000)
    spent.sort()
    at = {"p50_ms": 0.5, "p99_ms": 0.99}
    return {
        "agents": count,
        "tickets": tickets,
        **{name: round(spent[int(share * len(spent))], 3) for name, share in at.items()},
        "max_ms": round(spent[-1], 3),
    }


def measure_batch(count: int = 200, waiting: int = 200) -> dict[str, Any]:
    """Return how long one look at everything that waits takes, in ms."""
    chance = random.Random(7)
    roster = people(count, chance)
    queue = [
        Queued(
            number=f"T{n}",
            matter=Matter(
                department=chance.choice(DEPARTMENTS),
                subtype=chance.choice((*SKILLS, None)),
                urgency=chance.choice(("normal", "normal", "urgent")),
                waits_since=NOW - timedelta(minutes=chance.randrange(20)),
            ),
        )
        for n in range(waiting)
    ]
    began = time.perf_counter()
    decided = decide_all(queue, roster, Dispatch(), NOW)
    return {
        "waiting": waiting,
        "routed": sum(one.routed is not None for one in decided),
        "look_ms": round((time.perf_counter() - began) * 1000, 1),
    }


def measure_simulation(tickets: int = 10_000, agents: int = 20) -> dict[str, Any]:
    """Return how long it takes to play a month of arrivals through a roster, in seconds."""
    chance = random.Random(7)
    policy = Settings().policy()
    roster = [Person(id=n, number=str(1000 + n)) for n in range(agents)]
    arrivals = [
        Arrival(
            number=f"T{n}",
            matter=Matter(
                department=chance.choice(DEPARTMENTS),
                kind=chance.choice(("chat", "chat", "mail")),
                waits_since=NOW - timedelta(minutes=chance.randrange(30 * 24 * 60)),
            ),
            occupies=timedelta(minutes=chance.randrange(2, 40)),
            reply_after=timedelta(seconds=20),
        )
        for n in range(tickets)
    ]
    began = time.perf_counter()
    played = play(arrivals, roster, policy, NOW)
    spent = time.perf_counter() - began
    taken = sum(one.taken_at is not None for one in played.fates)
    return {"tickets": tickets, "agents": agents, "taken": taken, "seconds": round(spent, 2)}


if __name__ == "__main__":
    print(measure(), measure_batch(), measure_simulation())

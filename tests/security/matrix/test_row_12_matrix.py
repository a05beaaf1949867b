"""Row 12: every route, asked by everybody, about tickets of every standing: what comes of it is what the matrix says.

Every cell is one request at the real door. What is refused must have been refused by ``authorize``, must change
nothing, and of what is not seen must give the very bytes that a number gives which nobody has.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import ClientResponse, ClientTimeout
from sqlalchemy import func, select

from gateway.desk import rights
from gateway.desk.rights import Action, Who
from gateway.domain.standing import Standing
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.web import policy
from gateway.web.routes import Route
from gateway.web.server import API_ROUTES
from tests.security.matrix.asking import Given, body_of, part_of, path_of
from tests.security.matrix.cast import Principal, make_cast
from tests.security.matrix.expected import FINE, NOT_SEEN, NOT_THERE, expected
from tests.security.matrix.planting import GONE, KINDS, NEEDS_PERSON, UNKNOWN, Planted, Planter
from tests.servers.desk import DeskRig, running_desk

EVERY_DAY = ("agent", "supervisor", "admin", "auditor", "admin and agent", "token: agent", "nobody")
"""Who asks in ``make test``; all of the cast in ``make prove-security``."""
KINDS_EVERY_DAY = ("own", "department's", "asked", "other's", "merged", GONE)
ASKED = tuple(route for route in API_ROUTES if route.action is not None)
ABOUT_TICKETS = tuple(route for route in ASKED if part_of(route) is not None)
ABOUT_NONE = tuple(route for route in ASKED if part_of(route) is None)
HANDLERS_OWN = ("/attachments/", "/alarms/", "/quarantine/")
"""Where the one condition is asked by the query that fetches the thing."""

PATIENT = ClientTimeout()
"""A machine that is busy with other proofs is slow, not wrong."""

Scale = Callable[[int, int], int]
Figure = Callable[[str, object], None]


class House:
    """The installation, its cast, and what was asked of ``authorize``."""

    def __init__(self, rig: DeskRig, cast: list[Principal], planter: Planter, other: str) -> None:
        self.rig, self.cast, self.planter, self.other = rig, cast, planter, other
        self.asked: list[tuple[Action, str]] = []
        self._planted: dict[tuple[str, str], Planted] = {}
        self._count = 0

    async def planted(self, kind: str, who: Principal) -> Planted:
        """A ticket of this kind that nobody has changed since it was made."""
        key = (kind, who.name)
        if key not in self._planted:
            self._planted[key] = await self.planter.plant(kind, who)
        return self._planted[key]

    def spend(self, kind: str, who: Principal) -> None:
        """It was changed: the next one is new."""
        self._planted.pop((kind, who.name), None)

    async def ask(self, route: Route, who: Principal, about: Planted) -> tuple[str, bytes, int]:
        """Make one request; return what came of it, the body of the answer, and its status."""
        self._count += 1
        k = t.ticket.c
        version = await self.rig.database.read(
            lambda tx: tx.execute(select(k.version).where(k.number == about.number)).scalar()
        )
        now = self.rig.clock.now()
        given = Given(
            about=about,
            version=version or 1,
            other=self.other,
            colleague="9001",
            nonce=f"{self._count:06}",
            later=(now + timedelta(days=1)).isoformat(),
        )
        before, self.asked = self._denied(), []
        answer, body = await self._send(route, path_of(route, given), body_of(route, given), who)
        return self._came_of_it(route, answer, body, before), body, answer.status

    async def _send(self, route: Route, path: str, body: Any, who: Principal) -> tuple[ClientResponse, bytes]:
        more = {} if route.method == "GET" or route.takes_file else {"json": body}
        url = f"/api/v1{path}"
        async with self.rig.client.request(
            route.method, url, headers=who.headers, timeout=PATIENT, **more
        ) as answer:
            if answer.content_type == "text/event-stream":
                return answer, b""
            return answer, await answer.read()

    def _denied(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for metric in self.rig.world.metrics.denied.collect():
            for sample in metric.samples:
                if sample.name.endswith("_total"):
                    found[sample.labels["why"]] += int(sample.value)
        return found

    def _came_of_it(self, route: Route, answer: ClientResponse, body: bytes, before: Counter[str]) -> str:
        denied = self._denied() - before
        assert answer.status < 500, (route, answer.status, body)
        assert answer.status != 429, "the pace of requests decided, not the matrix"
        if answer.status == 401:
            return "401"
        if answer.status == 404 and route.path.startswith(HANDLERS_OWN):
            return NOT_SEEN
        if not denied:
            assert answer.status != 403, (route, body)
            return FINE
        (why,) = denied.elements()
        assert answer.status == (404 if why in ("unseen", "unknown") else 403)
        return f"{answer.status} {why}"

    async def state(self) -> tuple[Any, ...]:
        """Something that is different after any change to what belongs to a customer."""
        counts = (t.event, t.message, t.note, t.task, t.handover, t.promise, t.attachment, t.outbox, t.tag)

        def unit(tx: Tx) -> tuple[Any, ...]:
            sizes = [tx.execute(select(func.count()).select_from(one)).scalar_one() for one in counts]
            return (*sizes, tx.execute(select(func.sum(t.ticket.c.version))).scalar_one())

        return await self.rig.database.read(unit)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with running_desk(tmp_path) as rig:
        cast = await make_cast(rig)
        colleague, third = await rig.agent(number="9001"), await rig.agent(number="9002")
        other = await rig.ticket()
        found = House(rig, cast, Planter(rig, colleague.id, third.id), other)

        def spied(who: Who, action: Action, about: Any = None) -> None:
            if isinstance(about, Standing):
                found.asked.append((action, about.number))
            rights.authorize(who, action, about)

        monkeypatch.setattr(policy, "authorize", spied)
        yield found


def the_cast(house: House, scale: Scale) -> list[Principal]:
    return [one for one in house.cast if scale(0, 1) or one.name in EVERY_DAY]


def the_kinds(who: Principal, scale: Scale) -> list[str]:
    kinds = KINDS if scale(0, 1) else KINDS_EVERY_DAY
    return [kind for kind in kinds if who.agent_id is not None or kind not in NEEDS_PERSON]


@pytest.mark.timeout(2400)  # at full size, on a machine that does other things as well
async def test_row_12_every_route_about_a_ticket_does_what_the_matrix_says(
    house: House, scale: Scale, figure: Figure
) -> None:
    surprises, cells = [], Counter[str]()
    for who in the_cast(house, scale):
        for route in ABOUT_TICKETS:
            gone = (await house.ask(route, who, UNKNOWN))[1]
            for kind in the_kinds(who, scale):
                about = await house.planted(kind, who)
                wanted = expected(route, who, about)
                before = await house.state() if wanted != FINE else ()
                came, body, status = await house.ask(route, who, about)
                cells[wanted] += 1
                if came != wanted and not (came == NOT_SEEN and wanted == NOT_THERE):
                    surprises.append((who.name, route.method, route.path, kind, wanted, came, body[:200]))
                if wanted == NOT_SEEN:
                    assert body == gone, (who.name, route.path, kind)
                if wanted == FINE and came == FINE and not route.path.startswith(HANDLERS_OWN):
                    assert house.asked, f"{route.method} {route.path} asked nobody about {about.number}"
                if wanted != FINE:
                    assert await house.state() == before, (who.name, route.path, kind)
                elif route.method != "GET" and status < 300:
                    house.spend(kind, who)
    assert not surprises, "\n".join(map(str, surprises[:40])) + f"\n{len(surprises)} in all"
    assert min(cells.values()) > 20
    figure("cells about tickets, by what must come of them", dict(cells))
    figure("surprises", 0)


@pytest.mark.timeout(2400)  # at full size, on a machine that does other things as well
async def test_row_12_every_route_about_no_ticket_does_what_the_matrix_says(
    house: House, scale: Scale, figure: Figure
) -> None:
    surprises, count = [], 0
    leaving = [one for one in ABOUT_NONE if one.method == "DELETE" and one.path == "/session"]
    for who in house.cast:
        for route in (*(one for one in ABOUT_NONE if one not in leaving), *leaving):
            came, body, _ = await asyncio.wait_for(house.ask(route, who, UNKNOWN), 10)
            wanted, count = expected(route, who, None), count + 1
            if came != wanted and not (wanted == FINE and came in (NOT_SEEN, NOT_THERE)):
                surprises.append((who.name, route.method, route.path, wanted, came, body[:200]))
    assert not surprises, "\n".join(map(str, surprises))
    figure("cells about no ticket", count)


@pytest.mark.parametrize("name", ["typing", "drafts/check"])
async def test_row_12_a_ticket_named_in_a_body_is_asked_about_as_well(house: House, name: str) -> None:
    route = next(one for one in API_ROUTES if one.path == f"/{name}")
    who = next(one for one in house.cast if one.name == "agent")
    unknown = await house.ask(route, who, UNKNOWN)
    for kind in ("own", "department's", "merged"):
        assert (await house.ask(route, who, await house.planted(kind, who)))[2] < 300
    for kind in ("other's", "other's unassigned"):
        assert await house.ask(route, who, await house.planted(kind, who)) == unknown


async def test_row_12_merging_handing_over_and_requests_find_no_ticket_that_is_not_seen(house: House) -> None:
    who = next(one for one in house.cast if one.name == "agent")
    own, others = await house.planted("own", who), await house.planted("other's", who)

    async def said(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        async with house.rig.client.post(f"/api/v1{path}", json=body, headers=who.headers) as answer:
            return answer.status, orjson.loads(await answer.read())

    for number in (others.number, UNKNOWN.number):
        status, problem = await said(f"/tickets/{own.number}/merge", {"into": number, "reason": "x"})
        assert (status, problem["code"]) == (404, "not_found")
        _, made = await said("/handovers", {"to": "9001", "tickets": [number]})
        assert [(one["code"], one["detail"]) for one in made["refused"]] == [("not_found", "没有找到。")]
        body = {"act": "verification.override", "about": f"ticket:{number}", "reason": "x"}
        assert (await said("/approvals", body))[0] == 404
    dismiss = f"/tickets/{own.number}/suggestions/{others.number}/dismiss"
    assert (await said(dismiss, {}))[0] == 404


def test_row_12_a_route_that_names_something_nobody_is_asked_about_cannot_be_mounted() -> None:
    with pytest.raises(LookupError, match="who may see"):
        policy.rule_of("/invoices/{number}")
    for route in API_ROUTES:
        policy.rule_of(route.path)
        assert route.action is not None or route.path in ("/session", "/setup") or "{" not in route.path

"""Row 19: no answer holds a secret of ours, nor anything of a customer that the asker does not see.

Every column that may hold either has a word planted in it; everybody fetches everything there is to fetch.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Boolean, Integer, LargeBinary, insert, update

from gateway.desk.rights import Action, Role
from gateway.store import tables as t
from gateway.store.columns import Id, Instant, Interval, Json
from gateway.store.database import Tx
from gateway.web.server import API_ROUTES
from tests.security.matrix.asking import Given, part_of, path_of
from tests.security.matrix.cast import NOBODY, Principal, make_cast
from tests.security.matrix.expected import expected, sees
from tests.security.matrix.planting import GONE, KINDS, NEEDS_PERSON, UNKNOWN, Planted, Planter
from tests.servers.desk import DeskRig, running_desk

SECRET = "5ec4e7-canary"
SECRETS = {
    "agent": ("password",),
    "session": ("token_hash", "csrf"),
    "api_token": ("token_hash",),
    "one_time_link": ("token_hash",),
    "factor": ("secret", "public_key", "credential"),
    "recovery_code": ("code_hash",),
    "sign_in_flow": ("token_hash", "data"),
    "oidc_identity": ("issuer", "subject"),
    "data_key": ("wrapped",),
    "inbox": ("body_hash", "lease_owner"),
    "outbox": ("lease_owner", "key"),
}
"""What no answer has a field for, by table."""
GETS = tuple(
    one for one in API_ROUTES if one.method == "GET" and one.action is not None and one.path != "/events"
)
QUERIES = {
    "/tickets": (
        {"queue": "all", "limit": "200", "status": "open,in_progress,resolved,closed"},
        {"q": "canary"},
    ),
    "/enquiries": (
        {"since": "2026-01-01T00:00:00Z", "limit": "500"},
        {"since": "2026-01-01T00:00:00Z", "format": "csv"},
    ),
    "/promises": ({"limit": "200"}, {"state": "late", "limit": "200"}),
    "/tasks": ({"state": "asked,accepted,done,declined,withdrawn"},),
}


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as found:
        yield found


def _value(column: Any, now: datetime, bystander: int) -> Any:
    kind = column.type
    if column.foreign_keys or column.name == "agent_id":
        return bystander
    if isinstance(kind, Instant):
        return now
    if isinstance(kind, Json):
        return {"x": SECRET}
    if isinstance(kind, LargeBinary):
        return SECRET.encode()
    if isinstance(kind, Boolean | Integer | Interval) or kind is Id:
        return 0
    is_secret = column.name in SECRETS.get(column.table.name, ())
    return SECRET if is_secret else f"x-{column.name}"[: getattr(kind, "length", None) or 200]


def _plant_secrets(tx: Tx, now: datetime, bystander: int) -> None:
    """Rows of their own where there can be some; an agent's and a message's are planted on what is there."""
    for name, columns in SECRETS.items():
        table = t.metadata.tables[name]
        if name in ("inbox", "outbox"):
            continue
        if name == "agent":
            tx.execute(update(table).where(table.c.id == bystander).values(dict.fromkeys(columns, SECRET)))
            continue
        needed = [
            one
            for one in table.columns
            if one.name in columns or not (one.nullable or one.server_default is not None or one.name == "id")
        ]
        tx.execute(insert(table).values({one.name: _value(one, now, bystander) for one in needed}))
    tx.execute(update(t.inbox).values(body_hash=SECRET, lease_owner=SECRET))
    tx.execute(update(t.outbox).values(lease_owner=SECRET))


class Crawl:
    """One crawl by one person of all that anybody planted."""

    def __init__(self, rig: DeskRig, planted: list[Planted], other: str) -> None:
        self._rig, self._planted, self._other = rig, planted, other
        self.leaks: list[tuple[str, str, str]] = []
        self.fetched = self.sighted = 0

    async def by(self, who: Principal) -> None:
        """Fetch everything and look at every byte."""
        for route in GETS:
            abouts = [*self._planted, UNKNOWN] if part_of(route) else [UNKNOWN]
            for about in abouts:
                for query in QUERIES.get(route.path, ({},)):
                    given = Given(about=about, version=1, other=self._other, colleague="", nonce="", later="")
                    path = f"/api/v1{path_of(route, given)}"
                    async with self._rig.client.get(path, params=query, headers=who.headers) as answer:
                        body = await answer.read()
                    self.fetched += 1
                    if (
                        answer.status == 200
                        and route.gives is not None
                        and answer.content_type.endswith("json")
                    ):
                        self._is_listed(route, body)
                    self._look(who, f"{route.path} about {about.kind}", body)

    def _is_listed(self, route: Any, body: bytes) -> None:
        try:
            route.gives.model_validate_json(body)
        except ValidationError as error:
            raise AssertionError(f"{route.path} answers with more or other than it says: {error}") from error

    def _look(self, who: Principal, where: str, body: bytes) -> None:
        if SECRET.encode() in body:
            self.leaks.append((who.name, where, "a secret"))
        for one in self._planted:
            self.sighted += one.canary.encode() in body
            if one.canary.encode() in body and not sees(who, one):
                self.leaks.append((who.name, where, one.canary))
            plainly = one.kind == "own" and who.agent_id is not None
            if f"{one.canary}@shop.example".encode() in body and not (
                plainly or Role.SUPERVISOR in who.roles
            ):
                self.leaks.append((who.name, where, f"the address of {one.canary}"))


@pytest.mark.timeout(2400)  # at full size, on a machine that does other things as well
async def test_row_19_whoever_fetches_everything_finds_no_secret_and_nothing_they_do_not_see(
    rig: DeskRig, figure: Any
) -> None:
    cast = await make_cast(rig)
    colleague, third = await rig.agent(number="9001"), await rig.agent(number="9002")
    planter, other = Planter(rig, colleague.id, third.id), await rig.ticket()
    agent = next(one for one in cast if one.name == "agent")
    shared = [await planter.plant(kind, agent) for kind in KINDS if kind not in (GONE, *NEEDS_PERSON)]
    now = rig.clock.now()
    await rig.database.write(lambda tx: _plant_secrets(tx, now, third.id))
    leaks, fetched, sighted = [], 0, dict[str, int]()
    for who in cast:
        own = [await planter.plant("own", who)] if who.agent_id is not None else []
        crawl = Crawl(rig, [*shared, *own], other)
        await crawl.by(who)
        leaks += crawl.leaks
        fetched += crawl.fetched
        sighted[who.name] = crawl.sighted
    assert not leaks, "\n".join(map(str, leaks[:30])) + f"\n{len(leaks)} in all"
    assert fetched > 1000
    assert sighted["supervisor"] > sighted["agent"] > 50  # the crawl does find what is there to be found
    assert sighted["admin"] == sighted["auditor"] == sighted["editor"] == sighted["nobody"] == 0
    figure("answers looked through", fetched)
    figure("leaks", 0)


def test_row_19_whoever_sees_no_tickets_has_no_right_that_would_show_one() -> None:
    about = Planted(kind="unassigned")
    for role in (Role.ADMIN, Role.EDITOR, Role.AUDITOR):
        who = Principal(name=role, roles=frozenset({role}), agent_id=1)
        assert not who.scopes(Action.SEE_TICKETS)
        for route in API_ROUTES:
            if route.action is not None and part_of(route) is not None:
                assert expected(route, who, about) != "fine", (role, route.path)
    assert not sees(NOBODY, about)

"""Row 29: nobody is anybody else because a header says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers.desk import DeskRig, running_desk

CLAIMS = (
    "X-On-Behalf-Of",
    "X-Impersonate-User",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Remote-User",
    "Remote-User",
    "X-Auth-Request-User",
    "X-User",
    "X-User-Id",
    "X-Agent",
    "X-Role",
    "From",
    "Sudo",
    "X-Original-User",
    "X-Client-Cert-Subject",
)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as found:
        yield found


async def test_row_29_a_header_that_names_somebody_else_changes_nothing(rig: DeskRig) -> None:
    await rig.seat("admin", "3001")
    boss, seat = await rig.seat("supervisor", "2001"), await rig.seat("editor", "4001")
    number = await rig.ticket()
    me = await (await seat.get("/me")).json()
    for name in CLAIMS:
        for value in ("a3001", "3001", "1", "admin", boss.agent.login):
            claimed = await seat.get("/me", headers={name: value})
            assert await claimed.json() == me, name
            assert (await seat.get(f"/tickets/{number}", headers={name: value})).status == 403


async def test_row_29_a_header_signs_nobody_in(rig: DeskRig) -> None:
    await rig.seat("admin", "3001")
    for name in CLAIMS:
        answer = await rig.client.get("/api/v1/me", headers={name: "a3001"})
        assert answer.status == 401, name


async def test_row_29_a_method_in_a_header_is_not_the_method(rig: DeskRig) -> None:
    seat = await rig.seat("supervisor", "2001")
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = await seat.get("/me", headers={name: "DELETE"})
        assert answer.status == 200
    assert (await seat.get("/me")).status == 200

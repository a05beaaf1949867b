"""An alarm is raised once, seen at the desk, and leaves the house by mail and webhook until it is taken."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.contract import Adapter, Outbound, Receipt, SendFailed
from adapters.outgoing import Egress, Outgoing
from adapters.webhook_signing import key_of
from gateway.desk.alarm_hook import AlarmHook
from gateway.desk.alarms import Alarms, raise_now
from gateway.domain.alarm import Alarm, AlarmKind, AlarmRules
from gateway.domain.alarm_words import covered
from gateway.house import House
from gateway.store.alarms import raise_alarm, read_alarms
from gateway.store.visible_sight import EVERYTHING
from tests.building import MAIL, a_house, a_policy
from tests.servers.desk import DeskRig, running_desk

SECRET = "whsec_" + base64.b64encode(b"forty-two geese over the frozen lake").decode()
DOWN = Alarm(
    kind=AlarmKind.CHANNEL,
    name="channel-mail-1",
    gaps={"channel": "support", "at": "2026-11-23T01:50:00+00:00"},
)


class Mailbox:
    """A mail adapter that fails as often as it is told to."""

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.sent: list[Outbound] = []

    async def run(self) -> None: ...

    async def send(self, outbound: Outbound) -> Receipt:
        if self.fails:
            self.fails -= 1
            raise SendFailed("the server is away")
        self.sent.append(outbound)
        return Receipt()

    async def close(self) -> None: ...


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as opened:
        rules = AlarmRules(mail=("lead@shop.example",), webhook="set below")
        yield replace(opened, policy=a_policy(alarms=rules))


def leaving(house: House, adapter: Adapter, hook: AlarmHook | None = None) -> Alarms:
    return Alarms(house, {MAIL: adapter}, base="https://help.shop.example", hook=hook)


async def test_the_same_alarm_raised_twice_is_one_alarm_and_one_mail(house: House) -> None:
    house = replace(house, policy=a_policy(alarms=AlarmRules(mail=("lead@shop.example",))))
    box = Mailbox()
    alarms = leaving(house, box)
    assert await raise_now(house, DOWN, "silent for ten minutes")
    assert not await raise_now(house, DOWN, "silent for eleven minutes")
    assert await alarms.deliver() == 1
    assert await alarms.deliver() == 0
    [mail] = box.sent
    assert mail.address == "lead@shop.example"
    assert mail.subject == "[告警] 渠道 support 从 今天 09:50 起不可用。"
    assert "silent for ten minutes" in mail.text


async def test_a_mail_that_fails_is_tried_again_later_and_not_before(house: House) -> None:
    house = replace(house, policy=a_policy(alarms=AlarmRules(mail=("lead@shop.example",))))
    box = Mailbox(fails=1)
    alarms = leaving(house, box)
    await raise_now(house, DOWN, "silent")
    await alarms.deliver()
    assert await alarms.deliver() == 0
    await house.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined] # a FakeClock
    await alarms.deliver()
    assert len(box.sent) == 1


async def test_a_webhook_gets_the_words_in_both_languages_signed_as_standard_webhooks_has_it(
    house: House,
) -> None:
    got: list[tuple[Any, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.headers, await request.read()))
        return web.Response(status=204 if len(got) > 1 else 503)

    app = web.Application()
    app.router.add_post("/hook", take)
    async with TestServer(app) as server:
        outgoing = Outgoing(Egress(private_hosts=frozenset({"127.0.0.1"})))
        hook = AlarmHook(str(server.make_url("/hook")), (key_of(SECRET), b"next"), outgoing, house.clock)
        house = replace(house, policy=a_policy(alarms=AlarmRules(webhook="set")))
        alarms = leaving(house, Mailbox(), hook)
        await raise_now(house, DOWN, "silent")
        await alarms.deliver()
        await house.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined] # a FakeClock
        await alarms.deliver()
        await outgoing.close()
    (first, _), (headers, body) = got
    assert first["webhook-id"] == headers["webhook-id"]
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"].split(" ")[0] == f"v1,{wanted}"
    told = orjson.loads(body)
    assert told["text"]["en"] == "Channel support has been unavailable since 09:50 today."
    assert told["kind"] == "channel"


async def test_an_alarm_without_a_mailbox_to_send_from_stays_at_the_desk_and_says_why(house: House) -> None:
    house = replace(house, policy=a_policy(alarms=AlarmRules(mail=("lead@shop.example",))))
    await raise_now(house, DOWN, "silent")
    assert await Alarms(house, {}, base="", hook=None).deliver() == 1
    assert await Alarms(house, {}, base="", hook=None).deliver() == 0
    assert len(await house.database.read(lambda tx: read_alarms(tx, EVERYTHING))) == 1


def test_a_customers_words_leave_the_house_short_and_covered() -> None:
    assert covered("我的手机号是13800001234，充电器\n冒烟了") == "我的手机号是138****1234，充电器 冒烟了"
    assert len(covered("很长" * 200)) == 120


async def test_the_desk_shows_alarms_and_who_took_note_first(tmp_path: Path) -> None:
    async with running_desk(tmp_path) as rig:
        await raised(rig)
        seat, other = await rig.seat("supervisor"), await rig.seat("agent", "1002")
        listed = await (await seat.get("/alarms?unseen=1")).json()
        [alarm] = listed["alarms"]
        assert alarm["text"].startswith("渠道 support")
        for one in (seat, other):
            assert (await one.post(f"/alarms/{alarm['id']}/seen", {})).status == 200
        assert (await (await seat.get("/alarms?unseen=1")).json())["alarms"] == []
        [after] = (await (await seat.get("/alarms")).json())["alarms"]
        assert after["seen_by"] == "1001"
        assert (await seat.post("/alarms/99/seen", {})).status == 404


async def raised(rig: DeskRig) -> None:

    unit = partial(raise_alarm, alarm=DOWN, ways=(), now=rig.clock.now(), because="silent")
    assert await rig.database.write(unit) is not None

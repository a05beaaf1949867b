"""Live events: replayed, coalesced, bounded, cut; and agents who are gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientTimeout
from sqlalchemy import delete

from gateway.desk.rights import Role, Who
from gateway.store import accounts, visible_live
from gateway.store import tables as t
from gateway.store.visible import Sight
from gateway.web.api import models as m
from gateway.web.live import QUEUE, Watcher
from gateway.web.world import PARTS, ChannelState
from tests.servers.desk import DeskRig, Seat, Stream, running_desk

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


@asynccontextmanager
async def watching(rig: DeskRig, seat: Seat, since: str | None = None) -> AsyncIterator[Stream]:
    headers = {} if since is None else {"Last-Event-ID": since}
    async with seat.client.get("/api/v1/events", headers=headers, timeout=ClientTimeout()) as response:
        assert response.status == 200, await response.text()
        stream = Stream(response, rig.clock)
        await stream.next()  # how long to wait before coming back
        if since is None:
            await stream.next()  # where we are
        yield stream


async def state_of(rig: DeskRig, number: str) -> str:
    found = await rig.database.read(lambda tx: accounts.find_number(tx, number))
    assert found is not None
    return found.state


async def until_state(rig: DeskRig, number: str, wanted: str) -> None:
    async with asyncio.timeout(5):
        while await state_of(rig, number) != wanted:
            await rig.clock.advance(timedelta(seconds=5))


async def test_a_new_ticket_and_its_message_appear_on_every_desk(rig: DeskRig) -> None:
    first, second = await rig.seat(), await rig.seat("supervisor", "2001")
    async with watching(rig, first) as one, watching(rig, second) as two:
        number = await rig.ticket("我要退款")
        for stream in (one, two):
            message = await stream.event("message")
            assert (message["number"], message["message"]["text"]) == (number, "我要退款")
            m.Message.model_validate(message["message"])
            ticket = await stream.event("ticket")
            assert ticket["number"] == number
            m.Ticket.model_validate(ticket)


async def test_many_changes_of_one_moment_come_as_one_ticket(rig: DeskRig) -> None:
    seat = await rig.seat()
    async with watching(rig, seat) as stream:
        number = await rig.ticket(thread="v1")
        for line in ("eins", "zwei", "drei"):
            await rig.writes(line, thread="v1")
        words = [(await stream.event("message"))["message"]["text"] for _ in range(4)]
        assert words == ["我要退款", "eins", "zwei", "drei"]
        kind, _ = await stream.next()
        assert kind == "ticket"
        await rig.ticket("the next one")
        assert (await stream.event("message"))["number"] != number


async def test_row_49_a_desk_that_was_away_is_told_all_that_it_missed_and_nothing_else(rig: DeskRig) -> None:
    seat = await rig.seat()
    async with watching(rig, seat) as stream:
        number = await rig.ticket("seen")
        await stream.event("ticket")
        last = stream.last_id
    await seat.post(f"/tickets/{number}/notes", {"text": "missed note"})
    await rig.ticket("missed message")
    headers = {"Last-Event-ID": last}
    async with seat.client.get("/api/v1/events", headers=headers, timeout=ClientTimeout()) as response:
        stream = Stream(response, rig.clock)
        kinds: list[str] = []
        words = ""
        while kinds.count("ticket") < 2:
            kind, data = await stream.next()
            kinds.append(kind)
            words += data
    assert "missed message" in words
    assert "missed note" in words
    assert '"text":"seen"' not in words
    assert int(stream.last_id) > int(last)


async def test_events_that_are_gone_or_too_many_make_the_desk_load_anew(rig: DeskRig) -> None:
    seat = await rig.seat()
    for _ in range(3):
        await rig.ticket()
    await rig.database.write(lambda tx: tx.execute(delete(t.event).where(t.event.c.id < 4)) and None)
    for since in ("1", "999999"):
        headers = {"Last-Event-ID": since}
        async with seat.client.get("/api/v1/events", headers=headers, timeout=ClientTimeout()) as response:
            stream = Stream(response, rig.clock)
            await stream.event("reset")
            newest = await rig.database.read(visible_live.last_event)
            assert stream.last_id == str(newest)


async def test_the_agent_who_has_the_ticket_sees_that_the_customer_writes_and_nobody_else(
    rig: DeskRig,
) -> None:
    mine, other = await rig.seat(), await rig.seat("agent", "1002")
    number = await rig.ticket(thread="v1")
    await rig.ticket(thread="v2")
    assert (await mine.post(f"/tickets/{number}/claim", {"version": 1})).status == 200
    typing = rig.app[PARTS].typing
    async with watching(rig, mine) as stream, watching(rig, other) as others:
        for thread in ("v1", "v1", "v2", "nobody"):
            typing.heard("web", thread)
        assert await stream.event("typing") == {"number": number}
        await rig.clock.advance(timedelta(seconds=2))
        typing.heard("web", "v1")
        await rig.clock.advance(timedelta(seconds=1))
        typing.heard("web", "v1")
        stream.step = others.step = timedelta(seconds=1)
        kinds = [(await stream.next())[0] for _ in range(2)]
        assert kinds == ["typing", ":"]  # twice in three seconds, then the ping
        assert (await others.next())[0] == ":"


@pytest.mark.parametrize("since", ["x", "-1", "1" * 30, "١"])
async def test_an_event_id_that_is_none_is_refused(rig: DeskRig, since: str) -> None:
    seat = await rig.seat()
    answer = await seat.client.get("/api/v1/events", params={"since": since})
    assert answer.status == 422


def test_a_desk_that_cannot_keep_up_keeps_only_the_word_to_load_anew() -> None:
    watcher = Watcher(who=Who(role=Role.AGENT, name="x"), sight=Sight(tickets=True), cut=lambda: None)
    for number in range(QUEUE):
        watcher.put(b"%d" % number, b"reset")
    assert watcher.frames.qsize() == QUEUE
    watcher.put(b"one more", b"reset")
    assert watcher.frames.qsize() == 1
    assert watcher.frames.get_nowait() == b"reset"


async def test_a_desk_that_takes_nothing_for_four_pings_is_cut_off(rig: DeskRig) -> None:
    seat = await rig.seat()
    cut: list[bool] = []
    who = Who(role=Role.AGENT, name="x", agent_id=seat.agent.id, session=accounts.hashed(seat.token))
    stalled = rig.app[PARTS].hub.watch(who, None, lambda: cut.append(True))
    await anext(stalled)
    async with asyncio.timeout(5):
        while not cut:
            await rig.clock.advance(timedelta(seconds=15))
            await rig.database.read(lambda tx: None)
    assert rig.clock.elapsed >= 60
    await stalled.aclose()


async def test_a_quiet_stream_is_pinged(rig: DeskRig) -> None:
    seat = await rig.seat()
    async with watching(rig, seat) as stream:
        stream.step = timedelta(seconds=5)
        kind, data = await stream.next()
        assert (kind, data) == (":", ": ping")


async def test_signing_out_ends_the_stream_at_once(rig: DeskRig) -> None:
    seat = await rig.seat()
    async with watching(rig, seat) as stream:
        answer = await seat.client.delete("/api/v1/session", headers={"X-CSRF-Token": seat.csrf})
        assert answer.status == 204
        assert await stream.ended()
    assert (await seat.get("/me")).status == 401


async def test_somebody_who_is_disabled_elsewhere_loses_the_stream_at_the_next_ping(rig: DeskRig) -> None:
    seat = await rig.seat()
    async with watching(rig, seat) as stream:
        now = rig.clock.now()
        await rig.database.write(lambda tx: accounts.disable_agent(tx, "a1001", now))
        stream.step = timedelta(seconds=5)
        with pytest.raises(EOFError):
            await stream.event("nothing that ever comes")


async def test_stopping_ends_every_stream(tmp_path: Path) -> None:
    async with running_desk(tmp_path) as rig:
        seat = await rig.seat()
        async with watching(rig, seat) as stream:
            await rig.app.shutdown()
            assert await stream.ended()


async def test_an_agent_is_offline_a_minute_after_the_last_desk_is_gone(rig: DeskRig) -> None:
    seat, colleague = await rig.seat(), await rig.seat(number="1002")
    async with watching(rig, colleague) as theirs:
        async with watching(rig, seat):
            await seat.client.put(
                "/api/v1/me/state", json={"state": "online"}, headers={"X-CSRF-Token": seat.csrf}
            )
            assert await theirs.event("agent") == {"number": "1001", "state": "online"}
            await rig.clock.advance(2 * MINUTE)
            assert await state_of(rig, "1001") == "online"
        await until_state(rig, "1001", "offline")
        assert await theirs.event("agent") == {"number": "1001", "state": "offline"}


async def test_an_agent_who_comes_back_within_the_minute_stays_online(rig: DeskRig) -> None:
    seat = await rig.seat()
    hub = rig.app[PARTS].hub
    who = Who(role=Role.AGENT, name="x", agent_id=seat.agent.id, session=accounts.hashed(seat.token))
    await rig.app[PARTS].accounts.set_state(seat.agent.id, "online", "test")
    first = hub.watch(who, None, lambda: None)
    await anext(first)
    await first.aclose()
    await rig.clock.advance(timedelta(seconds=50))
    second = hub.watch(who, None, lambda: None)
    await anext(second)
    await rig.clock.advance(timedelta(seconds=14))
    assert await state_of(rig, "1001") == "online"
    await second.aclose()


async def test_who_was_online_before_a_restart_has_a_minute_to_come_back(tmp_path: Path) -> None:
    async with running_desk(tmp_path) as rig:
        agent = await rig.agent()
        await rig.app[PARTS].accounts.set_state(agent.id, "online", "test")
    async with running_desk(tmp_path) as rig:
        assert await state_of(rig, "1001") == "online"
        await until_state(rig, "1001", "offline")


async def test_a_channel_that_goes_red_is_told(rig: DeskRig) -> None:
    seat = await rig.seat()
    async with watching(rig, seat) as stream:
        stream.step = timedelta(seconds=5)
        rig.channels[0] = ChannelState(name="web", kind="webchat", state="bad_credentials", detail="401")
        told = await stream.event("channel")
        assert (told["name"], told["state"], told["detail"]) == ("web", "bad_credentials", "401")
    answer = await seat.get("/channels", headers={"Accept-Language": "en"})
    body = await answer.json()
    m.Channels.model_validate(body)
    assert "token in the configuration" in body["channels"][0]["remedy"]

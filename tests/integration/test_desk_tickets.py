"""What agents do with tickets, over HTTP on a real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from gateway.domain.ticket import Urgency
from gateway.store import tables as t
from gateway.store.files import StoredFile
from gateway.web.api import models as m
from tests.servers.desk import CARRIED, DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def listed(seat: Seat, query: str = "") -> dict[str, Any]:
    answer = await seat.get(f"/tickets{query}")
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    m.Tickets.model_validate(body)
    return body


async def page(seat: Seat, number: str) -> dict[str, Any]:
    answer = await seat.get(f"/tickets/{number}")
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    m.TicketPage.model_validate(body)
    return body


async def claimed(rig: DeskRig, seat: Seat, number: str) -> dict[str, Any]:
    version = (await page(seat, number))["ticket"]["version"]
    answer = await seat.post(f"/tickets/{number}/claim", {"version": version})
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    m.Ticket.model_validate(body)
    return body


async def said(seat: Seat, number: str, text: str, id: str = "reply-0001", seen: int | None = None) -> Any:
    seq = (await page(seat, number))["last_seq"] if seen is None else seen
    return await seat.post(f"/tickets/{number}/replies", {"id": id, "text": text, "seen_seq": seq})


async def test_the_most_pressing_ticket_comes_first(rig: DeskRig) -> None:
    seat = await rig.seat()
    later = await rig.ticket("one", due=timedelta(hours=2))
    never_due = await rig.ticket("two")
    sooner = await rig.ticket("three", due=timedelta(hours=1))
    urgent = await rig.ticket("four", urgency=Urgency.URGENT)
    body = await listed(seat)
    assert [one["number"] for one in body["tickets"]] == [urgent, sooner, later, never_due]
    assert body["counts"] == {"queue": 4, "mine": 0, "all": 4, "spam": 0, "departments": {"support": 4}}


async def test_pages_follow_each_other_without_gap_or_repeat(rig: DeskRig) -> None:
    seat = await rig.seat()
    wanted = set()
    for number in range(13):
        due = timedelta(minutes=number) if number % 3 else None
        urgency = list(Urgency)[number % 3]
        wanted.add(
            await rig.ticket(f"t{number}", due=due, urgency=urgency, department=("a", "b")[number % 2])
        )
    whole = [one["number"] for one in (await listed(seat, "?limit=200"))["tickets"]]
    assert set(whole) == wanted
    for query in ("", "&q=t", "&queue=unassigned"):
        seen: list[str] = []
        cursor = ""
        while True:
            body = await listed(seat, f"?limit=3&cursor={cursor}{query}")
            seen += [one["number"] for one in body["tickets"]]
            cursor = body["next"]
            if cursor is None:
                break
        assert seen == whole


async def test_queues_show_only_their_own(rig: DeskRig) -> None:
    seat = await rig.seat()
    mine = await rig.ticket("mine")
    waiting = await rig.ticket("waiting", department="returns")
    await claimed(rig, seat, mine)
    for queue, wanted in {
        "mine": [mine],
        "unassigned": [waiting],
        "returns": [waiting],
        "support": [mine],
    }.items():
        assert [one["number"] for one in (await listed(seat, f"?queue={queue}"))["tickets"]] == [*wanted]
    assert (await listed(seat))["counts"] == {
        "queue": 1,
        "mine": 1,
        "all": 2,
        "spam": 0,
        "departments": {"returns": 1},
    }


@pytest.mark.parametrize(("words", "count"), [("退款", 1), ("%", 0), ("_", 0), ("发票 电子", 1)])
async def test_search_finds_words_of_two_characters_and_takes_wildcards_literally(
    rig: DeskRig, words: str, count: int
) -> None:
    seat = await rig.seat()
    await rig.ticket("我要退款")
    await rig.ticket("请开电子发票")
    answer = await seat.get("/tickets", params={"q": words})
    assert len((await answer.json())["tickets"]) == count


@pytest.mark.parametrize(
    "query", ["?cursor=zzz", "?cursor=W10", "?status=lost", "?limit=0", "?limit=x", "?foo=1"]
)
async def test_a_wrong_query_is_refused_and_the_field_is_named(rig: DeskRig, query: str) -> None:
    seat = await rig.seat()
    answer = await seat.get(f"/tickets{query}")
    assert answer.status in (400, 422)
    assert (await answer.json())["code"] == "invalid"


async def test_claiming_gives_the_floor_and_greets_with_name_and_number(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket()
    body = await claimed(rig, seat, number)
    assert (body["status"], body["agent"]) == ("in_progress", {"number": "1001", "name": "客服1001"})
    shown = await page(seat, number)
    assert shown["conversation"]["state"] == "with_agent"
    greeting = shown["messages"][-1]
    assert greeting["author"] == "system"
    assert "1001" in greeting["text"]
    assert "客服1001" in greeting["text"]


async def test_only_one_of_two_agents_gets_a_ticket_and_the_other_is_told_who_has_it(rig: DeskRig) -> None:
    first, second = await rig.seat(), await rig.seat(number="1002")
    number = await rig.ticket()
    version = (await page(second, number))["ticket"]["version"]
    await claimed(rig, first, number)
    answer = await second.post(f"/tickets/{number}/claim", {"version": version})
    body = await answer.json()
    assert (answer.status, body["code"]) == (409, "stale")
    assert body["by"] == {"number": "1001", "name": "客服1001"}
    fresh = body["ticket"]["version"]
    again = await second.post(f"/tickets/{number}/claim", {"version": fresh})
    assert (again.status, (await again.json())["code"]) == (409, "stale")


async def test_a_supervisor_takes_a_ticket_from_an_agent(rig: DeskRig) -> None:
    agent, supervisor = await rig.seat(), await rig.seat("supervisor", "2001")
    number = await rig.ticket()
    await claimed(rig, agent, number)
    assert (await claimed(rig, supervisor, number))["agent"]["number"] == "2001"


async def test_a_reply_reaches_the_thread_once_however_often_it_is_sent(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket()
    await claimed(rig, seat, number)
    first = await said(seat, number, "马上为您处理")
    again = await said(seat, number, "马上为您处理", seen=0)
    assert (first.status, again.status) == (202, 202)
    assert await first.json() == await again.json()
    other = await said(seat, number, "另一句话")
    assert (other.status, (await other.json())["code"]) == (409, "id_taken")
    messages = (await page(seat, number))["messages"]
    assert [one["text"] for one in messages if one["author"] == "agent"] == ["马上为您处理"]
    assert messages[-1]["agent"] == {"number": "1001", "name": "客服1001"}
    assert messages[-1]["html"] == "<p>马上为您处理</p>"
    assert messages[0]["html"] is None


async def test_a_repeated_reply_has_its_answer_even_after_the_ticket_went_to_a_colleague(
    rig: DeskRig,
) -> None:
    seat = await rig.seat()
    await rig.agent(number="1002")
    number = await rig.ticket()
    first = await said(seat, number, "稍等")
    moved = await seat.post(f"/tickets/{number}/transfer", {"agent": "1002", "reason": "knows more"})
    assert moved.status == 200, await moved.text()
    again = await said(seat, number, "稍等")
    assert await again.json() == await first.json()


async def test_replying_to_a_ticket_nobody_has_takes_it_over(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket()
    assert (await said(seat, number, "您好")).status == 202
    shown = await page(seat, number)
    assert shown["ticket"]["agent"]["number"] == "1001"
    assert [one["author"] for one in shown["messages"]] == ["customer", "system", "agent"]


async def test_a_reply_written_on_a_stale_view_is_refused_and_shows_what_was_missed(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket(thread="v1")
    await claimed(rig, seat, number)
    seen = (await page(seat, number))["last_seq"]
    await rig.writes("等等，我说错了", thread="v1")
    answer = await said(seat, number, "好的", seen=seen)
    body = await answer.json()
    assert (answer.status, body["code"]) == (409, "stale_view")
    assert [one["text"] for one in body["missed"]] == ["等等，我说错了"]
    m.Problem.model_validate(body)
    assert (await said(seat, number, "好的", seen=body["missed"][-1]["seq"])).status == 202


async def test_an_agent_cannot_speak_for_a_colleague_but_a_supervisor_can(rig: DeskRig) -> None:
    holder, other = await rig.seat(), await rig.seat(number="1002")
    supervisor = await rig.seat("supervisor", "2001")
    number = await rig.ticket()
    await claimed(rig, holder, number)
    answer = await said(other, number, "hello there")
    assert (answer.status, (await answer.json())["code"]) == (403, "not_yours")
    assert (await said(supervisor, number, "hello there", id="reply-0002")).status == 202


async def test_a_note_is_seen_by_agents_and_is_no_message(rig: DeskRig) -> None:
    seat, colleague = await rig.seat(), await rig.seat(number="1002")
    number = await rig.ticket()
    answer = await colleague.post(f"/tickets/{number}/notes", {"text": "VIP，小心"})
    assert answer.status == 201
    m.Note.model_validate(await answer.json())
    shown = await page(seat, number)
    assert [one["text"] for one in shown["notes"]] == ["VIP，小心"]
    assert all("VIP" not in one["text"] for one in shown["messages"])
    assert shown["last_seq"] == 1


async def test_passing_on_to_a_department_puts_the_ticket_back_into_its_queue(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket()
    await claimed(rig, seat, number)
    to = rig.world.policy.departments[-1].id
    answer = await seat.post(f"/tickets/{number}/transfer", {"department": to, "reason": "theirs"})
    body = await answer.json()
    assert (body["department"], body["agent"], body["status"]) == (to, None, "open")
    assert (await page(seat, number))["conversation"]["state"] == "queued"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"reason": "x"}, 400),
        ({"department": "support", "agent": "1001", "reason": "x"}, 400),
        ({"department": "nowhere", "reason": "x"}, 400),
        ({"agent": "9999", "reason": "x"}, 404),
        ({"department": "support"}, 422),
        ({"department": "support", "reason": "  "}, 400),
        ({"department": "support", "reason": "x", "agent_id": 1}, 422),
    ],
)
async def test_a_transfer_names_one_place_that_exists_and_a_reason(
    rig: DeskRig, body: dict[str, str], status: int
) -> None:
    seat = await rig.seat()
    number = await rig.ticket()
    answer = await seat.post(f"/tickets/{number}/transfer", body)
    assert answer.status == status, await answer.text()


async def test_resolving_tells_the_customer_the_outcome_and_until_when_to_come_back(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket(due=timedelta(hours=1))
    version = (await claimed(rig, seat, number))["version"]
    answer = await seat.post(f"/tickets/{number}/resolve", {"outcome": "已退款 20 元。", "version": version})
    body = await answer.json()
    assert (body["status"], body["promise"]) == ("resolved", None)
    told = (await page(seat, number))["messages"][-1]
    assert told["author"] == "system"
    for part in (number, "已退款 20 元。", "11月26日"):
        assert part in told["text"]
    refused = await seat.post(f"/tickets/{number}/resolve", {"outcome": "x", "version": body["version"]})
    assert (refused.status, (await refused.json())["code"]) == (409, "over")


async def test_resolving_a_ticket_nobody_had_takes_the_customer_out_of_the_queue(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket()
    version = (await page(seat, number))["ticket"]["version"]
    await seat.post(f"/tickets/{number}/resolve", {"outcome": "ok", "version": version})
    shown = await page(seat, number)
    assert (shown["conversation"]["state"], shown["ticket"]["agent"]["number"]) == ("with_agent", "1001")


async def test_a_closed_ticket_opens_again_with_the_agent_it_had(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket()
    version = (await claimed(rig, seat, number))["version"]
    closed = await (await seat.post(f"/tickets/{number}/close", {"version": version})).json()
    assert closed["status"] == "closed"
    assert (await said(seat, number, "still there?")).status == 409
    opened = await (await seat.post(f"/tickets/{number}/reopen", {"reason": "not solved"})).json()
    assert (opened["status"], opened["agent"]["number"]) == ("in_progress", "1001")
    assert (await said(seat, number, "still there?")).status == 202


async def test_history_and_promises_of_a_ticket_are_told_with_their_reasons(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket(due=timedelta(hours=1))
    await claimed(rig, seat, number)
    shown = await page(seat, number)
    assert [one["kind"] for one in shown["promises"]] == ["first_response"]
    assert shown["ticket"]["promise"]["state"] == "running"
    claim = next(one for one in shown["events"] if one["kind"] == "ticket.claimed")
    assert (claim["actor"], claim["because"]) == ("agent:1001", "agent 1001 took over")


async def test_a_message_that_was_refused_is_tried_again_and_one_that_arrived_is_not(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket(channel=CARRIED)
    await said(seat, number, "您好")
    retry = f"/tickets/{number}/outbox/reply-0001/retry"
    assert (await seat.post(retry, {})).status == 409
    spoilt = {"state": "refused", "error": "550 no such box", "attempts": 3}
    await rig.database.write(lambda tx: tx.execute(update(t.outbox).values(spoilt)) and None)
    delivery = (await page(seat, number))["messages"][-1]["delivery"]
    assert (delivery["state"], delivery["error"]) == ("refused", "550 no such box")
    assert delivery["reason"] == "no_such_mailbox"
    assert [one["state"] for one in delivery["copies"]] == ["refused"]
    assert (await seat.post(retry, {})).status == 202
    row = await rig.database.read(
        lambda tx: tx.execute(
            select(t.outbox.c.state, t.outbox.c.attempts).order_by(t.outbox.c.id.desc())
        ).first()
    )
    assert row is not None
    assert tuple(row) == ("due", 0)
    assert (await seat.post(f"/tickets/{number}/outbox/nothing/retry", {})).status == 404


async def test_what_did_not_come_whole_is_said_at_the_message(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket(channel=CARRIED, thread="box")
    lost = StoredFile(id=None, name="v.mp4", media_type="video/mp4", size=9, error="over 20 MB")
    await rig.writes("二", channel=CARRIED, thread="box", defects=("the HTML is cut",), files=(lost,))
    first, second = (await page(seat, number))["messages"]
    assert first["problems"] == []
    assert second["problems"] == ["the HTML is cut", "file v.mp4: over 20 MB"]
    assert second["attachments"] == []


async def test_typing_is_passed_on_to_the_customers_channel(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket(thread="v9")
    assert (await seat.post("/typing", {"number": number})).status == 204
    assert rig.typed == [("web", "v9", "客服1001")]
    assert (await seat.post("/typing", {"number": "T0"})).status == 404


async def test_a_ticket_that_does_not_exist_is_not_found_in_both_languages(rig: DeskRig) -> None:
    seat = await rig.seat()
    chinese = await seat.get("/tickets/T20261123-9999", headers={"Accept-Language": "zh-CN"})
    english = await seat.get("/tickets/T20261123-9999", headers={"Accept-Language": "en-GB,zh;q=0.5"})
    assert (chinese.status, chinese.content_type) == (404, "application/problem+json")
    assert (await chinese.json())["title"] == "没有找到。"
    assert (await english.json())["title"] == "Not found."

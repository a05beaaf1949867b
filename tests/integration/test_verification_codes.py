"""L2: a code to the contact on file, bound to its conversation, newest only, few tries, single use."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.verification_sealing import mark
from tests.acceptance.shop import Shop, Visitor
from tests.servers.sms import SECRET, SmsServer, sms_server
from tests.verifying import ORDER, OTHER, WANG, Records, open_verifying_shop, outcome, reserved, settled

L2 = {"details.md": "---\nquestion: 我的发票抬头是什么？\nlevel: L2\n---\n发票抬头见订单详情。\n"}
QUESTION = "我的发票抬头是什么？"


@dataclass
class Scene:
    """A shop that can send short messages."""

    shop: Shop
    records: Records
    sms: SmsServer

    async def codes(self, count: int) -> list[str]:
        """Return the codes sent so far, once there are ``count``."""

        async def found() -> bool:
            return len(self.sms.sent) >= count

        await self.shop.until(found)
        return [re.findall(r"\d{6}", one["text"])[0] for one in self.sms.sent]


@asynccontextmanager
async def scene(folder: Path, records: Records | None = None) -> AsyncIterator[Scene]:
    async with sms_server() as server:
        (folder / "token").write_text(SECRET, "utf-8")
        config = f"""
[sms]
provider = "twilio"
[sms.twilio]
account = "AC1"
token = {{file = "{folder}/token"}}
sender = "+15550001"
endpoint = "{server.url}"
[outgoing]
private_hosts = ["127.0.0.1:{server.port}"]
"""
        async with open_verifying_shop(folder, records, config=config, entries=L2) as (shop, found):
            yield Scene(shop=shop, records=found, sms=server)


async def asked_for_code(shop: Shop, visitor: Visitor, order: str = ORDER) -> str:
    await visitor.ask(QUESTION)
    return await settled(shop, visitor, order)


async def test_the_code_on_file_answers_the_waiting_question_and_is_used_up(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        visitor = await it.shop.visitor()
        said = await asked_for_code(it.shop, visitor)
        assert "如果资料一致" in said
        assert "138" not in said, "where it went is told from L1 on only"
        (code,) = await it.codes(1)
        assert it.sms.sent[0]["to"] == "+8613800005678"
        answer = await settled(it.shop, visitor, code)
        assert "发票抬头见订单详情" in answer
        assert not any(code in one["text"] for one in await visitor.messages())
        (proof,) = await it.shop.rows("proof")
        assert (proof["level"], proof["method"]) == ("L2", "sms_code")
        rows = await it.shop.rows("code")
        assert [(row["state"], row["mark"]) for row in rows] == [("over", None)]


async def test_an_order_that_is_not_there_sounds_the_same_and_nothing_is_sent(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        known, unknown = await it.shop.visitor(), await it.shop.visitor()
        one = await asked_for_code(it.shop, known)
        other = await asked_for_code(it.shop, unknown, "209912310009")
        assert re.sub(r"\d\d。", "", one) == re.sub(r"\d\d。", "", other)
        await it.codes(1)
        assert len(it.sms.sent) == 1


async def test_five_wrong_codes_void_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        visitor = await it.shop.visitor()
        await asked_for_code(it.shop, visitor)
        (code,) = await it.codes(1)
        wrong = "111111" if code != "111111" else "222222"
        for _ in range(3):
            assert "未能核对一致" in await settled(it.shop, visitor, wrong)
        await it.shop.later(timedelta(minutes=9))
        assert "未能核对一致" in await settled(it.shop, visitor, code), "three misses pause the conversation"
        assert await it.shop.rows("proof") == []


async def test_a_code_works_in_its_own_conversation_only(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        owner, thief = await it.shop.visitor(), await it.shop.visitor()
        await asked_for_code(it.shop, owner)
        (code,) = await it.codes(1)
        await asked_for_code(it.shop, thief, OTHER)
        assert "未能核对一致" in await settled(it.shop, thief, code)
        assert await it.shop.rows("proof") == []


async def test_only_the_newest_code_works_and_not_for_ever(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        visitor = await it.shop.visitor()
        await asked_for_code(it.shop, visitor)
        (first,) = await it.codes(1)
        await settled(it.shop, visitor, "", choice="verify:code")
        first, second = await it.codes(2)
        if first != second:
            assert "未能核对一致" in await settled(it.shop, visitor, first)
        await it.shop.later(timedelta(minutes=11))
        assert "未能核对一致" in await settled(it.shop, visitor, second)


async def test_a_contact_is_sent_three_codes_an_hour_over_all_conversations(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        for _ in range(5):
            await asked_for_code(it.shop, await it.shop.visitor())
            await it.shop.later(timedelta(seconds=1))
        assert len(it.sms.sent) == 3


async def test_a_contact_that_changed_a_day_ago_proves_l1_only(tmp_path: Path) -> None:
    changed = replace(WANG, attrs={**WANG.attrs, "contact_changed": "2026-11-22"})
    async with scene(tmp_path, Records(found={ORDER: changed})) as it:
        visitor = await it.shop.visitor()
        await asked_for_code(it.shop, visitor)
        (code,) = await it.codes(1)
        seq = await visitor.write(code)
        await reserved(it.shop)
        await it.shop.later(timedelta(milliseconds=800))
        assert "发票抬头见订单详情" not in await outcome(it.shop, visitor, seq)
        (proof,) = await it.shop.rows("proof")
        assert proof["level"] == "L1"


async def test_a_link_changes_nothing_until_its_button_is_pressed_and_counts_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        visitor = await it.shop.visitor()
        said = await asked_for_code(it.shop, visitor)
        await it.codes(1)
        secret = "ab" * 32

        def known(tx: Tx) -> None:
            """Only a mail holds the link; this one is put in its place."""
            tx.execute(update(t.code).values(link_mark=mark(tx, "link", secret)))

        await it.shop.house.database.write(known)
        path, headers = f"/verify/link/{secret}", {"Accept-Language": "zh"}
        async with it.shop.http.get(path, headers=headers) as answer:
            page = await answer.text()
        (digits,) = re.findall(r"<p class=digits>(\d\d)</p>", page)
        assert digits in said, "the page and the conversation show the same number"
        assert await it.shop.rows("proof") == []
        seq = max(one["seq"] for one in await visitor.messages())
        pressing = asyncio.create_task(it.shop.http.post(path, headers=headers))

        async def in_hand() -> bool:
            return any(row["state"] == "taken" for row in await it.shop.rows("attempt"))

        await it.shop.until(in_hand)
        await it.shop.later(timedelta(milliseconds=800))
        async with await pressing as answer:
            assert "核对完成" in await answer.text()
        assert "发票抬头见订单详情" in (await visitor.heard(after=seq))[-1]["text"]
        assert [row["method"] for row in await it.shop.rows("proof")] == ["link"]
        async with it.shop.http.post(path, headers=headers) as answer:
            assert answer.status == 404

"""V1: "where is my order" is answered from the customer records, and only to who knows what stands on the parcel."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.acceptance.shop import Shop, Visitor, open_shop
from tests.verifying import settled

ORDERS = Path(__file__).parents[2] / "gateway" / "sample" / "orders.csv"
ORDER = "CG2026112001"
QUESTION = "怎么查询订单进度？"
ENTRY = "---\n标准问法: 怎么查询订单进度？\n相似问法: [我的订单到哪了]\n动作: 执行 order_status\n---\n请您登录后打开“我的订单”。\n"
PRIVATE = ("19900005678", "5678", "王小明", "样品区", "wang@", "128", "SAMPLE0000001", "围巾", "CG2026112002")


def config(folder: Path) -> str:
    """Write the entry and the records, and return the configuration that names them."""
    (folder / "entries").mkdir(exist_ok=True)
    (folder / "entries" / "查询订单进度.md").write_text(ENTRY, "utf-8")
    (folder / "orders.csv").write_bytes(ORDERS.read_bytes())
    return '\n[directory]\nkind = "csv"\norder_number = "CG[0-9]{10}"\ncsv.file = "orders.csv"\n'


async def said_to(visitor: Visitor) -> str:
    return "\n".join(one["text"] for one in await visitor.messages() if one["author"] != "customer")


async def asked(shop: Shop, question: str = QUESTION) -> Visitor:
    visitor = await shop.visitor()
    assert "订单号" in await visitor.ask(question)
    return visitor


@pytest.mark.parametrize("question", [QUESTION, "我的订单到哪了", "我的包裹到哪里了，怎么还没送到？"])
async def test_v1_an_order_s_status_is_said_to_who_knows_order_and_tail(
    tmp_path: Path, question: str
) -> None:
    async with open_shop(tmp_path, config(tmp_path)) as shop:
        visitor = await asked(shop, question)
        answer = await settled(shop, visitor, f"{ORDER.lower()} 5678")
        assert "订单 CG2026112001 目前的状态：已发货，运输中。" in answer
        assert "2026年11月20日" in answer
        assert "晨光快递" in answer
        told = await said_to(visitor)
        assert [word for word in PRIVATE if word in told] == [], "L1 shows no more than the asker knew"
        assert await shop.rows("ticket") == []


async def test_v1_another_order_of_the_same_customer_needs_a_proof_of_its_own(tmp_path: Path) -> None:
    async with open_shop(tmp_path, config(tmp_path)) as shop:
        visitor = await asked(shop)
        assert "已发货" in await settled(shop, visitor, f"{ORDER} 王小明")
        asked_again = await visitor.ask("CG2026112002 到哪了")
        assert "CG2026112001" not in asked_again
        assert "备货中" not in asked_again
        assert "后四位" in asked_again
        assert "备货中" in await settled(shop, visitor, "5678")


async def test_v1_who_asks_how_is_told_how_besides(tmp_path: Path) -> None:
    async with open_shop(tmp_path, config(tmp_path)) as shop:
        said = await (await shop.visitor()).ask(QUESTION)
        assert said.index("请您登录后打开“我的订单”") < said.index("订单号")


async def test_v1_records_that_do_not_answer_verify_nobody_and_a_person_takes_over(tmp_path: Path) -> None:
    async with open_shop(tmp_path, config(tmp_path)) as shop:
        visitor = await asked(shop)
        (tmp_path / "orders.csv").write_text("<html>Service unavailable</html>")
        await shop.later(timedelta(seconds=3))
        await shop.later(timedelta(hours=25))
        visitor = await asked(shop)
        said = await settled(shop, visitor, f"{ORDER} 5678")
        assert "状态" not in said
        assert len(await shop.rows("ticket")) == 1
        assert await shop.rows("proof") == []


async def test_v1_without_records_the_public_answer_is_given_as_before(tmp_path: Path) -> None:
    config(tmp_path)
    async with open_shop(tmp_path) as shop:
        visitor = await shop.visitor()
        assert "请您登录后打开“我的订单”" in await visitor.ask(QUESTION)
        assert await shop.rows("ticket") == []


@pytest.mark.parametrize("told", ["我叫王小明", "我是王小明", "手机后四位 5678"])
async def test_v1_a_name_counts_however_it_is_said_and_is_covered(tmp_path: Path, told: str) -> None:
    async with open_shop(tmp_path, config(tmp_path)) as shop:
        visitor = await asked(shop)
        assert "后四位" in await settled(shop, visitor, ORDER)
        assert "已发货" in await settled(shop, visitor, told)
        kept = [one["text"] for one in await visitor.messages()]
        assert not any("王小明" in text or "5678" in text for text in kept)


LOST = "---\nquestion: What is my name for?\nphrasings:\n  - My name is\n---\nA foreign answer.\n"


@pytest.mark.parametrize(
    "told", ["My name is 王小明", "I am Xiao Ming", "my phone number ends with 5678", "My name is Ann Lee"]
)
async def test_v1_a_claim_beside_the_order_starts_the_check_and_is_no_question(
    tmp_path: Path, told: str
) -> None:
    """What is decided on has no stars: "My name is ****" would be sure of an entry that nobody asked for."""
    more = config(tmp_path)
    (tmp_path / "entries" / "names.md").write_text(LOST, "utf-8")
    async with open_shop(tmp_path, more) as shop:
        visitor = await shop.visitor()
        said = await settled(shop, visitor, f"Where is order {ORDER}? {told}")
        assert "foreign" not in await said_to(visitor)
        (attempt,) = await shop.rows("attempt")
        assert attempt["kind"] == "claims"
        assert ("CG2026112001" in said) == (told[-3:] == "王小明" or told[-4:] == "5678")
        kept = [one["text"] for one in await visitor.messages() if one["author"] == "customer"]
        assert "****" in kept[0]
        assert told.split()[-1] not in kept[0]

"""Row 31 of what broke the peers: one agent's account is not everything; what it sees is covered.

How often an account may open what is covered, and who hears of it, is proof 10; that old files go, is retention's.
"""

from pathlib import Path
from typing import Any

from tests.acceptance.shop import open_shop

VALUES = {
    "phone": "13800000123",
    "id_number": "11010119050101001X",
    "bank_card": "4242424242424242",
    "email": "zhang.sample@shop.example",
    "password": "Sample-88x",
}
SAID = "转人工。电话13800000123，身份证11010119050101001X，卡号4242424242424242，邮箱zhang.sample@shop.example，密码是Sample-88x"
PATHS = (
    "/tickets",
    "/tickets?q=13800000123",
    "/tickets/{number}",
    "/tickets/{number}/why",
    "/tickets/{number}/messages/1/body",
    "/tickets/{number}/classification",
    "/tickets/{number}/promises",
    "/contacts/{contact}",
)


async def test_row_31_no_face_of_the_desk_shows_what_a_customer_gave_away(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        agent, visitor = await shop.agent(), await shop.visitor()
        number = await shop.ticket(SAID, visitor)
        await agent.claim(number)
        await agent.post(f"/tickets/{number}/notes", {"text": f"客户电话 {VALUES['phone']}"})
        await agent.reply(number, f"您好，我会拨打 {VALUES['phone']} 联系您。")
        contact = (await agent.get(f"/tickets/{number}"))["ticket"]["contact"]["number"]
        seen = [await agent.get(path.format(number=number, contact=contact)) for path in PATHS]
        shown = {name: value for name, value in VALUES.items() if value in str(seen)}
        assert shown == {}
        assert seen[1]["tickets"][0]["number"] == number, "a whole number finds its covered form"
        tables = ("message", "note", "ticket", "event", "promise", "task")
        rows = [row for name in tables for row in await shop.rows(name)]
        clear = [{name: value for name, value in row.items() if name != "sealed"} for row in rows]
        assert {name: value for name, value in VALUES.items() if value in str(clear)} == {}
        (told,) = [one for one in await visitor.messages() if one["author"] == "agent"]
        assert VALUES["phone"] in told["text"], "who was written to reads it as it was written"


async def test_row_31_what_goes_out_of_the_house_unasked_is_covered_too(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        lead = await shop.agent("2001", role="supervisor")
        await shop.ticket(f"你们的电器漏电，有人受伤了！{SAID}")
        told: Any = await lead.get("/alarms")
        assert told["alarms"]
        assert {name: value for name, value in VALUES.items() if value in str(told)} == {}

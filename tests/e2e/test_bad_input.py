"""What people and machines get wrong: each is refused with a sentence that names the remedy, and hurts nobody else."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.servers.dovecot import free_port
from tests.servers.gateway import ROOT, WEB, Gateway, prepared, running
from tests.servers.people import signed_in, until, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = """
[channels.mail]
kind = "mail"
address = "support@shop.example"
imap = {{ host = "127.0.0.1", port = {port}, login = "support", password = {{ env = "MAIL_PASSWORD" }} }}
"""
ENTRY = """---
标准问法: 灯罩怎么清洁？
相似问法:
  - 灯罩脏了怎么办
  - 怎么擦灯罩
---
{answer}
"""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A web chat, a mailbox whose server is not there, and a knowledge folder of its own."""
    folder = tmp_path_factory.mktemp("bad")
    shutil.copytree(ROOT / "knowledge" / "entries", folder / "entries")
    gateway = prepared(folder, channels=WEB + MAIL.format(port=free_port()), knowledge=folder / "entries")
    gateway.environ = {"MAIL_PASSWORD": "secret"}
    with running(gateway) as gateway:
        gateway.set_up("limei", "1001", "李梅")
        yield gateway


async def test_every_mistake_of_the_configuration_is_told_at_once(tmp_path: Path) -> None:
    gateway = prepared(tmp_path, channels=WEB + MAIL.format(port=993), more='[sever]\nhost = "0.0.0.0"\n')
    for command in ("run", "check"):
        done = gateway.command(command)
        assert done.returncode == 78
        assert "sever" in done.stderr
        assert "did you mean server?" in done.stderr
        assert "channels.mail.imap.password" in done.stderr
        assert "MAIL_PASSWORD" in done.stderr
        assert "Traceback" not in done.stderr
    assert not gateway.data.exists()


async def test_a_second_gateway_on_the_same_file_is_refused_and_the_first_goes_on(gateway: Gateway) -> None:
    second = gateway.command("run", GATEWAY__SERVER__PORT=str(free_port()))
    assert second.returncode == 1
    assert "is in use by another gateway: stop that one first" in second.stderr
    assert "Traceback" not in second.stderr
    assert gateway.status("/healthz") == 200


async def test_a_mail_server_that_is_not_there_hurts_only_its_channel(gateway: Gateway) -> None:
    async with signed_in(gateway.url, "limei") as agent, visiting(gateway.url) as visitor:

        async def down() -> dict[str, str] | None:
            states = {one["name"]: one for one in (await agent.get("/channels"))["channels"]}
            return states["mail"] if states["mail"]["state"] == "down" else None

        mail = await until(down, what="the mail channel down")
        assert "127.0.0.1" in mail["detail"]
        assert gateway.get("/readyz")[0] == 503
        await visitor.say("怎么退货")
        await visitor.heard("bot", "申请退货")


async def test_pages_of_strangers_may_not_talk_to_the_chat(gateway: Gateway) -> None:
    foreign = {"Origin": "https://evil.example"}
    async with visiting(gateway.url) as visitor:
        answer = await visitor.ask("POST", "/visitors", headers=foreign | {"Accept-Language": "en"})
        assert answer.status == 403
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert "origins" in str(answer.body)  # the remedy names the setting
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await visitor.session.ws_connect("/chat/v1/socket", headers=foreign)
        assert refused.value.status == 403
        posted = await visitor.ask("POST", "/messages", json={"id": "a" * 32, "text": "x"}, headers=foreign)
        assert posted.status == 403
    async with aiohttp.ClientSession(gateway.url) as session:
        login = {"login": "limei", "password": "x" * 20}
        async with session.post("/api/v1/session", json=login, headers=foreign) as signing_in:
            assert signing_in.status == 403
            assert (await signing_in.json())["code"] == "csrf"


async def test_what_is_no_message_is_refused_in_words(gateway: Gateway) -> None:
    async with visiting(gateway.url) as visitor:
        json_type = {"Content-Type": "application/json", "Accept-Language": "zh-CN"}
        broken = await visitor.ask("POST", "/messages", data=b'{"id": "1', headers=json_type)
        assert broken.status == 400
        unknown = await visitor.say("你好", colour="red")
        assert unknown.status in (400, 422)
        long = await visitor.say("长" * 5000)
        assert long.status in (413, 422)
        same = uuid.uuid4().hex
        assert (await visitor.say("第一句", id=same)).status == 202
        assert (await visitor.say("别的话", id=same)).status == 409
        for one in (broken, unknown, long):
            assert one.body["title"]
        async with visitor.session.ws_connect("/chat/v1/socket") as socket:
            await socket.send_json({"type": "hello", "token": visitor.token, "since": 0})
            await socket.send_str('{"type":"message","text":"' + "x" * 70_000 + '"}')
            while (frame := await socket.receive(timeout=10)).type is aiohttp.WSMsgType.TEXT:
                pass
            assert frame.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
            assert socket.close_code == 1009
        texts = [one["text"] for one in await visitor.messages() if one["author"] == "customer"]
        assert texts == ["第一句"]


async def test_nobody_reads_with_a_token_that_is_not_theirs(gateway: Gateway) -> None:
    async with visiting(gateway.url) as one, visiting(gateway.url) as other:
        await one.say("我的秘密")
        form = aiohttp.FormData()
        form.add_field("file", b"private words", filename="a.txt", content_type="text/plain")
        file = (await one.ask("POST", "/attachments", data=form)).body["id"]
        assert (await one.ask("GET", f"/attachments/{file}")).status == 200
        assert (await other.ask("GET", f"/attachments/{file}")).status == 404
        assert "我的秘密" not in str(await other.messages())
        taken = await other.say("看看这个", attachments=[file])
        assert taken.status in (400, 404, 422)
        for forged in (one.token[:-2] + "xx", "", "x" * 60):
            other.token = forged
            assert (await other.ask("GET", "/messages")).status == 401


async def test_a_right_that_is_missing_is_told(gateway: Gateway) -> None:
    async with visiting(gateway.url) as visitor:
        await visitor.say("转人工")
        await visitor.heard("bot", "工单")
    async with signed_in(gateway.url, "limei") as admin:
        number = (await admin.ticket())["number"]
    token = gateway.token("editor")
    async with aiohttp.ClientSession(gateway.url, headers={"Authorization": f"Bearer {token}"}) as editor:
        for method, path in (
            ("GET", "/tickets"),
            ("GET", f"/tickets/{number}"),
            ("POST", f"/tickets/{number}/claim"),
        ):
            asked = editor.request(
                method, f"/api/v1{path}", json={"version": 1} if method == "POST" else None
            )
            async with asked as answer:
                assert answer.status == 403, (method, path)
                assert (
                    "管理员" in str(await answer.json(content_type=None))
                    or "administrator" in await answer.text()
                )
    async with aiohttp.ClientSession(gateway.url) as nobody, nobody.get("/api/v1/tickets") as answer:
        assert answer.status == 401


async def test_a_half_written_knowledge_file_leaves_the_last_good_one_answering(gateway: Gateway) -> None:
    file = gateway.folder / "entries" / "灯罩清洁.md"

    async def answers(words: str) -> bool:
        async with visiting(gateway.url) as visitor:
            await visitor.say("灯罩怎么清洁？")
            (said, *_) = await visitor.heard("bot")
            return words in said["text"]

    file.write_text(ENTRY.format(answer="用半干的软布擦。"), encoding="utf-8")
    await until(lambda: answers("半干的软布"), what="the new entry")
    file.write_text(ENTRY.format(answer="用清水冲洗。")[:40], encoding="utf-8")
    await until(lambda: has(gateway, "灯罩清洁.md"), what="the mistake in the log")
    assert await answers("半干的软布")
    file.write_text(ENTRY.format(answer="用清水冲洗。"), encoding="utf-8")
    await until(lambda: answers("清水冲洗"), what="the entry put right")


async def has(gateway: Gateway, words: str) -> bool:
    """Say whether the log holds these words."""
    return words in gateway.log

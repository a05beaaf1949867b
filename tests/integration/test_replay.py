"""What today's rules would do with a stored message, told without doing it."""

import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.contract import Inbound
from gateway.clock import FakeClock
from gateway.safety.reading import reading
from gateway.safety.replay import replay
from gateway.safety.replayed import Replayed
from gateway.safety.rows import count_rows
from gateway.safety.trouble import NotDone
from gateway.settings import Settings
from gateway.store import tables as t
from tests.servers.filled import filled, settings_in
from tests.servers.postgres import Postgres, running_postgres

CLOCK = FakeClock()
MAIL = """
[channels.post]
kind = "mail"
address = "support@shop.example"
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An installation with an empty database."""
    if request.param == "sqlite":
        yield settings_in(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    made = server.create()
    yield settings_in(tmp_path, made)
    server.drop(made)


def effects(replayed: Replayed) -> list[str]:
    return [type(effect).__name__ for effect in replayed.plan.effects]


async def rows(settings: Settings) -> dict[str, int]:
    async with reading(settings.database_url) as database:
        return await database.read(count_rows)


async def test_a_question_still_waiting_is_shown_with_the_answer_it_would_get(settings: Settings) -> None:
    async with filled(settings) as gateway:
        inbox_id = await gateway.only_store("怎么退货？")
        before = await rows(settings)
        [replayed] = await replay(settings, [str(inbox_id)], CLOCK)
        assert await rows(settings) == before
    assert effects(replayed)[0] == "StartConversation"
    assert "Reply" in effects(replayed)
    assert all(effect.because for effect in replayed.plan.effects)


async def test_it_decides_as_things_stand_now(settings: Settings) -> None:
    async with filled(settings) as gateway:
        inbox_id = await gateway.say("转人工")
        [replayed] = await replay(settings, [str(inbox_id)], CLOCK)
    assert replayed.turn.ticket is not None
    assert "OpenTicket" not in effects(replayed), "the ticket is there already"


async def test_a_ticket_number_means_every_message_of_its_conversation(settings: Settings) -> None:
    async with filled(settings) as gateway:
        ids = [await gateway.say("你好"), await gateway.say("转人工")]
        await gateway.say("别人的话", thread="li")
        async with reading(settings.database_url) as database:
            number = await database.read(lambda tx: tx.execute(select(t.ticket.c.number)).scalar_one())
        replayed = await replay(settings, [number], CLOCK)
    assert [one.stored.inbox_id for one in replayed] == ids


async def test_a_message_is_found_by_the_id_its_client_knows(settings: Settings) -> None:
    async with filled(settings) as gateway:
        inbox_id = await gateway.say("你好")
        await gateway.say("你好", thread="li")
        replayed = await replay(settings, ["wang-1", "wang:wang-1"], CLOCK)
    assert [one.stored.inbox_id for one in replayed] == [inbox_id, inbox_id]


@pytest.mark.parametrize("name", ["999", "T20990101-0001", "no-such-message", "９９", "'; DROP TABLE inbox"])
async def test_a_name_of_nothing_is_told_with_what_would_do(settings: Settings, name: str) -> None:
    async with filled(settings):
        with pytest.raises(NotDone, match="inbox number"):
            await replay(settings, [name], CLOCK)


async def test_a_mail_is_parsed_again_from_its_raw_form(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, more=MAIL + mail_servers())
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "王 <wang@cust.example>", "support@shop.example", "退货"
    mail["Message-ID"] = "<m1@cust.example>"
    mail.set_content("怎么退货？")
    async with filled(settings) as gateway:
        raw = Inbound(channel="post", external_id="1:1", kind="raw", raw=mail.as_bytes())
        stored = await gateway.inbox.receive(raw)
        before = await rows(settings)
        [replayed] = await replay(settings, [str(stored.id)], CLOCK)
        assert await rows(settings) == before
    assert replayed.turn.inbound.text == "怎么退货？"
    assert replayed.turn.contact.name == "王"
    assert "Reply" in effects(replayed)
    assert not (settings.data.dir / "secret.key").exists(), "replay must not make a key"


def mail_servers() -> str:
    """Servers that nobody must reach: replay parses what is stored."""
    return 'imap = { host = "127.0.0.1", port = 1, login = "x", password = { file = "password" } }\n'


@pytest.fixture(autouse=True)
def _password(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret")


async def test_a_channel_that_is_gone_is_named(settings: Settings, tmp_path: Path) -> None:
    async with filled(settings) as gateway:
        inbox_id = await gateway.say("您好", channel="mirror")
    fewer = settings.model_copy(update={"channels": {"web": settings.channels["web"]}})
    with pytest.raises(NotDone, match=r"channels\.mirror"):
        await replay(fewer, [str(inbox_id)], CLOCK)


async def test_it_is_told_to_people_and_to_programs(settings: Settings) -> None:
    async with filled(settings) as gateway:
        inbox_id = await gateway.only_store("怎么退货？")
        [replayed] = await replay(settings, [str(inbox_id)], CLOCK)
    text = "\n".join(replayed.as_text("en"))
    assert "StartConversation(" in text
    assert "because: " in text
    assert "因为：" in "\n".join(replayed.as_text("zh-CN"))
    told = json.loads(json.dumps(replayed.as_json()))
    assert told["inbox"] == inbox_id
    assert told["effects"][0]["effect"] == "StartConversation"
    assert all(effect["because"] for effect in told["effects"])

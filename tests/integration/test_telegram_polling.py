"""Fetching from Telegram by long polling: what is confirmed is stored, whatever goes wrong between."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from adapters.contract import AdapterError, BadCredentials, Inbound, NotStored, SendFailed, Unreadable
from adapters.telegram import SPEC
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from adapters.testing import FakeContext, running
from tests.servers.telegram import TOKEN, Answer, BotApi, failure


def a_bot(api: BotApi, context: FakeContext, token: str = TOKEN) -> TelegramAdapter:
    """Return an adapter that talks to the test's server, with short patience."""
    settings = TelegramSettings(
        token=SecretStr(token),
        poll=timedelta(seconds=1),
        timeout=timedelta(seconds=0.3),
        base_url=api.base_url,
        base_file_url=api.base_file_url,
    )
    adapter = SPEC.create(settings, context)
    assert isinstance(adapter, TelegramAdapter)
    return adapter


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
def context() -> FakeContext:
    return FakeContext("bot")


@pytest.fixture
async def adapter(api: BotApi, context: FakeContext) -> AsyncIterator[TelegramAdapter]:
    adapter = a_bot(api, context)
    yield adapter
    await adapter.close()


async def test_two_thousand_shuffled_and_repeated_updates_are_stored_once_each(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    updates = [
        {"update_id": 5000 + n, "message": api.message(1000 + n % 50, text=f"m{n}")} for n in range(2000)
    ]
    mixed = updates + updates[::7]
    random.Random(16).shuffle(mixed)
    await api.again(*mixed)

    async with running(adapter):
        await context.stored(2000, seconds=60)
        await api.until(lambda: not api.pending)

    assert sorted(it.text for it in context.delivered) == sorted(f"m{n}" for n in range(2000))
    assert set(api.confirmed) == {it["update_id"] for it in updates}


async def test_row_41_a_crash_in_the_middle_of_a_batch_loses_and_doubles_nothing(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    for n in range(5):
        await api.say(f"m{n}")
    context.fail_next(NotStored("the disk is full"), after=2)
    with pytest.raises(NotStored):
        await adapter.run()
    assert len(context.delivered) == 2
    assert api.confirmed == []

    async with running(adapter):
        await context.stored(5)
        await api.until(lambda: len(api.confirmed) == 5)

    assert [it.text for it in context.delivered] == ["m0", "m1", "m2", "m3", "m4"]


async def test_an_update_numbered_below_the_stored_cursor_is_not_lost(api: BotApi) -> None:
    """After a week of silence Telegram chooses its numbers afresh."""
    context = FakeContext("bot", cursor="900000")
    adapter = a_bot(api, context)
    await api.say("hello again")
    async with running(adapter):
        await context.stored()
    await adapter.close()
    assert context.delivered[0].text == "hello again"


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (failure(401, "Unauthorized"), BadCredentials, "set channels.bot.token"),
        (failure(404, "Not Found"), BadCredentials, "@BotFather"),
        (failure(429, "Too Many Requests", retry_after=3600), SendFailed, "pause of 3600 s"),
        (failure(500, "Internal Server Error"), SendFailed, "Internal Server Error"),
        (failure(502, "Bad Gateway"), SendFailed, "Bad Gateway"),
        (Answer(status=503, body=b"<html>down</html>"), SendFailed, "Service Unavailable"),
        (Answer(status=200, body=b"<html>a hotel's sign-in page</html>"), SendFailed, "no answer"),
        (Answer(status=200, body=b'{"ok": true, "result": {"odd": 1}}'), SendFailed, "check base_url"),
        (Answer(kind="hang"), SendFailed, "silent"),
        (Answer(kind="drop"), SendFailed, "silent"),
        (
            failure(409, "Conflict: terminated by other getUpdates request"),
            AdapterError,
            "stop the other program",
        ),
    ],
)
async def test_trouble_ends_the_run_with_its_remedy_and_the_next_run_goes_on(
    api: BotApi,
    context: FakeContext,
    adapter: TelegramAdapter,
    answer: Answer,
    error: type[AdapterError],
    says: str,
) -> None:
    api.script("getUpdates", answer)
    with pytest.raises(error, match=says) as raised:
        await adapter.run()
    assert TOKEN not in str(raised.value)

    await api.say("still there?")
    async with running(adapter):
        await context.stored()


async def test_nobody_listening_is_told_with_what_to_check(context: FakeContext) -> None:
    async with BotApi() as api:
        adapter = a_bot(api, context)
    with pytest.raises(SendFailed, match="check network, proxy and base_url"):
        await adapter.run()
    await adapter.close()


async def test_a_wrong_token_is_for_the_operator(api: BotApi, context: FakeContext) -> None:
    adapter = a_bot(api, context, token="424242:not-the-right-one")
    with pytest.raises(BadCredentials, match=r"set channels\.bot\.token"):
        await adapter.run()
    await adapter.close()


async def test_one_odd_update_does_not_hold_up_the_next(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    await api.update("message", {"message_id": 1, "chat": {"id": 1001, "type": "private"}, "date": "?"})
    await api.say("and I?")
    async with running(adapter):
        odd, ordinary = await context.stored(2)
    assert (odd.kind, odd.thread, ordinary.text) == ("raw", "1001", "and I?")
    with pytest.raises(Unreadable):
        await adapter.complete(odd)


async def test_one_number_told_twice_differently_is_stored_once_and_confirmed(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    update = await api.say("hello")
    changed = update | {"message": update["message"] | {"text": "hello!"}}
    async with running(adapter):
        await api.until(lambda: len(api.confirmed) == 1)
        await api.again(changed)
        await api.until(lambda: len(api.confirmed) == 2)
    assert [it.text for it in context.delivered] == ["hello"]
    assert context.counts["repeated_differently"] == 1


async def test_ten_megabytes_of_text_are_cut_and_the_raw_form_is_kept(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    await api.say("长" * 3_500_000)
    async with running(adapter):
        (inbound,) = await context.stored()
    assert len(inbound.text) == 20_000
    assert inbound.raw is not None
    assert len(inbound.raw) > 10_000_000
    assert inbound.defects == ("text of 3500000 characters was cut",)


async def test_a_group_is_left_alone_and_its_update_confirmed(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    group = {"id": -100200, "type": "supergroup", "title": "样例群"}
    await api.update("message", api.message(1001, text="大家好") | {"chat": group})
    async with running(adapter):
        await api.until(lambda: len(api.confirmed) == 1)
    assert context.delivered == []
    assert context.counts["ignored"] == 1
    assert any("allow_groups" in it for it in context.progressed)


async def test_a_tapped_button_comes_in_and_stops_spinning(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    update = await api.tap("c2")
    async with running(adapter):
        (inbound,) = await context.stored()
        await api.until(lambda: bool(api.called("answerCallbackQuery")))
    assert inbound.choice == "c2"
    assert api.called("answerCallbackQuery")[0].params["callback_query_id"] == update["callback_query"]["id"]


async def test_a_tap_too_old_to_be_answered_disturbs_nothing(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    api.script("answerCallbackQuery", failure(400, "Bad Request: query is too old"))
    await api.tap("c2")
    async with running(adapter):
        await api.until(lambda: len(api.confirmed) == 1)
    assert context.counts["callbacks_unanswered"] == 1


async def test_our_own_webhook_is_removed_after_a_change_to_polling(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    api.webhook["url"] = "https://gateway.example/telegram/bot/webhook"
    await api.say("hello")
    async with running(adapter):
        await context.stored()


async def test_somebody_elses_webhook_is_left_standing(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    api.webhook["url"] = "https://other.example/hook"
    with pytest.raises(AdapterError, match="a webhook is set"):
        await adapter.run()
    assert api.webhook["url"] == "https://other.example/hook"
    assert "other.example" in (await adapter.probe())[0]


async def test_files_are_fetched_after_the_message_is_stored(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter
) -> None:
    api.files["doc1"] = b"%PDF-sample"
    document = {
        "file_id": "doc1",
        "file_unique_id": "u1",
        "file_name": "发票.pdf",
        "mime_type": "application/pdf",
    }
    await api.update("message", api.message(1001, document=document))
    async with running(adapter):
        (inbound,) = await context.stored()
    assert api.called("getFile") == []

    (file,) = (await adapter.complete(inbound)).attachments

    assert (file.name, file.content, file.size, file.ref) == ("发票.pdf", b"%PDF-sample", 11, None)


@pytest.fixture
async def with_a_file(api: BotApi, context: FakeContext, adapter: TelegramAdapter) -> Inbound:
    document = {"file_id": "doc1", "file_unique_id": "u1", "file_name": "a.pdf"}
    await api.update("message", api.message(1001, document=document))
    async with running(adapter):
        return (await context.stored())[0]


async def test_a_file_over_the_limit_says_so(
    api: BotApi, adapter: TelegramAdapter, with_a_file: Inbound
) -> None:
    api.files["doc1"] = bytes(20 * 1024 * 1024 + 1)
    (file,) = (await adapter.complete(with_a_file)).attachments
    assert file.content is None
    assert file.error is not None
    assert "file is too big" in file.error.lower()


@pytest.mark.parametrize("method", ["getFile", "download"])
@pytest.mark.parametrize(
    "answer", [failure(502, "Bad Gateway"), Answer(kind="hang"), failure(404, "Not Found")]
)
async def test_a_file_that_does_not_come_is_tried_again_later(
    api: BotApi, adapter: TelegramAdapter, with_a_file: Inbound, method: str, answer: Answer
) -> None:
    api.files["doc1"] = b"here"
    api.script(method, answer)
    with pytest.raises(SendFailed):
        await adapter.complete(with_a_file)
    (file,) = (await adapter.complete(with_a_file)).attachments
    assert file.content == b"here"


async def test_row_32_the_token_is_in_no_log_line(
    api: BotApi, context: FakeContext, adapter: TelegramAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    caplog.set_level("INFO", logger="httpx")  # whatever a test before this one made of it
    await api.say("hello")
    async with running(adapter):
        await context.stored()
        await asyncio.wait_for(api.until(lambda: len(api.confirmed) == 1), 5)
    ours = [
        it.getMessage() for it in caplog.records if it.name != "aiohttp.access"
    ]  # that is the test's server
    assert any("GetUpdates" in line for line in ours)
    assert not any(TOKEN in line for line in ours)

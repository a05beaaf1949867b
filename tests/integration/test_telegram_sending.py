"""Sending by Telegram: what the customer sees, and what each failure means."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.contract import BadCredentials, Choice, Outbound, OutboundAttachment, Refused, SendFailed
from adapters.telegram import SPEC
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from adapters.testing import FakeContext, an_outbound
from tests.servers.telegram import TOKEN, Answer, BotApi, failure


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def adapter(api: BotApi) -> AsyncIterator[TelegramAdapter]:
    settings = TelegramSettings(
        token=SecretStr(TOKEN),
        timeout=timedelta(seconds=0.3),
        base_url=api.base_url,
        base_file_url=api.base_file_url,
    )
    adapter = SPEC.create(settings, FakeContext("bot"))
    assert isinstance(adapter, TelegramAdapter)
    yield adapter
    await adapter.close()


def texts(api: BotApi) -> list[str]:
    """Return the texts in front of the customers, oldest first."""
    return [it["text"] for it in api.sent.values() if "text" in it]


def a_file(name: str, media_type: str, content: bytes = b"sample") -> OutboundAttachment:
    """Return a file on its way out."""

    async def read() -> bytes:
        return content

    return OutboundAttachment(id="f1", name=name, media_type=media_type, size=len(content), read=read)


async def test_markdown_is_shown_and_nothing_of_it_can_break_the_markup(
    api: BotApi, adapter: TelegramAdapter
) -> None:
    await adapter.send(
        an_outbound(
            text="# 退货\n**7 天**内 <可退> & [规则](https://a.example/?a=1&b=2)\n\n1. 申请\n2. `寄回`"
        )
    )
    call = api.called("sendMessage")[0].params
    assert call["text"] == (
        "<b>退货</b>\n\n<b>7 天</b>内 &lt;可退&gt; &amp; "
        '<a href="https://a.example/?a=1&amp;b=2">规则</a>\n\n1. 申请\n2. <code>寄回</code>'
    )
    assert texts(api) == ["退货\n\n7 天内 <可退> & 规则\n\n1. 申请\n2. 寄回"]


async def test_markup_telegram_cannot_read_is_sent_plain(api: BotApi, adapter: TelegramAdapter) -> None:
    api.script("sendMessage", failure(400, "Bad Request: can't parse entities: unsupported start tag"))
    await adapter.send(an_outbound(text="**7 天**内"))
    assert [call.params.get("parse_mode") for call in api.called("sendMessage")] == ["HTML", None]
    assert texts(api) == ["7 天内"]


async def test_an_agent_is_named_with_number(api: BotApi, adapter: TelegramAdapter) -> None:
    await adapter.send(an_outbound(text="我来帮您。", author="agent", agent_name="小林", agent_number="1024"))
    assert texts(api) == ["小林 · 1024\n我来帮您。"]


@pytest.mark.parametrize(("units", "messages"), [(4096, 1), (4097, 2), (40_960, 10)])
async def test_a_text_is_split_at_4096_utf16_units(
    api: BotApi, adapter: TelegramAdapter, units: int, messages: int
) -> None:
    text = "😀" * (units // 2) + "a" * (units % 2)
    receipt = await adapter.send(an_outbound(text=text, choices=(Choice(id="c", label="好"),)))
    assert "".join(texts(api)) == text
    assert len(receipt.provider_ids) == messages
    assert [bool(it["buttons"]) for it in api.sent.values()] == [False] * (messages - 1) + [True]


async def test_choices_no_button_can_carry_become_numbered_lines(
    api: BotApi, adapter: TelegramAdapter
) -> None:
    choices = (Choice(id="很" * 22, label="退货"), Choice(id="c2", label="换货"))
    await adapter.send(an_outbound(text="哪一项？", choices=choices))
    assert texts(api) == ["哪一项？\n\n1. 退货\n2. 换货"]


async def test_files_go_as_what_they_are(api: BotApi, adapter: TelegramAdapter) -> None:
    files = (
        a_file("图.png", "image/png"),
        a_file("a.ogg", "audio/ogg"),
        a_file("发票.pdf", "application/pdf"),
    )
    receipt = await adapter.send(an_outbound(text="请查收", attachments=files))
    methods = [call.method for call in api.calls]
    assert methods == ["sendmessage", "sendphoto", "sendvoice", "senddocument"]
    assert [it["file"] for it in api.sent.values() if "file" in it] == [
        ("图.png", b"sample"), ("a.ogg", b"sample"), ("发票.pdf", b"sample"),
    ]  # fmt: skip
    assert len(receipt.provider_ids) == 4


async def test_a_picture_telegram_cannot_show_goes_as_a_file(api: BotApi, adapter: TelegramAdapter) -> None:
    api.script("sendPhoto", failure(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    await adapter.send(an_outbound(text="", attachments=(a_file("长图.png", "image/png"),)))
    assert [call.method for call in api.calls] == ["sendphoto", "senddocument"]


async def test_a_failed_part_is_sent_again_without_those_before_it(
    api: BotApi, adapter: TelegramAdapter
) -> None:
    outbound = an_outbound(text="\n\n".join(f"{n} " * 1500 for n in (1, 2, 3)))
    fails_once = failure(502, "Bad Gateway")
    api.script("sendMessage", None, fails_once)
    with pytest.raises(SendFailed):
        await adapter.send(outbound)
    assert len(texts(api)) == 1

    receipt = await adapter.send(outbound)
    assert len(texts(api)) == len(receipt.provider_ids) == 3


@pytest.mark.parametrize(
    ("answer", "error", "maybe_sent"),
    [
        (failure(400, "Bad Request: chat not found"), Refused, False),
        (failure(403, "Forbidden: user is deactivated"), Refused, False),
        (failure(413, "Request Entity Too Large"), Refused, False),
        (failure(400, "Bad Request: group upgraded", migrate_to_chat_id=-100), Refused, False),
        (failure(500, "Internal Server Error"), SendFailed, False),
        (Answer(status=502, body=b"<html>bad gateway</html>"), SendFailed, False),
        (failure(504, "Gateway Timeout"), SendFailed, True),
        (Answer(status=200, body=b"<html>"), SendFailed, True),
        (Answer(kind="hang"), SendFailed, True),
        (Answer(kind="drop"), SendFailed, True),
    ],
)
async def test_each_failure_says_whether_the_message_may_have_gone(
    api: BotApi, adapter: TelegramAdapter, answer: Answer, error: type[SendFailed], maybe_sent: bool
) -> None:
    api.script("sendMessage", answer)
    with pytest.raises(SendFailed) as raised:
        await adapter.send(an_outbound())
    assert type(raised.value) is error
    assert raised.value.maybe_sent is maybe_sent
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize("seconds", [1, 30, 3600])
async def test_telegrams_pause_is_passed_on(api: BotApi, adapter: TelegramAdapter, seconds: int) -> None:
    api.script("sendMessage", failure(429, "Too Many Requests", retry_after=seconds))
    with pytest.raises(SendFailed) as raised:
        await adapter.send(an_outbound())
    assert raised.value.retry_after == timedelta(seconds=seconds)


async def test_nobody_listening_means_not_sent(api: BotApi, adapter: TelegramAdapter) -> None:
    await api.stop()
    with pytest.raises(SendFailed) as raised:
        await adapter.send(an_outbound())
    assert raised.value.maybe_sent is False


async def test_a_withdrawn_token_is_for_the_operator(api: BotApi, adapter: TelegramAdapter) -> None:
    api.script("sendMessage", failure(401, "Unauthorized"))
    with pytest.raises(BadCredentials, match=r"set channels\.bot\.token"):
        await adapter.send(an_outbound())


@pytest.mark.parametrize("fields", [{"thread": "visitor-abc"}, {"text": ""}])
async def test_what_cannot_be_sent_is_refused_without_a_call(
    api: BotApi, adapter: TelegramAdapter, fields: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        await adapter.send(an_outbound(**fields))
    assert api.calls == []


async def place_in_the_queue(adapter: TelegramAdapter, text: str, edits: str) -> Outbound:
    """Return an Outbound that replaces our earlier message."""
    return an_outbound(key=f"edit of {edits}", text=text, edits=edits)


async def test_our_earlier_message_is_replaced(api: BotApi, adapter: TelegramAdapter) -> None:
    first = (await adapter.send(an_outbound(text="您前面还有 3 位"))).provider_ids[0]
    receipt = await adapter.send(await place_in_the_queue(adapter, "您前面还有 2 位", first))
    assert receipt.provider_ids == (first,)
    assert texts(api) == ["您前面还有 2 位"]


async def test_an_edit_that_changes_nothing_is_done(api: BotApi, adapter: TelegramAdapter) -> None:
    first = (await adapter.send(an_outbound(text="您前面还有 3 位"))).provider_ids[0]
    receipt = await adapter.send(await place_in_the_queue(adapter, "您前面还有 3 位", first))
    assert receipt.provider_ids == (first,)


async def test_an_edit_whose_markup_cannot_be_read_is_made_plain(
    api: BotApi, adapter: TelegramAdapter
) -> None:
    first = (await adapter.send(an_outbound(text="3"))).provider_ids[0]
    api.script("editMessageText", failure(400, "Bad Request: can't parse entities: odd"))
    await adapter.send(await place_in_the_queue(adapter, "**2**", first))
    assert texts(api) == ["2"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (failure(400, "Bad Request: message can't be edited"), Refused),
        (failure(502, "Bad Gateway"), SendFailed),
    ],
)
async def test_an_edit_that_fails_says_how(
    api: BotApi, adapter: TelegramAdapter, answer: Answer, error: type[SendFailed]
) -> None:
    first = (await adapter.send(an_outbound(text="3"))).provider_ids[0]
    api.script("editMessageText", answer)
    with pytest.raises(SendFailed) as raised:
        await adapter.send(await place_in_the_queue(adapter, "2", first))
    assert type(raised.value) is error


async def test_an_edit_met_with_silence_may_simply_be_made_again(
    api: BotApi, adapter: TelegramAdapter
) -> None:
    first = (await adapter.send(an_outbound(text="3"))).provider_ids[0]
    api.script("editMessageText", Answer(kind="hang", does_it=True))
    edit = await place_in_the_queue(adapter, "2", first)
    with pytest.raises(SendFailed) as raised:
        await adapter.send(edit)
    assert raised.value.maybe_sent is False
    await adapter.send(edit)
    assert texts(api) == ["2"]


async def test_in_a_group_the_answer_quotes_the_question(api: BotApi, adapter: TelegramAdapter) -> None:
    await adapter.send(an_outbound(thread="-100200", replies_to=("-100200/7",)))
    assert '"message_id": 7' in api.called("sendMessage")[0].params["reply_parameters"]

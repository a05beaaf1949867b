from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from adapters.contract import Choice, LiveNotice, Shown, ShownAttachment
from adapters.webchat.frames import (
    BadMessage,
    error_frame,
    message,
    message_frame,
    notice_frame,
    read_message,
    read_object,
)
from adapters.webchat.wire import close_frame, text_frame

AT = datetime(2026, 11, 20, 4, 0, 5, tzinfo=UTC)


def shown(**changes: Any) -> Shown:
    values: dict[str, Any] = {"seq": 3, "id": "out-1", "author": "bot", "text": "hi", "at": AT}
    return Shown(**(values | changes))


def code_of(body: bytes) -> str:
    with pytest.raises(BadMessage) as raised:
        read_message(read_object(body), max_text=10, max_files=2)
    return raised.value.code


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"1", b'"x"', b"null", b"\xff\xfe", b'{"id":"a",}', b"{}{}"]
)
def test_what_is_not_a_json_object_is_named_so(body: bytes) -> None:
    assert code_of(body) == "bad-json"


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"id":"a"}',
        b'{"id":"a","text":""}',
        b'{"id":"","text":"x"}',
        b'{"id":"a b","text":"x"}',
        b'{"id":"a\\n","text":"x"}',
        b'{"id":1,"text":"x"}',
        b'{"id":"a","text":["x"]}',
        b'{"id":"a","text":"x","lang":"en"}',
        b'{"id":"a","choice":""}',
        b'{"id":"a","choice":3}',
        b'{"id":"a","attachments":"b"}',
        b'{"id":"a","attachments":[1]}',
        b'{"id":"a","attachments":["../x"]}',
        b'{"id":"a","attachments":[""]}',
        b'{"id":"a","attachments":["a","b","c"]}',
        b'{"id":"' + b"a" * 65 + b'","text":"x"}',
    ],
)
def test_a_message_out_of_shape_is_refused(body: bytes) -> None:
    assert code_of(body) == "bad-message"


def test_a_text_is_counted_in_characters_not_bytes() -> None:
    assert read_message({"id": "a", "text": "退" * 10}, 10, 0).text == "退" * 10
    assert code_of(orjson.dumps({"id": "a", "text": "退" * 11})) == "too-big"


def test_a_deeply_nested_message_is_refused_without_harm() -> None:
    assert code_of(b'{"id":"a","text":' + b"[" * 8000 + b"]" * 8000 + b"}") in ("bad-json", "bad-message")


def test_row_11_a_bots_markdown_is_shown_as_safe_html() -> None:
    html = message(shown(text="**hello** <script>alert(1)</script> [x](javascript:alert(1))"))["html"]
    assert "<strong>hello</strong>" in html
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_a_customers_text_is_shown_as_it_was_written() -> None:
    assert message(shown(author="customer", text="**a** <b>\nc"))["html"] == "**a** &lt;b&gt;<br>c"


def test_a_customer_gets_their_own_id_back_without_the_visitor() -> None:
    assert message(shown(author="customer", id="00ff:m1"))["id"] == "m1"
    assert message(shown(author="customer", id="m1"))["id"] == "m1"
    assert message(shown(id="key:1"))["id"] == "key:1"


def test_a_message_has_every_field_of_the_protocol() -> None:
    it = shown(
        author="agent",
        agent_name="小王",
        agent_number="1007",
        choices=(Choice(id="c1", label="退货"),),
        attachments=(ShownAttachment(id="b1", name="说明.pdf", media_type="application/pdf", size=9),),
    )
    assert orjson.loads(message_frame(it)) == {
        "type": "message",
        "seq": 3,
        "id": "out-1",
        "author": "agent",
        "agent": {"name": "小王", "number": "1007"},
        "text": "hi",
        "html": "<p>hi</p>",
        "choices": [{"id": "c1", "label": "退货"}],
        "attachments": [{"id": "b1", "name": "说明.pdf", "media_type": "application/pdf", "size": 9}],
        "at": "2026-11-20T04:00:05Z",
    }


def test_a_message_of_nobody_in_particular_has_no_agent() -> None:
    assert message(shown())["agent"] is None


@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        (LiveNotice(kind="typing"), {"type": "typing"}),
        (LiveNotice(kind="typing", agent_name="王"), {"type": "typing", "agent": {"name": "王"}}),
        (
            LiveNotice(kind="queue", place=2, expected_at=AT),
            {"type": "queue", "place": 2, "expected_at": "2026-11-20T04:00:05Z"},
        ),
        (LiveNotice(kind="state", state="with_agent"), {"type": "state", "state": "with_agent"}),
    ],
)
def test_what_is_of_the_moment_has_a_frame_of_its_own(notice: LiveNotice, expected: dict[str, Any]) -> None:
    assert orjson.loads(notice_frame(notice)) == expected


def test_a_refusal_speaks_the_readers_language() -> None:
    assert orjson.loads(error_frame("flood", "zh-CN"))["title"].startswith("发送得太快")
    assert orjson.loads(error_frame("flood", "en", id="m1", retry_after=3)) == {
        "type": "error",
        "code": "flood",
        "title": "That was too fast. Please wait a few seconds and send it again.",
        "id": "m1",
        "retry_after": 3,
    }


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65535, b"\x81\x7e\xff\xff"),
        (65536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_frames_of_every_length_carry_the_right_head(size: int, head: bytes) -> None:
    assert text_frame(b"x" * size) == head + b"x" * size


def test_a_close_frame_never_exceeds_what_a_control_frame_may_hold() -> None:
    assert len(close_frame(4008, "慢" * 200)) <= 127

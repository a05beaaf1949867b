"""What an update says where the captured payloads do not go: groups, strangers' shapes, hostile ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Inbound
from adapters.telegram.inbound import Ignored, Place, to_inbound
from tests.servers.telegram import DAY, person, private

HERE = Place(channel="bot", bot_id="424242")
WITH_GROUPS = Place(channel="bot", bot_id="424242", allow_groups=True)
GROUP = {"id": -100200, "type": "supergroup", "title": "样例群"}


def a_message(**changes: Any) -> dict[str, Any]:
    """Return an update with a message in a private chat; name only what the test is about."""
    message = {"message_id": 5, "date": DAY, "from": person(1001), "chat": private(1001), "text": "你好"}
    return {"update_id": 9, "message": message | changes}


def read(update: dict[str, Any], place: Place = HERE) -> Inbound:
    """Return the Inbound of an update that must be one."""
    inbound = to_inbound(place, update)
    assert isinstance(inbound, Inbound)
    return inbound


def test_a_group_is_one_thread_of_many_people() -> None:
    inbound = read(a_message(chat=GROUP), WITH_GROUPS)
    assert (inbound.thread, inbound.address) == ("-100200", "1001")


def test_a_number_shared_in_a_group_is_only_text() -> None:
    contact = {"phone_number": "8613800000000", "first_name": "样", "user_id": 1001}
    inbound = read(a_message(chat=GROUP, text=None, contact=contact), WITH_GROUPS)
    assert (inbound.kind, inbound.phone) == ("message", None)


@pytest.mark.parametrize(
    ("update", "because"),
    [
        (a_message(chat={"id": -1, "type": "channel", "title": "样例"}), "channel"),
        ({"update_id": 9, "callback_query": {"id": "q", "from": person(1), "chat_instance": "1", "data": "x"}}, "not ours"),
        (
            {
                "update_id": 9,
                "callback_query": {
                    "id": "q", "from": person(1), "chat_instance": "1", "data": "x",
                    "message": {"message_id": 1, "date": DAY, "chat": GROUP},
                },
            },
            "allow_groups",
        ),
        ({"update_id": 9}, "neither"),
    ],
)  # fmt: skip
def test_what_is_no_customers_message_is_ignored_with_the_reason(
    update: dict[str, Any], because: str
) -> None:
    ignored = to_inbound(HERE, update)
    assert isinstance(ignored, Ignored)
    assert because in ignored.because


@pytest.mark.parametrize(
    ("update", "thread"),
    [
        ({"update_id": 9, "message": {"chat": {"id": 7}}}, "7"),
        ({"update_id": 9, "message": {"chat": {"id": "seven"}}}, None),
        ({"update_id": 9, "message": {"chat": 7}}, None),
        ({"update_id": 9, "message": "hello"}, None),
        ({"update_id": 9, "edited_message": [1]}, None),
    ],
)
def test_what_cannot_be_read_is_kept_raw(update: dict[str, Any], thread: str | None) -> None:
    inbound = read(update)
    assert (inbound.kind, inbound.thread) == ("raw", thread)
    assert inbound.raw
    assert inbound.defects


@pytest.mark.parametrize(
    ("text", "stored"), [("a\x00b", "a?b"), ("a\ud800b", "a?b"), (r"a\u0000b", r"a\u0000b")]
)
def test_characters_no_database_takes_are_replaced(text: str, stored: str) -> None:
    assert read(a_message(text=text)).text == stored


def test_a_number_beyond_64_bits_does_not_stop_the_loop() -> None:
    assert read(a_message(from_the_future=2**70)).text == "你好"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["from", "chat", "date", "text", "photo", "contact", "sticker", "reply_to_message", "poll"]
)


@given(
    st.dictionaries(FIELDS, JSON, max_size=4),
    st.sampled_from(["message", "edited_message", "callback_query"]),
)
def test_no_shape_of_update_stops_the_loop(changes: dict[str, Any], kind: str) -> None:
    update = {"update_id": 9, kind: a_message()["message"] | changes}
    assert isinstance(to_inbound(HERE, update), Inbound | Ignored)

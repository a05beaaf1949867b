"""Logs: one JSON line an event, and nothing of a person or a secret in it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from gateway import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    out = io.StringIO()
    logs.set_up("info", out)
    yield out
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json_with_time_and_level(stream: io.StringIO) -> None:
    structlog.get_logger("gateway.intake").info("message stored", channel="web", seq=3)
    (line,) = lines(stream)
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "info",
        "event": "message stored",
        "logger": "gateway.intake",
        "channel": "web",
        "seq": 3,
    }


def test_chinese_stays_readable(stream: io.StringIO) -> None:
    structlog.get_logger("x").info("退货政策")
    assert "退货政策" in stream.getvalue()


def test_personal_data_is_covered_wherever_it_stands(stream: io.StringIO) -> None:
    log = structlog.get_logger("x")
    log.info("mail from zhang@shop.example", to=["li@shop.example"], at_depth={"a": {"b": "13800000000"}})
    log.warning("failed", error=ValueError("no such user: wang@shop.example"))
    for name in ("zhang", "li@", "13800000000", "wang"):
        assert name not in stream.getvalue()


def test_what_a_key_calls_secret_is_left_out(stream: io.StringIO) -> None:
    structlog.get_logger("x").info(
        "signed in", bot_token="abc", headers={"Authorization": "xyz", "Cookie": "sid"}
    )
    (line,) = lines(stream)
    assert line["bot_token"] == "[secret]"
    assert line["headers"] == {"Authorization": "[secret]", "Cookie": "[secret]"}


def test_secrets_at_any_depth_do_not_show(stream: io.StringIO) -> None:
    deep: dict[str, Any] = {"token": "abc123"}
    for _ in range(10):
        deep = {"in": deep}
    structlog.get_logger("x").info("deep", value=deep)
    assert "abc123" not in stream.getvalue()


def test_libraries_log_through_the_same_door(stream: io.StringIO) -> None:
    logging.getLogger("some.library").warning("call %s", "138-0000-0000", extra={"peer": "a@b.example"})
    (line,) = lines(stream)
    assert line["event"] == "call 138****0000"
    assert line["peer"] == "a***@b.example"


def test_an_exception_is_told_in_the_same_line_and_masked(stream: io.StringIO) -> None:
    try:
        raise ValueError("user a.b@shop.example")
    except ValueError:
        structlog.get_logger("x").exception("broken")
    (line,) = lines(stream)
    assert "ValueError: user a***@shop.example" in line["exception"]


def test_an_exception_of_a_library_is_told_too(stream: io.StringIO) -> None:
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("some.library").exception("broken")
    assert "ValueError: no" in lines(stream)[0]["exception"]


@pytest.mark.parametrize("name", ["aioimaplib", "httpx", "sqlalchemy.engine", "watchfiles.main"])
def test_talkative_libraries_are_capped(stream: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("every line of the protocol")
    logging.getLogger(name).warning("trouble")
    assert [line["event"] for line in lines(stream)] == ["trouble"]


def test_a_loggers_context_goes_with_each_event(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(turn=7):
        structlog.get_logger("x").info("decided")
    assert lines(stream)[0]["turn"] == 7


def test_values_json_does_not_know_are_written_as_text(stream: io.StringIO) -> None:
    structlog.get_logger("x").info("odd", where={1: {2}}, none=None, share=0.5, yes=True)
    (line,) = lines(stream)
    assert line["where"] == {"1": [2]}
    assert (line["none"], line["share"], line["yes"]) == (None, 0.5, True)

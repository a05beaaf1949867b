"""Errors: what the log gets, and what the stranger at the other end gets."""

from datetime import timedelta

import pytest

from gateway.errors import (
    ConfigError,
    Conflict,
    GatewayError,
    NotFound,
    OutsideFailure,
    Problem,
    Refusal,
    Said,
    TooMany,
)


def all_errors(root: type[GatewayError] = GatewayError) -> list[type[GatewayError]]:
    """Return the whole tree below ``root``, as far as it has been imported."""
    return [root, *(error for child in root.__subclasses__() for error in all_errors(child))]


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: error.__name__)
def test_every_error_speaks_both_languages_and_has_a_code(error: type[GatewayError]) -> None:
    assert error.said.in_("zh-TW") == error.said.zh != error.said.en == error.said.in_("en-GB")
    assert error.code
    assert 400 <= error.status < 600


def test_an_error_has_three_faces() -> None:
    error = NotFound("no ticket 7 for agent 3", ticket=7)
    assert str(error) == "no ticket 7 for agent 3"
    assert error.fields == {"ticket": 7}
    assert "7" not in error.public.en


def test_an_error_can_be_narrower_than_its_class() -> None:
    error = Conflict(code="stale_view", public=Said("有新消息。", "There are new messages."))
    assert error.kind == "stale_view"
    assert error.status == 409
    assert str(error) == "There are new messages."


def test_refusals_are_final_and_outside_failures_are_not() -> None:
    assert not issubclass(OutsideFailure, Refusal)
    assert OutsideFailure.status == 503


def test_too_many_says_when_it_will_do_again() -> None:
    assert TooMany(retry_after=timedelta(seconds=5)).retry_after == timedelta(seconds=5)


def test_a_configuration_error_tells_every_problem_on_a_line_of_its_own() -> None:
    problems = [
        Problem(file="config.toml", key="a.b", found="1", wanted="2"),
        Problem(file="environment", key="GATEWAY__C", found="x", wanted="y", remedy="do z"),
    ]
    assert str(ConfigError(problems)).splitlines() == [
        "config.toml: a.b: found 1, wanted 2",
        "environment: GATEWAY__C: found x, wanted y; do z",
    ]

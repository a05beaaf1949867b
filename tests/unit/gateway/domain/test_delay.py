"""When a delay is announced, and to what time; and when nothing is said."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from gateway.domain.calendar import Slot
from gateway.domain.conversation import State
from gateway.domain.delay import Owed, judge
from gateway.domain.telling import TellingRules, Wait
from tests.building import MORNING, a_policy, hours

HOURS = a_policy().hours
MINUTE = timedelta(minutes=1)
RULES = TellingRules()
WAIT = Wait(ahead=0, online=1, handling=5 * MINUTE, promised=MORNING, latest=timedelta(hours=24))
QUEUED = Owed(
    kind="first_response",
    due_at=MORNING + 20 * MINUTE,
    made_at=MORNING,
    channel="chat",
    state=State.QUEUED,
    wait=WAIT,
)


def later(
    now: timedelta, *, rules: TellingRules = RULES, wait: dict[str, Any] | None = None, **changes: Any
) -> Any:
    owed = replace(QUEUED, **changes, wait=replace(WAIT, promised=MORNING + now, **(wait or {})))
    found = judge(owed, rules, MORNING + now, HOURS)
    return found.because if found.at is None else found.at - MORNING


def test_a_queue_that_cannot_keep_the_time_puts_it_off_at_the_reminder() -> None:
    assert later(15 * MINUTE, wait={"ahead": 3}) == 35 * MINUTE


def test_a_queue_that_can_still_keep_it_is_trusted_until_shortly_before() -> None:
    assert later(15 * MINUTE) == "it can still be kept"
    assert later(20 * MINUTE - timedelta(seconds=15)) == 25 * MINUTE


def test_a_mail_is_put_off_a_quarter_of_an_hour_before_by_opening_time() -> None:
    mail: dict[str, Any] = {"channel": "mail", "state": State.WITH_AGENT}
    assert later(4 * MINUTE, **mail) == "it can still be kept"
    assert later(5 * MINUTE, **mail) == 140 * MINUTE


def test_an_agents_own_promise_is_put_off_by_opening_time_even_while_they_have_the_floor() -> None:
    owed: dict[str, Any] = {"kind": "promised", "state": State.WITH_AGENT, "claimed_at": MORNING + MINUTE}
    assert later(20 * MINUTE - timedelta(seconds=10), **owed) == 140 * MINUTE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"notices": 2}, "put off as often as the house allows"),
        ({"due_at": MORNING}, "it is late already: nothing is announced any more"),
        ({"state": State.WITH_AGENT, "claimed_at": MORNING + MINUTE}, "a person is there"),
        ({"channel": "mail", "may_mail": False}, "the budget for automatic mail is used up"),
        ({"is_over": True}, "it is over"),
    ],
)
def test_nothing_is_announced_where_it_would_be_wrong(changes: dict[str, Any], reason: str) -> None:
    assert later(20 * MINUTE - timedelta(seconds=10), **changes) == reason


def test_in_quiet_hours_nobody_is_written_to_but_by_mail() -> None:
    for slot in (Slot(opens=time(9), closes=time(12)), Slot(opens=time(22), closes=time(12))):
        quiet = replace(RULES, quiet=(slot,))
        assert later(20 * MINUTE - timedelta(seconds=10), rules=quiet) == "quiet hours"
        assert later(10 * MINUTE, rules=quiet, channel="mail") != "quiet hours"


def test_a_house_that_never_opens_again_still_names_a_time() -> None:
    owed = replace(QUEUED, kind="promised", wait=WAIT)
    at = judge(owed, RULES, owed.due_at - timedelta(seconds=5), hours()).at
    assert at == owed.due_at + RULES.delay_by

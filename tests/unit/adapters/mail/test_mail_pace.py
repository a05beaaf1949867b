"""An account's limits are kept by counting, and a provider's wish for less is told from a refusal of one mail."""

from datetime import timedelta

import pytest

from adapters.contract import SendFailed
from adapters.mail.pace import REMEMBERED, Pace, asks_for_pause, code_of
from adapters.testing import FakeClock, FakeContext


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (421, "4.7.0 Try again later, closing connection"),
        (450, "4.2.1 too many messages from this sender"),
        (451, "4.7.650 rate limited"),
        (550, "Daily user sending quota exceeded"),
        (550, "5.4.5 Daily user sending limit exceeded"),
        (550, "Mail rejected: too many mails sent"),
        (554, "发信频率超过限制"),
        (452, "4.5.3 exceeded max sending rate"),
    ],
)
def test_an_answer_about_how_much_we_send_asks_for_a_pause(code: int, said: str) -> None:
    assert asks_for_pause(code, said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (450, "4.7.1 greylisted, try again later"),
        (452, "4.2.2 the recipient's mailbox is over quota"),
        (550, "5.1.1 no such user"),
        (552, "5.3.4 message exceeds the size limit"),
        (452, "4.5.3 too many recipients"),
        (554, "5.7.1 spam"),
    ],
)
def test_an_answer_about_this_mail_does_not_hold_up_the_others(code: int, said: str) -> None:
    assert asks_for_pause(code, said) is None


def test_the_code_is_the_number_with_the_status_behind_it() -> None:
    assert (code_of(550, "5.1.1 no such user"), code_of(550, "no")) == ("550 5.1.1", "550")


async def test_a_full_minute_waits_until_its_oldest_mail_is_a_minute_old() -> None:
    clock = FakeClock()
    pace = Pace(FakeContext(clock=clock), per_minute=2, daily=None)
    await pace.before()
    await pace.sent()
    await clock.advance(timedelta(seconds=20))
    await pace.sent()
    with pytest.raises(SendFailed, match="2 mails a minute") as caught:
        await pace.before()
    assert caught.value.channel_wide
    assert caught.value.retry_after == timedelta(seconds=40)
    await clock.advance(timedelta(seconds=40))
    await pace.before()


async def test_the_days_count_outlives_the_process() -> None:
    clock = FakeClock()
    context = FakeContext(clock=clock)
    first = Pace(context, per_minute=None, daily=2)
    await first.sent()
    await first.sent()
    after_a_restart = Pace(context, per_minute=None, daily=2)
    with pytest.raises(SendFailed, match="2 mails a day"):
        await after_a_restart.before()
    assert context.remembered[REMEMBERED].endswith(" 2")
    await clock.advance(timedelta(days=1))
    await after_a_restart.before()


async def test_without_limits_nothing_is_counted() -> None:
    context = FakeContext()
    pace = Pace(context, per_minute=None, daily=None)
    await pace.sent()
    await pace.before()
    assert context.remembered == {}

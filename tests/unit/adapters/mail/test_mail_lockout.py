"""Three refusals, then one try an hour, also after a restart; a new password begins anew."""

from datetime import timedelta

import pytest

from adapters.contract import BadCredentials
from adapters.mail.lockout import Lockout, Resting
from adapters.testing import FakeClock, FakeContext


def lockout(context: FakeContext, secret: str = "old") -> Lockout:
    return Lockout(context, "imap", "imap.shop.example", "support", secret)


async def refused(context: FakeContext, times: int = 3) -> None:
    for _ in range(times):
        it = lockout(context)  # as after a restart
        await it.before()
        await it.refused(BadCredentials("535 no"))


async def test_after_three_refusals_nobody_knocks_even_after_a_restart() -> None:
    context = FakeContext()
    await refused(context)
    with pytest.raises(Resting, match=r"refused our login 3 times.*535 no"):
        await lockout(context).before()
    assert context.counts["login_stopped"] == 1


async def test_an_hour_later_one_try_is_made() -> None:
    clock = FakeClock()
    context = FakeContext(clock=clock)
    await refused(context)
    await clock.advance(timedelta(hours=1))
    again = lockout(context)
    await again.before()
    await again.refused(BadCredentials("still no"))
    with pytest.raises(Resting):
        await again.before()
    assert context.counts["login_stopped"] == 1


async def test_a_new_password_is_tried_at_once() -> None:
    context = FakeContext()
    await refused(context)
    await lockout(context, "new").before()


async def test_a_login_that_works_clears_the_count() -> None:
    context = FakeContext()
    await refused(context, 2)
    await lockout(context).let_in()
    await refused(context, 2)
    await lockout(context).before()


async def test_what_is_kept_names_neither_login_nor_secret() -> None:
    context = FakeContext()
    await refused(context)
    kept = "".join(context.remembered.values())
    assert "old" not in kept
    assert "support" not in kept

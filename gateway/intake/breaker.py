"""The loop breaker: counts automatic mail by domain and in all, and stops it before two machines talk all night.

A sender's own budget is counted in the database (``automatic_mail.per_hour``). A loop whose other end changes its
address with every mail is caught here, in this process's memory: a restart may let one more budget pass, no more.
"""

from collections import deque
from datetime import datetime, timedelta

from gateway.domain.notices import Notice, Notices
from gateway.domain.policy import Policy
from gateway.errors import Said

_REMEDY = Said(
    "请在工单列表中查看刚收到的邮件：是否来自自动回复程序？可屏蔽其发件人；确属正常来信时调高 automatic_mail 的上限。",
    "Look at the mails that came last: does a program write them? Block its sender; if they are customers, raise "
    "the limits under automatic_mail.",
)
REST = timedelta(hours=1)


class Breaker:
    """What was sent automatically by mail within the limits' spans."""

    def __init__(self, policy: Policy, notices: Notices) -> None:
        self._policy, self._notices = policy, notices
        self._sent: deque[tuple[datetime, str]] = deque()

    def stops(self, address: str, now: datetime) -> str | None:
        """Return why no more automatic mail goes to this address's domain now; None where it may."""
        self._forget(now)
        domain = domain_of(address)
        for limit, sent, whom in (
            (self._policy.automatic_to_domain, sum(one == domain for _, one in self._sent), f"@{domain}"),
            (self._policy.automatic_in_all, len(self._sent), "all senders together"),
        ):
            if sent >= limit.count:
                return f"already {sent} automatic mails to {whom} within {limit.within}"
        return None

    def count(self, address: str, now: datetime) -> None:
        """Note an automatic mail that is owed now."""
        self._sent.append((now, domain_of(address)))

    def alarm(self, channel: str, address: str, now: datetime) -> bool:
        """Tell the desks that a budget is used up; False if they have been told within the hour."""
        if self._notices.of(channel, now) is not None:
            return False
        found = Said(
            f"自动邮件已暂停发给 @{domain_of(address)} 的部分发件人：达到上限，可能是两个自动回复程序在互相回信。",
            f"Automatic mail to @{domain_of(address)} is held back: a limit is reached, perhaps two machines answer each other.",
        )
        self._notices.put(channel, Notice(found=found, remedy=_REMEDY, until=now + REST))
        return True

    def _forget(self, now: datetime) -> None:
        longest = max(self._policy.automatic_to_domain.within, self._policy.automatic_in_all.within)
        while self._sent and now - self._sent[0][0] >= longest:
            self._sent.popleft()


def domain_of(address: str) -> str:
    """Return what stands behind the @, folded."""
    return address.rpartition("@")[2].casefold()

"""[promises]: everything the house owes by a time. Defaults: the handbooks' strictest figures."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from gateway.domain.promise import Counts, PromiseRules, Stage
from gateway.domain.telling import TellingRules
from gateway.settings.fields import DaySlots, Span, Text, parse_slot, parse_text
from gateway.settings.rules import Strict, hours, minutes

Share = Annotated[float, Field(gt=0, lt=1)]


class FirstResponse(Strict):
    """The first human answer: opening time, by kind of channel."""

    chat: Span = minutes(1)
    social: Span = hours(2)
    mail: Span = hours(2)
    urgent: Span = minutes(30)
    latest: Span = hours(24)


class NextResponse(Strict):
    """The answer to what the customer writes after the first: opening time, by kind of channel."""

    chat: Span = minutes(1)
    social: Span = hours(2)
    mail: Span = hours(2)


class Resolution(Strict):
    """A solution, by urgency; returns and exchanges have their own."""

    normal: Span = hours(24)
    urgent: Span = hours(2)
    critical: Span = hours(2)
    returns: Span = hours(48)


class Complaint(Strict):
    """An ordinary complaint."""

    answer: Span = hours(24)
    solve: Span = hours(48)


class Serious(Strict):
    """A complaint with a loss."""

    answer: Span = hours(12)
    solve: Span = hours(24)


class Outage(Strict):
    """A failure of our own systems."""

    answer: Span = minutes(30)
    solve: Span = hours(2)


class Media(Strict):
    """A matter that the public watches."""

    answer: Span = hours(1)
    solve: Span = hours(24)


def causes_of_the_sample() -> dict[str, Text]:
    """Return the causes of delay that the handbooks name."""
    words = {
        "staff": ("人手不足", "Too few people"),
        "details": ("信息不全，身份待核实", "Details incomplete, identity to be verified"),
        "department": ("等待其他部门", "Waiting for another department"),
        "supplier": ("等待供应商或物流", "Waiting for a supplier or courier"),
        "system": ("系统故障", "System failure"),
        "oversight": ("遗漏", "Overlooked"),
        "other": ("其他", "Something else"),
    }
    return {name: parse_text({"zh-CN": zh, "en": en}) for name, (zh, en) in words.items()}


class NoticeBefore(Strict):
    """How long before a told time passes a delay is announced at the latest, by kind of channel."""

    chat: Span = timedelta(seconds=15)
    social: Span = minutes(5)
    mail: Span = minutes(15)


TELLING = frozenset({"delay_notice_before", "delay_notices", "delay_by", "quiet_hours", "kept_by_reply"})
"""Settings that no promise's time is made from."""


class Promises(Strict):
    """Everything the house owes by a time."""

    welcome: Span = timedelta(seconds=10)
    agent_greeting: Span = timedelta(seconds=30)
    first_response: FirstResponse = FirstResponse()
    next_response: NextResponse = NextResponse()
    resolution: Resolution = Resolution()
    complaint: Complaint = Complaint()
    serious: Serious = Serious()
    outage: Outage = Outage()
    media: Media = Media()
    second_line: Span = hours(2)
    report_serious: Span = minutes(5)
    verify_serious: Span = minutes(30)
    overdue_cause: Span = hours(1)
    remind_before: Span = minutes(30)
    delay_notice_before: NoticeBefore = NoticeBefore()
    delay_notices: Annotated[int, Field(ge=0, le=5)] = 2
    delay_by: Span = hours(2)
    quiet_hours: DaySlots = (parse_slot("22:00-08:00"),)
    kept_by_reply: bool = False
    day_end_reminder: Span = minutes(30)
    rating_follow_up: Span = hours(2)
    rating_follow_up_latest: Span = hours(24)
    solved_follow_up: Span = hours(24)
    counts: dict[Stage, Counts] = Field(
        default_factory=lambda: {Stage(kind): word for kind, word in PromiseRules().counts.items()}
    )
    warn_share: Share = 0.75
    warn: dict[Stage, Share] = Field(default_factory=dict)
    pauses: frozenset[Stage] = frozenset({Stage.RESOLUTION, Stage.NEXT_RESPONSE})
    raise_urgency: bool = False
    returns: frozenset[str] = frozenset({"return_exchange"})
    causes: dict[str, Text] = Field(default_factory=causes_of_the_sample, min_length=1)

    @property
    def telling(self) -> TellingRules:
        """When customers are told of a delay, and how often."""
        before = self.delay_notice_before
        return TellingRules(
            notice_before={"chat": before.chat, "social": before.social, "mail": before.mail},
            notices=self.delay_notices,
            delay_by=self.delay_by,
            quiet=self.quiet_hours,
            kept_by_reply=self.kept_by_reply,
        )

"""The settings of emergencies: when one is seen, what is said, how often there is news."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.domain.emergency import EmergencyRules
from gateway.settings.fields import Span, Text, parse_text
from gateway.settings.rules import Strict, hours, minutes

Way = Literal["propose", "auto"]

NOTICE = {
    "zh-CN": "我们已获知一项影响多位客户的问题，负责部门正在处理。下一次进展通报：{news}。给您带来不便，我们深表歉意；您的消息都会被完整保存。",
    "en": "We know of a problem that affects several customers, and the department in charge is working on it. "
    "Next news: {news}. We apologise for the trouble; every message of yours is kept.",
}
END = {
    "zh-CN": "此前通报的问题已经解决。感谢您的耐心与理解；如果您仍遇到问题，请直接回复，我们继续为您处理。",
    "en": "The problem we told you of is solved. Thank you for your patience. If anything is still wrong, just reply "
    "here and we go on with it.",
}


class Emergencies(Strict):
    """X1: seen by counts, told calmly, ended once, reviewed within a week."""

    window: Span = minutes(15)
    at_least: Annotated[int, Field(ge=2)] = 5
    odds: Annotated[float, Field(gt=0, le=0.01)] = 1e-5
    channel_down_after: Span = minutes(10)
    own_gap: Span = minutes(15)
    bursts: Way = "propose"
    channels: Way = "propose"
    own: Way = "propose"
    notice: Text = parse_text(NOTICE)
    end: Text = parse_text(END)
    news_every: Span = hours(1)
    review_within: Span = hours(7 * 24)

    def rules(self) -> EmergencyRules:
        """Return them as the plain values that steps read."""
        return EmergencyRules(
            window=self.window,
            at_least=self.at_least,
            odds=self.odds,
            channel_down_after=self.channel_down_after,
            own_gap=self.own_gap,
            start={"burst": self.bursts, "channel": self.channels, "own": self.own},
            notice=self.notice,
            end=self.end,
            news_every=self.news_every,
            review_within=self.review_within,
        )

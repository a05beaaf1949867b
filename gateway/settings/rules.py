"""The settings that are rules of service: house, hours, promises, routing, words. Defaults: the strictest figures."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gateway.domain.calendar import Slot
from gateway.domain.policy import Words
from gateway.domain.ticket import Anomaly, TicketType
from gateway.settings.fields import (
    DaySlots,
    Span,
    SpanOrNever,
    Text,
    Zone,
    parse_slot,
    parse_text,
    parse_zone,
)
from gateway.settings.holiday_dates import checked_country
from gateway.settings.rules_routing import Dispatching
from gateway.settings.rules_routing import Strict as Strict

OFFICE_DAY: tuple[Slot, ...] = (parse_slot("09:00-18:00"),)


def minutes(n: int) -> timedelta:
    """Return a span of ``n`` minutes."""
    return timedelta(minutes=n)


def hours(n: int) -> timedelta:
    """Return a span of ``n`` hours."""
    return timedelta(hours=n)


class House(Strict):
    """Who speaks to the customers."""

    name: Text = parse_text({"zh-CN": "晨光小店（示例）", "en": "Morninglight (sample shop)"})
    languages: Annotated[tuple[str, ...], Field(min_length=1)] = ("zh-CN", "zh-TW", "en")
    greeting: Text = parse_text(
        {
            "zh-CN": "您好，我是客服{name}，工号 {number}，很高兴为您服务。",
            "en": "Hello, this is {name}, agent {number}. I am glad to help you.",
        }
    )


class Hours(Strict):
    """When people answer."""

    zone: Zone = parse_zone("Asia/Shanghai")
    holidays: Annotated[str, AfterValidator(checked_country)] = "CN"
    monday: DaySlots = OFFICE_DAY
    tuesday: DaySlots = OFFICE_DAY
    wednesday: DaySlots = OFFICE_DAY
    thursday: DaySlots = OFFICE_DAY
    friday: DaySlots = OFFICE_DAY
    saturday: DaySlots = ()
    sunday: DaySlots = ()
    extra_slots: DaySlots = OFFICE_DAY
    extra_holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()


class Tickets(Strict):
    """A ticket's life, and what waiting customers are told."""

    reopen_within: Span = hours(72)
    handling_default: Span = minutes(5)
    queue_update: Span = timedelta(seconds=15)
    close_after: Span = hours(72)
    close_notice: SpanOrNever = hours(24)
    merge_notice: bool = False


class Ratings(Strict):
    """Ratings of ``low`` and less are followed up."""

    low: Annotated[int, Field(ge=0, le=5)] = 3


class AutomaticMail(Strict):
    """How many automatic mails one sender may get, all senders of a domain, and everybody."""

    per_hour: Annotated[int, Field(ge=1)] = 3
    per_day: Annotated[int, Field(ge=1)] = 10
    domain_per_hour: Annotated[int, Field(ge=1)] = 200
    all_per_hour: Annotated[int, Field(ge=1)] = 2000


class Tries(Strict):
    """How often a message that cannot be processed is tried before a person sees it raw."""

    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    within: Span = minutes(1)


class DepartmentRule(Strict):
    """One department."""

    label: Text
    accepts_within: Span = hours(2)
    solves_within: Span = hours(24)


def departments_of_the_sample() -> dict[str, DepartmentRule]:
    """Return the six departments that the handbooks know."""
    labels = {
        "support": ("客服部", "Customer support"),
        "tech": ("技术部", "Technical support"),
        "logistics": ("物流部", "Logistics"),
        "aftersales": ("售后部", "After-sales"),
        "finance": ("财务部", "Finance"),
        "pr": ("公关部", "Public relations"),
    }
    return {
        name: DepartmentRule(label=parse_text({"zh-CN": zh, "en": en})) for name, (zh, en) in labels.items()
    }


class Routing(Dispatching):
    """Which department owns a ticket: the first of anomaly, sub-type and type that names one; and which person."""

    otherwise: str = "support"
    anomalies: dict[Anomaly, str] = Field(
        default_factory=lambda: {Anomaly.OUTAGE: "tech", Anomaly.MEDIA: "pr"},
    )
    subtypes: dict[str, str] = Field(default_factory=dict)
    types: dict[TicketType, str] = Field(
        default_factory=lambda: {
            TicketType.PRESALE: "support",
            TicketType.AFTERSALE: "aftersales",
            TicketType.COMPLAINT: "aftersales",
            TicketType.CHANGE: "support",
            TicketType.SUGGESTION: "support",
        },
    )


VAGUE: dict[str, tuple[str, ...]] = {
    "zh-CN": (
        *("尽快", "尽早", "及时", "马上", "立刻", "立即", "稍后", "稍候", "稍晚", "很快", "不久", "第一时间"),
        *("近期", "近日", "过两天", "过几天", "改天", "一会儿", "回头"),
    ),
    "en": (
        *(
            "soon",
            "as soon as possible",
            "as soon as we can",
            "asap",
            "shortly",
            "in due time",
            "in due course",
        ),
        *("momentarily", "immediately", "promptly", "right away", "before long", "in a while", "in a moment"),
        *("in the near future", "at our earliest convenience"),
    ),
}


class WordLists(Strict):
    """Phrases the house does not use: ``banned`` with a better one, ``vague`` where a time belongs."""

    enforce: Literal["warn", "block"] = "warn"
    banned: dict[str, dict[str, str]] = Field(
        default_factory=lambda: {
            "zh-CN": {
                "不知道": "我为您核实",
                "不清楚": "我为您核实",
                "这不是我们的问题": "我来为您查明原因",
                "你找别人吧": "我为您转给负责的同事",
                "明天一定到": "预计送达时间请以物流信息为准",
                "肯定能退款": "退款结果以审核为准，我会把结果告诉您",
            },
            "en": {
                "I don't know": "Let me check that for you",
                "not our problem": "Let me find out what happened",
                "ask someone else": "I will pass this to the colleague in charge",
            },
        }
    )
    vague: dict[str, tuple[str, ...]] = Field(default_factory=lambda: dict(VAGUE))

    def as_rules(self) -> Words:
        """Return them as steps and checks read them."""
        return Words(banned=self.banned, vague=self.vague, blocks=self.enforce == "block")

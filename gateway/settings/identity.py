"""``[identity]`` and ``[sms]``: how customers prove who they are, how often they may try, and how codes reach them."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from gateway.domain.identity import Level
from gateway.domain.verification import Span as Lasting
from gateway.domain.verification import VerificationRules
from gateway.settings.fields import Span
from gateway.settings.rules import Strict, hours, minutes
from gateway.settings.rules_alarms import checked_hook

Count = Annotated[int, Field(ge=1, le=1000)]
Way = Literal["sms", "mail"]


def checked_sends(sends: int) -> int:
    """Return how many codes a contact may be sent in an hour.

    Raises:
        ValueError: so many would be a weapon against whoever is on file.
    """
    if sends > 10:
        raise ValueError("10 at most")
    return sends


Sends = Annotated[Count, AfterValidator(checked_sends)]


class IdentityChoice(Strict):
    """Limits and lives; the defaults are the design's figures."""

    pause_after: Count = 3
    pause: Span = minutes(15)
    person_after: Count = 5
    order_misses: Count = 5
    order_within: Span = hours(24)
    orders_each: Count = 3
    house_misses: Count = 20
    house_factor: Annotated[float, Field(ge=1, le=100)] = 5.0
    house_within: Span = minutes(10)
    answer_after: Span = timedelta(milliseconds=800)
    code_life: Span = minutes(10)
    code_tries: Annotated[Count, Field(le=10)] = 5
    codes_per_hour: Sends = 3
    codes_per_day: Count = 6
    codes_by: tuple[Way, ...] = ("sms", "mail")
    mail_channel: str = ""
    page_life: Span = minutes(15)
    fresh_contact: Span = timedelta(days=7)
    silence: Span = minutes(30)
    longest_l1: Span = minutes(60)
    longest_l2: Span = hours(4)
    longest_l3: Span = minutes(15)

    def rules(self, *, enabled: bool, ways: tuple[str, ...], page: str) -> VerificationRules:
        """Return the rules as steps read them; ``ways`` are those by which a code can leave this house."""
        strong = Lasting(idle=min(self.silence, self.longest_l3), most=self.longest_l3)
        return VerificationRules(
            enabled=enabled,
            sends_by=tuple(way for way in self.codes_by if way in ways) if enabled else (),
            mail_proves="mail" in self.codes_by,
            page=page if enabled else "",
            pause_after=self.pause_after,
            pause=self.pause,
            person_after=self.person_after,
            order_misses=self.order_misses,
            order_within=self.order_within,
            orders_each=self.orders_each,
            site_misses=self.house_misses,
            site_factor=self.house_factor,
            site_within=self.house_within,
            deadline=self.answer_after,
            code_life=self.code_life,
            code_tries=self.code_tries,
            sends_per_hour=self.codes_per_hour,
            sends_per_day=self.codes_per_day,
            page_life=self.page_life,
            fresh_contact=self.fresh_contact,
            spans={
                Level.L1: Lasting(idle=self.silence, most=self.longest_l1),
                Level.L2: Lasting(idle=self.silence, most=self.longest_l2),
                Level.L3: strong,
                Level.L4: strong,
            },
        )


class Aliyun(Strict):
    """``[sms.aliyun]``: Alibaba Cloud's short messages; the template holds ``${code}`` and ``${minutes}``."""

    key_id: str = ""
    key_secret: SecretStr | None = None
    sign_name: str = ""
    template: str = ""
    notice_template: str = ""
    endpoint: Annotated[str, AfterValidator(checked_hook)] = "https://dysmsapi.aliyuncs.com"


class Twilio(Strict):
    """``[sms.twilio]``: Twilio's programmable messaging."""

    account: str = ""
    token: SecretStr | None = None
    sender: str = ""
    endpoint: Annotated[str, AfterValidator(checked_hook)] = "https://api.twilio.com"


class SmsChoice(Strict):
    """Who carries short messages."""

    provider: Literal["none", "aliyun", "twilio"] = "none"
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "CN"
    aliyun: Aliyun = Aliyun()
    twilio: Twilio = Twilio()

    @model_validator(mode="after")
    def is_complete(self) -> Self:
        """Each provider needs its own keys."""
        one, other = self.aliyun, self.twilio
        missing = {
            "aliyun": {
                "aliyun.key_id": one.key_id,
                "aliyun.key_secret": one.key_secret,
                "aliyun.sign_name": one.sign_name,
                "aliyun.template": one.template,
            },
            "twilio": {
                "twilio.account": other.account,
                "twilio.token": other.token,
                "twilio.sender": other.sender,
            },
        }.get(self.provider, {})
        absent = [name for name, value in missing.items() if not value]
        if absent:
            raise ValueError(f"{', '.join(absent)} beside provider = {self.provider!r}")
        return self

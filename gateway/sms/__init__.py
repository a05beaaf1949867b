"""Short messages to contacts on file: one small interface, two providers."""

from adapters.outgoing import Outgoing
from gateway.clock import SystemClock
from gateway.settings.identity import SmsChoice
from gateway.sms.aliyun import AliyunSms
from gateway.sms.contract import Sms
from gateway.sms.twilio import TwilioSms


def open_sms(chosen: SmsChoice, outgoing: Outgoing, clock: SystemClock) -> Sms | None:
    """Return what sends short messages; None where the house has no provider. Nothing is opened."""
    if chosen.provider == "aliyun":
        return AliyunSms(chosen.aliyun, outgoing, clock)
    if chosen.provider == "twilio":
        return TwilioSms(chosen.twilio, outgoing)
    return None

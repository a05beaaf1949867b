"""What customers are told about their data before they write, and whether they must agree."""

from dataclasses import dataclass

from gateway.domain.localized import Localized

NOTICE = Localized(
    {
        "zh-CN": "为答复您的咨询，我们会保存您发送的内容；证件号、手机号等会自动隐去。",
        "en": "To answer you we keep what you write; identity and telephone numbers are covered automatically.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyNotice:
    """The notice shown before the first message; with ``consent``, its version, nobody writes without agreeing."""

    notice: Localized = NOTICE
    page: str = ""
    """Where the whole notice is; empty for our own page ``/privacy``."""
    consent: str = ""

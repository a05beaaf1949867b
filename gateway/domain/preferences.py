"""What customers say in passing of how and when they like to be reached (rulebook S5): recognised, proposed, never guessed. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

PreferenceKind = Literal["channel", "time"]
LONGEST = 120

_MAYBE = re.compile(
    r"邮件|郵件|邮箱|电邮|短信|簡訊|微信|电话|電話|联系|聯絡|聯繫|回复|回覆|通知|打给|打給|"
    r"e-?mail|call|text|phone|ring|contact|reach",
    re.IGNORECASE,
)
"""Most messages hold none of these, and no rule need be tried."""
_ME = r"(?:给我|給我|我|通知我|告诉我|告訴我|联系我|聯絡我|聯繫我|回复我|回覆我)"
_WAYS: tuple[tuple[str, str], ...] = (
    ("email", r"(?:邮件|郵件|邮箱|电邮|e-?mail|mail)"),
    ("sms", r"(?:短信|簡訊|sms|text(?: message)?)"),
    ("wechat", r"(?:微信|wechat)"),
    ("phone", r"(?:电话|電話|phone|call)"),
)
_NO = re.compile(
    r"(?:不要|别|別|勿|不用|不想|no |not |n['’]t |never |stop )(?:再|给我|給我)?\W{0,2}$", re.IGNORECASE
)
_ZH_WAY = r"(?:{way})(?:来|就|再|的方式)?(?:联系|聯絡|聯繫|通知|回复|回覆|告诉|告訴)我|(?:发|發|寄|打|用|通过|透過)(?:个|個|一?封|一?条)?(?:{way})(?:来|就)?(?:联系|聯絡|聯繫|通知|回复|回覆|告诉|告訴|给|給)我|(?:给|給)我(?:发|發|寄|打|回)(?:个|個|一?封|一?条)?(?:{way})|(?:打|发|發)(?:{way})(?:给|給)我"
_EN_WAY = {
    "email": r"\b(?:e-?mail me|(?:contact|reach|answer|reply to|notify) me (?:by|via|on|through|over) e-?mail|by e-?mail,? please)\b",
    "sms": r"\b(?:text me|send me a text|(?:contact|reach|notify) me (?:by|via) (?:sms|text))\b",
    "wechat": r"\b(?:contact|reach|notify) me (?:by|via|on) wechat\b",
    "phone": r"\b(?:call me|phone me|ring me|give me a (?:call|ring)|(?:contact|reach) me (?:by|over the|on the) phone)\b",
}
_CHANNEL = tuple(
    (name, re.compile(f"{_ZH_WAY.format(way=words)}|{_EN_WAY[name]}", re.IGNORECASE)) for name, words in _WAYS
)
_CLOCK = r"(?:[01]?\d|2[0-3])(?:[:：点點时時](?:[0-5]\d|半)?分?)?"
_TIME = re.compile(
    rf"(?:每天|平时|工作日|周末|週末|上班时间|下班后?|早上|上午|中午|下午|傍晚|晚上)+(?:{_CLOCK})?(?:以后|之后|以後|之後|后|後|以前|之前|前|左右|再)?"
    rf"(?:再|才)?(?:打电话|打電話|打|来电|电话|联系|聯絡|聯繫|回复|回覆|通知)(?:给|給)?我|"
    rf"{_CLOCK}(?:以后|之后|以後|之後|后|後|以前|之前|前)(?:再|才)?(?:打电话|打電話|打|联系|聯絡|聯繫|回复|回覆)(?:给|給)?我|"
    r"\b(?:call|phone|ring|contact|reach|e-?mail|text) me (?:only )?(?:back )?(?:after|before|in the|at|around|on) "
    r"(?:\d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?)?|morning|mornings|afternoon|afternoons|evening|evenings|weekends?|weekdays?|lunch(?:time)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """How or when somebody likes to be reached: ``value`` is a way (``email``) or the words themselves."""

    kind: PreferenceKind
    value: str
    text: str


def preferences_in(text: str) -> tuple[Preference, ...]:
    """Return what the message says of it; "别打电话给我" says nothing of what is liked instead, and is left out."""
    if _MAYBE.search(text) is None:
        return ()
    found: list[Preference] = []
    for way, pattern in _CHANNEL:
        hit = next((one for one in pattern.finditer(text) if not _NO.search(text, 0, one.start())), None)
        if hit is not None:
            found.append(Preference(kind="channel", value=way, text=_around(text, hit)))
    when = _TIME.search(text)
    if when is not None and not _NO.search(text, 0, when.start()):
        found.append(Preference(kind="time", value=when.group(0).strip(), text=_around(text, when)))
    return tuple(found)


def _around(text: str, hit: re.Match[str]) -> str:
    """The sentence that says it."""
    start = max(text.rfind(mark, 0, hit.start()) for mark in "。！？!?\n；;") + 1
    ends = [place for mark in "。！？!?\n；;" if (place := text.find(mark, hit.end())) >= 0]
    return text[start : min(ends, default=len(text))].strip()[:LONGEST]

"""What a message gives for a check: an order, a telephone's tail, a name, a code; and the message without them. Pure."""

import re
from dataclasses import dataclass

from gateway.domain.entities import EntityRules, find_entities
from gateway.domain.sensitive_text import narrow

LONGEST = 300
"""Whoever writes more than this tells a story, and gives nothing unless it is labelled."""

_TAIL_WORD = r"(?:手机|手機|电话|電話|号码|號碼|phone|mobile|tel)?(?:号|號)?(?:的)?(?:尾号|尾號|尾数|後四位|后四位|后4位|後4位|末四位|末4位|last (?:four|4)(?: digits)?|ending(?: in| with)?|tail)"
_TAIL = re.compile(
    rf"(?:{_TAIL_WORD})[^0-9A-Za-z]{{0,4}}(?:是|为|為|is|are|of)?[^0-9A-Za-z]{{0,3}}(?P<it>[0-9]{{4}})(?![0-9])",
    re.I,
)
_BARE_TAIL = re.compile(r"(?<![0-9A-Za-z-])(?P<it>[0-9]{4})(?![0-9A-Za-z-])")
_BARE_CODE = re.compile(r"(?<![0-9A-Za-z])(?P<it>[0-9]{3}[ -]?[0-9]{3})(?![0-9A-Za-z])")
_BARE_ORDER = re.compile(
    r"(?<![0-9A-Za-z-])(?P<it>(?=[0-9A-Z-]*[0-9]{4})[0-9A-Z][0-9A-Z-]{6,22}[0-9A-Z])(?![0-9A-Za-z-])", re.I
)
_PHONE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?(?P<it>[0-9]{4})(?![0-9])")
_HAN = r"[\u3400-\u9fff·•]{2,12}"
_LATIN = r"[A-Za-z][A-Za-z'’.-]*(?: [A-Za-z][A-Za-z'’.-]*){0,4}"
_NAME = re.compile(
    rf"(?:收件人|收货人|收貨人|姓名|名字|recipient(?:'s)?(?: name)?|(?:full )?name)[ :：]{{0,3}}(?:是|为|為|叫|is)?[ :：]{{0,3}}(?P<it>{_HAN}|{_LATIN})",
    re.I,
)
_ONLY_NAME = re.compile(rf"(?P<it>{_HAN}|{_LATIN})")
_FILLER = re.compile(
    r"订单编号|訂單編號|订单号码|订单号|訂單號|订单|訂單|单号|單號|手机号|手機號|手机|手機|电话|電話|号码|號碼|我的|是|为|為|"
    r"\b(?:my|the|order|number|no|is|are|and|it|it's|phone|mobile)\b\.?",
    re.I,
)
_NO_NAME = re.compile(
    r"[吗嗎么麼呢?？]|什么|怎么|哪|为何|没有|沒有|不|谢谢|謝謝|你好|您好|人工|客服|取消|算了|好的|收到|多久|快递|退|换|物流|发货|"
    r"\b(?:what|why|how|where|when|who|hello|hi|thanks?|thank|please|agent|human|person|no|not|don'?t|cancel|yes|ok(?:ay)?|later|know|have|want|need|can|help|i|you)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a message gives; ``words`` are its text without what nobody is to read again."""

    order: str | None = None
    tail: str | None = None
    name: str | None = None
    code: str | None = None
    words: str = ""

    @property
    def detail(self) -> bool:
        """Whether it gives anything to compare with an order."""
        return self.tail is not None or self.name is not None

    @property
    def is_secret(self) -> bool:
        """Whether something in it must not stand in the transcript."""
        return self.detail or self.code is not None


def read_given(text: str, step: str | None, rules: EntityRules) -> Given:
    """Return what ``text`` gives; ``step`` is what was asked for (``Awaited.step``), None where nothing was.

    Unasked, only what bears its label counts: a bare number of four digits is anything.
    """
    folded = narrow(text[: 20 * LONGEST])
    hidden: list[tuple[int, int]] = []
    asked = step is not None and len(folded) <= LONGEST
    order, order_at = _order(folded, rules, bare=asked and step != "code")
    code = _first(_BARE_CODE, folded, hidden) if asked and step == "code" else None
    if code is not None:
        return Given(code=re.sub(r"\D", "", code), words=_without(text, hidden), order=order)
    tail = _first(_TAIL, folded, hidden)
    if tail is None and asked and step == "order":
        rest = _blank(folded, order_at)
        tail = _first(_PHONE, rest, hidden, whole=True) or _first(_BARE_TAIL, rest, hidden)
    name = _name(folded, hidden, order_at, alone=asked and step == "order" and tail is None)
    return Given(order=order, tail=tail, name=name, words=_without(text, hidden) if hidden else text)


def _order(text: str, rules: EntityRules, *, bare: bool) -> tuple[str | None, tuple[int, int]]:
    for one in find_entities(text, rules):
        if one.kind == "order":
            return one.value, (one.start, one.end)
    if bare:
        for found in _BARE_ORDER.finditer(text):
            if not _PHONE.fullmatch(found["it"]):
                return found["it"], found.span("it")
    return None, (0, 0)


def _first(
    pattern: re.Pattern[str], text: str, hidden: list[tuple[int, int]], *, whole: bool = False
) -> str | None:
    found = pattern.search(text)
    if found is None:
        return None
    hidden.append(found.span() if whole else found.span("it"))
    return found["it"]


def _name(text: str, hidden: list[tuple[int, int]], order_at: tuple[int, int], *, alone: bool) -> str | None:
    """A labelled name, or whatever is left of a short answer once the order is taken out."""
    found = _NAME.search(text)
    if found is not None:
        hidden.append(found.span("it"))
        return found["it"].strip()
    if not alone:
        return None
    left = _FILLER.sub(lambda each: " " * len(each.group()), _blank(text, order_at))
    core = re.sub(r"[^\w·•'’.-]", " ", left)
    words = core.strip()
    if not words or _NO_NAME.search(left) or len(words) > 40:
        return None
    found = _ONLY_NAME.fullmatch(re.sub(r" +", " ", words))
    if found is None:
        return None
    start = core.index(words.split()[0])
    hidden.append((start, len(core.rstrip())))
    return re.sub(r" +", " ", words)


def _blank(text: str, at: tuple[int, int]) -> str:
    return text[: at[0]] + " " * (at[1] - at[0]) + text[at[1] :]


def _without(text: str, hidden: list[tuple[int, int]]) -> str:
    """Return ``text`` with stars for what is hidden; the number of stars tells nothing."""
    for start, end in sorted(hidden, reverse=True):
        text = f"{text[:start]}****{text[end:]}"
    return text

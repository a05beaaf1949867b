"""Which words of a message say a recipient's name: labelled, by an introduction, or all that a short answer has. Pure."""

import re

_SURE = r"[\u3400-\u9fff]{2,4}?(?=[^\u3400-\u9fff.]|$|我|想问|想問|想查|想要|查询|查詢|请|請|麻烦|麻煩|的(?:订单|訂單|包裹|快递|快遞)|订单|訂單|单号|單號|手机|手機|电话|電話)"
_LONG = r"[\u3400-\u9fff]{1,8}(?:[.·•][\u3400-\u9fff]{1,8})+"
_HAN = r"[\u3400-\u9fff]{2,12}"
_STOP = (
    r"and|but|so|my|the|a|an|order|phone|mobile|number|where|what|when|why|how|is|are|was|it|on|in|at|to|for|with|of|from|please|not|"
    r"still|just|also|very|really|here|there|sorry|sure|glad|happy|angry|unable|about|afraid|i|you|this|that|no|yes|new|your|one|"
    r"calling|writing|asking|trying|waiting|looking|going|having|getting|wondering|interested|missing|tired|unhappy|upset"
)
_LETTER = r"[A-Za-zÀ-ÖØ-öø-ɏ]"
_WORD = rf"(?!(?:{_STOP})\b)(?:(?:{_LETTER}|jr|sr|st|dr|mrs?|ms)\.(?= |$)|{_LETTER}(?:{_LETTER}|['’-])*)"
_LATIN = rf"{_WORD}(?: {_WORD}){{0,4}}"
_FULL = rf"{_WORD}(?: {_WORD}){{1,4}}"
_CLAUSE_ENDS = r"(?= *(?:[^\w .'’-]|\.(?:\s|$)|$| (?:and|but|my|order|please)\b| [0-9A-Z-]*[0-9]{4}))"
_IS = r"[ :：]{0,3}(?:是|为|為|叫做|叫作|叫|is|'s|’s)?[ :：]{0,3}"
_RECIPIENT = r"收件人|收货人|收貨人|recipient(?:['’]s)?(?: name)?"
_LABEL = rf"(?:{_RECIPIENT})(?:的?(?:姓名|名字))?"
_LABELLED = re.compile(rf"{_LABEL}{_IS}(?P<it>{_SURE}|{_LONG}|{_HAN}|{_LATIN})", re.I)
_NAMED = re.compile(
    rf"(?:姓名|名字|\b(?:my |full |the ){{0,2}}name){_IS}(?P<it>{_SURE}|{_LONG}|{_HAN}|{_LATIN})", re.I
)
_INTRODUCED = (
    re.compile(
        rf"(?:我的名字|我|本人|这里|這裡)(?:就)?(?:叫做|叫作|叫|是)[ :：]{{0,3}}(?P<it>{_LONG}|{_SURE}|{_FULL}{_CLAUSE_ENDS})",
        re.I,
    ),
    re.compile(rf"\b(?:i am|i['’]?m|this is)[ :]{{1,3}}(?P<it>{_FULL}){_CLAUSE_ENDS}", re.I),
)
_NOT_SOMEBODY = re.compile(
    r"^[想要在问問说說从從等真很已被刚剛昨今上下这這那为為因用有没沒不一个個你他她它收顾顧买買新老第客谁誰什怎哪]|[的了吗嗎呢啊人]$|"
    r"先生|女士|小姐|太太|同学|客户|客戶|会员|會員|用户|用戶|学生|學生|(?-i:\b[a-z]{2,}ing\b)",
    re.I,
)
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
_ONLY = re.compile(rf"(?P<it>{_LONG}|{_HAN}|{_LATIN})", re.I)

Span = tuple[int, int]


def said_name(text: str, *, near: bool) -> tuple[Span, Span] | None:
    """Return where a name stands, and the whole of what says it; ``near``: a name is awaited, or an order stands beside it.

    Elsewhere "I am" and "the name is" begin anything, and only who says whose parcel it is has given a name.
    """
    found = _LABELLED.search(text) or (_NAMED.search(text) if near else None)
    if found is not None:
        return found.span("it"), found.span()
    for pattern in _INTRODUCED if near else ():
        for found in pattern.finditer(text):
            if not _NOT_SOMEBODY.search(found["it"]):
                return found.span("it"), found.span()
    return None


def bare_name(text: str) -> Span | None:
    """Return where a name stands in a short answer that is nothing else; None if it says anything."""
    left = _FILLER.sub(lambda each: " " * len(each.group()), text)
    core = re.sub(r"[^\w.'’-]", " ", left)
    words = core.strip(" .")
    if not words or _NO_NAME.search(left) or len(words) > 40:
        return None
    if _ONLY.fullmatch(re.sub(r" +", " ", words)) is None:
        return None
    start = core.index(words)
    return start, start + len(words)

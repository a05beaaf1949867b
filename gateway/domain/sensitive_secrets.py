"""Passwords, PINs and one-time codes whose value is in the text, and the tokens of machines."""

import re
from collections.abc import Iterator

from gateway.domain.sensitive_text import Found

_TOKENS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![0-9])(?P<it>[0-9]{6,12}:[\w-]{30,})",  # a Telegram bot's
        r"\b(?:[Bb]earer|[Bb]asic) +(?P<it>[\w.~+/=-]{8,})",
        r"\b(?P<it>(?:whsec|ghp|sk|xox[bp])[-_][\w-]{16,})",
        r"[?&](?:token|key|secret|signature|password|code)=(?P<it>[^&\s]+)",
    )
)
_IN_ADDRESS = re.compile(r"://[^\s/:@]+:(?P<it>[^\s/@]+)@")
_PLAIN = re.compile(  # covers too much rather than too little: for logs only
    r"(?:密码|密碼|口令|验证码|驗證碼|[Pp]ass(?:word|code)|PIN|pin code)"
    r"(?:是|为|為|:| is|=)+\s*(?P<it>[!-~]{4,})"
)

_ZH_WORD = (
    r"(?:密码|密碼|口令|验证码|驗證碼|校验码|校驗碼|动态码|動態碼|动态密码|安全码|安全碼|短信码|登录码|一次性代码|"
    r"[Pp][Ii][Nn] ?[码碼]?|[Oo][Tt][Pp]|CVV2?|CVC)"
)
_ZH_FILL = (
    r"(?:[\s:=,(\"'“「『【\[]|是|为|為|係|叫|就|写的|寫的|我|的|你们|给|發|发|收到|了|改|设|設|换|換|成|到|过来|發來|来|來|填|输|輸|入|用|用的|"
    r"一直|明明|现在|現在|目前|当时|原|旧|新|告诉|他|她|客服|这个|這個|还|應該|应该|默认|預設|初始|也|还是|在此|如下|附上|报|[、，：；…~-])"
)
_ZH = re.compile(rf"{_ZH_WORD}{_ZH_FILL}{{0,10}}(?<![!-/;->@-~A-Za-z0-9])?(?P<it>[!-~]{{4,40}})")
_ZH_TRIED = re.compile(
    r"(?:密码|密碼|口令|验证码|驗證碼|PIN)[^。！!\n]{0,24}?(?:我|一直|试了|試了|了)?(?:输入|輸入|输|輸|填|试|試|用)(?:的是|的|了|过|是)?[ :]?"
    r"(?P<it>[!-~]{4,40})"
)
_ZH_BEFORE = re.compile(
    r"(?<![!-~])(?P<it>[!-~]{4,24}) ?(?:就是|是|这个|這個|为|這組|这组|作|当)(?:我|你们|的|刚|收到|发|给|登录|登錄|新|旧|支付|短信|手机)*"
    r"(?:密码|密碼|验证码|驗證碼|口令|动态码|PIN)"
)
_ZH_LATER = re.compile(
    r"(?:短信|簡訊|信息|消息)[^。\n0-9]{0,6}(?P<it>[0-9]{4,8})(?![0-9])[^。\n0-9]{0,14}(?:是|为|這個|这个)(?:我的?)?(?:验证码|驗證碼|动态码)"
)
_EN_WORD = (
    r"(?:pass ?word|pass ?code|pass ?phrase|passwd|pwd|(?<![a-z])pw|(?<![a-z])pass|(?<![a-z])pin(?: (?:number|no|code))?|"
    r"(?<![a-z])otp|(?<![a-z])cvv2?|(?<![a-z])cvc|one[- ]time (?:pass)?code|"
    r"(?:verification|security|sms|log-?in|sign-?in|auth\w*|2fa|two[- ]factor|access|unlock|(?:six|6|four|4)[- ]digit) code)"
)
_EN = re.compile(
    _EN_WORD
    + r"(?![a-z])(?:(?: i (?:got|received|was sent|was given|have|use|used|set|chose)| you (?:sent|gave me)| they (?:sent|texted))"
    r"| (?:for|on) (?:my |the )?[\w@.]{1,20}(?: [a-z]{1,10})?| again)?"
    r"(?P<how> ?(?:is|was|are|=|:|->|to|as|should be|would be|reads)\s*:? ?| ?# ?| |, ?| \(|-)"
    r"(?:still |now |just |set to |changed to |called |literally |simply |currently |supposed to be )?"
    r"[\"'“‘`(<\[]?(?P<it>[!-~]{3,40})",
    re.IGNORECASE,
)
_EN_CODE = re.compile(
    r"(?:texted|sent|sms(?:ed)?|asked|read|gave|got|received|told)[^.!?,;\n]{0,40}?(?<!zip )(?<!postal )(?<!post )(?<!promo )(?<!discount )(?<!error )(?<!area )(?<!voucher )(?<!coupon )(?<!tracking )(?<!pickup )(?<!gift )(?<![a-z])code(?![a-z])(?: they sent| i got| i said| is| was|[ :,(])*"
    r"(?P<it>[0-9]{4,8})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_EN_BEFORE = re.compile(
    r"(?<![!-~])(?P<it>[!-~]{4,24}) (?:is|was) (?:my|the|our) (?:new |old |login |sms |verification |one[- ]time |security |temporary |account )*"
    r"(?:password|passcode|pin|otp|(?<=verification )code|(?<=one-time )code|(?<=security )code|(?<=sms )code|(?<=login )code|code (?:i got|they|you|from|it))",
    re.IGNORECASE,
)
_FORGOTTEN = re.compile(
    r"(?:forg[eo]t(?:ten)?|lost|reset|remember|know|need|enter|no|忘|忘了|忘记|忘記) ?(?:my |the |a |any |我的)?\Z",
    re.IGNORECASE,
)
_HINT = re.compile(r"密|[码碼]|口令|p(?:ass|w|in)|otp|cv[vc]|code", re.IGNORECASE)
_COUNTED = re.compile(
    r" ?(?:位|个|個|次|天|分钟|分鐘|秒|年|元|块|字符|遍|小时|小時|月|日|点|digits?\b|characters?\b|chars?\b|times?\b|minutes?\b|seconds?\b|hours?\b|days?\b)"
)
_NO_VALUE = re.compile(r"(?:https?:|www\.|\*|x{3,}|\.{2,}|-{3,}|\?|!{2,}|/)", re.IGNORECASE)
_STRIP = ".,;:!?()[]{}<>\"'"


def tokens(text: str) -> Iterator[Found]:
    """Yield what machines sign in with; ``text`` is narrow."""
    for pattern in _TOKENS:
        for found in pattern.finditer(text):
            yield Found(kind="token", start=found.start("it"), end=found.end("it"))


def secrets(text: str) -> Iterator[Found]:
    """Yield passwords, PINs and one-time codes; ``text`` is narrow."""
    for found in _IN_ADDRESS.finditer(text):
        yield Found(kind="password", start=found.start("it"), end=found.end("it"))
    if not _HINT.search(text):
        return
    for found in _PLAIN.finditer(text):
        yield Found(kind="password", start=found.start("it"), end=found.end("it"), in_doubt=True)
    for pattern in (_ZH, _ZH_TRIED, _ZH_BEFORE, _ZH_LATER, _EN_CODE, _EN_BEFORE):
        for found in pattern.finditer(text):
            value = found["it"].rstrip(_STRIP)
            if _FORGOTTEN.search(text, max(0, found.start() - 20), found.start()) and pattern is _ZH:
                continue
            if _is_given(value) and not _COUNTED.match(text, found.start("it") + len(value)):
                yield Found(kind="password", start=found.start("it"), end=found.start("it") + len(value))
    for found in _EN.finditer(text):
        value = found["it"].rstrip(_STRIP)
        end = found.start("it") + len(value)
        if _is_english_secret(found, value, text[end:]) and not _COUNTED.match(text, end):
            yield Found(kind="password", start=found.start("it"), end=end)


def _is_given(value: str) -> bool:
    """Judge what stands behind the word in Chinese: nobody writes Latin there but for the value itself."""
    if len(value) < 4 or _NO_VALUE.match(value) or ("@" in value[1:] and "." in value.rpartition("@")[2]):
        return False
    if value.isdigit():
        return len(value) <= 8
    return any(c.isdigit() for c in value) or (
        any(not (c.isalnum() or c in "'’-/.") for c in value[1:]) and "://" not in value
    )


def _is_english_secret(found: re.Match[str], value: str, rest: str) -> bool:
    """Judge what stands behind the word in English, where an ordinary word may follow (``password is wrong``)."""
    if len(value) < 3 or _NO_VALUE.match(value) or ("@" in value[1:] and "." in value.rpartition("@")[2]):
        return False
    how = found["how"].strip().lower()
    if _FORGOTTEN.search(found.string, max(0, found.start() - 20), found.start()) and how in (
        "",
        ",",
        "-",
        "(",
    ):
        return False
    is_pin = re.search(
        r"pin|cvv|cvc|otp|code", found.group()[: found.start("it") - found.start()], re.IGNORECASE
    )
    if value.isdigit():
        if re.search(r"pin code", found.group(), re.IGNORECASE) and len(value) == 6:
            return False  # an Indian postal code
        return (len(value) >= 4 or "cv" in found.group().lower()) and len(value) <= (8 if is_pin else 12)
    if is_pin and "passcode" not in found.group().lower() and not any(c.isdigit() for c in value):
        return False
    if any(c.isdigit() for c in value) and any(c.isalpha() for c in value):
        return len(value) >= 4 and not re.fullmatch(
            r"[0-9]+(?:st|nd|rd|th|am|pm|x|h|s|min|mins|k|m|hrs?)", value, re.IGNORECASE
        )
    if any(not (c.isalnum() or c in "'-/.’") for c in value):
        return len(value) >= 5 and how not in (",", "-")
    quoted = found.group()[-len(found["it"]) - 1] in "\"'“‘`"
    ends = not rest.strip(_STRIP + " ") or rest[:1] in ".,;\n"
    return len(value) >= 5 and (
        quoted or (how in ("=", ":", "is:", "was:", "is") and ends and value.lower() not in _PLAIN_WORDS)
    )


_PLAIN_WORDS = frozenset(
    re.findall(
        r"\w+",
        """reset change changed forgot forgotten wrong incorrect invalid expired help please recovery issue problem required error correct unknown
        locked failed missing rejected none nothing never always right fine weak strong secure compromised hacked stolen leaked gone blocked needed
        empty refused accepted denied same different private short useless broken saved working asking being case still about already really
        hidden visible there again invalid outdated unsafe safe mandatory optional""",
    )
)

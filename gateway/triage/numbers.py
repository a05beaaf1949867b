"""Figures in a message that weigh: sums of money, how often somebody has tried, shouting."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LARGE_CNY = 5_000.0
"""From here a loss is a large one (rulebook T2: large loss of property)."""

_TO_CNY = {
    "cny": 1.0,
    "twd": 0.25,
    "hkd": 0.92,
    "usd": 7.14,
    "gbp": 9.2,
    "eur": 7.8,
    "inr": 0.085,
    "sgd": 5.3,
    "myr": 1.6,
}
"""Rough and fixed: what is compared with them is a threshold of two currencies (TWD 20,000, USD 700)."""
_SIGNS = {"$": "usd", "£": "gbp", "€": "eur", "¥": "cny", "₹": "inr", "rs": "inr", "rs.": "inr", "nt$": "twd", "hk$": "hkd", "s$": "sgd",
          "rm": "myr", "us$": "usd", "usd": "usd", "gbp": "gbp", "eur": "eur", "cny": "cny", "rmb": "cny", "twd": "twd", "ntd": "twd",
          "hkd": "hkd", "inr": "inr", "sgd": "sgd", "a$": "usd", "au$": "usd", "c$": "usd"}  # fmt: skip
_WORDS = {"元": "cny", "块": "cny", "块钱": "cny", "rmb": "cny", "人民币": "cny", "台币": "twd", "新台币": "twd", "蚊": "hkd", "港币": "hkd",
          "港纸": "hkd", "美元": "usd", "美金": "usd", "刀": "usd", "欧元": "eur", "英镑": "gbp", "dollars": "usd", "dollar": "usd",
          "bucks": "usd", "quid": "gbp", "pounds": "gbp", "pound": "gbp", "euros": "eur", "euro": "eur", "rupees": "inr", "yuan": "cny", "usd": "usd",
          "gbp": "gbp", "eur": "eur", "cny": "cny", "hkd": "hkd", "twd": "twd", "ntd": "twd", "inr": "inr", "grand": "usd", "rupee": "inr", "rs": "inr",
          "ringgit": "myr"}  # fmt: skip
_DIGITS = {
    sign: value
    for value, signs in enumerate(("零〇", "一", "二两俩", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_UNITS = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "k": 1000,
    "w": 10_000,
    "grand": 1000,
    "lakh": 100_000,
    "lakhs": 100_000,
}

_LATIN_SUM = re.compile(
    r"(?<![a-z0-9.,])(?P<sign>(?:nt|hk|us|au|[sac])?\$|[£€¥₹]|(?:rmb|usd|gbp|eur|cny|twd|ntd|hkd|inr|sgd|rm|rs\.?)(?= ?\d))?"
    r" ?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?) ?(?P<unit>k\b|grand\b|lakhs?\b|[万千百w](?![a-z]))?"
    r"(?P<more>多|几|来|余)? ?(?P<word>块钱|块|元|人民币|新?台币|蚊|港[币纸]|美[元金]|刀|欧元|英镑|(?:dollars?|bucks|quid|pounds?|euros?|rupees?|yuan|usd|gbp|eur|"
    r"cny|rmb|hkd|twd|ntd|inr|rs|ringgit)\b)?"
)
_CHINESE_SUM = re.compile(
    r"(?P<number>[一二两俩三四五六七八九十百千万零〇]*[十百千万][一二三四五六七八九十百千万零〇几多来余]*|[一二两三四五六七八九几]+(?=块|元))"
    r"(?P<word>块钱|块|元|人民币|新?台币|蚊|港[币纸]|美[元金]|刀|欧元|英镑)?"
)
_ABOUT_MONEY = re.compile(
    r"钱|款|金|费|账|卡|付|扣|转|充|赔|损失|盗|骗|余额|存|买|花|没了|不见|打赏|缴|价值|积蓄|身家|营业额|报价|修|订|蓄|saving|loss"
)
_NO_MONEY_AFTER = re.compile(
    r"^ ?(?:个|台|张|粉|赞|字|步|播|次|人|天|年|遍|件|条|份|位|公里|米|度|分|点|月|号|日|元店|小时|分钟|kg|g\b|mb|gb|ml|%|:|-)"
)

_TRIES = re.compile(
    r"(?:打|问|催|找|联系|反映|申请|投诉|试|提交|发|跑|修|换)了?(?:[你您]们)?(?:电话|客服)?(?:都|已经|有|快)?了?(?P<zh>[三四五六七八九十]|\d{1,2}|好几|无数|n|几十|上百)(?:多)?(?:次|遍|回|趟|个电话|通)|"
    r"第(?P<nth>[二三四五六七八九十]|\d{1,2})(?:次|遍|回|趟)|"
    r"\b(?P<en>[3-9]|\d\d|three|four|five|six|seven|eight|nine|ten|several|multiple|countless|many|dozen|dozens of|numerous) (?:times|emails|calls|messages|tickets|attempts)\b|"
    r"\b(?P<ord>2nd|3rd|[4-9]th|second|third|fourth|fifth|sixth|umpteenth|nth) (?:time|email|call|message|ticket|attempt|request|replacement|complaint)\b"
)
_SHOUTING = re.compile(r"[!?][!?]{2,}")
_DOUBLE = re.compile(r"!!|!.{0,60}!")
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """An amount of money, and what it is worth in CNY."""

    words: str
    cny: float


def sums(folded: str) -> tuple[Sum, ...]:
    """Return the amounts of money a folded text names; bare numbers count only with a sign, word or unit of money."""
    return (*_latin_sums(folded), *_chinese_sums(folded))


def tries(folded: str) -> str | None:
    """Return the words that tell how often somebody has tried, if they tell of more than once."""
    found = _TRIES.search(folded)
    return found.group(0) if found else None


def shouting(raw: str, folded: str) -> float:
    """Return how loud a message is, 0 to 1: runs of exclamation marks, words in capitals."""
    loud = 0.0
    if _SHOUTING.search(folded):
        loud = 0.7
    elif _DOUBLE.search(folded):
        loud = 0.4
    words = _LATIN_WORD.findall(raw)
    capitals = [word for word in words if word.isupper() and len(set(word)) > 1]  # XXXX is a name left out
    if len(capitals) >= 3 and len(capitals) * 2 >= len(words):
        loud += 0.7
    elif len(capitals) >= 3:
        loud += 0.3
    return min(loud, 1.0)


def _latin_sums(folded: str) -> Iterator[Sum]:
    for found in _LATIN_SUM.finditer(folded):
        sign, unit, word = found["sign"], found["unit"], found["word"]
        is_money = sign or word or unit in ("grand",)
        if not is_money and not (unit and _is_about_money(folded, found.start(), found.end())):
            continue
        value = float(found["number"].replace(",", "")) * _UNITS.get(unit or "", 1)
        currency = (
            _SIGNS.get(sign or "") or _WORDS.get(word or "") or ("usd" if unit in ("grand", "k") else "cny")
        )
        yield Sum(words=found.group(0).strip(), cny=value * _TO_CNY[currency])


def _chinese_sums(folded: str) -> Iterator[Sum]:
    for found in _CHINESE_SUM.finditer(folded):
        if not found["word"] and not _is_about_money(folded, found.start(), found.end()):
            continue
        yield Sum(
            words=found.group(0),
            cny=_chinese_number(found["number"]) * _TO_CNY[_WORDS.get(found["word"] or "", "cny")],
        )


def _is_about_money(folded: str, start: int, end: int) -> bool:
    if _NO_MONEY_AFTER.match(folded[end : end + 4]):
        return False
    return _ABOUT_MONEY.search(folded[max(0, start - 14) : end + 10]) is not None


def _chinese_number(signs: str) -> float:
    """Return the value of ``三万五``, ``八千六``, ``一百二十``; 几, 多 and the like count nothing."""
    total, part, digit, unit = 0.0, 0.0, 0.0, 1
    for sign in signs:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign == "几":
            digit = 3
        elif sign == "万":
            total, part, digit, unit = total + (part + digit or 1) * 10_000, 0.0, 0.0, 10_000
        elif sign in _UNITS:
            unit = _UNITS[sign]
            part, digit = part + (digit or 1) * unit, 0.0
    # 八千六 is 8,600: a last digit alone counts tenths of the unit before it.
    return total + part + (digit * unit / 10 if unit > 10 and "零" not in signs else digit)

"""What a message names: orders, parcels, telephones, addresses of mail, sums, products, days (rulebook I2, I8).

An agent sees them on the ticket at once, so that nobody is asked for what they already gave. Values stand as they were
written, in half-width signs; only exact forms and a word before the number count, for a wrong order number costs more
than none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gateway.domain.sensitive_phones import phones
from gateway.domain.sensitive_text import label_before, narrow

EntityKind = Literal["order", "tracking", "phone", "email", "amount", "product", "date"]
MOST = 30
"""So many are kept of one message; more is a list, not a message."""
LONGEST = 20_000
"""So much of a message is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Something a message names: ``text[start:end]``."""

    kind: EntityKind
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRules:
    """What the house adds: the forms of its own order numbers, the names of its products."""

    orders: tuple[re.Pattern[str], ...] = ()
    products: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """Each product's id and whatever customers call it."""


_PARCELS = re.compile(
    r"(?<![0-9A-Za-z])(?:SF[0-9]{12,13}|YT[0-9]{13,16}|ZTO[0-9]{10,14}|STO[0-9]{10,14}|JT[0-9]{13}|JD[A-Z]{0,3}[0-9]{11,15}(?:-[0-9]+)*|"
    r"DPK[0-9]{12}|[A-Z]{2}[0-9]{9}[A-Z]{2}|1Z[0-9A-Z]{16}|9[2-5](?: ?[0-9]){20})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_PARCEL_WORD = (
    r"(?:快递|快遞|运单|運單|物流|包裹|面单|追踪|追蹤|配送)(?:单|單)?(?:编号|編號|号码|號碼|号|號)?|"
    r"(?<![a-z])(?:tracking|track|waybill|awb|parcel|package|shipment|consignment)(?: (?:no\.?|number|num|id|code|nr))?(?![a-z])"
)
_ORDER_WORD = (
    r"(?:订单|訂單|定单|单号|單號|订购|訂購)(?:编号|編號|号码|號碼|号|號)?|"
    r"(?<![a-z])(?:order|purchase order|po)(?: (?:no\.?|number|num|id|ref|nr))?(?![a-z])"
)
_GAP = r"[ :#.,(\[]{0,3}(?:是|为|為|is|was)?[ :#]{0,2}"
_NUMBER = r"(?P<it>(?=[0-9A-Z-]*[0-9]{4})[0-9A-Z](?:[0-9A-Z-]{6,22})[0-9A-Z])(?![0-9A-Za-z-])"
_BY_WORD: tuple[tuple[EntityKind, re.Pattern[str]], ...] = (
    ("tracking", re.compile(rf"(?:{_PARCEL_WORD}){_GAP}{_NUMBER}", re.IGNORECASE)),
    ("order", re.compile(rf"(?:{_ORDER_WORD}){_GAP}{_NUMBER}", re.IGNORECASE)),
    ("order", re.compile(r"(?<![0-9A-Za-z&#/])#(?P<it>[0-9]{8,20})(?![0-9A-Za-z])")),
)
_MOBILE = re.compile("1[3-9][0-9]{9}")  # "订单13800001234" is asked for by the telephone
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_SUM = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,9}(?:\.[0-9]{1,2})?"
_AMOUNT = re.compile(
    rf"(?:(?:NT\$|HK\$|US\$|MOP\$|S\$|A\$|[¥￥$£€]|(?<![A-Za-z])(?:RMB|CNY|USD|TWD|HKD|GBP|EUR|MOP|JPY)) ?(?:{_SUM})(?![0-9])(?: ?[万萬千k](?![a-z]))?)|"
    rf"(?<![0-9.,-])(?:{_SUM}) ?(?:万|萬|千)?(?:元|块钱|块|塊|圓|圆|港币|港幣|美元|美金|台币|台幣|澳门币|欧元|英镑|人民币|"
    rf"(?:RMB|CNY|USD|TWD|HKD|GBP|EUR|MOP|NTD|yuan|dollars?|bucks|pounds|quid|euros?)(?![a-z]))|"
    r"[一二三四五六七八九十百千万萬两兩〇零]{2,10}(?:元|块钱|塊錢)",
    re.IGNORECASE,
)
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DATE = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}(?:-[01]?[0-9]-[0-3]?[0-9]|/[01]?[0-9]/[0-3]?[0-9]|\.[01]?[0-9]\.[0-3]?[0-9]|年(?:[01]?[0-9]月(?:[0-3]?[0-9][日号號]?)?))"
    r"|[01]?[0-9]月[0-3]?[0-9](?:[日号號])?|[0-3]?[0-9][日号號](?=之前|以前|前|下|上|晚|早|到|买|買|寄|收|付|订|訂))(?![0-9])|"
    r"[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号號]?|"
    r"大前天|前天|昨天|昨晚|昨日|今天|今晚|今早|今日|明天|明晚|明早|后天|後天|(?:上上|上|这|這|本|下)(?:个|個)?(?:周|星期|礼拜|禮拜|週)[一二三四五六日天末]?|上个月|上個月|"
    rf"(?<![a-z])(?:yesterday|today|tonight|tomorrow|(?:last|next|this) (?:week|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|"
    rf"(?:mon|tues|wednes|thurs|fri|satur|sun)day|{_MONTH} [0-3]?[0-9](?:st|nd|rd|th)?(?:,? 20[0-9]{{2}})?|[0-3]?[0-9](?:st|nd|rd|th)? (?:of )?{_MONTH}(?: 20[0-9]{{2}})?)(?![a-z0-9])",
    re.IGNORECASE,
)


def find_entities(text: str, rules: EntityRules = EntityRules()) -> tuple[Entity, ...]:
    """Return what ``text`` names in order of place, none overlapping, each value of a kind once, at most ``MOST``."""
    folded = narrow(text[:LONGEST])
    found: list[Entity] = []
    taken = bytearray(len(folded))
    known: set[tuple[EntityKind, str]] = set()
    for new in _candidates(folded, rules):
        if 1 in taken[new.start : new.end]:
            continue
        taken[new.start : new.end] = b"\1" * (new.end - new.start)
        if (new.kind, new.value.casefold()) not in known:
            known.add((new.kind, new.value.casefold()))
            found.append(new)
    return tuple(sorted(found, key=lambda one: one.start)[:MOST])


def _candidates(text: str, rules: EntityRules) -> Iterator[Entity]:
    """Yield the surest first: what it has taken, a later one leaves."""
    for found in _EMAIL.finditer(text) if "@" in text else ():
        yield _entity("email", found.group(), found.start())
    for product, names in rules.products:
        for found in names.finditer(text):
            yield Entity(kind="product", value=product, start=found.start(), end=found.end())
    has_digits = re.search("[0-9]{4}", text) is not None
    if has_digits:
        for pattern in rules.orders:
            for found in pattern.finditer(text):
                if found.group():
                    yield _entity("order", found.group(), found.start())
        yield from _parcels(text)
        for kind, by_word in _BY_WORD:
            for found in by_word.finditer(text):
                if not (
                    _MOBILE.fullmatch(found["it"])
                    and found.group()[:-11].rstrip(" :#").endswith(("单", "單", "r"))
                ):
                    yield _entity(kind, found["it"], found.start("it"))
    if re.search("[0-9]", text):
        for phone in phones(text):
            if not phone.in_doubt:
                yield _entity("phone", text[phone.start : phone.end], phone.start)
    for found in _DATE.finditer(text):
        yield _entity("date", found.group(), found.start())
    for found in _AMOUNT.finditer(text):
        yield _entity("amount", found.group(), found.start())


def _parcels(text: str) -> Iterator[Entity]:
    for found in _PARCELS.finditer(text):
        label = label_before(text, found.start())
        is_order = label is not None and re.match(_ORDER_WORD, label.word, re.IGNORECASE) and label.is_next
        if not is_order:
            yield _entity("tracking", found.group(), found.start())


def _entity(kind: EntityKind, value: str, start: int) -> Entity:
    return Entity(kind=kind, value=value, start=start, end=start + len(value))

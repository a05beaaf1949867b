"""What all detectors of sensitive data share: the text made narrow, and the word that names a number."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "id_number", "bank_card", "phone", "password", "token", "address"]

Name = Literal["reference", "phone", "hotline", "card", "identity"]
"""What the nearest word before a number calls it."""

# One character for one, so that places in the text stay true.
_NARROW = str.maketrans(
    "０１２３４５６７８９－＠．：＋（）【】＃＝／Ｘｘ　\u00a0\u2009\u202f‐‑‒–—−·•・",
    "0123456789-@.:+()[]#=/Xx    ------...",
)
_SPOKEN = re.compile(
    r"[零〇○一二三四五六七八九幺][零〇○一二三四五六七八九幺 -]{5,}[零〇○一二三四五六七八九幺]"
)
_DIGITS = str.maketrans("零〇○一二三四五六七八九幺", "0001234567891")

# Longer names first: 会员卡号 is no bank card, and 订单电话 is a telephone.
_NAMES: tuple[tuple[Name, str], ...] = (
    (
        "hotline",
        r"客服(?:电话|電話|热线|熱線|专线)|服务(?:电话|热线)|服務(?:電話|熱線)|热线|熱線|总机|官方(?:电话|電話)|"
        r"hot ?line|help ?line|customer (?:service|care)(?: (?:number|line|phone))?|toll[- ]free",
    ),
    (
        "reference",
        r"(?:会员|會員|积分|礼品|禮品|储值|購物|购物|優惠|优惠|点|點數|门禁|流量|上网)卡(?:号|號)?(?:码|碼)?|"
        r"(?:运|運|快|物流|订|訂|定|单|單|货|貨|工|票|发票|發票|税|稅|流水|交易|凭证|合同|批|批次|序列|型|"
        r"商品|产品|產品|追踪|追蹤|跟踪|配送|案件|投诉|退款|预约|預約|机器|设备|設備|电表|電錶|用户|户|戶|会员|會員|条形|条|追溯)"
        r"(?:单|單|件|递)?(?:编号|編號|号|號|码|碼)(?:码|碼)?|"
        r"订单|訂單|定单|运单|運單|快递单|物流单|包裹|快递|快遞|工单|發票|发票|编号|編號|单子|型号|货号|条码|"
        r"(?<![a-z])(?:orders?|ord|invoice|inv|tracking|track|parcel|package|shipment|ticket|serial|s/n|sn|imei|meid|iccid|model|ref|"
        r"reference|case|transaction|txn|booking|reservation|confirmation|sku|part|item|gift card|gift ?card|voucher|"
        r"member(?:ship)?(?: card)?|loyalty(?: card)?|policy|meter|batch|lot|barcode|isbn|ean|upc|gtin|vat|tax|"
        r"awb|waybill|rma|p/?o|article|product|user ?id|customer|client)(?![a-z])"
        r"(?: ?(?:id|no|number|num|code|card)(?![a-z]))?|(?<![a-z])id[:#]",
    ),
    (
        "card",
        r"(?:银行卡|銀行卡|信用卡|借记卡|儲蓄卡|储蓄卡|收款卡|付款卡|卡号|卡號|提款卡|金融卡|扣款卡|银行账[号户]|卡片|农行|工行|建行|中行|招行)(?:卡)?(?:号|號)?(?:码|碼)?|"
        r"(?<![a-z])(?:credit|debit|bank|visa|master ?card|amex|american express|union ?pay|jcb|card)(?![a-z])(?: (?:card|number|no)(?![a-z]))*",
    ),
    (
        "identity",
        r"(?:身份证|身份証|身分證|身分证|身份證|护照|護照|通行证|通行證|回乡证|回鄉證|台胞证|臺胞證|居留证|居留證|证件|證件)(?:字)?(?:号|號)?(?:码|碼)?|"
        r"(?<![a-z])(?:ssn|social security|hkid|id card|identity card|passport|national id|id number|id no|bir)(?![a-z])",
    ),
    (
        "phone",
        r"手机|手機|电话|電話|座机|座機|固话|市話|市话|联系方式|聯絡方式|聯繫方式|联系号码|号码|號碼|致电|致電|来电|來電|回电|回電|"
        r"打给我|打給我|打我|拨打|呼叫|短信|簡訊|短訊|收件人|收货人|whatsapp|微信|传真|傳真|"
        r"(?<![a-z])(?:phone|mobile|cell|cellphone|tel|telephone|call|ring|text|sms|landline|main line|reach|contact|dial|whatsapp|fax|"
        r"call ?back|ph)(?![a-z])",
    ),
)
_NAMED = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _NAMES), re.IGNORECASE)
_BY_NAME: dict[str, Name] = {name: name for name, _ in _NAMES}
_CLAUSE = re.compile(r"[。！？!?;；\n]|(?:[0-9][ -]?){4,}")
_REACH = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A piece of personal data: ``text[start:end]``."""

    kind: Kind
    start: int
    end: int
    in_doubt: bool = False
    """Only its shape speaks for it: cover it in a log, but do not tell anybody that it was given."""


@dataclass(frozen=True, slots=True)
class Label:
    """The word that names what follows, and what stands between the two."""

    name: Name
    word: str
    gap: str

    @property
    def is_tight(self) -> bool:
        """Whether the word is the number's own name and stands right before it: ``订单号：``, ``order no.``"""
        return "#" in self.gap or (
            _OWN_NAME.search(self.word) is not None and not self.gap.strip(" :.是为為(is")
        )

    @property
    def is_next(self) -> bool:
        """Whether nothing but a mark stands between the word and what it names."""
        return not self.gap.strip(" :.#")

    @property
    def is_reference(self) -> bool:
        """Whether it calls what follows an order, a parcel, a paper, and not merely speaks of one before."""
        return self.name == "reference" and len(self.gap) <= 10 and not re.search("[,，、]", self.gap)


_OWN_NAME = re.compile(r"(?:[号號码碼]|(?<![a-z])(?:no|number|num|id|code))\.?\Z", re.IGNORECASE)


def narrow(text: str) -> str:
    """Return ``text`` in half-width digits, spoken numbers (一三八…) in digits too; of the same length."""
    text = text.translate(_NARROW)
    return _SPOKEN.sub(lambda found: found.group().translate(_DIGITS), text)


def label_before(text: str, start: int) -> Label | None:
    """Return the nearest word before ``start``, in the same clause, that says what a number is."""
    window = text[max(0, start - _REACH) : start]
    window = _CLAUSE.split(window)[-1]
    labels = list(_NAMED.finditer(window))
    if not labels:
        return None
    return Label(_BY_NAME[labels[-1].lastgroup or ""], labels[-1].group(), window[labels[-1].end() :])

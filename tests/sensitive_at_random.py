"""Messages with and without sensitive data, made at random: what the detectors are measured on.

Nothing here is made from the detectors' patterns: the values come from the published plans (``sensitive_values``), the sentences around
them from lists of their own, and the negatives are what customers of a shop write every day and what looks alike.
"""

from dataclasses import dataclass
from random import Random

from tests.sensitive_values import (
    Make,
    american_id,
    card,
    english_address,
    greater_china_phone,
    mainland_address,
    mainland_id,
    mainland_phone,
    one_of,
    one_time_code,
    other_id,
    passport,
    password,
    short_phone,
    taiwan_id,
    traditional_address,
    western_phone,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A message and the tags a careful reader gives it."""

    text: str
    tags: frozenset[str]


def cases(count: int, seed: int) -> list[Case]:
    """Return ``count`` cases, always the same for the same seed: half of them give something away."""
    dice = Random(seed)
    return [_positive(dice) if index % 2 else _negative(dice) for index in range(count)]


# Sentences: ``{}`` is the value's place.
_PHONE_ZH = "我手机{}|电话：{}|请打{}找我|收件人王样本 {}|{}，打这个就行|联系方式 {} 谢谢|帮我把号码换成{}|注册手机号是{}，收不到短信|订单在{}名下|我是李测试，{}，麻烦回个电话|下午三点后打{}|tel:{}|{} 这是我电话|加我微信 {}|手機改成 {} 謝謝|聯絡電話：{}|您好 我的旧号{}停机了"
_PHONE_EN = "call me on {}|My number is {}.|Phone: {}|you can reach me at {} after 5|please ring {}|Tel {}|text {} when you arrive|mobile {} thanks|I'm on {} most days|the driver should dial {}|Jane Sample, {}|new contact number: {}"
_SHORT = "电话 {}|我的電話{}，唔該|座机{}|Phone: {}|打我電話 {}|my phone number is {}|call me at {}|聯絡電話：{}|whatsapp {}"
_ID_ZH = "身份证{}|身份证号：{}|我的身份证号码是{}，实名过不了|证件号 {} 麻烦核对|{} 这是我的身份证|姓名 吴样本 {}|实名用的 {}，提示不一致|帮我查下 {}|身份證字號 {}|身分證：{}|按要求补充：陈测试，{}"
_ID_EN = "my ID number is {}|ID card {}|national ID: {}|here is the ID you asked for: {}|for verification {}|identity card no. {}"
_SSN = (
    "my SSN is {}|SSN: {}|social security number {}|They asked for my social, it's {}|last form had {} on it"
)
_PASSPORT = "护照号{}|我的护照是 {}|护照号码：{}，名字拼错了|passport number {}|my passport no. is {}|Passport: {}|護照號碼 {}|用护照 {} 订的票"
_CARD_ZH = "卡号{}|银行卡号：{}|退到 {} 这张卡|我用{}付的款|工行 {} 户名李样本|收款账户 {}|绑的卡是{}，换一张|信用卡 {} 被扣了两次|{} 这张卡注销了|钱请退到{}|信用卡號 {}"
_CARD_EN = "card {}|my card number is {}|charged to {} twice|I paid with {}|refund to {} please|Visa {} was declined|please use {} exp 09/29|debit card: {}|{} is the card I used"
_ADDRESS_ZH = "地址：{}|送到{}|改成{}，谢谢|我住{}|收货地址换到 {}|请寄 {} 李样本收|{}，放门口就行|新地址是{}|退货寄到{}吗|从{}上门取件|我家在{}|发{}别再发错了"
_ADDRESS_HANT = "地址：{}|請寄到{}|改送{}，謝謝|我住{}|收件地址 {}|搬家了，新址{}"
_ADDRESS_EN = "my address is {}|ship it to {}|Deliver to {} please|I live at {}.|We have moved to {}|the new one: {}|it went to {} instead|Return label for {}|pick up from {}"
_CODE = "验证码{}|验证码是 {}|短信验证码：{}|刚收到验证码 {}，登不上|我把验证码{}告诉他了|{} 是验证码|驗證碼 {}|the verification code is {}|my OTP is {}|one-time code: {}|they texted me a code, {}|{} is my verification code|I got security code {}|支付密码{}|PIN {}|my pin is {}|動態碼 {}"
_PASSWORD = "密码{}|密码是{}|我的密码：{}|登录密码 {} 不对|密码改成了{}还是登不上|账号 zhangsample 密码 {}|初始密码是 {}|my password is {}|password: {}|Password {} doesn't work|pw: {}|login sample.user / password {}|密碼是 {}|I changed the password to {}|passcode is {}|pwd {}|用密码 {} 登录失败|新密码设为{}"
_BEFORE_ZH = "|||你好，|麻烦了 |在吗？|急！|上次说好的，|我要改资料。|亲，|老板你好 |三天了还没到，"
_AFTER_ZH = "|||。|，谢谢|！！| 快点|，别忘了|\n麻烦尽快|（急）| 已经等了2天"
_BEFORE_EN = "|||Hi, |Hello there. |Quick one: |As discussed, |Sorry to bother you; "
_AFTER_EN = "|||.| Thanks|, cheers|!|\nRegards, Sam| - it's urgent| please"

_KINDS: tuple[tuple[str, Make, str], ...] = (
    ("phone", mainland_phone, _PHONE_ZH), ("phone", mainland_phone, _PHONE_ZH), ("phone", greater_china_phone, f"{_PHONE_ZH}|{_PHONE_EN}"),
    ("phone", short_phone, _SHORT), ("phone", western_phone, _PHONE_EN), ("phone", western_phone, f"{_PHONE_ZH}|{_PHONE_EN}"),
    ("id_number", mainland_id, f"{_ID_ZH}|{_ID_EN}"), ("id_number", mainland_id, _ID_ZH), ("id_number", taiwan_id, f"{_ID_ZH}|{_ID_EN}"),
    ("id_number", other_id, f"{_ID_ZH}|{_ID_EN}"), ("id_number", american_id, _SSN), ("id_number", passport, _PASSPORT),
    ("bank_card", card, _CARD_ZH), ("bank_card", card, _CARD_EN), ("bank_card", card, f"{_CARD_ZH}|{_CARD_EN}"),
    ("address", mainland_address, _ADDRESS_ZH), ("address", mainland_address, _ADDRESS_ZH), ("address", traditional_address, _ADDRESS_HANT),
    ("address", english_address, _ADDRESS_EN), ("address", english_address, _ADDRESS_EN),
    ("password", one_time_code, _CODE), ("password", password, _PASSWORD), ("password", password, _PASSWORD),
)  # fmt: skip

_HARMLESS = (
    # orders and parcels
    "订单号########|订单2023########|订单编号：##########|訂單編號 ############|单号 ############### 到哪了|order ##########|Order #########|order no. %########### please|my order number is DD##########|PO ########|"
    "订单 202311%#####1234 没动静|SO-########|订单号TB############|订单号%#################",
    "运单号 SF#############|快递单号YT#############|物流单号：JD#############|tracking 1Z999AA1######### hasn't moved|tracking number 94####################|運單 EA#########CN 卡住了|中通 快递单 7%##########|"
    "tracking 9400 1### #### #### #### ##|快递单号 %##########4|tracking: %##############",
    # papers and things
    "发票号码 ########|税号91######MA########|invoice ##########|ticket T20231121-####|工单 T20240511-####|serial number ############|序列号 A###########|IMEI 35#############|型号 XR-####|合同编号 HT-2023-#####|流水号 1###################|"
    "transaction id 1###############|ref #########|sku ########|barcode 69###########|会员卡号 6###############|gift card 6###############|ISBN 978-7-###-#####-#|型号 621700##########",
    # amounts, times, measures
    "扣了%###元|¥%###.##|$%,###.##|共 %##### 块|refund of £%#.99|NT$%####|一共一千二百三十四块|余额 %#####.##|RMB 1 ### ###|¥%,###,###",
    "2023-11-2% 1#:3#|11月%号下午|2023年11月%日|20231128买的|%号之前|11/%/2023|11.%下的单|on % March 2023 at 1#:3#|%号发货|0%:2#:00 1%/0%|二〇二三年十一月",
    "版本 %.#.#|192.168.1.1#|win10 build 19045.####|尺寸 120-80-75|%#x%#cm|身高175体重%#|QQ群 1########|A####型|%*%*%|iPhone 15 256G|####人已购买|section 12.34.56|https://shop.example/item/############",
    # hotlines
    "打了10010没人接|热线 400-123-4567 一直占线|你们400 820 1234打不通|拨打12315投诉|95588让我找你们|call 1-800-555-0199 nobody answers|打10086问过了|客服电话4008001234没人|0800 123 456 is always busy|110都报了|客服热线010-5555####打不通|"
    "the 0800-080-123 line|your hotline (800) 555-0123|12345热线|96106",
    # places, and words that sound like some
    "我在北京市|人民路那家店|上海到成都多久|你们3号店在哪|地铁2号线坏了|在路上了吗|1号楼梯旁的柜子|电商套路太多|5号线附近|shipping to London|the store on Oak Street|2 days on the road|10 minutes drive away|街道办说的|万达广场有店吗|线路3号机故障|"
    "杭州西湖区能送吗|台北市可以到付嗎|do you deliver to New York|三楼电梯坏了|我知道5号活动|30 day money back|一路8号到的|报道12号开始|路由器3号灯红|50 Mbps broadband way too slow|4 orders in a row|五里路远|小区快递柜|我们小区2个人买了",
    # secrets spoken of but not told
    "密码忘了|验证码收不到|密码输错5次被锁|密码要8位以上吗|验证码60秒就过期|password reset link is broken|my password is not working|I forgot my PIN|the verification code never arrives|优惠码 SAVE2023 用不了|promo code WELCOME10 not applying|取件码 ###### 打不开柜子|"
    "error code 50312|错误代码 10060|password must be 12 characters|身份证要带吗|银行卡被锁了|手机号变了怎么改|地址填错了|提货码 A#####|zip code 62704|I sent my passport copy|the code SITE100 is invalid|PIN pad is broken|邀请码 ######|密码提示错误 30 分钟后再试|"
    "验证码发了3次|尾号####的卡|card ending ####|手机尾号 ####|138****####|password protected file, 1024 KB|身份证后四位是啥意思|my password is wrong|The password is case sensitive|密码对的啊",
)  # fmt: skip


def _positive(dice: Random) -> Case:
    """One value in its sentence, at times two or three, at times beside a harmless number."""
    tags, parts = set(), []
    for _ in range(dice.choice([1, 1, 1, 1, 1, 2, 2, 3])):
        tag, make, sentences = dice.choice(_KINDS)
        parts.append(dice.choice(sentences.split("|")).format(make(dice)))
        tags.add(tag)
    if dice.random() < 0.25:
        parts.insert(dice.randint(0, len(parts)), _harmless(dice))
    return Case(_wrapped(dice, parts), frozenset(tags))


def _negative(dice: Random) -> Case:
    """One to three harmless numbers."""
    return Case(_wrapped(dice, [_harmless(dice) for _ in range(dice.choice([1, 1, 2, 2, 3]))]), frozenset())


def _harmless(dice: Random) -> str:
    return one_of(dice.choice(_HARMLESS), dice)


def _wrapped(dice: Random, parts: list[str]) -> str:
    is_chinese = any("\u4e00" <= c <= "\u9fff" for c in parts[0])
    before, after = (_BEFORE_ZH, _AFTER_ZH) if is_chinese else (_BEFORE_EN, _AFTER_EN)
    body = dice.choice(["，", "，", "\n", "。", ", ", "; "]).join(parts)
    return dice.choice(before.split("|")) + body + dice.choice(after.split("|"))

"""Sensitive data is told from what customers write every day; the value itself must be there."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.masking import find_personal
from gateway.domain.sensitive import find_sensitive, sensitive_tags

# All values are made up: reserved ranges, test cards, birthdays before 1910 or plainly patterned.
GIVEN = [
    ("phone", "老板 我电话一三八零零零零一二三四"),
    ("phone", "打 139 0000 1234 找不到人"),
    ("phone", "mein nummer +49 30 5550 1234"),
    ("phone", "my cell's 555-0123 call me"),
    ("phone", "座机0571-55551234转801"),
    ("phone", "联系人：张样本/13800001111"),
    ("phone", "手机尾号1234，全号是13900001234"),
    ("phone", "請打0912345678給我"),
    ("phone", "我嘅電話係 6123 4567"),
    ("phone", "call (212)555-0143 ext 22"),
    ("phone", "phone 07700900123 or email me"),
    ("phone", "Mobile no: 0412 345 678"),
    ("phone", "My phone number is 9876543210"),
    ("phone", "reach me on 2125550143"),
    ("phone", "微信13800001111同号"),
    ("id_number", "身份证 11010119050101001X 地址不对"),
    ("id_number", "身分證字號A123456789 有問題"),
    ("id_number", "HKID: Z683365(5)"),
    ("id_number", "护照E12345678过期了"),
    ("id_number", "SSN 123-45-6789"),
    ("id_number", "social security number 123456789"),
    ("id_number", "台胞证 12345678"),
    ("id_number", "港澳通行证 C12345678"),
    ("id_number", "身份證號碼 A1234563"),
    ("id_number", "澳門身份證 1234567(8)"),
    ("bank_card", "4111-1111-1111-1111 got charged"),
    ("bank_card", "6222021234567890128卡退不了"),
    ("bank_card", "my card 378282246310005"),
    ("bank_card", "卡号6212 2600 0000 0000 554"),
    ("address", "我家住朝阳区望京街10号院3号楼2单元801"),
    ("address", "地址改成 浦东新区张江高科路88弄12号602室"),
    ("address", "送到中山北路一段二號三樓"),
    ("address", "Please ship to 10 Downing Street"),
    ("address", "221b baker street, london"),
    ("address", "I'm at 1600 Pennsylvania Ave NW"),
    ("address", "幸福路三十八号"),
    ("address", "我住万科城3期8栋1单元502"),
    ("address", "香港九龍彌敦道100號5樓A室"),
    ("address", "寄到大学城中环东路180号学生宿舍5栋302"),
    ("address", "西湖区文三路 478 号 华星时代广场 B 座 1203"),
    ("address", "福建省泉州市某某镇某某村12号"),
    ("address", "my new address: 45 W 34th St, Apt 5B, New York"),
    ("address", "Flat 4B, 12 King's Road"),
    ("address", "台北市信義區市府路45號"),
    ("address", "Unit 5/22 Smith St"),
    ("address", "玫瑰园小区6栋"),
    ("password", "密码123456不对"),
    ("password", "我的密碼係abc888"),
    ("password", "PIN is 4821"),
    ("password", "otp 482913 not working"),
    ("password", "they asked for the code, I said 482913"),
    ("password", "我把短信里的 482913 告诉他们了 是验证码"),
    ("password", "登录密码：Qwe!2345"),
    ("password", "user: sam pass: hunter2"),
    ("password", 'password "correct-horse" is rejected'),
    ("password", "my password is sunshine"),
    ("password", "验证码发来是3344 填了没用"),
    ("password", "取款密码 246810"),
    ("password", "my passcode 0000 fails"),
]

NOT_GIVEN = [
    "你们的密码规则太复杂了，要大小写加数字8-16位",
    "密码 reset 链接打不开",
    "password incorrect 3 times",
    "PIN code 560001 do you deliver",
    "my password won't work anymore",
    "订单 1234567890123456 没动静",
    "订单号：4111111111111111",
    "SF1234567890123 到哪了",
    "tracking 9400 1000 0000 0000 0000 00",
    "运单号 75312345678901",
    "1号楼有电梯吗",
    "我要去上海",
    "Is there a store in Manchester?",
    "双11 12号 发货",
    "10010 给我发短信",
    "热线 400-800-1234",
    "95588 说要找你们",
    "买了 3 件 M 码 175/92A",
    "2023-11-28 10:20:30 扣款 128.00",
    "我在路上 10 号到",
    "人民路店 3 号柜台",
    "5 star rating road trip",
    "order 00004587345",
    "account 12345678",
    "发票号 12345678 金额 3400",
    "3 days on the street",
    "it took 45 minutes in a row",
    "型号 XK-20231128",
    "24/7 support?",
    "room 5 is too small",
    "我等了 20231128 天",
    "iPhone 13 128GB 5999",
    "QQ 123456789",
    "你好，订单20231128123456789，什么时候到",
    "退款流水 4200001234202311281234567890",
    "IP 192.168.100.200",
    "9 out of 10 people close",
    "PO Box Set 5",
    "支付宝交易号 2023112822001401234567890123",
    "身份证上传失败",
    "绑定银行卡失败",
    "修改收货地址",
    "3座沙发多少钱",
    "楼下3单元的人投诉",
    "二手房5楼",
    "5层蛋糕",
    "三室一厅",
    "第2条街道",
    "客服工号 10086",
    "尺码 38 码",
    "身高 170 体重 120 斤",
    "北京路步行街有店吗",
    "code 482913 promo",
    "your ad said $5 drive thru",
    "my 3rd order this way",
]


@pytest.mark.parametrize(("tag", "text"), GIVEN)
def test_what_a_message_gives_away_is_tagged(tag: str, text: str) -> None:
    assert sensitive_tags(text) == (tag,)


@pytest.mark.parametrize("text", NOT_GIVEN)
def test_a_number_or_a_word_that_gives_nothing_away_is_not_tagged(text: str) -> None:
    assert sensitive_tags(text) == ()


def test_the_nearest_word_says_what_a_number_is() -> None:
    text = "订单号202311280077，收件电话改成13800001234"
    assert [(one.kind, text[one.start : one.end]) for one in find_sensitive(text)] == [
        ("phone", "13800001234")
    ]


def test_a_number_named_an_order_is_none_though_it_passes_as_a_card() -> None:
    assert sensitive_tags("订单号 4242424242424242") == ()
    assert sensitive_tags("订单的付款卡号 4242424242424242") == ("bank_card",)


def test_a_log_covers_what_a_ticket_is_not_told_of() -> None:
    text = "订单号13800001234"
    assert find_sensitive(text) == ()
    assert [one.kind for one in find_personal(text)] == ["phone"]


def test_several_kinds_are_named_in_one_order_always() -> None:
    text = "密码 abc123，寄到幸福路38号，卡 4242 4242 4242 4242，电话 13800001234，身份证 11010119050101001X"
    assert sensitive_tags(text) == ("id_number", "bank_card", "phone", "address", "password")


def test_places_are_those_of_the_text_as_it_was_written() -> None:
    text = "电话１３８ ０００００００１，打一三八零零零零零零零二也行"
    assert [text[one.start : one.end] for one in find_sensitive(text)] == [
        "１３８ ０００００００１",
        "一三八零零零零零零零二",
    ]


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    found = find_sensitive(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))

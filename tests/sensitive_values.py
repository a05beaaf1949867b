"""Sensitive values made at random by the published plans, written in the ways people write them.

Sources: GB 11643-1999 (identity numbers of mainland China), the letter table of Taiwan's Household Registration rules, the identity card
ordinances of Hong Kong and Macau, SSA, ISO/IEC 7812-1 (cards), ICAO 9303 (passports), the numbering plans of MIIT (2017), NCC,
OFCA, CTT, NANPA and Ofcom, ITU-T E.164, GB/T 23705 (Chinese addresses), Chunghwa Post, USPS Publication 28, Royal Mail's Programmers' Guide.
Every value is made up: birthdays lie before 1910, British and American telephones are those reserved for drama.

In a form, ``#`` is any digit and ``%`` one from 2 to 8; other gaps are filled by name.
"""

from collections.abc import Callable
from random import Random

Make = Callable[[Random], str]

PEOPLES_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")


def fill(form: str, dice: Random) -> str:
    """Put a digit for each ``#`` and each ``%``."""
    return "".join(
        dice.choice("0123456789") if c == "#" else dice.choice("2345678") if c == "%" else c for c in form
    )


def one_of(forms: str, dice: Random) -> str:
    """Pick a form of a list parted by ``|`` and fill it."""
    return fill(dice.choice(forms.split("|")), dice)


def wide(number: str) -> str:
    """Write the digits in full width, as some keyboards do."""
    return "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" else c for c in number)


def grouped(number: str, sizes: tuple[int, ...], between: str) -> str:
    """Write a number in groups of these sizes; what is left over makes the last."""
    parts, at = [], 0
    for size in (*sizes, len(number)):
        parts.append(number[at : at + size])
        at += size
    return between.join(part for part in parts if part)


def mainland_id(dice: Random) -> str:
    """Eighteen signs with their check sign; a region, a birthday before 1910, a sequence."""
    region = one_of("110101|310115|440305|510107|330106|420111|610113|350203|810000|230103", dice)
    body = f"{region}{dice.randint(1880, 1909)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}{fill('###', dice)}"
    total = sum(int(c) * (2 ** (17 - place) % 11) for place, c in enumerate(body))
    sign = "10X98765432"[total % 11]
    number = body + (sign.lower() if dice.random() < 0.3 else sign)
    sizes = dice.choice([(18,)] * 5 + [(6, 8), (6, 4, 4), (3, 3, 4, 4)])
    return grouped(number if dice.random() > 0.06 else wide(number), sizes, dice.choice(" -"))


def taiwan_id(dice: Random) -> str:
    """A letter for the county, the sex, seven digits, a check digit."""
    letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
    letter = dice.choice("ABCDEFHKNPT")
    body = dice.choice("12") + fill("#######", dice)
    code = 10 + letters.index(letter)
    total = code // 10 + code % 10 * 9 + sum(int(c) * (8 - place) for place, c in enumerate(body))
    return letter + body + str(-total % 10)


def other_id(dice: Random) -> str:
    """Hong Kong's and Macau's."""
    sign = dice.choice("0123456789A")
    return one_of(
        f"A######({sign})|K###### ({sign})|WX######（{sign}）|Z######({sign})|1######(#)|5######(#)|7######(#)",
        dice,
    )


def american_id(dice: Random) -> str:
    """Of areas that were never given out."""
    return one_of("000-%#-####|666-%#-####|987-%#-####", dice)


def passport(dice: Random) -> str:
    """Nine signs (ICAO 9303)."""
    return one_of("E########|G########|P########|EA#######|K########|M########|%########", dice)


def card(dice: Random) -> str:
    """Thirteen to nineteen digits with a right check digit."""
    form = one_of(
        "4000############|4000############|51000###########|55000###########|2221000#########|34000##########|37000##########|3530000#########|"
        "36000#########|6011000#########|4000#########|622848000##########|621226000##########|621700000##########|622588000#######|"
        "625900000#######|623668000##########|622202000##########|621485000#######",
        dice,
    )
    body = form[:-1]
    total = sum(
        sum(divmod(int(c) * (2 if place % 2 == 0 else 1), 10)) for place, c in enumerate(reversed(body))
    )
    number = body + str(-total % 10)
    fours = (4, 6) if len(number) in (14, 15) else (4, 4, 4, 4)
    sizes = dice.choice([fours, fours, (19,), (19,), (19,), (6,) if len(number) == 19 else fours])
    return grouped(number if dice.random() > 0.06 else wide(number), sizes, dice.choice("  -"))


def mainland_phone(dice: Random) -> str:
    """Mobiles in any grouping, with or without the country, spoken too; land lines by city."""
    if dice.random() < 0.3:
        return one_of(
            "010-%555####|(021)%555####|020 %555####|（028）%555####|0755-%555-####|0571-%555####转80#|0592-%55####|0931 %55####|+86 10 %555####|0898-%555####",
            dice,
        )
    number = one_of(
        "1340000####|1370000####|1380000####|1390000####|1470000####|1500000####|1660000####|1760000####|1820000####|1910000####|1990000####",
        dice,
    )
    if dice.random() < 0.06:
        return number.translate(PEOPLES_DIGITS)
    sizes = dice.choice([(11,)] * 5 + [(3, 4), (3, 4), (3,), (4, 3), (1,) * 11])
    written = grouped(number, sizes, dice.choice("  -." if sizes != (1,) * 11 else " "))
    return dice.choice(["", "", "", "", "", "+86 ", "+86", "86-", "(+86)", "0086 "]) + (
        wide(written) if dice.random() < 0.06 else written
    )


def greater_china_phone(dice: Random) -> str:
    """Taiwan's mobiles and land lines; Hong Kong's and Macau's with their code."""
    return one_of(
        "09########|09##-###-###|09## ### ###|09##-######|+886 9## ### ###|+886-9########|02-%###-####|(02)%###-####|(02) %#######|04-%###-####|"
        "07-%##-####|03-%######|037-%#####|049-%##-####|+852 6### ####|+852-9#######|852 5### ####|(852) 6#######|+853 66## ####|00853 28######", dice
    )  # fmt: skip


def short_phone(dice: Random) -> str:
    """Eight digits that only the words around them show to be a telephone."""
    return one_of("%#######|%### ####|%###-####", dice)


def western_phone(dice: Random) -> str:
    """American and British ones reserved for drama, and some of elsewhere."""
    return one_of(
        "(212) 555-01##|(415)555-01##|312-555-01##|206.555.01##|617 555 01##|+1 713 555 01##|+1-303-555-01##|1-929-555-01##|+1 (212) 555-01##|+141555501##|"
        "07700 900###|07700900###|07700 900 ###|+44 7700 900###|+447700900###|+44 (0)7700 900###|020 7946 0###|(020) 7946 0###|0161 496 0###|0161-496-0###|"
        "01632 960###|+44 20 7946 0###|0121 496 0###|+49 30 5550 ####|+81 3-5550-####|+65 8555 ####|+33 1 55 50 ####|+61 2 5550 ####|+60 12-555 ####|"
        "+91 98555 5####|+39 06 5550 ####|+82 10-5550-####|+7 495 555 ####", dice
    )  # fmt: skip


_CITY = "||北京市朝阳区|上海市徐汇区|成都市锦江区|杭州余杭|浙江省宁波市鄞州区|深圳南山区|广东省佛山市顺德区大良街道|武汉市"
_ROAD = "样本路|示例街|幸福路|春熙街|延安西路|中山北路|解放大道|文三路|科苑大道|凤凰巷|长江大街|青年路|人民南路|学院路|和平巷"
_ESTATE = "样本花园|示例小区|阳光公寓|金色家园|翠湖苑|东方新村|创业大厦|绿城雅居"
_INSIDE = "%栋#单元%0#|1%号楼%0#室|1#幢1%0#|A座%层%0#|C座1%层1%0#|%栋1%0#"


def mainland_address(dice: Random) -> str:
    """Down to the street and number or the building."""
    number = one_of("%#|%##|1%##|%|三十八|一百零六|十二|二十一|五", dice)
    street = f"{one_of(_CITY, dice)}{one_of(_ROAD, dice)}{number}号"
    inside, estate = one_of(_INSIDE, dice), one_of(_ESTATE, dice)
    village = one_of("平安镇李家村三组%号|双河镇大王庄一组%#号|石桥镇上屯村%组1#号", dice)
    return dice.choice(
        [
            street,
            street,
            wide(street),
            street + inside,
            street + estate + inside,
            f"{one_of(_CITY, dice)}{estate}{inside}",
            village,
            f"{street[:-1]} 号 {inside}",
        ]
    )


def traditional_address(dice: Random) -> str:
    """Taiwan's and Hong Kong's."""
    city = one_of("|台北市大安區|新北市三重區|台中市西屯區|高雄市左營區|桃園市|新竹縣竹北市", dice)
    road = one_of("範例路|中山路|忠孝東路|民生街|文化路一段|復興南路三段|和平西路2段|臺灣大道二段", dice)
    taiwan = f"{city}{road}{one_of('||%#巷|1##巷%弄', dice)}{one_of('%|%#|1##', dice)}號{one_of('|%樓|1%樓之%|之%|%F', dice)}"
    way = one_of("樣本道|示範街|彌敦道|軒尼詩道|皇后大道", dice)
    hong_kong = f"{one_of('|香港|九龍|新界', dice)}{one_of('旺角|觀塘|灣仔|沙田|荃灣', dice)}{way}{one_of('%號|%## 號| %# 號', dice)}{one_of('|樣本大廈1%樓B室|%樓', dice)}"
    return dice.choice(
        [
            taiwan,
            taiwan,
            hong_kong,
            one_of("沙田樣本邨%座1%樓C室|觀塘示範苑第%座%樓A室|將軍澳範例花園1%座%#樓E室", dice),
        ]
    )


def english_address(dice: Random) -> str:
    """British, American, Hong Kong's English, and pinyin."""
    name = one_of(
        "Placeholder|Example|Sample|Oak|Maple|High|Church|Station|Elm|Washington|Queen's|Mill|Park|Market|N Lake|West Hill|Old Mill",
        dice,
    )
    suffix = one_of(
        "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Place|Way|Boulevard|Blvd|Terrace|Crescent|Gardens|Grove",
        dice,
    )
    street = f"{one_of('%|%#|1##|%###|%#B', dice)} {name} {suffix}"
    plain = one_of(f"% {name} road|%# {name} street|1## {name} avenue|%# {name} lane", dice).lower()
    more = one_of(
        f"%## E %0th St|Flat %#B, {name} House|Room 1%0#, Building %, No. %# {name} Road|1%/F, {name} Tower, %# {name} Road|P.O. Box %###|Flat %, {street}|"
        f"{street}, Apt %C|{street}, Suite %0#|{street}, Springfield, IL 62704|{street}, London|{street}, Leeds LS1 4AP", dice
    )  # fmt: skip
    return dice.choice([street, street, plain, more, more])


def one_time_code(dice: Random) -> str:
    """Four to eight digits by a short message."""
    return one_of("####|######|######|######|########", dice)


def password(dice: Random) -> str:
    """As people make them."""
    return one_of(
        "sample####|zhang_###|Sunny@####|tiger!##x|###demo|Lily#"
        + "|abc####|qwer.###|Summer%%%%!|######|shop-####|a######",
        dice,
    )

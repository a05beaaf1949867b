"""Postal addresses down to the street and number or the building: a city alone says nothing of anybody.

Sources: GB/T 23705 (the parts of a Chinese address), Chunghwa Post's form (路段巷弄號樓), Royal Mail's and USPS
Publication 28's street suffixes and units.
"""

import re
from collections.abc import Iterator

from gateway.domain.sensitive_text import Found

_ZN = r"(?:[0-9]{1,5}|[零〇○一二三四五六七八九十百两兩]{1,6})"
_SUB = rf"(?:[-之]{_ZN})?"
# A road's name: two signs or more before 路 or 街, and no word that merely ends so.
_NO_ROAD = (
    r"(?<!知)(?<!报)(?<!報)(?<!频)(?<!頻)(?<!渠)(?<!味)(?<!通)(?<!管)(?<!赛)(?<!一)(?<!在)(?<!半)(?<!上)(?<!线)(?<!線)(?<!套)"
    r"(?<!电)(?<!思)(?<!走)(?<!退)(?<!铁)(?<!网)(?<!網)(?<!道)(?<!迷)(?<!说)(?<!這)(?<!公)(?<!这)(?<!问)(?<!带)(?<!哪)(?<!几)(?<!力)(?<!家)(?<!逛)(?<!里)"
)
_WAY = rf"[\u4e00-\u9fff]{_NO_ROAD}(?:大马路|大馬路|大街|大道|马路|路|街|道|巷|胡同|弄堂|公路|国道|徑|里|坊)(?:[东西南北中東]?[一二三四五六七八九十]?段|[东西南北中東]段?|[一二三四五六七八九十0-9]{{1,2}}段)?"
_NUMBER = rf"{_ZN}{_SUB}? ?(?:号院|號院|号|號|弄|巷|衖)"
_NO_DATE = (
    r"(?! ?(?:店|线|線|门店|分店|公交|地铁|机|機|车|車|发货|發貨|到货|之前|以前|前|晚|早|上午|下午|中午|凌晨|就|才|了|开始|左右|到了|客服|窗口|"
    r"楼梯|模型|那天|当天|出口|口|站|桌|码|选手|字|团|套餐|商品|通知|公告|卡))"
)
_STREET = re.compile(rf"{_WAY} ?(?:{_ZN} ?[巷弄衖] ?){{0,2}}{_NUMBER}{_NO_DATE}")
_LANE = re.compile(rf"{_WAY} ?{_ZN} ?[巷弄衖]")
_PLACED = re.compile(
    rf"(?:[市区區县縣镇鎮]|街道)[\u4e00-\u9fff]{{1,10}}{_NO_ROAD}(?:大道|大街|路|街) ?[0-9]{{1,5}}{_SUB}(?! ?[0-9]*(?:路|公交|元|块|年|月|日|点|分|件|个|:))"
)
_VILLAGE = re.compile(
    rf"[\u4e00-\u9fff]{{1,6}}(?:村|屯|寨|庄|社區|社区)[\u4e00-\u9fff]{{0,4}}? ?{_ZN}(?:组|組|队|隊|社|屯|鄰|邻)(?: ?{_ZN} ?(?:号|號|户))?|"
    rf"[镇乡鎮鄉][\u4e00-\u9fff]{{1,6}}(?:村|屯|寨|庄)[\u4e00-\u9fff]{{0,5}}? ?{_ZN} ?(?:号|號|户)"
)
_PART = rf"(?:(?:{_ZN}|[A-Za-z甲乙丙丁]) ?(?:栋|幢|棟|号楼|號樓|座|单元|單元|梯|期|楼|樓|层|層|室|户|戶|房|F|f)(?!上|下|梯|盘|主|友|型|价|間|间|产)(?:之[一二三四五六七八九十0-9]+)?)"
_INSIDE = re.compile(
    rf"(?:(?:{_ZN}|[A-Za-z甲乙丙丁])(?:栋|幢|棟|号楼|號樓|座|单元|單元)) ?,?(?:{_PART}|(?:[0-9A-Za-z甲乙]单元)|[A-Za-z]?[0-9]{{2,4}}(?![0-9]|元|块|个|户型|平)) ?(?:{_PART}|[0-9]{{3,4}}(?![0-9]|元|块))?"
)
_ESTATE = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:小区|花园|花園|公寓|大厦|大廈|大樓|大楼|家园|家園|苑|新村|嘉园|家属院|宿舍|社区|社區|雅居|名邸|豪庭|新城|华庭|城|邨|屋苑|府|庭|居|湾|创意园|科技园|产业园|写字楼)"
    rf" ?,?(?:[东西南北]区|[A-Za-z0-9一二三四五]+期|[A-Za-z]区)? ?(?:{_ZN}|[A-Za-z甲乙丙丁]) ?(?:(?:栋|幢|棟|号楼|號樓|座|号院|单元|單元)|(?:楼|樓|层|層) ?[A-Za-z]?[0-9]{{1,4}}(?![0-9元块])[室房号號]?|[室房](?!间|型)|[0-9]{{2,3}}[室房])"
)
_SUFFIX_ANY = r"street|road|avenue|boulevard|lane|crescent|highway|parkway|terrace|turnpike"
_SUFFIX_CAPITAL = (
    r"Str(?:eet)?|STREET|St|ST|Rd|RD|ROAD|Ave|AVE|AVENUE|Blvd|BLVD|Ln|LN|LANE|Drive|DRIVE|Dr|DR|Close|Court|Ct|CT|Place|Pl|Way|WAY|Ter|Cres|Square|Sq|"
    r"Pkwy|Hwy|Circle|Cir|Trail|Trl|Grove|Mews|Gardens|Gdns|Row|Walk|Hill|Park|Quay|Wharf|Green|Rise|View|Parade|Alley|Loop|Path|Pike|"
    r"Broadway|Embankment|Lu|Jie|Dadao"
)
_NAME = r"(?:[NSEW]\.?[EW]?\.? |North |South |East |West |No\. ?)?"
_EN_CAPITAL = re.compile(
    rf"(?<![0-9A-Za-z.,$£€-])(?:[Nn]o\. ?)?[0-9]{{1,5}}[A-Za-z]?(?:[-/][0-9]{{1,4}}[A-Za-z]?)?,? {_NAME}"
    rf"(?:(?:[A-Z][\w'’.-]*|[0-9]{{1,3}}(?:st|nd|rd|th)|de|la|of|the) ){{1,4}}(?:{_SUFFIX_CAPITAL}|Street|Road|Avenue|Boulevard|Lane|Crescent|Highway|Parkway|Terrace)(?![\w'])"
)
_EN_LOWER = re.compile(
    rf"(?<![0-9a-z.,$£€#-])(?<!order )(?<!ticket )[0-9]{{1,5}}[a-z]? {_NAME.lower()}"
    r"(?!(?:minutes?|mins?|hours?|hrs?|miles?|km|days?|weeks?|people|men|years?|times|of|on|in|the|a|an|at|from|to|is|was|metres?|meters?|more|other|stars?)\b)"
    rf"(?:(?!(?:on|the|in|at|across|down|for|from|to|of|my|this|that)\b)[a-z'’-]+ ){{1,3}}(?:{_SUFFIX_ANY})\b",
    re.IGNORECASE,
)
_EN_NUMBERED = re.compile(
    r"(?<![\w.])[0-9]{1,5} (?:[NSEWnsew]\.? )?[0-9]{1,3}(?:st|nd|rd|th) (?:st|street|ave|avenue|rd|road)\b",
    re.IGNORECASE,
)
_EN_UNIT = re.compile(
    r"\b(?:[Ff]lat|FLAT|[Aa]pt\.?|[Aa]partment|[Ss]uite|[Uu]nit|[Rr]oom|[Rr]m\.?) ?#?[0-9]{1,4}[A-Za-z]?,? (?:[0-9]{1,2}/F,? )?(?:(?:[Bb]lock|[Tt]ower|[Bb]uilding) ?[0-9A-Z]{1,3},? )?"
    r"(?:[A-Z][\w'’.-]* ){1,3}(?:House|Court|Tower|Towers|Building|Block|Mansion|Mansions|Garden|Gardens|Estate|Plaza|Centre|Lodge|Point|Heights|Apartments|Place)\b",
)
_EN_FLOOR = re.compile(
    r"(?:\b(?:Flat|Room|Rm|Unit) ?[0-9A-Z]{1,5},? )?[0-9]{1,2}/F,? (?:(?:Block|Tower|Building) ?[0-9A-Z]{1,3},? |[A-Z][\w'’-]+ ){1,4}"
)
_ENGLISH_PO = re.compile(r"\bP\.? ?O\.? ?Box [0-9]{1,6}\b", re.IGNORECASE)
_FIRST = re.compile(r"[0-9零〇○一二三四五六七八九十百两兩]")
_CHINESE = (_STREET, _PLACED, _VILLAGE, _INSIDE, _ESTATE, _LANE)
_ENGLISH = (_EN_CAPITAL, _EN_LOWER, _EN_NUMBERED, _EN_UNIT, _EN_FLOOR, _ENGLISH_PO)
_HAS_CHINESE_PART = re.compile("[路街道胡巷弄里坊村屯寨庄社栋幢棟楼樓座单單室层層徑]")
_HAS_ENGLISH_PART = re.compile(
    r"\b(?:str?|r(?:oa)?d|ave?|blvd|l(?:a)?n|dr|cl|c(?:our)?t|pl|way|ter|cres|sq|p(?:ar)?k|hi|hw|cir|trail|trl|gr|mews|ga?rd|gdns|row|walk|"
    r"quay|wharf|rise|view|parade|alley|loop|path|pike|broad|emb|bou|lu\b|jie\b|dadao|house|tower|build|block|mansion|estate|plaza|centre|"
    r"lodge|point|heights|apartments)|p\.? ?o\.? ?box|/f",
    re.IGNORECASE,
)


def addresses(text: str) -> Iterator[Found]:
    """Yield addresses of a street and number, or of a building and what is in it; ``text`` is narrow."""
    if _HAS_CHINESE_PART.search(text) and _FIRST.search(text):
        for pattern in _CHINESE:
            for found in pattern.finditer(text):
                yield Found(kind="address", start=found.start(), end=found.end())
    if _HAS_ENGLISH_PART.search(text):
        for pattern in _ENGLISH:
            for found in pattern.finditer(text):
                yield Found(kind="address", start=found.start(), end=found.end())

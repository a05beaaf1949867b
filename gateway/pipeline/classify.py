"""What a message is about: type, urgency, anomaly, department, each with its reason; and what we know of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.domain.conversation import OfferedChoice
from gateway.domain.solved import NOT_SOLVED, SOLVED
from gateway.domain.ticket import Anomaly, Classification, TicketType, Urgency
from gateway.pipeline.compose import must_be_silent
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn
from knowledge.match import Match, Outcome

HUMAN = "human"
"""The choice that asks for a person."""
CHOSEN = "chosen by the contact"
LONGEST_LABEL = 120

# Said before a word, each of these takes it back: "不是投诉", "not a complaint", "nobody was injured".
_NOT = (
    "不", "不是", "不是要", "不是来", "不想", "不会", "不用", "不需要", "没", "没有", "没人", "没有人", "并非", "无意", "别", "并不", "不算",
    "不是很", "也不", "無", "沒", "沒有", "no ", "not ", "not a ", "not an ", "not to ", "not that ", "not really ", "never ",
    "n't ", "n't a ", "n't an ", "n't to ", "n't want to ", "not want to ", "n’t ", "n’t a ", "without ", "nobody was ", "no one was ",
    "nobody is ", "nobody got ", "no one got ", "not been ", "not at all ", "n't mean to ", "n't that ", "n't really ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words that say something of a field; the text they are looked for in is lower case."""

    field: str
    value: str
    words: re.Pattern[str]
    is_latin: bool
    can_be_taken_back: bool

    def hit(self, text: str) -> str | None:
        """Return the words found, unless what stands before them takes them back."""
        if self.words.search(text) is None:  # as with most rules and most messages
            return None
        for found in self.words.finditer(text):
            if not (self.can_be_taken_back and text.endswith(_NOT, 0, found.start())):
                return found.group(0)
        return None


def _rules(field: str, value: str, chinese: str, english: str, *, firm: bool = False) -> Iterator[_Rule]:
    for words, is_latin in ((chinese, False), (english, True)):
        yield _Rule(field, value, re.compile(words), is_latin, not firm)


_RULES: tuple[_Rule, ...] = (
    *_rules(
        "anomaly",
        Anomaly.MEDIA,
        r"记者|(?:找|联系|告诉|通知|向)(?:新闻)?媒体|媒体(?:曝光|记者|报道)|(?:去|要|会|给你们?|网上|微博)曝光|微博热搜|"
        r"(?<!\d)(?:12)?315(?!\d)|消费者协会|消协",
        r"\b(?:journalists?|(?:the|to|local|national) press|press (?:coverage|conference|office)|go viral)\b|\btv station",
        firm=True,
    ),
    *_rules(
        "anomaly",
        Anomaly.OUTAGE,
        r"系统(?:又|全|都|已经)?(?:崩|瘫痪|故障)|打不开(?:你们)?(?:的)?网站|"
        r"(?:网站|网页|系统|app|小程序)(?:一直|都|全|根本)?打不开|全部无法|网站挂了",
        r"\b(?:site|system|website|app|service) (?:is|has been|was) down\b|\b(?:site|system|website) down\b|\boutage\b",
        firm=True,
    ),
    *_rules(
        "anomaly",
        Anomaly.SERIOUS,
        r"受伤|烧伤|烫伤|爆炸|起火|着火|中毒|住院|巨大损失",
        r"\b(?:injur(?:y|ed|ies)|burn(?:t|ed) (?:my|his|her|our|the|down|me|him)|(?:got|was|were) burn(?:t|ed)|"
        r"explo(?:ded|des|sion)|caught (?:on )?fire|on fire|poison(?:ed|ing)|hospitali[sz]ed)\b",
    ),
    *_rules(
        "type",
        TicketType.COMPLAINT,
        r"投诉|投訴|差评|骗子|欺骗|太差|垃圾(?!桶|袋|箱|分类|处理)|气死|忍无可忍|退一赔三",
        r"\b(?:complain(?:t|ts|ing)?\b(?! form)|(?:terrible|awful|(?:a )?scam(?:mers?|med)?|unacceptable|"
        r"disgust(?:ing|ed)|ridiculous|furious)\b)",
    ),
    *_rules(
        "type",
        TicketType.CHANGE,
        r"(?:修改|更改|变更|更换|改)(?:一下)?(?:我的|收货人?|绑定的?|注册的?)*(?:地址|手机号?码?|电话|邮箱|姓名|账号|资料|信息)|"
        r"换(?:一下|一个|个)?(?:我的|收货|绑定的?)*(?:地址|手机号|电话号|邮箱|账号)",
        r"\b(?:change|update|correct) (?:my|the) (?:(?:delivery|shipping|billing|home|account|contact|email) )?"
        r"(?:address|phone|number|e-?mail|name|account|details)\b",
    ),
    *_rules(
        "type",
        TicketType.SUGGESTION,
        r"建议(?!零售)|希望你们(?:能|可以)|提个?(?:意见|建议)",
        r"\b(?:i suggest|suggestions?|feature request|(?:would|it'd) be nice if)\b",
    ),
    *_rules(
        "type",
        TicketType.PRESALE,
        r"有货吗|有现货|多少钱|优惠|打折|什么时候上架",
        r"\b(?:in stock\b|how much (?:is|are|does|do|for)\b|discount|before (?:i|we) (?:buy|order)\b)",
        firm=True,
    ),
    *_rules(
        "urgency",
        Urgency.CRITICAL,
        r"(?:人身|生命)(?:安全|危险)|救命(?!稻草)|报警|自杀",
        r"\b(?:emergency|in danger|call the police|suicide)\b",
    ),
    *_rules(
        "urgency",
        Urgency.URGENT,
        r"紧急|加急|十万火急|特急|马上要用|立刻处理|急用|很急|着急|急急",
        r"\b(?:urgent(?:ly)?|asap|immediately|right now|right away|as soon as possible)\b",
    ),
)
_LATIN = re.compile(
    "journalis|press|viral|tv st|down|outage|injur|burn|explo|fire|poison|hospital|complain|terribl|awful|scam|"
    "unaccept|disgust|ridicul|furious|change|update|correct|suggest|request|nice|stock|much|discount|before|emergenc|danger|"
    "police|suicide|urgent|asap|immediat|right|soon as"
)
"""Every English rule holds one of these: most messages hold none, and no rule need be tried."""


def classify(turn: Turn, plan: Plan) -> Plan:
    """Put a Classification and the knowledge base's Outcome on the plan; say nothing yet."""
    return replace(plan, classification=classification(turn), outcome=_outcome(turn, plan))


def classification(turn: Turn) -> Classification:
    """Classify by the words of the message; the first rule of a field that fires decides it."""
    text = f"{turn.inbound.subject or ''}\n{turn.inbound.text}".lower()
    has_latin = _LATIN.search(text) is not None
    has_chinese = not text.isascii() or "315" in text  # the one Chinese rule that digits alone can meet
    found: dict[str, str] = {}
    reasons: list[str] = []
    for rule in _RULES:
        if rule.field in found or not (has_latin if rule.is_latin else has_chinese):
            continue
        hit = rule.hit(text)
        if hit is not None:
            found[rule.field] = rule.value
            reasons.append(f"{rule.field} {rule.value}: “{hit}”")
    anomaly = Anomaly(found.get("anomaly", Anomaly.NONE))
    if anomaly is Anomaly.NONE and found.get("type") == TicketType.COMPLAINT:
        anomaly = Anomaly.COMPLAINT
    urgency = Urgency(found.get("urgency", Urgency.NORMAL))
    if anomaly in (Anomaly.SERIOUS, Anomaly.OUTAGE, Anomaly.MEDIA):
        urgency = Urgency.CRITICAL
    type_ = TicketType(found.get("type", TicketType.AFTERSALE))
    routing = turn.policy.routing
    is_known = "type" in found or anomaly is not Anomaly.NONE
    department = routing.department(type=type_, anomaly=anomaly) if is_known else routing.otherwise
    return Classification(
        type=type_,
        urgency=urgency,
        anomaly=anomaly,
        department=department,
        because=tuple(reasons) or ("no rule fired: after-sale, normal",),
    )


def _outcome(turn: Turn, plan: Plan) -> Outcome | None:
    """The choice just made decides; else the knowledge base is asked.

    Where no machine may answer nothing is looked for: an answer that is withheld would leave nobody to give one.
    """
    if must_be_silent(turn):
        return None
    chosen = chosen_of(turn)
    if chosen is not None:
        if chosen.id in (HUMAN, SOLVED, NOT_SOLVED):
            return None
        match = Match(id=chosen.id, question=chosen.label, score=1.0, because=(CHOSEN,))
        return Outcome(kind="answer", matches=(match,), because=CHOSEN, lang=plan.lang)
    if not turn.inbound.text.strip():
        return None
    topic = turn.conversation.topic if turn.conversation and not plan.is_new else None
    return turn.knowledge.match(turn.inbound.text, lang=plan.lang, topic=topic, channel=turn.inbound.channel)


def chosen_of(turn: Turn) -> OfferedChoice | None:
    """Return the offered choice this message picks: by button, by number, by label."""
    offered = turn.conversation.offered if turn.conversation else ()
    if turn.inbound.choice:
        wanted = turn.inbound.choice
        return next((one for one in offered if one.id == wanted), None) or (
            OfferedChoice(id=HUMAN, label="") if wanted == HUMAN else None
        )
    text = _bare(turn.inbound.text)
    if not offered or not text or len(text) > LONGEST_LABEL:
        return None
    digits = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    if digits.isdecimal() and 1 <= int(digits) <= len(offered):
        return offered[int(digits) - 1]
    return next((one for one in offered if _bare(one.label) == text), None)


def _bare(text: str) -> str:
    return text.strip().strip(".。、()（）?？!！ ").casefold()

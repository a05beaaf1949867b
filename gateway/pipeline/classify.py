"""What a message is about: type, urgency, anomaly, department, each with its reason; and what we know of it."""

import re
from dataclasses import replace

from gateway.domain.conversation import OfferedChoice
from gateway.domain.ticket import Anomaly, Classification, TicketType, Urgency
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn
from knowledge.match import Match, Outcome

HUMAN = "human"
"""The choice that asks for a person."""

_NOT = r"(?<!不是)(?<!不是要)(?<!不想)(?<!不)(?<!not )(?<!no )(?<!n't )"
_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "anomaly",
        Anomaly.MEDIA,
        r"记者|媒体|曝光|微博热搜|315|消费者协会|12315|journalist|press|tv station|go viral",
    ),
    (
        "anomaly",
        Anomaly.OUTAGE,
        r"系统(崩|瘫痪|故障)|打不开网站|全部无法|网站挂了|(site|system|website) (is )?down|outage",
    ),
    (
        "anomaly",
        Anomaly.SERIOUS,
        r"受伤|烧伤|爆炸|起火|着火|中毒|住院|巨大损失|injur|burn(t|ed)|explo|caught fire|poison",
    ),
    ("type", TicketType.COMPLAINT, _NOT + r"(投诉|差评|骗子|欺骗|太差|垃圾|气死|忍无可忍|退一赔三)"),
    (
        "type",
        TicketType.COMPLAINT,
        r"complain(?!t form)|terrible|awful|scam|unacceptable|disgust|ridiculous|furious",
    ),
    (
        "type",
        TicketType.CHANGE,
        r"(修改|更改|变更|换)(一下)?(我的)?(收货)?(地址|手机|电话|邮箱|姓名|账号|资料|信息)",
    ),
    ("type", TicketType.CHANGE, r"change (my|the) (delivery )?(address|phone|number|e-?mail|name|account)"),
    ("type", TicketType.SUGGESTION, r"建议|希望你们(能|可以)|提个意见|suggest|feature request|would be nice"),
    (
        "type",
        TicketType.PRESALE,
        r"有货吗|多少钱|优惠|打折|什么时候上架|in stock|how much|discount|before (i|we) (buy|order)",
    ),
    ("urgency", Urgency.CRITICAL, r"(人身|生命)(安全|危险)|救命|报警|自杀|emergency|danger|call the police"),
    ("urgency", Urgency.URGENT, _NOT + r"(紧急|加急|十万火急|特急|马上要用|立刻处理|急用|很急|着急|急急)"),
    ("urgency", Urgency.URGENT, r"(?<!not )urgent|asap|immediately|right now|as soon as possible"),
)
_RULES = tuple((field, value, re.compile(words, re.IGNORECASE)) for field, value, words in _WORDS)


def classify(turn: Turn, plan: Plan) -> Plan:
    """Put a Classification and the knowledge base's Outcome on the plan; say nothing yet."""
    return replace(plan, classification=classification(turn), outcome=_outcome(turn, plan))


def classification(turn: Turn) -> Classification:
    """Classify by the words of the message; the first rule of a field that fires decides it."""
    text = f"{turn.inbound.subject or ''}\n{turn.inbound.text}"
    found: dict[str, str] = {}
    reasons: list[str] = []
    for field, value, words in _RULES:
        hit = None if field in found else words.search(text)
        if hit:
            found[field] = value
            reasons.append(f"{field} {value}: “{hit.group(0)}”")
    anomaly = Anomaly(found.get("anomaly", Anomaly.NONE))
    if anomaly is Anomaly.NONE and found.get("type") == TicketType.COMPLAINT:
        anomaly = Anomaly.COMPLAINT
    urgency = Urgency(found.get("urgency", Urgency.NORMAL))
    if anomaly in (Anomaly.SERIOUS, Anomaly.OUTAGE, Anomaly.MEDIA):
        urgency = Urgency.CRITICAL
    type_ = TicketType(found.get("type", TicketType.AFTERSALE))
    department = turn.policy.routing.department(type=type_, anomaly=anomaly)
    return Classification(
        type=type_,
        urgency=urgency,
        anomaly=anomaly,
        department=department,
        because=tuple(reasons) or ("no rule fired: after-sale, normal",),
    )


def _outcome(turn: Turn, plan: Plan) -> Outcome | None:
    """The choice just made decides; else the knowledge base is asked."""
    chosen = chosen_of(turn)
    if chosen is not None:
        if chosen.id == HUMAN:
            return None
        match = Match(id=chosen.id, question=chosen.label, score=1.0, because=("chosen by the contact",))
        return Outcome(kind="answer", matches=(match,), because="chosen by the contact", lang=plan.lang)
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
    text = turn.inbound.text.strip().strip(".。、()（） ").casefold()
    if not offered or not text or len(text) > 120:
        return None
    digits = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    if digits.isdecimal() and 1 <= int(digits) <= len(offered):
        return offered[int(digits) - 1]
    return next((one for one in offered if one.label.casefold() == text), None)

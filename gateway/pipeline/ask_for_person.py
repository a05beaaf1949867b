"""转人工: a person is one sentence away at any time, in every language, on every channel (rulebook K4)."""

import re

from gateway.pipeline.classify import HUMAN, chosen_of
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn

ASKED = "the contact asks for a person"
"""Why a person takes over; also how the record shows that somebody wanted one."""

_PERSON = r"(人工(?!智[能慧])|真人|活人|客服(人员|人員|专员|專員)?(?!电话|電話|热线|熱線|邮箱|郵箱|态度|態度|时间|時間))"
_ENGLISH = (
    r"(human(\ being)?|agent|person|representative|rep|operator|advisor|staff\ member|member\ of\ staff)"
)
_ASKS = re.compile(
    rf"""
    ^\W*((我要|我想|请|請|帮我|幫我|麻烦|唔該)?(转|轉|找|搵)?(人工|真人)|客服|人工客服|人工服务|人工服務)(吧|啊|呀|谢谢|謝謝|唔該)?\W*$
    | (转|轉|接|駁|找|搵|揾|要|需要|联系|聯繫|聯絡|换|換|呼叫|连接|连线)
      (一下|一个|一個|一位|到|接|駁|返|番|去|位|个|個){{0,2}}(你们|你們|你哋)?(的|嘅)?{_PERSON}
    | (人工(?!智)|真人)(客服|服务|服務|坐席|处理|處理|接听|接聽|回复|回覆)
    | (和|跟|与|與|同)(你们|你們|你哋)?(的|嘅)?(真人|活人|人工(?!智)|客服)(说|說|聊|沟通|溝通|讲|講|联系|聯繫|倾|傾|对话|對話)
    | 有(冇|沒有|没有)(真人|活人|人工(?!智))
    | 不(想|要)(再)?(和|跟|同)?(机器人|機器人)
    | 唔(想|要)(再)?(同|跟)?(機器人|机器人)
    | ^\W*(please\W+)?(an?\ )?(human|agent|representative|operator|live\ (chat|agent|person)|real\ person|person|customer\ service|staff)
      (\W+(please|now))*\W*$
    | \b(talk|speak|chat|connect|transfer|put|pass)\b(?!ed).{{0,20}}\b(to|with|through\ to)\b.{{0,12}}
      \b({_ENGLISH}|someone|somebody|staff|people|customer\ service)\b
    | \b(need|want|get\ me|give\ me|i'd\ like|i\ would\ like)\ (to\ (see|reach|have|get)\ )?((a|an|the|your|one)\ )?
      ((real|live|actual|human)\ )?({_ENGLISH}|real\ human)\b
    | ^\W*(a\ )?(human|live|real)\ (agent|being|person|support|operator)\b
    | \b(is\ there|can\ i\ (have|get|reach)|are\ there)\b.{{0,12}}\b(human|live|real|actual)\ (agent|being|person|support|operator|people)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ANYBODY = re.compile(
    "[人客机機]|human|agent|person|rep|operator|advisor|staff|some(?:one|body)|people|customer service|live|being|support"
)
"""Whoever asks for a person uses one of these; the long pattern is tried on the few texts that do."""
# What is refused is struck out before asking, so that "no robot, I want a person" and "no need for a person" differ.
_REFUSED = re.compile(
    rf"""
    (不用|不要|别|別|无需|無需|不需要|不必|不想|没必要|沒必要|唔使|唔洗|唔要|唔需要)(再|给我|給我|帮我|幫我|要)?
      (转|轉|接|駁|找|搵|联系|聯繫)?(接|到)?{_PERSON}(客服|服务|服務)?(了|啦)?
    | \b(no|(do\ not|don['’]?t|does\ not|doesn['’]?t|did\ not|didn['’]?t|not|never|without)
        (\ (have|need|want|wish|like|going|trying|asking|wanting|needing))*(\ for|\ to)?)
      (\ (need|talk|speak|chat|connect|transfer|talking|speaking)(\ (me|for))?(\ (to|with))?)?
      (\ (a|an|any|the|your))?(\ (real|live|human))*\ ({_ENGLISH}|human)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


_FILLERS = re.compile(
    r"我|要|想|请|請|帮|幫|麻烦|麻煩|您|你们|你|一下|谢谢|謝謝|吧|了|\b(i|i'd|we|want|need|would|like|to|can|could|please|thanks|thank|you|now|me|a|an|the)\b",
    re.IGNORECASE,
)


def asks_for_person(text: str) -> bool:
    """Return whether the words ask for a person."""
    if _ANYBODY.search(text.lower()) is None:
        return False
    return bool(_ASKS.search(text)) and bool(_ASKS.search(_REFUSED.sub("…", text)))


def only_asks(text: str) -> bool:
    """Return whether a wish for a person is all that the message says: "转人工", not "灯罩碎了，转人工"."""
    asked, count = _ASKS.subn(" ", text)
    return count > 0 and not re.search(r"\w", _FILLERS.sub(" ", asked))


def ask_for_person(turn: Turn, plan: Plan) -> Plan:
    """Hand over when the contact asks for a person, in words or by the button."""
    chosen = chosen_of(turn)
    if (chosen is not None and chosen.id == HUMAN) or asks_for_person(turn.question):
        return plan.hand_over(ASKED)
    return plan

"""转人工: a person is one sentence away at any time, in every language, on every channel (rulebook K4)."""

import re

from gateway.pipeline.classify import HUMAN, chosen_of
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn

_ASKS = re.compile(
    r"""
    ^\W*(转?人工|轉?人工|真人|客服|人工客服|人工服务|人工服務)\W*$
    | (转|轉|接|找|要|需要|联系|聯繫|换|換|呼叫|连接|连线)(一下|个|個|到|接)?(你们|你們)?(的)?(人工|真人|客服(人员|人員|专员)?|活人)
    | (人工|真人)(客服|服务|服務|坐席|处理)
    | (和|跟|与)(真人|人工|客服)(说话|聊|沟通|讲|联系)
    | 不(要|想)(和|跟)?(机器人|機器人)
    | ^\W*(human|agent|representative|operator|live\ (chat|agent|person)|real\ person|person|customer\ service|staff)
      (\W+please)?\W*$
    | (talk|speak|chat|connect|transfer|put|pass)\b.{0,20}\b(to|with|me\ through\ to)\b.{0,12}
      \b(human|agent|person|someone|somebody|representative|operator|staff|people|advisor)
    | \b(need|want|get\ me|give\ me|like)\b.{0,12}\b(a|an|the|your)?\ ?(real|live|actual)?\ ?
      (human|agent|person\ to|real\ person|live\ person|representative|operator)\b
    | \b(human|live|real)\ (agent|being|person|support|operator)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_REFUSES = re.compile(
    r"(不用|不要|别|无需|不需要)(再)?(转|轉|接|找)?(人工|真人)|(no|don'?t) (need|want).{0,12}(human|agent|person)",
    re.I,
)


def asks_for_person(text: str) -> bool:
    """Return whether the words ask for a person."""
    return bool(_ASKS.search(text)) and not _REFUSES.search(text)


def ask_for_person(turn: Turn, plan: Plan) -> Plan:
    """Hand over when the contact asks for a person, in words or by the button."""
    chosen = chosen_of(turn)
    if (chosen is not None and chosen.id == HUMAN) or asks_for_person(turn.inbound.text):
        return plan.hand_over("the contact asks for a person")
    return plan

"""Which Conversation a message belongs to: the open one, the one just resolved, or a new one."""

import re
from dataclasses import replace

from gateway.domain.conversation import State
from gateway.domain.solved import NOT_SOLVED, SOLVED
from gateway.domain.ticket import Status
from gateway.pipeline.classify import chosen_of
from gateway.pipeline.language import detect
from gateway.pipeline.plan import CloseTicket, MoveConversation, Plan, ReopenTicket, StartConversation
from gateway.pipeline.turn import Turn

# The whole message must be made of these: "收到" is thanks, "收到的是坏的" is not.
_CONTENT = (
    r"谢谢|多谢晒?|感谢|谢了|谢啦|谢|謝謝|多謝晒?|感謝|辛苦了?|唔該|麻烦了?|麻煩了?|好的|好滴|好|嗯|行|收到|知道了?|明白了?|了解了?|"
    r"已经?解决|已經?解決|解决了|解決了|搞定了?|可以了|没问题了?|沒問題了?|没事了?|沒事了?|没有了|沒有了|满意|滿意|不用了|再见|再見|拜拜|"
    r"ok(?:ay)?|thanks?|thank\ you|thx|ty|cheers|great|perfect|awesome|excellent|wonderful|fine|good|cool|bye|goodbye|"
    r"(?:it|that|everything)(?:\ is|['’]s)?\ (?:works|solved|fixed|resolved|fine|perfect|great|good|done|sorted)|solved|resolved|"
    r"all\ (?:good|set|done)|got\ it|understood|received"
)
_AROUND = (
    r"你们?|您们?|妳|我|们|們|已经|已經|啊|呀|啦|啰|哦|喔|噢|呢|哈+|哟|的|了|都|也|就|那|非常|十分|太|很|真|真的|客服|亲|小姐姐|小哥|"
    r"帮助|幫助|帮忙|幫忙|解答|回复|回覆|处理|處理|耐心|"
    r"you|so|very|really|much|a\ lot|again|now|all|it|that|is|['’]s|for|your|the|help|helping|me|quick|fast|reply|"
    r"answer|support|kind|many|yes|and|team|everyone|this|was|day|have|a|nice|works|working"
)
_THANKS = re.compile(
    # Atomic: each word is taken once and for all, so that no text takes long to be refused.
    rf"(?=.*?(?:{_CONTENT}))(?>(?:{_CONTENT}|{_AROUND})(?![a-z])|[\W_])++",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_ASKING = re.compile(r"[?？]|[吗嗎么麼]\W*$")
_NOT_SOLVED = re.compile(
    r"没(有)?(解决|搞定|收到|好)|沒(有)?(解決|搞定|收到|好)|未解决|未解決|(not|n['’]t|never|isn|doesn)\b",
    re.I,
)


LONGEST_THANKS = 120
"""Who writes more than this has something to say."""

REOPENED = "reopened"
"""The reason for a hand-over that needs no new ticket."""


def identify(turn: Turn, plan: Plan) -> Plan:
    """Find the Conversation and the language; begin a new Conversation where none is open."""
    current = turn.conversation
    lang = turn.inbound.lang or detect(
        turn.inbound.text, default=current.lang if current else turn.contact.lang
    )
    plan = replace(plan, lang=lang)
    if current is None:
        return _begin(plan, "first message on this thread")
    if turn.ticket is not None and turn.ticket.status in (Status.RESOLVED, Status.CLOSED):
        return _after_resolving(turn, plan)
    if current.state is State.CLOSED:
        return _begin(plan, "the last conversation is closed")
    if current.state is State.BOT and turn.now - current.last_at > turn.policy.reopen_within:
        return _begin(plan, "silence since the last conversation")
    return plan


def is_thanks(text: str) -> bool:
    """Return whether a message only says that all is well."""
    said = text.strip()
    if len(said) > LONGEST_THANKS or _ASKING.search(said) or _NOT_SOLVED.search(said):
        return False
    return _THANKS.fullmatch(said) is not None


def _after_resolving(turn: Turn, plan: Plan) -> Plan:
    assert turn.ticket is not None
    ended_at = turn.ticket.closed_at or turn.ticket.resolved_at or turn.now
    if turn.now - ended_at > turn.policy.reopen_within:
        return _begin(plan, "the ticket was resolved longer ago than it may be reopened")
    if _is_content(turn):
        if turn.ticket.status is Status.RESOLVED:
            plan = plan.then(
                CloseTicket(because="the contact is content"),
                MoveConversation(to=State.CLOSED, because="the contact is content"),
            )
        return plan.end("thanks after resolving: nothing is owed")
    to = State.WITH_AGENT if turn.ticket.agent_id else State.QUEUED
    because = "the contact wrote again within the time for reopening"
    plan = plan.then(ReopenTicket(because=because), MoveConversation(to=to, because=because))
    return plan.hand_over(REOPENED)


def _is_content(turn: Turn) -> bool:
    """By the button under the outcome, by its number or label, or by words of thanks and nothing else."""
    chosen = chosen_of(turn)
    if chosen is not None and chosen.id in (SOLVED, NOT_SOLVED):
        return chosen.id == SOLVED
    return is_thanks(turn.inbound.text) and not turn.inbound.attachments


def _begin(plan: Plan, because: str) -> Plan:
    plan = replace(plan, is_new=True)
    return plan.then(StartConversation(lang=plan.lang, because=because))

"""What holds for every turn, whoever writes what, whenever."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import AutomaticKind, Bounced, InboundAttachment
from gateway.domain.conversation import MOVES, OfferedChoice, State
from gateway.domain.ticket import Status
from gateway.pipeline.classify import HUMAN
from gateway.pipeline.plan import NUMBER, MoveConversation, OpenTicket, Plan, Reply, StartConversation
from gateway.pipeline.run import decide
from gateway.pipeline.turn import Load, Turn
from knowledge.entry import Level
from tests.building import (
    BOT,
    MAIL,
    MORNING,
    WEB,
    FakeKnowledge,
    a_conversation,
    a_knowledge,
    a_policy,
    a_ticket,
    a_turn,
    always_open,
    an_entry,
)

WORDS = (
    "转人工", "我要投诉", "很急", "谢谢", "没解决", "怎么退货", "修改收货地址", "充电器爆炸了", "1", "２", "", "agent please",
    "where is my order?", "thanks, all good", "not solved", "不用转人工", "訂單在哪裡", "😀", "救命",
)  # fmt: skip
OFFERED = (OfferedChoice(id="hours", label="营业时间"), OfferedChoice(id=HUMAN, label="转人工客服"))
# What a conversation's state says about its ticket: people owe work, or nobody does.
STATUSES: dict[State, tuple[Status | None, ...]] = {
    State.BOT: (None,),
    State.QUEUED: (Status.OPEN,),
    State.WITH_AGENT: (Status.IN_PROGRESS, Status.RESOLVED),
    State.CLOSED: (None, Status.RESOLVED, Status.CLOSED),
}
ago = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=10))


@st.composite
def knowledges(draw: st.DrawFn) -> FakeKnowledge:
    levels: st.SearchStrategy[Level] = st.sampled_from(("L0", "L2"))
    entries = [an_entry(level=draw(levels), choices=("a",)), an_entry("a"), an_entry("b", en="B")]
    known = entries[: draw(st.integers(1, 3))]
    kind = draw(st.sampled_from(("answer", "choices", "chat", "none")))
    if kind == "answer":
        return a_knowledge(*known, answers=draw(st.sampled_from(("hours", "a", "gone"))))
    if kind == "choices":
        return a_knowledge(*known, offers=("hours", "a"))
    return a_knowledge(*known, small_talk="thanks" if kind == "chat" else "")


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    now = MORNING + draw(ago)
    state = draw(st.sampled_from((None, *State)))
    conversation = ticket = None
    if state is not None:
        conversation = a_conversation(
            state=state,
            lang=draw(st.sampled_from(("zh-CN", "en", "zh-TW"))),
            offered=draw(st.sampled_from(((), OFFERED))),
            misses=draw(st.integers(0, 3)),
            topic=draw(st.sampled_from((None, "hours"))),
            last_at=now - draw(ago),
        )
        status = draw(st.sampled_from(STATUSES[state]))
        if status is not None:
            over = now - draw(ago) if status in (Status.RESOLVED, Status.CLOSED) else None
            ticket = a_ticket(status=status, agent_id=draw(st.sampled_from((None, 7))), resolved_at=over)
    automatic = draw(st.sampled_from((None, None, None, *AutomaticKind)))
    inbound = {
        "choice": draw(st.sampled_from((None, None, "hours", HUMAN, "gone"))),
        "automatic": automatic,
        "may_autorespond": draw(st.booleans()),
        "subject": draw(st.sampled_from((None, "投诉"))),
        "attachments": draw(st.sampled_from(((), (InboundAttachment(name="x", content=b"x"),)))),
        "refs": draw(st.sampled_from(((), ("g1",)))),
        "bounced": draw(st.sampled_from(((), (Bounced(address="a@b.example", hard=True),)))),
    }
    turn = a_turn(
        draw(st.sampled_from(WORDS) | st.text(max_size=40)),
        channel=draw(st.sampled_from((WEB, MAIL, BOT))),
        inbound=inbound,
        conversation=conversation,
        ticket=ticket,
        knowledge=draw(knowledges()),
        policy=draw(st.sampled_from((a_policy(), always_open()))),
    )
    waiting, online = draw(st.integers(0, 50)), draw(st.integers(0, 3))
    load = Load(online=online, waiting=waiting, handling=timedelta(minutes=draw(st.integers(0, 90))))
    sent = (draw(st.integers(0, 4)), draw(st.integers(0, 12)))
    return replace(turn, now=now, load=load, automatic_sent=sent)


def replies(plan: Plan) -> list[Reply]:
    return [effect for effect in plan.effects if isinstance(effect, Reply)]


@given(turns())
def test_there_is_never_more_than_one_automatic_message(turn: Turn) -> None:
    assert len(replies(decide(turn))) <= 1


@given(turns())
def test_an_automatic_sender_or_one_who_may_not_be_answered_gets_none(turn: Turn) -> None:
    said = replies(decide(turn))
    assert not said or (turn.inbound.automatic is None and turn.inbound.may_autorespond)


@given(turns())
def test_no_mail_is_sent_beyond_the_budget(turn: Turn) -> None:
    spent = any(
        sent >= limit.count
        for sent, limit in zip(turn.automatic_sent, turn.policy.automatic_mail, strict=True)
    )
    assert not (turn.kind == "mail" and spent and replies(decide(turn)))


@given(turns())
def test_every_effect_says_why(turn: Turn) -> None:
    assert all(effect.because.strip() for effect in decide(turn).effects)


@given(turns())
def test_a_ticket_number_is_told_only_where_there_is_a_ticket(turn: Turn) -> None:
    plan = decide(turn)
    opens = any(isinstance(effect, OpenTicket) for effect in plan.effects)
    had = turn.ticket is not None and not plan.is_new
    assert opens or had or not any(NUMBER in said.text for said in replies(plan))


@given(turns())
def test_a_conversation_has_at_most_one_ticket(turn: Turn) -> None:
    plan = decide(turn)
    opens = sum(isinstance(effect, OpenTicket) for effect in plan.effects)
    had = turn.ticket is not None and not plan.is_new
    assert opens + had <= 1


@given(turns())
def test_the_floor_is_passed_only_by_moves_that_exist(turn: Turn) -> None:
    state = turn.conversation.state if turn.conversation else None
    for effect in decide(turn).effects:
        if isinstance(effect, StartConversation):
            state = effect.state
        if isinstance(effect, MoveConversation):
            assert state is not None
            assert effect.to == state or effect.to in MOVES[state]
            state = effect.to
    assert state is not None  # every message ends in a conversation


@given(turns())
def test_no_gap_is_left_in_what_is_said(turn: Turn) -> None:
    for said in replies(decide(turn)):
        assert said.text.strip()
        assert "{" not in said.text
        assert said.lang == decide(turn).lang


@given(turns())
def test_an_entry_that_needs_proof_is_never_answered(turn: Turn) -> None:
    assert isinstance(turn.knowledge, FakeKnowledge)
    for entry in turn.knowledge.entries.values():
        turn.knowledge.entries[entry.id] = an_entry(entry.id, answer=f"<{entry.level}>", level=entry.level)
    assert not any("<L2>" in said.text for said in replies(decide(turn)))

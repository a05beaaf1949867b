"""A plan that nobody carried out, told to people and to programs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from gateway.errors import Said
from gateway.pipeline.plan import NUMBER, Effect, Plan
from gateway.pipeline.turn import Turn
from gateway.safety.stored import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One stored message and what would be done with it now."""

    stored: Stored
    turn: Turn
    plan: Plan

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values; an instant is RFC 3339."""
        stored, plan = self.stored, self.plan
        conversation, ticket = self.turn.conversation, self.turn.ticket
        told = {
            "inbox": stored.inbox_id,
            "channel": stored.channel,
            "thread": stored.thread_id,
            "seq": stored.seq,
            "state": stored.state,
            "received_at": stored.received_at,
            "text": self.turn.inbound.text,
            "as_of": self.turn.now,
            "conversation": conversation.state if conversation else None,
            "ticket": ticket.number if ticket else None,
            "lang": plan.lang,
            "effects": [{"effect": type(one).__name__} | asdict(one) for one in plan.effects],
            "hand_off": plan.hand_off,
            "ended": plan.ended,
        }
        return dict(orjson.loads(orjson.dumps(told, default=str)))

    def as_text(self, lang: str) -> Iterator[str]:
        """Yield the lines a person reads."""
        stored, turn = self.stored, self.turn
        state = turn.conversation.state if turn.conversation else "-"
        ticket = turn.ticket.number if turn.ticket else "-"
        yield Said(
            f"收件 {stored.inbox_id}（{stored.channel}，{stored.received_at:%Y-%m-%d %H:%M:%S} UTC）：{_short(turn.inbound.text)}",
            f"inbox {stored.inbox_id} ({stored.channel}, {stored.received_at:%Y-%m-%d %H:%M:%S} UTC): {_short(turn.inbound.text)}",
        ).in_(lang)
        yield Said(
            f"  按现在的情况：会话 {state}，工单 {ticket}，语言 {self.plan.lang}；不会写入任何内容",
            f"  as things stand now: conversation {state}, ticket {ticket}, language {self.plan.lang}; nothing is written",
        ).in_(lang)
        for effect in self.plan.effects:
            yield f"  {_effect(effect)}"
            yield Said(f"    因为：{effect.because}", f"    because: {effect.because}").in_(lang)
        if not self.plan.effects:
            yield Said("  什么也不做", "  nothing is done").in_(lang)
        if self.plan.hand_off:
            yield Said(f"  转人工：{self.plan.hand_off}", f"  to a person: {self.plan.hand_off}").in_(lang)
        if self.plan.ended:
            yield Said(f"  结束：{self.plan.ended}", f"  ended: {self.plan.ended}").in_(lang)


def _effect(effect: Effect) -> str:
    """The effect's name and what it holds, one line, its reason left out."""
    values = {
        name: value for name, value in asdict(effect).items() if name != "because" and value not in (None, ())
    }
    held = ", ".join(f"{name}={_short(str(value))}" for name, value in values.items())
    return f"{type(effect).__name__}({held})"


def _short(text: str) -> str:
    line = " ".join(text.replace(NUMBER, "T…").split())
    return line if len(line) <= 160 else f"{line[:160]}…"

"""What the outbox says of the providers: a channel whose provider wants less, and messages that wait for a person."""

from datetime import datetime

from sqlalchemy import func, select

from gateway.domain.undelivered import reason_of
from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.store import tables as t
from gateway.store.database import Tx

_o = t.outbox.c


def held_back_findings(tx: Tx, now: datetime) -> list[Finding]:
    """Return a finding for each channel that a limit holds back, and for each with messages of unknown fate."""
    waiting = select(_o.channel, _o.code, _o.error).where(
        _o.state == "due", _o.not_before > now, _o.error.is_not(None)
    )
    slowed: dict[str, str] = {}
    for row in tx.execute(waiting.order_by(_o.id)):
        if reason_of(row.code, row.error) == "too_many":
            slowed.setdefault(row.channel, row.error)
    held = select(_o.channel, func.count().label("n")).where(_o.state == "held").group_by(_o.channel)
    return [_slowed(channel, error) for channel, error in sorted(slowed.items())] + [
        _held(row.channel, row.n) for row in tx.execute(held.order_by(_o.channel))
    ]


def _slowed(channel: str, error: str) -> Finding:
    return Finding(
        check=f"channels.{channel}",
        level="note",
        found=Said(
            f"服务商限制发送，消息在等待：{error}", f"The provider's limit holds messages back: {error}"
        ),
        remedy=Said(
            "请按服务商的限额设置 smtp.per_minute 与 smtp.daily_limit，或申请更高限额；等待中的消息会自动发出。",
            "Set smtp.per_minute and smtp.daily_limit to the provider's limits, or ask it for higher ones; "
            "what waits is sent by itself.",
        ),
    )


def _held(channel: str, count: int) -> Finding:
    return Finding(
        check=f"channels.{channel}",
        level="note",
        found=Said(
            f"{count} 条消息不确定是否送达，等待人工处理。",
            f"{count} messages may have arrived or not, and wait for a person.",
        ),
        remedy=Said("请在工单中确认后重发。", "Look at their tickets, and send them again where needed."),
    )

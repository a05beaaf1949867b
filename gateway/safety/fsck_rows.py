"""What must hold between rows, whatever crashed when: order, one ticket, nothing forgotten, counters ahead."""

import re
from collections.abc import Iterator

from sqlalchemy import Column, Select, Table, func, or_, select

from gateway.domain.conversation import State
from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.store import tables as t
from gateway.store.database import Tx

INBOX = ("new", "done", "failed")
WAITING = ("due", "sending", "unknown")
ENDED = ("delivered", "bounced", "refused", "held", "cancelled")
_LISTED = 10
_NUMBER = re.compile(r"(T\d{8})-(\d+)|(C\d{8})(\d+)")

LINKS: tuple[tuple[Table, Column[int], Table], ...] = (
    (t.thread, t.thread.c.conversation_id, t.conversation),
    (t.conversation, t.conversation.c.previous_id, t.conversation),
    (t.message, t.message.c.inbox_id, t.inbox),
    (t.message, t.message.c.agent_id, t.agent),
    (t.message_ref, t.message_ref.c.thread_id, t.thread),
    (t.message_ref, t.message_ref.c.message_id, t.message),
    (t.ticket, t.ticket.c.thread_id, t.thread),
    (t.ticket, t.ticket.c.agent_id, t.agent),
    (t.ticket, t.ticket.c.merged_into, t.ticket),
    (t.note, t.note.c.task_id, t.task),
    (t.task, t.task.c.agent_id, t.agent),
    (t.outbox, t.outbox.c.message_id, t.message),
    (t.outbox, t.outbox.c.note_id, t.note),
    (t.attachment, t.attachment.c.thread_id, t.thread),
)
"""Columns that name a row without a foreign key of the schema."""


def row_findings(tx: Tx) -> Iterator[Finding]:
    """Yield everything that does not hold in one snapshot of the database."""
    yield from _seq(tx)
    yield from _inbox(tx)
    yield from _outbox(tx)
    yield from _tickets(tx)
    yield from _links(tx)
    yield from _counters(tx)


def _seq(tx: Tx) -> Iterator[Finding]:
    """Every thread counts 1, 2, 3 … ``last_seq`` without a gap."""
    th, m = t.thread.c, t.message.c
    counted = (
        select(
            m.thread_id,
            func.count().label("n"),
            func.min(m.seq).label("first"),
            func.max(m.seq).label("last"),
        )
        .group_by(m.thread_id)
        .subquery()
    )
    n = func.coalesce(counted.c.n, 0)
    wrong = (
        select(th.id, th.last_seq, th.customer_seq)
        .outerjoin(counted, counted.c.thread_id == th.id)
        .where(
            or_(
                n != th.last_seq,
                func.coalesce(counted.c.last, 0) != th.last_seq,
                func.coalesce(counted.c.first, 1) != 1,
                th.customer_seq > th.last_seq,
            )
        )
    )
    for thread in tx.execute(wrong).all():
        there = set(tx.execute(select(m.seq).where(m.thread_id == thread.id)).scalars())
        missing = [seq for seq in range(1, thread.last_seq + 1) if seq not in there]
        beyond = sorted(seq for seq in there if not 1 <= seq <= thread.last_seq)
        yield Finding(
            check="seq",
            found=Said(
                f"会话线 {thread.id} 的消息编号不连续（共 {thread.last_seq}，缺 {len(missing)}，多 {len(beyond)}）。",
                f"Thread {thread.id} does not count from 1 to {thread.last_seq} "
                f"({len(missing)} missing, {len(beyond)} beyond).",
            ),
            where={
                "thread": thread.id,
                "last_seq": thread.last_seq,
                "missing": missing[:_LISTED],
                "beyond": beyond[:_LISTED],
            },
        )


def _inbox(tx: Tx) -> Iterator[Finding]:
    """Every stored message is done or due, and what is done can be seen by somebody."""
    i = t.inbox.c
    unknown = select(i.id).where(i.state.not_in(INBOX))
    yield from _each(tx, unknown, "inbox_state", "inbox", "状态未知", "is in an unknown state")
    shown = select(t.message.c.id).where(t.message.c.inbox_id == i.id).exists()
    # (a mail that came twice is done without a message, so raw ones are left out)
    lost = select(i.id).where(
        i.state.in_(("done", "failed")), i.cleared_at.is_(None), i.raw.is_(None), i.raw_blob.is_(None), ~shown
    )
    yield from _each(
        tx, lost, "inbox_lost", "inbox", "已处理，但没有对应的消息", "is done, but no message was made of it"
    )


def _outbox(tx: Tx) -> Iterator[Finding]:
    """Every reply has ended, or will be tried."""
    o = t.outbox.c
    unknown = select(o.id).where(o.state.not_in(WAITING + ENDED))
    yield from _each(tx, unknown, "outbox_state", "outbox", "状态未知", "is in an unknown state")
    stuck = select(o.id).where(o.state == "sending", or_(o.lease_owner.is_(None), o.lease_until.is_(None)))
    yield from _each(
        tx, stuck, "outbox_stuck", "outbox", "标为发送中，但没有进程负责", "is being sent, but by nobody"
    )
    timeless = select(o.id).where(o.state.in_(ENDED), o.settled_at.is_(None))
    yield from _each(
        tx, timeless, "outbox_unsettled", "outbox", "已结束，但没有结束时间", "has ended, but not at any time"
    )


def _tickets(tx: Tx) -> Iterator[Finding]:
    """One ticket a conversation, on the same thread and of the same contact; the queue waits for one."""
    k, c = t.ticket.c, t.conversation.c
    doubled = select(k.conversation_id).group_by(k.conversation_id).having(func.count() > 1)
    yield from _each(tx, doubled, "ticket_doubled", "conversation", "有多张工单", "has more than one ticket")
    astray = (
        select(k.id)
        .join(t.conversation, c.id == k.conversation_id)
        .where(or_(c.thread_id != k.thread_id, c.contact_id != k.contact_id))
    )
    yield from _each(
        tx, astray, "ticket_astray", "ticket", "与其会话的客户不一致", "is not its conversation's contact's"
    )
    has_ticket = select(k.id).where(k.conversation_id == c.id).exists()
    alone = select(c.id).where(c.state == State.QUEUED, ~has_ticket)
    yield from _each(
        tx,
        alone,
        "queued_without_ticket",
        "conversation",
        "在排队，但没有工单",
        "waits for a person, but has no ticket",
    )


def _links(tx: Tx) -> Iterator[Finding]:
    for table, column, target in LINKS:
        other = target.alias()
        there = select(other.c.id).where(other.c.id == column).exists()
        lost = select(column).where(column.is_not(None), ~there).distinct().limit(_LISTED)
        for missing in tx.execute(lost).scalars():
            yield Finding(
                check="link",
                found=Said(
                    f"{table.name}.{column.name} 指向不存在的 {target.name} {missing}。",
                    f"{table.name}.{column.name} names {target.name} {missing}, which is not there.",
                ),
                where={"table": table.name, "column": column.name, target.name: missing},
            )


def _counters(tx: Tx) -> Iterator[Finding]:
    """No number can be given out twice: each day's counter is at or past its highest number."""
    highest: dict[str, int] = {}
    for column in (t.ticket.c.number, t.contact.c.number):
        for number in tx.execute(select(column)).scalars():
            if match := _NUMBER.fullmatch(number):
                day, value = match[1] or match[3], int(match[2] or match[4])
                highest[day] = max(highest.get(day, 0), value)
    counters = {row.name: row.value for row in tx.execute(select(t.counter))}
    for day, value in sorted(highest.items()):
        if counters.get(day, 0) < value:
            yield Finding(
                check="counter",
                found=Said(
                    f"计数器 {day} 为 {counters.get(day, 0)}，但已有编号 {value}：会重复发号。",
                    f"Counter {day} is at {counters.get(day, 0)}, but number {value} is taken: it would be given out again.",
                ),
                where={"counter": day, "value": counters.get(day, 0), "taken": value},
            )


def _each(tx: Tx, wrong: Select[tuple[int]], check: str, table: str, zh: str, en: str) -> Iterator[Finding]:
    for row in tx.execute(wrong).scalars():
        found = Said(f"{table} {row} {zh}。", f"{table} {row} {en}.")
        yield Finding(check=check, found=found, where={table: row})

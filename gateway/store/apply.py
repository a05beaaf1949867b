"""Carry out a Plan in ONE transaction: a match over Effects, exhaustive by type check."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

import orjson
from sqlalchemy import String, bindparam, func, insert, or_, update

from adapters.contract import Choice, Shown
from gateway.domain.conversation import OfferedChoice, State, move
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.recipients import Recipient
from gateway.domain.ticket import Classification, Status
from gateway.pipeline import effects_life as e
from gateway.pipeline import effects_promises as owing
from gateway.pipeline import effects_routing as routing
from gateway.pipeline import effects_verify as proving
from gateway.pipeline import plan as p
from gateway.pipeline.effects_telling import AnnounceDelay
from gateway.pipeline.effects_triage import Correct
from gateway.pipeline.heard import heard
from gateway.store import (
    apply_life,
    apply_promises,
    apply_routing,
    apply_telling,
    apply_verify,
    bouncing,
    duplicates,
    posting,
    promises,
    senders,
    ticketing,
    triaging,
)
from gateway.store import tables as t
from gateway.store.apply_alarm import raise_in
from gateway.store.apply_emergency import concern, group_tickets
from gateway.store.apply_entities import note_entities
from gateway.store.applying import BOT, Actor, Applying
from gateway.store.columns import to_micros
from gateway.store.database import Tx
from gateway.store.elsewhere import preferred_thread
from gateway.store.feed import Committed
from gateway.store.file_cells import plain_name
from gateway.store.originals import message_row, originals_in
from gateway.store.prepared import Prepared
from gateway.store.snapshot import Snapshot

_CLAIM_THREAD = Prepared(
    update(t.thread)
    .where(t.thread.c.id == bindparam("b_id"), t.thread.c.version == bindparam("b_version"))
    .values(version=t.thread.c.version + 1, last_seq=t.thread.c.last_seq + bindparam("says"))
    .returning(t.thread.c.last_seq)
)
_KEEP_THREAD = Prepared(
    update(t.thread)
    .where(t.thread.c.id == bindparam("b_id"))
    .values(conversation_id=bindparam("conversation_id"))
)
_KEEP_CONVERSATION = Prepared(
    update(t.conversation)
    .where(t.conversation.c.id == bindparam("b_id"))
    .values(
        state=bindparam("state"),
        lang=bindparam("lang"),
        topic=bindparam("topic"),
        offered=bindparam("offered"),
        misses=bindparam("misses"),
        last_at=bindparam("last_at"),
        queued_at=bindparam("queued_at"),
        closed_at=bindparam("closed_at"),
        type=func.coalesce(bindparam("type", type_=String), t.conversation.c.type),
        subtype=func.coalesce(bindparam("subtype", type_=String), t.conversation.c.subtype),
    )
)
_START = Prepared(
    insert(t.conversation)
    .values(
        thread_id=bindparam("thread_id"),
        contact_id=bindparam("contact_id"),
        channel=bindparam("channel"),
        state=bindparam("state"),
        lang=bindparam("lang"),
        previous_id=bindparam("previous_id"),
        started_at=bindparam("now"),
        last_at=bindparam("now"),
        misses=0,
    )
    .returning(t.conversation.c.id)
)
_ADOPT = Prepared(
    update(t.message)
    .where(
        t.message.c.thread_id == bindparam("b_thread"),
        or_(t.message.c.id >= bindparam("b_id"), t.message.c.conversation_id.is_(None)),
    )
    .values(conversation_id=bindparam("conversation_id"))
)
_SAY = Prepared(
    insert(t.message)
    .values(
        thread_id=bindparam("thread_id"),
        seq=bindparam("seq"),
        conversation_id=bindparam("conversation_id"),
        public_id=bindparam("public_id"),
        author=bindparam("author"),
        agent_id=bindparam("agent_id"),
        text=bindparam("text"),
        sealed=bindparam("sealed"),
        choices=bindparam("choices"),
        attachments=bindparam("attachments"),
        because=bindparam("because"),
        at=bindparam("now"),
    )
    .returning(t.message.c.id)
)
_USE = Prepared(
    insert(t.knowledge_use).values(
        at=bindparam("now"), message_id=bindparam("message_id"), entry=bindparam("entry")
    )
)

_SAYING = (p.Reply, p.SystemNotice, p.AgentReply, e.LogWords)


def apply(
    tx: Tx,
    snapshot: Snapshot,
    plan: p.Plan,
    *,
    actor: Actor = BOT,
    now: datetime,
    policy: Policy,
    kind: ChannelKind,
    key: Callable[[], str],
    served: bool,
    is_served: Callable[[str], bool] = lambda channel: True,
    message_id: int | None = None,
) -> Committed | None:
    """Carry out ``plan`` on the thread of ``snapshot``; None if the thread changed since it was read.

    ``message_id`` is the contact's message that this turn is about. None of it is written when the answer
    is None: the caller reads again and decides again.
    """
    says = sum(isinstance(effect, _SAYING) for effect in plan.effects)
    claimed = _CLAIM_THREAD.row(tx, b_id=snapshot.thread_id, b_version=snapshot.version, says=says)
    if claimed is None:
        return None
    current, ticket = snapshot.conversation, snapshot.ticket
    work = Applying(
        tx=tx,
        snapshot=snapshot,
        actor=actor,
        now=now,
        policy=policy,
        kind=kind,
        key=key,
        served=served,
        is_served=is_served,
        lang=plan.lang,
        seq=claimed[0] - says,
        conversation_id=current.id if current else None,
        state=current.state if current else None,
        ticket_id=ticket.id if ticket else None,
        ticket_number=ticket.number if ticket else None,
        message_id=message_id,
    )
    for effect in plan.effects:
        _carry_out(work, effect)
    _keep(work, message_id, plan.classification)
    if work.names_changed:
        duplicates.keep_keys(work)
    promises.keep_next_due(work)
    group_tickets(work)
    work.record(
        "message",
        "; ".join(work.reasons) or plan.ended or "kept",
        message=message_id,
        said=work.message_ids,
        **heard(plan),
    )
    return _committed(work)


def _carry_out(work: Applying, effect: p.Effect) -> None:
    match effect:
        case p.StartConversation():
            _start(work, effect)
        case p.MoveConversation():
            _move(work, effect.to, effect.because)
        case p.Remember():
            work.conversation_changes |= {
                "topic": effect.topic,
                "offered": effect.offered,
                "misses": effect.misses,
            }
        case p.Reply():
            _say(work, "bot", effect.text, effect.because, choices=effect.choices)
            _count_use(work, effect.entries)
            if effect.told_at is not None:
                apply_telling.tell(work, effect.told_at, "reply")
        case p.SystemNotice():
            _say(
                work,
                "system",
                effect.text,
                effect.because,
                choices=effect.choices,
                elsewhere=effect.elsewhere,
            )
            if effect.choices:
                work.conversation_changes["offered"] = effect.choices
        case p.AgentReply():
            _say(
                work,
                "agent",
                effect.text,
                effect.because,
                id=effect.id,
                files=effect.attachments,
                also=effect.recipients,
            )
            ticketing.answered(work, effect.text, asks=effect.asks)
        case p.Forward():
            posting.forward(work, effect)
        case p.Record():
            work.record(effect.kind, effect.because)
        case p.RaiseAlarm():
            raise_in(work, effect)
        case p.Concern():
            concern(work, effect)
        case p.NoteEntities():
            note_entities(work, effect)
        case p.Owe():
            promises.owe(work, effect.promise, effect.because)
        case p.OpenTicket():
            ticketing.open_ticket(work, effect)
        case p.TouchTicket():
            ticketing.touch(work, effect)
        case p.ReopenTicket():
            ticketing.reopen(work, effect.because)
        case p.MarkSpam():
            ticketing.mark_spam(work, effect.because)
        case p.CloseTicket():
            ticketing.set_status(work, Status.CLOSED, effect.because)
        case p.Claim():
            _move(work, State.WITH_AGENT, effect.because)
            ticketing.claim(work, effect.agent_id, effect.because)
            apply_routing.taken(work)
        case p.Transfer():
            ticketing.transfer(work, effect)
            apply_routing.released(work)
            if effect.agent_id is None:
                _move(work, State.QUEUED, effect.because)
        case (
            routing.Prioritize()
            | routing.Suggest()
            | routing.Assign()
            | routing.Watch()
            | routing.Requeue()
            | routing.ToSecondLine()
            | routing.OfferHandover()
            | routing.SettleHandover()
        ):
            apply_routing.apply_routing(work, effect)
        case p.Resolve():
            ticketing.resolve(work, effect)
        case p.AddNote():
            ticketing.add_note(work, effect)
        case (
            e.EditComplaint()
            | e.RequireRecord()
            | e.TellClosing()
            | e.CloseForSilence()
            | e.Reclassify()
            | e.AskTask()
            | e.MoveTask()
            | e.LogWords()
            | e.ChangeTags()
            | e.ProposePreference()
            | e.Merge()
            | e.Unmerge()
        ):
            apply_life.carry_out(work, effect)
        case (
            owing.Settle()
            | owing.Renegotiate()
            | owing.Reckon()
            | owing.ChangeUrgency()
            | owing.Explain()
            | owing.Miss()
        ):
            apply_promises.carry_out(work, effect)
        case Correct():
            triaging.correct(work, effect)
        case (
            proving.Await()
            | proving.Reserve()
            | proving.Cover()
            | proving.KeepProof()
            | proving.SettleAttempt()
            | proving.EndProof()
            | proving.Confirm()
        ):
            apply_verify.carry_out(work, effect)
        case AnnounceDelay():
            apply_telling.announce_delay(work, effect)
        case p.StopMailing():
            senders.stop_mailing(work, effect)
        case p.MarkBounced():
            bouncing.mark_bounced(work, effect)
        case _:
            assert_never(effect)


def _start(work: Applying, effect: p.StartConversation) -> None:
    row = _START.row(
        work.tx,
        thread_id=work.snapshot.thread_id,
        contact_id=work.snapshot.contact.id,
        channel=work.snapshot.channel,
        state=effect.state,
        lang=effect.lang,
        previous_id=work.conversation_id,
        now=to_micros(work.now),
    )
    assert row is not None
    work.conversation_id, work.state = row[0], effect.state
    work.ticket_id = work.ticket_number = None
    work.conversation_changes = {"topic": None, "offered": (), "misses": 0, "queued_at": None}


def _move(work: Applying, to: State, because: str) -> None:
    if work.state is None or work.state is to:
        return
    before, work.state = work.state, move(work.state, to)
    work.queue_delta += (to is State.QUEUED) - (before is State.QUEUED)
    work.conversation_changes["queued_at"] = work.now if to is State.QUEUED else None
    work.conversation_changes["closed_at"] = work.now if to is State.CLOSED else None
    work.record("conversation", because, before=before, state=to)


def _say(
    work: Applying,
    author: str,
    text: str,
    because: str,
    *,
    choices: tuple[OfferedChoice, ...] = (),
    id: str | None = None,
    files: tuple[str, ...] = (),
    also: tuple[Recipient, ...] = (),
    elsewhere: str | None = None,
) -> None:
    """Add one message to the thread, and a row to the outbox where somebody must carry it."""
    assert work.conversation_id is not None
    if p.NUMBER in text:
        text = text.replace(p.NUMBER, work.ticket_number or "")
    key = work.key()
    work.seq += 1
    listed = [{"id": one.id, "label": one.label} for one in choices]
    attached = ticketing.attach(work, files)
    agent = author == "agent"
    row = _SAY.row(
        work.tx,
        thread_id=work.snapshot.thread_id,
        seq=work.seq,
        conversation_id=work.conversation_id,
        public_id=id or key,
        author=author,
        agent_id=work.actor.agent_id if agent else None,
        text=text,
        sealed=originals_in(
            work.tx,
            t.message,
            message_row(work.snapshot.thread_id, work.seq),
            work.snapshot.contact.id,
            {"text": text},
        ),
        choices=orjson.dumps(listed).decode() if listed else None,
        attachments=orjson.dumps([one | {"name": plain_name(one["name"])} for one in attached]).decode()
        if attached
        else None,
        because=because,
        now=to_micros(work.now),
    )
    assert row is not None
    work.message_ids.append(row[0])
    work.reasons.append(because)
    work.shown.append(
        Shown(
            seq=work.seq,
            id=id or key,
            author="agent" if agent else "system" if author == "system" else "bot",
            text=text,
            at=work.now,
            agent_name=work.actor.name if agent else None,
            agent_number=work.actor.number if agent else None,
            choices=tuple(Choice(id=one.id, label=one.label) for one in choices),
            attachments=ticketing.shown_files(attached),
        )
    )
    other = preferred_thread(work) if elsewhere is not None else None
    if other is not None and elsewhere is not None:
        posting.post_elsewhere(work, other, key, row[0], elsewhere)
    elif not work.served:
        posting.post(work, key, row[0], author, text, listed, attached, also)


def _count_use(work: Applying, entries: tuple[str, ...]) -> None:
    """Note which knowledge entries the message just said answers with."""
    for entry in entries:
        _USE.run(work.tx, now=to_micros(work.now), message_id=work.message_ids[-1], entry=entry)


def _keep(work: Applying, message_id: int | None, about: Classification | None) -> None:
    """Write what changed of thread, conversation and the contact's own message."""
    current = work.snapshot.conversation
    is_new = current is None or work.conversation_id != current.id
    if work.conversation_id is None:
        return
    if is_new:
        _KEEP_THREAD.run(work.tx, b_id=work.snapshot.thread_id, conversation_id=work.conversation_id)
    if is_new and message_id is not None:
        # What was stored before this turn found no conversation either: it belongs to this one, whether it came
        # after this message or before it (after a crash, a new message may have its turn before older ones).
        thread_id = work.snapshot.thread_id
        _ADOPT.run(work.tx, b_thread=thread_id, b_id=message_id, conversation_id=work.conversation_id)
    old = None if is_new else current
    changes = work.conversation_changes
    offered = changes.get("offered", old.offered if old else ())
    queued_at = changes.get("queued_at", old.queued_at if old else None)
    closed_at = changes.get("closed_at", old.closed_at if old else None)
    _KEEP_CONVERSATION.run(
        work.tx,
        b_id=work.conversation_id,
        state=work.state,
        lang=work.lang,
        topic=changes.get("topic", old.topic if old else None),
        offered=orjson.dumps([{"id": o.id, "label": o.label} for o in offered]).decode() if offered else None,
        misses=changes.get("misses", old.misses if old else 0),
        last_at=to_micros(work.now),
        queued_at=to_micros(queued_at) if queued_at else None,
        closed_at=to_micros(closed_at) if closed_at else None,
        type=str(about.type) if about else None,
        subtype=about.subtype if about else None,
    )


def _committed(work: Applying) -> Committed:
    before = work.snapshot.conversation.state if work.snapshot.conversation else None
    return Committed(
        channel=work.snapshot.channel,
        thread_id=work.snapshot.thread_id,
        thread_key=work.snapshot.key,
        conversation_id=work.conversation_id or 0,
        ticket=work.ticket_number,
        shown=tuple(work.shown),
        reasons=tuple(work.reasons),
        events=tuple(work.events),
        queue_delta=work.queue_delta,
        has_outgoing=work.has_outgoing,
        state=work.state if work.state != before else None,
    )

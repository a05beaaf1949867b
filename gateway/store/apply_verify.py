"""The effects of verification, carried out inside ``apply``'s transaction."""

from typing import Any, assert_never

from sqlalchemy import insert, select, update

from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.identity import Level
from gateway.domain.verification import Kind, Method, Outcome, granted
from gateway.errors import Conflict, Forbidden, Said
from gateway.pipeline import effects_verify as e
from gateway.pipeline.effects_alarm import RaiseAlarm
from gateway.store import approvals, attempts, audit, codes, proofs
from gateway.store import tables as t
from gateway.store.apply_alarm import raise_in
from gateway.store.applying import Applying
from gateway.store.proofs import Where
from gateway.store.verification_sealing import mark, order_key

OVERRIDE = "verification.override"


_AUDITED = {
    Outcome.MATCH: "done",
    Outcome.MISS: "refused",
    Outcome.BLOCKED: "refused",
    Outcome.UNAVAILABLE: "failed",
}


class AlreadySettled(Conflict):
    """Somebody else has said the outcome of this attempt: nothing is said twice."""


def carry_out(work: Applying, effect: e.VerifyEffect) -> None:
    """Do what the effect says.

    Raises:
        AlreadySettled: the attempt's outcome was said before.
        Forbidden: a confirmation that nobody else approved.
    """
    match effect:
        case e.Await():
            _await(work, effect)
        case e.Reserve():
            attempt_id = attempts.reserve(work, effect)
            work.record("verification", effect.because, what="reserved", attempt=attempt_id, of=effect.kind)
        case e.Cover():
            _cover(work, effect.words)
        case e.KeepProof():
            proofs.refresh(work.tx, where_of(work), work.policy.verification, work.now)
        case e.SettleAttempt():
            _settle(work, effect)
        case e.EndProof():
            if proofs.end(work.tx, where_of(work), effect.because, work.now):
                work.record("verification", effect.because, what="ended")
                _audit(work, "verification.end")
            if work.conversation_id is not None:
                proofs.forget_awaited(work.tx, work.conversation_id)
                codes.void(work.tx, work.conversation_id)
        case e.Confirm():
            _confirm(work, effect)
        case _:
            assert_never(effect)


def where_of(work: Applying) -> Where:
    """Return the conversation at work and who writes in it."""
    return Where(
        conversation_id=work.conversation_id,
        channel=work.snapshot.channel,
        thread_key=work.snapshot.key,
        contact_id=work.snapshot.contact.id,
    )


def _await(work: Applying, effect: e.Await) -> None:
    assert work.conversation_id is not None
    contact_id = work.snapshot.contact.id
    proofs.keep_awaited(work.tx, work.conversation_id, contact_id, effect.awaited, work.now, effect.agent_id)
    if effect.ticket:
        page = {
            "mark": mark(work.tx, "page", effect.ticket),
            "conversation_id": work.conversation_id,
            "ends_at": work.now + work.policy.verification.page_life,
        }
        work.tx.execute(insert(t.verify_page).values(page))
    work.record("verification", effect.because, what="asked", level=effect.awaited.level)


def _cover(work: Applying, words: str) -> None:
    """The contact's latest message stands there without what it gave."""
    m = t.message.c
    latest = (
        select(m.id)
        .where(m.thread_id == work.snapshot.thread_id, m.author == "customer")
        .order_by(m.seq.desc())
        .limit(1)
    )
    target = work.message_id if work.message_id is not None else work.tx.execute(latest).scalar()
    covered = {"text": words, "full_text": None, "html": None, "sealed": None}
    work.tx.execute(update(t.message).where(m.id == target).values(covered))


def _watch(work: Applying) -> None:
    """Call out once an hour while somebody guesses all over the house."""
    if not attempts.storm(work.tx, work.policy.verification, work.now):
        return
    because = "too many checks fail in the whole house: level L1 is off, codes still work"
    name = f"verification:{work.now:%Y%m%d%H}"
    alarm = Alarm(kind=AlarmKind.VERIFICATION, name=name)
    raise_in(work, RaiseAlarm(alarm=alarm, ways=work.policy.alarms.ways, because=because))


def _settle(work: Applying, effect: e.SettleAttempt) -> None:
    checked = effect.checked
    tx, now, rules = work.tx, work.now, work.policy.verification
    if not attempts.settle(tx, checked.attempt_id, checked.outcome, checked.why, now):
        raise AlreadySettled(f"attempt {checked.attempt_id} is settled")
    if checked.outcome in (Outcome.MISS, Outcome.BLOCKED):
        _watch(work)
    assert work.conversation_id is not None
    conversation_id, contact_id = work.conversation_id, work.snapshot.contact.id
    order = checked.awaited.order or ""
    is_match = checked.outcome is Outcome.MATCH
    if is_match and checked.code_id is not None and not codes.use(tx, checked.code_id, now):
        raise AlreadySettled(f"code {checked.code_id} is used")
    if is_match and checked.kind is Kind.SEND:
        codes.order_send(
            tx,
            conversation_id=conversation_id,
            contact_id=contact_id,
            kind="code",
            level=Level.L2,
            action=checked.awaited.action,
            order=order,
            number=checked.number,
            lang=work.lang,
            now=now,
            life=rules.code_life,
        )
    elif is_match and checked.method is not None:
        proofs.grant(tx, where_of(work), checked.standing, checked.method, work.snapshot.thread_id)
    if is_match and checked.kind is not Kind.SEND and checked.level >= checked.awaited.level:
        proofs.forget_awaited(tx, conversation_id)
    if checked.lock_order and order:
        codes.order_send(
            tx,
            conversation_id=conversation_id,
            contact_id=contact_id,
            kind="notice",
            level=Level.L1,
            action=None,
            order=order,
            number="",
            lang=work.lang,
            now=now,
            life=rules.order_within,
        )
    data = {"what": "settled", "attempt": checked.attempt_id, "of": checked.kind, "outcome": checked.outcome}
    if checked.method is not None and is_match:
        data |= {"level": checked.level, "method": checked.method}
    work.record("verification", effect.because, **data)
    _audit(
        work,
        "verification.attempt",
        outcome=_AUDITED[checked.outcome],
        kind=checked.kind.value,
        channel=work.snapshot.channel,
        contact=work.snapshot.contact.number,
        order=mark(tx, "attempt.order", order_key(order)) if order else "",
        method=checked.method.value if checked.method and is_match else "",
        level=checked.level.value,
        why=checked.why.value if checked.why else "",
    )


def _confirm(work: Applying, effect: e.Confirm) -> None:
    """L4 holds for that one action and no other; whose data it is about stays what was proven before."""
    about = f"ticket:{work.ticket_number}"
    known = approvals.open_one(work.tx, act=OVERRIDE, about=about, state="approved", now=work.now)
    if known is None or not approvals.settle(work.tx, known.id, was="approved", to="used", now=work.now):
        said = Said(
            "须先由另一位主管批准，请先提出申请。", "Another supervisor has to approve it first; ask for it."
        )
        raise Forbidden(f"{OVERRIDE} on {about} is not approved", code="needs_approval", public=said)
    before = proofs.read_standing(work.tx, where_of(work), work.now)
    standing = granted(
        Level.L4,
        work.policy.verification,
        work.now,
        conversation=work.conversation_id or 0,
        identity=proofs.identity_of(work.snapshot.contact.id),
        order=before.order,
        customer=before.customer,
        action=effect.action,
    )
    proofs.grant(work.tx, where_of(work), standing, Method.PEOPLE, work.snapshot.thread_id)
    work.record("verification", effect.because, what="confirmed", level=Level.L4, action=effect.action)
    _audit(work, "verification.confirm", level="L4", action=effect.action, request=known.id)


def _audit(work: Applying, act: str, outcome: str = "done", **details: Any) -> None:
    """Written last: on PostgreSQL the audit's rows queue up for one another."""
    about = f"ticket:{work.ticket_number}" if work.ticket_number else f"conversation:{work.conversation_id}"
    audit.write(
        work.tx, actor=work.actor.word, act=act, now=work.now, about=about, outcome=outcome, **details
    )

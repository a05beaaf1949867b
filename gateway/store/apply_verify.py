"""The effects of verification, carried out inside ``apply``'s transaction."""

from datetime import datetime
from typing import assert_never

from sqlalchemy import insert, select, update

from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.identity import Level
from gateway.domain.verification import Kind, Method, Outcome, granted
from gateway.errors import Conflict, Forbidden, NotFound, Said
from gateway.pipeline import effects_verify as e
from gateway.pipeline.effects_alarm import RaiseAlarm
from gateway.store import attempts, codes, proofs
from gateway.store import tables as t
from gateway.store.apply_alarm import raise_in
from gateway.store.applying import Applying
from gateway.store.proofs import Where
from gateway.store.verification_sealing import mark

_f = t.confirmation.c


class AlreadySettled(Conflict):
    """Somebody else has said the outcome of this attempt: nothing is said twice."""


class NoOwnApproval(Forbidden):
    """Whoever asks for a confirmation cannot give it."""

    code = "second_person"
    said = Said(
        "须由另一位主管确认，不能由申请人本人确认。",
        "Another supervisor must confirm it, not the one who asked.",
    )


def carry_out(work: Applying, effect: e.VerifyEffect) -> None:
    """Do what the effect says.

    Raises:
        AlreadySettled: the attempt's outcome was said before.
        NotFound: there is no such confirmation to settle.
    """
    match effect:
        case e.Await():
            _await(work, effect)
        case e.Reserve():
            attempt_id = attempts.reserve(work, effect)
            _watch(work)
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
            if work.conversation_id is not None:
                proofs.forget_awaited(work.tx, work.conversation_id)
                codes.void(work.tx, work.conversation_id)
        case e.AskConfirmation():
            _ask_confirmation(work, effect)
        case e.SettleConfirmation():
            _settle_confirmation(work, effect)
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
    covered = {"text": words, "full_text": None, "html": None}
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


# --- L4: two people ---


def _ask_confirmation(work: Applying, effect: e.AskConfirmation) -> None:
    if work.ticket_id is None or work.conversation_id is None:
        raise NotFound("no ticket to confirm anything on")
    row = {
        "ticket_id": work.ticket_id,
        "conversation_id": work.conversation_id,
        "action": effect.action,
        "reason": effect.reason,
        "state": "asked",
        "asked_by": effect.agent_id,
        "asked_at": work.now,
    }
    id_ = work.tx.execute(insert(t.confirmation).values(row).returning(_f.id)).scalar_one()
    work.record(
        "verification", effect.because, what="confirmation_asked", confirmation=id_, action=effect.action
    )


def _settle_confirmation(work: Applying, effect: e.SettleConfirmation) -> None:
    mine = (_f.id == effect.id) & (_f.ticket_id == work.ticket_id) & (_f.state == "asked")
    row = work.tx.execute(select(t.confirmation).where(mine)).first()
    if row is None:
        raise NotFound(f"no confirmation {effect.id} waits on this ticket")
    if row.asked_by == effect.agent_id:
        raise NoOwnApproval("asked for by the same person")
    state = "approved" if effect.approves else "refused"
    settled = {
        "state": state,
        "settled_by": effect.agent_id,
        "settled_at": work.now,
        "answer": effect.reason,
    }
    work.tx.execute(update(t.confirmation).where(_f.id == row.id).values(settled))
    if effect.approves:
        _confirm(work, row.action, work.now)
    work.record("verification", effect.because, what=f"confirmation_{state}", confirmation=row.id)


def _confirm(work: Applying, action: str, now: datetime) -> None:
    """L4 holds for that one action and no other; whose data it is about stays what was proven before."""
    before = proofs.read_standing(work.tx, where_of(work), now)
    standing = granted(
        Level.L4,
        work.policy.verification,
        now,
        conversation=work.conversation_id or 0,
        identity=proofs.identity_of(work.snapshot.contact.id),
        order=before.order,
        customer=before.customer,
        action=action,
    )
    proofs.grant(work.tx, where_of(work), standing, Method.PEOPLE, work.snapshot.thread_id)

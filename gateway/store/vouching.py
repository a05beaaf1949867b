"""A site's word for who writes on a thread: it counts once, holds for a while, and never joins two people."""

from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.contract import Vouched
from gateway.domain.identity import Level
from gateway.domain.verification import Method, VerificationRules, granted
from gateway.store import proofs
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.proofs import Where
from gateway.store.verification_sealing import mark

_p, _j, _th = t.proof.c, t.used_jti.c, t.thread.c


def vouch(
    tx: Tx, *, channel: str, thread: str, fresh: str, who: Vouched, rules: VerificationRules, now: datetime
) -> str | None:
    """Return the thread that is theirs: ``thread``, or ``fresh`` where another was vouched for; None for a used token."""
    if tx.dialect.name == "postgresql":
        name = f"vouch {channel} {thread}"
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
    tx.execute(delete(t.used_jti).where(_j.ends_at <= now))
    row = upsert(t.used_jti).values(mark=mark(tx, "jti", who.jti), ends_at=who.expires_at)
    if tx.execute(row.on_conflict_do_nothing().returning(_j.mark)).first() is None:
        return None
    customer = mark(tx, "proof.customer", who.subject)
    before = select(_p.customer_mark).where(
        _p.channel == channel, _p.thread_key == thread, _p.method == Method.SITE.value
    )
    known = tx.execute(before.order_by(_p.id.desc()).limit(1)).scalar()
    mine = thread if known in (None, customer) else fresh
    _grant(tx, channel, mine, who, rules, now)
    return mine


def _grant(tx: Tx, channel: str, thread: str, who: Vouched, rules: VerificationRules, now: datetime) -> None:
    """L2 for whoever is signed in, and L3 besides while that is a short time ago."""
    contact = tx.execute(select(_th.contact_id).where(_th.channel == channel, _th.key == thread)).scalar()
    where = Where(conversation_id=None, channel=channel, thread_key=thread, contact_id=contact or 0)
    given = [granted(Level.L2, rules, now, conversation=0, identity=thread, customer=who.subject)]
    if who.signed_in_at is not None and now - who.signed_in_at < rules.spans[Level.L3].most:
        # From the sign-in on, not from its being shown: an old proof does not get younger by being told.
        at = min(who.signed_in_at, now)
        given.append(granted(Level.L3, rules, at, conversation=0, identity=thread, customer=who.subject))
    for standing in given:
        proofs.grant(tx, where, standing, Method.SITE, None)

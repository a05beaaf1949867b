"""Tags on customers and tickets: by rule and by hand, each with its reason; and how customers like to be reached."""

from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gateway.domain.preferences import Preference
from gateway.domain.tags import Facts, amount_of, matching
from gateway.domain.ticket import Anomaly, TicketType
from gateway.pipeline.effects_life import ChangeTags, ProposePreference
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.database import Tx
from gateway.store.personal import entities_of

On = Literal["contact", "ticket"]
MOST = 50
"""So many preferences of one customer are kept."""
_g, _k, _c = t.tag.c, t.ticket.c, t.contact.c


def by_rules(work: Applying, text: str) -> None:
    """Give the tags whose rules hold now; what is given stays until somebody takes it away."""
    rules = work.policy.life.tag_rules
    if not rules or work.ticket_id is None:
        return
    talk = t.conversation.c
    row = work.tx.execute(
        select(_k.reopens, talk.id, talk.entities)
        .join(t.conversation, talk.id == _k.conversation_id)
        .where(_k.id == work.ticket_id)
    ).one()
    named = entities_of(work.tx, row.id, row.entities)
    sums = (amount_of(one["value"]) for one in named if one["kind"] == "amount")
    facts = Facts(
        complaints=lambda within: _complaints(work, within),
        reopens=row.reopens,
        amounts=tuple(one for one in sums if one is not None),
        products=frozenset(one["value"] for one in named if one["kind"] == "product"),
        text=text,
    )
    for rule, because in matching(rules, facts):
        _add(work, rule.on, rule.tag, because)


def change(work: Applying, effect: ChangeTags) -> None:
    """Give and take tags by hand."""
    for name in effect.add:
        _add(work, effect.on, name, effect.because)
    for name in effect.remove:
        mine = (_g.kind == effect.on) & (_g.row_id == _row(work, effect.on)) & (_g.name == name)
        if work.tx.execute(delete(t.tag).where(mine)).rowcount:
            work.record("tag", effect.because, what="removed", tag=name, on=effect.on)
    if effect.on == "contact":
        _mirror(work.tx, work.snapshot.contact.id)


def propose(work: Applying, effect: ProposePreference) -> None:
    """Keep what the customer said of how they like to be reached, once, for an agent to decide on."""
    contact_id, said = work.snapshot.contact.id, effect.preference
    kept: list[dict[str, Any]] = list(
        work.tx.execute(select(_c.preferences).where(_c.id == contact_id)).scalar() or ()
    )
    if len(kept) >= MOST or any((one["kind"], one["value"]) == (said.kind, said.value) for one in kept):
        return
    kept.append(_written(said, work.now.isoformat()))
    work.tx.execute(update(t.contact).where(_c.id == contact_id).values(preferences=kept))
    work.record("preference", effect.because, what="proposed", preference=said.kind)


def tag_faces(tx: Tx, on: On, row_id: int) -> list[dict[str, Any]]:
    """Return the tags of a customer or a ticket, each with why and by whom."""
    query = select(_g.name, _g.because, _g.by, _g.at).where(_g.kind == on, _g.row_id == row_id)
    rows = tx.execute(query.order_by(_g.at, _g.name))
    return [{"name": row.name, "because": row.because, "by": row.by, "at": row.at} for row in rows]


def tags_of(tx: Tx, number: str) -> dict[str, list[dict[str, Any]]]:
    """Return the tags of a ticket and of its customer."""
    row = tx.execute(select(_k.id, _k.contact_id).where(_k.number == number)).one()
    return {"ticket": tag_faces(tx, "ticket", row.id), "contact": tag_faces(tx, "contact", row.contact_id)}


def has_tag(name: str) -> ColumnElement[bool]:
    """Return the condition that a ticket, or its customer, has a tag."""
    on = {kind: select(_g.row_id).where(_g.name == name, _g.kind == kind) for kind in ("ticket", "contact")}
    return or_(_k.id.in_(on["ticket"]), _k.contact_id.in_(on["contact"]))


def _written(said: Preference, at: str) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "value": said.value,
        "text": said.text,
        "state": "proposed",
        "by": "contact",
        "at": at,
    }


def _add(work: Applying, on: On, name: str, because: str) -> None:
    values = {
        "kind": on,
        "row_id": _row(work, on),
        "name": name,
        "because": because,
        "by": work.actor.word if work.actor.agent_id is not None else "rule",
        "at": work.now,
    }
    if not work.tx.execute(upsert(t.tag).values(values).on_conflict_do_nothing()).rowcount:
        return
    work.record("tag", because, what="added", tag=name, on=on)
    if on == "contact":
        _mirror(work.tx, work.snapshot.contact.id)


def _row(work: Applying, on: On) -> int | None:
    return work.ticket_id if on == "ticket" else work.snapshot.contact.id


def _mirror(tx: Tx, contact_id: int) -> None:
    """Routing reads a customer's tags with the customer."""
    names = select(_g.name).where(_g.kind == "contact", _g.row_id == contact_id).order_by(_g.at, _g.name)
    tags = list(tx.execute(names).scalars())
    tx.execute(update(t.contact).where(_c.id == contact_id).values(tags=tags or None))


def _complaints(work: Applying, within: timedelta) -> int:
    """How many complaints of this customer's were opened within a span up to now, this one among them."""
    complains = or_(_k.type == TicketType.COMPLAINT, _k.anomaly != Anomaly.NONE)
    mine = (_k.contact_id == work.snapshot.contact.id) & (_k.opened_at > work.now - within)
    query = select(func.count()).where(mine, complains, _k.spam.is_(None), _k.merged_into.is_(None))
    return work.tx.execute(query).scalar_one()

"""What triage said of a ticket, what people corrected, and how often it was right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, select, update

from gateway.domain.complaint import is_complaint
from gateway.domain.ticket import Anomaly, Classification, TicketType, Urgency
from gateway.domain.triage_report import FIELDS, Judged
from gateway.pipeline.effects_triage import Correct
from gateway.store import complaints
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.columns import to_micros
from gateway.store.database import Tx
from gateway.store.prepared import Prepared

_KEEP = Prepared(
    insert(t.triage).values({column.name: bindparam(column.name) for column in t.triage.columns})
)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_k, _s, _c, _m = t.ticket.c, t.triage.c, t.correction.c, t.message.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """One correction, with who made it."""

    field: str
    was: str
    value: str
    reason: str
    agent_number: str | None
    agent_name: str | None
    version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWords:
    """A ticket's first message and what people say it is about."""

    ticket: str
    text: str
    channel: str
    holds: Mapping[str, str]
    corrected: frozenset[str]


def keep(work: Applying, about: Classification) -> None:
    """Keep what triage said of the ticket just opened; nothing where it was not asked."""
    if not about.version:
        return
    _KEEP.run(
        work.tx,
        ticket_id=work.ticket_id,
        version=about.version,
        type=about.said_type,
        subtype=about.subtype,
        urgency=about.urgency.value,
        anomaly=about.anomaly.value,
        department=about.department,
        needs_identity=about.needs_identity,
        sensitive=orjson.dumps(about.sensitive).decode(),
        lang=about.lang,
        confidence=orjson.dumps({name: round(value, 3) for name, value in about.confidence.items()}).decode(),
        at=to_micros(work.now),
    )


def correct(work: Applying, effect: Correct) -> None:
    """Change what the ticket is about, and remember who said so and why."""
    assert work.ticket_id is not None
    row = work.tx.execute(
        select(*_k, _s.version.label("triaged"))
        .outerjoin(t.triage, _s.ticket_id == _k.id)
        .where(_k.id == work.ticket_id)
    ).one()
    changed = {
        field: value for field, value in effect.changes.items() if value != as_word(getattr(row, field))
    }
    if not changed:
        return
    for field, value in changed.items():
        work.tx.execute(
            insert(t.correction).values(
                ticket_id=work.ticket_id,
                field=field,
                was=as_word(getattr(row, field)),
                value=value,
                reason=effect.reason,
                agent_id=effect.agent_id,
                version=row.triaged or "",
                at=work.now,
            )
        )
    values: dict[str, Any] = {field: _kept(field, value) for field, value in changed.items()}
    if "urgency" in values:
        values["urgency_rank"] = Urgency(values["urgency"]).rank
    work.tx.execute(update(t.ticket).where(_k.id == work.ticket_id).values(version=_k.version + 1, **values))
    about = {field: values.get(field, getattr(row, field)) for field in ("type", "anomaly")}
    if is_complaint(TicketType(about["type"]), Anomaly(about["anomaly"])):
        complaints.begin(work, effect.because)
    work.record("ticket", effect.because, what="corrected", **values)


def as_word(value: object) -> str:
    """Return a column's value as corrections and the model call it: ``yes`` and ``no``, empty for none."""
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _kept(field: str, value: str) -> Any:
    return value == "yes" if field == "needs_identity" else value or None


def corrections(tx: Tx, number: str) -> list[Corrected]:
    """Return a ticket's corrections, oldest first."""
    query = (
        select(t.correction, t.agent.c.number.label("agent_number"), t.agent.c.name.label("agent_name"))
        .join(t.ticket, _k.id == _c.ticket_id)
        .outerjoin(t.agent, t.agent.c.id == _c.agent_id)
        .where(_k.number == number)
        .order_by(_c.id)
    )
    return [
        Corrected(
            field=row.field,
            was=row.was,
            value=row.value,
            reason=row.reason,
            agent_number=row.agent_number,
            agent_name=row.agent_name,
            version=row.version,
            at=row.at,
        )
        for row in tx.execute(query)
    ]


def said_of(tx: Tx, number: str) -> Any:
    """Return the row of what triage said of a ticket, with what the ticket says now; None if there is no ticket."""
    holds = [_k[field].label(f"now_{field}") for field in FIELDS]
    query = select(t.triage, *holds, _k.number, _k.version.label("ticket_version"))
    return tx.execute(
        query.select_from(t.ticket).outerjoin(t.triage, _s.ticket_id == _k.id).where(_k.number == number)
    ).first()


def judged(tx: Tx, since: datetime) -> list[Judged]:
    """Return what triage said of tickets since then, beside what people made of it."""
    by_ticket: dict[int, dict[str, str]] = {}
    later = select(_c.ticket_id, _c.field, _c.value).join(t.triage, _s.ticket_id == _c.ticket_id)
    for row in tx.execute(later.where(_s.at >= since).order_by(_c.id)):
        by_ticket.setdefault(row.ticket_id, {})[row.field] = row.value
    query = select(t.triage, _k.first_agent_id, _k.type.label("ticket_type")).join(
        t.ticket, _k.id == _s.ticket_id
    )
    rows = tx.execute(query.where(_s.at >= since, _k.spam.is_(None)).order_by(_s.ticket_id))
    return [_judged(row, by_ticket.get(row.ticket_id, {})) for row in rows]


def _judged(row: Any, corrected: Mapping[str, str]) -> Judged:
    said = {field: as_word(getattr(row, field)) for field in FIELDS}
    return Judged(
        ticket_id=row.ticket_id,
        version=row.version,
        said=said,
        holds={**said, **corrected},
        corrected=frozenset(corrected),
        seen=bool(corrected) or row.first_agent_id is not None,
    )


def corrected_cases(tx: Tx, since: datetime | None) -> list[FirstWords]:
    """Return the first message of every corrected ticket that is no spam, with what people say it is about."""
    wanted = select(_c.ticket_id).where(_c.at >= since) if since else select(_c.ticket_id)
    found = [one for one in judged(tx, _BEGINNING) if one.corrected]
    chosen = {row.ticket_id for row in tx.execute(wanted.distinct())}
    cases = []
    for one in found:
        if one.ticket_id not in chosen:
            continue
        first = tx.execute(
            select(_m.text, _k.number, _k.channel)
            .join(t.ticket, _k.conversation_id == _m.conversation_id)
            .where(_k.id == one.ticket_id, _m.author == "customer")
            .order_by(_m.seq)
            .limit(1)
        ).first()
        if first is not None and first.text.strip():
            cases.append(
                FirstWords(
                    ticket=first.number,
                    text=first.text,
                    channel=first.channel,
                    holds=one.holds,
                    corrected=one.corrected,
                )
            )
    return cases

"""No column is forgotten when somebody is erased: each that can hold words is emptied, removed, or known to hold none."""

from typing import Any

from sqlalchemy import LargeBinary, String, TypeDecorator
from sqlalchemy.types import TypeEngine

from gateway.store import tables as t
from gateway.store.scrubbing import BLANKED, REMOVED

STAFF = {
    "agent": "login number name role roles mail lang departments password state",
    "agent_profile": "skills languages capacity hours supervises",
    "api_token": "token_hash name role handle actions made_by",
    "one_time_link": "token_hash purpose",
    "sign_in_flow": "token_hash kind data",
    "access_request": "kind reason state",
    "factor": "kind name secret credential public_key transports",
    "known_device": "device_hash",
    "oidc_identity": "issuer subject",
    "recovery_code": "code_hash",
    "session": "token_hash csrf handle stage factor browser address",
    "emergency": "cause topics channel state because template notice proposed_by started_by ended_by report reviewed_by",
    "emergency_news": "texts by",
    "alarm_delivery": "way state error",
}
"""About people at work and the house's own matters: erased in other ways, if at all."""
TRACES = {
    "audit": "actor act about outcome details kid prev hash",
    "audit_cut": "hash kid mac",
    "data_key": "kid purpose root wrapped",
    "erasure": "number state by approved_by counts",
    "doomed_blob": "blob",
    "approval": "act about state",
    "reveal": "what",
    "hold": "kind because by lifted_by",
}
"""Pseudonyms and references only; a hold's reason is emptied where its customer is erased."""
PLAIN = {
    "counter": "name",
    "cursor": "channel value",
    "used_jti": "mark",
    "blocked_sender": "pattern_index pattern reason",
    "contact": "number lang",
    "thread": "channel key",
    "inbox": "channel external_id body_hash state lease_owner",
    "outbox": "key channel role state lease_owner code provider_id",
    "message": "public_id author",
    "conversation": "channel state lang topic type subtype place_key told_by",
    "ticket": "number channel status type subtype urgency anomaly department lang waiting_on spam",
    "event": "kind actor data",
    "alarm": "name kind",
    "knowledge_use": "entry",
    "correction": "field was value version",
    "explanation": "department cause",
    "handover": "state",
    "merge": "before",
    "promise": "kind owner state rule version needs counts",
    "promise_segment": "kind",
    "task": "department state",
    "triage": "version type subtype urgency anomaly department sensitive lang confidence",
}
"""Numbers, kinds and states, and what names a message or a thread: that is replaced where it could name a person."""


def can_hold_words(kind: TypeEngine[Any]) -> bool:
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return isinstance(kind, String | LargeBinary)


def test_every_column_that_can_hold_words_is_emptied_or_known_to_hold_none_of_a_customers() -> None:
    kept = {
        f"{table}.{name}"
        for known in (STAFF, TRACES, PLAIN)
        for table, names in known.items()
        for name in names.split()
    }
    emptied = {f"{table.name}.{name}" for table, names in BLANKED.items() for name in names}
    words = {
        f"{table.name}.{column.name}"
        for table in t.metadata.sorted_tables
        for column in table.c
        if table not in REMOVED
        if can_hold_words(column.type) and column.name != "sealed"
    }
    assert words - kept - emptied == set(), (
        "say in gateway/store/scrubbing.py what becomes of it, or here why it may stay"
    )
    assert kept - words == set(), "there is no such column any more"
    assert kept & emptied == set()

"""The part of the schema about how people come in: second factors, known devices, sign-ins under way, requests of two."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, String, Table, Text

from gateway.store.columns import Id, Instant, Json
from gateway.store.schema import an_id, metadata
from gateway.store.tables_keys import sealed_by

factor = Table(
    "factor",
    metadata,
    an_id(),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("name", Text, nullable=False),
    Column("secret", Text, info=sealed_by("id")),
    Column("last_step", BigInteger),
    Column("credential", String(1400), unique=True),
    Column("public_key", Text),
    Column("sign_count", BigInteger),
    Column("transports", Json),
    Column("is_synced", Boolean),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("used_at", Instant),
)
"""``kind``: totp (``secret`` is sealed, ``last_step`` the last time step that a code was taken for) or passkey."""

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sign_in_flow = Table(
    "sign_in_flow",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("agent_id", Id),
    Column("data", Json, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
"""Something begun that must come back once: a passkey's challenge, a round trip to the single sign-on."""

oidc_identity = Table(
    "oidc_identity",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False, unique=True),
    Column("linked_at", Instant, nullable=False),
    Column("used_at", Instant),
)

known_device = Table(
    "known_device",
    metadata,
    Column("agent_id", Id, ForeignKey("agent.id"), primary_key=True, autoincrement=False),
    Column("device_hash", String(64), primary_key=True),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)
"""Browsers somebody signed in with: a new one is told of by mail, a known one is not kept out by strangers' guesses."""

access_request = Table(
    "access_request",
    metadata,
    an_id(),
    Column("kind", String(16), nullable=False),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False),
    Column("asked_by", Id, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("decided_by", Id),
    Column("decided_at", Instant),
)
"""What needs a second administrator; ``state``: asked, approved, refused."""

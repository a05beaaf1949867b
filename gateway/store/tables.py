"""The schema, read top to bottom. Instants are microseconds since 1970 UTC; JSON columns are text.

Changed only together with a migration in ``store/migrations``. What belongs to a ticket's life beside the ticket
itself is in ``tables_life``, what is owed in ``tables_promises``.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from gateway.store.columns import Covered, CoveredHtml, CoveredJson, Id, Instant, Json
from gateway.store.schema import an_id, partial
from gateway.store.schema import metadata as metadata
from gateway.store.tables_access import access_request as access_request
from gateway.store.tables_access import factor as factor
from gateway.store.tables_access import known_device as known_device
from gateway.store.tables_access import oidc_identity as oidc_identity
from gateway.store.tables_access import recovery_code as recovery_code
from gateway.store.tables_access import sign_in_flow as sign_in_flow
from gateway.store.tables_alarms import alarm as alarm
from gateway.store.tables_alarms import alarm_delivery as alarm_delivery
from gateway.store.tables_approvals import approval as approval
from gateway.store.tables_audit import audit as audit
from gateway.store.tables_audit import audit_cut as audit_cut
from gateway.store.tables_audit import audit_words as audit_words
from gateway.store.tables_emergencies import emergency as emergency
from gateway.store.tables_emergencies import emergency_concern as emergency_concern
from gateway.store.tables_emergencies import emergency_news as emergency_news
from gateway.store.tables_identity import attempt as attempt
from gateway.store.tables_identity import awaited as awaited
from gateway.store.tables_identity import code as code
from gateway.store.tables_identity import proof as proof
from gateway.store.tables_identity import used_jti as used_jti
from gateway.store.tables_identity import verify_page as verify_page
from gateway.store.tables_keys import data_key as data_key
from gateway.store.tables_keys import sealed_by
from gateway.store.tables_life import complaint as complaint
from gateway.store.tables_life import merge as merge
from gateway.store.tables_life import not_a_duplicate as not_a_duplicate
from gateway.store.tables_life import tag as tag
from gateway.store.tables_life import task as task
from gateway.store.tables_life import ticket_key as ticket_key
from gateway.store.tables_people import agent_profile as agent_profile
from gateway.store.tables_people import handover as handover
from gateway.store.tables_promises import explanation as explanation
from gateway.store.tables_promises import promise as promise
from gateway.store.tables_promises import promise_segment as promise_segment
from gateway.store.tables_retention import doomed_blob as doomed_blob
from gateway.store.tables_retention import erasure as erasure
from gateway.store.tables_retention import hold as hold
from gateway.store.tables_reveal import reveal as reveal
from gateway.store.tables_triage import correction as correction
from gateway.store.tables_triage import triage as triage

contact = Table(
    "contact",
    metadata,
    an_id(),
    Column("number", String(20), nullable=False, unique=True),
    Column("name", Text, info=sealed_by("number")),
    Column("lang", String(10), nullable=False, server_default="zh-CN"),
    Column("tags", Json),
    Column("preferences", Json),
    Column("preferred_channel", String(64)),
    Column("vip", Boolean, nullable=False, server_default=false()),
    Column("own_agent_id", Id),
    Column("consent", String(40)),  # the version of the privacy notice agreed to, and since when
    Column("consent_at", Instant),
    Column("erased_at", Instant),
    Column("created_at", Instant, nullable=False),
)

contact_identity = Table(
    "contact_identity",
    metadata,
    an_id(),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False, index=True),
    Column("channel", String(64), nullable=False),
    Column("address", Text, nullable=False, info=sealed_by("contact_id", "channel", "address_index")),
    Column("address_index", String(22), nullable=False),
    Column("level", Integer, nullable=False, server_default="0"),
    Column("no_mail", Covered),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel", "address_index"),
    Index("ix_contact_identity_address_index", "address_index"),
)

thread = Table(
    "thread",
    metadata,
    an_id(),
    Column("channel", String(64), nullable=False),
    Column("key", String(128), nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False, index=True),
    Column("last_seq", Integer, nullable=False, server_default="0"),
    Column("customer_seq", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("conversation_id", Id),
    Column("subject", Text, info=sealed_by("channel", "key")),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel", "key"),
)

conversation = Table(
    "conversation",
    metadata,
    an_id(),
    Column("thread_id", Id, ForeignKey("thread.id"), nullable=False, index=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False, index=True),
    Column("channel", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("lang", String(10), nullable=False),
    Column("topic", String(128)),
    Column("type", String(16)),
    Column("subtype", String(64)),
    Column("offered", Json),
    Column("entities", Text, info=sealed_by("id")),
    Column("misses", Integer, nullable=False, server_default="0"),
    Column("previous_id", Id),
    Column("started_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("queued_at", Instant),
    Column("queue_rank", Integer, nullable=False, server_default="9"),
    Column("told_place", Integer),
    Column("place_key", String(64)),
    Column("told_at", Instant),  # by when the customer was last told that a person answers
    Column("told_by", String(16)),  # what told it: reply, delay
    Column("closed_at", Instant),
    Column("scrubbed_at", Instant),  # its words are gone, by time or with its contact
    partial("ix_conversation_waiting", "queue_rank", "queued_at", where="state = 'queued'"),
    partial("ix_conversation_unscrubbed", "last_at", where="scrubbed_at IS NULL"),
)

message = Table(
    "message",
    metadata,
    an_id(),
    Column("thread_id", Id, ForeignKey("thread.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("conversation_id", Id, ForeignKey("conversation.id")),
    Column("public_id", String(200), nullable=False),
    Column("author", String(10), nullable=False),
    Column("agent_id", Id),
    Column("text", Covered, nullable=False),
    Column("full_text", Covered),
    Column("html", CoveredHtml),
    Column(
        "sealed", Text, info=sealed_by("thread_id", "seq", joined=".")
    ),  # the originals of what is covered, as JSON
    Column("choices", Json),
    Column("attachments", Json),
    Column("problems", CoveredJson),
    Column("labels", Json),
    Column("because", Covered),
    Column("inbox_id", Id),
    Column("edits", Id),
    Column("sent_at", Instant),
    Column("at", Instant, nullable=False),
    UniqueConstraint("thread_id", "seq"),
    UniqueConstraint("thread_id", "public_id"),
)

message_ref = Table(
    "message_ref",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("ref", String(255), primary_key=True),
    Column("thread_id", Id, nullable=False, index=True),
    Column("message_id", Id),
    Column("own", Boolean, nullable=False),
)

note = Table(
    "note",
    metadata,
    an_id(),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("agent_id", Id, nullable=False),
    Column("text", Covered, nullable=False),
    Column("sealed", Text, info=sealed_by("id")),  # the originals of what is covered, as JSON
    Column("forward", Json),
    Column("task_id", Id),
    Column("at", Instant, nullable=False),
)

ticket = Table(
    "ticket",
    metadata,
    an_id(),
    Column("number", String(24), nullable=False, unique=True),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False, unique=True),
    Column("thread_id", Id, nullable=False, index=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False, index=True),
    Column("channel", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("type", String(16), nullable=False),
    Column("subtype", String(64)),
    Column("urgency", String(16), nullable=False),
    Column("urgency_rank", Integer, nullable=False),
    Column("anomaly", String(16), nullable=False),
    Column("department", String(64), nullable=False),
    Column("needs_identity", Boolean, nullable=False, server_default=false()),
    Column("subject", Covered, nullable=False),
    Column("summary", Covered, nullable=False),
    Column("because", Covered, nullable=False),
    Column("lang", String(10), nullable=False),
    Column("agent_id", Id),
    Column("first_agent_id", Id),
    Column("waiting_on", String(16)),
    Column("waiting_since", Instant),
    Column("due_at", Instant),
    Column("last_text", Covered, nullable=False, server_default=""),
    Column("last_at", Instant, nullable=False),
    Column("outcome", Covered),
    Column("spam", Covered),
    Column("opened_at", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("answered_at", Instant),
    Column("resolved_at", Instant),
    Column("closed_at", Instant),
    Column("closes_at", Instant),
    Column("close_told_at", Instant),
    Column("merged_into", Id),
    Column("reopens", Integer, nullable=False, server_default="0"),
    Column("line", Integer, nullable=False, server_default="1"),
    Column("suggested_agent_id", Id),
    Column("supervisor_id", Id),
    Column("requeued_at", Instant),
    Column("escalation", Integer, nullable=False, server_default="0"),
    Column("escalated_at", Instant),
    Column("escalated_because", Covered),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_ticket_list", "status", "department", "urgency_rank", "due_at", "opened_at"),
    Index("ix_ticket_agent", "agent_id", "status"),
    Index("ix_ticket_opened_at", "opened_at"),
    partial("ix_ticket_spam", "opened_at", where="spam IS NOT NULL"),
    partial("ix_ticket_suggested", "suggested_agent_id", where="suggested_agent_id IS NOT NULL"),
    partial("ix_ticket_supervisor", "supervisor_id", where="supervisor_id IS NOT NULL"),
    partial("ix_ticket_closes", "closes_at", where="closes_at IS NOT NULL"),
    partial("ix_ticket_merged", "merged_into", where="merged_into IS NOT NULL"),
)

inbox = Table(
    "inbox",
    metadata,
    an_id(),
    Column("channel", String(64), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("thread_id", Id),
    Column("seq", Integer),
    Column("body", Text, nullable=False, info=sealed_by("channel", "external_id")),
    Column("body_hash", String(32), nullable=False),
    Column("raw", LargeBinary, info=sealed_by("channel", "external_id")),
    Column("raw_blob", String(64)),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant, nullable=False),
    Column("lease_owner", String(32)),
    Column("lease_until", Instant),
    Column("error", Covered),
    Column("received_at", Instant, nullable=False),
    Column("cleared_at", Instant),  # what it held is let go; the row stays, so that nothing comes in twice
    UniqueConstraint("channel", "external_id"),
    partial("ix_inbox_new", "not_before", where="state = 'new'"),
    partial("ix_inbox_failed", "received_at", where="state = 'failed'"),
)

outbox = Table(
    "outbox",
    metadata,
    an_id(),
    Column("key", String(64), nullable=False),
    Column("copy", Integer, nullable=False, server_default="0"),
    Column("channel", String(64), nullable=False),
    Column("thread_id", Id, ForeignKey("thread.id"), nullable=False, index=True),
    Column("message_id", Id, index=True),
    Column("note_id", Id),
    Column("recipient", Text, info=sealed_by("key", "copy")),
    Column("recipient_index", String(22)),
    Column("role", String(4), nullable=False, server_default="to"),
    Column("body", Text, nullable=False, info=sealed_by("key", "copy")),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("silences", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant, nullable=False),
    Column("lease_owner", String(32)),
    Column("lease_until", Instant),
    Column("error", Covered),
    Column("code", String(24)),
    Column("provider_id", String(255)),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    UniqueConstraint("key", "copy"),
    partial("ix_outbox_note_id", "note_id", where="note_id IS NOT NULL"),
    partial("ix_outbox_open", "channel", "not_before", where="state IN ('due', 'sending', 'unknown')"),
)

knowledge_use = Table(
    "knowledge_use",
    metadata,
    Column("at", Instant, primary_key=True),
    Column("message_id", Id, primary_key=True),
    Column("entry", Text, primary_key=True),
    sqlite_with_rowid=False,  # one tree in the order of time: the newest page is the only one written to
)

blocked_sender = Table(
    "blocked_sender",
    metadata,
    Column("pattern_index", String(22), primary_key=True),
    Column("pattern", Text, nullable=False, info=sealed_by("pattern_index")),
    Column("agent_id", Id),
    Column("reason", Covered, nullable=False),
    Column("at", Instant, nullable=False),
)

cursor = Table(
    "cursor",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("thread_id", Id, index=True),
    Column("channel", String(64)),
    Column("thread_key", String(128)),
    Column("agent_id", Id),
    Column("blob", String(64), nullable=False, index=True),
    Column("name", Text, nullable=False),  # "file" and the ending: the sender's own is in ``sealed``
    # Name and the file's key, as JSON; none: a file from before, in the clear.
    Column("sealed", Text, info=sealed_by("id")),
    Column("media_type", String(128), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("scanned", Boolean, nullable=False, server_default=false()),
    Index("ix_attachment_sender", "channel", "thread_key", "at"),
    Index("ix_attachment_agent", "agent_id", "at"),
)

event = Table(
    "event",
    metadata,
    an_id(),
    Column("at", Instant, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("thread_id", Id),
    Column("conversation_id", Id),
    Column("ticket_id", Id),
    Column("message_id", Id),
    Column("actor", String(64), nullable=False),
    Column("because", Covered),
    Column("data", Json),
    partial("ix_event_ticket", "ticket_id", where="ticket_id IS NOT NULL"),
)

agent = Table(
    "agent",
    metadata,
    an_id(),
    Column("login", String(128), nullable=False, unique=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("roles", Json),
    Column("mail", String(320)),
    Column("lang", String(10), nullable=False, server_default="zh-CN"),
    Column("departments", Json),
    Column("password", Text),
    Column("state", String(10), nullable=False, server_default="offline"),
    Column("state_at", Instant),
    Column("back_at", Instant),
    Column("disabled_at", Instant),
    Column("password_at", Instant),
    Column("created_at", Instant, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("agent_id", Id, ForeignKey("agent.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("handle", String(32), index=True),
    Column("stage", String(8), nullable=False, server_default="second"),
    Column("factor", String(10)),
    Column("proved_at", Instant),
    Column("browser", Text),
    Column("address", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

api_token = Table(
    "api_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("handle", String(32), index=True),
    Column("actions", Json),
    Column("made_by", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

one_time_link = Table(
    "one_time_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("agent_id", Id),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

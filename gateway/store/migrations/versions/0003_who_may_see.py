"""Make room for identity, sealed data, audit and access."""

import sqlalchemy as sa
from alembic import op

from gateway.store.migrations.covering_0003 import cover_rows
from gateway.store.migrations.sealing_0003 import upgrade_sealing

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    _data_keys()
    _audit()
    _retention()
    _access()
    _identity()
    _consent()
    _edges()
    _approvals()
    _covering()
    upgrade_sealing()  # last: it seals what the others may still have to move


def _identity() -> None:
    op.create_table(
        "awaited",
        sa.Column("conversation_id", ID, autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("entry", sa.String(length=128), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=True),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("by_agent_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_awaited_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_awaited")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("thread_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("entry", sa.String(length=128), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=True),
        sa.Column("given", sa.Text(), nullable=True),
        sa.Column("order_mark", sa.String(length=64), nullable=True),
        sa.Column("place_mark", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("why", sa.String(length=12), nullable=True),
        sa.Column("takes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_owner", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_attempt_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_conversation_id", "attempt", ["conversation_id"])
    _partial("ix_attempt_open", "attempt", ["at"], "state <> 'settled'")
    op.create_index("ix_attempt_order", "attempt", ["order_mark", "at"])
    op.create_index("ix_attempt_outcome", "attempt", ["outcome", "at"])
    op.create_index("ix_attempt_place", "attempt", ["place_mark", "at"])
    op.create_table(
        "proof",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("thread_id", ID, nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("thread_key", sa.String(length=128), nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("customer_mark", sa.String(length=64), nullable=True),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("idle_until", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    op.create_index("ix_proof_conversation_id", "proof", ["conversation_id"])
    op.create_index("ix_proof_thread", "proof", ["channel", "thread_key"])
    op.create_table(
        "code",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=True),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.Column("link_mark", sa.String(length=64), nullable=True),
        sa.Column("number", sa.String(length=2), nullable=True),
        sa.Column("way", sa.String(length=8), nullable=True),
        sa.Column("to_mark", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_code_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
    )
    op.create_index("ix_code_conversation_id", "code", ["conversation_id"])
    _partial("ix_code_due", "code", ["not_before"], "state = 'due'")
    op.create_index("ix_code_link_mark", "code", ["link_mark"])
    op.create_index("ix_code_to", "code", ["to_mark", "at"])
    op.create_table(
        "verify_page",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_verify_page_conversation_id")
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_verify_page")),
    )
    op.create_index("ix_verify_page_conversation_id", "verify_page", ["conversation_id"])
    op.create_table(
        "used_jti",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_used_jti")),
    )
    op.create_index("ix_used_jti_ends_at", "used_jti", ["ends_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=48), nullable=False),
        sa.Column("about", sa.String(length=128), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_actor", "audit", ["actor", "seq"])
    op.create_index("ix_audit_about", "audit", ["about", "seq"])
    op.create_table(
        "audit_words",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_words")),
    )
    op.create_table(
        "audit_cut",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_cut")),
    )
    for statement in _SQLITE_GUARD if op.get_bind().dialect.name == "sqlite" else _POSTGRES_GUARD:
        op.execute(statement)


_SQLITE_GUARD = (
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    "CREATE TRIGGER audit_kept BEFORE DELETE ON audit "
    "WHEN OLD.seq > (SELECT COALESCE(MAX(upto), 0) FROM audit_cut) "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
)
_POSTGRES_GUARD = (
    """CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.seq <= (SELECT COALESCE(MAX(upto), 0) FROM audit_cut) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'restrict_violation';
    END $$""",
    "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
)


def _approvals() -> None:
    op.create_table(
        "approval",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["agent.id"], name=op.f("fk_approval_asked_by_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    _partial("ix_approval_open", "approval", ["act", "about"], "state IN ('asked', 'approved')")


def _access() -> None:
    op.execute("DELETE FROM session")  # everybody proves anew who they are
    for name, kind in (
        ("handle", sa.String(length=32)),
        ("factor", sa.String(length=10)),
        ("browser", sa.Text()),
    ):
        op.add_column("session", sa.Column(name, kind, nullable=True))
    op.add_column("session", sa.Column("proved_at", sa.BigInteger(), nullable=True))
    op.add_column("session", sa.Column("stage", sa.String(length=8), server_default="second", nullable=False))
    op.create_index(op.f("ix_session_handle"), "session", ["handle"])
    op.add_column("agent", sa.Column("roles", sa.Text(), nullable=True))
    op.add_column("agent", sa.Column("mail", sa.String(length=320), nullable=True))
    # An administrator could do all that a supervisor can: who has an account keeps what it was good for.
    op.execute("UPDATE agent SET roles = '[\"admin\",\"supervisor\"]' WHERE role = 'admin'")
    op.add_column("api_token", sa.Column("handle", sa.String(length=32), nullable=True))
    op.add_column("api_token", sa.Column("actions", sa.Text(), nullable=True))
    op.add_column("api_token", sa.Column("made_by", sa.String(length=64), nullable=True))
    op.add_column("api_token", sa.Column("used_at", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_api_token_handle"), "api_token", ["handle"])
    op.execute("UPDATE api_token SET handle = substr(token_hash, 1, 16)")
    op.create_table(
        "factor",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("credential", sa.String(length=1400), nullable=True),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=True),
        sa.Column("transports", sa.Text(), nullable=True),
        sa.Column("is_synced", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_factor_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor")),
        sa.UniqueConstraint("credential", name=op.f("uq_factor_credential")),
    )
    op.create_index(op.f("ix_factor_agent_id"), "factor", ["agent_id"])
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_recovery_code_agent_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_agent_id"), "recovery_code", ["agent_id"])
    op.create_table(
        "sign_in_flow",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("agent_id", ID, nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_flow")),
    )
    op.create_table(
        "oidc_identity",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_oidc_identity_agent_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_oidc_identity")),
        sa.UniqueConstraint("agent_id", name=op.f("uq_oidc_identity_agent_id")),
    )
    op.create_table(
        "known_device",
        sa.Column("agent_id", ID, autoincrement=False, nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_known_device_agent_id")),
        sa.PrimaryKeyConstraint("agent_id", "device_hash", name=op.f("pk_known_device")),
    )
    op.create_table(
        "access_request",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_access_request_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
    )


def _data_keys() -> None:
    """The keys that personal data is sealed under."""
    op.create_table(
        "data_key",
        sa.Column("kid", sa.String(16), primary_key=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("contact_id", ID),
        sa.Column("root", sa.String(16), nullable=False),
        sa.Column("wrapped", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("replaced_at", sa.BigInteger),
        sa.Column("retired_at", sa.BigInteger),
        sa.Column("destroyed_at", sa.BigInteger),
    )
    op.create_index("ix_data_key_contact_id", "data_key", ["contact_id"])
    op.create_index("ix_data_key_root", "data_key", ["root"])
    live: sa.ColumnElement[bool] = sa.literal_column("purpose <> 'customer' AND replaced_at IS NULL")
    op.create_index(
        "uq_data_key_house", "data_key", ["purpose"], unique=True, sqlite_where=live, postgresql_where=live
    )


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _consent() -> None:
    op.add_column("contact", sa.Column("consent", sa.String(length=40), nullable=True))
    op.add_column("contact", sa.Column("consent_at", sa.BigInteger(), nullable=True))


def _retention() -> None:
    op.add_column("inbox", sa.Column("cleared_at", sa.BigInteger(), nullable=True))
    op.add_column("contact", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("scrubbed_at", sa.BigInteger(), nullable=True))
    _few("ix_conversation_unscrubbed", "conversation", ["last_at"], "scrubbed_at IS NULL")
    op.create_table(
        "hold",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    _few("ix_hold_standing", "hold", ["kind", "row_id"], "lifted_at IS NULL")
    op.create_table(
        "erasure",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_contact_id"), "erasure", ["contact_id"])
    _few("ix_erasure_running", "erasure", ["state"], "state = 'running'")
    op.create_table(
        "doomed_blob",
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("blob", name=op.f("pk_doomed_blob")),
    )
    op.create_index("ix_doomed_blob_at", "doomed_blob", ["at"])


def _few(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _edges() -> None:
    scanned: sa.Column[bool] = sa.Column("scanned", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("attachment", scanned)
    op.create_index("ix_attachment_sender", "attachment", ["channel", "thread_key", "at"])
    op.create_index("ix_attachment_agent", "attachment", ["agent_id", "at"])


def _covering() -> None:
    """Beside the covered words their sealed originals."""
    for table in ("message", "note", "complaint", "task", "promise", "handover", "attachment"):
        op.add_column(table, sa.Column("sealed", sa.Text(), nullable=True))
    op.create_table(
        "reveal",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("what", sa.String(length=48), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_reveal_agent_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_reveal_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
    )
    op.create_index("ix_reveal_agent", "reveal", ["agent_id", "at"])
    cover_rows()

"""Make room for the rules that keep time: classification, promises in stages, routing, ticket life, emergencies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    _ticket_life()
    _alarms()
    _people()
    _promises()
    _emergencies()
    _entities()
    _triage()
    _telling()


def _ticket_life() -> None:
    op.add_column("contact", sa.Column("preferences", sa.Text(), nullable=True))
    op.add_column("contact", sa.Column("preferred_channel", sa.String(length=64), nullable=True))
    op.add_column("conversation", sa.Column("type", sa.String(length=16), nullable=True))
    op.add_column("conversation", sa.Column("subtype", sa.String(length=64), nullable=True))
    op.add_column("note", sa.Column("task_id", ID, nullable=True))
    op.add_column("ticket", sa.Column("closes_at", sa.BigInteger(), nullable=True))
    op.add_column("ticket", sa.Column("close_told_at", sa.BigInteger(), nullable=True))
    op.add_column("ticket", sa.Column("merged_into", ID, nullable=True))
    op.add_column("ticket", sa.Column("reopens", sa.Integer(), server_default="0", nullable=False))
    _partial("ix_ticket_closes", "ticket", ["closes_at"], "closes_at IS NOT NULL")
    _partial("ix_ticket_merged", "ticket", ["merged_into"], "merged_into IS NOT NULL")
    op.create_table(
        "complaint",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("first_handler", sa.Text(), nullable=True),
        sa.Column("escalated_at", sa.BigInteger(), nullable=True),
        sa.Column("escalated_because", sa.Text(), nullable=True),
        sa.Column("responsible", sa.String(length=64), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_complaint_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_complaint")),
    )
    op.create_table(
        "task",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("wanted_by", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("accept_by", sa.BigInteger(), nullable=False),
        sa.Column("solve_by", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", ID, nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_task_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_ticket_id"), "task", ["ticket_id"])
    _partial("ix_task_open", "task", ["department", "state"], "state IN ('asked', 'accepted')")
    op.create_table(
        "merge",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("into_id", ID, nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_merge_ticket_id")),
        sa.ForeignKeyConstraint(["into_id"], ["ticket.id"], name=op.f("fk_merge_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_ticket_id"), "merge", ["ticket_id"])
    op.create_index(op.f("ix_merge_into_id"), "merge", ["into_id"])
    op.create_table(
        "not_a_duplicate",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "other_id", name=op.f("pk_not_a_duplicate")),
    )
    op.create_table(
        "ticket_key",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("key", "ticket_id", name=op.f("pk_ticket_key")),
    )
    op.create_index(op.f("ix_ticket_key_ticket_id"), "ticket_key", ["ticket_id"])
    op.create_table(
        "tag",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row_id", "name", name=op.f("pk_tag")),
    )
    op.create_index("ix_tag_name", "tag", ["name", "kind"])


# --- people at work, and who gets which ticket ---


def _people() -> None:
    op.add_column("contact", sa.Column("vip", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("contact", sa.Column("own_agent_id", ID, nullable=True))
    op.add_column("conversation", sa.Column("queue_rank", sa.Integer(), server_default="9", nullable=False))
    op.drop_index("ix_conversation_queued", "conversation")
    _partial("ix_conversation_waiting", "conversation", ["queue_rank", "queued_at"], "state = 'queued'")
    op.add_column("ticket", sa.Column("line", sa.Integer(), server_default="1", nullable=False))
    op.add_column("ticket", sa.Column("suggested_agent_id", ID, nullable=True))
    op.add_column("ticket", sa.Column("supervisor_id", ID, nullable=True))
    op.add_column("ticket", sa.Column("requeued_at", sa.BigInteger(), nullable=True))
    for name in ("suggested_agent", "supervisor"):
        where = f"{name}_id IS NOT NULL"
        _partial(f"ix_ticket_{name.removesuffix('_agent')}", "ticket", [f"{name}_id"], where)
    op.add_column("agent", sa.Column("state_at", sa.BigInteger(), nullable=True))
    op.add_column("agent", sa.Column("back_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "agent_profile",
        sa.Column("agent_id", ID, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("skills", "languages", "capacity", "hours")),
        sa.Column("line", sa.Integer(), server_default="1", nullable=False),
        sa.Column("supervises", sa.Text(), nullable=True),
        sa.Column("turn", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("shift_shown_at", sa.BigInteger(), nullable=True),
        sa.Column("shift_told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_agent_profile_agent_id")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_agent_profile")),
    )
    op.create_table(
        "handover",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("from_agent_id", ID, nullable=False),
        sa.Column("to_agent_id", ID, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_handover_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_ticket_id"), "handover", ["ticket_id"])
    _partial("ix_handover_offered", "handover", ["to_agent_id"], "state = 'offered'")


def _alarms() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("gaps", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seen_by", ID, nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_alarm_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("name", name=op.f("uq_alarm_name")),
    )
    op.create_index("ix_alarm_at", "alarm", ["at"])
    op.create_table(
        "alarm_delivery",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("alarm_id", ID, nullable=False),
        sa.Column("way", sa.String(length=330), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_delivery_alarm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_delivery")),
        sa.UniqueConstraint("alarm_id", "way", name=op.f("uq_alarm_delivery_alarm_id_way")),
    )
    _partial("ix_alarm_delivery_due", "alarm_delivery", ["not_before"], "state = 'due'")


def _emergencies() -> None:
    op.create_index("ix_ticket_opened_at", "ticket", ["opened_at"])
    op.create_table(
        "emergency",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=64), server_default="", nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("news_at", sa.BigInteger(), nullable=True),
        sa.Column("updates", sa.Integer(), server_default="0", nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("started_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency")),
    )
    _partial("ix_emergency_open", "emergency", ["state"], "state IN ('proposed', 'running')")
    op.create_table(
        "emergency_news",
        sa.Column("emergency_id", ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("is_end", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["emergency_id"], ["emergency.id"], name=op.f("fk_emergency_news_emergency_id")
        ),
        sa.PrimaryKeyConstraint("emergency_id", "n", name=op.f("pk_emergency_news")),
    )
    op.create_table(
        "emergency_concern",
        sa.Column("emergency_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("thread_id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["emergency_id"], ["emergency.id"], name=op.f("fk_emergency_concern_emergency_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_emergency_concern_conversation_id")
        ),
        sa.PrimaryKeyConstraint("emergency_id", "conversation_id", name=op.f("pk_emergency_concern")),
    )
    op.create_index("ix_emergency_concern_told", "emergency_concern", ["emergency_id", "told"])
    op.create_index("ix_emergency_concern_conversation_id", "emergency_concern", ["conversation_id"])


def _entities() -> None:
    op.add_column("conversation", sa.Column("entities", sa.Text(), nullable=True))


def _telling() -> None:
    op.add_column("conversation", sa.Column("told_at", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("told_by", sa.String(length=16), nullable=True))
    _partial("ix_promise_told", "promise", ["due_at"], "state = 'running' AND told AND notified_at IS NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


# --- promises in stages ---


def _promises() -> None:
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index("ix_promise_due")
        batch_op.drop_constraint("uq_promise_ticket_id_kind_created_at", type_="unique")
        batch_op.alter_column("ticket_id", existing_type=ID, nullable=True)
        batch_op.add_column(sa.Column("emergency_id", ID, nullable=True))
        batch_op.add_column(sa.Column("agent_id", ID, nullable=True))
        for name in ("text", "paused_because", "settled_because"):
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("rule", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("version", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("needs", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("instead_of", ID, nullable=True))
        batch_op.add_column(sa.Column("started_at", sa.BigInteger(), nullable=True))
        for name in ("since_at", "span", "warn_at", "paused_at", "warned_at", "escalated_at", "notified_at"):
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("counts", sa.String(length=10), server_default="calendar", nullable=False)
        )
        batch_op.add_column(sa.Column("used", sa.BigInteger(), server_default="0", nullable=False))
    # Those of before keep the time they have: nobody knows any more what it was made of.
    op.execute("UPDATE promise SET started_at = created_at, since_at = created_at")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.alter_column("started_at", existing_type=sa.BigInteger(), nullable=False)
        batch_op.create_index(batch_op.f("ix_promise_ticket_id"), ["ticket_id"], unique=False)
        for name, column, where in (
            ("warn", "warn_at", "state = 'running' AND warned_at IS NULL AND fired_at IS NULL"),
            ("due", "due_at", "state = 'running' AND fired_at IS NULL"),
            ("late", "due_at", "state = 'running' AND fired_at IS NOT NULL"),
        ):
            batch_op.create_index(
                f"ix_promise_{name}",
                [column],
                unique=False,
                sqlite_where=sa.text(where),
                postgresql_where=sa.text(where),
            )
    op.create_table(
        "promise_segment",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("promise_id", ID, nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_promise_segment_promise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_segment")),
    )
    op.create_index(op.f("ix_promise_segment_promise_id"), "promise_segment", ["promise_id"])
    op.create_table(
        "explanation",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("promise_id", ID, nullable=True),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_explanation_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanation")),
    )
    op.create_index(op.f("ix_explanation_ticket_id"), "explanation", ["ticket_id"])
    op.create_index(op.f("ix_explanation_at"), "explanation", ["at"])
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalation", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("escalated_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("escalated_because", sa.Text(), nullable=True))


# --- what triage said, and what people corrected ---


def _triage() -> None:
    op.add_column(
        "ticket", sa.Column("needs_identity", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "triage",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("subtype", sa.String(length=64), nullable=True),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("anomaly", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("needs_identity", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_triage_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_triage")),
    )
    op.create_index("ix_triage_at", "triage", ["at"])
    op.create_table(
        "correction",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("was", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_correction_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_ticket_id"), "correction", ["ticket_id"])
    op.create_index("ix_correction_at", "correction", ["at"])

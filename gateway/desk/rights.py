"""Who may do what: one matrix, one function, and what is not in the matrix is forbidden. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.domain.ticket import Ticket
from gateway.errors import Forbidden, Said


class Role(StrEnum):
    """What an account or a token is for."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    EDITOR = "editor"
    AUDITOR = "auditor"


class Action(StrEnum):
    """Everything the desk's interface can be asked for; each route names exactly one."""

    SEE_SELF = "self.see"
    CHANGE_STATE = "state.change"
    SEE_TICKETS = "tickets.see"
    CLAIM = "ticket.claim"
    REPLY = "ticket.reply"
    FORWARD = "ticket.forward"
    NOTE = "ticket.note"
    EDIT_COMPLAINT = "complaint.edit"
    ASK_DEPARTMENT = "task.ask"
    WORK_TASK = "task.work"
    LOG = "ticket.log"
    CLASSIFY = "ticket.classify"
    TAG = "tags.change"
    SEE_ENQUIRIES = "enquiries.see"
    MERGE = "ticket.merge"
    TRANSFER = "ticket.transfer"
    RESOLVE = "ticket.resolve"
    CLOSE = "ticket.close"
    REOPEN = "ticket.reopen"
    MARK_SPAM = "ticket.spam"
    SEE_SENDERS = "senders.see"
    BLOCK_SENDERS = "senders.block"
    RETRY = "outbox.retry"
    RELEASE = "quarantine.release"
    ATTACH = "attachment.add"
    SEE_AGENTS = "agents.see"
    SEE_PEOPLE = "people.see"
    CHANGE_PEOPLE = "people.change"
    ESCALATE = "ticket.escalate"
    HAND_OVER = "ticket.hand_over"
    KEEP_PROMISE = "promise.keep"
    EXPLAIN = "ticket.explain"
    CHANGE_URGENCY = "ticket.urgency"
    SEE_CHANNELS = "channels.see"
    SEE_METRICS = "metrics.see"
    SEE_REPORTS = "reports.see"
    SEE_ALARMS = "alarms.see"
    TAKE_NOTE = "alarm.note"
    HANDLE_EMERGENCIES = "emergencies.handle"
    SEE_KNOWLEDGE = "knowledge.see"
    TRY_KNOWLEDGE = "knowledge.try"
    DRAFT_KNOWLEDGE = "knowledge.draft"


class Scope(StrEnum):
    """How far a right reaches: any ticket, or only one's own and those nobody has."""

    OWN = "own"
    ALL = "all"


_EVERYBODY = {Action.SEE_SELF: Scope.ALL, Action.SEE_KNOWLEDGE: Scope.ALL}
_MAY_TRY = {Action.TRY_KNOWLEDGE: Scope.ALL}
_MAY_EDIT = _MAY_TRY | {Action.DRAFT_KNOWLEDGE: Scope.ALL}
_STAFF = (
    _EVERYBODY
    | _MAY_TRY
    | {
        Action.CHANGE_STATE: Scope.ALL,
        Action.SEE_TICKETS: Scope.ALL,
        Action.CLAIM: Scope.ALL,
        Action.NOTE: Scope.ALL,
        Action.EDIT_COMPLAINT: Scope.ALL,
        Action.WORK_TASK: Scope.ALL,
        Action.LOG: Scope.ALL,
        Action.CLASSIFY: Scope.ALL,
        Action.TAG: Scope.ALL,
        Action.REOPEN: Scope.ALL,
        Action.ATTACH: Scope.ALL,
        Action.RELEASE: Scope.ALL,
        Action.SEE_AGENTS: Scope.ALL,
        Action.SEE_PEOPLE: Scope.ALL,
        Action.SEE_CHANNELS: Scope.ALL,
        Action.SEE_SENDERS: Scope.ALL,
        Action.BLOCK_SENDERS: Scope.ALL,
        Action.SEE_ALARMS: Scope.ALL,
        Action.TAKE_NOTE: Scope.ALL,
    }
)
_ON_TICKETS = (
    Action.REPLY,
    Action.FORWARD,
    Action.TRANSFER,
    Action.RESOLVE,
    Action.ASK_DEPARTMENT,
    Action.MERGE,
    Action.CLOSE,
    Action.RETRY,
    Action.MARK_SPAM,
    Action.ESCALATE,
    Action.HAND_OVER,
    Action.KEEP_PROMISE,
    Action.EXPLAIN,
)
_OVERSEES = dict.fromkeys(
    (
        Action.SEE_METRICS,
        Action.SEE_ENQUIRIES,
        Action.SEE_REPORTS,
        Action.CHANGE_URGENCY,
        Action.CHANGE_PEOPLE,
        Action.HANDLE_EMERGENCIES,
    ),
    Scope.ALL,
)

MATRIX: Mapping[Role, Mapping[Action, Scope]] = {
    Role.AGENT: _STAFF | dict.fromkeys(_ON_TICKETS, Scope.OWN),
    Role.SUPERVISOR: _STAFF | dict.fromkeys(_ON_TICKETS, Scope.ALL) | _OVERSEES,
    # In a small house the one person who set it up also answers: see docs/reference/http-api.md#roles.
    Role.ADMIN: _STAFF | _MAY_EDIT | dict.fromkeys(_ON_TICKETS, Scope.ALL) | _OVERSEES,
    Role.EDITOR: _EVERYBODY | _MAY_EDIT | {Action.SEE_CHANNELS: Scope.ALL},
    Role.AUDITOR: _EVERYBODY
    | {
        Action.SEE_CHANNELS: Scope.ALL,
        Action.SEE_METRICS: Scope.ALL,
        Action.SEE_REPORTS: Scope.ALL,
    },
}

PERSONAL = frozenset(
    {
        Action.CHANGE_STATE,
        Action.CLAIM,
        Action.ATTACH,
        Action.RELEASE,
        Action.NOTE,
        Action.EDIT_COMPLAINT,
        Action.WORK_TASK,
        Action.LOG,
        Action.CLASSIFY,
        Action.TAG,
        *_ON_TICKETS,
        Action.REOPEN,
        Action.DRAFT_KNOWLEDGE,
        Action.BLOCK_SENDERS,
        Action.TAKE_NOTE,
        Action.CHANGE_PEOPLE,
        Action.HANDLE_EMERGENCIES,
        Action.CHANGE_URGENCY,
    }
)
"""What only a person with a number may do: a token has none to show the customer or the audit trail."""


class Stage(StrEnum):
    """How far a sign-in has come."""

    SECOND = "second"
    """The password was right; the second factor is still owed."""
    ENROL = "enrol"
    """There is no second factor yet, and the house wants one: it can be set up and nothing else."""
    IN = "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whoever asks: an agent who signed in, or a token (which has no ``agent_id``)."""

    role: Role
    """The first of ``roles``: what lists show. What somebody may do follows from all of them."""
    name: str
    roles: frozenset[Role] = frozenset()
    """All they hold; only ``role`` where nothing is given."""
    agent_id: int | None = None
    login: str = ""
    number: str = ""
    state: str = "offline"
    session: str | None = None
    """The hash of the session's cookie; None for a token."""
    token: str | None = None
    """The hash of the bearer token."""
    csrf: str = ""
    expires_at: datetime | None = None
    proved_at: datetime | None = None
    """When they last showed a password, a passkey or a code; None for a token."""
    stage: Stage = Stage.IN
    """How far a session has come; before ``IN`` it opens nothing but the rest of the sign-in."""
    actions: frozenset[str] | None = None
    """All that a token may be used for; None means whatever its role may."""

    def __post_init__(self) -> None:
        """Whoever has one role has it among their roles."""
        object.__setattr__(self, "roles", self.roles | {self.role})


def authorize(who: Who, action: Action, ticket: Ticket | None = None) -> None:
    """Return if ``who`` may do ``action``, on ``ticket`` where one is concerned.

    Raises:
        Forbidden: the role has no such right, a token asked for a person's act, or the ticket is a
            colleague's (code ``not_yours``).
    """
    if who.stage is not Stage.IN and action is not Action.SEE_SELF:
        raise Forbidden(f"a session that is not whole may not {action}", code="factor_wanted")
    scope = scope_of(who, action)
    if scope is None:
        raise Forbidden(f"{who.role} may not {action}", role=who.role, action=action)
    if action in PERSONAL and who.agent_id is None:
        raise Forbidden(
            f"a token may not {action}",
            public=Said(
                "接口令牌不能代替客服操作，请以客服身份登录。", "A token cannot do this; sign in as an agent."
            ),
        )
    if scope is Scope.OWN and ticket is not None and ticket.agent_id not in (None, who.agent_id):
        raise Forbidden(
            f"{ticket.number} is a colleague's",
            code="not_yours",
            public=Said(
                "该工单由其他客服负责，请先接手或联系主管转派。",
                "A colleague has this ticket. Ask them or a supervisor to pass it to you.",
            ),
        )


def rights_of(who: Who) -> frozenset[Action]:
    """Return everything that somebody's roles (or a token's list) let them do, on some ticket at least."""
    return frozenset(action for action in Action if scope_of(who, action) is not None)


def scope_of(who: Who, action: Action) -> Scope | None:
    """Return how far the right to ``action`` reaches: the widest of all roles; None if there is no such right."""
    if who.actions is not None and action not in who.actions:
        return None
    scopes = {MATRIX[role].get(action) for role in who.roles}
    return Scope.ALL if Scope.ALL in scopes else Scope.OWN if Scope.OWN in scopes else None


def may_see_tickets(who: Who) -> bool:
    """Return whether somebody sees customers' tickets and messages at all."""
    return who.stage is Stage.IN and scope_of(who, Action.SEE_TICKETS) is not None

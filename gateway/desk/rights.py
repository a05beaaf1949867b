"""Who may do what: one matrix, one function, and what is not in the matrix is forbidden. Pure.

docs/explanation/who-may-see-what.md is the same for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.domain.standing import Standing, is_within
from gateway.domain.ticket import Ticket
from gateway.errors import Forbidden, NotFound, Said
from gateway.store.visible_sight import Sight


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
    OWN_ACCOUNT = "self.account"
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
    SEE_AUDIT = "audit.see"
    SEE_ALARMS = "alarms.see"
    TAKE_NOTE = "alarm.note"
    HANDLE_EMERGENCIES = "emergencies.handle"
    SEE_KNOWLEDGE = "knowledge.see"
    TRY_KNOWLEDGE = "knowledge.try"
    DRAFT_KNOWLEDGE = "knowledge.draft"
    SEE_GAPS = "knowledge.gaps"
    CHANGE_VIP = "vip.change"
    LOOK_UP_ORDER = "orders.look_up"
    REVEAL = "field.reveal"
    SEE_APPROVALS = "approvals.see"
    ASK_EXPORT = "export.ask"
    APPROVE_EXPORT = "export.approve"
    ASK_ERASURE = "erasure.ask"
    APPROVE_ERASURE = "erasure.approve"
    ASK_CUSTOMER_MERGE = "customers.merge.ask"
    APPROVE_CUSTOMER_MERGE = "customers.merge.approve"
    ASK_OVERRIDE = "verification.override"
    APPROVE_OVERRIDE = "verification.approve"
    SEE_ACCOUNTS = "accounts.see"
    CHANGE_ACCOUNTS = "accounts.change"
    MANAGE_TOKENS = "tokens.manage"


class Scope(StrEnum):
    """How far a right reaches, from narrow to wide; of several roles each is asked, and one is enough."""

    ASSIGNED = "assigned"
    """What one has."""
    OWN = "own"
    """What one has, and what nobody has, as far as one sees it."""
    DEPARTMENT = "department"
    """What is one's own, one's departments', or asks something of one; whoever has no departments belongs to all."""
    TEAM = "team"
    """What lies in the departments one supervises; whoever supervises none by name, supervises all."""
    ALL = "all"


_EVERYBODY = dict.fromkeys((Action.SEE_SELF, Action.OWN_ACCOUNT, Action.SEE_KNOWLEDGE), Scope.ALL)
_COMING_IN = (Action.SEE_SELF, Action.OWN_ACCOUNT)
"""What a session that is not whole yet may do, as far as a route names how far it has come."""
_MAY_TRY = {Action.TRY_KNOWLEDGE: Scope.ALL}
_IN_HOUSE = dict.fromkeys(
    (
        Action.SEE_AGENTS,
        Action.SEE_PEOPLE,
        Action.SEE_CHANNELS,
        Action.SEE_ALARMS,
        Action.TAKE_NOTE,
        Action.SEE_APPROVALS,
    ),
    Scope.ALL,
)
"""What concerns the house and no customer; of alarms, whoever sees no tickets hears those about none."""
_AT_DESK = (
    _EVERYBODY
    | _MAY_TRY
    | _IN_HOUSE
    | dict.fromkeys((Action.CHANGE_STATE, Action.ATTACH, Action.SEE_SENDERS, Action.BLOCK_SENDERS), Scope.ALL)
)
_WITHIN_SIGHT = (
    Action.SEE_TICKETS,
    Action.CLAIM,
    Action.NOTE,
    Action.EDIT_COMPLAINT,
    Action.WORK_TASK,
    Action.LOG,
    Action.CLASSIFY,
    Action.TAG,
    Action.REOPEN,
    Action.RELEASE,
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
    Action.LOOK_UP_ORDER,
)
_OVERSEES = dict.fromkeys(
    (
        Action.SEE_METRICS,
        Action.SEE_ENQUIRIES,
        Action.SEE_REPORTS,
        Action.CHANGE_URGENCY,
        Action.CHANGE_PEOPLE,
        Action.CHANGE_VIP,
        Action.HANDLE_EMERGENCIES,
        Action.ASK_EXPORT,
        Action.ASK_ERASURE,
        Action.ASK_CUSTOMER_MERGE,
        Action.APPROVE_OVERRIDE,
    ),
    Scope.ALL,
)
MATRIX: Mapping[Role, Mapping[Action, Scope]] = {
    Role.AGENT: _AT_DESK
    | dict.fromkeys(_WITHIN_SIGHT, Scope.DEPARTMENT)
    | dict.fromkeys(_ON_TICKETS, Scope.OWN)
    | {Action.REVEAL: Scope.ASSIGNED, Action.ASK_OVERRIDE: Scope.OWN, Action.SEE_AUDIT: Scope.OWN},
    Role.SUPERVISOR: _AT_DESK
    | {Action.SEE_GAPS: Scope.ALL}
    | dict.fromkeys((*_WITHIN_SIGHT, *_ON_TICKETS, Action.ASK_OVERRIDE), Scope.ALL)
    | _OVERSEES
    | {Action.REVEAL: Scope.TEAM, Action.SEE_AUDIT: Scope.TEAM},
    # Configuration and customers' data are apart: whoever needs both holds two roles.
    Role.ADMIN: _EVERYBODY
    | _IN_HOUSE
    | dict.fromkeys(
        (
            Action.SEE_METRICS,
            Action.SEE_REPORTS,
            Action.CHANGE_PEOPLE,
            Action.APPROVE_EXPORT,
            Action.APPROVE_ERASURE,
            Action.APPROVE_CUSTOMER_MERGE,
            Action.SEE_ACCOUNTS,
            Action.CHANGE_ACCOUNTS,
            Action.MANAGE_TOKENS,
        ),
        Scope.ALL,
    ),
    Role.EDITOR: _EVERYBODY
    | _MAY_TRY
    | dict.fromkeys((Action.SEE_GAPS, Action.DRAFT_KNOWLEDGE, Action.SEE_CHANNELS), Scope.ALL),
    Role.AUDITOR: _EVERYBODY
    | dict.fromkeys(
        (Action.SEE_CHANNELS, Action.SEE_METRICS, Action.SEE_REPORTS, Action.SEE_AUDIT), Scope.ALL
    ),
}

_FOR_PROGRAMS = frozenset(
    {
        Action.SEE_SELF,
        Action.SEE_TICKETS,
        Action.SEE_ENQUIRIES,
        Action.SEE_SENDERS,
        Action.SEE_AGENTS,
        Action.SEE_PEOPLE,
        Action.SEE_CHANNELS,
        Action.SEE_METRICS,
        Action.SEE_REPORTS,
        Action.SEE_ALARMS,
        Action.SEE_KNOWLEDGE,
        Action.SEE_GAPS,
        Action.TRY_KNOWLEDGE,
    }
)
PERSONAL = frozenset(Action) - _FOR_PROGRAMS
"""What only a person with a number may do: a token has none to show the customer or the audit trail."""


class Stage(StrEnum):
    """How far a sign-in has come."""

    SECOND = "second"
    """The password was right; the second factor is still owed."""
    ENROL = "enrol"
    """There is no second factor yet, and the house wants one: it can be set up and nothing else."""
    PASSWORD = "password"  # noqa: S105 - a stage, no secret
    """The password is older than the house allows: it can be changed and nothing else."""
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
    factor: str | None = None
    """The second factor that this session was opened with."""
    actions: frozenset[str] | None = None
    """All that a token may be used for; None means whatever its role may."""
    departments: frozenset[str] = frozenset()
    """Whose tickets they see as an agent; none by name means every department's."""
    supervises: frozenset[str] = frozenset()
    """Which departments are theirs as a supervisor; none by name means every one."""

    def __post_init__(self) -> None:
        """Whoever has one role has it among their roles."""
        object.__setattr__(self, "roles", self.roles | {self.role})


class Unseen(NotFound):
    """It is there, but not for them: in every byte the same answer as if it were not."""


def authorize(who: Who, action: Action, about: Ticket | Standing | None = None) -> None:
    """Return if ``who`` may do ``action``, on ``about`` where a ticket is concerned.

    A ``Standing`` says all that decides whether a ticket is seen, and is what the door and the desk ask with; a
    ``Ticket``, which says only who has it, is for the verbs that come after them.

    Raises:
        Forbidden: no role gives the right, a token asks for a person's act, the session is not whole yet, or the
            right does not reach a colleague's ticket (code ``not_yours``).
        Unseen: the ticket is not one they see.
    """
    if who.stage is not Stage.IN and action not in _COMING_IN:
        raise Forbidden(f"a session that is not whole may not {action}", code="factor_wanted")
    scopes = scopes_of(who, action)
    if not scopes:
        raise Forbidden(f"{who.role} may not {action}", role=who.role, action=action)
    if action in PERSONAL and who.agent_id is None:
        raise Forbidden(
            f"a token may not {action}",
            public=Said(
                "接口令牌不能代替客服操作，请以客服身份登录。", "A token cannot do this; sign in as an agent."
            ),
        )
    if about is None:
        return
    if isinstance(about, Standing) and not may_see(who, about):
        raise Unseen(f"{about.number} is not for {who.number or who.name}", ticket=about.number)
    if not any(_reaches(scope, who, about) for scope in scopes):
        raise Forbidden(
            f"{about.number} is a colleague's",
            code="not_yours",
            ticket=about.number,
            public=Said(
                "该工单由其他客服负责，请先接手或联系主管转派。",
                "A colleague has this ticket. Ask them or a supervisor to pass it to you.",
            ),
        )


def may_see(who: Who, standing: Standing) -> bool:
    """Return whether somebody sees a ticket; what it says is what ``sight_of`` says to the database."""
    return sight_of(who).sees(standing.of or standing)


def sight_of(who: Who) -> Sight:
    """Return how far somebody sees, as the condition that every list, page and live event is held against."""
    scopes = scopes_of(who, Action.SEE_TICKETS) if who.stage is Stage.IN else frozenset()
    is_wide = Scope.ALL in scopes or not who.departments
    return Sight(
        tickets=bool(scopes),
        agent_id=who.agent_id,
        departments=None if is_wide else who.departments,
        oversees=oversees(who) and who.agent_id is not None,
    )


def oversees(who: Who) -> bool:
    """Return whether somebody watches over the work of others."""
    return Role.SUPERVISOR in who.roles


def _reaches(scope: Scope, who: Who, about: Ticket | Standing) -> bool:
    match scope:
        case Scope.ASSIGNED:
            return who.agent_id is not None and about.agent_id == who.agent_id
        case Scope.OWN:
            return about.agent_id in (None, who.agent_id)
        case Scope.TEAM:
            return not who.supervises or about.department in who.supervises
        case Scope.DEPARTMENT:
            # Of a ticket alone, that they see it was decided before.
            return isinstance(about, Ticket) or is_within(about, who.agent_id, who.departments or None)
        case Scope.ALL:
            return True


def rights_of(who: Who) -> frozenset[Action]:
    """Return everything that somebody's roles (or a token's list) let them do, on some ticket at least."""
    return frozenset(action for action in Action if scope_of(who, action) is not None)


def scopes_of(who: Who, action: Action) -> frozenset[Scope]:
    """Return how far each of somebody's roles lets them do it; empty if none does."""
    if who.actions is not None and action not in who.actions:
        return frozenset()
    return frozenset(scope for role in who.roles if (scope := MATRIX[role].get(action)) is not None)


def scope_of(who: Who, action: Action) -> Scope | None:
    """Return how far the right to ``action`` reaches: the widest of all roles; None if there is no such right."""
    return max(scopes_of(who, action), key=list(Scope).index, default=None)

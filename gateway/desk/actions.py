"""The agents' verbs: each reads what the transaction sees and returns a Plan, with who may do it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.desk.rights import Action, Who, authorize, oversees
from gateway.desk.telling import Given, must_be_sayable, promised
from gateway.domain.asking import asks_something
from gateway.domain.complaint import is_complaint
from gateway.domain.conversation import State
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.promise import Stage
from gateway.domain.promise_rules import About, owed
from gateway.domain.recipients import MOST, Recipient, recipients
from gateway.domain.solved import asked_if_solved
from gateway.domain.ticket import Anomaly, Status, Ticket, TicketType
from gateway.domain.wording import Texts
from gateway.errors import Conflict, Refusal, Said
from gateway.pipeline.effects_life import RequireRecord
from gateway.pipeline.effects_promises import Settle
from gateway.pipeline.plan import (
    AddNote,
    AgentReply,
    Claim,
    CloseTicket,
    Effect,
    Forward,
    MoveConversation,
    Owe,
    Plan,
    ReopenTicket,
    Resolve,
    SystemNotice,
    Transfer,
)

MAX_TEXT = 10_000
_OVER = (Status.RESOLVED, Status.CLOSED)


class Taken(Conflict):
    """Somebody else has the ticket; ``agent_id`` says who."""

    code = "stale"
    said = Said("该工单已由其他客服接手。", "A colleague has already taken this ticket.")

    def __init__(self, agent_id: int) -> None:
        super().__init__(f"agent {agent_id} has it")
        self.agent_id = agent_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a verb may know: the ticket, its language, who asks, and the house's rules."""

    ticket: Ticket
    lang: str
    who: Who
    now: datetime
    policy: Policy
    texts: Texts
    kind: ChannelKind = "chat"
    """How fast an answer is expected where the contact writes."""
    channel: str = ""
    """Where the ticket is."""

    @property
    def me(self) -> int:
        """The agent's id; ``authorize`` has seen to it that there is one."""
        assert self.who.agent_id is not None
        return self.who.agent_id

    @property
    def about(self) -> About:
        """What of the ticket decides how long things may take."""
        ticket = self.ticket
        return About(
            channel=self.kind,
            urgency=ticket.urgency,
            anomaly=ticket.anomaly,
            subtype=ticket.subtype,
            department=ticket.department,
        )

    @property
    def by(self) -> str:
        """Who, for a reason."""
        return f"agent {self.who.number}"


Verb = Callable[[Case], Plan]
"""A verb with its words filled in."""


def claim(case: Case) -> Plan:
    """Take the ticket and the floor, and greet with name and number (not by mail); taking it twice changes nothing.

    Raises:
        Taken: a colleague has it, and the asker is no supervisor.
    """
    authorize(case.who, Action.CLAIM, case.ticket)
    must_not_be_over(case)
    holder = case.ticket.agent_id
    if holder == case.me:
        return _plan(case)
    if holder is not None and not oversees(case.who):
        raise Taken(holder)
    return _plan(case, *take_over(case))


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """Who gets a reply besides the contact, as typed; only mail knows such people."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()


def reply(
    case: Case,
    *,
    id: str,
    text: str,
    attachments: tuple[str, ...] = (),
    also: Also = Also(),
    asks: bool | None = None,
    promises: tuple[Given, ...] = (),
) -> Plan:
    """Say something to the contact; whoever answers a ticket nobody has takes it over. What it promises is owed.

    ``asks`` says whether it asks them for something, so that what may pause does; by default the words tell.
    """
    authorize(case.who, Action.REPLY, case.ticket)
    if case.ticket.status is Status.CLOSED:
        raise _over(case.ticket)
    text = text.strip() if attachments else words_of(text, "text")
    must_be_sayable(text, case.policy.words)
    takes = case.ticket.agent_id is None and case.ticket.status not in _OVER
    given = [
        promised(one, case.policy, now=case.now, number=case.who.number or "", agent_id=case.me)
        for one in promises
    ]
    said = AgentReply(
        agent_id=case.me,
        id=id,
        text=text,
        attachments=attachments,
        recipients=_recipients(case, also),
        asks=asks_something(text) if asks is None else asks,
        because=f"{case.by} answered",
    )
    owes = (Owe(promise=one, because=one.because) for one in given)
    kept = _kept_by_reply(case)
    return _plan(case, *(take_over(case) if takes else ()), *kept, said, *owes)


def _kept_by_reply(case: Case) -> tuple[Settle, ...]:
    """What was promised in words before, where the house takes a reply for the keeping of it."""
    if not case.policy.telling.kept_by_reply:
        return ()
    return (Settle(kind=Stage.PROMISED, because=f"{case.by} answered"),)


def forward(case: Case, *, id: str, message: str, to: tuple[str, ...], text: str = "") -> Plan:
    """Pass a message on, whole, to somebody outside; a note says so, and nothing of it reaches the contact."""
    authorize(case.who, Action.FORWARD, case.ticket)
    people = _recipients(case, Also(to=to), field="to")
    if not people:
        raise _invalid("to", Said("请填写收件人。", "Name somebody to send it to."))
    return _plan(
        case,
        Forward(
            agent_id=case.me,
            id=id,
            message=message,
            to=tuple(one.address for one in people),
            text=words_of(text, "text") if text.strip() else "",
            because=f"{case.by} forwarded a message",
        ),
    )


def _recipients(case: Case, also: Also, field: str = "cc") -> tuple[Recipient, ...]:
    if not (also.to or also.cc or also.bcc):
        return ()
    if case.kind != "mail":
        raise _invalid(
            field, Said("只有邮件可以抄送或转发。", "Only mail can be copied or forwarded to others.")
        )
    try:
        return recipients(also.to, also.cc, also.bcc)
    except ValueError as error:
        if str(error).isdigit():
            said = Said(f"收件人太多（最多 {MOST} 个）。", f"Too many recipients: {MOST} at most.")
        else:
            said = Said(
                f"“{error}”不是邮件地址，请写成 name@example.com 的形式。",
                f"“{error}” is not a mail address. Write it plainly, as in name@example.com.",
            )
        raise _invalid(field, said) from error


def note(case: Case, text: str) -> Plan:
    """Write a line that only agents see."""
    authorize(case.who, Action.NOTE, case.ticket)
    return _plan(case, AddNote(agent_id=case.me, text=words_of(text, "text"), because=f"{case.by} noted"))


def transfer(case: Case, *, department: str | None, agent_id: int | None, reason: str) -> Plan:
    """Pass the ticket to a department's queue or to one agent, and say why."""
    authorize(case.who, Action.TRANSFER, case.ticket)
    must_not_be_over(case)
    if (department is None) == (agent_id is None):
        raise _invalid(
            "department", Said("请选择部门或客服其中之一。", "Choose either a department or an agent.")
        )
    if department is not None and case.policy.department(department) is None:
        raise _invalid("department", Said("没有这个部门。", "There is no such department."))
    because = f"{case.by}: {words_of(reason, 'reason')}"
    moved = Transfer(department=department, agent_id=agent_id, because=because)
    to = State.QUEUED if agent_id is None else State.WITH_AGENT
    # A customer who sits in the chat hears from whoever has them now; in other places the next words do.
    greets = agent_id not in (None, case.ticket.agent_id, case.who.agent_id) and case.kind == "chat"
    greeting = (_owed(case, Stage.AGENT_GREETING, because, agent_id),) if greets else ()
    return _plan(case, moved, MoveConversation(to=to, because=because), *greeting)


def resolve(case: Case, outcome: str) -> Plan:
    """Say that it is done; the contact is told the outcome and until when they may come back to it."""
    authorize(case.who, Action.RESOLVE, case.ticket)
    must_not_be_over(case)
    outcome = words_of(outcome, "outcome")
    until = case.texts.time(case.now + case.policy.reopen_within, case.now, case.policy.hours.zone, case.lang)
    told = case.texts.say(
        "resolved.notice", case.lang, number=case.ticket.number, outcome=outcome, until=until
    )
    because = f"{case.by} resolved it"
    elsewhere = case.texts.say("resolved.elsewhere", case.lang, number=case.ticket.number, outcome=outcome)
    notice = SystemNotice(
        text=told, choices=asked_if_solved(case.texts, case.lang), elsewhere=elsewhere, because=because
    )
    return _plan(
        case,
        *needed_to_resolve(case, because),
        *(_take(case, because) if case.ticket.agent_id is None else ()),
        Resolve(
            agent_id=case.me,
            outcome=outcome,
            closes_at=case.now + case.policy.life.close_after,
            because=because,
        ),
        *(() if is_logged(case) else (notice,)),
        *((_owed(case, Stage.FOLLOW_UP, because),) if _is_followed_up(case) or is_logged(case) else ()),
    )


def is_logged(case: Case) -> bool:
    """Return whether nothing can be sent there: the outcome is a call to make, and that is owed."""
    return case.channel in case.policy.life.logged


def needed_to_resolve(case: Case, because: str) -> tuple[Effect, ...]:
    """Return what must hold before a complaint may be resolved (L6); nothing for other tickets."""
    required = case.policy.life.complaint_required
    if not required or not is_complaint(case.ticket.type, case.ticket.anomaly):
        return ()
    return (RequireRecord(fields=required, because=because),)


def close(case: Case) -> Plan:
    """End ticket and conversation without a word to the contact."""
    authorize(case.who, Action.CLOSE, case.ticket)
    if case.ticket.status is Status.CLOSED:
        return _plan(case)
    because = f"{case.by} closed it"
    return _plan(case, CloseTicket(because=because), MoveConversation(to=State.CLOSED, because=because))


def reopen(case: Case, reason: str) -> Plan:
    """Open a resolved or closed ticket again, with the agent it had or in the queue."""
    authorize(case.who, Action.REOPEN, case.ticket)
    because = f"{case.by}: {words_of(reason, 'reason')}"
    if case.ticket.status not in _OVER:
        return _plan(case)
    to = State.WITH_AGENT if case.ticket.agent_id is not None else State.QUEUED
    again = (_owed(case, kind, because) for kind in (Stage.FIRST_RESPONSE, Stage.RESOLUTION))
    return _plan(case, ReopenTicket(because=because), MoveConversation(to=to, because=because), *again)


def _owed(case: Case, kind: Stage, because: str, agent_id: int | None = None) -> Owe:
    holder = case.ticket.agent_id if agent_id is None else agent_id
    promise = owed(kind, case.policy, case.about, now=case.now, agent_id=holder, because=because)
    return Owe(promise=promise, because=because)


def _is_followed_up(case: Case) -> bool:
    """Complaints and returns are, after they are solved (S3)."""
    ticket = case.ticket
    is_upset = ticket.type is TicketType.COMPLAINT or ticket.anomaly is not Anomaly.NONE
    return is_upset or ticket.subtype in case.policy.promises.returns


def _plan(case: Case, *effects: Effect) -> Plan:
    return replace(Plan(lang=case.lang), effects=effects)


def take_over(case: Case) -> tuple[Effect, ...]:
    """Return the effects of taking ticket and floor, with the greeting where one is owed."""
    because = f"{case.by} took over"
    if case.kind == "mail":
        # One more mail that says nothing yet: the reply names who wrote it.
        return _take(case, because)
    greeting = case.policy.greeting.in_(case.lang)
    # Replaced, not formatted: words from a file are never a template that can reach further than this.
    said = greeting.replace("{name}", case.who.name).replace("{number}", case.who.number)
    return (
        *_take(case, because),
        SystemNotice(text=case.texts.adapt(said, case.lang), because=because),
    )


def _take(case: Case, because: str) -> tuple[Effect, ...]:
    return (
        Claim(agent_id=case.me, because=because),
        MoveConversation(to=State.WITH_AGENT, because=because),
    )


def must_not_be_over(case: Case) -> None:
    """Return if the ticket is at work.

    Raises:
        Conflict: it is resolved or closed.
    """
    if case.ticket.status in _OVER:
        raise _over(case.ticket)


def _over(ticket: Ticket) -> Conflict:
    said = Said("该工单已结束，请先重新打开。", "This ticket is over. Reopen it first.")
    return Conflict(f"{ticket.number} is {ticket.status}", code="over", public=said)


def words_of(text: str, field: str) -> str:
    """Return what somebody wrote, refusing nothing at all and far too much."""
    said = text.strip()
    if not said:
        raise _invalid(field, Said("内容不能为空。", "Please write something."))
    if len(said) > MAX_TEXT:
        raise _invalid(field, Said("内容太长，请分开发送。", "This is too long. Please send it in parts."))
    return said


def _invalid(field: str, said: Said) -> Refusal:
    return Refusal(f"{field}: {said.en}", public=said, code="invalid", field=field)

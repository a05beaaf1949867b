"""The agents' verbs about what is owed: keep it, give it a new time, say why it is late, say how urgent it is. Pure."""

from datetime import datetime

from gateway.desk.actions import Case
from gateway.desk.rights import Action, authorize, oversees
from gateway.domain.promise import Stage
from gateway.domain.ticket import Urgency
from gateway.errors import Forbidden, Refusal, Said
from gateway.pipeline.effects_promises import ChangeUrgency, Explain, Renegotiate, Settle
from gateway.pipeline.plan import Plan, SystemNotice

BY_HAND = frozenset({Stage.PROMISED, Stage.FOLLOW_UP, Stage.REPORT, Stage.VERIFY, Stage.REVIEW})
"""What somebody says is done; anything else is kept by doing it at the desk."""
INTERNAL = frozenset(
    {Stage.EXPLANATION, Stage.REPORT, Stage.VERIFY, Stage.REVIEW, Stage.ACCEPTANCE, Stage.TASK}
)
"""What is owed inside the house: no customer is told of its time."""
MAX_WORDS = 2000


def keep(case: Case, *, id: int, kind: str) -> Plan:
    """Say that a promise is kept; whether in time, the clock knows. Only a supervisor has verified anything."""
    authorize(case.who, Action.KEEP_PROMISE, case.ticket)
    if kind not in BY_HAND:
        said = Said(
            "该承诺随处理自动完成，请回复客户或解决工单。",
            "This is kept by doing it: answer the customer, or resolve the ticket.",
        )
        raise Refusal(f"{kind} is not kept by hand", public=said, code="invalid", field="id")
    if kind == Stage.VERIFY and not oversees(case.who):
        said = Said("须由主管核实。", "A supervisor has to verify this.")
        raise Forbidden("only a supervisor verifies", role=case.who.role, public=said)
    return _plan(case, Settle(id=id, kind=kind, because=f"{case.by} kept it"))


def hear_of(case: Case) -> Plan:
    """A supervisor has taken note of a serious case: it has been reported (T9)."""
    authorize(case.who, Action.TAKE_NOTE, case.ticket)
    return _plan(case, Settle(kind=Stage.REPORT, because=f"{case.by} took note of it"))


def renegotiate(case: Case, *, id: int, kind: str, due_at: datetime, reason: str) -> Plan:
    """Give a promise a later time. The customer is told, with an apology, unless it is owed inside the house only."""
    authorize(case.who, Action.KEEP_PROMISE, case.ticket)
    if due_at <= case.now:
        said = Said("新的时间必须晚于现在。", "The new time has to lie ahead. Choose a later one.")
        raise Refusal("a promise in the past", public=said, code="invalid", field="due_at")
    because = f"{case.by}: {_words(reason, 'reason')}"
    is_told = kind not in INTERNAL
    moved = Renegotiate(id=id, due_at=due_at, told=is_told, because=because)
    if not is_told:
        return _plan(case, moved)
    at = case.texts.time(due_at, case.now, case.policy.hours.zone, case.lang)
    text = case.texts.say("promise.later", case.lang, number=case.ticket.number, at=at)
    return _plan(case, moved, SystemNotice(text=text, because="a promise has a new time"))


def explain(case: Case, *, cause: str, plan: str) -> Plan:
    """State why it is late and how it will be caught up (L2)."""
    authorize(case.who, Action.EXPLAIN, case.ticket)
    if cause not in case.policy.promises.causes:
        offered = ", ".join(case.policy.promises.causes)
        said = Said(f"请从以下原因中选择：{offered}。", f"Choose one of these causes: {offered}.")
        raise Refusal(f"no cause {cause}", public=said, code="invalid", field="cause")
    words = _words(plan, "plan")
    because = f"{case.by} said why it is late"
    return _plan(case, Explain(agent_id=case.me, cause=cause, plan=words, because=because))


def change_urgency(case: Case, *, to: Urgency, reason: str) -> Plan:
    """Say how urgent it is, and why; the same urgency again changes nothing (P1)."""
    authorize(case.who, Action.CHANGE_URGENCY, case.ticket)
    because = f"{case.by}: {_words(reason, 'reason')}"
    return _plan(case, *(() if to is case.ticket.urgency else (ChangeUrgency(to=to, because=because),)))


def _plan(case: Case, *effects: Settle | Renegotiate | SystemNotice | Explain | ChangeUrgency) -> Plan:
    return Plan(lang=case.lang).then(*effects)


def _words(text: str, field: str) -> str:
    said = text.strip()
    if not said or len(said) > MAX_WORDS:
        words = Said(
            f"请填写内容（最多 {MAX_WORDS} 字）。", f"Please write something, {MAX_WORDS} characters at most."
        )
        raise Refusal(f"{field}: {words.en}", public=words, code="invalid", field=field)
    return said

"""What agents do about who a customer is: ask for proof, end it, confirm with a second person. Pure."""

from gateway.desk.actions import Case, must_not_be_over, words_of
from gateway.desk.rights import Action, authorize
from gateway.domain.identity import Level
from gateway.domain.verification import Awaited
from gateway.errors import Conflict, Refusal, Said
from gateway.pipeline.effects_verify import Await, Confirm, EndProof
from gateway.pipeline.plan import Plan, SystemNotice


class NoRecords(Conflict):
    """There is nothing to compare with."""

    code = "no_records"
    said = Said(
        "没有配置客户资料系统，无法由系统核实，请人工核实。",
        "There are no customer records to compare with; verify in person.",
    )


def ask_customer(case: Case, level: Level, ticket: str) -> Plan:
    """Ask the customer to prove who they are; ``ticket`` opens their secure page.

    Raises:
        NoRecords: the house has none.
        Refusal: a level that no customer can prove here.
    """
    authorize(case.who, Action.REPLY, case.ticket)
    must_not_be_over(case)
    rules = case.policy.verification
    if not rules.enabled:
        raise NoRecords("no directory is configured")
    if level not in (Level.L1, Level.L2) or (level is Level.L2 and not rules.sends):
        said = Said("该级别无法由客户在此核实。", "Customers cannot prove this level here.")
        raise Refusal(f"level {level}", public=said, code="invalid", field="level")
    step = "send" if level is Level.L2 else "order"
    key = "verify.ask.number" if level is Level.L2 else "verify.ask"
    link = f"{rules.page}/{ticket}"
    text = "\n\n".join(
        (
            case.texts.say(key if case.kind == "chat" else "verify.ask.page", case.lang),
            case.texts.say("verify.page", case.lang, link=link),
        )
    )
    because = f"{case.by} asked the contact to verify"
    awaited = Awaited(step=step, level=level)
    asked = Await(awaited=awaited, ticket=ticket, agent_id=case.me, because=because)
    return Plan(lang=case.lang).then(SystemNotice(text=text, because=because), asked)


def end_verification(case: Case) -> Plan:
    """What was proven does not count any more: the agent doubts it."""
    authorize(case.who, Action.REPLY, case.ticket)
    return Plan(lang=case.lang).then(EndProof(because=f"{case.by} ended the verification"))


def confirm(case: Case, action: str) -> Plan:
    """L4 for one action: a second person has approved it (``verification.override``).

    Raises:
        Refusal: an action nobody knows.
    """
    authorize(case.who, Action.ASK_OVERRIDE, case.ticket)
    must_not_be_over(case)
    named = words_of(action, "action")
    if not case.policy.identity.knows(named):
        said = Said("没有这个操作。", "There is no such action.")
        raise Refusal(f"action {named}", public=said, code="invalid", field="action")
    because = f"{case.by} confirmed it after a second person approved"
    return Plan(lang=case.lang).then(Confirm(agent_id=case.me, action=named, because=because))

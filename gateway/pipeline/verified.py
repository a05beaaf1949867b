"""What the house says when an attempt is settled: the waiting answer, one sentence for every miss, or a person."""

from dataclasses import replace

from gateway.domain.conversation import State
from gateway.domain.identity import Level
from gateway.domain.verification import Checked, Kind, Outcome
from gateway.pipeline.asking_proof import ways_on
from gateway.pipeline.classify import classification
from gateway.pipeline.compose import compose
from gateway.pipeline.effects_verify import Await, Reserve, SettleAttempt
from gateway.pipeline.entry_answer import answer_text, usable
from gateway.pipeline.hand_over import hand_over
from gateway.pipeline.plan import Plan, Record, Remember, SystemNotice
from gateway.pipeline.run import decide
from gateway.pipeline.turn import Turn

MISSED = "what was given did not fit: the same sentence for every reason"
TOO_MANY = "too many checks failed: a person takes over"
SILENT = "the customer records do not answer"


def settle(turn: Turn) -> Plan:
    """Return the whole plan for ``turn.checked``; it says one thing, whatever the records said."""
    return decide(turn, (verified, hand_over, compose))


def verified(turn: Turn, plan: Plan) -> Plan:
    """Say what became of the attempt; while an agent has the floor, only that it is done."""
    checked, current = turn.checked, turn.conversation
    assert checked is not None
    assert current is not None
    about = f"{checked.kind} {checked.outcome}"
    plan = replace(plan, lang=current.lang, is_new=checked.is_first, classification=classification(turn))
    plan = plan.then(SettleAttempt(checked=checked, because=f"a check was settled: {about}"))
    if current.state is State.CLOSED:
        return plan.end("the conversation was closed meanwhile")
    if current.state is State.WITH_AGENT:
        return _beside_agent(turn, plan, checked)
    if checked.outcome is Outcome.UNAVAILABLE:
        return plan.say("verify", turn.say("verify.unavailable", plan.lang)).hand_over(SILENT)
    if checked.kind is Kind.SEND:
        return _code(turn, plan, checked)
    if checked.outcome is Outcome.MATCH:
        return _matched(turn, plan, checked)
    return _missed(turn, plan, checked)


def _matched(turn: Turn, plan: Plan, checked: Checked) -> Plan:
    awaited = checked.awaited
    if checked.level < awaited.level:
        return _further(turn, plan, checked)
    if checked.said:
        because = f"action {awaited.action}, proven {checked.level}"
        plan = plan.say("answer", checked.said, entries=_entries(checked), because=because)
    elif awaited.entry and awaited.action is None and usable(turn, awaited.entry):
        because = f"entry {awaited.entry}, proven {checked.level}"
        text = answer_text(turn, plan, awaited.entry)
        plan = plan.say("answer", text, entries=(awaited.entry,), because=because)
    else:
        plan = plan.say("verify", turn.say("verify.done", plan.lang))
    plan = plan.then(Remember(topic=awaited.entry, because="what was asked for is answered"))
    action = turn.policy.actions.actions.get(awaited.action or "")
    if action is not None and action.ticket:
        return plan.hand_over(f"action {action.name}: a person does it")
    return plan


def _entries(checked: Checked) -> tuple[str, ...]:
    return (checked.awaited.entry,) if checked.awaited.entry else ()


def _further(turn: Turn, plan: Plan, checked: Checked) -> Plan:
    """More is needed than was proven: a code to the contact on file, or a person."""
    awaited = checked.awaited
    if not turn.policy.verification.sends or not awaited.order:
        reason = f"the answer needs identity level {awaited.level}"
        return plan.say("verify", turn.say("verify.person", plan.lang)).hand_over(reason)
    because = f"{awaited.level} is needed: a code goes to the contact on file"
    return plan.then(Reserve(kind=Kind.SEND, awaited=awaited, order=awaited.order, because=because))


def _code(turn: Turn, plan: Plan, checked: Checked) -> Plan:
    """A code is on its way, or would be: nobody learns which."""
    minutes = round(turn.policy.verification.code_life.total_seconds() / 60)
    text = turn.say("verify.code", plan.lang, minutes=minutes, number=checked.number)
    if checked.hint and checked.level >= Level.L1:
        text = f"{text}\n\n{turn.say('verify.code.where', plan.lang, where=checked.hint)}"
    because = "a code goes to the contact on file, if there is one"
    offered = ways_on(turn, plan)
    awaited = replace(checked.awaited, step="code")
    return plan.say("verify", text, offered, because=because).then(
        Await(awaited=awaited, because=because), Remember(offered=offered, because=because)
    )


def _missed(turn: Turn, plan: Plan, checked: Checked) -> Plan:
    offered = ways_on(turn, plan)
    plan = plan.say("verify", turn.say("verify.miss", plan.lang), offered, because=MISSED)
    if checked.misses >= turn.policy.verification.person_after:
        return plan.hand_over(TOO_MANY)
    return plan.then(Remember(offered=offered, because=MISSED))


def _beside_agent(turn: Turn, plan: Plan, checked: Checked) -> Plan:
    """Who was asked by an agent is told that it is done; what follows is the agent's to say."""
    if checked.kind is Kind.SEND:
        minutes = round(turn.policy.verification.code_life.total_seconds() / 60)
        text = turn.say("verify.code", plan.lang, minutes=minutes, number=checked.number)
        because = "a code goes to the contact on file, if there is one"
        awaited = replace(checked.awaited, step="code")
        return plan.then(SystemNotice(text=text, because=because), Await(awaited=awaited, because=because))
    if checked.outcome is Outcome.UNAVAILABLE:
        return plan.then(Record(kind="verification", because=SILENT))
    key = "verify.done" if checked.outcome is Outcome.MATCH else "verify.miss"
    because = f"a check was settled: {checked.kind} {checked.outcome}"
    return plan.then(SystemNotice(text=turn.say(key, plan.lang), because=because))

"""The whole product is one tuple."""

from collections.abc import Callable

from gateway.pipeline.answer import answer
from gateway.pipeline.ask_for_person import ask_for_person
from gateway.pipeline.calm import calm
from gateway.pipeline.check import check
from gateway.pipeline.classify import classify
from gateway.pipeline.compose import compose
from gateway.pipeline.guard import guard
from gateway.pipeline.hand_over import hand_over
from gateway.pipeline.identify import identify
from gateway.pipeline.plan import Plan
from gateway.pipeline.prefer import prefer
from gateway.pipeline.recognise import recognise
from gateway.pipeline.stand_aside import stand_aside
from gateway.pipeline.turn import Turn
from gateway.pipeline.unsafe import unsafe
from gateway.pipeline.verify import verify

Step = Callable[[Turn, Plan], Plan]

STEPS: tuple[Step, ...] = (
    guard,
    identify,
    recognise,
    prefer,
    check,
    unsafe,
    stand_aside,
    classify,
    ask_for_person,
    calm,
    verify,
    answer,
    hand_over,
    compose,
)


def decide(turn: Turn, steps: tuple[Step, ...] = STEPS) -> Plan:
    """Walk the corridor until a step ends the turn; the Plan says what to do and why."""
    plan = Plan(rules=turn.rules)
    for step in steps:
        plan = step(turn, plan)
        if plan.ended:
            break
    return plan

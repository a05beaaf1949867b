"""The settings of what the bot may do for verified customers: ``[actions.<name>]``."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from gateway.domain.actions import ActionRules, BotAction, StatusWord
from gateway.domain.identity import LEVEL_OF, IdentityRules, Level
from gateway.domain.ticket import TicketType
from gateway.settings.fields import ANY_LANGUAGE, Text, parse_text
from gateway.settings.mistakes import Mistake, written
from gateway.settings.rules import Strict

ActionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class ActionRule(Strict):
    """One action. Without ``level`` it needs the highest."""

    level: Level = Level.L4
    shows: tuple[str, ...] = ()
    text: Text | None = None
    ticket: TicketType | None = None
    subtypes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def does_something(self) -> Self:
        """What it shows must be fields of its level, and its text must have no other gaps."""
        if self.text is None and self.ticket is None:
            raise ValueError("a text for the customer, a ticket for a person, or both")
        self.named("")
        return self

    def named(self, name: str) -> BotAction:
        """Return the action as a step reads it."""
        return BotAction(
            name=name,
            level=self.level,
            shows=frozenset(self.shows),
            text=self.text,
            ticket=self.ticket or "",
            subtypes=self.subtypes,
        )


Actions = Annotated[dict[ActionName, ActionRule], Field()]


def shipped_actions() -> dict[str, ActionRule]:
    """Return what the bot does where nothing else is said: an order's status, and two requests for a person."""
    return {
        "order_status": ActionRule(
            level=Level.L1,
            shows=("order", "status", "date", "carrier"),
            text=parse_text(
                {
                    "zh-CN": "订单 {order} 目前的状态：{status}。\n更新日期：{date}。\n承运快递：{carrier}。",
                    "en": "Order {order} is {status}.\nLast change: {date}.\nCarrier: {carrier}.",
                }
            ),
            subtypes=("delivery", "order_status"),
        ),
        "cancel_order": ActionRule(
            level=Level.L2,
            shows=("order",),
            text=parse_text(
                {
                    "zh-CN": "身份已核实，订单 {order} 的取消申请转给同事处理。",
                    "en": "You are verified; a colleague takes over your request to cancel order {order}.",
                }
            ),
            ticket=TicketType.CHANGE,
            subtypes=("order_cancel",),
        ),
        "change_address": ActionRule(
            level=Level.L3,
            shows=("order",),
            text=parse_text(
                {
                    "zh-CN": "身份已核实，订单 {order} 的地址修改申请转给同事处理。",
                    "en": "You are verified; a colleague takes over the change of address of order {order}.",
                }
            ),
            ticket=TicketType.CHANGE,
            subtypes=("address_change",),
        ),
    }


def action_rules(actions: Mapping[str, ActionRule], statuses: tuple[StatusWord, ...]) -> ActionRules:
    """Return the actions as a step reads them."""
    return ActionRules(actions={name: rule.named(name) for name, rule in actions.items()}, statuses=statuses)


def identity_rules(actions: Mapping[str, ActionRule]) -> IdentityRules:
    """Return the policy table with the house's own actions in it."""
    return IdentityRules(levels={name: rule.level for name, rule in actions.items()})


def mistakes_of_actions(actions: Mapping[str, ActionRule], first: str) -> Iterator[Mistake]:
    """Yield levels below the table's, sub-types that two actions want, and texts without the house's first language."""
    wanted_by: dict[str, str] = {}
    for name, rule in actions.items():
        least = LEVEL_OF.get(name, Level.L0)
        if rule.level < least:
            wanted = f"{least} or more: what it does is no less grave in any house"
            yield Mistake(key=("actions", name, "level"), found=written(str(rule.level)), wanted=wanted)
        if rule.text is not None and first not in rule.text.texts and ANY_LANGUAGE not in rule.text.texts:
            found = f"texts in {', '.join(rule.text.texts)}"
            wanted = f"one in {first} too, the first of house.languages"
            yield Mistake(key=("actions", name, "text"), found=found, wanted=wanted)
        for subtype in rule.subtypes:
            other = wanted_by.setdefault(subtype, name)
            if other != name:
                key = ("actions", name, "subtypes")
                yield Mistake(key=key, found=f"{written(subtype)}, which leads to {other}", wanted="another")

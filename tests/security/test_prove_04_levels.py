"""Proof 4: every action at every level on every channel: only what the policy table allows is allowed.

The table is written out here once more, from the design and not from the code, so that a slip in either is seen.
"""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args

import pytest

from gateway.domain.identity import (
    CHANGES,
    LEVEL_OF,
    Asked,
    ChannelKind,
    IdentityRules,
    Level,
    Standing,
    may,
)
from tests.security.conftest import Figure

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALLOWED_FROM = {
    "L0": "ask open_ticket leave_message",
    "L1": "order_status delivery_remark order_ticket",
    "L2": "own_orders order_details ticket_history cancel_order invoice_title return_request delivery_date",
    "L3": "reveal_own_data change_address export_data erase_data",
    "L4": "refund_elsewhere change_phone change_email recover_account never_heard_of",
}
NEEDS = {action: level for level, actions in ALLOWED_FROM.items() for action in actions.split()}
KINDS: tuple[ChannelKind, ...] = get_args(ChannelKind)
RULES = IdentityRules()
SITUATIONS = ("its owner", "another customer", "another channel", "expired")


def proven(level: str, action: str) -> Standing:
    return Standing(
        level=Level(level),
        conversation=7,
        identity="web:visitor",
        customer="C1",
        order="D1",
        action=action if level == "L4" else "",
        granted_at=NOW - timedelta(minutes=5),
        idle_until=NOW + HOUR,
        ends_at=NOW + HOUR,
    )


def situation(name: str, standing: Standing, asked: Asked) -> tuple[Standing, Asked]:
    def but(**changes: object) -> Asked:
        return Asked(**{**{field: getattr(asked, field) for field in asked.__slots__}, **changes})

    match name:
        case "another customer":
            return standing, but(customer="C2", order="D2")
        case "another channel":
            return standing, but(identity="telegram:9")
        case "expired":
            fields = {field: getattr(standing, field) for field in standing.__slots__}
            return Standing(**{**fields, "idle_until": NOW}), asked
        case _:
            return standing, asked


def test_only_the_policy_table_passes(figure: Figure) -> None:
    cases = allowed = 0
    for action, level, kind, name in product(NEEDS, ("L0", "L1", "L2", "L3", "L4"), KINDS, SITUATIONS):
        asked = Asked(
            action=action, conversation=7, identity="web:visitor", kind=kind, customer="C1", order="D1"
        )
        standing, asked = situation(name, proven(level, action), asked)
        counts = level if name == "its owner" else "L0"
        if kind == "mail":
            counts = min(counts, "L2")
        verdict = may(asked, standing, RULES, NOW)
        assert verdict.allowed == (counts >= NEEDS[action]), (action, level, kind, name, verdict)
        assert verdict.needs == NEEDS[action]
        cases, allowed = cases + 1, allowed + verdict.allowed
    figure("cases of action, level and channel", cases)
    figure("of them allowed, all by the table", allowed)
    assert cases == len(NEEDS) * 5 * len(KINDS) * len(SITUATIONS) > 600


def test_the_table_names_every_action_the_code_knows() -> None:
    assert NEEDS.keys() - LEVEL_OF.keys() == {"never_heard_of"}
    assert LEVEL_OF.keys() - NEEDS.keys() == set()


@pytest.mark.parametrize("action", sorted(LEVEL_OF))
def test_configuration_may_ask_for_more_and_never_for_less(action: str) -> None:
    for level in Level:
        rules = IdentityRules(levels={action: level})
        assert rules.level(action) == max(level, NEEDS[action])


def test_a_house_s_own_action_has_the_level_it_says_and_an_unknown_one_the_highest() -> None:
    rules = IdentityRules(levels={"gift_wrap": Level.L1})
    assert (rules.level("gift_wrap"), rules.level("gift_rap")) == (Level.L1, Level.L4)


@pytest.mark.parametrize("action", sorted(CHANGES))
def test_a_proof_of_a_quarter_of_an_hour_ago_changes_nothing_any_more(action: str) -> None:
    asked = Asked(
        action=action, conversation=7, identity="web:visitor", kind="chat", customer="C1", order="D1"
    )
    later = NOW + timedelta(minutes=11)
    assert may(asked, proven("L3", action), RULES, NOW).allowed
    assert not may(asked, proven("L3", action), RULES, later).allowed


def test_what_two_people_confirmed_is_good_for_that_action_alone() -> None:
    asked = Asked(
        action="change_email", conversation=7, identity="web:visitor", kind="chat", customer="C1", order="D1"
    )
    assert not may(asked, proven("L4", "change_phone"), RULES, NOW).allowed


def test_a_proof_without_an_end_or_an_owner_is_none() -> None:
    asked = Asked(action="own_orders", conversation=7, identity="web:visitor", kind="chat")
    endless = Standing(
        level=Level.L2, conversation=7, identity="web:visitor", customer="C1", granted_at=NOW - HOUR
    )
    nobodys = Standing(
        level=Level.L2,
        conversation=7,
        identity="web:visitor",
        granted_at=NOW - HOUR,
        idle_until=NOW + HOUR,
        ends_at=NOW + HOUR,
    )
    assert not may(asked, endless, RULES, NOW).allowed
    assert not may(asked, nobodys, RULES, NOW).allowed

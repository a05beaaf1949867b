"""The step that hears how customers like to be reached."""

from gateway.pipeline.effects_life import ProposePreference
from gateway.pipeline.plan import Plan
from gateway.pipeline.prefer import prefer
from tests.building import a_turn


def test_a_preference_mentioned_in_talk_is_proposed() -> None:
    plan = prefer(a_turn("灯罩碎了，以后发邮件给我"), Plan())
    assert [type(one) for one in plan.effects] == [ProposePreference]
    assert plan.effects[0].because


def test_a_message_that_speaks_of_none_proposes_none() -> None:
    assert prefer(a_turn("怎么退货"), Plan()).effects == ()

"""What would be said is what the steps say, and nobody is greeted."""

from typing import Any

import pytest

from gateway.editing.trial import Setting, Trial, outbound_of, rehearse
from gateway.texts import load_texts
from tests.building import MORNING, FakeKnowledge, a_knowledge, a_policy, an_entry


def tried(knowledge: FakeKnowledge, **more: Any) -> Trial:
    setting = Setting(policy=a_policy(), texts=load_texts(), knowledge=knowledge, now=MORNING)
    usual: dict[str, Any] = {"channel": "web", "kind": "chat", "lang": "zh-CN"}
    return rehearse(setting, "几点开门", knowledge.outcome, **(usual | more))


def test_an_answer_is_said_without_a_greeting_and_with_what_follows_from_it() -> None:
    entries = an_entry(choices=("returns",)), an_entry("returns", question="怎么退货")
    trial = tried(a_knowledge(*entries, answers="hours"))
    assert trial.said is not None
    sent = outbound_of(trial.said, "web", MORNING)
    assert (sent.text, [choice.label for choice in sent.choices]) == ("每天九点到十八点。", ["怎么退货"])
    assert trial.hand_off is None


def test_an_answer_in_traditional_characters_is_what_taiwan_would_read() -> None:
    trial = tried(a_knowledge(an_entry(answer="营业时间"), answers="hours"), lang="zh-TW")
    assert trial.said is not None
    assert trial.said.text == "營業時間"


def test_an_answer_that_needs_proof_is_not_given() -> None:
    trial = tried(a_knowledge(an_entry(level="L2"), answers="hours"))
    assert trial.hand_off == "the answer needs identity level L2"
    assert trial.said is not None
    assert "每天九点" not in trial.said.text


@pytest.mark.parametrize(("kind", "why"), [("chat", None), ("mail", "not in the knowledge base")])
def test_what_is_unknown_is_asked_again_in_chat_and_goes_to_a_person_by_mail(
    kind: str, why: str | None
) -> None:
    trial = tried(a_knowledge(), kind=kind)
    assert (trial.hand_off, trial.said is None) == (why, kind == "mail")

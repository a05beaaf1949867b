"""An agent's draft: what it promises, what it says amiss, and what would be better."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.desk.telling import (
    BadPromise,
    BannedWords,
    CheckedDraft,
    Given,
    check_draft,
    must_be_sayable,
    promised,
)
from gateway.domain.policy import Words
from gateway.texts import load_texts
from tests.building import MORNING, NIGHT, a_policy, hours

TEXTS = load_texts()


def checked(text: str, *, now: datetime = MORNING, lang: str = "zh-CN", shown: str = "zh-CN") -> CheckedDraft:
    return check_draft(text, now, a_policy(), TEXTS, lang=lang, shown=shown)


def problems(text: str, *, now: datetime = MORNING, lang: str = "zh-CN") -> list[tuple[str, str, str]]:
    return [(one.kind, one.text, one.better) for one in checked(text, now=now, lang=lang).problems]


def test_a_promise_is_shown_with_its_time_in_the_agents_language() -> None:
    (found,) = checked("您好，我们会在明天上午10点前给您答复。", shown="en").promises
    assert found.due_at == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert (found.text, found.label) == ("我们会在明天上午10点前给您答复", "10:00 tomorrow, Tue 24 Nov")


def test_a_vague_word_comes_with_a_time_that_can_stand_in_its_place() -> None:
    assert problems("我们会尽快处理") == [("vague", "尽快", "今天 18:00 前")]
    assert problems("We will reply soon.", lang="en") == [("vague", "soon", "by 18:00 today")]
    assert problems("我们会尽快处理", now=NIGHT) == [("vague", "尽快", "明天（11月24日 周二）18:00 前")]


def test_a_customer_in_taiwan_is_written_to_in_their_characters() -> None:
    assert problems("這個我不清楚", lang="zh-TW") == [("banned", "不清楚", "我為您核實")]


def test_a_vague_word_beside_a_time_is_no_problem() -> None:
    assert problems("我会尽快处理，最迟今天下班前给您答复") == []
    assert problems("我会尽快处理。今天下班前给您答复") != []


def test_a_time_that_has_passed_is_no_promise_but_a_problem() -> None:
    draft = checked("今天上午9点前我会给您答复")
    assert draft.promises == ()
    (problem,) = draft.problems
    assert (problem.kind, problem.better) == (
        "unkeepable",
        "今天 09:00 已经过去，请写一个还没有到的时间，例如 今天 18:00 前",
    )


def test_what_nobody_can_be_sure_of_is_no_promise_to_make() -> None:
    assert [one[:2] for one in problems("保证明天到货")] == [("unkeepable", "保证明天到货")]


def test_a_clean_draft_is_clean() -> None:
    assert checked("您好，请问您的订单号是多少？").problems == ()


def test_a_house_that_never_opens_still_has_a_time_to_offer() -> None:
    never = a_policy(hours=hours())
    (problem,) = check_draft("我们会尽快处理", MORNING, never, TEXTS, lang="zh-CN", shown="zh-CN").problems
    assert problem.better == "明天（11月24日 周二）10:00 前"


BLOCKING = Words(banned={"zh-CN": {"不知道": "我为您核实"}, "en": {"asap": "by ten"}}, blocks=True)


def test_a_blocked_phrase_is_refused_with_a_better_one() -> None:
    with pytest.raises(BannedWords) as refused:
        must_be_sayable("我也不知道", BLOCKING)
    assert "我为您核实" in refused.value.public.zh
    assert refused.value.status == 422


def test_other_words_and_a_house_that_only_warns_let_a_reply_pass() -> None:
    must_be_sayable("如果您不知道订单号，请告诉我", BLOCKING)
    must_be_sayable("我也不知道", Words(banned=BLOCKING.banned))


def test_a_confirmed_promise_is_the_agents_own_and_told() -> None:
    given = Given(text=" 明天答复 ", due_at=MORNING + timedelta(days=1))
    owed = promised(given, a_policy(), now=MORNING, number="1001", agent_id=7)
    assert (owed.kind, owed.owner, owed.agent_id, owed.told, owed.text) == (
        "promised",
        "agent:1001",
        7,
        True,
        "明天答复",
    )
    assert owed.warn_at == given.due_at - timedelta(minutes=30)


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=-1), timedelta(days=500)])
def test_a_time_that_has_passed_or_is_years_off_is_refused_with_a_remedy(ahead: timedelta) -> None:
    with pytest.raises(BadPromise) as refused:
        promised(Given(text="x", due_at=MORNING + ahead), a_policy(), now=MORNING, number="1001", agent_id=7)
    assert "一个还没有到的时间" in refused.value.public.zh

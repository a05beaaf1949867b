"""Promises found in agents' drafts, on two hundred sentences: the tuned half exactly, the held-out half by its figures."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.free_promises import find_promises
from gateway.settings import Settings
from tests.building import MORNING, a_policy

FILE = Path(__file__).parent / "spoken" / "sentences.tsv"
POLICY = Settings().policy()
HOURS = replace(a_policy().hours, holidays=frozenset({date(2027, 1, 1)}), extra_workdays=frozenset())
ROWS = [tuple(line.split("\t")) for line in FILE.read_text("utf-8").splitlines() if line and line[0] != "#"]
TUNED, HELD_OUT = ROWS[::2], ROWS[1::2]


def promised(text: str, lang: str = "zh-CN", now: datetime = MORNING) -> list[str]:
    found = find_promises(text, now, HOURS, lang, POLICY.words)
    return [f"{one.due_at.astimezone(HOURS.zone):%m-%d %H:%M}" if one.due_at else "vague" for one in found]


def wanted(said: str) -> list[str]:
    return [] if said == "-" else said.split(",")


@pytest.mark.parametrize(("lang", "said", "text"), TUNED)
def test_a_sentence_promises_what_a_reader_would_hold_us_to(lang: str, said: str, text: str) -> None:
    assert promised(text, lang) == wanted(said)


def figures(rows: list[tuple[str, ...]]) -> tuple[float, float]:
    """Return precision and recall: a promise is right when its time is right to the minute."""
    right = found = real = 0
    for lang, said, text in rows:
        got, should = Counter(promised(text, lang)), Counter(wanted(said))
        right += (got & should).total()
        found += got.total()
        real += should.total()
    return right / found, right / real


def test_most_of_the_held_out_half_is_read_right_too() -> None:
    precision, recall = figures(HELD_OUT)
    assert (precision >= 0.9, recall >= 0.9) == (True, True), f"{precision:.3f} {recall:.3f}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("今天上午9点前我会给您答复", "11-23 09:00"),  # past: whoever asks is told so
        ("We will call you today at 9:30 am", "11-23 09:30"),
    ],
)
def test_a_time_that_has_passed_is_returned_as_it_was_said(text: str, said: str) -> None:
    assert promised(text) == [said]


def test_a_guess_at_the_half_of_the_day_is_less_sure_than_what_was_said() -> None:
    guessed, told = (
        find_promises(text, MORNING, HOURS, "zh-CN")[0].confidence
        for text in ("我明天3点给您回电", "我明天下午3点给您回电")
    )
    assert guessed < told


def test_the_words_found_are_those_of_the_draft_as_written() -> None:
    text = "您好！　我們會在明天上午１０點前給您答覆，請您放心。"
    (found,) = find_promises(text, MORNING, HOURS, "zh-TW")
    assert found.text == "我們會在明天上午１０點前給您答覆"
    assert text[found.start : found.end] == found.text


def test_without_a_list_of_vague_words_a_promise_without_a_time_is_none() -> None:
    assert find_promises("我尽快给您答复", MORNING, HOURS, "zh-CN") == ()


@pytest.mark.parametrize(
    ("now", "text", "said"),
    [
        ("2026-11-27T19:00", "明天上班我给您回电", "11-28 09:00"),
        ("2026-11-27T19:00", "1个工作日内给您答复", "11-30 18:00"),
        ("2026-12-30T10:00", "3个工作日内给您答复", "01-05 18:00"),
        ("2026-12-30T10:00", "1月5日给您答复", "01-05 18:00"),
        ("2026-11-23T17:30", "3点前给您答复", "11-23 15:00"),
        ("2026-11-30T10:00", "月底前给您答复", "11-30 18:00"),
        ("2026-01-31T10:00", "一个月内我们会给您答复", "02-28 10:00"),
        ("2026-11-23T10:00", "2月30日我们给您答复", ""),
        ("2026-11-23T10:00", "明天25点我给您答复", ""),
    ],
)
def test_days_are_counted_on_the_houses_calendar(now: str, text: str, said: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=HOURS.zone).astimezone(UTC)
    assert promised(text, now=at) == ([said] if said else [])


@given(
    st.text(
        alphabet="明天今周五下班前后内点半上午会给您我们回复3月25号日个工作日 ,.?。，byfriday at 10 noon we'll within2hours",
        max_size=60,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_draft_is_read_to_the_end(text: str) -> None:
    for one in find_promises(text, MORNING, HOURS, "zh-CN", POLICY.words):
        assert text[one.start : one.end] == one.text
        assert one.due_at is None or one.due_at.tzinfo is not None


def test_a_house_that_never_opens_promises_no_working_day() -> None:
    never = replace(HOURS, weekly=((),) * 7)
    assert find_promises("3个工作日内给您答复", MORNING, never, "zh-CN") == ()
    (found,) = find_promises("明天给您答复", MORNING, never, "zh-CN")
    assert found.due_at == MORNING + timedelta(hours=32), "18:00, as houses do"

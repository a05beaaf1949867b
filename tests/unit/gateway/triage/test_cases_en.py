"""The English cases: legal, no two alike, true to the labelling rules, and rich in what is rare."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from gateway.triage.corpus import Case, shipped_cases
from gateway.triage.fields import IDENTITY
from gateway.triage.read_rules import shipped

CASES = tuple(case for case in shipped_cases() if case.source.startswith("en.tsv:"))
HASTE = frozenset({"media", "serious", "outage"})


def gold(case: Case, field: str) -> str:
    return case.labels[field][0]


def against(condition: Iterator[tuple[Case, bool]]) -> list[str]:
    """Return the sources of the cases that break a rule."""
    return [f"{case.source}: {case.message.text[:60]}" for case, holds in condition if not holds]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 1_800


def test_no_two_say_the_same() -> None:
    keys = Counter(re.sub(r"\W+", "", case.message.whole.lower()) or case.message.whole for case in CASES)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_subtype_is_a_topic_of_the_lexicon() -> None:
    assert {case.subtype for case in CASES} <= shipped().topics.keys()


def test_channels_are_known() -> None:
    assert {case.message.channel for case in CASES} == {
        "app",
        "web_chat",
        "social",
        "email",
        "sms",
        "wechat",
    }


def test_only_mail_has_a_subject() -> None:
    assert (
        against((case, not case.message.subject or case.message.channel == "email") for case in CASES) == []
    )


def test_a_complaint_always_has_an_anomaly_and_a_grievance_is_always_a_complaint() -> None:
    assert (
        against(
            (
                case,
                (gold(case, "type") != "complaint" or gold(case, "anomaly") != "none")
                and (
                    gold(case, "anomaly") not in ("complaint", "media") or gold(case, "type") == "complaint"
                ),
            )
            for case in CASES
        )
        == []
    )


def test_what_the_public_hears_of_goes_to_pr_and_nothing_else_does() -> None:
    assert (
        against(
            (case, (gold(case, "anomaly") == "media") == (gold(case, "department") == "pr")) for case in CASES
        )
        == []
    )


def test_failures_belong_to_tech_and_never_wait() -> None:
    assert (
        against(
            (
                case,
                (gold(case, "anomaly") != "outage" or gold(case, "department") == "tech")
                and (gold(case, "anomaly") not in HASTE or gold(case, "urgency") != "normal"),
            )
            for case in CASES
        )
        == []
    )


def test_nobody_is_asked_who_they_are_to_chat_to_suggest_or_to_ask_before_buying() -> None:
    free = ("presale", "suggestion", "none", "human")
    assert (
        against((case, gold(case, "type") not in free or gold(case, IDENTITY) == "no") for case in CASES)
        == []
    )


@pytest.mark.parametrize(
    ("field", "value", "least"),
    [
        *(
            ("type", one, 90)
            for one in ("presale", "aftersale", "complaint", "change", "suggestion", "none", "human")
        ),
        ("urgency", "critical", 150),
        ("anomaly", "media", 150),
        ("anomaly", "outage", 150),
        ("anomaly", "serious", 150),
        *(
            ("department", one, 150)
            for one in ("support", "tech", "logistics", "aftersales", "finance", "pr")
        ),
        (IDENTITY, "yes", 800),
        (IDENTITY, "no", 800),
    ],
)
def test_every_value_has_cases_and_the_rare_ones_many(field: str, value: str, least: int) -> None:
    assert sum(gold(case, field) == value for case in CASES) >= least


CLAUSES = {
    "a stated negation is no complaint": (r"\bnot (?:a complaint|complaining)|no complaint", "type", {"complaint"}),
    "no hurry is normal": (r"\bno (?:rush|hurry)\b", "urgency", set()),
    "cancelling is after-sale": (r"^(?:please )?cancel", "type", {"presale", "none"}),
    "harmless scare words raise nothing": (r"\b(?:killer|dying to|fire sale|fire pit|bombed)\b", "urgency", {"critical"}),
    "a journalist is media": (r"\b(?:journalist with|reporter (?:here|covering)|spokesperson)\b", "anomaly", {"none", "complaint"}),
}  # fmt: skip


@pytest.mark.parametrize("clause", CLAUSES)
def test_the_labelling_rules_hard_clauses_have_cases_that_keep_them(clause: str) -> None:
    words, field, never = CLAUSES[clause]
    meant = [case for case in CASES if re.search(words, case.message.whole.lower())]
    assert len(meant) >= 3
    assert [case.message.text for case in meant if gold(case, field) in never] == []


def test_no_note_of_the_author_is_left_in_a_text() -> None:
    assert against((case, not re.search(r"\{[a-z]+=", case.message.whole)) for case in CASES) == []

"""English as people and programs write it: parted apostrophes, names left out, politeness, negations."""

import pytest

from gateway.triage.evidence import Message, gather
from gateway.triage.fold import fold
from gateway.triage.numbers import LARGE_CNY, shouting, sums
from gateway.triage.read_rules import shipped
from gateway.triage.triage import Triage, Triager


def triaged(text: str) -> Triage:
    return Triager(shipped()).triage(Message(text=text))


def heard(text: str) -> set[str]:
    return set(gather(Message(text=text), shipped()).facts)


def test_parted_and_curly_apostrophes_read_like_plain_ones() -> None:
    assert fold("I ca n't, I did n’t, I 've") == fold("I can't, I didn't, I've") == "i cant, i didnt, ive"


def test_names_left_out_are_no_shouting() -> None:
    text = "On XX/XX/2019 I called XXXX and XXXX XXXX about it."

    assert shouting(text, fold(text)) == 0.0


@pytest.mark.parametrize(
    "text", ["$1.2k is gone", "£850 was taken", "they took 2,000 dollars", "all 9 lakh rupees"]
)
def test_large_sums_are_seen(text: str) -> None:
    assert max(one.cny for one in sums(fold(text))) >= LARGE_CNY


@pytest.mark.parametrize(
    "text",
    [
        "I am not complaining, where is my parcel?",
        "This is not a complaint.",
        "No complaints at all, thanks!",
        "I don't want to complain, I just wonder when it comes.",
        "Never had a problem with you.",
    ],
)
def test_what_is_denied_is_no_grievance(text: str) -> None:
    assert triaged(text).type != "complaint"


@pytest.mark.parametrize(
    "text", ["I am not at all happy with this.", "Not happy.", "I'm not satisfied with the service"]
)
def test_a_denied_pleasure_is_a_grievance(text: str) -> None:
    assert triaged(text).type == "complaint"


@pytest.mark.parametrize(
    "text",
    [
        "those are killer deals, do they run till Sunday?",
        "I'm dying to try the new ramen place, when does it open?",
        "Is the fire pit safe on a deck?",
        "my team got slaughtered at the weekend",
        "Does your antivirus slow down old laptops?",
        "how explosive is the sauce",
    ],
)
def test_words_that_only_sound_dangerous_raise_nothing(text: str) -> None:
    assert triaged(text).urgency == "normal"


@pytest.mark.parametrize(
    "text",
    [
        "The charger gave off a little smoke this morning. Is that to be expected?",
        "There is a smell of gas since the fitter left.",
        "my insulin has not arrived and I run out tonight",
    ],
)
def test_danger_told_calmly_is_critical(text: str) -> None:
    assert triaged(text).urgency == "critical"


def test_a_word_within_a_word_says_nothing() -> None:
    assert "authority" not in heard("my account happened to be accurate")

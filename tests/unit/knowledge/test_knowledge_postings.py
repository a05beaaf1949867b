"""Postings brought up to date give the very figures that fresh ones give."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.features import Reader
from knowledge.index import Index
from knowledge.postings import renewed

READER = Reader()
WORDS = (
    "kettle",
    "kettles",
    "clean",
    "warranty",
    "refund",
    "reimburse",
    "怎么",
    "退货",
    "保修",
    "颜色",
    "a",
    "7",
)
ASKED = ("clean kettel", "保修多久 refund", "reimbursed 退货怎么", "warrenty of colour", "nothing known")
phrasings = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
groups_of = st.lists(st.lists(phrasings, min_size=1, max_size=3), min_size=1, max_size=8)


def same(one: Index, other: Index) -> bool:
    """Say whether two indexes score every question alike, to the last bit."""
    for text in ASKED:
        tokens = READER.tokens(text)
        a, b = one.scores(tokens), other.scores(tokens)
        if not (np.array_equal(a.phrasings, b.phrasings) and np.array_equal(a.centroid, b.centroid)):
            return False
        if not np.array_equal(a.best, b.best):
            return False
        chosen = np.arange(one.entry_count)
        if not np.array_equal(one.votes(chosen, a), other.votes(chosen, b)):  # type: ignore[arg-type]  # both have a head, or both None
            return False
    return True


def brought_up(old: Index, groups: Sequence[Sequence[str] | int], before: list[list[str]]) -> Index:
    """Renew ``old``; a number stands for a group that it holds already."""
    now = [before[each] if isinstance(each, int) else each for each in groups]
    return Index(now, READER, postings=renewed(old.postings, groups, READER))


@settings(max_examples=60, deadline=None)
@given(groups_of, groups_of, st.randoms(use_true_random=False))
def test_any_edit_gives_the_scores_of_a_fresh_index(
    before: list[list[str]], added: list[list[str]], chance: object
) -> None:
    shuffle = chance.shuffle  # type: ignore[attr-defined]  # hypothesis hands in a random.Random
    kept: list[Sequence[str] | int] = [n for n in range(len(before)) if n % 3]
    mixed = [*kept, *added]
    shuffle(mixed)
    now = [before[each] if isinstance(each, int) else list(each) for each in mixed]
    assert same(brought_up(Index(before, READER), mixed, before), Index(now, READER))


def test_a_word_that_left_and_came_back_counts_as_in_a_fresh_index() -> None:
    first = [["clean the kettle"], ["warranty"], ["refund kettle"]]
    index = Index(first, READER)
    index = brought_up(index, [0, ["colour"], 2], first)
    second = [first[0], ["colour"], first[2]]
    assert "=warranty" not in index.postings.vocabulary
    index = brought_up(index, [0, 1, ["warranty"]], second)
    assert same(index, Index([first[0], ["colour"], ["warranty"]], READER))

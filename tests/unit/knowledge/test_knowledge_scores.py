"""What the index reckons with arrays, views and remembered rows is the cosine that plain arithmetic gives."""

from collections import Counter
from collections.abc import Sequence
from itertools import count, product
from math import log, sqrt

import numpy as np
import pytest

from knowledge.features import Reader
from knowledge.index import Index
from knowledge.layout import Layout
from knowledge.token_rows import RememberedRows, TokenRow

READER = Reader()
THINGS = ("kettle", "kettles", "tent", "notebook", "台灯", "雨衣", "refund", "保修卡", "power bank", "旧水壶")
ABOUT = (
    "clean the {}",
    "how heavy is the {}",
    "{}怎么清洗",
    "{} warranty and {} refund",
    "哪里可以买到{}",
    "{}",
)
SAID = [form.format(thing, thing) for form, thing in product(ABOUT, THINGS)]
ASKED = (
    *SAID[::7],
    "clean teh kettel",
    "reimbursed 保修多久",
    "the the the",
    "zyzzyva",
    "我的旧台灯怎么清洗，急",
)
Vector = dict[str, float]


def groups_of(sizes: Sequence[int]) -> list[list[str]]:
    """Return groups of so many phrasings, numbered so that no two are the same."""
    number = count()
    return [
        [f"{SAID[(n * 7 + k) % len(SAID)]} {next(number)}" for k in range(size)]
        for n, size in enumerate(sizes)
    ]


def plain(groups: Sequence[Sequence[str]]) -> tuple[dict[str, float], list[list[Vector]], list[Vector]]:
    """Return the weights of the features, every phrasing's vector and every group's, by the book."""
    scales = {name: scale for group in groups for text in group for name, scale in features(text)}
    counted = [[Counter(name for name, _ in features(text)) for text in group] for group in groups]
    seen = Counter(name for group in counted for name in set().union(*group))
    weights = {
        name: (log((1 + len(groups)) / (1 + seen[name])) + 1) * scale for name, scale in scales.items()
    }
    vectors = [
        [unit({name: weights[name] * (1 + log(times)) for name, times in one.items()}) for one in group]
        for group in counted
    ]
    middles = [
        unit({name: sum(one.get(name, 0) for one in group) for name in set().union(*group)})
        for group in vectors
    ]
    return weights, vectors, middles


def features(text: str) -> list[tuple[str, float]]:
    """Return all features of a folded text."""
    return [each for token in READER.tokens(text) for each in READER.features(token)]


def unit(vector: Vector) -> Vector:
    """Return the vector at length 1."""
    length = sqrt(sum(each**2 for each in vector.values()))
    return {name: each / length for name, each in vector.items()}


def by_the_book(
    index: Index, weights: dict[str, float], entries: int, text: str
) -> tuple[Vector, list[float]]:
    """Return a message's vector at length 1, and its features' squared shares."""
    found = [each for token in READER.tokens(text) for each in index._repaired(token)]
    amounts = [(name, weights.get(name, scale * (log(1 + entries) + 1))) for name, scale in found]
    length = sqrt(sum(amount**2 for _, amount in amounts)) or 1.0
    total: Vector = {}
    for name, amount in amounts:
        total[name] = total.get(name, 0) + amount / length
    return total, [0.0] if not amounts else [amount**2 / length**2 for _, amount in amounts]


def cosine(one: Vector, other: Vector) -> float:
    """Return the product of two vectors."""
    return sum(amount * other.get(name, 0) for name, amount in one.items())


@pytest.mark.parametrize("sizes", [[3] * 40, [1] * 30, [1, 2, 9, 3, 3, 4, 2, 30, 1, 5] * 4, [2]])
def test_scores_are_the_cosines_of_plain_arithmetic(sizes: list[int]) -> None:
    groups = groups_of(sizes)
    index = Index(groups, READER)
    weights, vectors, middles = plain(groups)
    everyone = np.arange(len(groups))
    for text in ASKED:
        asked, shares = by_the_book(index, weights, len(groups), text)
        names = [name for token in READER.tokens(text) for name, _ in index._repaired(token)]
        scores = index.scores(READER.tokens(text))
        expected = [cosine(asked, one) for group in vectors for one in group]
        assert scores.phrasings == pytest.approx(expected, abs=1e-6)
        assert scores.best == pytest.approx(
            [max(cosine(asked, one) for one in group) for group in vectors], abs=1e-6
        )
        assert scores.centroid == pytest.approx([cosine(asked, one) for one in middles], abs=1e-6)
        held = [
            sum(share for name, share in zip(names, shares, strict=False) if name in one) for one in middles
        ]
        assert index.coverage(everyone, scores) == pytest.approx(held, abs=1e-6)
        assert index.phrasings_of(0, scores).tolist() == scores.phrasings[: sizes[0]].tolist()


def test_common_tokens_are_kept_for_every_place_and_rare_ones_by_their_places() -> None:
    index = Index([*groups_of([3] * 40), ["独角兽"]], READER)
    assert index._work_out("the").places is None
    rare = index._work_out("独角")
    assert rare.places is not None
    assert set(rare.places.tolist()) == {index.layout.places[-1]}
    assert index._work_out("龘").columns.size == 0


def test_long_groups_stand_behind_the_rectangle_of_first_phrasings() -> None:
    layout = Layout(np.array([2, 2, 5, 3, 2]))
    assert (layout.rows, layout.width) == (2, 10 + 4)
    assert sorted(layout.places.tolist()) == list(range(14))
    total = np.zeros(layout.width)
    total[layout.places] = np.arange(14)
    assert layout.best(total).tolist() == [1, 3, 8, 11, 13]
    assert layout.sums(total).tolist() == [1, 5, 30, 30, 25]
    assert layout.phrasings_of(2, total).tolist() == [4, 5, 6, 7, 8]


def test_rows_met_again_outlive_those_met_once() -> None:
    rows = RememberedRows(10_000)
    wide = TokenRow(np.zeros(200), None, np.zeros(0, np.int32), np.zeros(0), 1.0)
    rows.put("often", wide)
    for n in range(50):
        rows.put(str(n), wide)
        assert rows.get("often") is wide
    assert rows.get("0") is None
    assert rows.get("49") is wide

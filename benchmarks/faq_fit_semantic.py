"""Fit the constants of the extra ``semantic``: ``faq_fit_semantic.py DEV_FOLDER [--leave NAME]`` prints both sets.

Only queries marked ``tune`` are read. Each data set weighs the same; its queries are mixed as the judge mixes them
(80 % in scope, 20 % out of scope), a fifth of them with typos, at 3, 5, 8 and 20 phrasings, with entries left out.
The likelihood is convex in the constants, so Newton's method needs no starting point and no library.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from knowledge.features import Reader
from knowledge.index import Index
from knowledge.normalize import fold
from knowledge.semantic import Encoder, Vectors, load_encoder
from knowledge.words_and_meaning import WordsAndMeaning

Matrix = NDArray[np.float64]
BY_MEANING = ("best", "centroid", "near_best", "near_centroid", "head")
NAMES = (*BY_MEANING, "none", *(f"none_{name}" for name in BY_MEANING))
PHRASINGS = (3, 5, 8, 20)
PULL = 1e-5


@dataclass(frozen=True, slots=True)
class Case:
    """One query: a row of features for each option (the last is "none of these"), the right one, its weight."""

    options: Matrix
    right: int
    weight: float


Ask = Callable[[str], tuple[NDArray[np.integer[Any]], Matrix] | None]


def by_meaning(both: WordsAndMeaning) -> Ask:
    """Return how a folded text is judged by words and meaning."""

    def ask(folded: str) -> tuple[NDArray[np.integer[Any]], Matrix] | None:
        found = both.weighed(folded)
        return (
            (found.chosen, with_none(found.rows.astype(np.float64), found.highest.astype(np.float64)))
            if found
            else None
        )

    return ask


def with_none(rows: Matrix, highest: Matrix) -> Matrix:
    """Add the option "none of these": one, and the highest of each feature, in columns of its own."""
    count, size = rows.shape
    both = np.zeros((count + 1, 2 * size + 1))
    both[:-1, :size] = rows
    both[-1, size:] = (1, *highest)
    return both


class Caching:
    """An encoder that remembers every text: the same questions are asked of many FAQs."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self._encoder = encoder.name, encoder
        self._kept: dict[str, Matrix] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        self._kept.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._kept[text] for text in texts])


def cases(data: dict[str, Any], *, with_head: bool, reader: Reader, encoder: Encoder) -> list[Case]:
    """Turn one data set into cases over several FAQs made of it."""
    chance, found = random.Random(7), list[Case]()
    large = len(data["entries"]) > 1000
    for size in (5,) if large else PHRASINGS:
        for share in (1.0,) if large else (1.0, 0.8):
            kept = [entry for entry in data["entries"] if share == 1 or chance.random() < share]
            phrasings = [entry["phrasings"][: data["meta"].get("k") or size] for entry in kept]
            folded = [[fold(text) for text in texts] for texts in phrasings]
            index = Index(folded, reader, with_head=False)
            ask = by_meaning(WordsAndMeaning(folded, index, encoder, with_head=with_head))
            place = {entry["id"]: n for n, entry in enumerate(kept)}
            found += _asked(data["queries"], ask, place, chance, weight=2.0 if size == 5 else 1.0)
    total = sum(case.weight for case in found)
    return [Case(case.options, case.right, case.weight / total) for case in found]


def _asked(
    queries: list[dict[str, Any]],
    ask: Ask,
    place: dict[str, int],
    chance: random.Random,
    *,
    weight: float,
) -> list[Case]:
    tune = [query for query in queries if query["split"] == "tune"]
    by_kind: dict[str, list[dict[str, Any]]] = {"in": [], "near": [], "far": []}
    for query in tune:
        kind = "far" if query["kind"] == "far" else "in" if query["id"] in place else "near"
        by_kind[kind].append(query)
    found = []
    for kind, most, share in (("in", 160, 0.8), ("near", 80, 0.1), ("far", 80, 0.1)):
        asked = chance.sample(by_kind[kind], min(most, len(by_kind[kind])))
        for query in asked:
            text = query["typo"] if chance.random() < 0.2 else query["text"]
            judged = ask(fold(text))
            if judged is None:
                continue
            chosen, rows = judged
            at = np.flatnonzero(chosen == place.get(query["id"], -1))
            found.append(Case(rows, int(at[0]) if len(at) else len(rows) - 1, weight * share / len(asked)))
    return found


def fit(found: list[Case], *, with_head: bool) -> Matrix:
    """Return the constants with the highest likelihood, pulled slightly to zero."""
    free = np.array([with_head or "head" not in name for name in NAMES])
    most = max(len(case.options) for case in found)
    features = np.zeros((len(found), most, len(NAMES)))
    absent = np.zeros((len(found), most))
    right = np.zeros(len(found), dtype=int)
    for n, case in enumerate(found):
        features[n, : len(case.options)] = case.options
        absent[n, len(case.options) :] = -1e9
        right[n] = case.right
    weight = np.array([case.weight for case in found])
    weight /= weight.sum()
    theta, count = np.zeros(len(NAMES)), np.arange(len(found))
    for _ in range(60):
        value = features @ theta + absent
        share = np.exp(value - value.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        mean = np.einsum("no,nof->nf", share, features)
        slope = weight @ (features[count, right] - mean) - PULL * theta
        spread = np.einsum("n,no,nof,nog->fg", weight, share, features, features)
        curve = spread - (mean * weight[:, None]).T @ mean + PULL * np.eye(len(NAMES))
        step = np.zeros(len(NAMES))
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        theta += step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-6:
            break
    return theta


def main() -> None:
    """Fit on every data set of the folder but the one left out, and print the constants."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leave", default="")
    given = parser.parse_args()
    loaded = load_encoder("on")
    if loaded is None:
        raise SystemExit("the extra semantic is not installed")
    encoder = Caching(loaded)
    reader = Reader()
    sets = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(given.folder.glob("*.json"))]
    for with_head in (True, False):
        found = [
            case
            for data in sets
            if data["name"] != given.leave and not (with_head and len(data["entries"]) > 1000)
            for case in cases(data, with_head=with_head, reader=reader, encoder=encoder)
        ]
        theta = fit(found, with_head=with_head)
        named = ", ".join(f"{name}={value:.3f}" for name, value in zip(NAMES, theta, strict=True))
        print(f"WITH{'' if with_head else 'OUT'}_HEAD = Constants({named})")


if __name__ == "__main__":
    main()

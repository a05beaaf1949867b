"""Fit the scorer's constants: ``faq_fit.py DEV_FOLDER [--leave NAME]`` prints both sets, with and without a head.

Only queries marked ``tune`` are read. Each data set weighs the same; its queries are mixed as the judge mixes them
(80 % in scope, 20 % out of scope), a fifth of them with typos, at 3, 5, 8 and 20 phrasings, with entries left out.
The likelihood is convex in the constants, so Newton's method needs no starting point and no library.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from knowledge.features import Reader
from knowledge.index import Index, Scores
from knowledge.normalize import fold
from knowledge.scorer import candidates

Matrix = NDArray[np.float64]
NAMES = ("best", "centroid", "head", "none", "none_best", "none_centroid", "none_head")
PHRASINGS = (3, 5, 8, 20)
PULL = 1e-5


@dataclass(frozen=True, slots=True)
class Case:
    """One query: a row of seven features for each option (the last is "none of these"), the right one, its weight."""

    options: Matrix
    right: int
    weight: float


def options(index: Index, scores: Scores) -> tuple[NDArray[np.integer[Any]], Matrix]:
    """Return the candidate entries and the features of every option, in the order of ``NAMES``."""
    chosen, votes = candidates(index, scores)
    head = np.zeros(len(chosen)) if votes is None else votes
    rows = np.zeros((len(chosen) + 1, len(NAMES)))
    rows[:-1, :3] = np.stack([scores.best[chosen], scores.centroid[chosen], head], axis=1)
    rows[-1, 3:] = (1, scores.best.max(), scores.centroid.max(), head.max())
    return chosen, rows


def cases(data: dict[str, Any], *, with_head: bool, reader: Reader) -> list[Case]:
    """Turn one data set into cases over several FAQs made of it."""
    chance, found = random.Random(7), list[Case]()
    large = len(data["entries"]) > 1000
    for size in (5,) if large else PHRASINGS:
        for share in (1.0,) if large else (1.0, 0.8):
            kept = [entry for entry in data["entries"] if share == 1 or chance.random() < share]
            phrasings = [entry["phrasings"][: data["meta"].get("k") or size] for entry in kept]
            index = Index(
                [[fold(text) for text in texts] for texts in phrasings], reader, with_head=with_head
            )
            place = {entry["id"]: n for n, entry in enumerate(kept)}
            found += _asked(data["queries"], index, place, chance, reader, weight=2.0 if size == 5 else 1.0)
    total = sum(case.weight for case in found)
    return [Case(case.options, case.right, case.weight / total) for case in found]


def _asked(
    queries: list[dict[str, Any]],
    index: Index,
    place: dict[str, int],
    chance: random.Random,
    reader: Reader,
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
            tokens = reader.tokens(fold(text))
            if not tokens:
                continue
            chosen, rows = options(index, index.scores(tokens))
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
    reader = Reader()
    sets = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(given.folder.glob("*.json"))]
    for with_head in (True, False):
        found = [
            case
            for data in sets
            if data["name"] != given.leave and not (with_head and len(data["entries"]) > 1000)
            for case in cases(data, with_head=with_head, reader=reader)
        ]
        theta = fit(found, with_head=with_head)
        named = ", ".join(f"{name}={value:.3f}" for name, value in zip(NAMES, theta, strict=True))
        print(f"WITH{'' if with_head else 'OUT'}_HEAD = Constants({named})")


if __name__ == "__main__":
    main()

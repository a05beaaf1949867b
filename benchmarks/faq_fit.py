"""Fit the scorer's constants: ``faq_fit.py DEV_FOLDER [--leave NAME]`` prints four sets: with and without a head, with and without the meaning of words.

Needs the extra ``words``.

Only queries marked ``tune`` are read. Each data set weighs the same; its queries are mixed as the judge mixes them
(80 % in scope, 20 % out of scope), a fifth of them with typos, at 3, 5, 8 and 20 phrasings, with entries left out.
The likelihood is convex in the constants, so Newton's method needs no starting point and no library.
"""

from __future__ import annotations

import argparse
import itertools
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
from knowledge.index import Index
from knowledge.normalize import fold
from knowledge.scorer import Found, Scorer
from knowledge.weights import Evidence

Matrix = NDArray[np.float64]
KINDS = len(Evidence._fields)
PHRASINGS = (3, 5, 8, 20)
PULL = 1e-5
LARGE = 1000


@dataclass(frozen=True, slots=True)
class Case:
    """One query: a row of features for each option (the last is "none of these"), the right one, its weight."""

    options: Matrix
    right: int
    weight: float


def options(found: Found) -> Matrix:
    """Return the features of every option: an entry's evidence; for none a one and the highest evidence of all."""
    rows = np.zeros((len(found.groups) + 1, 2 * KINDS + 1))
    rows[:-1, :KINDS] = found.evidence
    rows[-1, KINDS], rows[-1, KINDS + 1 :] = 1, found.highest
    return rows


def cases(data: dict[str, Any], *, with_head: bool, with_meaning: bool, reader: Reader) -> list[Case]:
    """Turn one data set into cases over several FAQs made of it."""
    chance, found = random.Random(7), list[Case]()
    large = len(data["entries"]) > LARGE
    for size in (5,) if large else PHRASINGS:
        for share in (1.0,) if large else (1.0, 0.8):
            most = data["meta"].get("k") or size
            kept = [entry for entry in data["entries"] if share == 1 or chance.random() < share]
            groups = [[fold(text) for text in entry["phrasings"][:most]] for entry in kept]
            index = Index(groups, reader, with_head=with_head)
            scorer = Scorer(groups, reader, index, with_meaning=with_meaning)
            place = {entry["id"]: n for n, entry in enumerate(kept)}
            by_kind = _questions(data, place, most)
            asked = _asked(by_kind, scorer, place, chance, weight=2.0 if size == 5 else 1.0)
            found += [case for has_meaning, case in asked if has_meaning == with_meaning]
    total = sum(case.weight for case in found)
    return [Case(case.options, case.right, case.weight / total) for case in found]


def _questions(data: dict[str, Any], place: dict[str, int], most: int) -> dict[str, list[dict[str, Any]]]:
    """Sort the tune queries, and the phrasings that this FAQ does not hold, by kind."""
    spare = [
        {"text": text, "typo": text, "id": entry["id"], "kind": "in"}
        for entry in data["entries"]
        for text in entry["phrasings"][most:]
    ]
    by_kind: dict[str, list[dict[str, Any]]] = {"in": [], "near": [], "far": []}
    for query in (*(query for query in data["queries"] if query["split"] == "tune"), *spare):
        kind = "far" if query["kind"] == "far" else "in" if query["id"] in place else "near"
        by_kind[kind].append(query)
    return by_kind


def _asked(
    by_kind: dict[str, list[dict[str, Any]]],
    scorer: Scorer,
    place: dict[str, int],
    chance: random.Random,
    *,
    weight: float,
) -> list[tuple[bool, Case]]:
    cases = []
    for kind, most, share in (("in", 240, 0.8), ("near", 120, 0.1), ("far", 120, 0.1)):
        asked = chance.sample(by_kind[kind], min(most, len(by_kind[kind])))
        for query in asked:
            found = scorer.look(fold(query["typo"] if chance.random() < 0.2 else query["text"]))
            if found is None:
                continue
            right = place.get(query["id"], -1)
            at = found.groups.index(right) if right in found.groups else len(found.groups)
            cases.append((found.has_meaning, Case(options(found), at, weight * share / len(asked))))
    return cases


def fit(found: list[Case], *, with_head: bool, with_meaning: bool) -> Matrix:
    """Return the constants with the highest likelihood, pulled slightly to zero."""
    used = np.array(Evidence(True, True, True, with_head, with_meaning))
    free = np.concatenate([used, [True], used])
    most = max(len(case.options) for case in found)
    features = np.zeros((len(found), most, 2 * KINDS + 1))
    absent = np.zeros((len(found), most))
    right = np.zeros(len(found), dtype=int)
    for n, case in enumerate(found):
        features[n, : len(case.options)] = case.options
        absent[n, len(case.options) :] = -1e9
        right[n] = case.right
    weight = np.array([case.weight for case in found])
    weight /= weight.sum()
    theta, count = np.zeros(2 * KINDS + 1), np.arange(len(found))
    for _ in range(60):
        value = features @ theta + absent
        share = np.exp(value - value.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        mean = np.einsum("no,nof->nf", share, features)
        slope = weight @ (features[count, right] - mean) - PULL * theta
        spread = np.einsum("n,no,nof,nog->fg", weight, share, features, features)
        curve = spread - (mean * weight[:, None]).T @ mean + PULL * np.eye(2 * KINDS + 1)
        step = np.zeros(2 * KINDS + 1)
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
    sets = [data for data in sets if data["name"] != given.leave]
    for with_head, with_meaning in itertools.product((True, False), repeat=2):
        found = [
            case
            for data in sets
            if not (with_head and len(data["entries"]) > LARGE)
            and not (with_meaning and data["lang"] != "en")
            for case in cases(data, with_head=with_head, with_meaning=with_meaning, reader=reader)
        ]
        theta = fit(found, with_head=with_head, with_meaning=with_meaning).tolist()
        entry, highest = Evidence(*theta[:KINDS]), Evidence(*theta[KINDS + 1 :])
        print(
            f"({with_head}, {with_meaning}): Weights({_named(entry)}, {theta[KINDS]:.3f}, {_named(highest)}),"
        )


def _named(weights: Evidence) -> str:
    return "Evidence(" + ", ".join(f"{name}={each:.3f}" for name, each in weights._asdict().items()) + ")"


if __name__ == "__main__":
    main()

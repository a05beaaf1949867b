"""Several questions in one message: ``faq_several.py [DEV_FOLDER]`` joins two questions of a FAQ and counts what is answered.

It also counts what the search for several questions does to messages that hold one. Only queries marked ``tune`` are read.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.faq_plug import build
from benchmarks.faq_preamble import BENCH, PHRASINGS, data_sets

JOINED = {
    "zh": ("{}？另外{}？", "{}，{}", "{}？还有，{}", "我想问两件事：{}？{}？谢谢", "{}，顺便问一下{}"),
    "en": (
        "{}? Also, {}?",
        "{} and {}",
        "{}? {}?",
        "Two things please. {}? And {}? Thanks!",
        "{}, by the way {}",
    ),
}
STOPS = "。！？!?. "


def main() -> None:
    """Print, for each data set, how pairs of questions and single questions fare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=BENCH)
    parser.add_argument("--queries", type=int, default=300)
    given = parser.parse_args()
    print(
        f"{'data set':14}{'pairs':>7}{'both':>7}{'one':>7}{'none':>7}{'right':>7}   single{'split':>7}{'better':>8}{'worse':>7}"
    )
    whole: Counter[str] = Counter()
    for data in data_sets(given.folder):
        figures = _measure(data, given.queries)
        whole.update(figures)
        print(f"{data['name']:14}{_line(figures)}")
    print(f"{'all':14}{_line(whole)}")


def _measure(data: dict[str, Any], most: int) -> Counter[str]:
    chance = random.Random(0)
    matcher = build([{"id": e["id"], "phrasings": e["phrasings"][:PHRASINGS]} for e in data["entries"]])
    queries = [query for query in data["queries"] if query["split"] == "tune"]
    queries = chance.sample(queries, min(most, len(queries)))
    figures: Counter[str] = Counter()
    sure = []
    for query in queries:
        outcome, alone = matcher.match(query["text"]), matcher.search(query["text"], 1)
        figures["single"] += 1
        before = alone[0][0] if alone and alone[0][1] >= matcher.thresholds.answer else None
        if outcome.parts:
            figures["split"] += 1
            said = {match.id for match in outcome.matches}
            figures["better"] += before != query["id"] and query["id"] in said
            figures["worse"] += bool(said - {query["id"]}) and before in (None, query["id"])
        elif outcome.kind == "answer" and outcome.matches[0].id == query["id"]:
            sure.append(query)
    for number, first in enumerate(sure):
        second = chance.choice(sure)
        if second["id"] == first["id"]:
            continue
        way = JOINED[data["lang"]][number % len(JOINED[data["lang"]])]
        outcome = matcher.match(way.format(first["text"].rstrip(STOPS), second["text"].rstrip(STOPS)))
        wanted = {first["id"], second["id"]}
        answered = {one.id for one in outcome.matches} if outcome.parts else set()
        if not outcome.parts and outcome.kind == "answer":
            answered = {outcome.matches[0].id}
        figures["pairs"] += 1
        figures["both"] += wanted <= answered
        figures["one"] += len(wanted & answered) == 1
        figures["none"] += not wanted & answered
        figures["said"] += len(answered)
        figures["right"] += len(wanted & answered)
    return figures


def _line(figures: Counter[str]) -> str:
    pairs, said, single = figures["pairs"] or 1, figures["said"] or 1, figures["single"] or 1
    shares = [100 * figures[name] / pairs for name in ("both", "one", "none")] + [
        100 * figures["right"] / said
    ]
    rest = [100 * figures[name] / single for name in ("split", "better", "worse")]
    return (
        f"{figures['pairs']:7}"
        + "".join(f"{share:7.1f}" for share in shares)
        + f"{figures['single']:9}{rest[0]:7.1f}{rest[1]:8.1f}{rest[2]:7.1f}"
    )


if __name__ == "__main__":
    main()
